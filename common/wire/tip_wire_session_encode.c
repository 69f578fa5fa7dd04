#include <string.h>

#include "session.pb-c.h"
#include "tip_utf8.h"
#include "tip_wire_proto.h"
#include "tip_wire_session.h"

static bool is_zero(const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] != 0) {
            return false;
        }
    }
    return true;
}

static void set_u32(protobuf_c_boolean *has, uint32_t *field, uint32_t value)
{
    *has = value != 0;
    *field = value;
}

static void set_u64(protobuf_c_boolean *has, uint64_t *field, uint64_t value)
{
    *has = value != 0;
    *field = value;
}

static void set_bytes(protobuf_c_boolean *has, ProtobufCBinaryData *field,
                      struct tip_bytes value)
{
    *has = value.size != 0;
    *field = tip_wire_proto_data(value);
}

static void set_hash(protobuf_c_boolean *has, ProtobufCBinaryData *field,
                     const uint8_t hash[TIP_HEAD_SIZE])
{
    set_bytes(has, field,
              is_zero(hash, TIP_HEAD_SIZE) ? TIP_BYTES_NONE
                                           : tip_bytes(hash, TIP_HEAD_SIZE));
}

static void set_position(Tip__Position *out,
                         const struct tip_channel_position *position)
{
    tip__position__init(out);
    set_u32(&out->has_channel, &out->channel, position->channel);
    set_u32(&out->has_generation, &out->generation, position->generation);
    set_u64(&out->has_number, &out->number, position->head.number);
    set_hash(&out->has_hash, &out->hash, position->head.hash);
    set_u64(&out->has_checkpoint, &out->checkpoint, position->checkpoint);
    set_u32(&out->has_agreement, &out->agreement,
            (uint32_t)position->agreement);
}

static bool is_same_head(const struct tip_head *a, const struct tip_head *b)
{
    return a->number == b->number &&
           memcmp(a->hash, b->hash, sizeof a->hash) == 0;
}

static void set_newest(Tip__Hello *out, const struct tip_hello *hello)
{
    if (is_same_head(&hello->confirmed, &hello->newest)) {
        return;
    }
    out->has_newest_number = true;
    out->newest_number = hello->newest.number;
    set_hash(&out->has_newest_hash, &out->newest_hash, hello->newest.hash);
}

static void set_health(Tip__Health *out, const struct tip_health *health)
{
    tip__health__init(out);
    set_u64(&out->has_clock_ms, &out->clock_ms, health->clock_ms);
    set_u32(&out->has_catalogue, &out->catalogue, health->catalogue);
    set_u64(&out->has_saved, &out->saved, health->saved);
    set_u64(&out->has_waiting_ms, &out->waiting_ms, health->waiting_ms);
    set_u64(&out->has_waiting_bytes, &out->waiting_bytes,
            health->waiting_bytes);
    set_u64(&out->has_records, &out->records, health->records);
    set_u64(&out->has_erased, &out->erased, health->erased);
    out->has_keeps_erased = health->keeps_erased;
    out->keeps_erased = health->keeps_erased;
    set_u64(&out->has_disk_used_bytes, &out->disk_used_bytes,
            health->disk_used_bytes);
    set_u64(&out->has_disk_limit_bytes, &out->disk_limit_bytes,
            health->disk_limit_bytes);
    set_u64(&out->has_backup_ms, &out->backup_ms, health->backup_ms);
    set_u64(&out->has_scrub_ms, &out->scrub_ms, health->scrub_ms);
    set_u32(&out->has_starts_day, &out->starts_day, health->starts_day);
    set_u32(&out->has_cuts_day, &out->cuts_day, health->cuts_day);
    set_u64(&out->has_goodput_bps, &out->goodput_bps, health->goodput_bps);
    set_u32(&out->has_heartbeat_ms, &out->heartbeat_ms, health->heartbeat_ms);
    set_u64(&out->has_outage_ms, &out->outage_ms, health->outage_ms);
    set_u32(&out->has_outage_cause, &out->outage_cause, health->outage_cause);
    set_u32(&out->has_troubles, &out->troubles, health->troubles);
    set_u64(&out->has_rot_count, &out->rot_count, health->rot.count);
    set_u32(&out->has_rot_kind, &out->rot_kind, health->rot.kind);
    set_u64(&out->has_rot_a, &out->rot_a, health->rot.a);
    set_u64(&out->has_rot_b, &out->rot_b, health->rot.b);
    set_u64(&out->has_verified_ms, &out->verified_ms, health->verified_ms);
    set_u32(&out->has_restores, &out->restores, health->restores);
    set_u64(&out->has_restored_ms, &out->restored_ms, health->restored_ms);
}

static enum tip_err put_hello(const struct tip_hello *hello,
                              struct tip_buf *buf)
{
    Tip__Position positions[TIP_CHANNELS_MAX];
    Tip__Position *channels[TIP_CHANNELS_MAX];
    Tip__Health health;
    Tip__Hello out = TIP__HELLO__INIT;

    if (hello->format != TIP_FORMAT || hello->origin == 0 ||
        hello->channel_count > TIP_CHANNELS_MAX ||
        hello->version.size > TIP_WIRE_VERSION_BYTES_MAX ||
        !tip_utf8_valid(hello->version, TIP_UTF8_LINE)) {
        return TIP_EINVAL;
    }
    set_u32(&out.has_format, &out.format, hello->format);
    set_u32(&out.has_origin, &out.origin, hello->origin);
    set_u32(&out.has_generation, &out.generation, hello->generation);
    set_u64(&out.has_confirmed_number, &out.confirmed_number,
            hello->confirmed.number);
    set_hash(&out.has_confirmed_hash, &out.confirmed_hash,
             hello->confirmed.hash);
    set_newest(&out, hello);
    for (size_t i = 0; i < hello->channel_count; i++) {
        set_position(&positions[i], &hello->channels[i]);
        channels[i] = &positions[i];
    }
    out.n_channels = hello->channel_count;
    out.channels = channels;
    set_bytes(&out.has_nonce, &out.nonce, TIP_BYTES_OF(hello->nonce));
    set_bytes(&out.has_version, &out.version, hello->version);
    set_u64(&out.has_credit_bytes, &out.credit_bytes, hello->credit_bytes);
    set_health(&health, &hello->health);
    out.health = &health;
    tip_wire_proto_pack(&out.base, buf);
    return TIP_OK;
}

static enum tip_err put_welcome(const struct tip_welcome *welcome,
                                struct tip_buf *buf)
{
    Tip__Position positions[TIP_CHANNELS_MAX];
    Tip__Position *channels[TIP_CHANNELS_MAX];
    Tip__Welcome out = TIP__WELCOME__INIT;

    if (welcome->channel_count > TIP_CHANNELS_MAX) {
        return TIP_EINVAL;
    }
    for (size_t i = 0; i < welcome->channel_count; i++) {
        set_position(&positions[i], &welcome->channels[i]);
        channels[i] = &positions[i];
    }
    out.n_channels = welcome->channel_count;
    out.channels = channels;
    set_u32(&out.has_generation, &out.generation, welcome->generation);
    set_u64(&out.has_durable_number, &out.durable_number,
            welcome->durable.number);
    set_hash(&out.has_durable_hash, &out.durable_hash, welcome->durable.hash);
    set_bytes(&out.has_nonce, &out.nonce, TIP_BYTES_OF(welcome->nonce));
    set_u64(&out.has_clock_ms, &out.clock_ms, welcome->clock_ms);
    set_u32(&out.has_catalogue, &out.catalogue, welcome->catalogue);
    set_u64(&out.has_credit_bytes, &out.credit_bytes, welcome->credit_bytes);
    out.has_closed = welcome->is_closed;
    out.closed = welcome->is_closed;
    out.has_may_go_on = welcome->may_go_on;
    out.may_go_on = welcome->may_go_on;
    out.has_has_stray = welcome->has_stray;
    out.has_stray = welcome->has_stray;
    set_u32(&out.has_hindrance, &out.hindrance, (uint32_t)welcome->hindrance);
    tip_wire_proto_pack(&out.base, buf);
    return TIP_OK;
}

static enum tip_err put_ack(const struct tip_ack *ack, struct tip_buf *buf)
{
    Tip__Ack out = TIP__ACK__INIT;

    set_u32(&out.has_generation, &out.generation, ack->generation);
    set_u64(&out.has_durable_number, &out.durable_number, ack->durable.number);
    set_hash(&out.has_durable_hash, &out.durable_hash, ack->durable.hash);
    set_u64(&out.has_committed, &out.committed, ack->committed);
    set_u64(&out.has_credit_bytes, &out.credit_bytes, ack->credit_bytes);
    out.has_resend = ack->resend;
    out.resend = ack->resend;
    set_u32(&out.has_hindrance, &out.hindrance, (uint32_t)ack->hindrance);
    tip_wire_proto_pack(&out.base, buf);
    return TIP_OK;
}

static enum tip_err put_got(const struct tip_got *got, struct tip_buf *buf)
{
    Tip__Got out = TIP__GOT__INIT;
    Tip__Position position;

    set_position(&position, &got->position);
    out.position = &position;
    set_u64(&out.has_credit_bytes, &out.credit_bytes, got->credit_bytes);
    out.has_resend = got->resend;
    out.resend = got->resend;
    tip_wire_proto_pack(&out.base, buf);
    return TIP_OK;
}

static enum tip_err put_bye(enum tip_err reason, struct tip_buf *buf)
{
    Tip__Bye out = TIP__BYE__INIT;

    set_u32(&out.has_reason, &out.reason, (uint32_t)reason);
    tip_wire_proto_pack(&out.base, buf);
    return TIP_OK;
}

static enum tip_err put_parts(const struct tip_parts *parts,
                              struct tip_buf *buf)
{
    Tip__Parts out = TIP__PARTS__INIT;

    set_u32(&out.has_channel, &out.channel, parts->channel);
    set_u64(&out.has_number, &out.number, parts->number);
    set_bytes(&out.has_sums, &out.sums, TIP_BYTES_OF(parts->sums));
    tip_wire_proto_pack(&out.base, buf);
    return TIP_OK;
}

static enum tip_err put_recall(const struct tip_recall *recall,
                               struct tip_buf *buf)
{
    Tip__Recall out = TIP__RECALL__INIT;

    set_u64(&out.has_seq, &out.seq, recall->seq);
    tip_wire_proto_pack(&out.base, buf);
    return TIP_OK;
}

static enum tip_err put_lost(const struct tip_lost *lost, struct tip_buf *buf)
{
    Tip__Lost out = TIP__LOST__INIT;

    out.has_channel = !lost->is_feed; /* 0 is a channel too. */
    out.channel = lost->channel;
    set_u64(&out.has_number, &out.number, lost->number);
    tip_wire_proto_pack(&out.base, buf);
    return TIP_OK;
}

static enum tip_err put_continue(const struct tip_continue *go_on,
                                 struct tip_buf *buf)
{
    Tip__Continue out = TIP__CONTINUE__INIT;

    set_u64(&out.has_head_number, &out.head_number, go_on->head.number);
    set_hash(&out.has_head_hash, &out.head_hash, go_on->head.hash);
    set_u64(&out.has_up_to, &out.up_to, go_on->up_to);
    set_bytes(&out.has_token, &out.token, TIP_BYTES_OF(go_on->token));
    tip_wire_proto_pack(&out.base, buf);
    return TIP_OK;
}

static enum tip_err put_continued(const struct tip_continued *continued,
                                  struct tip_buf *buf)
{
    Tip__Continued out = TIP__CONTINUED__INIT;

    if (continued->origin == 0) {
        return TIP_EINVAL;
    }
    set_u32(&out.has_origin, &out.origin, continued->origin);
    set_u64(&out.has_start, &out.start, continued->start);
    set_u64(&out.has_up_to, &out.up_to, continued->up_to);
    set_bytes(&out.has_token, &out.token, TIP_BYTES_OF(continued->token));
    tip_wire_proto_pack(&out.base, buf);
    return TIP_OK;
}

static enum tip_err put_health(const struct tip_health *health,
                               struct tip_buf *buf)
{
    Tip__Health out;

    set_health(&out, health);
    tip_wire_proto_pack(&out.base, buf);
    return TIP_OK;
}

static enum tip_err put_frame(struct tip_bytes frame, struct tip_buf *buf)
{
    if (frame.size == 0 || frame.size > TIP_FRAME_BYTES_MAX) {
        return TIP_EINVAL;
    }
    tip_buf_put(buf, frame);
    return TIP_OK;
}

static enum tip_err put_content(const struct tip_message *message,
                                struct tip_buf *buf)
{
    switch (message->kind) {
    case TIP_MESSAGE_HELLO:
        return put_hello(&message->hello, buf);
    case TIP_MESSAGE_WELCOME:
        return put_welcome(&message->welcome, buf);
    case TIP_MESSAGE_FRAME:
        return put_frame(message->frame, buf);
    case TIP_MESSAGE_ACK:
        return put_ack(&message->ack, buf);
    case TIP_MESSAGE_GOT:
        return put_got(&message->got, buf);
    case TIP_MESSAGE_BYE:
        return put_bye(message->bye, buf);
    case TIP_MESSAGE_PARTS:
        return put_parts(&message->parts, buf);
    case TIP_MESSAGE_RECALL:
        return put_recall(&message->recall, buf);
    case TIP_MESSAGE_CONTINUE:
        return put_continue(&message->go_on, buf);
    case TIP_MESSAGE_CONTINUED:
        return put_continued(&message->continued, buf);
    case TIP_MESSAGE_HEALTH:
        return put_health(&message->health, buf);
    case TIP_MESSAGE_LOST:
        return put_lost(&message->lost, buf);
    }
    return TIP_EINVAL;
}

enum tip_err tip_wire_message_encode(const struct tip_message *message,
                                     struct tip_buf *buf)
{
    size_t before = buf->size;
    struct tip_bytes done;
    enum tip_err err;

    tip_buf_put_u8(buf, (uint8_t)message->kind);
    err = put_content(message, buf);
    if (err == TIP_OK) {
        err = tip_buf_finish(buf, &done);
    }
    if (err != TIP_OK) {
        buf->size = before;
    }
    return err;
}

enum tip_err tip_wire_message_close(struct tip_buf *buf, uint32_t counter,
                                    struct tip_bytes tag)
{
    struct tip_bytes done;

    if (tag.size != TIP_WIRE_TAG_SIZE) {
        return TIP_EINVAL;
    }
    tip_buf_put_u32(buf, counter);
    tip_buf_put(buf, tag);
    return tip_buf_finish(buf, &done);
}
