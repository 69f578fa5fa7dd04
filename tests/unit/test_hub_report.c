/* What whoever is woken at night reads: the worst first, each with what to do.
 * The whole outputs are in tests/data/views. */
#include "golden_text.h"
#include "hub_report.h"

#include <stdlib.h>
#include <string.h>

#define DAY      (UINT64_C(24) * 3600 * 1000)
#define NOW      UINT64_C(1795777200000)
#define MEBIBYTE (UINT64_C(1) << 20)

static const uint64_t limits[HUB_LIMIT_COUNT] = {[HUB_LIMIT_SILENT] = 3 * DAY};

static struct hub_view office(uint64_t number, const char *name,
                              uint64_t ago_ms)
{
    struct hub_view view = {.office = number,
                            .has_device = true,
                            .has_said = true,
                            .devices = 1,
                            .heard_ms = ago_ms,
                            .contact_ms = ago_ms,
                            .device = {.agreement = TIP_AGREEMENT_EQUAL,
                                       .is_live = ago_ms == 0,
                                       .saved_ms = NOW - ago_ms,
                                       .last_heard_ms = NOW - ago_ms}};

    (void)snprintf(view.name, sizeof view.name, "%s", name);
    view.verdict = hub_health_judge(&view, limits);
    return view;
}

/* A hub that is well, with one office that is. */
static struct hub_report *well(void)
{
    static struct hub_report report;

    memset(&report, 0, sizeof report);
    report.now_ms = NOW;
    report.up_ms = 12 * DAY;
    report.commit = 31877;
    report.catalogue = 3;
    report.version = "0.1.0";
    report.scrub.done_ms = NOW - DAY;
    report.link = (struct tip_link_zmq_status){
        .is_running = true, .child_starts = 1, .port = 7070};
    report.disk = (struct tip_store_usage){.used_bytes = 412 * MEBIBYTE,
                                           .limit_bytes = 8192 * MEBIBYTE,
                                           .reserve_bytes = 64 * MEBIBYTE};
    report.are_backups_known = true;
    report.backups.made.made_ms = NOW - DAY;
    report.backups.made.verified_ms = NOW - DAY;
    report.verified_limit_ms = 30 * DAY;
    report.backup_limit_ms = 7 * DAY;
    report.views.fresh_ms = DAY;
    report.views.fresh = "24 h";
    report.views.count = 1;
    report.views.items[0] = office(1, "Hodh ech Chargui", 0);
    return &report;
}

/* Everything at once. */
static struct hub_report *ill(void)
{
    struct hub_report *report = well();

    report->catalogue = 0;
    report->is_dev = true;
    report->figures = "Figures are wrong: do this.";
    report->losing = TIP_ESTORE_FULL;
    report->trouble = TIP_EIO;
    report->disk_failed = true;
    report->scrub.found = 2;
    report->scrub.made = 3;
    report->scrub.recounted = 1;
    report->scrub.recalled = 2;
    report->scrub.rest = (struct tip_survey_report){
        .count = 1, .first = {{TIP_INSPECT_FRAME, 12, 1240}}};
    report->link.is_running = false;
    report->link.start_err = TIP_ELINK_CHILD;
    report->ahead = 1;
    (void)snprintf(report->before, sizeof report->before, "store.before-2");
    report->disk.used_bytes = 8100 * MEBIBYTE;
    report->backups.made.made_ms = NOW - 10 * DAY;
    report->backups.made.verified_ms = NOW - 40 * DAY;
    report->views.count = 3;
    report->views.items[1] = office(2, "Assaba", 6 * DAY);
    report->views.items[2] = office(3, "Gorgol", 0);
    report->views.items[2].device.agreement = TIP_AGREEMENT_DIFFERS;
    report->views.items[2].verdict =
        hub_health_judge(&report->views.items[2], limits);
    report->held_count = 1;
    report->held[0].office = 2;
    report->held[0].held =
        (struct hub_held){.seq = 17, .origin = 12, .reason = TIP_HOLD_QUOTA};
    (void)snprintf(report->held[0].name, sizeof report->held[0].name, "Assaba");
    return report;
}

static void say(struct tip_reply *reply, const void *what)
{
    hub_report_say(reply, what);
}

static void check(void **state, const char *name,
                  const struct hub_report *report)
{
    golden_text_check(*state, name, 80, say, report);
}

static void test_a_hub_that_is_well(void **state)
{
    check(state, "hub-well", well());
}

static void test_all_that_can_be_wrong_with_a_hub(void **state)
{
    check(state, "hub-ill", ill());
}

static void test_a_hub_that_was_restored(void **state)
{
    struct hub_report *report = well();

    report->recovery =
        (struct hub_recovery){.is_open = true,
                              .missing = 3,
                              .ends_ms = NOW + UINT64_C(42) * 60 * 1000};
    check(state, "hub-restored", report);
}

static void test_a_hub_that_is_new(void **state)
{
    struct hub_report *report = well();

    report->catalogue = 0;
    report->commit = 0;
    report->scrub.done_ms = 0;
    report->backups.made = (struct tip_backup_made){.made_ms = 0};
    report->views.count = 0;
    check(state, "hub-new", report);
}

/* All offices are off by the same: it is not they. */
static void test_a_hub_whose_clock_is_wrong_blames_itself(void **state)
{
    struct hub_report *report = well();

    report->views.count = 3;
    for (size_t i = 0; i < 3; i++) {
        struct hub_view *view = &report->views.items[i];

        *view = office((uint32_t)i + 1, "Hodh ech Chargui", 0);
        view->device.clock_offset_ms = -(int64_t)(40 * DAY + i * 1000);
        view->verdict = hub_health_judge(view, limits);
    }
    check(state, "hub-clock", report);
    report->views.items[1].device.clock_offset_ms = 0;
    report->views.items[1].verdict =
        hub_health_judge(&report->views.items[1], limits);
    check(state, "hub-clocks", report);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_a_hub_that_is_well, printed_setup),
        cmocka_unit_test_setup(test_all_that_can_be_wrong_with_a_hub,
                               printed_setup),
        cmocka_unit_test_setup(test_a_hub_that_was_restored, printed_setup),
        cmocka_unit_test_setup(test_a_hub_that_is_new, printed_setup),
        cmocka_unit_test_setup(test_a_hub_whose_clock_is_wrong_blames_itself,
                               printed_setup),
    };

    golden_text_begin(argc, argv);
    return cmocka_run_group_tests_name("hub_report", tests, NULL, NULL);
}
