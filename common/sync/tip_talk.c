#include "tip_talk.h"

#include <assert.h>
#include <string.h>

#include "tip_secret.h"
#include "tip_wire_session.h"

enum tip_err tip_talk_init(struct tip_talk *talk,
                           const struct tip_device_keys *keys,
                           enum tip_session_side side,
                           const struct tip_box_public *peer)
{
    *talk = (struct tip_talk){.side = side};
    return tip_session_mac_derive(keys, side, peer, &talk->peer);
}

void tip_talk_deinit(struct tip_talk *talk)
{
    tip_secret_wipe(talk, sizeof *talk);
}

static struct tip_session_nonce nonce_of(const uint8_t bytes[TIP_NONCE_SIZE])
{
    struct tip_session_nonce nonce;

    static_assert(sizeof nonce.bytes == TIP_NONCE_SIZE, "one nonce");
    memcpy(nonce.bytes, bytes, sizeof nonce.bytes);
    return nonce;
}

/* HELLO was made or accepted: the session has the node's nonce. */
static void note_hello(struct tip_talk *talk, const struct tip_hello *hello)
{
    talk->node = nonce_of(hello->nonce);
    talk->is_keyed = false;
}

/* WELCOME is made or to be checked: the session has its key. */
static void start(struct tip_talk *talk, const struct tip_welcome *welcome,
                  struct tip_session_mac *out_mac)
{
    struct tip_session_nonce hub = nonce_of(welcome->nonce);

    tip_session_mac_init(out_mac, &talk->peer, talk->side, &talk->node, &hub);
}

enum tip_err tip_talk_write(struct tip_talk *talk,
                            const struct tip_message *message,
                            struct tip_buf *out)
{
    struct tip_session_tag tag;
    struct tip_bytes said;
    uint64_t counter = 0;
    size_t start_at = out->size;
    enum tip_err err = tip_wire_message_encode(message, out);

    if (err != TIP_OK || message->kind == TIP_MESSAGE_FRAME) {
        return err;
    }
    said = tip_bytes(out->data + start_at, out->size - start_at);
    if (message->kind == TIP_MESSAGE_HELLO) {
        note_hello(talk, &message->hello);
        tip_session_mac_hello(&talk->peer, &talk->node, said, &tag);
        return tip_wire_message_close(out, 0, TIP_BYTES_OF(tag.bytes));
    }
    if (message->kind == TIP_MESSAGE_WELCOME) {
        start(talk, &message->welcome, &talk->mac);
        talk->is_keyed = true;
    }
    if (!talk->is_keyed) {
        return TIP_EPROTOCOL;
    }
    tip_session_mac_make(&talk->mac, said, &counter, &tag);
    if (counter > UINT32_MAX) {
        return TIP_EPROTOCOL; /* Four thousand million messages: greet anew. */
    }
    return tip_wire_message_close(out, (uint32_t)counter,
                                  TIP_BYTES_OF(tag.bytes));
}

enum tip_err tip_talk_send(struct tip_talk *talk, struct tip_link *link,
                           uint32_t peer, const struct tip_message *message)
{
    TIP_BUF_ROOM uint8_t memory[TIP_LINK_MESSAGE_BYTES_MAX];
    struct tip_bytes bytes;
    struct tip_buf buf;
    enum tip_err err;

    tip_buf_init(&buf, memory, sizeof memory);
    err = tip_talk_write(talk, message, &buf);
    if (err == TIP_OK) {
        err = tip_buf_finish(&buf, &bytes);
    }
    return err == TIP_OK ? tip_link_send(link, peer, bytes) : err;
}

static enum tip_err check_welcome(struct tip_talk *talk,
                                  const struct tip_wire_message *message,
                                  const struct tip_welcome *welcome,
                                  const struct tip_session_tag *tag)
{
    struct tip_session_mac mac;
    enum tip_err err;

    start(talk, welcome, &mac);
    err = tip_session_mac_check(&mac, message->counter, message->said, tag);
    if (err == TIP_OK) {
        talk->mac = mac;
        talk->is_keyed = true;
    }
    tip_secret_wipe(&mac, sizeof mac);
    return err;
}

/* Check the proof of @message, whose content is @content. */
static enum tip_err check(struct tip_talk *talk,
                          const struct tip_wire_message *message,
                          const struct tip_message *content)
{
    struct tip_session_tag tag;
    struct tip_session_nonce nonce;
    enum tip_err err;

    if (message->tag.size != sizeof tag.bytes) {
        return TIP_EMALFORMED;
    }
    memcpy(tag.bytes, message->tag.data, sizeof tag.bytes);
    if (content->kind == TIP_MESSAGE_HELLO) {
        nonce = nonce_of(content->hello.nonce);
        if (talk->is_keyed && memcmp(&nonce, &talk->node, sizeof nonce) == 0) {
            return TIP_EMAC; /* It would start its own session over. */
        }
        err = tip_session_mac_check_hello(&talk->peer, &nonce, message->said,
                                          &tag);
        if (err == TIP_OK) {
            note_hello(talk, &content->hello);
        }
        return err;
    }
    if (content->kind == TIP_MESSAGE_WELCOME) {
        /* Taken again it would start the counters over. */
        if (talk->is_keyed) {
            return TIP_EPROTOCOL;
        }
        return check_welcome(talk, message, &content->welcome, &tag);
    }
    if (!talk->is_keyed) {
        return TIP_EPROTOCOL;
    }
    return tip_session_mac_check(&talk->mac, message->counter, message->said,
                                 &tag);
}

enum tip_err tip_talk_read(struct tip_talk *talk, struct tip_bytes bytes,
                           struct tip_arena *arena,
                           struct tip_message *out_message)
{
    struct tip_wire_message parts;
    struct tip_message message;
    enum tip_err err = tip_wire_message_split(bytes, &parts);

    if (err == TIP_OK) {
        err = tip_wire_message_decode(parts.said, arena, &message);
    }
    if (err == TIP_OK && message.kind != TIP_MESSAGE_FRAME) {
        err = check(talk, &parts, &message);
    }
    if (err == TIP_OK) {
        *out_message = message;
    }
    return err;
}
