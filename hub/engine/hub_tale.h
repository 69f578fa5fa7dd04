/*
 * Internal: records as channels were told of them, and how one that cannot be
 * read is made again of that.
 *
 * What an office's channel was told, from its beginning on, makes the records
 * that the office holds: that is how its node has them. So the hub can make one
 * again from its own frames, from what is in its logs and in no frame yet, and
 * from the feeds of the authors.
 *
 * hub_tale.c    one such record
 * hub_retell.c  …from what the channels were told
 * hub_rebuild.c …checked, and put in its place
 */
#ifndef HUB_TALE_H
#define HUB_TALE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hub_engine.h"
#include "tip_bytes.h"
#include "tip_err.h"
#include "tip_id.h"
#include "tip_wire_record.h"

/** A record that is not among those that can be read, as one channel was told
 * of it. */
struct hub_tale {
    uint32_t channel; /* TIP_CHANNEL_CTL: it was erased. */
    bool has_holes;   /* Not all that channel was told could be read. */
    int worth;        /* Among tales of one record; 0: nothing. */
    struct tip_id id;
    uint64_t birth_commit; /* 0: not known. */
    uint32_t birth_index;
    uint8_t *bytes; /* Owned; tip_wire_record.h. NULL: nothing of it yet. */
    size_t size;
};

struct hub_tales {
    struct hub_tale *list; /* Owned. */
    size_t count, capacity;
};

/* hub_tale.c */

/** Read the beginning of the record that @ref names. TIP_ENOTFOUND: there is
 * none that can be read. */
TIP_MUST_USE enum tip_err hub_tale_peek(struct hub_engine *engine,
                                        const struct tip_record_ref *ref,
                                        struct tip_wire_record_peek *out_head);

/** NULL: @channel was not told of it. */
struct hub_tale *hub_tale_find(const struct hub_tales *tales, uint32_t channel,
                               const struct tip_record_ref *ref);

/** Begin another, which moves the others; NULL: no memory. */
struct hub_tale *hub_tale_add(struct hub_tales *tales, uint32_t channel,
                              const struct tip_id *id);

/** What it is now: @bytes, which are copied; or @record. */
TIP_MUST_USE enum tip_err hub_tale_keep(struct hub_tale *tale,
                                        struct tip_bytes bytes);
TIP_MUST_USE enum tip_err hub_tale_put(struct hub_engine *engine,
                                       struct hub_tale *tale,
                                       const struct tip_record *record);

/** Merge what @write, of @set, writes to its record number @i into it. Clears
 * engine->work. */
TIP_MUST_USE enum tip_err hub_tale_apply(struct hub_engine *engine,
                                         struct hub_tale *tale,
                                         const struct tip_change_set *set,
                                         size_t i,
                                         const struct tip_write *write);

void hub_tales_deinit(struct hub_tales *tales);

/* hub_retell.c */

/**
 * Find every record that was told of and cannot be found or read, as each
 * channel has it in the end, and what erasures left of such. Reads all frames,
 * about a millisecond each. A transaction is open and no run of echoes grows;
 * uses engine->arena, work and held.
 */
TIP_MUST_USE enum tip_err hub_retell(struct hub_engine *engine,
                                     struct hub_tales *out_tales);

/* hub_rebuild.c */

/**
 * Make every record again that cannot be read, as far as what channels were
 * told gives it, and give it its place if all who hold it then hold what was
 * counted for them. Writes and flushes; *out_made of *out_found were made.
 * TIP_ETOOBIG: so many cannot be read that the disk must be given up.
 */
TIP_MUST_USE enum tip_err hub_rebuild(struct hub_engine *engine,
                                      uint64_t *out_found, uint64_t *out_made);

#endif /* HUB_TALE_H */
