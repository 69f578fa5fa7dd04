/* What is known of one office: from what its device said, and from its line. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "hub_program.h"
#include "hub_view.h"
#include "tip_link.h"
#include "tip_words.h"

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

/* Empty also if it is of a kind that only a newer program knows. */
static void say_rot(struct hub_view *view)
{
    const struct tip_rot *rot = &view->device.health.rot;

    if (rot->count > 0) {
        tip_inspect_say((enum tip_inspect_kind)rot->kind, rot->a, rot->b,
                        view->rot);
    }
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

static void note_lag(struct hub_view *view, uint64_t newest)
{
    const uint64_t checkpoint = view->device.checkpoint;
    const bool is_behind = !view->device.is_caught_up && checkpoint < newest;

    view->is_of_before = is_behind && tip_commit_generation(checkpoint) !=
                                          tip_commit_generation(newest);
    view->lag = is_behind && !view->is_of_before ? newest - checkpoint : 0;
}

void hub_view_fill(struct hub_program *hub, struct hub_view *view)
{
    const struct hub_device_status *device = &view->device;
    uint64_t now_ms = hub->clock.now_ms(&hub->clock);
    uint64_t rate = device->health.goodput_bps;

    view->has_said = device->version[0] != '\0';
    view->origin = device->origin;
    view->feed = device->feed;
    view->received = device->seq;
    view->decided =
        device->seq > device->held_count ? device->seq - device->held_count : 0;
    /* What it said last, or what has come since. */
    view->head_there =
        device->saved > device->seq ? device->saved : device->seq;
    view->edits = device->edits;
    note_lag(view, hub_engine_seen(hub->engine).commit);
    view->contact_ms =
        device->is_live ? 0 : since(now_ms, device->last_heard_ms);
    view->heard_ms = since(now_ms, device->last_heard_ms);
    view->useful_ms = since(now_ms, device->useful_ms);
    view->said_ms = since(now_ms, device->said_ms);
    view->oldest_ms =
        device->waiting_count == 0 ? 0 : device->waiting_ms + view->said_ms;
    view->waiting_bytes =
        device->waiting_count == 0 ? 0 : device->health.waiting_bytes;
    view->eta_ms = rate == 0 ? 0 : view->waiting_bytes * 1000 / rate;
    view->uncertainty_ms = device->round_trip_ms / 2;
    view->catalogue = device->health.catalogue;
    view->disk_permille = device->health.disk_limit_bytes < 1000
                              ? 0
                              : device->health.disk_used_bytes /
                                    (device->health.disk_limit_bytes / 1000);
    view->disk_percent = (view->disk_permille + 5) / 10;
    view->backup_age_ms = since(now_ms, device->health.backup_ms);
    view->verified_age_ms = since(now_ms, device->health.verified_ms);
    view->scrub_age_ms = since(now_ms, device->health.scrub_ms);
    view->is_other_version =
        view->has_said && strcmp(device->version, hub_cli.version) != 0;
    view->checkpoint = tip_commit_number(device->checkpoint);
    view->repair_rounds = device->again_rounds;
    view->sent_again = device->is_sent_again ? device->again_sent : 0;
    view->to_send_again = device->is_sent_again ? device->again_count : 0;
    view->starts_day = device->health.starts_day;
    view->cuts_day = device->health.cuts_day;
    view->restores = device->health.restores;
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
    say_rot(view);
}
