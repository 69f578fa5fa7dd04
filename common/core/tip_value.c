#include "tip_value.h"

/* A field, an element, a kind and a number, each at its longest. */
enum { CELL_BYTES = 48 };

size_t tip_value_bytes(const struct tip_value *value)
{
    bool is_run =
        value->kind == TIP_VALUE_TEXT || value->kind == TIP_VALUE_OPAQUE;

    return CELL_BYTES + (is_run ? value->bytes.size : 0);
}

bool tip_value_equal(const struct tip_value *a, const struct tip_value *b)
{
    if (a->kind != b->kind) {
        return false;
    }
    switch (a->kind) {
    case TIP_VALUE_NONE:
    case TIP_VALUE_MEMBER:
        return true;
    case TIP_VALUE_ANSWER:
        return a->answer == b->answer;
    case TIP_VALUE_INTEGER:
        return a->integer == b->integer;
    case TIP_VALUE_DATE:
        return a->date.day == b->date.day &&
               a->date.precision == b->date.precision;
    case TIP_VALUE_AMOUNT:
        return a->amount.minor == b->amount.minor &&
               a->amount.currency == b->amount.currency;
    case TIP_VALUE_CODE:
        return a->code == b->code;
    case TIP_VALUE_REFERENCE:
        return tip_id_equal(&a->reference, &b->reference);
    case TIP_VALUE_TEXT:
    case TIP_VALUE_OPAQUE:
        return tip_bytes_equal(a->bytes, b->bytes);
    }
    return false;
}
