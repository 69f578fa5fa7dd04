/* Literals: 'open' is a code, an answer, a date or a text, as what stands
 * beside it. */
#include "tip_condition_build.h"
#include "tip_date.h"
#include "tip_field_text.h"
#include "tip_problems.h"

static void settle_code(struct tip_build *build, struct tip_op *op,
                        const struct tip_list *list)
{
    const struct tip_code *code = tip_list_code_named(list, op->u.text);

    if (code == NULL) {
        tip_build_fail(build, op->at, "The list \"%.*s\" has no code \"%.*s\".",
                       TIP_SHOWN(list->name), TIP_SHOWN(op->u.text));
        return;
    }
    op->code = TIP_OP_CODE;
    op->u.number = code->number;
}

static void settle_answer(struct tip_build *build, struct tip_op *op)
{
    enum tip_answer answer;

    if (!tip_text_answer(op->u.text, &answer)) {
        tip_build_fail(build, op->at,
                       "\"%.*s\" is not yes, no, unknown or refused.",
                       TIP_SHOWN(op->u.text));
        return;
    }
    op->code = TIP_OP_ANSWER;
    op->u.number = (int64_t)answer;
}

static void settle_date(struct tip_build *build, struct tip_op *op)
{
    struct tip_value value = {0};

    if (!tip_date_parse(op->u.text, &value)) {
        tip_build_fail(build, op->at,
                       "\"%.*s\" is not a date as 2026-11-23, 2026-11 or "
                       "2026.",
                       TIP_SHOWN(op->u.text));
        return;
    }
    op->code = TIP_OP_DATE;
    op->u.date.day = value.date.day;
    op->u.date.precision = value.date.precision;
}

/* Make the literals of an operand what stands beside them: a code of its list,
 * an answer, a date. '' stays: it is blank, whatever the type. */
void tip_build_settle(struct tip_build *build, size_t first, size_t end,
                      enum tip_operand_type type, const struct tip_list *list)
{
    for (size_t i = first; i < end && !build->failed; i++) {
        struct tip_op *op = &build->ops[i];

        if (op->code != TIP_OP_TEXT || op->settled) {
            continue;
        }
        op->settled = true;
        if (op->u.text.size == 0) {
            continue;
        }
        if (type == TIP_OPERAND_CODE || type == TIP_OPERAND_SET) {
            settle_code(build, op, list);
        } else if (type == TIP_OPERAND_ANSWER) {
            settle_answer(build, op);
        } else if (type == TIP_OPERAND_DATE) {
            settle_date(build, op);
        }
    }
}

static bool takes_literals(enum tip_operand_type type)
{
    return type == TIP_OPERAND_CODE || type == TIP_OPERAND_ANSWER ||
           type == TIP_OPERAND_DATE;
}

/* Make @literal, ops up to before @end, what @other is. */
static void adopt(struct tip_build *build, struct tip_operand *literal,
                  size_t end, enum tip_operand_type type,
                  const struct tip_list *list)
{
    tip_build_settle(build, literal->first_op, end, type, list);
    literal->type = type;
    literal->list = list;
    literal->literal = false;
}

bool tip_build_unify(struct tip_build *build, struct tip_operand *left,
                     struct tip_operand *right)
{
    if (left->literal && takes_literals(right->type)) {
        adopt(build, left, right->first_op, right->type, right->list);
    } else if (right->literal && takes_literals(left->type)) {
        adopt(build, right, build->op_count, left->type, left->list);
    }
    return left->type == right->type &&
           (left->type != TIP_OPERAND_CODE || left->list == right->list);
}

void tip_build_finish(struct tip_build *build)
{
    const struct tip_field *result = build->scope->result;
    struct tip_operand *only = &build->operands[0];
    enum tip_operand_type wanted =
        result == NULL ? TIP_OPERAND_TRUTH : tip_operand_of_kind(result->kind);

    if (only->literal && takes_literals(wanted)) {
        adopt(build, only, build->op_count, wanted, result->list);
    }
    if (wanted == TIP_OPERAND_ANSWER && only->type == TIP_OPERAND_TRUTH) {
        return; /* True is yes, false is no. */
    }
    if (wanted == TIP_OPERAND_SET) {
        tip_build_fail(build, 1, "A select_multiple cannot be calculated.");
    } else if (only->type != wanted) {
        tip_build_fail(build, 1, "The result is %s, and %s is needed.",
                       tip_operand_name(only->type), tip_operand_name(wanted));
    } else if (wanted == TIP_OPERAND_CODE && only->list != result->list) {
        tip_build_fail(build, 1, "The result is a code of another list.");
    }
}
