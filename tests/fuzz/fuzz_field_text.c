/* Rule: a text is refused, or is a value that is written as a text which is
 * read the same. Input: which field, then the text. */
#include "fuzz.h"
#include "fuzz_catalogue.h"
#include "fuzz_part.h"
#include "tip_date.h"
#include "tip_field_text.h"

enum { TEXT_SIZE = 1 << 17 };

static uint8_t text[TEXT_SIZE];

static void try_set(const struct tip_field *field, struct tip_bytes typed)
{
    static uint32_t codes[TIP_FIELD_ELEMENTS_MAX], back[TIP_FIELD_ELEMENTS_MAX];
    size_t count, back_count;
    struct tip_buf buf;

    if (tip_field_parse_set(field, typed, codes, &count) != TIP_RULE_KEPT) {
        return;
    }
    FUZZ_RULE(count <= TIP_FIELD_ELEMENTS_MAX);
    tip_buf_init(&buf, text, sizeof text);
    tip_field_format_set(field, codes, count, &buf);
    FUZZ_RULE(tip_field_parse_set(field, tip_bytes(text, buf.size), back,
                                  &back_count) == TIP_RULE_KEPT);
    FUZZ_RULE(count == back_count);
    FUZZ_RULE(count == 0 || memcmp(codes, back, count * sizeof *codes) == 0);
}

static void try_value(const struct tip_field *field, struct tip_bytes typed)
{
    struct tip_value value, back;
    struct tip_buf buf;

    if (tip_field_parse(fuzz_catalogue(), field, typed, &value) !=
        TIP_RULE_KEPT) {
        return;
    }
    FUZZ_RULE(value.kind != TIP_VALUE_DATE || tip_date_value_is_good(&value));
    tip_buf_init(&buf, text, sizeof text);
    tip_field_format(fuzz_catalogue(), field, &value, &buf);
    if (buf.failed) {
        return;
    }
    FUZZ_RULE(tip_field_parse(fuzz_catalogue(), field,
                              tip_bytes(text, buf.size),
                              &back) == TIP_RULE_KEPT);
    FUZZ_RULE(tip_value_equal(&value, &back));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct tip_type *type = &fuzz_catalogue()->types[0];
    struct tip_bytes rest = tip_bytes(data, size);
    const struct tip_field *field =
        &type->fields[fuzz_take_u8(&rest) % type->field_count];

    if (field->kind == TIP_KIND_SET) {
        try_set(field, rest);
    } else {
        try_value(field, rest);
    }
    return 0;
}
