#include "tip_link_talk.h"

#include <stdbool.h>
#include <string.h>

#include "tip_reader.h"

/* Which fields a kind has, in this order on the wire. */
enum field {
    HAS_PEER = 1 << 0,
    HAS_CONNECTION = 1 << 1,
    HAS_COUNT = 1 << 2,
    HAS_PORT = 1 << 3,
    HAS_ERROR = 1 << 4,
    HAS_CAUSE = 1 << 5,
    HAS_ORIGIN = 1 << 6, /* Key and address. */
    HAS_PAYLOAD = 1 << 7
};

static const unsigned fields_of[] = {
    [TIP_LINK_TALK_SETUP] = HAS_PAYLOAD,
    [TIP_LINK_TALK_ALLOW] = HAS_PAYLOAD,
    [TIP_LINK_TALK_DENY] = HAS_PEER,
    [TIP_LINK_TALK_SEND] = HAS_PEER | HAS_CONNECTION | HAS_PAYLOAD,
    [TIP_LINK_TALK_DROP] = HAS_PEER | HAS_CONNECTION,
    [TIP_LINK_TALK_RETRY] = 0,
    [TIP_LINK_TALK_PROBE] = 0,
    [TIP_LINK_TALK_REST] = 0,
    [TIP_LINK_TALK_EXPECT] = HAS_PEER | HAS_CONNECTION | HAS_COUNT,
    [TIP_LINK_TALK_READY] = HAS_PORT,
    [TIP_LINK_TALK_FAILED] = HAS_ERROR,
    [TIP_LINK_TALK_UP] = HAS_PEER | HAS_CONNECTION,
    [TIP_LINK_TALK_DOWN] = HAS_PEER | HAS_CONNECTION | HAS_CAUSE,
    [TIP_LINK_TALK_RECEIVED] = HAS_PEER | HAS_PAYLOAD,
    [TIP_LINK_TALK_CREDIT] = HAS_PEER | HAS_COUNT,
    [TIP_LINK_TALK_FAULT] = HAS_CAUSE | HAS_ORIGIN,
    [TIP_LINK_TALK_ALIVE] = 0,
    [TIP_LINK_TALK_CALL] = HAS_COUNT,
};

static bool is_kind(unsigned kind)
{
    return (kind >= TIP_LINK_TALK_SETUP && kind <= TIP_LINK_TALK_EXPECT) ||
           (kind >= TIP_LINK_TALK_READY && kind <= TIP_LINK_TALK_CALL);
}

/* Payloads of messages are 1 byte to the limit of the link; lists are bounded
 * by the packet. */
static bool is_payload(enum tip_link_talk_kind kind, size_t size)
{
    return kind == TIP_LINK_TALK_SETUP || kind == TIP_LINK_TALK_ALLOW ||
           (size > 0 && size <= TIP_LINK_MESSAGE_BYTES_MAX);
}

enum tip_err tip_link_talk_put(const struct tip_link_talk *talk,
                               struct tip_buf *buf)
{
    unsigned fields = fields_of[talk->kind];
    struct tip_bytes done;

    tip_buf_put_u8(buf, (uint8_t)talk->kind);
    if ((fields & HAS_PEER) != 0) {
        tip_buf_put_u32(buf, talk->peer);
    }
    if ((fields & HAS_CONNECTION) != 0) {
        tip_buf_put_u32(buf, talk->connection);
    }
    if ((fields & HAS_COUNT) != 0) {
        tip_buf_put_u32(buf, talk->count);
    }
    if ((fields & HAS_PORT) != 0) {
        tip_buf_put_u32(buf, talk->port);
    }
    if ((fields & HAS_ERROR) != 0) {
        tip_buf_put_u32(buf, (uint32_t)talk->error);
    }
    if ((fields & HAS_CAUSE) != 0) {
        tip_buf_put_u8(buf, (uint8_t)talk->cause);
    }
    if ((fields & HAS_ORIGIN) != 0) {
        tip_buf_put(buf, TIP_BYTES_OF(talk->key));
        tip_buf_put_sized(buf, tip_bytes_text(talk->address));
    }
    if ((fields & HAS_PAYLOAD) != 0) {
        tip_buf_put(buf, talk->payload);
    }
    return tip_buf_finish(buf, &done);
}

/* Read a text of at most @size_max bytes with its terminator to @out. Only what
 * an address is written with: it ends up on somebody's terminal. */
static bool get_text(struct tip_reader *reader, char *out, size_t size_max)
{
    struct tip_bytes text = tip_reader_get_sized(reader);

    if (text.size >= size_max) {
        return false;
    }
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] <= ' ' || text.data[i] >= 0x7f) {
            return false;
        }
    }
    if (text.size > 0) {
        memcpy(out, text.data, text.size);
    }
    out[text.size] = '\0';
    return true;
}

static bool get_key(struct tip_reader *reader, uint8_t out[TIP_LINK_KEY_SIZE])
{
    struct tip_bytes key = tip_reader_get(reader, TIP_LINK_KEY_SIZE);

    if (key.size != TIP_LINK_KEY_SIZE) {
        return false;
    }
    memcpy(out, key.data, TIP_LINK_KEY_SIZE);
    return true;
}

/* The fields that are no plain number, each within its range. */
static bool get_checked(struct tip_reader *reader, unsigned fields,
                        struct tip_link_talk *talk)
{
    if ((fields & HAS_PORT) != 0) {
        uint32_t port = tip_reader_get_u32(reader);

        talk->port = (uint16_t)port;
        if (port > UINT16_MAX) {
            return false;
        }
    }
    if ((fields & HAS_ERROR) != 0) {
        talk->error = (enum tip_err)tip_reader_get_u32(reader);
    }
    if ((fields & HAS_CAUSE) != 0) {
        uint8_t cause = tip_reader_get_u8(reader);

        if (cause == TIP_LINK_CAUSE_NONE || cause >= TIP_LINK_CAUSE_COUNT) {
            return false;
        }
        talk->cause = (enum tip_link_cause)cause;
    }
    return (fields & HAS_ORIGIN) == 0 ||
           (get_key(reader, talk->key) &&
            get_text(reader, talk->address, sizeof talk->address));
}

enum tip_err tip_link_talk_get(struct tip_bytes packet,
                               struct tip_link_talk *out_talk)
{
    struct tip_link_talk talk = {0};
    struct tip_reader reader;
    unsigned kind;
    unsigned fields;

    tip_reader_init(&reader, packet);
    kind = tip_reader_get_u8(&reader);
    if (!is_kind(kind)) {
        return TIP_EMALFORMED;
    }
    talk.kind = (enum tip_link_talk_kind)kind;
    fields = fields_of[kind];
    if ((fields & HAS_PEER) != 0) {
        talk.peer = tip_reader_get_u32(&reader);
    }
    if ((fields & HAS_CONNECTION) != 0) {
        talk.connection = tip_reader_get_u32(&reader);
    }
    if ((fields & HAS_COUNT) != 0) {
        talk.count = tip_reader_get_u32(&reader);
    }
    if (!get_checked(&reader, fields, &talk)) {
        return TIP_EMALFORMED;
    }
    if ((fields & HAS_PAYLOAD) != 0) {
        talk.payload = tip_reader_get(&reader, reader.rest.size);
        if (!is_payload(talk.kind, talk.payload.size)) {
            return TIP_EMALFORMED;
        }
    }
    if (tip_reader_finish(&reader) != TIP_OK) {
        return TIP_EMALFORMED;
    }
    *out_talk = talk;
    return TIP_OK;
}

enum tip_err tip_link_talk_put_setup(const struct tip_link_setup *setup,
                                     struct tip_buf *buf)
{
    struct tip_bytes done;

    tip_buf_put_u8(buf, TIP_LINK_TALK_SETUP);
    tip_buf_put_u8(buf, (uint8_t)setup->role);
    tip_buf_put(buf, TIP_BYTES_OF(setup->public_key));
    tip_buf_put(buf, TIP_BYTES_OF(setup->secret_key));
    tip_buf_put(buf, TIP_BYTES_OF(setup->hub_key));
    tip_buf_put_u32(buf, setup->heartbeat_ms);
    tip_buf_put_u32(buf, setup->reconnect_ms_min);
    tip_buf_put_u32(buf, setup->reconnect_ms_max);
    tip_buf_put_u32(buf, setup->refused_ms_max);
    tip_buf_put_u32(buf, setup->endpoint_count);
    for (size_t i = 0; i < setup->endpoint_count; i++) {
        tip_buf_put_sized(buf, tip_bytes_text(setup->endpoints[i]));
    }
    return tip_buf_finish(buf, &done);
}

enum tip_err tip_link_talk_get_setup(struct tip_bytes payload,
                                     struct tip_link_setup *out_setup)
{
    struct tip_reader reader;
    uint8_t role;
    bool good;

    tip_reader_init(&reader, payload);
    role = tip_reader_get_u8(&reader);
    *out_setup = (struct tip_link_setup){.role = (enum tip_link_role)role};
    good = (role == TIP_LINK_HUB || role == TIP_LINK_NODE) &&
           get_key(&reader, out_setup->public_key) &&
           get_key(&reader, out_setup->secret_key) &&
           get_key(&reader, out_setup->hub_key);
    out_setup->heartbeat_ms = tip_reader_get_u32(&reader);
    out_setup->reconnect_ms_min = tip_reader_get_u32(&reader);
    out_setup->reconnect_ms_max = tip_reader_get_u32(&reader);
    out_setup->refused_ms_max = tip_reader_get_u32(&reader);
    out_setup->endpoint_count = tip_reader_get_u32(&reader);
    good = good && out_setup->endpoint_count > 0 &&
           out_setup->endpoint_count <= TIP_LINK_ENDPOINTS_MAX;
    for (size_t i = 0; good && i < out_setup->endpoint_count; i++) {
        good =
            get_text(&reader, out_setup->endpoints[i], TIP_LINK_ENDPOINT_SIZE);
    }
    return good ? tip_reader_finish(&reader) : TIP_EMALFORMED;
}

void tip_link_talk_put_entry(const struct tip_link_entry *entry,
                             struct tip_buf *buf)
{
    tip_buf_put_u32(buf, entry->peer);
    tip_buf_put(buf, TIP_BYTES_OF(entry->key));
}

enum tip_err tip_link_talk_get_allow(struct tip_bytes payload, size_t index,
                                     struct tip_link_entry *out_entry)
{
    const size_t size = sizeof(uint32_t) + TIP_LINK_KEY_SIZE;
    struct tip_reader reader;

    if (payload.size % size != 0) {
        return TIP_EMALFORMED;
    }
    if (index >= payload.size / size) {
        return TIP_ENOTFOUND;
    }
    tip_reader_init(&reader, tip_bytes(payload.data + index * size, size));
    out_entry->peer = tip_reader_get_u32(&reader);
    return get_key(&reader, out_entry->key) ? tip_reader_finish(&reader)
                                            : TIP_EMALFORMED;
}
