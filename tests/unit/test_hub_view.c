/* What an administrator reads at a glance, the worst first. The whole outputs
 * are in tests/data/views. */
#include "golden_text.h"
#include "hub_view.h"

#include <string.h>

#define MINUTE   UINT64_C(60000)
#define HOUR     (60 * MINUTE)
#define DAY      (24 * HOUR)
#define NOW      UINT64_C(1795777200000)
#define MEBIBYTE (UINT64_C(1) << 20)

enum { OFFICES = 7 };

static const uint64_t limits[HUB_LIMIT_COUNT] = {
    [HUB_LIMIT_SILENT] = 3 * DAY,
    [HUB_LIMIT_WAITING] = DAY,
    [HUB_LIMIT_CLOCK] = 2 * MINUTE,
    [HUB_LIMIT_BACKUP] = 7 * DAY,
    [HUB_LIMIT_SCRUB] = 14 * DAY,
    [HUB_LIMIT_CONTESTED] = 5 * DAY,
    [HUB_LIMIT_VERIFIED] = 30 * DAY,
    [HUB_LIMIT_FULL] = 800,
    [HUB_LIMIT_POWER] = 4};

/* An office that is well and connected. */
static struct hub_view well(uint64_t office, const char *name)
{
    struct hub_view view = {
        .office = office,
        .has_device = true,
        .has_said = true,
        .devices = 1,
        .origin = 10 + office,
        .feed = 10 + office,
        .received = 1240,
        .decided = 1240,
        .head_there = 1240,
        .edits = 300,
        .heard_ms = 12000,
        .said_ms = 12000,
        .useful_ms = 12000,
        .uncertainty_ms = 400,
        .waits = "0",
        .catalogue = 3,
        .hub_catalogue = 3,
        .disk_permille = 51,
        .disk_percent = 5,
        .verified_age_ms = DAY,
        .link_bytes = 42000,
        .bytes_per_edit = 140,
        .checkpoint = 31877,
        .connections = 1,
        .starts_day = 1,
        .device_epoch = 1,
        .backup_age_ms = DAY,
        .scrub_age_ms = DAY,
        .day_up_bytes = 11000,
        .day_down_bytes = 31000,
        .heard_hours = 24,
        .reach = "████████",
        .outage = "nobody answers at the hub's address",
        .digest = "equal",
        .state = "connected",
        .device = {.is_live = true,
                   .is_caught_up = true,
                   .agreement = TIP_AGREEMENT_EQUAL,
                   .last_heard_ms = NOW - 12000,
                   .said_ms = NOW - 12000,
                   .saved_ms = NOW - 12000,
                   .useful_ms = NOW - 12000,
                   .clock_offset_ms = 3,
                   .round_trip_ms = 800,
                   .goodput_bps = 4100,
                   .version = "0.1.0",
                   .records = 318,
                   .health = {.records = 318,
                              .disk_used_bytes = 412 * MEBIBYTE,
                              .disk_limit_bytes = 8128 * MEBIBYTE,
                              .goodput_bps = 3100,
                              .starts_day = 1,
                              .outage_ms = 4 * HOUR,
                              .backup_ms = NOW - DAY,
                              .verified_ms = NOW - DAY,
                              .scrub_ms = NOW - DAY}}};

    (void)snprintf(view.name, sizeof view.name, "%s", name);
    return view;
}

/* One that was heard of @ago_ms ago, with work that waited then. */
static struct hub_view away(uint64_t office, const char *name, uint64_t ago_ms)
{
    struct hub_view view = well(office, name);

    view.device.is_live = view.device.is_caught_up = false;
    view.device.last_heard_ms = NOW - ago_ms;
    view.device.waiting_count = 37;
    view.device.waiting_ms = 2 * HOUR;
    view.waiting_bytes = 2400;
    view.said_ms = view.heard_ms = view.contact_ms = view.useful_ms = ago_ms;
    view.oldest_ms = 2 * HOUR + ago_ms;
    view.head_there = 1277;
    view.lag = 12;
    view.connections = 0;
    view.cause = "nobody answers";
    view.state = ago_ms > 3 * DAY ? "silent" : "away";
    view.day_up_bytes = view.day_down_bytes = 0;
    view.heard_hours = ago_ms > DAY ? 0 : 9;
    (void)snprintf(view.reach, sizeof view.reach, "%s",
                   ago_ms > DAY ? "▁▁▁▁▁▁▁▁" : "▁▁█▁▄█▄▄");
    (void)snprintf(view.waits, sizeof view.waits, "≥37");
    return view;
}

/* One in which people have to decide. */
static struct hub_view undecided(uint64_t office, const char *name)
{
    struct hub_view view = well(office, name);

    view.held = 5;
    view.decided = 1235;
    view.parked = 2;
    view.quarantined = 3;
    view.held_for[TIP_HOLD_QUOTA] = 3;
    view.held_for[TIP_HOLD_TOO_NEW] = 1;
    view.held_for[TIP_HOLD_BEHIND] = 1;
    view.restores = 2;
    view.device.health.restored_ms = NOW - 3 * DAY;
    view.conflicts = (struct tip_contested){.count = 2, .oldest_ms = 6 * DAY};
    return view;
}

static void judge(struct hub_view *view)
{
    view->verdict = hub_health_judge(view, limits);
    view->sign = hub_view_sign(view);
}

/* A country in which much is wrong. */
static struct hub_views *country(void)
{
    static struct hub_views views;

    views = (struct hub_views){.count = OFFICES,
                               .conflicts = {.count = 3, .oldest_ms = 6 * DAY},
                               .fresh_ms = DAY,
                               .fresh = "24 h"};
    views.items[0] = well(1, "Hodh ech Chargui");
    views.items[1] = away(2, "Hodh el Gharbi", 2 * HOUR);
    views.items[2] = undecided(3, "Assaba");
    views.items[3] = well(4, "Gorgol");
    views.items[3].device.agreement = TIP_AGREEMENT_DIFFERS;
    views.items[3].device.differs_since_ms = NOW - HOUR;
    views.items[3].digest = "differs";
    views.items[4] = away(5, "Brakna", 6 * DAY);
    views.items[5] = well(6, "Trarza");
    views.items[5].has_said = false;
    views.items[5].device = (struct hub_device_status){.origin = 0};
    views.items[5].state = "never seen";
    views.items[5].day_up_bytes = views.items[5].day_down_bytes = 0;
    views.items[5].heard_hours = 0;
    (void)snprintf(views.items[5].reach, sizeof views.items[5].reach, "%s",
                   "▁▁▁▁▁▁▁▁");
    (void)snprintf(views.items[5].waits, sizeof views.items[5].waits, "?");
    views.items[6] = (struct hub_view){
        .office = 7, .name = "Adrar", .state = "never enrolled"};
    for (size_t i = 0; i < views.count; i++) {
        judge(&views.items[i]);
    }
    return &views;
}

static void say_table(struct tip_reply *reply, const struct hub_views *views,
                      enum hub_group group)
{
    tip_reply_list_begin(reply, hub_view_group(group));
    for (size_t i = 0; i < views->count; i++) {
        tip_reply_row_begin(reply);
        hub_view_say_group(reply, &views->items[i], group);
        tip_reply_row_end(reply);
    }
    tip_reply_list_end(reply);
}

static void say_all(struct tip_reply *reply, const void *what)
{
    hub_views_say(reply, what);
    hub_views_warn(reply, what);
    say_table(reply, what, HUB_GROUP_ROW);
}

static void say_verbose(struct tip_reply *reply, const void *what)
{
    hub_views_say(reply, what);
    hub_views_warn(reply, what);
    hub_view_say_legend(reply);
    for (enum hub_group group = HUB_GROUP_ROW; group < HUB_GROUP_COUNT;
         group++) {
        say_table(reply, what, group);
    }
}

static void say_page(struct tip_reply *reply, const void *what)
{
    hub_view_say_page(reply, what);
    hub_view_warn(reply, what);
}

static void test_a_country_on_a_wide_terminal(void **state)
{
    golden_text_check(*state, "nodes-wide", 200, say_all, country());
}

static void test_a_country_on_a_narrow_terminal(void **state)
{
    golden_text_check(*state, "nodes-narrow", 80, say_all, country());
}

static void test_a_country_in_detail(void **state)
{
    golden_text_check(*state, "nodes-verbose", 200, say_verbose, country());
}

static void test_a_sign_says_at_a_glance_how_an_office_is(void **state)
{
    const struct hub_views *views = country();
    const char *const signs[OFFICES] = {"●", "◐", "●", "✖", "○", "○", "○"};

    (void)state;
    for (size_t i = 0; i < OFFICES; i++) {
        assert_string_equal(views->items[i].sign, signs[i]);
    }
}

static void test_a_country_that_is_well(void **state)
{
    struct hub_views *views = country();

    views->count = 1;
    views->conflicts = (struct tip_contested){.count = 0};
    golden_text_check(*state, "nodes-well", 200, say_all, views);
}

static void test_a_country_with_two_copies_of_a_disk(void **state)
{
    struct hub_views *views = country();

    views->count = 2;
    views->items[0].device.is_copied = true;
    views->items[0].device.trouble = TIP_ECLONE;
    views->items[1] = well(2, "Hodh el Gharbi");
    views->items[1].device.has_stray = true;
    for (size_t i = 0; i < views->count; i++) {
        judge(&views->items[i]);
    }
    golden_text_check(*state, "nodes-copies", 200, say_all, views);
}

static void test_a_country_in_which_disks_are_bad(void **state)
{
    struct hub_views *views = country();

    views->count = 3;
    views->conflicts = (struct tip_contested){.count = 0};
    views->items[0].device.health.troubles = tip_trouble_bit(TIP_TROUBLE_DISK);
    views->items[1] = well(2, "Hodh el Gharbi");
    views->items[1].device.health.troubles =
        tip_trouble_bit(TIP_TROUBLE_ROTTEN) | tip_trouble_bit(TIP_TROUBLE_LOST);
    views->items[2] = well(3, "Assaba");
    views->items[2].device.health.troubles = 1u << 31;
    for (size_t i = 0; i < views->count; i++) {
        judge(&views->items[i]);
    }
    golden_text_check(*state, "nodes-disks", 200, say_all, views);
}

static void test_all_of_one_office_that_has_rotted(void **state)
{
    struct hub_view view = well(2, "Hodh el Gharbi");

    view.device.health.troubles = tip_trouble_bit(TIP_TROUBLE_ROTTEN);
    view.device.health.rot =
        (struct tip_rot){.count = 2, .kind = TIP_INSPECT_CHAIN, .a = 12};
    tip_inspect_say(TIP_INSPECT_CHAIN, 12, 1240, view.rot);
    judge(&view);
    golden_text_check(*state, "nodes-rotten", 80, say_page, &view);
}

static void test_all_of_one_office(void **state)
{
    golden_text_check(*state, "nodes-one", 80, say_page, &country()->items[2]);
}

static void test_all_of_one_office_that_is_away(void **state)
{
    golden_text_check(*state, "nodes-away", 80, say_page, &country()->items[4]);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_a_country_on_a_wide_terminal,
                               printed_setup),
        cmocka_unit_test_setup(test_a_country_on_a_narrow_terminal,
                               printed_setup),
        cmocka_unit_test_setup(test_a_country_in_detail, printed_setup),
        cmocka_unit_test(test_a_sign_says_at_a_glance_how_an_office_is),
        cmocka_unit_test_setup(test_a_country_that_is_well, printed_setup),
        cmocka_unit_test_setup(test_a_country_with_two_copies_of_a_disk,
                               printed_setup),
        cmocka_unit_test_setup(test_a_country_in_which_disks_are_bad,
                               printed_setup),
        cmocka_unit_test_setup(test_all_of_one_office_that_has_rotted,
                               printed_setup),
        cmocka_unit_test_setup(test_all_of_one_office, printed_setup),
        cmocka_unit_test_setup(test_all_of_one_office_that_is_away,
                               printed_setup),
    };

    golden_text_begin(argc, argv);
    return cmocka_run_group_tests_name("hub_view", tests, NULL, NULL);
}
