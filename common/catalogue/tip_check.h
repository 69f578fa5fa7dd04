/*
 * May this value stand in the field, and does the record hold together?
 *
 * The sentence for a person comes from tip_breach_format(): the label of the
 * field and the rule, or the catalogue's own message for the constraint.
 */
#ifndef TIP_CHECK_H
#define TIP_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tip_buf.h"
#include "tip_catalogue.h"
#include "tip_condition.h"
#include "tip_rule.h"

/**
 * May @value be in @field as it is stored and sent: of a fact its own kind, of
 * a set an element, of identity and sealed fields opaque bytes? Codes may be
 * retired. Kind none always may.
 */
enum tip_rule tip_check_stored(const struct tip_field *field,
                               const struct tip_value *value);

/**
 * May a person enter @value in @field now? As above, but in the clear, and
 * without what is retired or calculated. Of a set, call it for each element as
 * a value of kind code. Constraints look at the record: see below.
 */
enum tip_rule tip_check_entered(const struct tip_field *field,
                                const struct tip_value *value);

/** A rule that is broken. */
struct tip_breach {
    const struct tip_field *field;
    enum tip_rule rule;
};

/**
 * Check a whole record of @type, as it will be after a save, in the order of
 * the catalogue: required, relevant, constraint, choice_filter. Writes at most
 * @breaches_max, returns how many there are. What a sealed value hides from us
 * is not held against the record.
 */
size_t tip_check_record(const struct tip_type *type,
                        const struct tip_values *values, int32_t today,
                        struct tip_breach *breaches, size_t breaches_max);

/** Write "Age: write a whole number, as 12." with the label in @language. */
void tip_breach_format(const struct tip_catalogue *catalogue,
                       const struct tip_breach *breach, size_t language,
                       struct tip_buf *out_text);

#endif /* TIP_CHECK_H */
