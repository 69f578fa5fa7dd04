/* Figures kept are figures counted: after any change, loss or restart. */
#include "tip_test.h"

#include "figures_random.h"

enum { STEPS = 60 };

static struct rig rig;

/* How far each origin has seen; a base never falls. */
static uint64_t bases[RIG_ORIGINS];

static const char *random_step(struct tip_property *p)
{
    switch (tip_property_below(p, 10)) {
    case 0:
        rig_lose(&rig, tip_property_once_in(p, 2));
        /* Commits are given out again: nobody has seen them. */
        for (size_t i = 0; i < RIG_ORIGINS; i++) {
            bases[i] = rig.commit;
        }
        break;
    case 1:
    case 2:
        rig_commit(&rig);
        if (!rig_is_stored(&rig)) {
            return "what is stored is not what is counted";
        }
        break;
    case 3:
        rig_commit(&rig);
        rig_reopen(&rig);
        break;
    default:
        figures_random_write(p, &rig, bases);
        break;
    }
    if (rig_verify(&rig) != 0) {
        return "kept figures differ from counted ones";
    }
    return tip_figures_is_suspect(rig.figures) ? "a count fell below nothing"
                                               : NULL;
}

static const char *check_kept(struct tip_property *p)
{
    const char *broken = NULL;

    memset(bases, 0, sizeof bases);
    rig_init(&rig, NULL, tip_property_next(p));
    for (size_t i = 0; i < STEPS && broken == NULL; i++) {
        broken = random_step(p);
    }
    rig_deinit(&rig);
    return broken;
}

static void test_kept_figures_are_counted_figures_at_every_step(void **state)
{
    (void)state;
    assert_true(tip_property_holds("figures", 300, check_kept));
}

static void test_old_rows_go_so_that_the_log_stays_short(void **state)
{
    struct tip_change change = rig_code(CASE_KIND, 1);
    uint32_t record;
    size_t rows_max = 0;

    (void)state;
    rig_init(&rig, NULL, 7);
    (void)rig_add(&rig, 3, &change, 1); /* Written once, in the first row. */
    record = rig_add(&rig, 1, &change, 1);
    rig_commit(&rig);
    for (uint32_t i = 0; i < 6000; i++) {
        size_t rows;

        change = rig_code(CASE_KIND, 1 + i % 3);
        rig_edit(&rig, record, 1, &change, 1);
        if (i % 3 == 0) {
            rig_lose(&rig, true);
        }
        rig_commit(&rig);
        rows = i % 50 == 0 ? rig_count_rows(&rig) : 0;
        rows_max = rows > rows_max ? rows : rows_max;
    }
    /* Some six entries a row; what was lost is not counted as stored. */
    assert_in_range(rows_max, 650, 750);
    assert_in_range(rig_count_rows(&rig), 650, 750);
    assert_true(rig_is_stored(&rig));
    rig_deinit(&rig);
}

static void test_nothing_is_written_where_nothing_changed(void **state)
{
    const struct tip_change change = rig_code(CASE_KIND, 1);
    const struct tip_change other = rig_code(CASE_KIND, 2);
    uint32_t record;
    size_t rows;

    (void)state;
    rig_init(&rig, NULL, 7);
    record = rig_add(&rig, 1, &change, 1);
    rig_commit(&rig);
    rows = rig_count_rows(&rig);
    rig_edit(&rig, record, 2, &other, 1);
    rig_edit(&rig, record, 2, &change, 1);
    rig_commit(&rig);
    assert_int_equal(rig_count_rows(&rig), rows);
    rig_deinit(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kept_figures_are_counted_figures_at_every_step),
        cmocka_unit_test(test_old_rows_go_so_that_the_log_stays_short),
        cmocka_unit_test(test_nothing_is_written_where_nothing_changed),
    };

    return cmocka_run_group_tests_name("figures kept", tests, NULL, NULL);
}
