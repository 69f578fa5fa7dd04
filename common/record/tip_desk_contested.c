#include "tip_desk_contested.h"

#include "tip_arena.h"
#include "tip_clock.h"
#include "tip_desk_show.h"
#include "tip_merge.h"

enum { LOOKED_MAX = 20000 /* Records: some 0.3 s. */ };

void tip_contested_add(struct tip_contested *all, uint64_t age_ms)
{
    if (all->count == 0 || age_ms > all->oldest_ms) {
        all->oldest_ms = age_ms;
    }
    all->count++;
}

/* Read the record that may wait. TIP_ENOTFOUND: it does not, or cannot be
 * read. */
static enum tip_err read_one(struct tip_desk *desk, uint32_t ordinal,
                             struct tip_arena *arena,
                             struct tip_record *out_record, uint64_t *out_age)
{
    uint64_t now_ms = desk->clock->now_ms(desk->clock);
    struct tip_wire_record stored;
    struct tip_contest contest;
    enum tip_err err = desk->view(desk, ordinal, arena, &stored, out_record);

    if (err != TIP_OK) {
        return err == TIP_ESTORE_DAMAGED ? TIP_ENOTFOUND : err;
    }
    contest = tip_merge_contest(out_record, desk->schema);
    *out_age = now_ms > contest.since_ms ? now_ms - contest.since_ms : 0;
    return contest.count == 0 ? TIP_ENOTFOUND : TIP_OK;
}

enum tip_err tip_desk_contested(struct tip_desk *desk, tip_contested_fn *each,
                                void *self, struct tip_contested *out_all)
{
    const struct tip_record_table *records = desk->records(desk);
    struct tip_contested all = {.count = 0};
    struct tip_arena arena;
    enum tip_err err = TIP_OK;
    uint32_t ordinal = tip_record_table_next_contested(records, 0);

    tip_arena_init(&arena, TIP_DESK_ARENA_BYTES_MAX);
    for (size_t i = 0; ordinal != 0 && i < LOOKED_MAX; i++) {
        struct tip_record record;
        uint64_t age_ms;

        err = read_one(desk, ordinal, &arena, &record, &age_ms);
        if (err != TIP_OK && err != TIP_ENOTFOUND) {
            break;
        }
        if (err == TIP_OK) {
            tip_contested_add(&all, age_ms);
        }
        if (err == TIP_OK && each != NULL) {
            each(self, &record, age_ms);
        }
        err = TIP_OK;
        tip_arena_clear(&arena);
        ordinal = tip_record_table_next_contested(records, ordinal);
    }
    tip_arena_deinit(&arena);
    all.are_more = ordinal != 0;
    *out_all = all;
    return err;
}
