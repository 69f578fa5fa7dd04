#include <string.h>

#include "session.pb-c.h"
#include "tip_reader.h"
#include "tip_utf8.h"
#include "tip_wire_proto.h"
#include "tip_wire_session.h"

static bool is_kind(uint8_t kind)
{
    return kind >= TIP_MESSAGE_HELLO && kind <= TIP_MESSAGE_LOST;
}

enum tip_err tip_wire_message_split(struct tip_bytes bytes,
                                    struct tip_wire_message *out_message)
{
    struct tip_reader reader;
    struct tip_wire_message message;

    if (bytes.size == 0) {
        return TIP_EMALFORMED;
    }
    if (!is_kind(bytes.data[0])) {
        return TIP_EUNSUPPORTED;
    }
    message = (struct tip_wire_message){
        .kind = (enum tip_message_kind)bytes.data[0], .said = bytes};
    if (bytes.size > (message.kind == TIP_MESSAGE_FRAME
                          ? 1 + TIP_FRAME_BYTES_MAX
                          : TIP_WIRE_MESSAGE_BYTES_MAX)) {
        return TIP_ETOOBIG;
    }
    if (message.kind == TIP_MESSAGE_FRAME) {
        *out_message = message;
        return TIP_OK;
    }
    if (bytes.size < 1 + TIP_WIRE_TRAILER_SIZE) {
        return TIP_EMALFORMED;
    }
    message.said.size = bytes.size - TIP_WIRE_TRAILER_SIZE;
    tip_reader_init(&reader, tip_bytes(bytes.data + message.said.size,
                                       TIP_WIRE_TRAILER_SIZE));
    message.counter = tip_reader_get_u32(&reader);
    message.tag = tip_reader_get(&reader, TIP_WIRE_TAG_SIZE);
    *out_message = message;
    return TIP_OK;
}

/* Copy @field of exactly @size bytes, or zeros if it is not there. */
static bool get_fixed(protobuf_c_boolean has, ProtobufCBinaryData field,
                      uint8_t *out, size_t size)
{
    memset(out, 0, size);
    if (!has) {
        return true;
    }
    if (field.len != size) {
        return false;
    }
    memcpy(out, field.data, size);
    return true;
}

static bool get_position(const Tip__Position *in,
                         struct tip_channel_position *out)
{
    out->channel = in->channel;
    out->generation = in->generation;
    out->head.number = in->number;
    out->checkpoint = in->checkpoint;
    if (in->agreement > TIP_AGREEMENT_DIFFERS) {
        return false;
    }
    out->agreement = (enum tip_agreement)in->agreement;
    return get_fixed(in->has_hash, in->hash, out->head.hash, TIP_HEAD_SIZE);
}

static bool get_heads(const Tip__Hello *in, struct tip_hello *out)
{
    out->confirmed.number = in->confirmed_number;
    if (!get_fixed(in->has_confirmed_hash, in->confirmed_hash,
                   out->confirmed.hash, TIP_HEAD_SIZE)) {
        return false;
    }
    if (!in->has_newest_number && !in->has_newest_hash) {
        out->newest = out->confirmed;
        return true;
    }
    out->newest.number = in->newest_number;
    return get_fixed(in->has_newest_hash, in->newest_hash, out->newest.hash,
                     TIP_HEAD_SIZE);
}

static bool get_channels(Tip__Position *const *in, size_t count,
                         struct tip_channel_position out[TIP_CHANNELS_MAX])
{
    if (count > TIP_CHANNELS_MAX) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (!get_position(in[i], &out[i])) {
            return false;
        }
    }
    return true;
}

static struct tip_health health_of(const Tip__Health *in)
{
    return (struct tip_health){.clock_ms = in->clock_ms,
                               .catalogue = in->catalogue,
                               .saved = in->saved,
                               .waiting_ms = in->waiting_ms,
                               .waiting_bytes = in->waiting_bytes,
                               .records = in->records,
                               .erased = in->erased,
                               .keeps_erased = in->keeps_erased,
                               .disk_used_bytes = in->disk_used_bytes,
                               .disk_limit_bytes = in->disk_limit_bytes,
                               .backup_ms = in->backup_ms,
                               .scrub_ms = in->scrub_ms,
                               .starts_day = in->starts_day,
                               .cuts_day = in->cuts_day,
                               .goodput_bps = in->goodput_bps,
                               .heartbeat_ms = in->heartbeat_ms,
                               .outage_ms = in->outage_ms,
                               .outage_cause = in->outage_cause,
                               .troubles = in->troubles,
                               .rot = {.count = in->rot_count,
                                       .kind = in->rot_kind,
                                       .a = in->rot_a,
                                       .b = in->rot_b},
                               .verified_ms = in->verified_ms,
                               .restores = in->restores,
                               .restored_ms = in->restored_ms};
}

static enum tip_err get_hello(const ProtobufCMessage *message,
                              struct tip_message *out)
{
    const Tip__Hello *in = (const Tip__Hello *)message;
    struct tip_hello hello = {
        .format = in->format,
        .origin = in->origin,
        .generation = in->generation,
        .version = tip_wire_proto_bytes(in->version),
        .credit_bytes = in->credit_bytes,
    };

    if (in->format != TIP_FORMAT) {
        return TIP_EUNSUPPORTED;
    }
    if (hello.origin == 0 || !in->has_nonce ||
        !get_fixed(in->has_nonce, in->nonce, hello.nonce, TIP_NONCE_SIZE) ||
        hello.version.size > TIP_WIRE_VERSION_BYTES_MAX ||
        !tip_utf8_valid(hello.version, TIP_UTF8_LINE) ||
        !get_heads(in, &hello) ||
        !get_channels(in->channels, in->n_channels, hello.channels)) {
        return TIP_EMALFORMED;
    }
    hello.channel_count = in->n_channels;
    if (in->health != NULL) {
        hello.health = health_of(in->health);
    }
    out->hello = hello;
    return TIP_OK;
}

/* Is @number a reason this version has a sentence for? */
static bool is_known_reason(uint32_t number)
{
    switch ((int)number) {
#define REASON_CASE(name, number_, sentence) case number_:
        TIP_ERR_MAP(REASON_CASE)
#undef REASON_CASE
        return true;
    default:
        return false;
    }
}

/* What a peer says is wrong; of a newer version, that this one is too old. */
static enum tip_err reason_of(uint32_t number)
{
    return is_known_reason(number) ? (enum tip_err)number : TIP_EUNSUPPORTED;
}

static enum tip_err get_welcome(const ProtobufCMessage *message,
                                struct tip_message *out)
{
    const Tip__Welcome *in = (const Tip__Welcome *)message;
    struct tip_welcome *welcome = &out->welcome;

    *welcome = (struct tip_welcome){
        .generation = in->generation,
        .durable.number = in->durable_number,
        .clock_ms = in->clock_ms,
        .catalogue = in->catalogue,
        .credit_bytes = in->credit_bytes,
        .is_closed = in->closed,
        .may_go_on = in->may_go_on,
        .has_stray = in->has_stray,
        .hindrance = reason_of(in->hindrance),
    };
    if (!in->has_nonce ||
        !get_fixed(in->has_nonce, in->nonce, welcome->nonce, TIP_NONCE_SIZE) ||
        !get_fixed(in->has_durable_hash, in->durable_hash,
                   welcome->durable.hash, TIP_HEAD_SIZE) ||
        !get_channels(in->channels, in->n_channels, welcome->channels)) {
        return TIP_EMALFORMED;
    }
    welcome->channel_count = in->n_channels;
    return TIP_OK;
}

static enum tip_err get_ack(const ProtobufCMessage *message,
                            struct tip_message *out)
{
    const Tip__Ack *in = (const Tip__Ack *)message;

    out->ack = (struct tip_ack){
        .generation = in->generation,
        .durable.number = in->durable_number,
        .committed = in->committed,
        .credit_bytes = in->credit_bytes,
        .resend = in->resend,
        .hindrance = reason_of(in->hindrance),
    };
    return get_fixed(in->has_durable_hash, in->durable_hash,
                     out->ack.durable.hash, TIP_HEAD_SIZE)
               ? TIP_OK
               : TIP_EMALFORMED;
}

static enum tip_err get_got(const ProtobufCMessage *message,
                            struct tip_message *out)
{
    const Tip__Got *in = (const Tip__Got *)message;

    out->got = (struct tip_got){.credit_bytes = in->credit_bytes,
                                .resend = in->resend};
    if (in->position == NULL ||
        !get_position(in->position, &out->got.position)) {
        return TIP_EMALFORMED;
    }
    return TIP_OK;
}

static enum tip_err get_parts(const ProtobufCMessage *message,
                              struct tip_message *out)
{
    const Tip__Parts *in = (const Tip__Parts *)message;

    out->parts =
        (struct tip_parts){.channel = in->channel, .number = in->number};
    return in->has_sums && get_fixed(in->has_sums, in->sums, out->parts.sums,
                                     sizeof out->parts.sums)
               ? TIP_OK
               : TIP_EMALFORMED;
}

static enum tip_err get_bye(const ProtobufCMessage *message,
                            struct tip_message *out)
{
    const Tip__Bye *in = (const Tip__Bye *)message;

    out->bye = reason_of(in->reason);
    return TIP_OK;
}

static enum tip_err get_recall(const ProtobufCMessage *message,
                               struct tip_message *out)
{
    const Tip__Recall *in = (const Tip__Recall *)message;

    out->recall = (struct tip_recall){.seq = in->seq};
    return TIP_OK;
}

static enum tip_err get_lost(const ProtobufCMessage *message,
                             struct tip_message *out)
{
    const Tip__Lost *in = (const Tip__Lost *)message;

    out->lost = (struct tip_lost){.is_feed = !in->has_channel,
                                  .channel = in->channel,
                                  .number = in->number};
    return TIP_OK;
}

static enum tip_err get_continue(const ProtobufCMessage *message,
                                 struct tip_message *out)
{
    const Tip__Continue *in = (const Tip__Continue *)message;
    struct tip_continue *go_on = &out->go_on;

    *go_on = (struct tip_continue){.head.number = in->head_number,
                                   .up_to = in->up_to};
    return in->has_token &&
                   get_fixed(in->has_token, in->token, go_on->token,
                             TIP_TOKEN_SIZE) &&
                   get_fixed(in->has_head_hash, in->head_hash, go_on->head.hash,
                             TIP_HEAD_SIZE)
               ? TIP_OK
               : TIP_EMALFORMED;
}

static enum tip_err get_continued(const ProtobufCMessage *message,
                                  struct tip_message *out)
{
    const Tip__Continued *in = (const Tip__Continued *)message;
    struct tip_continued *continued = &out->continued;

    *continued = (struct tip_continued){
        .origin = in->origin, .start = in->start, .up_to = in->up_to};
    return in->origin != 0 && in->has_token &&
                   get_fixed(in->has_token, in->token, continued->token,
                             TIP_TOKEN_SIZE)
               ? TIP_OK
               : TIP_EMALFORMED;
}

static enum tip_err get_health(const ProtobufCMessage *message,
                               struct tip_message *out)
{
    out->health = health_of((const Tip__Health *)message);
    return TIP_OK;
}

static enum tip_err get_frame(struct tip_bytes frame, struct tip_message *out)
{
    if (frame.size == 0 || frame.size > TIP_FRAME_BYTES_MAX) {
        return TIP_EMALFORMED;
    }
    out->frame = frame;
    return TIP_OK;
}

/* How the message of each kind is read; FRAME is none. */
struct reader_of_kind {
    const ProtobufCMessageDescriptor *type;
    enum tip_err (*get)(const ProtobufCMessage *message,
                        struct tip_message *out);
};

static const struct reader_of_kind readers[] = {
    [TIP_MESSAGE_HELLO] = {&tip__hello__descriptor, get_hello},
    [TIP_MESSAGE_WELCOME] = {&tip__welcome__descriptor, get_welcome},
    [TIP_MESSAGE_ACK] = {&tip__ack__descriptor, get_ack},
    [TIP_MESSAGE_GOT] = {&tip__got__descriptor, get_got},
    [TIP_MESSAGE_BYE] = {&tip__bye__descriptor, get_bye},
    [TIP_MESSAGE_PARTS] = {&tip__parts__descriptor, get_parts},
    [TIP_MESSAGE_RECALL] = {&tip__recall__descriptor, get_recall},
    [TIP_MESSAGE_CONTINUE] = {&tip__continue__descriptor, get_continue},
    [TIP_MESSAGE_CONTINUED] = {&tip__continued__descriptor, get_continued},
    [TIP_MESSAGE_HEALTH] = {&tip__health__descriptor, get_health},
    [TIP_MESSAGE_LOST] = {&tip__lost__descriptor, get_lost},
};

enum tip_err tip_wire_message_decode(struct tip_bytes said,
                                     struct tip_arena *arena,
                                     struct tip_message *out_message)
{
    struct tip_message message = {0};
    struct tip_bytes content;
    ProtobufCMessage *unpacked;
    enum tip_err err;

    if (said.size == 0) {
        return TIP_EMALFORMED;
    }
    if (!is_kind(said.data[0])) {
        return TIP_EUNSUPPORTED;
    }
    message.kind = (enum tip_message_kind)said.data[0];
    content = tip_bytes(said.data + 1, said.size - 1);
    if (message.kind == TIP_MESSAGE_FRAME) {
        err = get_frame(content, &message);
    } else {
        err = tip_wire_proto_unpack(readers[message.kind].type, content, arena,
                                    &unpacked);
        if (err == TIP_OK) {
            err = readers[message.kind].get(unpacked, &message);
        }
    }
    if (err == TIP_OK) {
        *out_message = message;
    }
    return err;
}
