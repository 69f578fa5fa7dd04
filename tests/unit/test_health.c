/* What is wrong with an office is said, the worst first; what was is kept. */
#include "fake_store.h"
#include "hub_past.h"
#include "hub_view.h"
#include "node_starts.h"
#include "tip_test.h"

#include <string.h>

static const uint64_t limits[HUB_LIMIT_COUNT] = {
    [HUB_LIMIT_SILENT] = 1000, [HUB_LIMIT_WAITING] = 1000,
    [HUB_LIMIT_CLOCK] = 1000,  [HUB_LIMIT_BACKUP] = 1000,
    [HUB_LIMIT_SCRUB] = 1000,  [HUB_LIMIT_VERIFIED] = 2000,
    [HUB_LIMIT_FULL] = 800,    [HUB_LIMIT_POWER] = 4};

/* An office that is well and connected. */
static struct hub_view well(void)
{
    return (struct hub_view){.office = 8,
                             .has_device = true,
                             .has_said = true,
                             .catalogue = 2,
                             .hub_catalogue = 2,
                             .device = {.is_live = true,
                                        .is_caught_up = true,
                                        .last_heard_ms = 5000,
                                        .saved_ms = 5000,
                                        .agreement = TIP_AGREEMENT_EQUAL}};
}

static void assert_ails(const struct hub_view *view, uint64_t ails,
                        enum hub_ail worst)
{
    struct hub_verdict verdict = hub_health_judge(view, limits);

    assert_int_equal(verdict.ails, ails);
    assert_int_equal(verdict.worst, worst);
}

/* @view has just that ail. */
static void assert_ail(const struct hub_view *view, enum hub_ail ail)
{
    assert_ails(view, UINT64_C(1) << ail, ail);
}

static void test_an_office_that_is_well_has_no_ail(void **state)
{
    struct hub_view view = well();

    (void)state;
    assert_ails(&view, 0, HUB_FINE);
    assert_false(hub_health_judge(&view, limits).is_degraded);
}

static void test_an_office_without_a_device_or_a_call_is_told_so(void **state)
{
    struct hub_view view = {.office = 8};

    (void)state;
    assert_ail(&view, HUB_NEVER_ENROLLED);
    view.is_forgotten = true;
    assert_ail(&view, HUB_FORGOTTEN);
    assert_true(hub_health_judge(&view, limits).is_degraded);
    view = (struct hub_view){.office = 8, .has_device = true};
    assert_ail(&view, HUB_NEVER_SEEN);
    view.device.is_out = true;
    assert_ail(&view, HUB_REVOKED);
    assert_false(hub_health_judge(&view, limits).is_degraded);
    view.device.is_retired = true;
    assert_ail(&view, HUB_RETIRED);
    assert_true(hub_health_judge(&view, limits).is_degraded);
}

static void test_only_who_is_away_for_too_long_is_silent(void **state)
{
    struct hub_view view = well();

    (void)state;
    view.device.is_live = false;
    view.contact_ms = 1000;
    assert_ails(&view, 0, HUB_FINE);
    view.contact_ms = 1001;
    assert_ail(&view, HUB_SILENT);
    view.device.is_live = true;
    assert_ails(&view, 0, HUB_FINE);
}

static void test_work_that_waits_is_late_and_stuck_if_connected(void **state)
{
    struct hub_view view = well();

    (void)state;
    view.device.waiting_count = 1;
    view.oldest_ms = 1001;
    view.useful_ms = 10;
    assert_ail(&view, HUB_WAITING);
    view.useful_ms = 1001;
    assert_ails(&view, 1u << HUB_WAITING | 1u << HUB_STUCK, HUB_STUCK);
    view.device.waiting_count = 0;
    assert_ails(&view, 0, HUB_FINE);
}

static void test_who_takes_in_nothing_is_stuck_if_connected(void **state)
{
    struct hub_view view = well();

    (void)state;
    view.device.unmoved_ms = 1000;
    assert_ails(&view, 0, HUB_FINE);
    view.device.unmoved_ms = 1001;
    assert_ail(&view, HUB_STUCK);
    view.device.is_live = false;
    assert_ails(&view, 0, HUB_FINE);
}

static void test_each_threshold_is_where_it_says(void **state)
{
    struct hub_view view = well();

    (void)state;
    view.device.clock_offset_ms = -1500;
    view.uncertainty_ms = 500;
    assert_ails(&view, 0, HUB_FINE);
    view.device.clock_offset_ms = -1501;
    assert_ail(&view, HUB_CLOCK);
    view = well();
    view.disk_permille = 801;
    assert_ail(&view, HUB_FULL);
    view = well();
    view.backup_age_ms = 1001;
    assert_ail(&view, HUB_BACKUP);
    view = well();
    view.device.health.backup_ms = 9000;
    assert_ail(&view, HUB_UNVERIFIED); /* None ever was. */
    view.device.health.verified_ms = 7000;
    view.verified_age_ms = 2000;
    assert_ails(&view, 0, HUB_FINE);
    view.verified_age_ms = 2001;
    assert_ail(&view, HUB_UNVERIFIED);
    view.device.health.verified_ms = 9000; /* That it is old is another ail. */
    assert_ails(&view, 0, HUB_FINE);
    view = well();
    view.scrub_age_ms = 1001;
    assert_ail(&view, HUB_SCRUB);
    view = well();
    view.device.health.cuts_day = 5;
    assert_ail(&view, HUB_POWER);
    view = well();
    view.device.health.keeps_erased = true;
    assert_ail(&view, HUB_KEEPS_ERASED);
    view = well();
    view.quarantined = 1;
    assert_ail(&view, HUB_HELD);
    view = well();
    view.device.trouble = TIP_EFORK;
    assert_ail(&view, HUB_REFUSED);
    view = well();
    view.device.knows_erasure = true;
    assert_ail(&view, HUB_ERASED_THERE);
}

static void test_two_copies_of_a_disk_are_not_called_a_refusal(void **state)
{
    struct hub_view view = well();

    (void)state;
    view.device.trouble = TIP_ECLONE;
    assert_ail(&view, HUB_REFUSED); /* Nobody knows of a copy here. */
    view.device.is_copied = true;
    assert_ail(&view, HUB_COPIED);
    assert_non_null(strstr(hub_health_says(HUB_COPIED), "tiphub clone show"));
    assert_true(hub_health_is_grave(HUB_COPIED));
    assert_false(hub_view_is_fresh(&view, 1000));
    view.device.has_stray = true; /* Who it is, nobody has decided yet. */
    assert_ail(&view, HUB_COPIED);
    view.device.is_copied = false;
    view.device.copy_unsent = 4; /* It must not be switched off. */
    assert_ail(&view, HUB_UNSENT);
    assert_true(hub_health_is_grave(HUB_UNSENT));
    view.device.copy_unsent = 0;
    assert_ail(&view, HUB_STRAY);
    assert_true(hub_health_judge(&view, limits).is_degraded);
    assert_true(hub_view_is_fresh(&view, 1000)); /* The other goes on. */
    view.device.trouble = TIP_EFORK;
    assert_ails(&view, 1u << HUB_STRAY | 1u << HUB_REFUSED, HUB_REFUSED);
    view.device.is_out = true;
    assert_ail(&view, HUB_REVOKED);
}

static void test_versions_are_shown_and_degrade_nothing(void **state)
{
    struct hub_view view = well();

    (void)state;
    view.is_other_version = true;
    view.catalogue = 1;
    assert_ails(&view, 1u << HUB_VERSION | 1u << HUB_CATALOGUE, HUB_CATALOGUE);
    assert_false(hub_health_judge(&view, limits).is_degraded);
}

static void test_the_worst_stands_first(void **state)
{
    struct hub_view view = well();

    (void)state;
    view.quarantined = 1;
    view.disk_permille = 900;
    view.device.agreement = TIP_AGREEMENT_DIFFERS;
    assert_ails(&view, 1u << HUB_HELD | 1u << HUB_FULL | 1u << HUB_DIFFERS,
                HUB_DIFFERS);
}

static void test_every_ail_has_a_word_and_a_sentence(void **state)
{
    (void)state;
    for (int i = 1; i < HUB_AIL_COUNT; i++) {
        assert_true(strlen(hub_health_word((enum hub_ail)i)) > 2);
        assert_true(strlen(hub_health_word((enum hub_ail)i)) < 16);
        assert_non_null(strchr(hub_health_says((enum hub_ail)i), ' '));
    }
}

static void test_what_an_office_says_is_wrong_there_is_shown(void **state)
{
    static const enum hub_ail ails[] = {
        [TIP_TROUBLE_FULL] = HUB_NO_ROOM,
        [TIP_TROUBLE_DISK] = HUB_DISK,
        [TIP_TROUBLE_ROTTEN] = HUB_ROTTEN,
        [TIP_TROUBLE_LOST] = HUB_LOST,
        [TIP_TROUBLE_STOPPED] = HUB_STOPPED,
        [TIP_TROUBLE_ERASURE] = HUB_UNERASED,
        [TIP_TROUBLE_COUNT] = HUB_TROUBLE, /* Of a newer program. */
        [31] = HUB_TROUBLE,
    };
    struct hub_view view = well();

    (void)state;
    for (unsigned i = 0; i < sizeof ails / sizeof *ails; i++) {
        if (ails[i] == HUB_FINE) {
            continue;
        }
        view.device.health.troubles = tip_trouble_bit((enum tip_trouble)i);
        assert_ail(&view, ails[i]);
        assert_true(hub_health_is_grave(ails[i]));
        assert_true(hub_health_judge(&view, limits).is_degraded);
    }
    view.device.is_out = true;
    view.device.is_retired = true;
    assert_ail(&view, HUB_RETIRED); /* Nobody works with it any more. */
}

static void test_all_that_is_wrong_there_is_shown(void **state)
{
    struct hub_view view = well();

    (void)state;
    view.device.health.troubles = UINT32_MAX;
    view.disk_permille = 1000; /* One sentence for one thing. */
    assert_int_equal(hub_health_judge(&view, limits).count,
                     TIP_TROUBLE_COUNT + 1);
    assert_int_equal(hub_health_judge(&view, limits).worst, HUB_NO_ROOM);
}

static void test_office_is_up_to_date_only_with_nothing_waiting(void **state)
{
    struct hub_view view = well();

    (void)state;
    assert_true(hub_view_is_fresh(&view, 1000));
    view.device.waiting_count = 1;
    assert_false(hub_view_is_fresh(&view, 1000));
    view = well();
    view.device.saved_ms = 0; /* It was heard, and did not say. */
    assert_false(hub_view_is_fresh(&view, 1000));
    view = well();
    view.device.is_missing = true;
    assert_false(hub_view_is_fresh(&view, 1000));
    view = well();
    view.contact_ms = 1001;
    assert_false(hub_view_is_fresh(&view, 1000));
    view = (struct hub_view){.office = 8, .has_device = true};
    assert_false(hub_view_is_fresh(&view, 1000));
}

static void test_the_past_keeps_changes_and_forgets_the_oldest(void **state)
{
    struct hub_past past = {.count = 0};

    (void)state;
    assert_true(hub_past_note(&past, HUB_FINE, 1));
    assert_false(hub_past_note(&past, HUB_FINE, 2));
    for (uint64_t i = 0; i < UINT64_C(2) * HUB_PAST_MAX; i++) {
        assert_true(
            hub_past_note(&past, i % 2 == 0 ? HUB_SILENT : HUB_FINE, 10 + i));
    }
    assert_int_equal(past.count, HUB_PAST_MAX);
    assert_int_equal(past.changes[0].since_ms, 10 + HUB_PAST_MAX);
    assert_int_equal(hub_past_last(&past), HUB_FINE);
}

static void test_the_past_outlives_the_daemon(void **state)
{
    struct fake_store *store = fake_store_new(UINT64_C(1) << 30);
    struct hub_past past = {.count = 0}, read;
    struct tip_txn *txn;

    (void)state;
    assert_true(hub_past_note(&past, HUB_SILENT, 7));
    assert_int_equal(tip_store_begin(&store->base, TIP_TXN_WRITE, &txn),
                     TIP_OK);
    assert_int_equal(hub_past_load(txn, 8, &read), TIP_OK);
    assert_int_equal(read.count, 0);
    assert_int_equal(hub_past_store(txn, 8, &past), TIP_OK);
    assert_int_equal(hub_past_load(txn, 8, &read), TIP_OK);
    assert_int_equal(read.count, 1);
    assert_int_equal(read.changes[0].since_ms, 7);
    assert_int_equal(hub_past_last(&read), HUB_SILENT);
    tip_txn_abort(txn);
    fake_store_free(store);
}

static void test_a_start_after_no_stop_is_a_power_cut(void **state)
{
    const uint64_t day_ms = UINT64_C(24) * 3600 * 1000;
    struct node_starts starts = {.count = 0};
    uint32_t count, cuts;

    (void)state;
    node_starts_add(&starts, day_ms);
    node_starts_add(&starts, day_ms + 1000); /* Cut. */
    starts.is_running = false;               /* Stopped. */
    node_starts_add(&starts, day_ms + 2000);
    node_starts_count(&starts, day_ms + 3000, &count, &cuts);
    assert_int_equal(count, 3);
    assert_int_equal(cuts, 1);
    node_starts_count(&starts, 2 * day_ms + 1500, &count, &cuts);
    assert_int_equal(count, 1);
    assert_int_equal(cuts, 0);
    for (int i = 0; i < 2 * NODE_STARTS_MAX; i++) {
        node_starts_add(&starts, 2 * day_ms);
    }
    node_starts_count(&starts, 2 * day_ms, &count, &cuts);
    assert_int_equal(count, NODE_STARTS_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_office_that_is_well_has_no_ail),
        cmocka_unit_test(test_an_office_without_a_device_or_a_call_is_told_so),
        cmocka_unit_test(test_only_who_is_away_for_too_long_is_silent),
        cmocka_unit_test(test_work_that_waits_is_late_and_stuck_if_connected),
        cmocka_unit_test(test_who_takes_in_nothing_is_stuck_if_connected),
        cmocka_unit_test(test_each_threshold_is_where_it_says),
        cmocka_unit_test(test_two_copies_of_a_disk_are_not_called_a_refusal),
        cmocka_unit_test(test_versions_are_shown_and_degrade_nothing),
        cmocka_unit_test(test_the_worst_stands_first),
        cmocka_unit_test(test_every_ail_has_a_word_and_a_sentence),
        cmocka_unit_test(test_what_an_office_says_is_wrong_there_is_shown),
        cmocka_unit_test(test_all_that_is_wrong_there_is_shown),
        cmocka_unit_test(test_office_is_up_to_date_only_with_nothing_waiting),
        cmocka_unit_test(test_the_past_keeps_changes_and_forgets_the_oldest),
        cmocka_unit_test(test_the_past_outlives_the_daemon),
        cmocka_unit_test(test_a_start_after_no_stop_is_a_power_cut),
    };

    return cmocka_run_group_tests_name("health of offices", tests, NULL, NULL);
}
