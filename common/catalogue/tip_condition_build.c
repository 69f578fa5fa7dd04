#include "tip_condition_build.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tip_problems.h"

void tip_build_fail(struct tip_build *build, size_t at, const char *format, ...)
{
    va_list args;

    if (build->failed) {
        return;
    }
    build->failed = true;
    build->fault->at = at;
    va_start(args, format);
    /* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): it is started. */
    (void)vsnprintf(build->fault->text, sizeof build->fault->text, format,
                    args);
    va_end(args);
}

static void emit(struct tip_build *build, struct tip_op op)
{
    if (build->op_count == TIP_CONDITION_OPS_MAX) {
        tip_build_fail(build, op.at, "This is too long: split it.");
        return;
    }
    build->ops[build->op_count++] = op;
}

static void push(struct tip_build *build, struct tip_operand operand, size_t at)
{
    if (build->operand_count == TIP_CONDITION_STACK_MAX) {
        tip_build_fail(build, at, "This is nested too deeply: split it.");
        return;
    }
    build->operands[build->operand_count++] = operand;
}

void tip_build_push(struct tip_build *build, struct tip_op op,
                    enum tip_operand_type type, const struct tip_list *list)
{
    struct tip_operand operand = {.type = type,
                                  .list = list,
                                  .first_op = build->op_count,
                                  .literal = op.code == TIP_OP_TEXT};

    emit(build, op);
    push(build, operand, op.at);
}

enum tip_operand_type tip_operand_of_kind(enum tip_kind kind)
{
    switch (kind) {
    case TIP_KIND_TEXT:
        return TIP_OPERAND_TEXT;
    case TIP_KIND_INTEGER:
        return TIP_OPERAND_NUMBER;
    case TIP_KIND_DATE:
        return TIP_OPERAND_DATE;
    case TIP_KIND_ANSWER:
        return TIP_OPERAND_ANSWER;
    case TIP_KIND_AMOUNT:
        return TIP_OPERAND_AMOUNT;
    case TIP_KIND_CODE:
        return TIP_OPERAND_CODE;
    case TIP_KIND_SET:
        return TIP_OPERAND_SET;
    case TIP_KIND_REFERENCE:
        break;
    }
    return TIP_OPERAND_REFERENCE;
}

static void push_field(struct tip_build *build, const struct tip_field *field,
                       size_t at)
{
    struct tip_op op = {.code = TIP_OP_FIELD, .at = at, .u.field = field};

    tip_build_push(build, op, tip_operand_of_kind(field->kind), field->list);
}

static void note_field(struct tip_build *build, const struct tip_field *field,
                       size_t at)
{
    for (size_t i = 0; i < build->field_count; i++) {
        if (build->fields[i] == field) {
            return;
        }
    }
    if (build->field_count == TIP_CONDITION_FIELDS_MAX) {
        tip_build_fail(build, at, "This looks at more than %d fields.",
                       TIP_CONDITION_FIELDS_MAX);
        return;
    }
    build->fields[build->field_count++] = field;
}

void tip_build_push_field(struct tip_build *build, struct tip_bytes name,
                          size_t at)
{
    const struct tip_type *type = build->scope->type;
    const struct tip_field *field = tip_type_field_named(type, name);

    if (field == NULL) {
        tip_build_fail(build, at, "%.*s has no field \"%.*s\".",
                       TIP_SHOWN(type->name), TIP_SHOWN(name));
        return;
    }
    if (build->scope->facts_only && field->class != TIP_CLASS_FACT) {
        tip_build_fail(build, at,
                       "\"%.*s\" cannot be read at the hub, so this may not "
                       "depend on it.",
                       TIP_SHOWN(name));
        return;
    }
    note_field(build, field, at);
    push_field(build, field, at);
}

void tip_build_push_self(struct tip_build *build, size_t at)
{
    if (build->scope->self == NULL) {
        tip_build_fail(build, at,
                       "A full stop means the value itself, under constraint "
                       "alone.");
        return;
    }
    push_field(build, build->scope->self, at);
}

/* Is @operand, the topmost, nothing but the literal ''? */
static bool is_empty_literal(const struct tip_build *build,
                             const struct tip_operand *operand)
{
    const struct tip_op *op = &build->ops[operand->first_op];

    return operand->first_op + 1 == build->op_count &&
           op->code == TIP_OP_TEXT && !op->settled && op->u.text.size == 0;
}

static const char *const type_names[] = {"a condition",
                                         "a number",
                                         "a text",
                                         "a date",
                                         "an amount",
                                         "an answer (yesno)",
                                         "a code (select_one)",
                                         "a set (select_multiple)",
                                         "a reference"};

const char *tip_operand_name(enum tip_operand_type type)
{
    return type_names[type];
}

static void refuse_pair(struct tip_build *build, size_t at,
                        const struct tip_operand *left,
                        const struct tip_operand *right)
{
    if (left->type == TIP_OPERAND_CODE && right->type == TIP_OPERAND_CODE) {
        tip_build_fail(build, at, "These are codes of different lists.");
    } else if (left->type == TIP_OPERAND_SET) {
        tip_build_fail(build, at,
                       "A set is asked by selected(${field}, 'code').");
    } else {
        tip_build_fail(build, at, "This does not work with %s and %s.",
                       tip_operand_name(left->type),
                       tip_operand_name(right->type));
    }
}

static void compare(struct tip_build *build, enum tip_opcode code, size_t at,
                    struct tip_operand *left, struct tip_operand *right)
{
    bool equality = code == TIP_OP_EQUAL || code == TIP_OP_UNEQUAL;
    bool same;
    bool ordered;

    if (equality && is_empty_literal(build, right)) {
        build->op_count--; /* ${x} = '' asks whether x is blank. */
        emit(build, (struct tip_op){.code = TIP_OP_IS_BLANK, .at = at});
        if (code == TIP_OP_UNEQUAL) {
            emit(build, (struct tip_op){.code = TIP_OP_NOT, .at = at});
        }
        return;
    }
    same = tip_build_unify(build, left, right);
    ordered = left->type == TIP_OPERAND_NUMBER ||
              left->type == TIP_OPERAND_DATE ||
              left->type == TIP_OPERAND_AMOUNT;
    if (left->type == TIP_OPERAND_AMOUNT && right->type == TIP_OPERAND_NUMBER) {
        same = true; /* A number beside an amount counts whole units. */
    }
    if (!same || left->type == TIP_OPERAND_SET || (!equality && !ordered)) {
        refuse_pair(build, at, left, right);
        return;
    }
    tip_build_settle(build, left->first_op, build->op_count, TIP_OPERAND_TEXT,
                     NULL);
    emit(build, (struct tip_op){.code = code, .at = at});
}

/* What adding and the like of these two gives; false if nothing. */
static bool calculate(enum tip_opcode code, enum tip_operand_type left,
                      enum tip_operand_type right,
                      enum tip_operand_type *out_type)
{
    bool sum = code == TIP_OP_ADD || code == TIP_OP_SUBTRACT;
    bool right_is_number = right == TIP_OPERAND_NUMBER;

    *out_type = left;
    if (left == TIP_OPERAND_NUMBER && right_is_number) {
        return true;
    }
    if (left == TIP_OPERAND_DATE && right == TIP_OPERAND_DATE) {
        *out_type = TIP_OPERAND_NUMBER;
        return code == TIP_OP_SUBTRACT;
    }
    if (left == TIP_OPERAND_DATE && right_is_number) {
        return sum;
    }
    if (left == TIP_OPERAND_AMOUNT && right == TIP_OPERAND_AMOUNT) {
        return sum;
    }
    return left == TIP_OPERAND_AMOUNT && right_is_number &&
           (code == TIP_OP_MULTIPLY || code == TIP_OP_DIVIDE);
}

static enum tip_operand_type apply_two(struct tip_build *build,
                                       enum tip_opcode code, size_t at,
                                       struct tip_operand *left,
                                       struct tip_operand *right)
{
    enum tip_operand_type type = TIP_OPERAND_TRUTH;
    bool good = true;

    if (code == TIP_OP_AND || code == TIP_OP_OR) {
        good =
            left->type == TIP_OPERAND_TRUTH && right->type == TIP_OPERAND_TRUTH;
    } else if (code >= TIP_OP_EQUAL && code <= TIP_OP_GREATER_EQUAL) {
        compare(build, code, at, left, right);
        return type;
    } else if (code == TIP_OP_SELECTED) {
        good =
            (left->type == TIP_OPERAND_SET || left->type == TIP_OPERAND_CODE) &&
            right->literal;
        if (good) {
            tip_build_settle(build, right->first_op, build->op_count,
                             TIP_OPERAND_CODE, left->list);
        }
    } else if (code == TIP_OP_COALESCE) {
        good = tip_build_unify(build, left, right) &&
               left->type != TIP_OPERAND_SET;
        type = left->type;
    } else {
        good = calculate(code, left->type, right->type, &type);
    }
    if (!good) {
        refuse_pair(build, at, left, right);
    }
    emit(build, (struct tip_op){.code = code, .at = at});
    return type;
}

static enum tip_operand_type apply_one(struct tip_build *build,
                                       enum tip_opcode code, size_t at,
                                       const struct tip_operand *operand)
{
    enum tip_operand_type type = TIP_OPERAND_NUMBER;
    enum tip_operand_type wanted = TIP_OPERAND_NUMBER;

    if (code == TIP_OP_NOT) {
        type = wanted = TIP_OPERAND_TRUTH;
    } else if (code == TIP_OP_COUNT_SELECTED) {
        wanted = TIP_OPERAND_SET;
    } else if (code == TIP_OP_STRING_LENGTH) {
        wanted = TIP_OPERAND_TEXT;
    } else if (operand->type == TIP_OPERAND_AMOUNT) {
        type = wanted = TIP_OPERAND_AMOUNT;
    }
    if (operand->type != wanted) {
        tip_build_fail(build, at, "This needs %s, and gets %s.",
                       tip_operand_name(wanted),
                       tip_operand_name(operand->type));
    }
    tip_build_settle(build, operand->first_op, build->op_count,
                     TIP_OPERAND_TEXT, NULL);
    emit(build, (struct tip_op){.code = code, .at = at});
    return type;
}

static size_t operands_of(enum tip_opcode code)
{
    if (code >= TIP_OP_NOT && code <= TIP_OP_STRING_LENGTH) {
        return 1;
    }
    return code == TIP_OP_IF ? 3 : 2;
}

void tip_build_apply(struct tip_build *build, enum tip_opcode code, size_t at)
{
    size_t count = operands_of(code);
    struct tip_operand *first;
    struct tip_operand result;

    if (build->failed) {
        return;
    }
    assert(build->operand_count >= count);
    build->operand_count -= count;
    first = &build->operands[build->operand_count];
    result = first[0];
    if (count == 1) {
        result.type = apply_one(build, code, at, &first[0]);
        result.literal = false;
    } else if (count == 2) {
        result.type = apply_two(build, code, at, &first[0], &first[1]);
        result.list = first[0].list;
        result.literal =
            code == TIP_OP_COALESCE && first[0].literal && first[1].literal;
    } else {
        if (first[0].type != TIP_OPERAND_TRUTH) {
            tip_build_fail(build, at, "if() asks a condition first, not %s.",
                           tip_operand_name(first[0].type));
        } else if (!tip_build_unify(build, &first[1], &first[2]) ||
                   first[1].type == TIP_OPERAND_SET) {
            refuse_pair(build, at, &first[1], &first[2]);
        }
        emit(build, (struct tip_op){.code = code, .at = at});
        result.type = first[1].type;
        result.list = first[1].list;
        result.literal = first[1].literal && first[2].literal;
    }
    push(build, result, at);
}

void tip_build_date(struct tip_build *build, size_t at)
{
    struct tip_operand *top;

    if (build->failed) {
        return;
    }
    assert(build->operand_count != 0);
    top = &build->operands[build->operand_count - 1];
    if (!top->literal || top->first_op + 1 != build->op_count) {
        tip_build_fail(build, at,
                       "date() takes a text, as date('2026-11-23').");
        return;
    }
    tip_build_settle(build, top->first_op, build->op_count, TIP_OPERAND_DATE,
                     NULL);
    top->type = TIP_OPERAND_DATE;
    top->literal = false;
}
