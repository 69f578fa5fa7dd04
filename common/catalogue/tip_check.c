#include "tip_check.h"

#include "tip_date.h"
#include "tip_utf8.h"

/* Of a list in a sentence; what is kept free for its end. */
enum { CODES_SHOWN_MAX = 12, CODES_END_BYTES = 8 };

const char *tip_rule_text(enum tip_rule rule)
{
    switch (rule) {
#define TIP_RULE_CASE(name, sentence) \
    case name:                        \
        return sentence;
        TIP_RULE_MAP(TIP_RULE_CASE)
#undef TIP_RULE_CASE
    }
    return "this value is not allowed here.";
}

static enum tip_rule check_text(const struct tip_value *value)
{
    if (value->kind != TIP_VALUE_TEXT) {
        return TIP_RULE_KIND;
    }
    if (value->bytes.size > TIP_CATALOGUE_TEXT_BYTES_MAX) {
        return TIP_RULE_LONG;
    }
    return tip_utf8_valid(value->bytes, TIP_UTF8_LF) ? TIP_RULE_KEPT
                                                     : TIP_RULE_TEXT;
}

static enum tip_rule check_date(const struct tip_field *field,
                                const struct tip_value *value)
{
    if (value->kind != TIP_VALUE_DATE) {
        return TIP_RULE_KIND;
    }
    if (!tip_date_value_is_good(value)) {
        return TIP_RULE_DATE;
    }
    return value->date.precision > field->precision ? TIP_RULE_PRECISION
                                                    : TIP_RULE_KEPT;
}

static enum tip_rule check_code(const struct tip_field *field,
                                const struct tip_value *value)
{
    if (value->kind != TIP_VALUE_CODE) {
        return TIP_RULE_KIND;
    }
    return tip_list_code(field->list, value->code) == NULL ? TIP_RULE_CODE
                                                           : TIP_RULE_KEPT;
}

static enum tip_rule is_kind(const struct tip_value *value,
                             enum tip_value_kind kind)
{
    return value->kind == kind ? TIP_RULE_KEPT : TIP_RULE_KIND;
}

/* In the clear; of a set, one of its codes. */
static enum tip_rule check_clear(const struct tip_field *field,
                                 const struct tip_value *value)
{
    if (value->kind == TIP_VALUE_NONE) {
        return TIP_RULE_KEPT;
    }
    switch (field->kind) {
    case TIP_KIND_TEXT:
        return check_text(value);
    case TIP_KIND_DATE:
        return check_date(field, value);
    case TIP_KIND_CODE:
    case TIP_KIND_SET:
        return check_code(field, value);
    case TIP_KIND_INTEGER:
        return is_kind(value, TIP_VALUE_INTEGER);
    case TIP_KIND_ANSWER:
        return is_kind(value, TIP_VALUE_ANSWER);
    case TIP_KIND_AMOUNT:
        return is_kind(value, TIP_VALUE_AMOUNT);
    case TIP_KIND_REFERENCE:
        break;
    }
    return is_kind(value, TIP_VALUE_REFERENCE);
}

enum tip_rule tip_check_stored(const struct tip_field *field,
                               const struct tip_value *value)
{
    if (value->kind == TIP_VALUE_NONE) {
        return TIP_RULE_KEPT;
    }
    if (field->class != TIP_CLASS_FACT) {
        return is_kind(value, TIP_VALUE_OPAQUE);
    }
    if (field->kind == TIP_KIND_SET) {
        return is_kind(value, TIP_VALUE_MEMBER);
    }
    return check_clear(field, value);
}

enum tip_rule tip_check_entered(const struct tip_field *field,
                                const struct tip_value *value)
{
    enum tip_rule rule = check_clear(field, value);

    if (rule != TIP_RULE_KEPT || value->kind == TIP_VALUE_NONE) {
        return rule;
    }
    if (field->retired) {
        return TIP_RULE_FIELD_RETIRED;
    }
    if (field->calculation != NULL) {
        return TIP_RULE_CALCULATED;
    }
    if (value->kind == TIP_VALUE_CODE &&
        tip_list_code(field->list, value->code)->retired) {
        return TIP_RULE_RETIRED;
    }
    return TIP_RULE_KEPT;
}

static bool is_filled(const struct tip_field *field,
                      const struct tip_values *values)
{
    const uint32_t *codes;

    if (field->kind == TIP_KIND_SET) {
        return values->elements(values, field, &codes) != 0;
    }
    return values->value(values, field).kind != TIP_VALUE_NONE;
}

/* A moughataa lies in the wilaya that was chosen. */
static bool is_within(const struct tip_field *field,
                      const struct tip_values *values)
{
    struct tip_value outer;
    struct tip_value inner;
    const struct tip_code *code;

    if (field->within == NULL || field->kind != TIP_KIND_CODE) {
        return true;
    }
    outer = values->value(values, field->within);
    inner = values->value(values, field);
    if (outer.kind != TIP_VALUE_CODE || inner.kind != TIP_VALUE_CODE) {
        return true;
    }
    code = tip_list_code(field->list, inner.code);
    return code == NULL || code->parent == NULL ||
           code->parent->number == outer.code;
}

static enum tip_rule check_field(const struct tip_field *field,
                                 const struct tip_values *values, int32_t today)
{
    bool filled = is_filled(field, values);
    bool applies =
        field->relevant == NULL ||
        tip_condition_test(field->relevant, values, today) == TIP_TRUE;

    if (field->retired || field->calculation != NULL) {
        return TIP_RULE_KEPT; /* Old content may stay. */
    }
    if (!filled) {
        return applies && field->required ? TIP_RULE_REQUIRED : TIP_RULE_KEPT;
    }
    if (field->relevant != NULL &&
        tip_condition_test(field->relevant, values, today) == TIP_FALSE) {
        return TIP_RULE_RELEVANT;
    }
    if (field->constraint != NULL &&
        tip_condition_test(field->constraint, values, today) == TIP_FALSE) {
        return TIP_RULE_CONSTRAINT;
    }
    return is_within(field, values) ? TIP_RULE_KEPT : TIP_RULE_WITHIN;
}

size_t tip_check_record(const struct tip_type *type,
                        const struct tip_values *values, int32_t today,
                        struct tip_breach *breaches, size_t breaches_max)
{
    size_t count = 0;

    for (size_t i = 0; i < type->field_count; i++) {
        const struct tip_field *field = type->in_order[i];
        enum tip_rule rule = check_field(field, values, today);

        if (rule == TIP_RULE_KEPT) {
            continue;
        }
        if (count < breaches_max) {
            breaches[count] = (struct tip_breach){.field = field, .rule = rule};
        }
        count++;
    }
    return count;
}

/* "the list has no such code: it has open, closed." As many as fit. */
static void put_codes(const struct tip_list *list, struct tip_buf *out_text)
{
    size_t put = 0;

    tip_buf_put(out_text, tip_bytes_text("the list has no such code: it has "));
    for (size_t i = 0; i < list->code_count; i++) {
        const struct tip_code *code = list->in_order[i];
        size_t room = out_text->capacity - out_text->size;

        if (code->retired) {
            continue;
        }
        if (put == CODES_SHOWN_MAX ||
            room < code->name.size + CODES_END_BYTES) {
            tip_buf_put(out_text, tip_bytes_text(", …"));
            return;
        }
        tip_buf_put(out_text, tip_bytes_text(put++ == 0 ? "" : ", "));
        tip_buf_put(out_text, code->name);
    }
    tip_buf_put(out_text, tip_bytes_text("."));
}

void tip_breach_format(const struct tip_catalogue *catalogue,
                       const struct tip_breach *breach, size_t language,
                       struct tip_buf *out_text)
{
    const struct tip_field *field = breach->field;
    struct tip_bytes sentence = tip_bytes_text(tip_rule_text(breach->rule));

    if (breach->rule == TIP_RULE_CONSTRAINT) {
        sentence = tip_label_text(catalogue, &field->constraint_message,
                                  language, sentence);
    }
    tip_buf_put(out_text, tip_label_text(catalogue, &field->label, language,
                                         field->name));
    tip_buf_put(out_text, tip_bytes_text(": "));
    if (breach->rule == TIP_RULE_CODE && field->list != NULL) {
        put_codes(field->list, out_text);
    } else {
        tip_buf_put(out_text, sentence);
    }
}
