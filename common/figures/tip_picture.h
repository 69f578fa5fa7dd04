/*
 * Internal: what a reader sees of the fields of a record that anything counts.
 *
 * Taken once a change, in one walk over the siblings; every indicator of the
 * type then looks at the picture. It borrows from the record.
 */
#ifndef TIP_PICTURE_H
#define TIP_PICTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tip_catalogue.h"
#include "tip_condition.h"
#include "tip_err.h"
#include "tip_numbering.h"
#include "tip_record.h"

enum { TIP_SLOT_NONE = UINT16_MAX };

/** The fields of one record type that are counted. */
struct tip_slots {
    const struct tip_type *type;
    uint16_t *by_field; /* Owned: slot of each field of the type, or none. */
    uint16_t *fields;   /* Owned: the field of each slot, its place in type. */
    size_t count;
};

/** What is seen of one field. */
struct tip_slot {
    const struct tip_value *value; /* NULL: missing; always so for sets. */
    size_t first_code;             /* Of a set. */
    size_t code_count;
    bool disputed; /* Another live sibling holds another value. */
};

/** Caller-allocated; owns its arrays. */
struct tip_picture {
    struct tip_values base; /* First member: conditions read from it. */
    const struct tip_slots *of;
    bool is_present; /* The record is there and not deleted. */
    bool disputed;   /* Deleted by somebody who did not know of an edit. */
    uint32_t office;
    struct tip_slot *slots;
    size_t slot_max;
    uint32_t *codes; /* Of all sets, ascending within each. */
    size_t code_max;
};

/** Start without memory. */
void tip_picture_init(struct tip_picture *picture);

void tip_picture_deinit(struct tip_picture *picture);

/** Take the picture of @record, NULL: of no record. TIP_ENOMEM. */
TIP_MUST_USE enum tip_err tip_picture_take(struct tip_picture *picture,
                                           const struct tip_slots *slots,
                                           const struct tip_record *record,
                                           const struct tip_schema *schema);

/** The codes of the set in slot @slot, borrowed. */
static inline struct tip_run tip_picture_set(const struct tip_picture *picture,
                                             size_t slot)
{
    return (struct tip_run){.codes = picture->codes +
                                     picture->slots[slot].first_code,
                            .count = picture->slots[slot].code_count};
}

/** Do both show the same in slot @slot? */
bool tip_picture_slot_equal(const struct tip_picture *a,
                            const struct tip_picture *b, size_t slot);

#endif /* TIP_PICTURE_H */
