/*
 * A referral does not wait behind what is only much.
 *
 * Counted in bytes, as a slow line counts time: from the moment the hub knows
 * of it until the office it was sent to shows it.
 */
#include "star_damage.h"
#include "star_offices.h"
#include "tip_frame.h"

enum {
    MANY = 400,
    /* A frame under way and a batch that is in the log: nothing of it grows
     * with what there is to send. */
    WAIT_BYTES_MAX = TIP_FRAME_BYTES_MAX
};

#define OK(call) assert_int_equal((call), TIP_OK)

/* One step over a line that carries two bytes in a millisecond. */
static void slow_step(struct star *star)
{
    uint64_t before = star->bytes_down + star->bytes_up;

    assert_true(star_step(star));
    star_wait(star, (star->bytes_down + star->bytes_up - before) / 2);
}

/* Bytes down until Néma has what Atar refers to it now. */
static uint64_t refer(struct star *star, const struct tip_id *id)
{
    uint64_t before = star->bytes_down;

    OK(star_member(star, ATAR, id, NEMA, true));
    while (!star_has(star, NEMA, id)) {
        slow_step(star);
    }
    return star->bytes_down - before;
}

/* A record of Atar, and many fat ones of Néma. */
static struct tip_id begin(struct star *star)
{
    static struct tip_id ids[MANY];
    struct tip_id urgent = star_id(star);

    OK(star_add(star, ATAR, &urgent, NONE, FAKE_LATEST, 5));
    star_add_fat(star, NEMA, ids, MANY);
    star_crash_hub(star); /* It forgets how fast all that was. */
    star_run(star);
    return urgent;
}

/* Some of what is sent again has come, and most has not. */
static void run_into(struct star *star)
{
    while (star_status(star, NEMA).again_came < MANY / 20) {
        slow_step(star);
    }
}

static void assert_soon(struct star *star, uint64_t waited)
{
    uint64_t after = star->bytes_down;

    assert_true(star_status(star, NEMA).is_sent_again);
    star_run(star);
    assert_in_range(waited, 1, WAIT_BYTES_MAX);
    /* It would have been long. */
    assert_true(star->bytes_down - after > 10 * (uint64_t)WAIT_BYTES_MAX);
    star_assert_agreed(star);
}

static void test_a_referral_does_not_wait_for_a_bootstrap(void **state)
{
    struct star *star = *state;
    struct tip_id urgent = begin(star);

    star_retire(star, NEMA);
    star_replace(star, NEMA);
    star_join(star, NEMA);
    run_into(star);
    assert_soon(star, refer(star, &urgent));
}

static void test_a_referral_does_not_wait_for_a_repair(void **state)
{
    struct star *star = *state;
    struct tip_id urgent = begin(star);

    OK(hub_engine_send_again(star->hub, STAR_OFFICE_FIRST + NEMA));
    run_into(star);
    assert_soon(star, refer(star, &urgent));
}

/* A record that everybody gets, with much in it. */
static void add_for_all(struct star *star)
{
    uint8_t much[2000];
    const struct tip_change change = {
        .field = FAKE_LATEST + 9,
        .value = {.kind = TIP_VALUE_OPAQUE, .bytes = TIP_BYTES_OF(much)}};

    star->prng.base.fill(&star->prng.base, much, sizeof much);
    (void)star_publish(star, &change);
}

/* A new catalogue, say: that is another chain, and gives way to an office's own
 * after each frame. */
static void test_a_referral_does_not_wait_for_what_everybody_gets(void **state)
{
    struct star *star = *state;
    struct tip_id urgent = star_id(star);
    uint64_t waited, after;

    OK(star_add(star, ATAR, &urgent, NONE, FAKE_LATEST, 5));
    star_run(star);
    for (size_t i = 0; i < MANY; i++) {
        add_for_all(star);
    }
    for (size_t i = 0; i < 8; i++) {
        slow_step(star);
    }
    waited = refer(star, &urgent);
    after = star->bytes_down;
    star_run(star);
    assert_in_range(waited, 1, WAIT_BYTES_MAX);
    assert_true(star->bytes_down - after > 5 * (uint64_t)WAIT_BYTES_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAR_TEST(test_a_referral_does_not_wait_for_a_bootstrap),
        STAR_TEST(test_a_referral_does_not_wait_for_a_repair),
        STAR_TEST(test_a_referral_does_not_wait_for_what_everybody_gets),
    };

    return cmocka_run_group_tests_name("urgent", tests, NULL, NULL);
}
