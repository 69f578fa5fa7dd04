/* What waits for a person, counted without reading every record. */
#ifndef TIP_DESK_CONTESTED_H
#define TIP_DESK_CONTESTED_H

#include "tip_desk.h"

/** Records with something to decide. Plain data; zero: none. */
struct tip_contested {
    uint64_t count;
    uint64_t oldest_ms; /* How long the oldest waits, by its authors' clocks. */
    bool are_more;      /* The count was stopped. */
};

/** Count one more, that waits for @age_ms. */
void tip_contested_add(struct tip_contested *all, uint64_t age_ms);

/** Is told of each that is counted; @record is borrowed for the call. */
typedef void tip_contested_fn(void *self, const struct tip_record *record,
                              uint64_t age_ms);

/** Count them all, as people see them now, a second's worth of work at most.
 * @each may be NULL. Passes over what cannot be read, which is told elsewhere.
 * TIP_ENOMEM and errors of the store. */
TIP_MUST_USE enum tip_err tip_desk_contested(struct tip_desk *desk,
                                             tip_contested_fn *each, void *self,
                                             struct tip_contested *out_all);

#endif /* TIP_DESK_CONTESTED_H */
