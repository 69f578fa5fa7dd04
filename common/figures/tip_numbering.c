#include "tip_numbering.h"

#include <stdlib.h>
#include <string.h>

#include "tip_room.h"

void tip_numbering_init(struct tip_numbering *numbering, uint64_t secret)
{
    *numbering = (struct tip_numbering){.value_count = 0};
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

enum tip_err tip_numbering_learn(struct tip_numbering *numbering,
                                 struct tip_run run, uint32_t *out_number)
{
    uint32_t tag = tag_of(numbering, run);
    uint32_t number = find(numbering, tag, run);

    if (number == TIP_NUMBERING_NONE) {
        enum tip_err err = append(numbering, tag, run);

        if (err != TIP_OK) {
            return err;
        }
        number = (uint32_t)numbering->value_count - 1;
    }
    if (run.count == 1) {
        numbering->hints[tip_numbering_hint_of(run.codes[0])] =
            (struct tip_numbering_hint){.code = run.codes[0],
                                        .number_plus_one = number + 1};
    }
    *out_number = number;
    return TIP_OK;
}
