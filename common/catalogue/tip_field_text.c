#include "tip_field_text.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "tip_date.h"
#include "tip_sheet.h"
#include "tip_utf8.h"

static const char *const answers[] = {
    [TIP_ANSWER_NO] = "no",
    [TIP_ANSWER_YES] = "yes",
    [TIP_ANSWER_UNKNOWN] = "unknown",
    [TIP_ANSWER_REFUSED] = "refused",
};

bool tip_text_answer(struct tip_bytes text, enum tip_answer *out_answer)
{
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        if (tip_bytes_is(text, answers[i])) {
            *out_answer = (enum tip_answer)i;
            return true;
        }
    }
    return false;
}

/* Digits with an optional sign, all of @text; and for amounts, @decimals
 * digits more at most after a point, as if there were all of them. */
static bool parse_number(struct tip_bytes text, int decimals,
                         int64_t *out_number)
{
    bool negative = text.size != 0 && text.data[0] == '-';
    int64_t number = 0;
    int after_point = -1;
    bool any = false;

    for (size_t i = negative; i < text.size; i++) {
        int digit = text.data[i] - '0';

        if (text.data[i] == '.' && after_point < 0 && decimals > 0 && any) {
            after_point = 0;
            continue;
        }
        if (digit < 0 || digit > 9 || after_point == decimals ||
            __builtin_mul_overflow(number, (int64_t)10, &number) ||
            __builtin_sub_overflow(number, (int64_t)digit, &number)) {
            return false; /* Built below zero, where the least number is. */
        }
        after_point += after_point >= 0;
        any = true;
    }
    for (int i = after_point < 0 ? 0 : after_point; i < decimals; i++) {
        if (__builtin_mul_overflow(number, (int64_t)10, &number)) {
            return false;
        }
    }
    if (!any || after_point == 0 || (!negative && number == INT64_MIN)) {
        return false;
    }
    *out_number = negative ? number : -number;
    return true;
}

static enum tip_rule parse_amount(const struct tip_catalogue *catalogue,
                                  struct tip_bytes text,
                                  struct tip_value *out_value)
{
    const struct tip_list *currencies =
        tip_catalogue_list_named(catalogue, tip_bytes_text("currency"));
    struct tip_bytes number = tip_sheet_word(&text);
    struct tip_bytes name = tip_sheet_word(&text);
    const struct tip_code *currency;
    int64_t minor;

    if (!parse_number(number, 2, &minor) || name.size == 0 ||
        tip_sheet_word(&text).size != 0) {
        return TIP_RULE_AMOUNT;
    }
    currency =
        currencies == NULL ? NULL : tip_list_code_named(currencies, name);
    if (currency == NULL) {
        return TIP_RULE_CURRENCY;
    }
    *out_value = (struct tip_value){
        .kind = TIP_VALUE_AMOUNT,
        .amount = {.minor = minor, .currency = currency->number}};
    return TIP_RULE_KEPT;
}

static enum tip_rule parse_text(struct tip_bytes text,
                                struct tip_value *out_value)
{
    if (text.size > TIP_CATALOGUE_TEXT_BYTES_MAX) {
        return TIP_RULE_LONG;
    }
    if (!tip_utf8_valid(text, TIP_UTF8_LF)) {
        return TIP_RULE_TEXT;
    }
    *out_value = (struct tip_value){.kind = TIP_VALUE_TEXT, .bytes = text};
    return TIP_RULE_KEPT;
}

static enum tip_rule parse_code(const struct tip_field *field,
                                struct tip_bytes text,
                                struct tip_value *out_value)
{
    const struct tip_code *code = tip_list_code_named(field->list, text);

    if (code == NULL) {
        return TIP_RULE_CODE;
    }
    *out_value =
        (struct tip_value){.kind = TIP_VALUE_CODE, .code = code->number};
    return TIP_RULE_KEPT;
}

static enum tip_rule parse_short(const struct tip_field *field,
                                 struct tip_bytes text,
                                 struct tip_value *out_value)
{
    struct tip_value value = {.kind = TIP_VALUE_INTEGER};

    if (field->kind == TIP_KIND_INTEGER) {
        if (!parse_number(text, 0, &value.integer)) {
            return TIP_RULE_INTEGER;
        }
    } else if (field->kind == TIP_KIND_ANSWER) {
        value.kind = TIP_VALUE_ANSWER;
        if (!tip_text_answer(text, &value.answer)) {
            return TIP_RULE_ANSWER;
        }
    } else if (field->kind == TIP_KIND_REFERENCE) {
        value.kind = TIP_VALUE_REFERENCE;
        if (tip_id_parse(text, &value.reference) != TIP_OK ||
            tip_id_is_none(&value.reference)) {
            return TIP_RULE_REFERENCE;
        }
    } else if (!tip_date_parse(text, &value)) {
        return TIP_RULE_DATE;
    } else if (value.date.precision > field->precision) {
        return TIP_RULE_PRECISION;
    }
    *out_value = value;
    return TIP_RULE_KEPT;
}

enum tip_rule tip_field_parse(const struct tip_catalogue *catalogue,
                              const struct tip_field *field,
                              struct tip_bytes text,
                              struct tip_value *out_value)
{
    if (text.size == 0) {
        *out_value = (struct tip_value){.kind = TIP_VALUE_NONE};
        return TIP_RULE_KEPT;
    }
    switch (field->kind) {
    case TIP_KIND_TEXT:
        return parse_text(text, out_value);
    case TIP_KIND_CODE:
        return parse_code(field, text, out_value);
    case TIP_KIND_AMOUNT:
        return parse_amount(catalogue, text, out_value);
    case TIP_KIND_INTEGER:
    case TIP_KIND_DATE:
    case TIP_KIND_ANSWER:
    case TIP_KIND_REFERENCE:
        return parse_short(field, text, out_value);
    case TIP_KIND_SET:
        break;
    }
    return TIP_RULE_KIND;
}

static int compare_codes(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left;
    uint32_t b = *(const uint32_t *)right;

    return a < b ? -1 : a > b;
}

enum tip_rule tip_field_parse_set(const struct tip_field *field,
                                  struct tip_bytes text,
                                  uint32_t codes[TIP_FIELD_ELEMENTS_MAX],
                                  size_t *out_count)
{
    size_t count = 0;
    size_t kept = 0;

    if (field->kind != TIP_KIND_SET) {
        return TIP_RULE_KIND;
    }
    for (struct tip_bytes word = tip_sheet_word(&text); word.size != 0;
         word = tip_sheet_word(&text)) {
        const struct tip_code *code = tip_list_code_named(field->list, word);

        if (code == NULL) {
            return TIP_RULE_CODE;
        }
        if (count == TIP_FIELD_ELEMENTS_MAX) {
            return TIP_RULE_LONG;
        }
        codes[count++] = code->number;
    }
    if (count != 0) {
        qsort(codes, count, sizeof *codes, compare_codes);
    }
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || codes[kept - 1] != codes[i]) {
            codes[kept++] = codes[i];
        }
    }
    *out_count = kept;
    return TIP_RULE_KEPT;
}

static void put_code(const struct tip_list *list, uint32_t number,
                     struct tip_buf *out_text)
{
    const struct tip_code *code =
        list == NULL ? NULL : tip_list_code(list, number);
    char text[16];

    if (code != NULL) {
        tip_buf_put(out_text, code->name);
        return;
    }
    (void)snprintf(text, sizeof text, "#%" PRIu32, number);
    tip_buf_put(out_text, tip_bytes_text(text));
}

static void put_amount(const struct tip_catalogue *catalogue,
                       const struct tip_value *value, struct tip_buf *out_text)
{
    char text[32];
    bool negative = value->amount.minor < 0;
    uint64_t minor = negative ? -(uint64_t)value->amount.minor
                              : (uint64_t)value->amount.minor;

    (void)snprintf(text, sizeof text, "%s%" PRIu64 ".%02" PRIu64 " ",
                   negative ? "-" : "", minor / 100, minor % 100);
    tip_buf_put(out_text, tip_bytes_text(text));
    put_code(tip_catalogue_list_named(catalogue, tip_bytes_text("currency")),
             value->amount.currency, out_text);
}

static void put_number(int64_t number, struct tip_buf *out_text)
{
    char text[32];

    (void)snprintf(text, sizeof text, "%" PRId64, number);
    tip_buf_put(out_text, tip_bytes_text(text));
}

void tip_field_format(const struct tip_catalogue *catalogue,
                      const struct tip_field *field,
                      const struct tip_value *value, struct tip_buf *out_text)
{
    char text[TIP_ID_TEXT_SIZE] = "";

    switch (value->kind) {
    case TIP_VALUE_NONE:
    case TIP_VALUE_MEMBER:
        return;
    case TIP_VALUE_TEXT:
        tip_buf_put(out_text, value->bytes);
        return;
    case TIP_VALUE_CODE:
        put_code(field->list, value->code, out_text);
        return;
    case TIP_VALUE_AMOUNT:
        put_amount(catalogue, value, out_text);
        return;
    case TIP_VALUE_INTEGER:
        put_number(value->integer, out_text);
        return;
    case TIP_VALUE_ANSWER:
        assert((size_t)value->answer < sizeof answers / sizeof *answers);
        tip_buf_put(out_text, tip_bytes_text(answers[value->answer]));
        return;
    case TIP_VALUE_OPAQUE:
        tip_buf_put(out_text, tip_bytes_text("(sealed)"));
        return;
    case TIP_VALUE_DATE:
        tip_date_format(value, text);
        break;
    case TIP_VALUE_REFERENCE:
        tip_id_format(&value->reference, text);
        break;
    }
    tip_buf_put(out_text, tip_bytes_text(text));
}

void tip_field_format_set(const struct tip_field *field, const uint32_t *codes,
                          size_t count, struct tip_buf *out_text)
{
    for (size_t i = 0; i < count; i++) {
        if (i != 0) {
            tip_buf_put_u8(out_text, ';');
        }
        put_code(field->list, codes[i], out_text);
    }
}
