#include "tip_wire_value.h"

#include "tip_utf8.h"
#include "tip_wire_row.h"

bool tip_wire_value_is_sound(const struct tip_value *value)
{
    switch (value->kind) {
    case TIP_VALUE_ANSWER:
        return (unsigned)value->answer <= TIP_ANSWER_REFUSED;
    case TIP_VALUE_DATE:
        return (unsigned)value->date.precision <= TIP_DATE_YEAR;
    case TIP_VALUE_TEXT:
        return tip_utf8_valid(value->bytes, TIP_UTF8_LF);
    case TIP_VALUE_REFERENCE:
        return !tip_id_is_none(&value->reference);
    case TIP_VALUE_NONE:
    case TIP_VALUE_INTEGER:
    case TIP_VALUE_AMOUNT:
    case TIP_VALUE_CODE:
    case TIP_VALUE_OPAQUE:
    case TIP_VALUE_MEMBER:
        return true;
    }
    return false;
}

enum tip_err tip_wire_value_kind(uint64_t number, enum tip_value_kind *out_kind)
{
    if (number >= TIP_VALUE_KIND_COUNT) {
        return TIP_EUNSUPPORTED;
    }
    *out_kind = (enum tip_value_kind)number;
    return TIP_OK;
}

int64_t tip_wire_day(struct tip_stamp stamp)
{
    const uint64_t day_ms = UINT64_C(24) * 60 * 60 * 1000;

    return (int64_t)(tip_stamp_unix_ms(stamp) / day_ms);
}

uint64_t tip_wire_date_pack(const struct tip_value *value, int64_t day)
{
    int64_t distance = (int64_t)value->date.day - day;
    uint64_t doubled = (uint64_t)distance << 1;

    return (distance < 0 ? ~doubled : doubled) << 2 |
           (uint64_t)value->date.precision;
}

bool tip_wire_date_unpack(uint64_t packed, int64_t day,
                          struct tip_value *out_value)
{
    uint64_t coded = packed >> 2;
    int64_t distance = (int64_t)((coded & 1) != 0 ? ~(coded >> 1) : coded >> 1);
    int64_t when = distance + day;

    if ((packed & 3) > TIP_DATE_YEAR || when < INT32_MIN || when > INT32_MAX) {
        return false;
    }
    out_value->date.day = (int32_t)when;
    out_value->date.precision = (enum tip_date_precision)(packed & 3);
    return true;
}

void tip_wire_value_put(struct tip_buf *buf, const struct tip_value *value)
{
    switch (value->kind) {
    case TIP_VALUE_NONE:
    case TIP_VALUE_MEMBER:
        break;
    case TIP_VALUE_ANSWER:
        tip_buf_put_u8(buf, (uint8_t)value->answer);
        break;
    case TIP_VALUE_INTEGER:
        tip_buf_put_svarint(buf, value->integer);
        break;
    case TIP_VALUE_DATE:
        tip_buf_put_varint(buf, tip_wire_date_pack(value, 0));
        break;
    case TIP_VALUE_AMOUNT:
        tip_buf_put_svarint(buf, value->amount.minor);
        tip_buf_put_varint(buf, value->amount.currency);
        break;
    case TIP_VALUE_CODE:
        tip_buf_put_varint(buf, value->code);
        break;
    case TIP_VALUE_TEXT:
    case TIP_VALUE_OPAQUE:
        tip_buf_put_sized(buf, value->bytes);
        break;
    case TIP_VALUE_REFERENCE:
        tip_buf_put(buf, TIP_BYTES_OF(value->reference.bytes));
        break;
    }
}

struct tip_value tip_wire_value_get(struct tip_reader *reader,
                                    enum tip_value_kind kind)
{
    struct tip_value value = {.kind = kind};
    bool is_sound = true;

    switch (kind) {
    case TIP_VALUE_NONE:
    case TIP_VALUE_MEMBER:
        break;
    case TIP_VALUE_ANSWER:
        value.answer = (enum tip_answer)tip_reader_get_u8(reader);
        break;
    case TIP_VALUE_INTEGER:
        value.integer = tip_reader_get_svarint(reader);
        break;
    case TIP_VALUE_DATE:
        is_sound =
            tip_wire_date_unpack(tip_reader_get_varint(reader), 0, &value);
        break;
    case TIP_VALUE_AMOUNT:
        value.amount.minor = tip_reader_get_svarint(reader);
        value.amount.currency = tip_wire_u32_get(reader);
        break;
    case TIP_VALUE_CODE:
        value.code = tip_wire_u32_get(reader);
        break;
    case TIP_VALUE_TEXT:
    case TIP_VALUE_OPAQUE:
        value.bytes = tip_reader_get_sized(reader);
        break;
    case TIP_VALUE_REFERENCE:
        value.reference = tip_wire_id_get(reader);
        break;
    }
    if (!is_sound || !tip_wire_value_is_sound(&value)) {
        reader->failed = true;
    }
    return value;
}
