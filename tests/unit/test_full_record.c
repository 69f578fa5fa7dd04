/* Rules of a record that is as large as one may be. */
#include "restored.h"

enum { PAGE_BYTES = 4000, HALF = 80, ROOM = 40, ATARS = 1000 };

static enum tip_err write_page(struct star *star, int i,
                               const struct tip_id *id, uint64_t number)
{
    static uint8_t bytes[PAGE_BYTES];
    const struct tip_change page = {
        .field = FAKE_SET,
        .element = number,
        .value = {.kind = TIP_VALUE_OPAQUE, .bytes = TIP_BYTES_OF(bytes)}};

    star->prng.base.fill(&star->prng.base, bytes, sizeof bytes);
    return star_write(star, i, id, &page);
}

static enum tip_err blank_page(struct star *star, int i,
                               const struct tip_id *id, uint64_t number)
{
    const struct tip_change blank = {.field = FAKE_SET, .element = number};

    return star_write(star, i, id, &blank);
}

static void test_who_fills_one_is_told_and_can_blank_something(void **state)
{
    struct star *star = *state;
    struct tip_id id = add(star, NEMA, 1);
    enum tip_err err = TIP_OK;
    uint64_t page = 0;

    while (err == TIP_OK) {
        err = write_page(star, NEMA, &id, ++page);
        star_run(star);
    }
    assert_int_equal(err, TIP_ERECORD_FULL);
    assert_in_range(page, 120, TIP_RECORD_BYTES_MAX / PAGE_BYTES);
    OK(write_page(star, NEMA, &id, 1)); /* In the place of what was there. */
    OK(blank_page(star, NEMA, &id, 1));
    OK(write_page(star, NEMA, &id, page));
    star_run(star);
    assert_recovered(star);
}

static size_t held(struct star *star, struct hub_held *first)
{
    return hub_engine_held(star->hub, first, 1);
}

/* Both fill half of one, and more, and know nothing of each other. */
static struct tip_id fill_at_once(struct star *star)
{
    struct tip_id id = star_id(star);

    OK(star_add(star, NEMA, &id, ATAR, FAKE_LATEST, 1));
    star_run(star);
    star_cut(star, ATAR);
    for (uint64_t i = 1; i <= HALF; i++) {
        OK(write_page(star, NEMA, &id, i));
        OK(write_page(star, ATAR, &id, ATARS + i));
        star_run(star);
    }
    star_join(star, ATAR);
    star_run(star);
    return id;
}

/* What does not fit waits, until somebody has made room for it. */
static void test_what_two_wrote_at_once_fits_when_there_is_room(void **state)
{
    struct star *star = *state;
    struct tip_id id = fill_at_once(star);
    struct hub_held first;
    struct hub_ruled ruled;

    assert_true(held(star, &first) > 0);
    assert_int_equal(first.reason, TIP_HOLD_TOO_LARGE);
    assert_int_equal(write_page(star, ATAR, &id, ATARS), TIP_ERECORD_FULL);
    OK(blank_page(star, ATAR, &id, ATARS + 1)); /* Of more than may be. */
    for (uint64_t i = 1; i <= ROOM; i++) {
        OK(blank_page(star, NEMA, &id, i));
        star_run(star);
    }
    OK(star_rule(star, ATAR, first.seq, star_status(star, ATAR).saved, true,
                 &ruled));
    star_run(star);
    assert_int_equal(held(star, &first), 0);
    star_assert_agreed(star);
    star_assert_settled(star);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAR_TEST(test_who_fills_one_is_told_and_can_blank_something),
        STAR_TEST(test_what_two_wrote_at_once_fits_when_there_is_room),
    };

    return cmocka_run_group_tests_name("full_record", tests, NULL, NULL);
}
