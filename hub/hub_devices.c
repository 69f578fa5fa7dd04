/*
 * Each device as an administrator sees it.
 */
#include "hub_devices.h"

#include <string.h>

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

/* What is sent again to the office, and how often that did not help. */
static void note_repair(const struct hub_engine *engine,
                        const struct hub_origin *origin,
                        struct hub_device_status *status)
{
    const struct hub_channel *channel = find(engine, origin->row.device.office);

    if (channel != NULL) {
        status->is_sent_again = channel->repair.is_on;
        status->again_sent = channel->repair.sent;
        status->again_count = channel->repair.count;
        status->again_rounds = channel->repair.rounds;
    }
}

void hub_devices_note(struct hub_device_status *said,
                      const struct tip_hello *hello)
{
    size_t length = hello->version.size < sizeof said->version
                        ? hello->version.size
                        : sizeof said->version - 1;

    said->saved = hello->waiting_count > UINT64_MAX - hello->confirmed.number
                      ? UINT64_MAX
                      : hello->confirmed.number + hello->waiting_count;
    said->waiting_ms = hello->waiting_ms;
    said->catalogue = hello->catalogue;
    said->disk_used_bytes = hello->disk_used_bytes;
    said->disk_limit_bytes = hello->disk_limit_bytes;
    said->health = hello->health;
    if (length != 0) {
        memcpy(said->version, hello->version.data, length);
    }
    said->version[length] = '\0';
}

size_t hub_engine_devices(const struct hub_engine *engine,
                          struct hub_device_status *out_devices, size_t max)
{
    size_t count = engine->origin_count < max ? engine->origin_count : max;

    for (size_t i = 0; i < count; i++) {
        const struct hub_origin *origin = engine->origins[i];
        struct hub_device_status *status = &out_devices[i];

        *status = origin->said;
        status->origin = origin->row.device.origin;
        status->office = origin->row.device.office;
        status->is_revoked = origin->row.device.is_revoked;
        status->is_live = origin->session.is_live;
        status->is_caught_up = is_caught_up(engine, origin);
        status->trouble = origin->trouble;
        status->seq = origin->row.head.number;
        status->waiting_count =
            status->saved > status->seq ? status->saved - status->seq : 0;
        status->waiting_ms =
            status->waiting_count == 0 ? 0 : origin->said.waiting_ms;
        status->held_count = origin->held_count;
        status->use = origin->row.use;
        status->last_heard_ms = origin->row.last_heard_ms;
        status->erased = origin->row.erased;
        status->useful_ms = origin->row.useful_ms;
        status->edits = origin->row.head.number - origin->opened_at;
        status->goodput_bps = tip_goodput_bps(&origin->session.goodput);
        status->round_trip_ms = origin->session.goodput.round_trip_ms;
        status->resent_bytes = origin->session.resent_bytes;
        status->agreement =
            tip_agreement_of(origin->said.agreement, origin->ref_agreement);
        status->differs_since_ms = origin->row.differs_since_ms;
        note_repair(engine, origin, status);
        status->bad_messages = origin->bad_messages;
        status->is_missing = origin->back.is_due && !origin->back.is_back;
        status->is_ahead = origin->is_ahead;
    }
    return count;
}
