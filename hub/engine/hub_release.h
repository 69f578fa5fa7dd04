/*
 * What is held back, judged again.
 */
#ifndef HUB_RELEASE_H
#define HUB_RELEASE_H

#include "hub_engine_internal.h"

/** One pass over what is held back of an origin, by seq. */
struct hub_pass {
    struct hub_engine *engine;
    struct hub_origin *origin;
    /* May decide about @row, which is not noted as waiting now: it is removed,
     * or noted again. NULL: nobody decides. */
    enum tip_err (*rule)(struct hub_pass *pass, const struct hub_held_row *row,
                         bool *out_is_decided);
    uint64_t released; /* Change-sets that went on. */
    uint64_t first;    /* …and of those of this origin the first; 0: none. */
    struct hub_sets frame;
};

/** Take the whole of it out and judge each again; what may not go on yet is
 * noted as before. An error loses the transaction. */
TIP_MUST_USE enum tip_err hub_release(struct hub_pass *pass);

/** The same for the origins that go on from that of @pass, whose work waits
 * behind it too; what goes on is counted with @pass. */
TIP_MUST_USE enum tip_err hub_release_heirs(struct hub_pass *pass);

/** Borrow the change-set of @row until the next row. */
TIP_MUST_USE enum tip_err
hub_release_load(struct hub_pass *pass, const struct hub_held_row *row,
                 const struct tip_change_set **out_set);

/** @row waits for nothing any more; or: it was committed. */
TIP_MUST_USE enum tip_err hub_release_remove(struct hub_pass *pass,
                                             const struct hub_held_row *row);
TIP_MUST_USE enum tip_err hub_release_let_go(struct hub_pass *pass,
                                             const struct hub_held_row *row);

#endif /* HUB_RELEASE_H */
