/*
 * Internal: the ids a body has said, so that none is said twice.
 *
 * An id is said in full once; after that it is a distance back. Its time is
 * close to the stamp of the change-set, its tail is random.
 */
#ifndef TIP_WIRE_IDS_H
#define TIP_WIRE_IDS_H

#include "tip_arena.h"
#include "tip_err.h"
#include "tip_id.h"

/** Caller-allocated; its arrays are in an arena. */
struct tip_wire_ids {
    struct tip_id *ids;
    size_t count;
    size_t count_max;
    uint32_t *slots; /* Hash table of place plus one; NULL when reading. */
    size_t slot_count;
};

/** Room for @count_max ids; @finds: tip_wire_ids_find() will be used. */
TIP_MUST_USE enum tip_err tip_wire_ids_init(struct tip_wire_ids *ids,
                                            size_t count_max, bool finds,
                                            struct tip_arena *arena);

/** How far back @id stands, 1 being the newest; 0: it was not there, and was
 * added. Now and then an id that is there is not found: then it is said again,
 * which costs bytes and nothing else. */
size_t tip_wire_ids_find(struct tip_wire_ids *ids, const struct tip_id *id);

/** Milliseconds in @id and the rest of it. */
uint64_t tip_wire_id_time(const struct tip_id *id);
struct tip_bytes tip_wire_id_tail(const struct tip_id *id);

#endif /* TIP_WIRE_IDS_H */
