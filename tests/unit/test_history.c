/*
 * The causality rule against its definition, on random histories.
 *
 * Each history is a star: origins write with what they know, the hub commits
 * their writes in some order, checkpoints come down now and then, and an author
 * is put back to a backup and goes on under another origin. Beside every write
 * stands the set of writes its author really had seen. The one-number rule must
 * find, from base, commit, seq and lineage alone, exactly the writes nobody who
 * wrote later had seen, whatever the order of delivery and the clocks.
 */
#include "fake_schema.h"
#include "tip_arena.h"
#include "tip_merge.h"
#include "tip_prng.h"
#include "tip_record.h"
#include "tip_test.h"

enum { ORIGINS = 4, WRITES = 40, FIELDS = 3, HISTORIES = 20000, RESTORES = 8 };

struct history {
    struct tip_write writes[WRITES];
    uint32_t fields[WRITES];
    bool deletes[WRITES];  /* A write of TIP_FIELD_DELETED: yes, or no. */
    uint64_t seen[WRITES]; /* Bit j: the author had seen write j. */
    size_t count;
    size_t order[WRITES]; /* Commit order: order[c] has commit c + 1. */
    size_t committed;
    uint32_t origins; /* The highest there is. */
    struct tip_descent descents[RESTORES];
    struct tip_lineage lineage; /* Borrows them. */
};

/* What one origin knows while a history is made. */
struct author {
    uint32_t origin;
    uint64_t seq, base;
    uint64_t seen; /* Own writes, and commits up to base. */
};

static void author_write(struct history *h, struct author *author,
                         struct tip_prng *prng)
{
    size_t i = h->count++;

    h->writes[i] = (struct tip_write){.origin = author->origin,
                                      .seq = ++author->seq,
                                      .base = author->base,
                                      .stamp = {tip_prng_next(prng)}};
    h->fields[i] = tip_prng_chance(prng, 20)
                       ? TIP_FIELD_DELETED
                       : FAKE_LATEST + tip_prng_below(prng, FIELDS);
    h->deletes[i] = tip_prng_chance(prng, 70);
    h->seen[i] = author->seen;
    author->seen |= UINT64_C(1) << i;
}

/* Commit the oldest uncommitted write of @origin; false: there is none. */
static bool commit_next(struct history *h, uint32_t origin)
{
    for (size_t i = 0; i < h->count; i++) {
        if (h->writes[i].origin == origin && h->writes[i].commit == 0) {
            h->order[h->committed++] = i;
            h->writes[i].commit = h->committed;
            return true;
        }
    }
    return false;
}

static void take_checkpoint(const struct history *h, struct author *author)
{
    author->base = h->committed;
    for (size_t c = 0; c < h->committed; c++) {
        author->seen |= UINT64_C(1) << h->order[c];
    }
}

/* @author is put back to @backup. What it wrote since is at the hub, and it
 * knows nothing of it; seqs run on. */
static void restore(struct history *h, struct author *author,
                    const struct author *backup)
{
    uint64_t seq = author->seq;

    if (h->lineage.count == RESTORES) {
        return;
    }
    while (commit_next(h, author->origin)) {
    }
    *author = *backup;
    author->origin = ++h->origins;
    author->seq = seq;
    h->descents[h->lineage.count++] =
        (struct tip_descent){.origin = author->origin,
                             .continues = backup->origin,
                             .up_to = backup->seq};
}

static void make_history(struct history *h, uint64_t seed, size_t writes)
{
    struct tip_prng prng = TIP_PRNG_SEEDED(seed);
    struct author authors[ORIGINS], backups[ORIGINS];

    *h = (struct history){.origins = ORIGINS};
    h->lineage.descents = h->descents;
    for (uint32_t i = 0; i < ORIGINS; i++) {
        backups[i] = authors[i] = (struct author){.origin = i + 1};
    }
    while (h->count < writes) {
        uint32_t i = tip_prng_below(&prng, ORIGINS);
        uint32_t step = tip_prng_below(&prng, 20);

        if (step < 5) {
            take_checkpoint(h, &authors[i]);
        } else if (step < 10) {
            (void)commit_next(h, authors[i].origin);
        } else if (step < 18) {
            author_write(h, &authors[i], &prng);
        } else if (step == 18) {
            backups[i] = authors[i];
        } else {
            restore(h, &authors[i], &backups[i]);
        }
    }
    for (uint32_t i = 0; h->committed < h->count; i++) {
        (void)commit_next(h, 1 + i % h->origins);
    }
}

/* By definition: no write of the same cell had seen it. */
static bool is_live(const struct history *h, size_t i)
{
    for (size_t j = 0; j < h->count; j++) {
        if (h->fields[j] == h->fields[i] && (h->seen[j] >> i & 1) != 0) {
            return false;
        }
    }
    return true;
}

static bool is_deletion(const struct history *h, size_t i)
{
    return h->fields[i] == TIP_FIELD_DELETED && h->deletes[i];
}

/* By definition: has somebody who deleted the record, and was not contradicted
 * by anybody who knew of it, seen write @i? */
static bool is_deleted_knowingly(const struct history *h, size_t i)
{
    for (size_t j = 0; j < h->count; j++) {
        if (is_deletion(h, j) && is_live(h, j) && (h->seen[j] >> i & 1) != 0) {
            return true;
        }
    }
    return false;
}

/* By definition: hidden if somebody deleted it and every write there ever was
 * is known to somebody who did. What was said of its deletion before counts
 * only while it stands. */
static enum tip_presence presence_of(const struct history *h)
{
    bool is_deleted = false;
    bool is_edited = false;

    for (size_t i = 0; i < h->count; i++) {
        bool counts = h->fields[i] != TIP_FIELD_DELETED || is_live(h, i);

        if (is_deletion(h, i)) {
            is_deleted = is_deleted || is_live(h, i);
        } else if (counts && !is_deleted_knowingly(h, i)) {
            is_edited = true;
        }
    }
    if (!is_deleted) {
        return TIP_PRESENT;
    }
    return is_edited ? TIP_DELETED_EDITED : TIP_DELETED;
}

static struct tip_value value_of(const struct history *h, size_t i)
{
    if (h->fields[i] == TIP_FIELD_DELETED) {
        return (struct tip_value){.kind = TIP_VALUE_ANSWER,
                                  .answer = h->deletes[i] ? TIP_ANSWER_YES
                                                          : TIP_ANSWER_NO};
    }
    return (struct tip_value){.kind = TIP_VALUE_INTEGER, .integer = (int64_t)i};
}

static void apply(struct tip_record *record, const struct history *h, size_t i,
                  struct tip_arena *arena)
{
    struct tip_change change = {.field = h->fields[i], .value = value_of(h, i)};
    struct tip_record dead;

    assert_int_equal(
        tip_record_apply(record, &h->writes[i], &change, 1, arena, &dead),
        TIP_OK);
}

static bool is_in(const struct tip_record *record, const struct history *h,
                  size_t i)
{
    struct tip_cell cell = tip_record_cell(record, h->fields[i], 0);

    for (size_t s = 0; s < cell.count; s++) {
        const struct tip_write *write =
            tip_record_write(record, &cell.siblings[s]);

        if (write->origin == h->writes[i].origin &&
            write->seq == h->writes[i].seq) {
            return true;
        }
    }
    return false;
}

static void assert_live_set(const struct tip_record *record,
                            const struct history *h, uint64_t seed)
{
    size_t live = 0;

    for (size_t i = 0; i < h->count; i++) {
        live += is_live(h, i) ? 1 : 0;
        if (is_live(h, i) != is_in(record, h, i)) {
            fail_msg("seed %llu: write %zu is %s", (unsigned long long)seed, i,
                     is_live(h, i) ? "lost" : "kept after it was seen");
        }
    }
    assert_int_equal(record->sibling_count, live);
}

static void start(struct tip_record *record, const struct history *h)
{
    static const struct tip_id some_id = {{1}};

    tip_record_init(record, &some_id, FAKE_TYPE, 1);
    record->lineage = &h->lineage;
}

static void test_live_are_the_writes_no_later_writer_had_seen(void **state)
{
    static struct history h;
    struct tip_arena arena;

    (void)state;
    tip_arena_init(&arena, 1 << 20);
    for (uint64_t seed = 1; seed <= HISTORIES; seed++) {
        struct tip_record record;

        make_history(&h, seed, WRITES);
        start(&record, &h);
        for (size_t c = 0; c < h.committed; c++) {
            apply(&record, &h, h.order[c], &arena);
        }
        assert_live_set(&record, &h, seed);
        tip_arena_clear(&arena);
    }
    tip_arena_deinit(&arena);
}

static void shuffle(struct history *h, struct tip_prng *prng)
{
    for (size_t i = h->count - 1; i > 0; i--) {
        size_t j = tip_prng_below(prng, (uint32_t)i + 1);
        size_t swap = h->order[i];

        h->order[i] = h->order[j];
        h->order[j] = swap;
    }
}

static void test_any_order_and_duplication_gives_the_same_siblings(void **state)
{
    static struct history h;
    struct tip_arena arena;

    (void)state;
    tip_arena_init(&arena, 4 << 20);
    for (uint64_t seed = 1; seed <= HISTORIES; seed++) {
        struct tip_prng prng = TIP_PRNG_SEEDED(~seed);
        struct tip_record record;

        make_history(&h, seed, WRITES);
        start(&record, &h);
        shuffle(&h, &prng);
        for (size_t c = 0; c < h.committed; c++) {
            apply(&record, &h, h.order[c], &arena);
            apply(&record, &h, h.order[tip_prng_below(&prng, WRITES)], &arena);
        }
        assert_live_set(&record, &h, seed);
        tip_arena_clear(&arena);
    }
    tip_arena_deinit(&arena);
}

/* Whatever order the writes of @h come in. */
static void assert_presence(struct history *h, enum tip_presence presence,
                            struct tip_prng *prng, uint64_t seed)
{
    struct tip_record record;
    struct tip_arena arena;

    tip_arena_init(&arena, 4 << 20);
    for (int round = 0; round < 4; round++) {
        start(&record, h);
        shuffle(h, prng);
        for (size_t c = 0; c < h->committed; c++) {
            apply(&record, h, h->order[c], &arena);
        }
        if (tip_merge_presence(&record) != presence) {
            fail_msg("seed %llu: presence is %d, not %d",
                     (unsigned long long)seed, tip_merge_presence(&record),
                     presence);
        }
    }
    tip_arena_deinit(&arena);
}

static void test_deletion_against_edit_is_the_same_in_every_order(void **state)
{
    size_t times[] = {
        [TIP_PRESENT] = 0, [TIP_DELETED] = 0, [TIP_DELETED_EDITED] = 0};
    static struct history h;

    (void)state;
    for (uint64_t seed = 1; seed <= HISTORIES; seed++) {
        struct tip_prng prng = TIP_PRNG_SEEDED(~seed);
        enum tip_presence presence;

        make_history(&h, seed, 2 + tip_prng_below(&prng, 6));
        presence = presence_of(&h);
        times[presence]++;
        assert_presence(&h, presence, &prng, seed);
    }
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        assert_true(times[i] > HISTORIES / 100);
    }
}

static void test_clocks_never_change_a_causally_ordered_result(void **state)
{
    static struct history h;
    struct tip_schema schema = FAKE_SCHEMA;
    struct tip_arena arena;

    (void)state;
    tip_arena_init(&arena, 1 << 20);
    for (uint64_t seed = 1; seed <= HISTORIES / 4; seed++) {
        struct tip_prng prng = TIP_PRNG_SEEDED(seed);
        struct tip_record record;

        make_history(&h, seed, WRITES);
        start(&record, &h);
        for (size_t c = 0; c < h.committed; c++) {
            h.writes[h.order[c]].base = c; /* Each saw all before it. */
            h.writes[h.order[c]].stamp.packed = tip_prng_next(&prng);
            apply(&record, &h, h.order[c], &arena);
        }
        for (uint32_t field = 0; field < FIELDS; field++) {
            struct tip_cell cell =
                tip_record_cell(&record, FAKE_LATEST + field, 0);
            struct tip_reading reading = tip_merge_read(&record, cell, &schema);
            size_t last = 0;

            for (size_t c = 0; c < h.committed; c++) {
                last = h.fields[h.order[c]] == FAKE_LATEST + field ? c : last;
            }
            if (cell.count != 0) {
                assert_int_equal(cell.count, 1);
                assert_int_equal(reading.shown->value.integer, h.order[last]);
            }
        }
        tip_arena_clear(&arena);
    }
    tip_arena_deinit(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_live_are_the_writes_no_later_writer_had_seen),
        cmocka_unit_test(
            test_any_order_and_duplication_gives_the_same_siblings),
        cmocka_unit_test(test_deletion_against_edit_is_the_same_in_every_order),
        cmocka_unit_test(test_clocks_never_change_a_causally_ordered_result),
    };

    return cmocka_run_group_tests_name("history", tests, NULL, NULL);
}
