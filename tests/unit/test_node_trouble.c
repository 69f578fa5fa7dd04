/* Rules of what is wrong at an office itself, as its hub is told. */
#include "node_trouble.h"
#include "tip_test.h"

static struct node_status status;
static struct tip_store_usage disk;

/* Of an office that is well. */
static struct node_signs well(void)
{
    status = (struct node_status){.saved = 7};
    disk = (struct tip_store_usage){
        .used_bytes = 10, .limit_bytes = 100000, .reserve_bytes = 10000};
    return (struct node_signs){.status = &status, .disk = &disk};
}

static void assert_trouble(const struct node_signs *signs,
                           enum tip_trouble trouble)
{
    assert_int_equal(node_troubles(signs), tip_trouble_bit(trouble));
}

static void test_an_office_that_is_well_says_nothing(void **state)
{
    struct node_signs signs = well();

    (void)state;
    status.trouble = TIP_ECLONE; /* The hub said so itself. */
    signs.trouble = TIP_EIO;
    assert_int_equal(node_troubles(&signs), 0);
}

static void test_no_room_for_what_is_saved_or_sent_is_told(void **state)
{
    struct node_signs signs = well();

    (void)state;
    signs.trouble = TIP_ESTORE_FULL;
    assert_trouble(&signs, TIP_TROUBLE_FULL);
    signs = well();
    status.trouble = TIP_ESTORE_FULL;
    assert_trouble(&signs, TIP_TROUBLE_FULL);
}

static void test_a_refused_save_counts_until_there_is_room(void **state)
{
    struct node_signs signs = well();

    (void)state;
    status.is_full = true;
    assert_int_equal(node_troubles(&signs), 0);
    disk.used_bytes = 89999;
    assert_trouble(&signs, TIP_TROUBLE_FULL);
    status.is_full = false;
    assert_int_equal(node_troubles(&signs), 0);
}

static void test_a_disk_that_failed_is_told_also_when_work_goes_on(void **state)
{
    struct node_signs signs = well();

    (void)state;
    signs.trouble = TIP_ESTORE_FAILED;
    assert_trouble(&signs, TIP_TROUBLE_DISK);
    signs = well();
    signs.disk_failed = true;
    assert_trouble(&signs, TIP_TROUBLE_DISK);
}

static void test_what_the_scrub_found_is_told(void **state)
{
    struct node_signs signs = well();

    (void)state;
    status.scrub_found = 1;
    assert_trouble(&signs, TIP_TROUBLE_LOST);
    status = (struct node_status){.lost_count = 1};
    assert_trouble(&signs, TIP_TROUBLE_LOST);
    assert_int_equal(node_rot(&status).count, 0);
    status = (struct node_status){
        .scrub_rest = {
            .count = 2,
            .first = {{TIP_INSPECT_CHAIN, 12, 1240}, {TIP_INSPECT_ROW, 3, 0}}}};
    assert_trouble(&signs, TIP_TROUBLE_ROTTEN);
    assert_int_equal(node_rot(&status).count, 2);
    assert_int_equal(node_rot(&status).kind, TIP_INSPECT_CHAIN);
    assert_int_equal(node_rot(&status).a, 12);
    assert_int_equal(node_rot(&status).b, 1240);
}

static void test_what_does_not_go_on_is_told(void **state)
{
    struct node_signs signs = well();

    (void)state;
    status.is_stopped = true;
    assert_trouble(&signs, TIP_TROUBLE_STOPPED);
    signs = well();
    signs.erase_trouble = TIP_ESTORE_FULL;
    assert_trouble(&signs, TIP_TROUBLE_ERASURE);
}

static void test_all_of_it_is_told_at_once(void **state)
{
    struct node_signs signs = well();

    (void)state;
    signs.trouble = TIP_ESTORE_FAILED;
    signs.erase_trouble = TIP_EIO;
    status.lost_count = 1;
    assert_int_equal(node_troubles(&signs),
                     tip_trouble_bit(TIP_TROUBLE_DISK) |
                         tip_trouble_bit(TIP_TROUBLE_ERASURE) |
                         tip_trouble_bit(TIP_TROUBLE_LOST));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_office_that_is_well_says_nothing),
        cmocka_unit_test(test_no_room_for_what_is_saved_or_sent_is_told),
        cmocka_unit_test(test_a_refused_save_counts_until_there_is_room),
        cmocka_unit_test(
            test_a_disk_that_failed_is_told_also_when_work_goes_on),
        cmocka_unit_test(test_what_the_scrub_found_is_told),
        cmocka_unit_test(test_what_does_not_go_on_is_told),
        cmocka_unit_test(test_all_of_it_is_told_at_once),
    };

    return cmocka_run_group_tests_name("node_trouble", tests, NULL, NULL);
}
