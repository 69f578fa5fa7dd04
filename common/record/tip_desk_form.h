/*
 * Private to this folder: a record while it is being filled in.
 *
 * Holds every field of the type in the clear, as it was and as it shall be. The
 * rules of the catalogue are asked of the whole; what differs at the end
 * becomes the changes of a draft.
 */
#ifndef TIP_DESK_FORM_H
#define TIP_DESK_FORM_H

#include "tip_condition.h"
#include "tip_desk_input.h"
#include "tip_desk_ring.h"
#include "tip_draft.h"
#include "tip_problems.h"
#include "tip_rule.h"

/* Codes of a set, ascending. */
struct tip_form_set {
    uint32_t *codes;
    size_t count;
};

/** One field. */
struct tip_form_cell {
    struct tip_value was; /* Opaque: sealed, and we cannot open it. */
    struct tip_value now;
    struct tip_form_set had; /* Of sets. */
    struct tip_form_set has;
    bool was_parallel;
    bool is_touched;
    struct tip_value sealed; /* @now as it was sealed by somebody; or none. */
};

enum { TIP_FORM_RESERVED_MAX = 8 };

struct tip_form {
    struct tip_values base;  /* First member, so the cast is valid. */
    struct tip_desk *desk;   /* Borrowed. */
    struct tip_arena *arena; /* Borrowed. */
    struct tip_record view;  /* What there is; empty if new. */
    const struct tip_type *type;
    struct tip_desk_ring ring;
    struct tip_form_cell *cells; /* One per field of @type, by number. */
    const uint32_t *offices;     /* Of a new record. */
    size_t office_count;
    bool is_new;
    struct tip_change reserved[TIP_FORM_RESERVED_MAX]; /* Of fields of ours. */
    size_t reserved_count;
    enum tip_rule *broken;         /* By field, before anything was touched. */
    struct tip_problems *problems; /* Borrowed. */
    struct tip_place place;        /* Of problems, but for the column. */
};

/** Start a new record of @type, to be held by @offices, or one as it is in
 * @view. Both are borrowed; @view may open in part only. TIP_EUNKNOWN_TYPE,
 * TIP_ENOMEM. Always end with tip_form_deinit(). */
TIP_MUST_USE enum tip_err
tip_form_init(struct tip_form *form, struct tip_desk *desk,
              struct tip_arena *arena, const struct tip_record *view,
              struct tip_problems *problems, struct tip_place place);

/** Wipe the keys. */
void tip_form_deinit(struct tip_form *form);

/** Take one input. Faults go to the problems: TIP_EUNKNOWN_FIELD, TIP_EVALUE,
 * TIP_ESEALED; TIP_ENOMEM. */
TIP_MUST_USE enum tip_err tip_form_put(struct tip_form *form,
                                       const struct tip_desk_input *input);

/** Take a value that was read already; of a set, an element to add. Errors as
 * above. */
TIP_MUST_USE enum tip_err tip_form_put_value(struct tip_form *form,
                                             const struct tip_field *field,
                                             const struct tip_value *value);

/** Take what @sibling holds, as it is. */
TIP_MUST_USE enum tip_err tip_form_take(struct tip_form *form,
                                        const struct tip_field *field,
                                        const struct tip_sibling *sibling);

/** Hide the record, or bring it back; or let @office hold it, or no more; or
 * write @value for @office into TIP_FIELD_REFERRAL. Each once at most, and
 * TIP_FORM_RESERVED_MAX in all. */
void tip_form_put_deletion(struct tip_form *form, bool deleted);
void tip_form_put_holder(struct tip_form *form, uint32_t office, bool holds);
void tip_form_put_referral(struct tip_form *form, uint32_t office,
                           const struct tip_value *value);

/**
 * Calculate, check the whole, and give the changes, sorted, in the arena; none
 * if nothing differs. TIP_EVALUE: see the problems. Of a record that was there,
 * only what the inputs touched or broke is held against them.
 */
TIP_MUST_USE enum tip_err tip_form_finish(struct tip_form *form,
                                          const struct tip_change **out_changes,
                                          size_t *out_count);

/** Add "LABEL: SENTENCE" for @field to @problems. */
void tip_form_complain(const struct tip_desk *desk,
                       struct tip_problems *problems, struct tip_place place,
                       const struct tip_field *field, enum tip_rule rule);

#endif /* TIP_DESK_FORM_H */
