/*
 * Each device as an administrator sees it.
 */
#include "hub_devices.h"
#include "hub_alone.h"
#include "hub_continue.h"
#include "hub_quota.h"
#include "hub_recovery.h"
#include "hub_retire.h"
#include "hub_said.h"
#include "tip_clock.h"

/* What a device says it may fill, from which on it keeps enough back for the
 * largest frames. */
#define ROOMY_BYTES (UINT64_C(384) * 1024 * 1024)

static const struct hub_channel *find(const struct hub_engine *engine,
                                      uint32_t channel)
{
    for (size_t i = 0; i < engine->channel_count; i++) {
        if (engine->channels[i].row.channel == channel) {
            return &engine->channels[i];
        }
    }
    return NULL;
}

/* Has the node everything there is for it, as far as this session knows? */
static bool is_caught_up(const struct hub_engine *engine,
                         const struct hub_origin *origin)
{
    for (size_t i = 0; i < origin->session.channel_count; i++) {
        const struct tip_hub_channel *sent = &origin->session.channels[i];
        const struct hub_channel *channel = find(engine, sent->channel);

        if (channel != NULL && sent->got < hub_cut_offer(channel)) {
            return false;
        }
    }
    return origin->session.is_live;
}

/* What the office should hold, what of it is sent again, and how often that did
 * not help. */
static void note_holding(const struct hub_engine *engine,
                         const struct hub_origin *origin,
                         struct hub_device_status *status)
{
    const struct hub_channel *channel = find(engine, origin->row.device.office);

    if (channel != NULL && !hub_device_is_out(&origin->row.device)) {
        status->is_sent_again = channel->repair.is_on;
        status->again_sent = channel->repair.sent;
        status->again_count = channel->repair.count;
        status->again_rounds = channel->repair.rounds;
        status->records = channel->is_counted ? channel->holding.count : 0;
    }
}

uint32_t hub_engine_heartbeat_ms(struct hub_engine *engine, uint32_t origin)
{
    const struct hub_origin *device = hub_engine_origin(engine, origin);

    return device == NULL ? 0 : device->said.health.heartbeat_ms;
}

/* What is held back of all feeds of @device. */
static void note_held(const struct hub_engine *engine,
                      const struct hub_origin *device,
                      struct hub_device_status *status)
{
    for (size_t i = 0; i < engine->origin_count; i++) {
        const struct hub_origin *feed = engine->origins[i];

        if (feed->row.root != device->row.root) {
            continue;
        }
        status->held_count += feed->held_count;
        for (size_t reason = 0; reason < TIP_HOLD_COUNT; reason++) {
            status->held_for[reason] += feed->held_for[reason];
        }
    }
}

/* How far its feed is here. */
static void note_feed(struct hub_engine *engine,
                      const struct hub_origin *device,
                      struct hub_device_status *status)
{
    const struct hub_origin *feed = hub_continue_feed(engine, device);

    status->seq = feed->row.head.number;
    status->feed = feed->row.device.origin;
    status->continued_up_to = feed->row.up_to;
    status->waiting_count =
        status->saved > status->seq ? status->saved - status->seq : 0;
    status->waiting_ms =
        status->waiting_count == 0 ? 0 : device->said.health.waiting_ms;
    note_held(engine, device, status);
    status->use = hub_quota_used(engine, device);
    status->edits = feed->row.head.number - feed->opened_at;
}

static void describe(struct hub_engine *engine, const struct hub_origin *device,
                     struct hub_device_status *out_status)
{
    struct hub_device_status *status = out_status;

    *status = device->said;
    status->origin = device->row.device.origin;
    status->office = device->row.device.office;
    status->is_out = hub_device_is_out(&device->row.device);
    status->is_retired = device->row.device.is_retired;
    status->is_live = device->session.is_live;
    status->is_caught_up = is_caught_up(engine, device);
    status->trouble = device->trouble;
    status->last_heard_ms = device->row.last_heard_ms;
    status->erased = device->row.erased;
    /* What comes back is obeyed at once; the log has it at the end. */
    status->knows_erasure =
        device->said.knows_erasure && !engine->recovery.is_open;
    status->useful_ms = device->row.useful_ms;
    status->unmoved_ms =
        device->session.unmoved_ms == 0
            ? 0
            : engine->opts.clock->elapsed_ms(engine->opts.clock) -
                  device->session.unmoved_ms;
    hub_said_line(device, status);
    status->resent_bytes = device->session.resent_bytes;
    status->agreement =
        tip_agreement_of(device->said.agreement, device->ref_agreement);
    status->differs_since_ms = device->row.differs_since_ms;
    status->bad_messages = device->bad_messages;
    status->is_missing = device->back.is_due && !device->back.is_back;
    status->is_ahead = device->is_ahead;
    status->is_copied = hub_clone_is_frozen(engine, device);
    status->has_stray = hub_clone_has_stray(engine, device);
    status->copy_unsent = hub_clone_unsent(engine, device);
    note_feed(engine, device, status);
    note_holding(engine, device, status);
}

bool hub_engine_is_owed(struct hub_engine *engine, uint32_t origin)
{
    const struct hub_origin *device = hub_engine_origin(engine, origin);

    return device != NULL && hub_recovery_waits(engine, device);
}

size_t hub_engine_devices(struct hub_engine *engine,
                          struct hub_device_status *out_devices, size_t max)
{
    size_t count = 0;

    for (size_t i = 0; i < engine->origin_count && count < max; i++) {
        const struct hub_origin *origin = engine->origins[i];

        if (origin->row.root == origin->row.device.origin) {
            describe(engine, origin, &out_devices[count++]);
        }
    }
    return count;
}

void hub_devices_note_agreement(struct hub_engine *engine,
                                struct hub_origin *origin, uint32_t number,
                                enum tip_agreement agreement)
{
    struct hub_channel *channel = hub_engine_channel(engine, number);
    uint64_t *since = &origin->row.differs_since_ms;

    *(number == TIP_CHANNEL_REF ? &origin->ref_agreement
                                : &origin->said.agreement) = agreement;
    origin->said_is_dirty = true;
    if (agreement == TIP_AGREEMENT_EQUAL && channel != NULL) {
        hub_repair_agreed(channel);
    }
    if ((tip_agreement_of(origin->said.agreement, origin->ref_agreement) ==
         TIP_AGREEMENT_DIFFERS) != (*since != 0)) {
        *since =
            *since == 0 ? engine->opts.clock->now_ms(engine->opts.clock) : 0;
        origin->is_dirty = true;
    }
}

void hub_devices_note_position(struct hub_engine *engine,
                               struct hub_origin *origin,
                               const struct tip_channel_position *position)
{
    if (position->channel == origin->row.device.office) {
        origin->said.checkpoint = position->checkpoint;
        hub_devices_note_agreement(engine, origin, position->channel,
                                   position->agreement);
    } else if (position->channel == TIP_CHANNEL_REF) {
        origin->said.ref_checkpoint = position->checkpoint;
        hub_devices_note_agreement(engine, origin, position->channel,
                                   position->agreement);
    }
}

enum tip_err hub_devices_take_parts(struct hub_engine *engine,
                                    struct hub_origin *origin,
                                    const struct tip_parts *parts)
{
    struct hub_channel *channel = hub_engine_channel(engine, parts->channel);

    if (channel == NULL || (parts->channel != origin->row.device.office &&
                            parts->channel != TIP_CHANNEL_REF)) {
        return TIP_EPROTOCOL;
    }
    hub_devices_note_agreement(engine, origin, parts->channel,
                               TIP_AGREEMENT_DIFFERS);
    return hub_repair_ask(engine, channel, parts);
}

enum tip_err hub_devices_hindrance(struct hub_engine *engine,
                                   const struct hub_origin *origin)
{
    if (engine->losing != TIP_OK) {
        return engine->losing == TIP_ESTORE_FULL ? TIP_EHUB_FULL
                                                 : TIP_EHUB_DISK;
    }
    return hub_quota_is_full(engine, hub_continue_feed(engine, origin))
               ? TIP_EHUB_WAITS
               : TIP_OK;
}

bool hub_engine_is_alone(const struct hub_engine *engine,
                         const struct tip_record *record, uint64_t backed_up)
{
    bool is_of_all =
        tip_merge_contains(record, TIP_FIELD_OFFICES, TIP_OFFICE_ALL);
    uint64_t safe = backed_up;

    for (size_t i = 0; i < engine->origin_count; i++) {
        const struct hub_origin *device = engine->origins[i];
        uint64_t has =
            is_of_all ? device->said.ref_checkpoint : device->said.checkpoint;

        if (!hub_device_is_out(&device->row.device) && has > safe &&
            (is_of_all || tip_merge_contains(record, TIP_FIELD_OFFICES,
                                             device->row.device.office))) {
            safe = has;
        }
    }
    for (size_t i = 0; i < record->write_count; i++) {
        if (record->writes[i].origin == HUB_ORIGIN &&
            record->writes[i].commit > safe) {
            return true;
        }
    }
    return false;
}

size_t hub_devices_sets_max(const struct hub_engine *engine, uint32_t office)
{
    bool is_roomy = false;

    for (size_t i = 0; i < engine->origin_count; i++) {
        const struct hub_origin *device = engine->origins[i];

        if (device->row.device.office != office ||
            device->row.root != device->row.device.origin ||
            hub_device_is_out(&device->row.device)) {
            continue;
        }
        if (device->said.health.disk_limit_bytes < ROOMY_BYTES) {
            return TIP_DOWN_SETS_SMALL;
        }
        is_roomy = true;
    }
    return is_roomy ? TIP_DOWN_SETS_MAX : TIP_DOWN_SETS_SMALL;
}
