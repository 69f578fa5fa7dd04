#include "hub_view.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hub_forgotten.h"
#include "hub_invite.h"
#include "hub_program.h"
#include "tip_conf.h"
#include "tip_link.h"
#include "tip_words.h"

static uint64_t number_of(const struct hub_program *hub, enum hub_conf key)
{
    return (uint64_t)tip_conf_number(tip_daemon_conf(hub->host.daemon), key);
}

static struct hub_view *find(struct hub_views *views, uint64_t office)
{
    for (size_t i = 0; i < views->count; i++) {
        if (views->items[i].office == office) {
            return &views->items[i];
        }
    }
    return NULL;
}

/* The place of @office, made if there is none; NULL: no more room. */
static struct hub_view *place(struct hub_views *views, uint64_t office)
{
    struct hub_view *view = find(views, office);

    if (view == NULL && views->count < HUB_ORIGINS_MAX) {
        view = &views->items[views->count++];
        *view = (struct hub_view){.office = office};
    }
    return view;
}

static void name(struct hub_view *view, struct tip_bytes text)
{
    size_t size =
        text.size < sizeof view->name ? text.size : sizeof view->name - 1;

    if (size > 0 && view->name[0] == '\0') {
        memcpy(view->name, text.data, size);
        view->name[size] = '\0';
    }
}

/* Of several devices the newest one that is in use. */
static bool is_better(const struct hub_device_status *device,
                      const struct hub_view *view)
{
    return !view->has_device || (view->device.is_out && !device->is_out) ||
           (view->device.is_out == device->is_out &&
            device->origin > view->device.origin);
}

static void add_held(struct hub_view *view,
                     const struct hub_device_status *device)
{
    view->held += device->held_count;
    for (size_t i = 0; i < TIP_HOLD_COUNT; i++) {
        view->held_for[i] += device->held_for[i];
        *(tip_hold_is_parked((enum tip_hold)i) ? &view->parked
                                               : &view->quarantined) +=
            device->held_for[i];
    }
}

static enum tip_err add_devices(struct hub_program *hub,
                                struct hub_views *views)
{
    struct hub_device_status *devices =
        calloc(HUB_ORIGINS_MAX, sizeof *devices);
    size_t count;

    if (devices == NULL) {
        return TIP_ENOMEM;
    }
    count = hub_engine_devices(hub->engine, devices, HUB_ORIGINS_MAX);
    for (size_t i = 0; i < count; i++) {
        struct hub_view *view = place(views, devices[i].office);

        if (view == NULL) {
            continue;
        }
        view->devices++;
        add_held(view, &devices[i]);
        view->bad_messages += devices[i].bad_messages;
        if (is_better(&devices[i], view)) {
            view->device = devices[i];
            view->has_device = true;
        }
    }
    free(devices);
    return TIP_OK;
}

static enum tip_err add_invitations(struct hub_program *hub,
                                    struct hub_views *views)
{
    struct hub_invite invite = {.number = 0};
    struct tip_txn *txn;
    enum tip_err err = hub_engine_txn(hub->engine, &txn);

    while (err == TIP_OK) {
        struct hub_view *view;

        err = hub_invite_next(txn, invite.number, &invite);
        view = err == TIP_OK ? place(views, invite.office) : NULL;
        if (view == NULL) {
            continue;
        }
        name(view, tip_bytes_text(invite.name));
        view->is_invited = invite.state == HUB_INVITE_OPEN;
        view->invited_until_ms = view->is_invited ? invite.expires_ms : 0;
    }
    return err == TIP_ENOTFOUND ? TIP_OK : err;
}

/* "8 Nouadhibou, 11-15": an office, with a name perhaps, or a range. */
static void add_expected(struct hub_program *hub, struct hub_views *views)
{
    const char *at =
        tip_conf_text(tip_daemon_conf(hub->host.daemon), HUB_CONF_EXPECTED);

    while (*at != '\0') {
        size_t size = strcspn(at, ",");
        char *end;
        unsigned long first = strtoul(at, &end, 10);
        unsigned long last = *end == '-' ? strtoul(end + 1, &end, 10) : first;

        end += strspn(end, " ");
        for (; first > HUB_OFFICE && first <= last; first++) {
            struct hub_view *view = place(views, first);

            if (view == NULL) {
                break;
            }
            view->is_expected = true;
            if (end < at + size) {
                name(view, tip_bytes(end, (size_t)(at + size - end)));
            }
        }
        at += size;
        at += strspn(at, ", ");
    }
}

static enum tip_err add_forgotten(struct hub_program *hub,
                                  struct hub_views *views)
{
    uint64_t at = 0;
    uint32_t office;
    enum tip_err err;

    while ((err = hub_engine_next_forgotten(hub->engine, &at, &office)) ==
           TIP_OK) {
        struct hub_view *view = place(views, office);

        if (view != NULL) {
            view->is_forgotten = true;
        }
    }
    return err == TIP_ENOTFOUND ? TIP_OK : err;
}

static uint64_t since(uint64_t now_ms, uint64_t then_ms)
{
    return then_ms != 0 && now_ms > then_ms ? now_ms - then_ms : 0;
}

static void fill_day(struct hub_program *hub, struct hub_view *view,
                     const struct tip_link_peer_status *link)
{
    const struct hub_line_look look = {
        .origin = view->device.origin,
        .up_bytes = link->received_bytes,
        .down_bytes = link->sent_bytes,
        .now_ms = hub->clock.now_ms(&hub->clock),
        .heard_ms = view->device.is_live ? hub->clock.now_ms(&hub->clock)
                                         : view->device.last_heard_ms};
    struct hub_line_hours *line = NULL;
    struct tip_txn *txn;
    struct tip_hour day;

    if (hub_engine_txn(hub->engine, &txn) == TIP_OK) {
        line = hub_lines_of(hub->lines, txn, view->office);
    }
    if (line == NULL) {
        return;
    }
    hub_line_note(line, &look);
    day = tip_hours_sum(&line->hours);
    view->day_up_bytes = day.up_bytes;
    view->day_down_bytes = day.down_bytes;
    view->heard_hours = tip_hours_heard(&line->hours);
    tip_hours_strip(&line->hours, view->reach);
}

static void fill_link(struct hub_program *hub, struct hub_view *view)
{
    struct tip_link_peer_status link = {.is_up = false};
    enum tip_err err =
        tip_link_zmq_peer_status(hub->link, view->device.origin, &link);

    fill_day(hub, view, &link);
    if (err != TIP_OK) {
        return;
    }
    view->link_bytes = link.sent_bytes + link.received_bytes;
    view->bytes_per_edit =
        view->edits == 0 ? 0 : view->link_bytes / view->edits;
    view->connections = link.up_count;
    if (!link.is_up && link.cause != TIP_LINK_CAUSE_NONE) {
        view->cause = tip_cause_words(link.cause);
    }
}

static const char *state_of(const struct hub_view *view)
{
    if (!view->has_device) {
        return view->is_invited     ? "invited"
               : view->is_forgotten ? "not known here"
                                    : "never enrolled";
    }
    if (view->device.is_out) {
        return view->is_invited          ? "invited"
               : view->device.is_retired ? "retired"
                                         : "revoked";
    }
    if (view->device.is_missing) {
        return view->device.is_live ? "handing back" : "not yet back";
    }
    if (view->device.is_live) {
        return "connected";
    }
    if (view->device.last_heard_ms == 0) {
        return "never seen";
    }
    return (view->verdict.ails & UINT32_C(1) << HUB_SILENT) != 0 ? "silent"
                                                                 : "away";
}

static uint32_t epoch_of(const struct hub_program *hub, uint32_t origin)
{
    const struct hub_device *device;

    for (size_t i = 0; (device = hub_engine_device(hub->engine, i)) != NULL;
         i++) {
        if (device->origin == origin) {
            return device->key_epoch;
        }
    }
    return 0;
}

/* Who is away may have written more since. */
static void say_waits(struct hub_view *view)
{
    uint64_t count = view->device.waiting_count;

    if (view->device.saved_ms == 0 || (count == 0 && !view->device.is_live)) {
        (void)snprintf(view->waits, sizeof view->waits, "?");
    } else {
        (void)snprintf(view->waits, sizeof view->waits, "%s%" PRIu64,
                       view->device.is_live ? "" : "≥", count);
    }
}

static void fill_device(struct hub_program *hub, struct hub_view *view)
{
    const struct hub_device_status *device = &view->device;
    uint64_t now_ms = hub->clock.now_ms(&hub->clock);
    uint64_t newest = hub_engine_seen(hub->engine).commit;
    uint64_t rate = device->health.goodput_bps;

    view->has_said = device->version[0] != '\0';
    view->origin = device->origin;
    view->feed = device->feed;
    view->received = device->seq;
    view->head_there = device->saved;
    view->edits = device->edits;
    view->lag = device->is_caught_up || newest < device->checkpoint
                    ? 0
                    : tip_commit_number(newest - device->checkpoint);
    view->contact_ms =
        device->is_live ? 0 : since(now_ms, device->last_heard_ms);
    view->heard_ms = since(now_ms, device->last_heard_ms);
    view->useful_ms = since(now_ms, device->useful_ms);
    view->said_ms = since(now_ms, device->said_ms);
    view->oldest_ms =
        device->waiting_count == 0 ? 0 : device->waiting_ms + view->said_ms;
    view->eta_ms = rate == 0 || device->waiting_count == 0
                       ? 0
                       : device->health.waiting_bytes * 1000 / rate;
    view->uncertainty_ms = device->round_trip_ms / 2;
    view->catalogue = device->health.catalogue;
    view->disk_permille = device->health.disk_limit_bytes < 1000
                              ? 0
                              : device->health.disk_used_bytes /
                                    (device->health.disk_limit_bytes / 1000);
    view->backup_age_ms = since(now_ms, device->health.backup_ms);
    view->scrub_age_ms = since(now_ms, device->health.scrub_ms);
    view->is_other_version =
        view->has_said && strcmp(device->version, hub_cli.version) != 0;
    view->checkpoint = tip_commit_number(device->checkpoint);
    view->repair_rounds = device->again_rounds;
    view->sent_again = device->is_sent_again ? device->again_sent : 0;
    view->to_send_again = device->is_sent_again ? device->again_count : 0;
    view->starts_day = device->health.starts_day;
    view->cuts_day = device->health.cuts_day;
    view->device_epoch = epoch_of(hub, device->origin);
    view->digest = tip_agreement_word(device->agreement);
    view->outage =
        device->health.outage_cause == TIP_LINK_CAUSE_NONE
            ? NULL
            : tip_cause_words((enum tip_link_cause)device->health.outage_cause);
    view->trouble =
        device->trouble == TIP_OK ? NULL : tip_err_text(device->trouble);
    fill_link(hub, view);
    say_waits(view);
}

static int by_office(const void *a, const void *b)
{
    const struct hub_view *left = a;
    const struct hub_view *right = b;

    return (left->office > right->office) - (left->office < right->office);
}

static void judge_all(struct hub_program *hub, struct hub_views *views)
{
    const uint64_t limits[HUB_LIMIT_COUNT] = {
        [HUB_LIMIT_SILENT] = number_of(hub, HUB_CONF_SILENT),
        [HUB_LIMIT_WAITING] = number_of(hub, HUB_CONF_WAITING),
        [HUB_LIMIT_CLOCK] = number_of(hub, HUB_CONF_CLOCK),
        [HUB_LIMIT_BACKUP] = number_of(hub, HUB_CONF_BACKUP),
        [HUB_LIMIT_SCRUB] = number_of(hub, HUB_CONF_SCRUB),
        [HUB_LIMIT_CONTESTED] = number_of(hub, HUB_CONF_CONTESTED),
        [HUB_LIMIT_FULL] = number_of(hub, HUB_CONF_FULL) * 10,
        [HUB_LIMIT_POWER] = number_of(hub, HUB_CONF_POWER)};

    for (size_t i = 0; i < views->count; i++) {
        struct hub_view *view = &views->items[i];

        view->hub_catalogue = hub->shelf.schema.catalogue->version;
        if (view->has_device) {
            fill_device(hub, view);
        }
        name(view, hub_office_name(hub->engine, (uint32_t)view->office));
        view->verdict = hub_health_judge(view, limits);
        view->state = state_of(view);
        view->sign = hub_view_sign(view);
    }
}

enum tip_err hub_views_collect(struct hub_program *hub,
                               struct hub_views *out_views)
{
    enum tip_err err;

    out_views->count = 0;
    out_views->fresh_ms = number_of(hub, HUB_CONF_FRESH);
    out_views->fresh =
        tip_conf_text(tip_daemon_conf(hub->host.daemon), HUB_CONF_FRESH);
    err = add_devices(hub, out_views);
    if (err == TIP_OK) {
        err = add_invitations(hub, out_views);
    }
    if (err == TIP_OK) {
        err = add_forgotten(hub, out_views);
    }
    if (err == TIP_OK) {
        add_expected(hub, out_views);
        err = hub_views_contest(hub, out_views);
    }
    if (err != TIP_OK) {
        return err;
    }
    qsort(out_views->items, out_views->count, sizeof *out_views->items,
          by_office);
    judge_all(hub, out_views);
    return TIP_OK;
}
