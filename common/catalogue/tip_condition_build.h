/* Private to this folder: a condition while it is being compiled. */
#ifndef TIP_CONDITION_BUILD_H
#define TIP_CONDITION_BUILD_H

#include "tip_condition_program.h"

enum { TIP_CONDITION_FIELDS_MAX = 32 };

/* What will lie on the stack when the program has run this far. */
struct tip_operand {
    enum tip_operand_type type;
    const struct tip_list *list; /* Of codes and sets. */
    size_t first_op;             /* Where its part of the program begins. */
    bool literal; /* Nothing but literals that may still become a type. */
};

struct tip_build {
    const struct tip_condition_scope *scope;
    struct tip_condition_fault *fault;
    bool failed;
    struct tip_op ops[TIP_CONDITION_OPS_MAX];
    size_t op_count;
    struct tip_operand operands[TIP_CONDITION_STACK_MAX];
    size_t operand_count;
    const struct tip_field *fields[TIP_CONDITION_FIELDS_MAX];
    size_t field_count;
};

/** Note the first fault; the sentence as in printf. */
__attribute__((format(printf, 3, 4))) void
tip_build_fail(struct tip_build *build, size_t at, const char *format, ...);

/** Emit @op, which pushes an operand of @type. */
void tip_build_push(struct tip_build *build, struct tip_op op,
                    enum tip_operand_type type, const struct tip_list *list);

/** Push the field called @name, or the field itself. */
void tip_build_push_field(struct tip_build *build, struct tip_bytes name,
                          size_t at);
void tip_build_push_self(struct tip_build *build, size_t at);

/** Check the operands of @code, emit it and push its result. */
void tip_build_apply(struct tip_build *build, enum tip_opcode code, size_t at);

/** date('…'): make the literal on top a date. */
void tip_build_date(struct tip_build *build, size_t at);

/** Make the literals in ops @first to before @end what stands beside them: a
 * code of @list, an answer, a date. '' stays: it is blank, whatever the type.
 */
void tip_build_settle(struct tip_build *build, size_t first, size_t end,
                      enum tip_operand_type type, const struct tip_list *list);

/** Give the two topmost operands one type; false if they have none. */
bool tip_build_unify(struct tip_build *build, struct tip_operand *left,
                     struct tip_operand *right);

/** "a number" and the like. */
const char *tip_operand_name(enum tip_operand_type type);

enum tip_operand_type tip_operand_of_kind(enum tip_kind kind);

/** Check that the one operand left is what the scope wants. */
void tip_build_finish(struct tip_build *build);

#endif /* TIP_CONDITION_BUILD_H */
