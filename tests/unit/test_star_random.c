/*
 * Short random lives of a hub and three offices (support/star_life.h). Then all
 * are joined, and have it all.
 *
 * The simulator asks more, of longer stories. A life here is short and there
 * are many, so faults that need a certain order are met; and one that fails is
 * soon cut down to a test of its own.
 */
#include "hub_clone.h"
#include "restored.h"
#include "star_life.h"

enum { LIVES = 150, STEPS = 40, HELD_MAX = 64 };

static void wait(struct star_life *life, unsigned minutes)
{
    for (unsigned i = 0; i < minutes; i++) {
        star_wait(&life->star, UINT64_C(60000));
        star_run(&life->star);
    }
}

/* Of two copies of a disk a person chooses the one that calls. */
static void choose(struct star_life *life)
{
    for (size_t i = 0; i < STAR_LIFE_OFFICES; i++) {
        struct node_status status = star_status(&life->star, i);

        if (status.trouble == TIP_ECLONE) {
            OK(hub_engine_copy_choose(life->star.hub, status.feed));
            OK(hub_engine_flush(life->star.hub));
            star_cut(&life->star, i);
            star_join(&life->star, i);
        }
    }
    star_run(&life->star);
}

/* A person lets in what is held back. */
static void accept_held(struct star_life *life)
{
    struct hub_held held[HELD_MAX];
    size_t count = hub_engine_held(life->star.hub, held, HELD_MAX);

    for (size_t i = 0; i < count && i < HELD_MAX; i++) {
        const struct hub_ruling ruling = {.origin = held[i].origin,
                                          .first = held[i].seq,
                                          .last = held[i].seq,
                                          .is_accepted = true,
                                          .by = tip_bytes_text("salma"),
                                          .reason = tip_bytes_text("asked")};
        struct hub_ruled ruled;

        /* It may have gone on behind the one before. */
        (void)!hub_engine_rule(life->star.hub, &ruling, &ruled);
        OK(hub_engine_flush(life->star.hub));
    }
}

/* Digests are compared with the next that is told: everybody is told one. */
static void tell_all(struct star_life *life)
{
    for (int i = 0; i < STAR_LIFE_OFFICES; i++) {
        struct tip_id id = star_id(&life->star);

        OK(star_add(&life->star, HUB, &id, i, FAKE_LATEST, 1));
    }
}

static void heal(struct star_life *life)
{
    for (size_t i = 0; i < STAR_LIFE_OFFICES; i++) {
        if (life->star.nodes[i].is_cut) {
            star_join(&life->star, i);
        }
    }
    wait(life, 10);
    choose(life);
    wait(life, 10);
    if (star_life_is_recovering(life)) {
        OK(hub_engine_recovery_finish(life->star.hub));
    }
    for (int i = 0; i < 3; i++) {
        wait(life, 10);
        choose(life);
        accept_held(life);
    }
    tell_all(life);
    wait(life, 40);
}

/* In the end. */

static const char *check_office(struct star_life *life, size_t i)
{
    struct node_status status = star_status(&life->star, i);

    if (status.session != TIP_NODE_LIVE || status.trouble != TIP_OK) {
        return "an office takes part";
    }
    if (status.confirmed != status.saved || status.decided != status.saved ||
        status.held_count != 0) {
        return "nothing waits";
    }
    return status.agreement == TIP_AGREEMENT_EQUAL ? NULL
                                                   : "an office holds what "
                                                     "the hub says it does";
}

static const char *check_entry(struct star_life *life,
                               const struct star_entry *entry)
{
    struct tip_arena arena;
    struct tip_record view;
    bool is_there;

    tip_arena_init(&arena, 1 << 22);
    is_there = star_view(&life->star, HUB, &life->records[entry->record],
                         &arena, &view) == TIP_OK &&
               tip_merge_contains(&view, FAKE_SET, entry->element);
    tip_arena_deinit(&arena);
    return is_there ? NULL : "what was acknowledged is not lost";
}

static const char *check(struct star_life *life)
{
    const char *broken =
        star_life_is_recovering(life) ? "a recovery ends" : NULL;

    for (size_t i = 0; i < STAR_LIFE_OFFICES && broken == NULL; i++) {
        broken = check_office(life, i);
    }
    for (size_t e = 0; e < life->entry_count && broken == NULL; e++) {
        if (!life->entries[e].may_be_lost) {
            broken = check_entry(life, &life->entries[e]);
        }
    }
    return broken;
}

static const char *run(struct tip_property *random)
{
    static struct star_life life;
    const char *broken;

    star_life_init(&life, random);
    for (int i = 0; i < STEPS; i++) {
        star_life_step(&life);
    }
    heal(&life);
    broken = check(&life);
    star_life_deinit(&life);
    return broken;
}

static void test_whatever_happens_all_have_it_all(void **state)
{
    (void)state;
    assert_true(tip_property_holds("star", LIVES, run));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whatever_happens_all_have_it_all),
    };

    return cmocka_run_group_tests_name("star_random", tests, NULL, NULL);
}
