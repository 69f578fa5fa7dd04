#include "tip_condition_operand.h"

#include <assert.h>

#include "tip_date.h"

/* Hundredths of a currency in a whole unit of it. */
enum { MINOR_PER_UNIT = 100 };

static const struct tip_run_operand blank = {.blank = true};

static bool kind_matches(enum tip_kind kind, enum tip_value_kind value)
{
    switch (kind) {
    case TIP_KIND_TEXT:
        return value == TIP_VALUE_TEXT;
    case TIP_KIND_INTEGER:
        return value == TIP_VALUE_INTEGER;
    case TIP_KIND_DATE:
        return value == TIP_VALUE_DATE;
    case TIP_KIND_ANSWER:
        return value == TIP_VALUE_ANSWER;
    case TIP_KIND_AMOUNT:
        return value == TIP_VALUE_AMOUNT;
    case TIP_KIND_CODE:
        return value == TIP_VALUE_CODE;
    case TIP_KIND_SET:
        return false;
    case TIP_KIND_REFERENCE:
        return value == TIP_VALUE_REFERENCE;
    }
    return false;
}

struct tip_run_operand tip_run_operand_of(enum tip_kind kind,
                                          const struct tip_value *value)
{
    struct tip_run_operand operand = {0};

    if (!kind_matches(kind, value->kind)) {
        operand.blank = true;
        operand.sealed = value->kind == TIP_VALUE_OPAQUE;
        return operand;
    }
    switch (kind) {
    case TIP_KIND_TEXT:
        operand.type = TIP_OPERAND_TEXT;
        operand.u.text = value->bytes;
        operand.blank = value->bytes.size == 0;
        break;
    case TIP_KIND_INTEGER:
        operand.type = TIP_OPERAND_NUMBER;
        operand.u.number = value->integer;
        break;
    case TIP_KIND_DATE:
        operand.type = TIP_OPERAND_DATE;
        operand.u.date.day = value->date.day;
        operand.u.date.precision = value->date.precision;
        operand.blank = !tip_date_value_is_good(value);
        break;
    case TIP_KIND_ANSWER:
        operand.type = TIP_OPERAND_ANSWER;
        operand.u.number = (int64_t)value->answer;
        break;
    case TIP_KIND_AMOUNT:
        operand.type = TIP_OPERAND_AMOUNT;
        operand.u.amount.minor = value->amount.minor;
        operand.u.amount.currency = value->amount.currency;
        break;
    case TIP_KIND_CODE:
        operand.type = TIP_OPERAND_CODE;
        operand.u.number = value->code;
        break;
    case TIP_KIND_REFERENCE:
        operand.type = TIP_OPERAND_REFERENCE;
        operand.u.reference = value->reference;
        break;
    case TIP_KIND_SET:
        break;
    }
    return operand;
}

struct tip_value tip_run_value(enum tip_kind kind,
                               const struct tip_run_operand *operand)
{
    struct tip_value value = {.kind = TIP_VALUE_NONE};

    if (operand->blank) {
        return value;
    }
    switch (kind) {
    case TIP_KIND_TEXT:
        value.kind = TIP_VALUE_TEXT;
        value.bytes = operand->u.text;
        break;
    case TIP_KIND_INTEGER:
        value.kind = TIP_VALUE_INTEGER;
        value.integer = operand->u.number;
        break;
    case TIP_KIND_DATE:
        value.kind = TIP_VALUE_DATE;
        value.date.day = operand->u.date.day;
        value.date.precision = operand->u.date.precision;
        break;
    case TIP_KIND_ANSWER: /* A truth is yes or no, with the same numbers. */
        value.kind = TIP_VALUE_ANSWER;
        value.answer = (enum tip_answer)operand->u.number;
        break;
    case TIP_KIND_AMOUNT:
        value.kind = TIP_VALUE_AMOUNT;
        value.amount.minor = operand->u.amount.minor;
        value.amount.currency = operand->u.amount.currency;
        break;
    case TIP_KIND_CODE:
        value.kind = TIP_VALUE_CODE;
        value.code = (uint32_t)operand->u.number;
        break;
    case TIP_KIND_REFERENCE:
        value.kind = TIP_VALUE_REFERENCE;
        value.reference = operand->u.reference;
        break;
    case TIP_KIND_SET:
        break;
    }
    return value;
}

static enum tip_truth truth_of(bool is_true)
{
    return is_true ? TIP_TRUE : TIP_FALSE;
}

static enum tip_truth compare_numbers(enum tip_opcode code, int64_t left,
                                      int64_t right)
{
    bool is = left >= right;

    if (code == TIP_OP_EQUAL) {
        is = left == right;
    } else if (code == TIP_OP_UNEQUAL) {
        is = left != right;
    } else if (code == TIP_OP_LESS) {
        is = left < right;
    } else if (code == TIP_OP_LESS_EQUAL) {
        is = left <= right;
    } else if (code == TIP_OP_GREATER) {
        is = left > right;
    }
    return truth_of(is);
}

/* A month is thirty days: it is before a day for sure if its last day is, and
 * it is not known which comes first if the day lies within. */
static enum tip_truth compare_dates(enum tip_opcode code,
                                    const struct tip_run_operand *left,
                                    const struct tip_run_operand *right)
{
    int32_t l[2];
    int32_t r[2];
    enum tip_truth at_first;

    tip_date_range(left->u.date.day, left->u.date.precision, &l[0], &l[1]);
    tip_date_range(right->u.date.day, right->u.date.precision, &r[0], &r[1]);
    if (code == TIP_OP_EQUAL || code == TIP_OP_UNEQUAL) {
        if (l[0] == r[0] && l[1] == r[1]) {
            return truth_of(code == TIP_OP_EQUAL);
        }
        return l[1] < r[0] || r[1] < l[0] ? truth_of(code == TIP_OP_UNEQUAL)
                                          : TIP_UNKNOWN;
    }
    /* If the two extremes agree, so does all between. */
    at_first = compare_numbers(code, l[0], r[1]);
    return at_first == compare_numbers(code, l[1], r[0]) ? at_first
                                                         : TIP_UNKNOWN;
}

static bool is_vague(const struct tip_run_operand *answer)
{
    return answer->u.number == TIP_ANSWER_UNKNOWN ||
           answer->u.number == TIP_ANSWER_REFUSED;
}

/* Somebody who does not know may be a yes: only asking for 'unknown' itself is
 * answered. */
static enum tip_truth compare_answers(enum tip_opcode code,
                                      const struct tip_run_operand *left,
                                      const struct tip_run_operand *right)
{
    bool left_open = is_vague(left) && !left->literal;
    bool right_open = is_vague(right) && !right->literal;

    if ((left_open && !is_vague(right)) || (right_open && !is_vague(left))) {
        return TIP_UNKNOWN;
    }
    return compare_numbers(code, left->u.number, right->u.number);
}

static enum tip_truth compare_amounts(enum tip_opcode code,
                                      const struct tip_run_operand *left,
                                      const struct tip_run_operand *right)
{
    int64_t minor;

    if (right->type == TIP_OPERAND_NUMBER) {
        if (__builtin_mul_overflow(right->u.number, (int64_t)MINOR_PER_UNIT,
                                   &minor)) {
            return TIP_UNKNOWN;
        }
        return compare_numbers(code, left->u.amount.minor, minor);
    }
    if (left->u.amount.currency != right->u.amount.currency) {
        return TIP_UNKNOWN;
    }
    return compare_numbers(code, left->u.amount.minor, right->u.amount.minor);
}

enum tip_truth tip_run_compare(enum tip_opcode code,
                               const struct tip_run_operand *left,
                               const struct tip_run_operand *right)
{
    switch (left->type) {
    case TIP_OPERAND_TEXT:
        return truth_of(tip_bytes_equal(left->u.text, right->u.text) ==
                        (code == TIP_OP_EQUAL));
    case TIP_OPERAND_REFERENCE:
        return truth_of(tip_id_equal(&left->u.reference, &right->u.reference) ==
                        (code == TIP_OP_EQUAL));
    case TIP_OPERAND_DATE:
        return compare_dates(code, left, right);
    case TIP_OPERAND_ANSWER:
        return compare_answers(code, left, right);
    case TIP_OPERAND_AMOUNT:
        return compare_amounts(code, left, right);
    case TIP_OPERAND_TRUTH:
    case TIP_OPERAND_NUMBER:
    case TIP_OPERAND_CODE:
    case TIP_OPERAND_SET:
        break;
    }
    return compare_numbers(code, left->u.number, right->u.number);
}

/* False where the result cannot be kept. */
static bool calculate_numbers(enum tip_opcode code, int64_t left, int64_t right,
                              int64_t *out_number)
{
    if (code == TIP_OP_ADD) {
        return !__builtin_add_overflow(left, right, out_number);
    }
    if (code == TIP_OP_SUBTRACT) {
        return !__builtin_sub_overflow(left, right, out_number);
    }
    if (code == TIP_OP_MULTIPLY) {
        return !__builtin_mul_overflow(left, right, out_number);
    }
    if (right == 0 || (left == INT64_MIN && right == -1)) {
        return false;
    }
    *out_number = code == TIP_OP_DIVIDE ? left / right : left % right;
    return true;
}

static struct tip_run_operand
calculate_dates(enum tip_opcode code, struct tip_run_operand left,
                const struct tip_run_operand *right)
{
    struct tip_run_operand days = {.type = TIP_OPERAND_NUMBER};
    int64_t day;

    if (left.u.date.precision != TIP_DATE_DAY) {
        return blank;
    }
    if (right->type == TIP_OPERAND_DATE) {
        days.u.number = (int64_t)left.u.date.day - right->u.date.day;
        return right->u.date.precision == TIP_DATE_DAY ? days : blank;
    }
    if (!calculate_numbers(code, left.u.date.day, right->u.number, &day) ||
        day < INT32_MIN / 2 || day > INT32_MAX / 2 ||
        !tip_date_exists(tip_date_of((int32_t)day))) {
        return blank;
    }
    left.u.date.day = (int32_t)day;
    return left;
}

static struct tip_run_operand
calculate_amounts(enum tip_opcode code, struct tip_run_operand left,
                  const struct tip_run_operand *right)
{
    int64_t other = right->u.number;

    if (right->type == TIP_OPERAND_AMOUNT) {
        if (left.u.amount.currency != right->u.amount.currency) {
            return blank;
        }
        other = right->u.amount.minor;
    }
    if (!calculate_numbers(code, left.u.amount.minor, other,
                           &left.u.amount.minor)) {
        return blank;
    }
    return left;
}

struct tip_run_operand tip_run_calculate(enum tip_opcode code,
                                         const struct tip_run_operand *left,
                                         const struct tip_run_operand *right)
{
    struct tip_run_operand result = {.type = TIP_OPERAND_NUMBER};

    if (left->type == TIP_OPERAND_DATE) {
        return calculate_dates(code, *left, right);
    }
    if (left->type == TIP_OPERAND_AMOUNT) {
        return calculate_amounts(code, *left, right);
    }
    if (!calculate_numbers(code, left->u.number, right->u.number,
                           &result.u.number)) {
        return blank;
    }
    return result;
}

struct tip_run_operand tip_run_negate(struct tip_run_operand operand)
{
    int64_t *number = operand.type == TIP_OPERAND_AMOUNT
                          ? &operand.u.amount.minor
                          : &operand.u.number;

    if (*number == INT64_MIN) {
        return blank;
    }
    *number = -*number;
    return operand;
}
