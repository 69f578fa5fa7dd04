/*
 * What new records are named by. Whoever was told of one names it so in frames
 * that are signed; it does not follow from the commit by which it comes back:
 * if the hub had gone on without its author before, it has another since.
 */
#include <stdlib.h>
#include <string.h>

#include "hub_replay.h"

enum tip_err hub_lost_note_name(struct hub_replay *replay,
                                const struct tip_record_ref *ref)
{
    struct tip_record_ref *larger =
        hub_lost_grown(replay->names, replay->name_count,
                       &replay->name_capacity, sizeof *replay->names);

    if (larger == NULL) {
        return TIP_ENOMEM;
    }
    replay->names = larger;
    replay->names[replay->name_count++] = *ref;
    return TIP_OK;
}

enum tip_err hub_lost_note_names(struct hub_replay *replay,
                                 const struct tip_change_set *set)
{
    enum tip_err err = TIP_OK;

    for (size_t i = 0; i < set->record_count && err == TIP_OK; i++) {
        const struct tip_record_ref *ref = &set->records[i];

        if (!tip_id_is_none(&ref->id) && ref->birth_commit != 0) {
            err = hub_lost_note_name(replay, ref);
        }
    }
    return err;
}

static int compare_names(const void *a, const void *b)
{
    const struct tip_record_ref *first = a;
    const struct tip_record_ref *second = b;

    return memcmp(first->id.bytes, second->id.bytes, sizeof first->id.bytes);
}

void hub_lost_sort_names(struct hub_replay *replay)
{
    if (replay->name_count > 0) {
        qsort(replay->names, replay->name_count, sizeof *replay->names,
              compare_names);
    }
}

/* @ref as its author wrote it, who may not be believed in what the hub gives.
 */
static struct tip_record_ref name(const struct hub_replay *replay,
                                  const struct tip_record_ref *ref)
{
    const struct tip_record_ref *told =
        replay->name_count == 0
            ? NULL
            : bsearch(ref, replay->names, replay->name_count,
                      sizeof *replay->names, compare_names);
    struct tip_record_ref named = *ref;

    if (!tip_id_is_none(&ref->id)) {
        named.birth_commit = told == NULL ? 0 : told->birth_commit;
        named.birth_index = told == NULL ? 0 : told->birth_index;
    }
    return named;
}

enum tip_err hub_lost_name(const struct hub_replay *replay,
                           struct tip_arena *arena, struct tip_change_set *set)
{
    struct tip_record_ref *refs =
        tip_arena_alloc_array(arena, set->record_count, sizeof *refs);

    for (size_t i = 0; refs != NULL && i < set->record_count; i++) {
        refs[i] = name(replay, &set->records[i]);
    }
    set->records = refs;
    return refs == NULL ? TIP_ENOMEM : TIP_OK;
}
