#include "tip_wire_live.h"

#include "tip_wire_value.h"

/* No less than the numbers of one sibling take. */
enum { SIBLING_BYTES_MAX = 64 };

size_t tip_wire_live_bytes_max(const struct tip_record *record)
{
    size_t bytes = TIP_ID_SIZE + record->sibling_count * SIBLING_BYTES_MAX;

    for (size_t i = 0; i < record->sibling_count; i++) {
        bytes += tip_value_bytes(&record->siblings[i].value);
    }
    return bytes;
}

void tip_wire_live_put(struct tip_buf *buf, const struct tip_record *record)
{
    tip_buf_put(buf, TIP_BYTES_OF(record->id.bytes));
    for (size_t i = 0; i < record->sibling_count; i++) {
        const struct tip_sibling *sibling = &record->siblings[i];
        const struct tip_write *write = tip_record_write(record, sibling);

        tip_buf_put_varint(buf, sibling->field);
        tip_buf_put_varint(buf, sibling->element);
        tip_buf_put_varint(buf, write->origin);
        tip_buf_put_varint(buf, write->seq);
        tip_buf_put_varint(buf, write->commit);
        tip_buf_put_u8(buf, (uint8_t)write->verdict);
        tip_buf_put_u8(buf, (uint8_t)sibling->value.kind);
        tip_wire_value_put(buf, &sibling->value);
    }
}
