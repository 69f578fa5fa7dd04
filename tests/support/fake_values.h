/* The values of one record, as typed: "opened=2026-11-23 acts=move;recruit". */
#ifndef FAKE_VALUES_H
#define FAKE_VALUES_H

#include "tip_condition.h"
#include "tip_field_text.h"

enum { FAKE_VALUES_MAX = 48 };

struct fake_values {
    struct tip_values base; /* First member. */
    size_t count;
    struct {
        const struct tip_field *field;
        struct tip_value value;
        uint32_t codes[TIP_FIELD_ELEMENTS_MAX];
        size_t code_count;
    } fields[FAKE_VALUES_MAX];
};

static inline struct tip_value fake_value(const struct tip_values *self,
                                          const struct tip_field *field)
{
    const struct fake_values *values = (const struct fake_values *)self;

    for (size_t i = 0; i < values->count; i++) {
        if (values->fields[i].field == field) {
            return values->fields[i].value;
        }
    }
    return (struct tip_value){.kind = TIP_VALUE_NONE};
}

static inline size_t fake_elements(const struct tip_values *self,
                                   const struct tip_field *field,
                                   const uint32_t **out_codes)
{
    const struct fake_values *values = (const struct fake_values *)self;

    for (size_t i = 0; i < values->count; i++) {
        if (values->fields[i].field == field) {
            *out_codes = values->fields[i].codes;
            return values->fields[i].code_count;
        }
    }
    return 0;
}

/** Set @name of @type to @text; "(sealed)" for what we may not read. */
static inline void fake_values_set(struct fake_values *values,
                                   const struct tip_catalogue *catalogue,
                                   const struct tip_type *type,
                                   struct tip_bytes name, struct tip_bytes text)
{
    const struct tip_field *field = tip_type_field_named(type, name);
    size_t i = values->count++;

    assert_non_null(field);
    assert_true(i < FAKE_VALUES_MAX);
    values->fields[i].field = field;
    if (tip_bytes_equal(text, tip_bytes_text("(sealed)"))) {
        values->fields[i].value.kind = TIP_VALUE_OPAQUE;
    } else if (field->kind == TIP_KIND_SET) {
        assert_int_equal(tip_field_parse_set(field, text,
                                             values->fields[i].codes,
                                             &values->fields[i].code_count),
                         TIP_RULE_KEPT);
    } else {
        assert_int_equal(
            tip_field_parse(catalogue, field, text, &values->fields[i].value),
            TIP_RULE_KEPT);
    }
}

/** Start with what @text says: NAME=VALUE separated by '|'. */
static inline void fake_values_init(struct fake_values *values,
                                    const struct tip_catalogue *catalogue,
                                    const struct tip_type *type,
                                    const char *text)
{
    memset(values, 0, sizeof *values);
    values->base.value = fake_value;
    values->base.elements = fake_elements;
    while (*text != '\0') {
        size_t name = strcspn(text, "=");
        size_t size = strcspn(text + name, "|");

        fake_values_set(values, catalogue, type, tip_bytes(text, name),
                        tip_bytes(text + name + 1, size - 1));
        text += name + size;
        text += *text == '|';
    }
}

#endif /* FAKE_VALUES_H */
