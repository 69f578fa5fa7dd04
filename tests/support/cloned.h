/*
 * A disk of which there are two: the office of Néma and a copy of it take turns
 * on one line. Included by the tests of what comes of that.
 */
#ifndef CLONED_H
#define CLONED_H

#include "hub_clone.h"
#include "restored.h"

/* NEMA had a copy made of its disk and went on; it was put back to an older one
 * and went on from that. What runs now; the copy is @out_copy. */
static inline struct tip_id make_copy(struct star *star,
                                      struct fake_store **out_copy)
{
    struct tip_id id = star_id(star);
    struct fake_store *backup;

    OK(star_add(star, NEMA, &id, ATAR, FAKE_LATEST, 1));
    star_run(star);
    backup = star_back_up(star, NEMA);
    *out_copy = star_back_up(star, NEMA);
    OK(star_edit(star, NEMA, &id, FAKE_LATEST, 2));
    star_run(star);
    star_restore(star, NEMA, backup);
    star_run(star);
    OK(star_edit(star, NEMA, &id, FAKE_LATEST, 3));
    star_run(star);
    assert_recovered(star);
    return id;
}

/* Switch to the other disk; what ran is @out_other. */
static inline void swap(struct star *star, struct fake_store *disk,
                        struct fake_store **out_other)
{
    *out_other = star_back_up(star, NEMA);
    star_restore(star, NEMA, disk);
}

static inline size_t copies(struct star *star, struct hub_copy_status out[4])
{
    return hub_engine_copies(star->hub, out, 4);
}

/* …and the machine that runs is told to call. */
static inline void choose(struct star *star, uint32_t feed)
{
    OK(hub_engine_copy_choose(star->hub, feed));
    OK(hub_engine_flush(star->hub));
    node_engine_ask_again(star->nodes[NEMA].engine);
    star_wait(star, 1);
}

static inline void assert_refused(struct star *star)
{
    assert_int_equal(star_status(star, NEMA).trouble, TIP_ECLONE);
    assert_int_not_equal(star_status(star, NEMA).session, TIP_NODE_LIVE);
}

#endif /* CLONED_H */
