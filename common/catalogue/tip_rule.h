/*
 * The rules a value or a record can break, each with its sentence.
 *
 * A sentence never repeats what was typed: it may name a person.
 */
#ifndef TIP_RULE_H
#define TIP_RULE_H

/* name, sentence that follows "LABEL: " */
#define TIP_RULE_MAP(X)                                                     \
    X(TIP_RULE_KEPT, "is as it should be.")                                 \
    X(TIP_RULE_KIND, "this is another kind of value than the field holds.") \
    X(TIP_RULE_INTEGER, "write a whole number, as 12.")                     \
    X(TIP_RULE_DATE, "write a date that exists, as 2026-11-23, 2026-11 or " \
                     "2026.")                                               \
    X(TIP_RULE_PRECISION, "this date must be given more precisely.")        \
    X(TIP_RULE_ANSWER, "write yes, no, unknown or refused.")                \
    X(TIP_RULE_AMOUNT, "write an amount and its currency, as 1500.00 MRU.") \
    X(TIP_RULE_CURRENCY, "the list \"currency\" has no such currency.")     \
    X(TIP_RULE_CODE, "the list has no such code.")                          \
    X(TIP_RULE_RETIRED, "this code is retired: choose another.")            \
    X(TIP_RULE_REFERENCE, "write the id of a record, 36 characters.")       \
    X(TIP_RULE_TEXT, "this is not UTF-8 text, or has control characters.")  \
    X(TIP_RULE_LONG, "this is too long: 16 KiB at most.")                   \
    X(TIP_RULE_CONSTRAINT, "this value is not allowed here.")               \
    X(TIP_RULE_REQUIRED, "this must be filled in.")                         \
    X(TIP_RULE_RELEVANT, "this does not apply here: leave it empty.")       \
    X(TIP_RULE_WITHIN, "this does not belong to what was chosen above it.") \
    X(TIP_RULE_CALCULATED, "this is calculated: leave it to the program.")  \
    X(TIP_RULE_FIELD_RETIRED, "this field is no longer used: leave it empty.")

enum tip_rule {
#define TIP_RULE_ENUM(name, sentence) name,
    TIP_RULE_MAP(TIP_RULE_ENUM)
#undef TIP_RULE_ENUM
};

/** The sentence of @rule, never NULL. */
const char *tip_rule_text(enum tip_rule rule);

#endif /* TIP_RULE_H */
