/*
 * Conditions: relevant, constraint, calculation and what an indicator counts.
 *
 * A small subset of XPath as XLSForm writes it; README lists all of it. Text
 * is compiled once, when the catalogue is loaded, to a flat program that is
 * checked for types and stack; running it cannot fail, loop or recurse.
 *
 * Truth has three values. What nobody asked, and an answer "unknown" or
 * "refused", makes a comparison unknown, never false: unknown is not "no".
 */
#ifndef TIP_CONDITION_H
#define TIP_CONDITION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tip_arena.h"
#include "tip_catalogue.h"
#include "tip_err.h"
#include "tip_value.h"

enum {
    TIP_CONDITION_OPS_MAX = 256,
    TIP_CONDITION_STACK_MAX = 32,
    TIP_CONDITION_BYTES_MAX = 2048
};

enum tip_truth { TIP_FALSE = 0, TIP_TRUE = 1, TIP_UNKNOWN = 2 };

struct tip_op;

/** A compiled condition; lives in the arena it was compiled into. */
struct tip_condition {
    const struct tip_op *ops;
    size_t op_count;
    /* The fields it looks at, each once; not the field itself (".") . */
    const struct tip_field *const *fields;
    size_t field_count;
    struct tip_bytes text; /* As it was written. */
};

/** What a condition may be about. */
struct tip_condition_scope {
    const struct tip_catalogue *catalogue;
    const struct tip_type *type;  /* Whose fields ${name} means. */
    const struct tip_field *self; /* What "." means; NULL: not allowed. */
    /* NULL: the result is a truth. Else a value for this field. */
    const struct tip_field *result;
    /* The hub must be able to decide it: no identity, no sealed field. */
    bool facts_only;
    bool timeless; /* It may not ask what day it is. */
};

/** Why a condition does not compile. */
struct tip_condition_fault {
    size_t at; /* Character of the text, from 1. */
    char text[192];
};

/** TIP_ECATALOGUE: it is wrong; see @out_fault. TIP_ENOMEM. */
TIP_MUST_USE enum tip_err
tip_condition_compile(struct tip_arena *arena, struct tip_bytes text,
                      const struct tip_condition_scope *scope,
                      const struct tip_condition **out_condition,
                      struct tip_condition_fault *out_fault);

/** Where the values come from. Implementations embed this as first member. */
struct tip_values {
    /** The value of @field; kind none where nobody wrote it, opaque where it
     * is sealed for others. Not called for sets. Text is borrowed until the
     * condition has been run. */
    struct tip_value (*value)(const struct tip_values *self,
                              const struct tip_field *field);

    /** The codes in the set @field: their number, and an array borrowed until
     * the condition has been run. */
    size_t (*elements)(const struct tip_values *self,
                       const struct tip_field *field,
                       const uint32_t **out_codes);
};

/** Is it so? @today counts days since 1970-01-01. */
enum tip_truth tip_condition_test(const struct tip_condition *condition,
                                  const struct tip_values *values,
                                  int32_t today);

/** The value of a calculation for @field, its scope's result; kind none where
 * something it needs is unknown. Text is borrowed as in tip_values. */
struct tip_value tip_condition_compute(const struct tip_condition *condition,
                                       const struct tip_values *values,
                                       int32_t today,
                                       const struct tip_field *field);

#endif /* TIP_CONDITION_H */
