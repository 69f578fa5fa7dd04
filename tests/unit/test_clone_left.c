/* Rules of two copies of one disk of which one has left a record. */
#include "cloned.h"

/* Both had made it and not sent it. One did, gave it to Atar and left it; the
 * other wrote in it. */
static void test_what_one_has_left_does_not_come_back_by_the_other(void **state)
{
    struct star *star = *state;
    struct fake_store *left, *copy;
    struct tip_id id;

    star_cut(star, NEMA);
    id = add(star, NEMA, 1);
    copy = star_back_up(star, NEMA);
    star_join(star, NEMA);
    star_run(star);
    OK(star_member(star, NEMA, &id, ATAR, true));
    star_run(star);
    OK(star_member(star, NEMA, &id, NEMA, false));
    star_run(star);
    assert_false(star_has(star, NEMA, &id));
    swap(star, copy, &left);
    star_cut(star, NEMA);
    OK(star_edit(star, NEMA, &id, FAKE_REVIEW, 3));
    star_join(star, NEMA);
    star_run(star);
    assert_recovered(star);
    ASSERT_SHOWS(star, HUB, &id, FAKE_REVIEW, 3, 1);
    swap(star, left, &copy);
    star_run(star);
    assert_refused(star);
    choose(star, star_status(star, NEMA).feed);
    while (star_step(star)) {
        assert_false(star_has(star, NEMA, &id));
    }
    assert_recovered(star);
    fake_store_free(copy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAR_TEST(test_what_one_has_left_does_not_come_back_by_the_other),
    };

    return cmocka_run_group_tests_name("clone_left", tests, NULL, NULL);
}
