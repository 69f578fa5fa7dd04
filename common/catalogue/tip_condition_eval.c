/*
 * Running a condition: one pass over its operations with a stack of fixed
 * size. The compiler has checked types and depth, so nothing can fail here;
 * what is not known makes the result blank, which as a truth is "unknown".
 */
#include <assert.h>

#include "tip_condition_operand.h"
#include "tip_condition_program.h"
#include "tip_date.h"

struct machine {
    const struct tip_values *values;
    int32_t today;
    struct tip_run_operand stack[TIP_CONDITION_STACK_MAX];
    size_t count;
};

static const struct tip_run_operand blank = {.blank = true};

static struct tip_run_operand truth(bool is_true)
{
    return (struct tip_run_operand){.type = TIP_OPERAND_TRUTH,
                                    .u.number = is_true};
}

static struct tip_run_operand load_set(const struct tip_values *values,
                                       const struct tip_field *field)
{
    struct tip_run_operand operand = {.type = TIP_OPERAND_SET};

    operand.u.set.count = values->elements(values, field, &operand.u.set.codes);
    operand.blank = operand.u.set.count == 0;
    return operand;
}

static struct tip_run_operand load_field(const struct tip_values *values,
                                         const struct tip_field *field)
{
    struct tip_value value;

    if (field->kind == TIP_KIND_SET) {
        return load_set(values, field);
    }
    value = values->value(values, field);
    return tip_run_operand_of(field->kind, &value);
}

static const enum tip_operand_type literal_types[] = {
    [TIP_OP_TRUTH] = TIP_OPERAND_TRUTH,   [TIP_OP_NUMBER] = TIP_OPERAND_NUMBER,
    [TIP_OP_TEXT] = TIP_OPERAND_TEXT,     [TIP_OP_CODE] = TIP_OPERAND_CODE,
    [TIP_OP_ANSWER] = TIP_OPERAND_ANSWER, [TIP_OP_DATE] = TIP_OPERAND_DATE,
    [TIP_OP_TODAY] = TIP_OPERAND_DATE};

static struct tip_run_operand load(const struct machine *machine,
                                   const struct tip_op *op)
{
    struct tip_run_operand operand = {.literal = true};

    if (op->code == TIP_OP_FIELD) {
        return load_field(machine->values, op->u.field);
    }
    operand.type = literal_types[op->code];
    if (op->code == TIP_OP_TEXT) {
        operand.u.text = op->u.text;
        operand.blank = op->u.text.size == 0;
    } else if (op->code == TIP_OP_DATE) {
        operand.u.date.day = op->u.date.day;
        operand.u.date.precision = op->u.date.precision;
    } else if (op->code == TIP_OP_TODAY) {
        operand.u.date.day = machine->today;
        operand.u.date.precision = TIP_DATE_DAY;
    } else {
        operand.u.number = op->u.number;
    }
    return operand;
}

static int64_t count_characters(struct tip_bytes text)
{
    int64_t count = 0;

    for (size_t i = 0; i < text.size; i++) {
        count += (text.data[i] & 0xc0) != 0x80;
    }
    return count;
}

static struct tip_run_operand apply_one(enum tip_opcode code,
                                        struct tip_run_operand operand)
{
    if (code == TIP_OP_IS_BLANK) {
        return truth(operand.blank && !operand.sealed);
    }
    if (code == TIP_OP_COUNT_SELECTED) {
        return (struct tip_run_operand){.type = TIP_OPERAND_NUMBER,
                                        .u.number =
                                            (int64_t)operand.u.set.count};
    }
    if (operand.blank) {
        return blank;
    }
    if (code == TIP_OP_NOT) {
        return truth(operand.u.number == 0);
    }
    if (code == TIP_OP_STRING_LENGTH) {
        return (struct tip_run_operand){.type = TIP_OPERAND_NUMBER,
                                        .u.number =
                                            count_characters(operand.u.text)};
    }
    return tip_run_negate(operand);
}

/* Kleene: what is known may decide although the other side is not. */
static struct tip_run_operand combine(enum tip_opcode code,
                                      const struct tip_run_operand *left,
                                      const struct tip_run_operand *right)
{
    int64_t decisive = code == TIP_OP_OR;

    if ((!left->blank && left->u.number == decisive) ||
        (!right->blank && right->u.number == decisive)) {
        return truth(decisive != 0);
    }
    return left->blank || right->blank ? blank : truth(decisive == 0);
}

static struct tip_run_operand selected(const struct tip_run_operand *from,
                                       const struct tip_run_operand *code)
{
    if (from->type == TIP_OPERAND_CODE) {
        return truth(from->u.number == code->u.number);
    }
    for (size_t i = 0; i < from->u.set.count; i++) {
        if ((int64_t)from->u.set.codes[i] == code->u.number) {
            return truth(true);
        }
    }
    return truth(false);
}

static struct tip_run_operand of_truth(enum tip_truth value)
{
    return value == TIP_UNKNOWN ? blank : truth(value == TIP_TRUE);
}

static struct tip_run_operand apply_two(enum tip_opcode code,
                                        const struct tip_run_operand *left,
                                        const struct tip_run_operand *right)
{
    if (code == TIP_OP_AND || code == TIP_OP_OR) {
        return combine(code, left, right);
    }
    if (code == TIP_OP_COALESCE) {
        return left->blank ? *right : *left;
    }
    if (left->blank || right->blank) {
        return blank;
    }
    if (code == TIP_OP_SELECTED) {
        return selected(left, right);
    }
    if (code >= TIP_OP_EQUAL && code <= TIP_OP_GREATER_EQUAL) {
        return of_truth(tip_run_compare(code, left, right));
    }
    return tip_run_calculate(code, left, right);
}

static void step(struct machine *machine, const struct tip_op *op)
{
    struct tip_run_operand *top = &machine->stack[machine->count];

    if (op->code <= TIP_OP_TODAY) {
        assert(machine->count < TIP_CONDITION_STACK_MAX);
        *top = load(machine, op);
        machine->count++;
    } else if (op->code <= TIP_OP_STRING_LENGTH) {
        assert(machine->count >= 1);
        top[-1] = apply_one(op->code, top[-1]);
    } else if (op->code < TIP_OP_IF) {
        assert(machine->count >= 2);
        top[-2] = apply_two(op->code, &top[-2], &top[-1]);
        machine->count--;
    } else {
        assert(machine->count >= 3);
        if (top[-3].blank) {
            top[-3] = blank;
        } else {
            top[-3] = top[-3].u.number != 0 ? top[-2] : top[-1];
        }
        machine->count -= 2;
    }
}

static struct tip_run_operand run(const struct tip_condition *condition,
                                  const struct tip_values *values,
                                  int32_t today)
{
    struct machine machine = {.values = values, .today = today};

    for (size_t i = 0; i < condition->op_count; i++) {
        step(&machine, &condition->ops[i]);
    }
    assert(machine.count == 1);
    return machine.stack[0];
}

enum tip_truth tip_condition_test(const struct tip_condition *condition,
                                  const struct tip_values *values,
                                  int32_t today)
{
    struct tip_run_operand result = run(condition, values, today);

    if (result.blank) {
        return TIP_UNKNOWN;
    }
    return result.u.number != 0 ? TIP_TRUE : TIP_FALSE;
}

struct tip_value tip_condition_compute(const struct tip_condition *condition,
                                       const struct tip_values *values,
                                       int32_t today,
                                       const struct tip_field *field)
{
    struct tip_run_operand result = run(condition, values, today);

    return tip_run_value(field->kind, &result);
}
