/* A catalogue of a few rules, by field number, for tests without a catalogue.
 */
#ifndef FAKE_SCHEMA_H
#define FAKE_SCHEMA_H

#include "tip_merge.h"

enum {
    FAKE_TYPE = 20,
    FAKE_LATEST = 20, /* Fields 20..29 are latest, and so on. */
    FAKE_REVIEW = 30,
    FAKE_RANKED = 40,
    FAKE_SET = 50,
    FAKE_FIELD_END = 60,
    FAKE_CODE_BAD = 999 /* No field may hold it. */
};

static inline enum tip_merge_rule
fake_schema_rule(const struct tip_schema *self, uint32_t type, uint32_t field)
{
    (void)self;
    (void)type;
    if (field < FAKE_REVIEW || field >= FAKE_FIELD_END) {
        return TIP_MERGE_LATEST;
    }
    if (field < FAKE_RANKED) {
        return TIP_MERGE_REVIEW;
    }
    return field < FAKE_SET ? TIP_MERGE_RANKED : TIP_MERGE_SET;
}

/* The rank of a code is the code. */
static inline uint32_t fake_schema_rank(const struct tip_schema *self,
                                        uint32_t type, uint32_t field,
                                        const struct tip_value *value)
{
    (void)self;
    (void)type;
    (void)field;
    return value->kind == TIP_VALUE_CODE ? value->code : 0;
}

static inline enum tip_err fake_schema_check(const struct tip_schema *self,
                                             uint32_t type, uint32_t field,
                                             const struct tip_value *value)
{
    (void)self;
    if (type != FAKE_TYPE) {
        return TIP_EUNKNOWN_TYPE;
    }
    if (field >= FAKE_FIELD_END) {
        return TIP_EUNKNOWN_FIELD;
    }
    return value->kind == TIP_VALUE_CODE && value->code == FAKE_CODE_BAD
               ? TIP_EVALUE
               : TIP_OK;
}

#define FAKE_SCHEMA                                \
    ((struct tip_schema){.rule = fake_schema_rule, \
                         .rank = fake_schema_rank, \
                         .check = fake_schema_check})

#endif /* FAKE_SCHEMA_H */
