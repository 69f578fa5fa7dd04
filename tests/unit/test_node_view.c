/* What an officer reads first, and that nothing that needs an action is hidden.
 * The whole outputs are in tests/data/views. */
#include "golden_text.h"
#include "node_health.h"

#include <string.h>

#define MINUTE   UINT64_C(60000)
#define HOUR     (60 * MINUTE)
#define DAY      (24 * HOUR)
#define NOW      UINT64_C(1795777200000)
#define MEBIBYTE (UINT64_C(1) << 20)

/* An office that is well and connected. */
static struct node_view well(void)
{
    struct node_view view = {
        .office = 8,
        .origin = 12,
        .name = "Nouadhibou",
        .version = "0.1.0",
        .catalogue = 3,
        .now_ms = NOW,
        .up_ms = 12 * DAY + 4 * HOUR,
        .elapsed_ms = 12 * DAY + 4 * HOUR,
        .waiting_limit_ms = 3 * DAY,
        .starts_day = 3,
        .cuts_day = 1,
        .status = {.session = TIP_NODE_LIVE,
                   .saved = 1240,
                   .framed = 1240,
                   .confirmed = 1240,
                   .delivered_ms = NOW - 131 * MINUTE,
                   .decided = 1240,
                   .agreement = TIP_AGREEMENT_EQUAL,
                   .scrubbed_ms = NOW - DAY,
                   .checkpoint = 31877,
                   .records = 318,
                   .generation = 1,
                   .round_trip_ms = 800,
                   .goodput_bps = 3100,
                   .clock_offset_ms = 40,
                   .feed = 12},
        .hub = {.is_up = true, .sent_bytes = 1258291},
        .link = {.is_running = true, .child_starts = 1},
        .disk = {.used_bytes = 412 * MEBIBYTE,
                 .limit_bytes = 8192 * MEBIBYTE,
                 .reserve_bytes = 64 * MEBIBYTE},
        .backups.made = {.made_ms = NOW - DAY, .verified_ms = NOW - DAY}};

    (void)tip_hours_pass(&view.hours, NOW);
    tip_hours_carry(&view.hours, 1258291, 90112);
    tip_hours_hear(&view.hours, NOW);
    tip_hours_hear(&view.hours, NOW - 5 * HOUR);
    return view;
}

/* The same without a line, with @count changes that wait. */
static struct node_view cut_off(uint64_t count, uint64_t age_ms)
{
    struct node_view view = well();

    view.status.session = TIP_NODE_DOWN;
    view.status.saved += count;
    view.waiting = count;
    view.waiting_ms = age_ms;
    view.hub = (struct tip_link_peer_status){.cause = TIP_LINK_CAUSE_NO_ROUTE};
    view.link.call_ms = view.elapsed_ms + 4 * MINUTE;
    return view;
}

/* Everything at once. */
static struct node_view ill(void)
{
    struct node_view view = cut_off(37, 5 * DAY);

    view.catalogue = 0;
    view.is_dev = true;
    view.trouble = TIP_ESTORE_FULL;
    view.erase_trouble = TIP_EIO;
    (void)snprintf(view.before, sizeof view.before, "store.before-2");
    view.status.trouble = TIP_ECLONE;
    view.status.again_ms = 4 * MINUTE;
    view.status.hindrance = TIP_EHUB_FULL;
    view.status.held_count = 3;
    view.conflicts.count = 2;
    view.conflicts.oldest_ms = 6 * DAY;
    view.status.rest_ms = 90 * MINUTE;
    view.status.hub_is_restored = true;
    view.status.agreement = TIP_AGREEMENT_DIFFERS;
    view.status.differs_since_ms = NOW - HOUR;
    view.status.lost_count = 2;
    view.status.remade = NODE_REMADE_ROLL | NODE_REMADE_HELD |
                         NODE_REMADE_BUDGET | NODE_REMADE_SWEEP;
    view.status.scrub_rest = (struct tip_survey_report){
        .count = 2,
        .first = {{TIP_INSPECT_FRAME, 12, 1240}, {TIP_INSPECT_ROW, 0, 0}}};
    view.troubles = tip_trouble_bit(TIP_TROUBLE_DISK) |
                    tip_trouble_bit(TIP_TROUBLE_ROTTEN) |
                    tip_trouble_bit(TIP_TROUBLE_LOST) |
                    tip_trouble_bit(TIP_TROUBLE_ERASURE);
    view.status.clock_offset_ms = -(int64_t)DAY;
    view.link = (struct tip_link_zmq_status){.start_err = TIP_ELINK_CHILD};
    view.disk.used_bytes = 8000 * MEBIBYTE;
    view.backups.made.made_ms = NOW - 10 * DAY;
    view.backups.made.verified_ms = NOW - 40 * DAY;
    view.backups.restored =
        (struct tip_backup_restored){.id = 1,
                                     .count = 2,
                                     .made_ms = NOW - 50 * DAY,
                                     .restored_ms = NOW - DAY};
    view.held[0] = (struct tip_held_run){
        .first = 1201, .count = 1, .reason = TIP_HOLD_MEMBER};
    view.held[1] = (struct tip_held_run){
        .first = 1202, .count = 2, .reason = TIP_HOLD_BEHIND};
    view.held_count = 2;
    return view;
}

static void say(struct tip_reply *reply, const void *what)
{
    node_view_say(reply, what);
}

static void assert_shows(void **state, const char *name,
                         const struct node_view *view)
{
    golden_text_check(*state, name, 0, say, view);
}

static void test_an_office_that_is_well(void **state)
{
    struct node_view view = well();

    assert_shows(state, "status-well", &view);
}

static void test_an_office_without_a_line_goes_on(void **state)
{
    struct node_view view = cut_off(37, 131 * MINUTE);

    assert_shows(state, "status-cut-off", &view);
}

static void test_an_office_that_is_refused_says_when_it_asks_again(void **state)
{
    struct node_view view = cut_off(2, HOUR);

    view.status.session = TIP_NODE_STOPPED;
    view.status.trouble = TIP_EFORK;
    view.status.again_ms = 3 * HOUR;
    assert_shows(state, "status-refused", &view);
}

/* Two people on the phone can tell the machines apart. */
static void test_two_copies_say_which_they_are(void **state)
{
    struct node_view view = cut_off(2, HOUR);

    view.status.session = TIP_NODE_STOPPED;
    view.status.trouble = TIP_ECLONE;
    view.status.again_ms = 4 * MINUTE;
    view.status.feed = 17;
    assert_shows(state, "status-copied", &view);
    view = cut_off(0, 0); /* It was chosen, and the other has its line. */
    view.status.has_stray = true;
    assert_shows(state, "status-chosen", &view);
}

static void test_an_office_on_its_first_day(void **state)
{
    struct node_view view = well();

    view.catalogue = 0;
    view.backups.made = (struct tip_backup_made){.made_ms = 0};
    view.status = (struct node_status){.session = TIP_NODE_GREETING};
    assert_shows(state, "status-new", &view);
}

static void test_all_that_can_be_wrong_stands_in_order(void **state)
{
    struct node_view view = ill();

    assert_shows(state, "status-ill", &view);
}

/* The first sentence on @view; empty: there is none that degrades. */
static const char *first(const struct node_view *view)
{
    static struct node_ail ail;
    size_t position = 0;

    while (node_health_next(view, &position, &ail)) {
        if (!ail.is_a_note) {
            return ail.says;
        }
    }
    return "";
}

static void test_saves_that_were_destroyed_are_said_so(void **state)
{
    struct node_view view = well();

    (void)state;
    view.status.trouble = TIP_ESTORE_DAMAGED;
    view.status.destroyed =
        (struct node_destroyed){.count = 1, .first = 1241, .last = 1241};
    assert_non_null(strstr(first(&view), "Save 1241 of this office had not"));
    assert_null(strstr(first(&view), "stopped"));
    view.status.destroyed.count = 3;
    view.status.destroyed.last = 1250;
    assert_non_null(strstr(first(&view), "3 of the saves 1241 to 1250 of"));
    assert_non_null(strstr(first(&view), "Next: "));
}

static void test_only_what_needs_an_action_degrades(void **state)
{
    struct node_view view = well();

    (void)state;
    assert_string_equal(first(&view), "");
    view.backups.made = (struct tip_backup_made){.made_ms = 0};
    view.is_dev = true;
    assert_string_equal(first(&view), "");
    view = cut_off(1, 3 * DAY);
    view.waiting_limit_ms = 3 * DAY;
    assert_string_equal(first(&view), "");
    view.waiting_ms++;
    assert_non_null(strstr(first(&view), "bundle export"));
}

static void test_a_device_that_is_not_admitted_degrades(void **state)
{
    struct node_view view = cut_off(0, 0);

    (void)state;
    assert_string_equal(first(&view), "");
    view.hub.cause = TIP_LINK_CAUSE_NOT_ADMITTED;
    assert_non_null(strstr(first(&view), "does not admit this device"));
    view.hub.cause = TIP_LINK_CAUSE_NONE;
    view.link.fault = TIP_LINK_CAUSE_NOT_ADMITTED; /* Of every attempt. */
    assert_non_null(strstr(first(&view), "does not admit this device"));
    view.status.session = TIP_NODE_LIVE; /* It was a moment ago. */
    assert_string_equal(first(&view), "");
}

static void test_an_office_without_room_for_what_is_sent_says_so(void **state)
{
    struct node_view view = well();

    (void)state;
    view.status.session = TIP_NODE_DOWN;
    view.status.trouble = TIP_ESTORE_FULL;
    assert_non_null(strstr(first(&view), "no room for what Nouakchott sends"));
    assert_non_null(strstr(first(&view), "tries again by itself"));
    view.status.again_ms = 4 * MINUTE;
    assert_non_null(strstr(first(&view), "tries again in 4 min"));
    assert_string_equal(node_view_session(&view.status), "stopped");
}

static void test_a_disk_that_failed_is_told_after_it_was_copied(void **state)
{
    struct node_view view = well();

    (void)state;
    view.troubles = tip_trouble_bit(TIP_TROUBLE_DISK);
    view.trouble = TIP_ESTORE_FAILED;
    assert_string_equal(first(&view), tip_err_text(TIP_ESTORE_FAILED));
    view.trouble = TIP_OK;
    assert_non_null(strstr(first(&view), "change the disk soon"));
}

static void
test_a_hub_that_takes_nothing_in_is_told_while_work_waits(void **state)
{
    struct node_view view = well();

    (void)state;
    view.status.hindrance = TIP_EHUB_FULL;
    assert_string_equal(first(&view), "");
    view.waiting = 1;
    assert_string_equal(first(&view), tip_err_text(TIP_EHUB_FULL));
}

static void
test_what_waits_for_a_person_is_told_from_what_does_not(void **state)
{
    struct node_view view = well();

    (void)state;
    view.status.held_count = 1;
    view.held_count = 1;
    view.held[0] = (struct tip_held_run){
        .first = 9, .count = 1, .reason = TIP_HOLD_TOO_NEW};
    assert_non_null(strstr(first(&view), "1 change of this"));
    assert_non_null(strstr(first(&view), "go on working"));
    view.held[0].reason = TIP_HOLD_QUOTA;
    assert_non_null(strstr(first(&view), "phone them"));
    view.held[0].reason = TIP_HOLD_TOO_NEW;
    view.status.held_count = 2; /* One of them is not named. */
    assert_non_null(strstr(first(&view), "phone them"));
}

static void test_a_conflict_degrades_once_it_is_old(void **state)
{
    struct node_view view = well();
    struct node_ail ail;
    size_t position = 0;

    (void)state;
    view.conflicts.count = 1;
    view.conflicts.oldest_ms = 5 * DAY;
    assert_string_equal(first(&view), "");
    assert_true(node_health_next(&view, &position, &ail));
    assert_non_null(strstr(ail.says, "1 record waits for a decision"));
    view.conflicts.oldest_ms++;
    assert_non_null(strstr(first(&view), "conflicts list"));
}

static void test_a_backup_that_nobody_read_back_is_told(void **state)
{
    struct node_view view = well();

    (void)state;
    view.backups.made.verified_ms = NOW - 30 * DAY;
    assert_string_equal(first(&view), "");
    view.backups.made.verified_ms--;
    assert_non_null(strstr(first(&view), "nobody read back"));
    view.backups.made.verified_ms = 0;
    assert_non_null(strstr(first(&view), "nobody read back"));
    view.backups.made.verified_ms = view.backups.made.made_ms;
    assert_string_equal(first(&view), "");
}

static void test_a_clock_is_wrong_beyond_what_the_line_explains(void **state)
{
    struct node_view view = well();

    (void)state;
    view.status.round_trip_ms = 1000;
    view.status.clock_offset_ms = 601000;
    assert_string_equal(first(&view), "");
    view.status.clock_offset_ms = 601001;
    assert_non_null(strstr(first(&view), "10 min 1 s ahead"));
    view.status.clock_offset_ms = -601001;
    assert_non_null(strstr(first(&view), "behind"));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_an_office_that_is_well, printed_setup),
        cmocka_unit_test_setup(test_an_office_without_a_line_goes_on,
                               printed_setup),
        cmocka_unit_test_setup(
            test_an_office_that_is_refused_says_when_it_asks_again,
            printed_setup),
        cmocka_unit_test_setup(test_two_copies_say_which_they_are,
                               printed_setup),
        cmocka_unit_test_setup(test_an_office_on_its_first_day, printed_setup),
        cmocka_unit_test_setup(test_all_that_can_be_wrong_stands_in_order,
                               printed_setup),
        cmocka_unit_test(test_saves_that_were_destroyed_are_said_so),
        cmocka_unit_test(test_only_what_needs_an_action_degrades),
        cmocka_unit_test(test_a_device_that_is_not_admitted_degrades),
        cmocka_unit_test(test_an_office_without_room_for_what_is_sent_says_so),
        cmocka_unit_test(test_a_disk_that_failed_is_told_after_it_was_copied),
        cmocka_unit_test(
            test_a_hub_that_takes_nothing_in_is_told_while_work_waits),
        cmocka_unit_test(
            test_what_waits_for_a_person_is_told_from_what_does_not),
        cmocka_unit_test(test_a_conflict_degrades_once_it_is_old),
        cmocka_unit_test(test_a_backup_that_nobody_read_back_is_told),
        cmocka_unit_test(test_a_clock_is_wrong_beyond_what_the_line_explains),
    };

    golden_text_begin(argc, argv);
    return cmocka_run_group_tests_name("node_view", tests, NULL, NULL);
}
