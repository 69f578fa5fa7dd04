/*
 * What a restored or copied device, or one that lost a frame, is answered: how
 * far its feed is here, the frames it asks for, the feed it goes on under, or
 * that it may not.
 */
#include <string.h>

#include "hub_continue.h"
#include "hub_told.h"
#include "tip_frame_row.h"
#include "tip_link.h"

void hub_continue_say(struct hub_engine *engine,
                      const struct hub_origin *device,
                      struct tip_welcome *welcome)
{
    const struct hub_origin *member =
        hub_continue_member(engine, device, device->greeted);

    welcome->is_closed = device->clone_due ||
                         (member != NULL && member->row.is_closed) ||
                         hub_told_is_torn(engine, device);
    welcome->may_go_on = welcome->is_closed && !device->clone_due;
    welcome->has_stray =
        !welcome->is_closed && hub_clone_has_stray(engine, device);
    welcome->durable = welcome->is_closed
                           ? hub_told_head(engine, device)
                           : hub_continue_feed(engine, device)->row.head;
}

void hub_continue_recall(struct hub_origin *device, uint64_t seq)
{
    tip_hub_session_down(&device->session);
    device->recall_due = seq;
}

static bool send(struct hub_engine *engine, struct hub_origin *device,
                 const struct tip_message *message)
{
    return tip_talk_send(&device->talk, engine->opts.link,
                         device->row.device.origin, message) == TIP_OK;
}

static bool send_recalled(struct hub_engine *engine, struct hub_origin *device)
{
    const struct hub_origin *feed =
        hub_told_feed(engine, device, device->recall_due);
    const struct hub_origin *behind =
        hub_told_feed_behind(engine, device, device->recall_due);
    struct tip_message message = {.kind = TIP_MESSAGE_FRAME};
    struct tip_txn *txn;
    struct tip_head head;
    uint64_t first;
    enum tip_err err = hub_engine_txn(engine, &txn);

    if (err == TIP_OK) {
        err =
            tip_frame_row_find(txn, feed->row.device.origin, device->recall_due,
                               &first, &head, &message.frame);
    }
    if (err == TIP_ENOTFOUND && behind != NULL) {
        err = tip_frame_row_find(txn, behind->row.device.origin,
                                 behind->row.start + 1, &first, &head,
                                 &message.frame);
    }
    if (err != TIP_OK) {
        device->recall_due = 0; /* It asks again, or for something else. */
        return false;
    }
    if (!send(engine, device, &message)) {
        return false;
    }
    device->recall_due = 0;
    return true;
}

static bool follows(const struct tip_hub_session *session, uint32_t channel)
{
    for (size_t i = 0; i < session->channel_count; i++) {
        if (session->channels[i].channel == channel) {
            return true;
        }
    }
    return false;
}

enum tip_err hub_continue_lost(struct hub_origin *device,
                               const struct tip_lost *lost)
{
    if (!device->session.is_live ||
        !(lost->is_feed || follows(&device->session, lost->channel))) {
        return TIP_EPROTOCOL;
    }
    device->lost_due = *lost;
    return TIP_OK;
}

/* Borrow the frame that @lost asks for. */
static enum tip_err find_lost(struct hub_engine *engine,
                              const struct hub_origin *device,
                              const struct tip_lost *lost,
                              struct tip_bytes *out_frame)
{
    const struct hub_origin *feed = hub_told_feed(engine, device, lost->number);
    struct tip_txn *txn;
    struct tip_head head;
    uint64_t first;
    enum tip_err err = hub_engine_txn(engine, &txn);

    if (err != TIP_OK) {
        return err;
    }
    return lost->is_feed
               ? tip_frame_row_find(txn, feed->row.device.origin, lost->number,
                                    &first, &head, out_frame)
               : tip_txn_get(txn, TIP_TABLE_FRAME_DOWN,
                             TIP_KEY(lost->channel, lost->number), out_frame);
}

/* What is not here, or cannot be read here either, it asks for in vain. */
static bool send_lost(struct hub_engine *engine, struct hub_origin *device)
{
    struct tip_message message = {.kind = TIP_MESSAGE_FRAME};
    enum tip_err err =
        device->session.is_live
            ? find_lost(engine, device, &device->lost_due, &message.frame)
            : TIP_ENOTFOUND;
    bool is_sent = err == TIP_OK && send(engine, device, &message);

    if (is_sent || err != TIP_OK) {
        device->lost_due.number = 0;
    }
    return is_sent;
}

static bool send_continued(struct hub_engine *engine, struct hub_origin *device)
{
    const struct hub_origin *feed =
        hub_engine_origin(engine, device->continued_due);
    struct tip_message message = {.kind = TIP_MESSAGE_CONTINUED};

    if (feed == NULL) { /* It was lost before it was durable. */
        device->continued_due = 0;
        return false; /* The device asks again. */
    }
    message.continued =
        (struct tip_continued){.origin = feed->row.device.origin,
                               .start = feed->row.start,
                               .up_to = feed->row.up_to};
    memcpy(message.continued.token, feed->row.token, TIP_TOKEN_SIZE);
    if (!send(engine, device, &message)) {
        return false;
    }
    device->continued_due = 0;
    return true;
}

static bool send_refusal(struct hub_engine *engine, struct hub_origin *device)
{
    const struct tip_message message = {.kind = TIP_MESSAGE_BYE,
                                        .bye = device->refusal_due};

    if (!send(engine, device, &message)) {
        return false;
    }
    device->refusal_due = TIP_OK;
    return true;
}

bool hub_continue_answer(struct hub_engine *engine, struct hub_origin *device)
{
    if (device->recall_due != 0) {
        return send_recalled(engine, device);
    }
    if (device->lost_due.number != 0) {
        return send_lost(engine, device);
    }
    if (device->refusal_due != TIP_OK) {
        return send_refusal(engine, device);
    }
    return device->continued_due != 0 && send_continued(engine, device);
}
