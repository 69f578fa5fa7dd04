/* What an administrator asks first: how is the hub. */
#include "hub_report.h"

#include <stdlib.h>
#include <string.h>

#include "hub_program.h"
#include "tip_conf.h"
#include "tip_program.h"

static uint32_t office_of(const struct hub_program *hub, uint32_t origin)
{
    const struct hub_device *device;

    for (size_t i = 0; (device = hub_engine_device(hub->engine, i)) != NULL;
         i++) {
        if (device->origin == origin) {
            return device->office;
        }
    }
    return HUB_OFFICE;
}

static void look_at_held(struct hub_program *hub, struct hub_report *report)
{
    struct hub_held held[HUB_REPORT_HELD_MAX];

    report->held_count =
        hub_engine_held(hub->engine, held, HUB_REPORT_HELD_MAX);
    for (size_t i = 0; i < report->held_count; i++) {
        uint32_t office = office_of(hub, held[i].origin);
        struct tip_bytes name = hub_office_name(hub->engine, office);
        size_t size = name.size < TIP_ENROL_NAME_SIZE ? name.size
                                                      : TIP_ENROL_NAME_SIZE - 1;

        report->held[i].held = held[i];
        report->held[i].office = office;
        if (size > 0) {
            memcpy(report->held[i].name, name.data, size);
        }
    }
}

static void look_at_store(struct hub_program *hub, struct hub_report *report)
{
    struct tip_store *store = tip_store_lmdb_base(hub->home.store);
    struct tip_txn *txn;

    report->disk = store->usage(store);
    report->are_backups_known = hub_engine_txn(hub->engine, &txn) == TIP_OK;
    if (report->are_backups_known) {
        report->backups = tip_backup_marks_get(txn);
    }
}

static void look_at_erasures(struct hub_program *hub, struct hub_report *report)
{
    const struct tip_home_opts opts =
        tip_program_home_opts(tip_daemon_conf(hub->host.daemon));
    struct hub_erasing erasing;

    hub_engine_erasing(hub->engine, &erasing);
    if (erasing.newest == 0 ||
        !tip_store_has_before(opts.dir, report->before)) {
        report->before[0] = '\0';
    }
}

static void look_at_devices(struct hub_report *report)
{
    for (size_t i = 0; i < report->views.count; i++) {
        report->ahead += report->views.items[i].device.is_ahead ? 1 : 0;
    }
}

enum tip_err hub_report_collect(struct hub_program *hub,
                                struct hub_report *out_report)
{
    struct hub_report *report = out_report;
    enum tip_err err;

    memset(report, 0, sizeof *report);
    err = hub_views_collect(hub, &report->views);
    if (err != TIP_OK) {
        return err;
    }
    report->now_ms = hub->clock.now_ms(&hub->clock);
    report->up_ms = tip_daemon_uptime_ms(hub->host.daemon);
    report->commit = hub_engine_seen(hub->engine).commit;
    report->catalogue = hub->shelf.schema.catalogue->version;
    report->version = hub_cli.version;
    report->is_dev = hub->home.is_dev;
    report->figures = hub_figures_trouble(hub);
    report->losing = hub_engine_losing(hub->engine);
    report->trouble = tip_daemon_trouble(hub->host.daemon);
    report->disk_failed = tip_daemon_disk_failed(hub->host.daemon);
    report->scrub = hub_engine_scrubbed(hub->engine);
    report->backup_limit_ms = (uint64_t)tip_conf_number(
        tip_daemon_conf(hub->host.daemon), HUB_CONF_BACKUP);
    report->verified_limit_ms = (uint64_t)tip_conf_number(
        tip_daemon_conf(hub->host.daemon), HUB_CONF_VERIFIED);
    tip_link_zmq_status(hub->link, &report->link);
    hub_engine_recovery(hub->engine, &report->recovery);
    look_at_devices(report);
    look_at_store(hub, report);
    look_at_erasures(hub, report);
    look_at_held(hub, report);
    return TIP_OK;
}

enum tip_err hub_run_status(void *program, struct tip_request *request,
                            struct tip_reply *reply)
{
    struct hub_report *report = tip_request_job(request, sizeof *report, free);
    enum tip_err err =
        report == NULL ? TIP_ENOMEM : hub_report_collect(program, report);

    if (err == TIP_OK) {
        hub_report_say(reply, report);
    }
    return err;
}
