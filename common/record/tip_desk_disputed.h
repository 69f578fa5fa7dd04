/*
 * In which fields people disagree, in which offices, and for how long: what
 * tip_desk_contested.h counts, by kind. It names fields and offices, never a
 * record or a value.
 */
#ifndef TIP_DESK_DISPUTED_H
#define TIP_DESK_DISPUTED_H

#include "tip_desk_contested.h"

enum { TIP_DISPUTES_MAX = 512 };

/** One field of one record type, in what one office holds. Plain data. */
struct tip_dispute {
    uint32_t office;      /* TIP_OFFICE_ALL: of records that everybody has. */
    uint32_t type, field; /* TIP_FIELD_DELETED: deleted, and edited. */
    uint64_t count;
    uint64_t oldest_ms; /* As in struct tip_contested. */
};

/** All of them. What several offices hold counts at each. Plain data; zero:
 * none. Large, so keep it on the heap. */
struct tip_disputes {
    struct tip_dispute items[TIP_DISPUTES_MAX]; /* Once sorted, the oldest
                                                 * first. */
    size_t count;
    bool are_more; /* Than there is place for. */
};

/** Count what waits in @record, at @now_ms by the wall clock. */
void tip_disputes_add(struct tip_disputes *disputes,
                      const struct tip_record *record,
                      const struct tip_schema *schema, uint64_t now_ms);

void tip_disputes_sort(struct tip_disputes *disputes);

/** Count and sort all there is at @desk; @out_all as of tip_desk_contested(),
 * whose errors these are. */
TIP_MUST_USE enum tip_err tip_desk_disputed(struct tip_desk *desk,
                                            struct tip_disputes *out_disputes,
                                            struct tip_contested *out_all);

/** The name of its record type, and of its field, borrowed from the catalogue
 * of @desk; empty: only the number is known. May the hub decide it too? What it
 * cannot read it cannot. */
struct tip_bytes tip_dispute_type(const struct tip_desk *desk,
                                  const struct tip_dispute *dispute);
struct tip_bytes tip_dispute_field(const struct tip_desk *desk,
                                   const struct tip_dispute *dispute);
bool tip_dispute_is_for_hub(const struct tip_desk *desk,
                            const struct tip_dispute *dispute);

#endif /* TIP_DESK_DISPUTED_H */
