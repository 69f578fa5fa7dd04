#include "tip_lineage.h"

#include <stdlib.h>
#include <string.h>

void tip_lineage_init(struct tip_lineage *lineage)
{
    *lineage = (struct tip_lineage){.count = 0};
}

void tip_lineage_deinit(struct tip_lineage *lineage)
{
    free(lineage->descents);
    tip_lineage_init(lineage);
}

/* The place of @origin among the descents, or where it would go. */
static size_t place_of(const struct tip_lineage *lineage, uint32_t origin)
{
    size_t low = 0;
    size_t high = lineage->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (lineage->descents[middle].origin < origin) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static const struct tip_descent *find(const struct tip_lineage *lineage,
                                      uint32_t origin)
{
    size_t place = lineage == NULL ? 0 : place_of(lineage, origin);

    return lineage != NULL && place < lineage->count &&
                   lineage->descents[place].origin == origin
               ? &lineage->descents[place]
               : NULL;
}

static enum tip_err make_room(struct tip_lineage *lineage)
{
    size_t capacity = lineage->capacity == 0 ? 8 : 2 * lineage->capacity;
    struct tip_descent *grown;

    if (lineage->count < lineage->capacity) {
        return TIP_OK;
    }
    grown = realloc(lineage->descents, capacity * sizeof *grown);
    if (grown == NULL) {
        return TIP_ENOMEM;
    }
    lineage->descents = grown;
    lineage->capacity = capacity;
    return TIP_OK;
}

enum tip_err tip_lineage_add(struct tip_lineage *lineage,
                             const struct tip_descent *descent)
{
    const struct tip_descent *known = find(lineage, descent->origin);
    size_t place = place_of(lineage, descent->origin);
    enum tip_err err;

    if (descent->continues == 0 || descent->continues >= descent->origin) {
        return TIP_EDIVERGED; /* A circle would have no end. */
    }
    if (known != NULL) {
        return known->continues == descent->continues &&
                       known->up_to == descent->up_to
                   ? TIP_OK
                   : TIP_EDIVERGED;
    }
    err = make_room(lineage);
    if (err == TIP_OK) {
        memmove(&lineage->descents[place + 1], &lineage->descents[place],
                (lineage->count - place) * sizeof *descent);
        lineage->descents[place] = *descent;
        lineage->count++;
    }
    return err;
}

bool tip_lineage_has_past(const struct tip_lineage *lineage, uint32_t origin,
                          uint64_t seq, uint32_t past, uint64_t past_seq)
{
    const struct tip_descent *descent;
    uint64_t up_to = UINT64_MAX;

    if (origin == past) {
        return past_seq < seq;
    }
    while ((descent = find(lineage, origin)) != NULL) {
        /* Seqs run on: who goes on from a later self that it has nothing of
         * has seen less of the first one than that self had. */
        up_to = descent->up_to < up_to ? descent->up_to : up_to;
        if (descent->continues == past) {
            return past_seq <= up_to;
        }
        origin = descent->continues;
    }
    return false;
}
