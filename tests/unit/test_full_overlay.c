/* A record that waits for the hub with as many saves as one may. */
#include "restored.h"
#include "tip_wire_record.h"

/* An office that has no line for a year, and one record it writes to each day:
 * none of that is lost, and the next step is not to write less. */
static void test_what_waits_for_the_hub_has_a_limit_too(void **state)
{
    struct star *star = *state;
    struct tip_id id = add(star, NEMA, 1);
    enum tip_err err = TIP_OK;
    uint32_t saves = 0;

    star_run(star);
    star_cut(star, NEMA);
    while (err == TIP_OK) {
        err = star_edit(star, NEMA, &id, FAKE_LATEST, 2 + saves++ % 2);
    }
    assert_int_equal(err, TIP_ERECORD_WAITS);
    assert_int_equal(saves - 1, TIP_WIRE_OVERLAY_MAX);
    ASSERT_SHOWS(star, NEMA, &id, FAKE_LATEST, 3, 1);
    star_join(star, NEMA);
    star_run(star);
    OK(star_edit(star, NEMA, &id, FAKE_LATEST, 4));
    star_run(star);
    ASSERT_SHOWS(star, HUB, &id, FAKE_LATEST, 4, 1);
    assert_recovered(star);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAR_TEST(test_what_waits_for_the_hub_has_a_limit_too),
    };

    return cmocka_run_group_tests_name("full_overlay", tests, NULL, NULL);
}
