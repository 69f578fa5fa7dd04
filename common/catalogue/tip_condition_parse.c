/*
 * Conditions, from text to a program for a stack.
 *
 * Two stacks instead of recursion: operators and open brackets wait in one
 * until what binds tighter has been emitted, the other (tip_condition_build)
 * follows the types of what will be on the stack when it runs.
 */
#include <assert.h>

#include "tip_condition_build.h"
#include "tip_condition_lex.h"
#include "tip_pointers.h"
#include "tip_problems.h"

enum { WAITING_MAX = 32, BRACKET = -1, PRECEDENCE_NEGATE = 7 };

struct operator_name {
    const char *name;
    enum tip_opcode code;
    int precedence;
};

static const struct operator_name operators[] = {
    {"or", TIP_OP_OR, 1},      {"and", TIP_OP_AND, 2},
    {"=", TIP_OP_EQUAL, 3},    {"!=", TIP_OP_UNEQUAL, 3},
    {"<", TIP_OP_LESS, 4},     {"<=", TIP_OP_LESS_EQUAL, 4},
    {">", TIP_OP_GREATER, 4},  {">=", TIP_OP_GREATER_EQUAL, 4},
    {"+", TIP_OP_ADD, 5},      {"-", TIP_OP_SUBTRACT, 5},
    {"*", TIP_OP_MULTIPLY, 6}, {"div", TIP_OP_DIVIDE, 6},
    {"mod", TIP_OP_MODULO, 6}};

struct function {
    const char *name;
    size_t argument_count;
    enum tip_opcode code;
};

/* date() is TIP_OP_DATE: a literal and no operation of its own. */
static const struct function functions[] = {
    {"not", 1, TIP_OP_NOT},
    {"if", 3, TIP_OP_IF},
    {"coalesce", 2, TIP_OP_COALESCE},
    {"selected", 2, TIP_OP_SELECTED},
    {"count-selected", 1, TIP_OP_COUNT_SELECTED},
    {"string-length", 1, TIP_OP_STRING_LENGTH},
    {"date", 1, TIP_OP_DATE},
    {"today", 0, TIP_OP_TODAY},
    {"true", 0, TIP_OP_TRUTH},
    {"false", 0, TIP_OP_TRUTH}};

/* An operator or an open bracket that waits for what follows it. */
struct waiting {
    int precedence; /* BRACKET for brackets. */
    enum tip_opcode code;
    const struct function *function; /* Of a bracket: the call; or NULL. */
    size_t argument_count;
    size_t at;
};

struct parser {
    struct tip_bytes text;
    size_t position;
    struct tip_token token;
    struct waiting waiting[WAITING_MAX];
    size_t waiting_count;
    bool wants_operand;
    struct tip_build build;
};

static void advance(struct parser *parser)
{
    parser->token = tip_token_next(parser->text, &parser->position);
    if (parser->token.kind == TIP_TOKEN_BAD) {
        tip_build_fail(&parser->build, parser->token.at, "%s",
                       parser->token.fault);
    }
}

static bool token_is(const struct parser *parser, const char *sign)
{
    return parser->token.kind == TIP_TOKEN_SIGN &&
           tip_bytes_equal(parser->token.text, tip_bytes_text(sign));
}

static void wait_for(struct parser *parser, struct waiting waiting)
{
    if (parser->waiting_count == WAITING_MAX) {
        tip_build_fail(&parser->build, waiting.at,
                       "This is nested too deeply: split it.");
        return;
    }
    parser->waiting[parser->waiting_count++] = waiting;
}

/* Emit what waits and binds at least as tightly as @precedence. */
static void reduce(struct parser *parser, int precedence)
{
    while (parser->waiting_count != 0 && !parser->build.failed) {
        struct waiting top = parser->waiting[parser->waiting_count - 1];

        if (top.precedence == BRACKET || top.precedence < precedence) {
            return;
        }
        parser->waiting_count--;
        tip_build_apply(&parser->build, top.code, top.at);
    }
}

static void call(struct parser *parser, const struct waiting *bracket)
{
    const struct function *function = bracket->function;

    if (bracket->argument_count != function->argument_count) {
        tip_build_fail(&parser->build, bracket->at, "%s() takes %zu arguments.",
                       function->name, function->argument_count);
    } else if (function->code == TIP_OP_TRUTH) {
        struct tip_op op = {.code = TIP_OP_TRUTH,
                            .at = bracket->at,
                            .u.number = function->name[0] == 't'};

        tip_build_push(&parser->build, op, TIP_OPERAND_TRUTH, NULL);
    } else if (function->code == TIP_OP_TODAY &&
               parser->build.scope->timeless) {
        tip_build_fail(&parser->build, bracket->at,
                       "today() may not decide what is counted: a figure "
                       "would change by itself.");
    } else if (function->code == TIP_OP_TODAY) {
        struct tip_op op = {.code = TIP_OP_TODAY, .at = bracket->at};

        tip_build_push(&parser->build, op, TIP_OPERAND_DATE, NULL);
    } else if (function->code == TIP_OP_DATE) {
        tip_build_date(&parser->build, bracket->at);
    } else {
        tip_build_apply(&parser->build, function->code, bracket->at);
    }
}

static void close_bracket(struct parser *parser)
{
    struct waiting bracket;

    reduce(parser, 0);
    if (parser->build.failed) {
        return;
    }
    if (parser->waiting_count == 0) {
        tip_build_fail(&parser->build, parser->token.at,
                       "This bracket was never opened.");
        return;
    }
    bracket = parser->waiting[--parser->waiting_count];
    if (bracket.function != NULL) {
        call(parser, &bracket);
    }
    parser->wants_operand = false;
    advance(parser);
}

static void next_argument(struct parser *parser)
{
    struct waiting *bracket;

    reduce(parser, 0);
    if (parser->build.failed) {
        return;
    }
    bracket = parser->waiting_count == 0
                  ? NULL
                  : &parser->waiting[parser->waiting_count - 1];
    if (bracket == NULL || bracket->function == NULL) {
        tip_build_fail(&parser->build, parser->token.at,
                       "A comma stands between arguments of a function "
                       "alone.");
        return;
    }
    bracket->argument_count++;
    parser->wants_operand = true;
    advance(parser);
}

static void open_function(struct parser *parser)
{
    struct waiting bracket = {
        .precedence = BRACKET, .argument_count = 1, .at = parser->token.at};
    struct tip_bytes name = parser->token.text;

    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        if (tip_bytes_equal(name, tip_bytes_text(functions[i].name))) {
            bracket.function = &functions[i];
        }
    }
    advance(parser);
    if (bracket.function == NULL || !token_is(parser, "(")) {
        tip_build_fail(&parser->build, bracket.at,
                       "\"%.*s\" is not known here: a field is written "
                       "${name}, a code in quotation marks.",
                       TIP_SHOWN(name));
        return;
    }
    wait_for(parser, bracket);
    advance(parser);
    if (token_is(parser, ")") && !parser->build.failed) {
        parser->waiting[parser->waiting_count - 1].argument_count = 0;
        close_bracket(parser);
    }
}

static void push_literal(struct parser *parser)
{
    const struct tip_token *token = &parser->token;
    struct tip_op op = {.at = token->at};

    if (token->kind == TIP_TOKEN_NUMBER) {
        op.code = TIP_OP_NUMBER;
        op.u.number = token->number;
        tip_build_push(&parser->build, op, TIP_OPERAND_NUMBER, NULL);
    } else {
        op.code = TIP_OP_TEXT;
        op.u.text = token->text;
        tip_build_push(&parser->build, op, TIP_OPERAND_TEXT, NULL);
    }
}

/* A bracket or a minus sign in front of an operand. */
static bool take_prefix(struct parser *parser)
{
    struct waiting waiting = {.at = parser->token.at};

    if (token_is(parser, "(")) {
        waiting.precedence = BRACKET;
    } else if (token_is(parser, "-")) {
        waiting.precedence = PRECEDENCE_NEGATE;
        waiting.code = TIP_OP_NEGATE;
    } else {
        return false;
    }
    wait_for(parser, waiting);
    advance(parser);
    return true;
}

static void take_operand(struct parser *parser)
{
    const struct tip_token *token = &parser->token;

    switch (token->kind) {
    case TIP_TOKEN_NUMBER:
    case TIP_TOKEN_TEXT:
        push_literal(parser);
        break;
    case TIP_TOKEN_FIELD:
        tip_build_push_field(&parser->build, token->text, token->at);
        break;
    case TIP_TOKEN_SELF:
        tip_build_push_self(&parser->build, token->at);
        break;
    case TIP_TOKEN_WORD:
        parser->wants_operand = true;
        open_function(parser);
        return;
    case TIP_TOKEN_SIGN:
    case TIP_TOKEN_END:
    case TIP_TOKEN_BAD:
        if (!take_prefix(parser)) {
            tip_build_fail(&parser->build, token->at,
                           "A value is missing here.");
        }
        return;
    }
    parser->wants_operand = false;
    advance(parser);
}

static const struct operator_name *find_operator(const struct tip_token *token)
{
    if (token->kind != TIP_TOKEN_SIGN && token->kind != TIP_TOKEN_WORD) {
        return NULL;
    }
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
        if (tip_bytes_equal(token->text, tip_bytes_text(operators[i].name))) {
            return &operators[i];
        }
    }
    return NULL;
}

static void take_operator(struct parser *parser)
{
    const struct operator_name *found = find_operator(&parser->token);
    struct waiting waiting = {.at = parser->token.at};

    if (token_is(parser, ")")) {
        close_bracket(parser);
        return;
    }
    if (token_is(parser, ",")) {
        next_argument(parser);
        return;
    }
    if (found == NULL) {
        tip_build_fail(&parser->build, parser->token.at,
                       "An operator is missing here, as = or and.");
        return;
    }
    reduce(parser, found->precedence);
    waiting.precedence = found->precedence;
    waiting.code = found->code;
    wait_for(parser, waiting);
    parser->wants_operand = true;
    advance(parser);
}

static void parse(struct parser *parser)
{
    parser->wants_operand = true;
    advance(parser);
    while (!parser->build.failed &&
           (parser->token.kind != TIP_TOKEN_END || parser->wants_operand)) {
        if (parser->wants_operand) {
            take_operand(parser);
        } else {
            take_operator(parser);
        }
    }
    reduce(parser, 0);
    if (!parser->build.failed && parser->waiting_count != 0) {
        tip_build_fail(&parser->build,
                       parser->waiting[parser->waiting_count - 1].at,
                       "This bracket is never closed.");
    }
    if (!parser->build.failed) {
        tip_build_finish(&parser->build);
    }
}

/* Copy the program and the texts in it out of the parser. */
static enum tip_err keep(struct tip_arena *arena, const struct parser *parser,
                         const struct tip_condition **out_condition)
{
    const struct tip_build *build = &parser->build;
    struct tip_bytes text;
    struct tip_condition *condition = tip_arena_alloc(arena, sizeof *condition);
    struct tip_op *ops =
        tip_arena_alloc_array(arena, build->op_count, sizeof *ops);
    const struct tip_field **fields =
        tip_pointers_alloc(arena, build->field_count);

    if (condition == NULL || ops == NULL || fields == NULL ||
        tip_arena_copy(arena, parser->text, &text) != TIP_OK) {
        return TIP_ENOMEM;
    }
    for (size_t i = 0; i < build->op_count; i++) {
        ops[i] = build->ops[i];
        if (ops[i].code == TIP_OP_TEXT &&
            tip_arena_copy(arena, ops[i].u.text, &ops[i].u.text) != TIP_OK) {
            return TIP_ENOMEM;
        }
    }
    for (size_t i = 0; i < build->field_count; i++) {
        fields[i] = build->fields[i];
    }
    *condition = (struct tip_condition){.ops = ops,
                                        .op_count = build->op_count,
                                        .fields = fields,
                                        .field_count = build->field_count,
                                        .text = text};
    *out_condition = condition;
    return TIP_OK;
}

enum tip_err tip_condition_compile(struct tip_arena *arena,
                                   struct tip_bytes text,
                                   const struct tip_condition_scope *scope,
                                   const struct tip_condition **out_condition,
                                   struct tip_condition_fault *out_fault)
{
    struct parser parser = {.text = text,
                            .build = {.scope = scope, .fault = out_fault}};

    if (text.size > TIP_CONDITION_BYTES_MAX) {
        tip_build_fail(&parser.build, 1, "This is longer than %d bytes.",
                       TIP_CONDITION_BYTES_MAX);
        return TIP_ECATALOGUE;
    }
    parse(&parser);
    if (parser.build.failed) {
        return TIP_ECATALOGUE;
    }
    assert(parser.build.operand_count == 1);
    return keep(arena, &parser, out_condition);
}
