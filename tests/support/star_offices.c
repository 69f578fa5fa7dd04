#include "star_offices.h"

#define OK(call) assert_int_equal((call), TIP_OK)

int star_offices_setup(void **state)
{
    static struct star star;

    star_init(&star, 2);
    star_run(&star);
    *state = &star;
    return 0;
}

int star_offices_teardown(void **state)
{
    star_deinit(*state);
    return 0;
}

bool star_has(struct star *star, int i, const struct tip_id *id)
{
    struct tip_record view;
    struct tip_arena arena;
    enum tip_err err;

    tip_arena_init(&arena, 1 << 24);
    err = star_view(star, i, id, &arena, &view);
    tip_arena_deinit(&arena);
    return err == TIP_OK;
}

void star_assert_agreed(struct star *star)
{
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(star_status(star, i).agreement, TIP_AGREEMENT_EQUAL);
        assert_int_equal(star_status(star, i).trouble, TIP_OK);
    }
}

void star_assert_settled(struct star *star)
{
    for (size_t i = 0; i < 2; i++) {
        /* Who holds nothing has not compared it. */
        assert_int_not_equal(star_status(star, i).agreement,
                             TIP_AGREEMENT_DIFFERS);
        assert_int_equal(star_status(star, i).trouble, TIP_OK);
        assert_int_equal(star_status(star, i).held_count, 0);
    }
}

struct tip_id star_edited_apart(struct star *star)
{
    struct tip_id id = star_id(star), other = star_id(star);

    OK(star_add(star, NEMA, &id, NONE, FAKE_LATEST, 1));
    OK(star_add(star, ATAR, &other, NONE, FAKE_LATEST, 1));
    star_run(star);
    star_cut(star, NEMA);
    OK(star_edit(star, NEMA, &id, FAKE_REVIEW, 7));
    OK(star_edit(star, HUB, &id, FAKE_REVIEW, 8));
    star_join(star, NEMA);
    star_run(star);
    return id;
}

uint64_t star_held_edit(struct star *star, struct tip_id *out_id)
{
    *out_id = star_id(star);
    OK(star_add(star, NEMA, out_id, ATAR, FAKE_LATEST, 1));
    star_run(star);
    star_cut(star, ATAR);
    OK(star_edit(star, ATAR, out_id, FAKE_LATEST, 6));
    OK(star_member(star, HUB, out_id, ATAR, false));
    OK(star_edit(star, NEMA, out_id, FAKE_LATEST, 7));
    star_run(star);
    OK(star_member(star, HUB, out_id, ATAR, true));
    star_join(star, ATAR);
    star_run(star);
    assert_int_equal(star_status(star, ATAR).held_count, 1);
    return star_status(star, ATAR).saved;
}

enum tip_err star_rule(struct star *star, size_t i, uint64_t first,
                       uint64_t last, bool is_accepted,
                       struct hub_ruled *out_ruled)
{
    struct hub_ruling ruling = {.origin = STAR_ORIGIN_FIRST + (uint32_t)i,
                                .first = first,
                                .last = last,
                                .is_accepted = is_accepted,
                                .by = tip_bytes_text("salma"),
                                .reason = tip_bytes_text("asked Atar")};
    enum tip_err err = hub_engine_rule(star->hub, &ruling, out_ruled);

    OK(hub_engine_flush(star->hub));
    return err;
}
