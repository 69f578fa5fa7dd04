#include "tip_wire_ctl.h"

#include "tip_wire_row.h"

static bool is_sound(const struct tip_ctl *control)
{
    switch (control->kind) {
    case TIP_CTL_OPEN:
        return control->open.origin != 0 &&
               control->open.office <= TIP_OFFICE_MAX &&
               control->open.continues != control->open.origin &&
               control->open.up_to <= control->open.start &&
               (control->open.continues != 0 || control->open.start == 0);
    case TIP_CTL_CLOSE:
        return control->close.origin != 0;
    case TIP_CTL_REVOKE:
        return control->revoke.origin != 0;
    case TIP_CTL_ERASE:
        return !tip_id_is_none(&control->erase.record);
    case TIP_CTL_GENERATION:
        return control->generation.generation >
               tip_commit_generation(control->generation.follows);
    case TIP_CTL_RETIRE:
        return control->retire.origin != 0;
    }
    return false;
}

static void put(struct tip_buf *buf, const struct tip_ctl *control)
{
    switch (control->kind) {
    case TIP_CTL_OPEN:
        tip_buf_put_varint(buf, control->open.origin);
        tip_buf_put_varint(buf, control->open.office);
        tip_buf_put_varint(buf, control->open.continues);
        tip_buf_put_varint(buf, control->open.up_to);
        tip_buf_put_varint(buf, control->open.start);
        tip_buf_put(buf, TIP_BYTES_OF(control->open.sign));
        tip_buf_put(buf, TIP_BYTES_OF(control->open.box));
        tip_buf_put(buf, TIP_BYTES_OF(control->open.curve));
        break;
    case TIP_CTL_CLOSE:
        tip_buf_put_varint(buf, control->close.origin);
        tip_buf_put_varint(buf, control->close.head.number);
        tip_buf_put(buf, TIP_BYTES_OF(control->close.head.hash));
        break;
    case TIP_CTL_REVOKE:
        tip_buf_put_varint(buf, control->revoke.origin);
        tip_buf_put_varint(buf, control->revoke.seq);
        break;
    case TIP_CTL_ERASE:
        tip_wire_id_put(buf, &control->erase.record);
        tip_buf_put_varint(buf, control->erase.decided_ms);
        tip_wire_commit_put(buf, control->erase.birth_commit);
        tip_buf_put_varint(buf, control->erase.birth_index);
        break;
    case TIP_CTL_GENERATION:
        tip_buf_put_varint(buf, control->generation.generation);
        tip_wire_commit_put(buf, control->generation.follows);
        break;
    case TIP_CTL_RETIRE:
        tip_buf_put_varint(buf, control->retire.origin);
        break;
    }
}

enum tip_err tip_wire_ctl_encode(const struct tip_ctl *control,
                                 struct tip_buf *buf)
{
    size_t before = buf->size;
    struct tip_bytes done;
    enum tip_err err = TIP_EINVAL;

    if (is_sound(control)) {
        tip_buf_put_varint(buf, (uint64_t)control->kind);
        put(buf, control);
        err = tip_buf_finish(buf, &done);
    }
    if (err != TIP_OK) {
        buf->size = before;
    }
    return err;
}

static void get(struct tip_reader *reader, struct tip_ctl *control)
{
    switch (control->kind) {
    case TIP_CTL_OPEN:
        control->open.origin = tip_wire_u32_get(reader);
        control->open.office = tip_wire_u32_get(reader);
        control->open.continues = tip_wire_u32_get(reader);
        control->open.up_to = tip_reader_get_varint(reader);
        control->open.start = tip_reader_get_varint(reader);
        tip_reader_copy(reader, control->open.sign, TIP_CTL_KEY_SIZE);
        tip_reader_copy(reader, control->open.box, TIP_CTL_KEY_SIZE);
        tip_reader_copy(reader, control->open.curve, TIP_CTL_KEY_SIZE);
        break;
    case TIP_CTL_CLOSE:
        control->close.origin = tip_wire_u32_get(reader);
        control->close.head.number = tip_reader_get_varint(reader);
        tip_reader_copy(reader, control->close.head.hash, TIP_HEAD_SIZE);
        break;
    case TIP_CTL_REVOKE:
        control->revoke.origin = tip_wire_u32_get(reader);
        control->revoke.seq = tip_reader_get_varint(reader);
        break;
    case TIP_CTL_ERASE:
        control->erase.record = tip_wire_id_get(reader);
        control->erase.decided_ms = tip_reader_get_varint(reader);
        control->erase.birth_commit = tip_wire_commit_get(reader);
        control->erase.birth_index = tip_wire_u32_get(reader);
        break;
    case TIP_CTL_GENERATION:
        control->generation.generation = tip_wire_u32_get(reader);
        control->generation.follows = tip_wire_commit_get(reader);
        break;
    case TIP_CTL_RETIRE:
        control->retire.origin = tip_wire_u32_get(reader);
        break;
    }
}

enum tip_err tip_wire_ctl_decode(struct tip_bytes bytes,
                                 struct tip_ctl *out_control)
{
    struct tip_ctl control = {.kind = TIP_CTL_OPEN};
    struct tip_reader reader;
    uint64_t kind;

    tip_reader_init(&reader, bytes);
    kind = tip_reader_get_varint(&reader);
    if (reader.failed || kind == 0) {
        return TIP_EMALFORMED;
    }
    if (kind > TIP_CTL_RETIRE) {
        return TIP_EUNSUPPORTED;
    }
    control.kind = (enum tip_ctl_kind)kind;
    get(&reader, &control);
    if (reader.failed || !is_sound(&control)) {
        return TIP_EMALFORMED;
    }
    *out_control = control;
    return TIP_OK;
}
