/* Private to this folder: what lies on the stack of a running condition. */
#ifndef TIP_CONDITION_OPERAND_H
#define TIP_CONDITION_OPERAND_H

#include "tip_condition_program.h"

struct tip_run_operand {
    enum tip_operand_type type;
    bool blank;   /* Not known; of a truth: unknown. */
    bool sealed;  /* Blank to us, though somebody filled it in. */
    bool literal; /* Written in the condition. */
    union {
        int64_t number; /* Truths, numbers, codes, answers. */
        struct tip_bytes text;
        struct {
            int32_t day;
            enum tip_date_precision precision;
        } date;
        struct {
            int64_t minor;
            uint32_t currency;
        } amount;
        struct {
            const uint32_t *codes;
            size_t count;
        } set;
        struct tip_id reference;
    } u;
};

/** What @value of a field of @kind is; blank if it is of another kind. */
struct tip_run_operand tip_run_operand_of(enum tip_kind kind,
                                          const struct tip_value *value);

/** The value for a field of @kind; kind none if @operand is blank. */
struct tip_value tip_run_value(enum tip_kind kind,
                               const struct tip_run_operand *operand);

/* Both operands are known; the compiler has checked their types. */

enum tip_truth tip_run_compare(enum tip_opcode code,
                               const struct tip_run_operand *left,
                               const struct tip_run_operand *right);

/** Blank where the result is not known or cannot be kept. */
struct tip_run_operand tip_run_calculate(enum tip_opcode code,
                                         const struct tip_run_operand *left,
                                         const struct tip_run_operand *right);
struct tip_run_operand tip_run_negate(struct tip_run_operand operand);

#endif /* TIP_CONDITION_OPERAND_H */
