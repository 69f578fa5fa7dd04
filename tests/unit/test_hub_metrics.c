/* What a monitor reads: names, units and labels as Prometheus has them, and
 * nothing of what is not known. */
#include "hub_metrics.h"
#include "tip_test.h"

#include <stdlib.h>
#include <string.h>

static struct hub_report report;
static char text[HUB_METRICS_BYTES_MAX];

/* One office that is well, one that is only expected. */
static int setup(void **state)
{
    struct hub_view *well = &report.views.items[0];

    (void)state;
    memset(&report, 0, sizeof report);
    report.version = "0.1.0";
    report.catalogue = 3;
    report.commit = tip_commit_make(2, 31877);
    report.backups.made.made_ms = 1795777200123;
    report.views.fresh_ms = 1000;
    report.views.count = 2;
    *well = (struct hub_view){.office = 8,
                              .name = "Nouadhibou",
                              .has_device = true,
                              .has_said = true,
                              .received = 1240,
                              .device = {.is_live = true,
                                         .saved_ms = 5,
                                         .last_heard_ms = 1795777200045,
                                         .clock_offset_ms = -1500}};
    report.views.items[1] = (struct hub_view){.office = 9};
    report.views.items[1].verdict.ails = UINT64_C(1) << HUB_NEVER_ENROLLED;
    return 0;
}

static void write_all(void)
{
    struct tip_buf out;
    struct tip_bytes bytes;

    tip_buf_init(&out, text, sizeof text - 1);
    hub_metrics_put(&out, &report);
    assert_int_equal(tip_buf_finish(&out, &bytes), TIP_OK);
    text[bytes.size] = '\0';
}

static bool has(const char *line)
{
    const char *at = strstr(text, line);

    return at != NULL && (at == text || at[-1] == '\n') &&
           at[strlen(line)] == '\n';
}

static void test_an_office_has_its_figures(void **state)
{
    (void)state;
    write_all();
    assert_true(has("tip_build_info{version=\"0.1.0\",catalogue=\"3\"} 1"));
    assert_true(has("tip_hub_generation 2"));
    assert_true(has("tip_hub_commits 31877"));
    assert_true(
        has("tip_backup_last_success_timestamp_seconds 1795777200.123"));
    assert_true(has("tip_hub_node_connected{office=\"8\"} 1"));
    assert_true(has("tip_hub_node_last_seen_timestamp_seconds{office=\"8\"} "
                    "1795777200.045"));
    assert_true(has("tip_hub_node_received_sequence{office=\"8\"} 1240"));
    assert_true(has("tip_hub_node_clock_offset_seconds{office=\"8\"} -1.500"));
    assert_true(has("tip_hub_node_up_to_date{office=\"8\"} 1"));
}

static void test_what_is_not_known_is_left_out(void **state)
{
    (void)state;
    write_all();
    assert_true(has("tip_hub_node_connected{office=\"9\"} 0"));
    assert_true(has("tip_hub_node_ail{office=\"9\",ail=\"never enrolled\"} 1"));
    assert_null(strstr(text, "received_sequence{office=\"9\""));
    assert_null(strstr(text, "clock_offset_seconds{office=\"9\""));
    assert_null(strstr(text, "tip_backup_last_verified_timestamp_seconds"));
    assert_null(strstr(text, "Nouadhibou"));
}

static void test_all_offices_there_can_be_fit(void **state)
{
    (void)state;
    report.views.count = HUB_ORIGINS_MAX;
    for (size_t i = 0; i < HUB_ORIGINS_MAX; i++) {
        struct hub_view *view = &report.views.items[i];

        memset(view, 0xff, sizeof *view);
        view->has_device = view->has_said = true;
        view->device.is_live = view->device.is_out = false;
        view->device.is_missing = view->device.is_copied = true;
        view->verdict.is_degraded = true;
    }
    write_all();
    assert_true(has("tip_hub_node_lag_entries{office=\"18446744073709551615\"} "
                    "18446744073709551615"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_an_office_has_its_figures, setup),
        cmocka_unit_test_setup(test_what_is_not_known_is_left_out, setup),
        cmocka_unit_test_setup(test_all_offices_there_can_be_fit, setup),
    };

    return cmocka_run_group_tests_name("hub_metrics", tests, NULL, NULL);
}
