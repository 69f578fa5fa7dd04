/* What a person decided about what was held back, as bytes. */
#include "tip_wire_ruling.h"

#include "tip_wire_row.h"

bool tip_wire_ruling_is_sound(const struct tip_ruling *ruling)
{
    bool is_accepted = ruling->kind == TIP_RULING_ACCEPTED;

    return (is_accepted || ruling->kind == TIP_RULING_REFUSED) &&
           ruling->hold > TIP_HOLD_NONE &&
           (unsigned)ruling->hold <= TIP_HOLD_NUMBER_MAX &&
           ruling->origin != 0 && ruling->first_seq != 0 &&
           ruling->count != 0 &&
           ruling->count <= UINT64_MAX - ruling->first_seq &&
           (is_accepted ? ruling->count == 1 : ruling->base == 0) &&
           tip_wire_author_is_sound(ruling->by) &&
           tip_wire_reason_is_sound(ruling->reason); /* None: it was erased. */
}

void tip_wire_ruling_put(struct tip_buf *buf, const struct tip_ruling *ruling)
{
    tip_buf_put_varint(buf, (uint64_t)ruling->kind);
    tip_buf_put_varint(buf, (uint64_t)ruling->hold);
    tip_buf_put_varint(buf, ruling->origin);
    tip_buf_put_varint(buf, ruling->first_seq);
    tip_buf_put_varint(buf, ruling->count);
    tip_wire_commit_put(buf, ruling->base);
    tip_buf_put_varint(buf, ruling->unix_ms);
    tip_buf_put_sized(buf, ruling->by);
    tip_buf_put_sized(buf, ruling->reason);
}

enum tip_err tip_wire_ruling_get(struct tip_reader *reader,
                                 struct tip_ruling *out_ruling)
{
    uint64_t kind = tip_reader_get_varint(reader);
    uint64_t hold = tip_reader_get_varint(reader);
    struct tip_ruling ruling = {.origin = tip_wire_u32_get(reader)};

    ruling.first_seq = tip_reader_get_varint(reader);
    ruling.count = tip_reader_get_varint(reader);
    ruling.base = tip_wire_commit_get(reader);
    ruling.unix_ms = tip_reader_get_varint(reader);
    ruling.by = tip_reader_get_sized(reader);
    ruling.reason = tip_reader_get_sized(reader);
    if (reader->failed) {
        return TIP_EMALFORMED;
    }
    if (kind > TIP_RULING_REFUSED || hold > TIP_HOLD_NUMBER_MAX) {
        return TIP_EUNSUPPORTED;
    }
    ruling.kind = (enum tip_ruling_kind)kind;
    ruling.hold = (enum tip_hold)hold;
    if (!tip_wire_ruling_is_sound(&ruling)) {
        return TIP_EMALFORMED;
    }
    *out_ruling = ruling;
    return TIP_OK;
}
