/* Seeds of what is carried by hand or between processes. */
#include <string.h>

#include "make_corpus.h"
#include "tip_bundle.h"
#include "tip_certificate.h"
#include "tip_control.h"
#include "tip_enrol.h"
#include "tip_identity_value.h"
#include "tip_link_talk.h"
#include "tip_office_key.h"
#include "tip_record_wrap.h"

enum { FRAME_SIZE = 40 };

/* One plain part behind its length, as tests/fuzz/fuzz_bundle.c reads it. */
static void put_part(struct tip_buf *buf, uint8_t kind, struct tip_bytes body)
{
    tip_buf_put_u8(buf, (uint8_t)(body.size >> 8));
    tip_buf_put_u8(buf, (uint8_t)body.size);
    tip_buf_put_u8(buf, kind);
    tip_buf_put(buf, body);
}

static void put_head(struct tip_buf *buf, uint8_t side, uint8_t channels)
{
    uint8_t memory[2048] = {0};
    struct tip_buf head;

    tip_buf_init(&head, memory, sizeof memory);
    tip_buf_put_u8(&head, 0);
    tip_buf_put_u8(&head, side);
    tip_buf_put_u32(&head, 10);
    tip_buf_put_u64(&head, 1700000000000);
    tip_buf_put_u32(&head, 1);
    head.size += 8 + TIP_HEAD_SIZE;
    tip_buf_put_u8(&head, channels);
    for (uint8_t i = 0; i < channels; i++) {
        tip_buf_put_u32(&head, i);
        tip_buf_put_u32(&head, 1);
        head.size += 8 + TIP_HEAD_SIZE + 8;
        tip_buf_put_u8(&head,
                       i == 0 ? TIP_AGREEMENT_DIFFERS : TIP_AGREEMENT_EQUAL);
        head.size += i == 0 ? 8 + TIP_PARTS * TIP_PART_SUM_SIZE : 0;
    }
    put_part(buf, TIP_BUNDLE_HEAD, tip_bytes(memory, head.size));
}

enum tip_err make_bundle(struct seed *seed)
{
    uint8_t frames[2 * (FRAME_SIZE + 1)] = {0};
    uint8_t end[8 + TIP_SESSION_TAG_SIZE] = {0};

    frames[0] = FRAME_SIZE;
    frames[FRAME_SIZE + 1] = FRAME_SIZE;
    end[7] = 2;
    tip_buf_put_u8(&seed->buf, 1);
    tip_buf_put(&seed->buf, tip_bytes("TIPBNDL0", 8));
    tip_buf_put(&seed->buf, tip_bytes(end, TIP_BUNDLE_ID_SIZE));
    put_head(&seed->buf, (uint8_t)(1 + seed->number % 2),
             (uint8_t)(seed->number % 3));
    put_part(&seed->buf, TIP_BUNDLE_FRAMES, TIP_BYTES_OF(frames));
    if (seed->number > 2) {
        put_part(&seed->buf, TIP_BUNDLE_END, TIP_BYTES_OF(end));
    }
    return TIP_OK;
}

static const struct tip_invite_secret secret = {{1}};

enum tip_err make_letter(struct seed *seed)
{
    struct tip_invitation invitation = {.number = 7,
                                        .expires_ms = 1700000000000,
                                        .office = 3,
                                        .origin = 21,
                                        .key_epoch = 2,
                                        .hub_origin = 1,
                                        .name = "Nema",
                                        .addresses = "hub.example:7070"};
    struct tip_enrol_request request = {.number = 7};
    struct tip_enrol_approval approval = {
        .number = 7, .key_epoch = 2, .joined.number = 900, .generation = 1};

    tip_buf_put_u8(&seed->buf, 0);
    switch (seed->number % 3) {
    case 0:
        tip_invitation_write(&invitation, "Words.\n", &seed->buf);
        break;
    case 1:
        tip_enrol_request_write(&request, &secret, "Words.\n", &seed->buf);
        break;
    default:
        tip_enrol_approval_write(&approval, &secret, "", &seed->buf);
        break;
    }
    return TIP_OK;
}

static enum tip_err put_seal_part(struct seed *seed,
                                  const struct tip_device_keys *keys,
                                  const struct tip_registrar *registrar)
{
    const struct tip_certificate certificate = {
        .role = TIP_CERTIFICATE_NODE, .serial = 2, .origin = 9, .office = 3};
    const struct tip_record_wrap wrap = {
        .name = {.office = 1, .epoch = 1, .number = 1}, .office = 2};
    const struct tip_wrap_public *to =
        (const struct tip_wrap_public *)&tip_device_keys_public(keys)->box;
    const struct tip_record_key key = {{4}};
    const struct tip_id record = {{9}};
    uint8_t *out = seed->buf.data + 1;

    tip_buf_put_u8(&seed->buf, (uint8_t)(seed->number % 5));
    switch (seed->number % 5) {
    case 0:
        tip_certificate_sign(registrar, &certificate, out);
        seed->buf.size += TIP_CERTIFICATE_SIZE;
        return TIP_OK;
    case 1:
        tip_office_key_sign(keys, &(struct tip_office_key){.office = 3}, out);
        seed->buf.size += TIP_OFFICE_KEY_SIZE;
        return TIP_OK;
    case 2:
        seed->buf.size += TIP_RECORD_WRAP_SIZE;
        return tip_record_wrap_seal(keys, &record, &wrap, to, &key,
                                    &seed->prng.base, out);
    case 3:
        return tip_identity_value_seal(
            &key, &wrap.name, &(struct tip_identity_cell){.record = record},
            tip_bytes("name", 4), &seed->prng.base, &seed->buf);
    default:
        tip_device_keys_save(keys, out);
        seed->buf.size += TIP_KEYS_SAVED_SIZE;
        return TIP_OK;
    }
}

enum tip_err make_seal_part(struct seed *seed)
{
    struct tip_registrar *registrar = NULL;
    struct tip_device_keys *keys = NULL;
    enum tip_err err = tip_device_keys_new(&seed->prng.base, &keys);

    if (err == TIP_OK) {
        err = tip_registrar_new(&seed->prng.base, &registrar);
    }
    if (err == TIP_OK) {
        err = put_seal_part(seed, keys, registrar);
    }
    tip_registrar_free(registrar);
    tip_device_keys_free(keys);
    return err;
}

enum tip_err make_link_talk(struct seed *seed)
{
    static const struct tip_link_setup setup = {
        .role = TIP_LINK_NODE,
        .heartbeat_ms = 60000,
        .reconnect_ms_min = 1000,
        .reconnect_ms_max = 60000,
        .endpoint_count = 1,
        .endpoints = {"tcp://127.0.0.1:7070"}};
    static const enum tip_link_talk_kind kinds[] = {
        TIP_LINK_TALK_SEND, TIP_LINK_TALK_DOWN, TIP_LINK_TALK_RECEIVED,
        TIP_LINK_TALK_FAULT};
    struct tip_link_talk talk = {.peer = 10,
                                 .connection = 1,
                                 .cause = (enum tip_link_cause)1,
                                 .address = "192.0.2.7",
                                 .payload = tip_bytes("payload", 7)};
    struct tip_link_entry entry = {.peer = 10};

    if (seed->number == 0) {
        return tip_link_talk_put_setup(&setup, &seed->buf);
    }
    if (seed->number == 1) {
        tip_buf_put_u8(&seed->buf, TIP_LINK_TALK_ALLOW);
        tip_link_talk_put_entry(&entry, &seed->buf);
        tip_link_talk_put_entry(&entry, &seed->buf);
        return TIP_OK;
    }
    talk.kind = kinds[seed->number - 2];
    return tip_link_talk_put(&talk, &seed->buf);
}

static enum tip_err put_reply(struct tip_buf *buf)
{
    static const struct tip_reply_event events[] = {
        {.kind = TIP_REPLY_LIST_BEGIN, .key = {(const uint8_t *)"offices", 7}},
        {.kind = TIP_REPLY_ROW_BEGIN},
        {.kind = TIP_REPLY_FIELD,
         .type = TIP_REPLY_DECIMAL,
         .digits = 2,
         .key = {(const uint8_t *)"lag", 3},
         .number = 1234},
        {.kind = TIP_REPLY_ROW_END},
        {.kind = TIP_REPLY_LIST_END},
        {.kind = TIP_REPLY_END}};
    enum tip_err err = TIP_OK;

    for (size_t i = 0; err == TIP_OK && i < sizeof events / sizeof *events;
         i++) {
        err = tip_control_put_event(buf, &events[i]);
    }
    return err;
}

enum tip_err make_control(struct seed *seed)
{
    static const char *const words[] = {"record", "new", "--type", "case"};

    tip_buf_put_u8(&seed->buf, (uint8_t)(seed->number * 7));
    switch (seed->number % 3) {
    case 0:
        return tip_control_put_request(&seed->buf, words, 4);
    case 1:
        return tip_control_put_input(&seed->buf, "file", tip_bytes("a,b\n", 4),
                                     true);
    default:
        return put_reply(&seed->buf);
    }
}
