#include "tip_numbering.h"

#include <stdlib.h>
#include <string.h>

#include "tip_room.h"

void tip_numbering_init(struct tip_numbering *numbering, uint64_t secret)
{
    *numbering = (struct tip_numbering){.last = 0};
    tip_index_init(&numbering->by_run, secret);
}

void tip_numbering_deinit(struct tip_numbering *numbering)
{
    uint64_t secret = numbering->by_run.secret;

    tip_index_deinit(&numbering->by_run);
    free(numbering->ends);
    free(numbering->codes);
    tip_numbering_init(numbering, secret);
}

struct tip_run tip_numbering_get(const struct tip_numbering *numbering,
                                 uint32_t number)
{
    size_t first = number == 0 ? 0 : numbering->ends[number - 1];

    return (struct tip_run){.codes = numbering->codes + first,
                            .count = numbering->ends[number] - first};
}

static bool is_run(const struct tip_numbering *numbering, uint32_t number,
                   struct tip_run run)
{
    struct tip_run has = tip_numbering_get(numbering, number);

    return has.count == run.count &&
           (run.count == 0 ||
            memcmp(has.codes, run.codes, run.count * sizeof *run.codes) == 0);
}

static uint32_t tag_of(const struct tip_numbering *numbering,
                       struct tip_run run)
{
    return tip_index_tag(&numbering->by_run,
                         tip_bytes(run.codes, run.count * sizeof *run.codes));
}

static uint32_t find(const struct tip_numbering *numbering, uint32_t tag,
                     struct tip_run run)
{
    struct tip_index_walk walk = tip_index_find(&numbering->by_run, tag);
    uint32_t number;

    while (tip_index_next(&numbering->by_run, &walk, &number)) {
        if (is_run(numbering, number, run)) {
            return number;
        }
    }
    return TIP_NUMBERING_NONE;
}

uint32_t tip_numbering_find(const struct tip_numbering *numbering,
                            struct tip_run run)
{
    return find(numbering, tag_of(numbering, run), run);
}

static enum tip_err append(struct tip_numbering *numbering, uint32_t tag,
                           struct tip_run run)
{
    size_t count = numbering->value_count;
    size_t first = count == 0 ? 0 : numbering->ends[count - 1];
    size_t *ends = tip_room(numbering->ends, count + 1, &numbering->value_max,
                            sizeof *ends);
    uint32_t *codes;

    if (ends == NULL) {
        return TIP_ENOMEM;
    }
    numbering->ends = ends;
    codes = tip_room(numbering->codes, first + run.count, &numbering->code_max,
                     sizeof *codes);
    if (codes == NULL) {
        return TIP_ENOMEM;
    }
    numbering->codes = codes;
    if (tip_index_add(&numbering->by_run, tag, (uint32_t)count) != TIP_OK) {
        return TIP_ENOMEM;
    }
    if (run.count != 0) {
        memcpy(codes + first, run.codes, run.count * sizeof *codes);
    }
    ends[count] = first + run.count;
    numbering->value_count++;
    return TIP_OK;
}

enum tip_err tip_numbering_add(struct tip_numbering *numbering,
                               struct tip_run run, uint32_t *out_number)
{
    uint32_t number = numbering->last;
    uint32_t tag;
    enum tip_err err = TIP_OK;

    if (number >= numbering->value_count || !is_run(numbering, number, run)) {
        tag = tag_of(numbering, run);
        number = find(numbering, tag, run);
        if (number == TIP_NUMBERING_NONE) {
            number = (uint32_t)numbering->value_count;
            err = append(numbering, tag, run);
        }
    }
    if (err == TIP_OK) {
        numbering->last = number;
        *out_number = number;
    }
    return err;
}
