/*
 * Commits that are void: the hub had gone on without whoever had been told of
 * them, before it was put back once more. Who wrote meanwhile had not seen what
 * they say, so there it cannot stand again.
 */
#include <stdlib.h>

#include "hub_replay.h"

static bool is_of_same(const struct hub_lost *a, const struct hub_lost *b)
{
    return a->origin == b->origin && a->seq == b->seq;
}

/* By change-set, the newest commit of each first. */
static int compare_told(const void *a, const void *b)
{
    const struct hub_lost *first = a;
    const struct hub_lost *second = b;

    if (first->origin != second->origin) {
        return first->origin < second->origin ? -1 : 1;
    }
    if (first->seq != second->seq) {
        return first->seq < second->seq ? -1 : 1;
    }
    return (first->commit < second->commit) - (first->commit > second->commit);
}

void hub_lost_note_void(struct hub_replay *replay)
{
    struct hub_lost *lost = replay->lost;

    if (replay->count > 0) {
        qsort(lost, replay->count, sizeof *lost, compare_told);
    }
    for (size_t i = 0; i < replay->count; i++) {
        if (i > 0 && is_of_same(&lost[i], &lost[i - 1])) {
            lost[i].commit = lost[i - 1].commit;
            lost[i].verdict = lost[i - 1].verdict;
        }
        lost[i].is_void = replay->late != NULL ||
                          lost[i].commit <= replay->engine->recovery.follows;
    }
}
