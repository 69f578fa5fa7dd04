#include "hub_said.h"

#include <string.h>

#include "hub_continue.h"
#include "hub_devices.h"
#include "hub_erase.h"
#include "tip_clock.h"
#include "tip_state_row.h"
#include "tip_store.h"
#include "tip_wire_session.h"

/* Rows of TIP_TABLE_ORIGIN with this lo are what the device said. */
enum { ROW_SAID = 1 };

enum { SAID_FORMAT = 1, SAID_BYTES_MAX = 512 };

/* Bits of what is true or not. */
enum { FLAG_KNOWS_ERASURE = 1, FLAG_AHEAD = 2 };

static void note_version(struct hub_device_status *said,
                         struct tip_bytes version)
{
    size_t length = version.size < sizeof said->version
                        ? version.size
                        : sizeof said->version - 1;

    if (length != 0) {
        memcpy(said->version, version.data, length);
    }
    said->version[length] = '\0';
}

static void note_health(struct hub_engine *engine, struct hub_origin *origin,
                        const struct tip_health *health)
{
    uint64_t now_ms = engine->opts.clock->now_ms(engine->opts.clock);
    struct hub_device_status *said = &origin->said;

    said->health = *health;
    said->said_ms = now_ms;
    said->saved_ms = now_ms;
    said->saved = health->saved;
    said->clock_offset_ms = (int64_t)(health->clock_ms - now_ms);
    hub_erase_hear(engine, origin, health->erased);
    origin->said_is_dirty = true;
}

void hub_said_hello(struct hub_engine *engine, struct hub_origin *origin,
                    const struct tip_hello *hello)
{
    note_version(&origin->said, hello->version);
    note_health(engine, origin, &hello->health);
    for (size_t i = 0; i < hello->channel_count; i++) {
        hub_devices_note_position(engine, origin, &hello->channels[i]);
    }
}

enum tip_err hub_said_health(struct hub_engine *engine,
                             struct hub_origin *origin,
                             const struct tip_health *health)
{
    if (!origin->session.is_live) {
        return TIP_EPROTOCOL;
    }
    note_health(engine, origin, health);
    if (health->saved <= hub_continue_feed(engine, origin)->row.head.number) {
        origin->row.useful_ms =
            engine->opts.clock->now_ms(engine->opts.clock); /* Nothing waits. */
    }
    origin->is_dirty = true; /* Written with whatever is written next. */
    return TIP_OK;
}

void hub_said_bundle(struct hub_origin *origin, uint64_t made_ms,
                     uint64_t saved)
{
    struct hub_device_status *said = &origin->said;

    said->saved = saved > said->saved ? saved : said->saved;
    said->saved_ms = made_ms > said->saved_ms ? made_ms : said->saved_ms;
    origin->said_is_dirty = true;
}

void hub_said_line(const struct hub_origin *origin,
                   struct hub_device_status *status)
{
    uint64_t goodput_bps = tip_goodput_bps(&origin->session.goodput);
    uint64_t round_trip_ms = origin->session.goodput.round_trip_ms;

    status->goodput_bps =
        goodput_bps != 0 ? goodput_bps : origin->said.goodput_bps;
    status->round_trip_ms =
        round_trip_ms != 0 ? round_trip_ms : origin->said.round_trip_ms;
}

/* Its parts in their order, but for how it is, which comes last. */
static void get_said(struct tip_reader *reader, struct hub_origin *origin)
{
    struct hub_device_status *said = &origin->said;
    uint8_t flags;

    said->said_ms = tip_reader_get_u64(reader);
    said->saved_ms = tip_reader_get_u64(reader);
    said->saved = tip_reader_get_u64(reader);
    said->clock_offset_ms = (int64_t)tip_reader_get_u64(reader);
    said->checkpoint = tip_reader_get_u64(reader);
    said->ref_checkpoint = tip_reader_get_u64(reader);
    said->goodput_bps = tip_reader_get_u64(reader);
    said->round_trip_ms = tip_reader_get_u64(reader);
    said->agreement = (enum tip_agreement)tip_reader_get_u8(reader);
    origin->ref_agreement = (enum tip_agreement)tip_reader_get_u8(reader);
    origin->trouble = (enum tip_err)tip_reader_get_u32(reader);
    flags = tip_reader_get_u8(reader);
    said->knows_erasure = (flags & FLAG_KNOWS_ERASURE) != 0;
    origin->is_ahead = (flags & FLAG_AHEAD) != 0;
    note_version(said, tip_reader_get(reader, tip_reader_get_u8(reader)));
}

static void put_said(struct tip_buf *buf, const struct hub_origin *origin)
{
    struct hub_device_status said = origin->said;

    hub_said_line(origin, &said);
    tip_buf_put_u64(buf, said.said_ms);
    tip_buf_put_u64(buf, said.saved_ms);
    tip_buf_put_u64(buf, said.saved);
    tip_buf_put_u64(buf, (uint64_t)said.clock_offset_ms);
    tip_buf_put_u64(buf, said.checkpoint);
    tip_buf_put_u64(buf, said.ref_checkpoint);
    tip_buf_put_u64(buf, said.goodput_bps);
    tip_buf_put_u64(buf, said.round_trip_ms);
    tip_buf_put_u8(buf, (uint8_t)said.agreement);
    tip_buf_put_u8(buf, (uint8_t)origin->ref_agreement);
    tip_buf_put_u32(buf, (uint32_t)origin->trouble);
    tip_buf_put_u8(buf,
                   (uint8_t)((said.knows_erasure ? FLAG_KNOWS_ERASURE : 0) |
                             (origin->is_ahead ? FLAG_AHEAD : 0)));
    tip_buf_put_u8(buf, (uint8_t)strlen(said.version));
    tip_buf_put(buf, tip_bytes_text(said.version));
}

enum tip_err hub_said_load(struct tip_txn *txn, struct tip_arena *arena,
                           struct hub_origin *origin)
{
    const struct tip_key key = TIP_KEY(origin->row.device.origin, ROW_SAID);
    struct tip_message message;
    struct tip_reader reader;
    enum tip_err err =
        tip_state_row_get(txn, TIP_TABLE_ORIGIN, key, SAID_FORMAT, &reader);

    if (err != TIP_OK) {
        return err == TIP_ENOTFOUND ? TIP_OK : err;
    }
    get_said(&reader, origin);
    if (reader.failed || origin->said.agreement > TIP_AGREEMENT_DIFFERS ||
        origin->ref_agreement > TIP_AGREEMENT_DIFFERS ||
        tip_wire_message_decode(reader.rest, arena, &message) != TIP_OK ||
        message.kind != TIP_MESSAGE_HEALTH) {
        return TIP_ESTORE_DAMAGED;
    }
    origin->said.health = message.health;
    return TIP_OK;
}

enum tip_err hub_said_store(struct tip_txn *txn,
                            const struct hub_origin *origin)
{
    struct tip_message message = {.kind = TIP_MESSAGE_HEALTH,
                                  .health = origin->said.health};
    uint8_t memory[SAID_BYTES_MAX];
    struct tip_buf buf;
    enum tip_err err;

    tip_buf_init(&buf, memory, sizeof memory);
    tip_buf_put_u8(&buf, SAID_FORMAT);
    put_said(&buf, origin);
    err = tip_wire_message_encode(&message, &buf);
    return err == TIP_OK
               ? tip_state_row_put(txn, TIP_TABLE_ORIGIN,
                                   TIP_KEY(origin->row.device.origin, ROW_SAID),
                                   &buf)
               : err;
}

static bool is_kept(const struct hub_engine *engine)
{
    for (size_t i = 0; i < engine->origin_count; i++) {
        if (engine->origins[i]->is_dirty || engine->origins[i]->said_is_dirty) {
            return false;
        }
    }
    return true;
}

enum tip_err hub_engine_keep(struct hub_engine *engine)
{
    enum tip_err err = hub_engine_flush(engine);
    enum tip_err losing = engine->losing;

    if (err != TIP_OK || is_kept(engine)) {
        return err;
    }
    err = hub_engine_write_reserve(engine);
    if (err == TIP_OK) {
        err = hub_engine_flush(engine);
    }
    if (err == TIP_OK) {
        engine->losing = losing; /* The reserve is no room for others. */
    }
    return err;
}
