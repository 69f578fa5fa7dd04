/* Private to this folder: what a compiled condition consists of. */
#ifndef TIP_CONDITION_PROGRAM_H
#define TIP_CONDITION_PROGRAM_H

#include "tip_condition.h"

/* What an operand is, known when compiling. */
enum tip_operand_type {
    TIP_OPERAND_TRUTH,
    TIP_OPERAND_NUMBER,
    TIP_OPERAND_TEXT,
    TIP_OPERAND_DATE,
    TIP_OPERAND_AMOUNT,
    TIP_OPERAND_ANSWER,
    TIP_OPERAND_CODE,
    TIP_OPERAND_SET,
    TIP_OPERAND_REFERENCE
};

enum tip_opcode {
    /* Push one. */
    TIP_OP_TRUTH,  /* u.number: tip_truth */
    TIP_OP_NUMBER, /* u.number */
    TIP_OP_TEXT,   /* u.text */
    TIP_OP_CODE,   /* u.number */
    TIP_OP_ANSWER, /* u.number */
    TIP_OP_DATE,   /* u.date */
    TIP_OP_FIELD,  /* u.field */
    TIP_OP_TODAY,
    /* Pop one, push one. */
    TIP_OP_NOT,
    TIP_OP_NEGATE,
    TIP_OP_IS_BLANK,
    TIP_OP_COUNT_SELECTED,
    TIP_OP_STRING_LENGTH,
    /* Pop two, push one. */
    TIP_OP_AND,
    TIP_OP_OR,
    TIP_OP_EQUAL,
    TIP_OP_UNEQUAL,
    TIP_OP_LESS,
    TIP_OP_LESS_EQUAL,
    TIP_OP_GREATER,
    TIP_OP_GREATER_EQUAL,
    TIP_OP_ADD,
    TIP_OP_SUBTRACT,
    TIP_OP_MULTIPLY,
    TIP_OP_DIVIDE,
    TIP_OP_MODULO,
    TIP_OP_SELECTED,
    TIP_OP_COALESCE,
    /* Pop three, push one. */
    TIP_OP_IF
};

struct tip_op {
    enum tip_opcode code;
    bool settled; /* A literal whose type no longer changes. */
    size_t at;    /* Where in the text, from 1. */
    union {
        int64_t number;
        struct tip_bytes text;
        const struct tip_field *field;
        struct {
            int32_t day;
            enum tip_date_precision precision;
        } date;
    } u;
};

#endif /* TIP_CONDITION_PROGRAM_H */
