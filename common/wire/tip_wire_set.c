#include "tip_wire_set.h"

#include "tip_wire_row.h"

enum tip_err tip_wire_set_encode(const struct tip_change_set *set,
                                 struct tip_buf *buf)
{
    size_t before = buf->size;
    struct tip_bytes done;
    enum tip_err err = tip_change_set_check(set);

    if (err != TIP_OK) {
        return err;
    }
    tip_buf_put_u8(buf, TIP_WIRE_ROW_SET);
    err = tip_wire_set_put(buf, set);
    if (err == TIP_OK) {
        err = tip_buf_finish(buf, &done);
    }
    if (err == TIP_OK && buf->size - before > TIP_CHANGE_SET_BYTES_MAX) {
        err = TIP_ETOOBIG;
    }
    if (err != TIP_OK) {
        buf->size = before;
    }
    return err;
}

enum tip_err tip_wire_set_decode(struct tip_bytes bytes,
                                 struct tip_arena *arena,
                                 struct tip_change_set *out_set)
{
    struct tip_reader reader;
    struct tip_change_set set;
    enum tip_err err = tip_wire_row_open(&reader, bytes, TIP_WIRE_ROW_SET);

    if (err == TIP_OK) {
        err = tip_wire_set_get(&reader, arena, &set);
    }
    if (err == TIP_OK) {
        err = tip_reader_finish(&reader);
    }
    if (err == TIP_OK) {
        err = tip_change_set_check(&set);
    }
    if (err == TIP_OK) {
        *out_set = set;
    }
    return err;
}
