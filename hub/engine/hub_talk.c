/*
 * Messages in, messages out.
 *
 * What a session machine decides is done here; what a node says is checked here
 * before the machine hears of it. An acknowledgement leaves only from
 * hub_engine_pump(), after the flush that made its words true.
 */
#include "hub_continue.h"
#include "hub_devices.h"
#include "hub_erase.h"
#include "hub_quota.h"
#include "hub_recovery.h"
#include "hub_retire.h"
#include "hub_said.h"
#include "tip_clock.h"
#include "tip_link.h"
#include "tip_random.h"
#include "tip_store.h"
#include "tip_wire_session.h"

static uint64_t wall_ms(const struct hub_engine *engine)
{
    return engine->opts.clock->now_ms(engine->opts.clock);
}

static uint64_t elapsed_ms(const struct hub_engine *engine)
{
    return engine->opts.clock->elapsed_ms(engine->opts.clock);
}

void hub_engine_link_up(struct hub_engine *engine, uint32_t origin)
{
    struct hub_origin *device = hub_engine_origin(engine, origin);

    if (device != NULL) {
        device->link_is_up = true;
        tip_hub_session_down(&device->session);
    }
}

void hub_engine_link_down(struct hub_engine *engine, uint32_t origin)
{
    struct hub_origin *device = hub_engine_origin(engine, origin);

    if (device != NULL) {
        device->link_is_up = false;
        tip_hub_session_down(&device->session);
    }
}

static enum tip_err take_hello(struct hub_engine *engine,
                               struct hub_origin *origin,
                               const struct tip_hello *hello)
{
    /* What is to be obeyed comes before what was written under it; then what is
     * urgent: without a catalogue nobody can work. */
    bool is_blank = hello->health.catalogue == 0;
    uint32_t office = origin->row.device.office;
    uint32_t channels[] = {TIP_CHANNEL_CTL, is_blank ? TIP_CHANNEL_REF : office,
                           is_blank ? office : TIP_CHANNEL_REF};
    struct hub_origin *member =
        hub_continue_member(engine, origin, hello->origin);
    enum tip_err err;

    if (member == NULL && origin->back.is_due) {
        /* It went on after the backup: the control log will say so. */
        member = hub_continue_feed(engine, origin);
    }
    if (member == NULL) {
        origin->refusal_due = TIP_EFEED_LOST;
        return TIP_EFEED_LOST;
    }
    if (hello->format != TIP_FORMAT) {
        return TIP_EUNSUPPORTED;
    }
    err = hub_continue_greet(engine, origin, member, hello);
    if (err != TIP_OK || origin->clone_due) {
        return err;
    }
    hub_said_hello(engine, origin, hello);
    origin->is_dirty = true; /* Written with whatever is written next. */
    if (hello->health.saved <= hello->confirmed.number) {
        origin->row.useful_ms = wall_ms(engine);
        origin->trouble = TIP_OK; /* Nothing is left that was refused. */
    }
    origin->greeted = hello->origin;
    hub_recovery_greet(engine, origin, hello);
    tip_hub_session_hello(&origin->session, hello, channels,
                          sizeof channels / sizeof *channels,
                          elapsed_ms(engine));
    return origin->is_ahead ? TIP_EHUB_BEHIND : TIP_OK;
}

static enum tip_err take_frame(struct hub_engine *engine,
                               struct hub_origin *origin,
                               struct tip_bytes frame)
{
    enum tip_err err;

    if (!origin->session.is_live) {
        /* What it sent behind its HELLO says nothing new. */
        err = origin->trouble != TIP_OK ? origin->trouble : TIP_EPROTOCOL;
        return err == TIP_ECLONE ? TIP_OK : err; /* That is no fault. */
    }
    err = hub_recovery_take(engine, origin, frame);
    if (err == TIP_OK || err == TIP_EEXISTS) {
        origin->row.useful_ms = wall_ms(engine);
        origin->trouble = err == TIP_OK ? TIP_OK : origin->trouble;
        tip_hub_session_took(&origin->session, frame.size);
        return TIP_OK;
    }
    if (err == TIP_EQUOTA) {
        /* It is not its fault alone: nothing is taken in until a person has
         * decided, as if the disk were full. */
        origin->trouble = err;
        tip_hub_session_hindered(&origin->session);
        return TIP_OK;
    }
    if (err == TIP_EAGAIN) {
        /* A full disk stays full for hours. A node that gets no further waits
         * ever more patiently; one that is asked sends all of it again. */
        if (engine->losing == TIP_OK) {
            tip_hub_session_missed(&origin->session);
        }
        return TIP_OK;
    }
    if (tip_store_is_at_fault(err)) {
        tip_hub_session_hindered(&origin->session);
    }
    return err;
}

static enum tip_err take_got(struct hub_engine *engine,
                             struct hub_origin *origin,
                             const struct tip_got *got)
{
    enum tip_err err =
        tip_hub_session_got(&origin->session, got, elapsed_ms(engine));

    if (err == TIP_OK) {
        origin->row.useful_ms = wall_ms(engine);
        hub_devices_note_position(engine, origin, &got->position);
    }
    return err;
}

static enum tip_err dispatch(struct hub_engine *engine,
                             struct hub_origin *origin,
                             const struct tip_message *message)
{
    switch (message->kind) {
    case TIP_MESSAGE_HELLO:
        return take_hello(engine, origin, &message->hello);
    case TIP_MESSAGE_FRAME:
        return take_frame(engine, origin, message->frame);
    case TIP_MESSAGE_GOT:
        return take_got(engine, origin, &message->got);
    case TIP_MESSAGE_PARTS:
        return origin->session.is_live
                   ? hub_devices_take_parts(engine, origin, &message->parts)
                   : TIP_EPROTOCOL;
    case TIP_MESSAGE_BYE:
        origin->trouble = message->bye;
        return TIP_OK;
    case TIP_MESSAGE_RECALL:
        hub_continue_recall(origin, message->recall.seq);
        return TIP_OK;
    case TIP_MESSAGE_CONTINUE:
        return hub_continue_ask(engine, origin, &message->go_on);
    case TIP_MESSAGE_HEALTH:
        return hub_said_health(engine, origin, &message->health);
    case TIP_MESSAGE_LOST:
        return hub_continue_lost(origin, &message->lost);
    case TIP_MESSAGE_WELCOME:
    case TIP_MESSAGE_ACK:
    case TIP_MESSAGE_CONTINUED:
        break;
    }
    return TIP_EPROTOCOL;
}

void hub_engine_receive(struct hub_engine *engine, uint32_t origin,
                        struct tip_bytes message)
{
    struct hub_origin *device = hub_engine_origin(engine, origin);
    enum tip_err trouble = device == NULL ? TIP_OK : device->trouble;
    struct tip_message said;
    enum tip_err err;

    if (device == NULL || hub_device_is_out(&device->row.device)) {
        return;
    }
    err = tip_talk_read(&device->talk, message, &engine->said, &said);
    if (err == TIP_OK) {
        err = dispatch(engine, device, &said);
    }
    if (err == TIP_OK) {
        device->row.last_heard_ms = wall_ms(engine);
    } else if (!tip_store_is_at_fault(err)) { /* That is not its fault. */
        device->bad_messages++;
        device->trouble = err;
    }
    device->said_is_dirty = device->said_is_dirty || device->trouble != trouble;
    tip_arena_clear(&engine->said);
}

/* Hand @message to the link; what it did not take is tried at the next pump. */
static bool send(struct hub_engine *engine, struct hub_origin *origin,
                 const struct tip_message *message)
{
    return tip_talk_send(&origin->talk, engine->opts.link,
                         origin->row.device.origin, message) == TIP_OK;
}

/* A device that floods has one frame under way at a time, so that whoever else
 * has something waits behind one frame of it, not behind half a megabyte. */
static uint64_t credit_of(struct hub_engine *engine,
                          const struct hub_origin *origin,
                          const struct tip_hub_todo *todo)
{
    return hub_quota_is_over(engine, origin)
               ? todo->credit_bytes - TIP_HUB_WINDOW_BYTES + TIP_FRAME_BYTES_MAX
               : todo->credit_bytes;
}

static bool send_welcome(struct hub_engine *engine, struct hub_origin *origin,
                         const struct tip_hub_todo *todo)
{
    struct tip_message message = {
        .kind = TIP_MESSAGE_WELCOME,
        .welcome = {.generation = engine->order.generation,
                    .clock_ms = wall_ms(engine),
                    .catalogue = engine->opts.catalogue,
                    .credit_bytes = credit_of(engine, origin, todo),
                    .hindrance = hub_devices_hindrance(engine, origin)}};

    hub_continue_say(engine, origin, &message.welcome);
    hub_recovery_say(engine, origin, &message.welcome);
    engine->opts.random->fill(engine->opts.random, message.welcome.nonce,
                              sizeof message.welcome.nonce);
    if (!send(engine, origin, &message)) {
        return false;
    }
    origin->welcomed = engine->order.generation;
    if (origin->is_ahead) {
        tip_hub_session_down(&origin->session);
    }
    return true;
}

static bool send_ack(struct hub_engine *engine, struct hub_origin *origin,
                     const struct tip_hub_todo *todo)
{
    const struct tip_head head = hub_continue_feed(engine, origin)->row.head;
    struct tip_message message = {
        .kind = TIP_MESSAGE_ACK,
        .ack = {.generation = engine->order.generation,
                .durable = head,
                .committed = head.number,
                .credit_bytes = credit_of(engine, origin, todo),
                .resend = todo->resend,
                .hindrance = hub_devices_hindrance(engine, origin)}};

    return send(engine, origin, &message);
}

/* Send frame @todo->index, cut durably before its first byte leaves. One that
 * was cut for a better line waits until nothing else is under way. */
static bool send_frame(struct hub_engine *engine, struct hub_origin *origin,
                       const struct tip_hub_todo *todo, enum tip_err *out_err)
{
    struct hub_channel *channel = hub_engine_channel(engine, todo->channel);
    struct tip_message message = {.kind = TIP_MESSAGE_FRAME};
    size_t room = tip_hub_session_room(&origin->session);
    size_t target =
        tip_hub_session_frame_bytes(&origin->session, todo->channel);
    struct tip_txn *txn;
    enum tip_err err =
        hub_cut(engine, channel, todo->index, room < target ? room : target);

    if (err == TIP_OK) {
        err = hub_engine_flush(engine);
    }
    if (err == TIP_OK) {
        err = hub_engine_txn(engine, &txn);
    }
    if (err == TIP_OK) {
        err = tip_txn_get(txn, TIP_TABLE_FRAME_DOWN,
                          TIP_KEY(todo->channel, todo->index), &message.frame);
    }
    if (err != TIP_OK) {
        *out_err = err;
        return false;
    }
    if (message.frame.size > room || !send(engine, origin, &message)) {
        return false;
    }
    tip_hub_session_sent(&origin->session, todo->channel, message.frame.size,
                         elapsed_ms(engine));
    return true;
}

static void offer(struct hub_engine *engine, struct hub_origin *origin)
{
    bool may = hub_recovery_offers(engine, origin);

    for (size_t i = 0; i < origin->session.channel_count; i++) {
        uint32_t number = origin->session.channels[i].channel;
        struct hub_channel *channel = number == origin->row.device.office
                                          ? &engine->channels[origin->channel]
                                          : hub_engine_channel(engine, number);

        tip_hub_session_offer(&origin->session, number,
                              may ? hub_cut_offer(channel) : 0);
    }
}

/* Do one step for @origin; false when there is nothing more to do now. */
static bool step(struct hub_engine *engine, struct hub_origin *origin,
                 enum tip_err *out_err)
{
    struct tip_hub_todo todo;

    if (origin->clone_due) {
        todo = (struct tip_hub_todo){.step = TIP_HUB_SEND_WELCOME};
        origin->clone_due = !send_welcome(engine, origin, &todo);
        return !origin->clone_due;
    }
    if (hub_continue_answer(engine, origin)) {
        return true;
    }
    if (!origin->session.is_live) {
        return false;
    }
    offer(engine, origin);
    todo = tip_hub_session_step(&origin->session, elapsed_ms(engine));
    switch (todo.step) {
    case TIP_HUB_WAIT:
        break;
    case TIP_HUB_SEND_WELCOME:
        origin->session.welcome_due = !send_welcome(engine, origin, &todo);
        return !origin->session.welcome_due;
    case TIP_HUB_SEND_ACK:
        origin->session.ack_due = !send_ack(engine, origin, &todo);
        origin->session.resend_due = origin->session.ack_due && todo.resend;
        return !origin->session.ack_due;
    case TIP_HUB_SEND_FRAME:
        return send_frame(engine, origin, &todo, out_err);
    case TIP_HUB_DROP:
        tip_link_drop(engine->opts.link, origin->row.device.origin);
        break;
    }
    return false;
}

/* Who waits for an answer gets it before anybody gets frames, which cost an
 * fsync each. What one cannot be sent does not keep the others from theirs. */
static enum tip_err talk(struct hub_engine *engine)
{
    enum tip_err err = TIP_OK;

    for (size_t i = 0; i < 2 * engine->origin_count; i++) {
        bool is_answer = i < engine->origin_count;
        struct hub_origin *origin = engine->origins[i % engine->origin_count];
        const struct tip_hub_session *session = &origin->session;
        enum tip_err trouble = TIP_OK;

        while ((!is_answer || session->welcome_due || session->ack_due) &&
               step(engine, origin, &trouble)) {
        }
        err = err == TIP_OK ? trouble : err;
    }
    return err;
}

enum tip_err hub_engine_pump(struct hub_engine *engine)
{
    enum tip_err err = hub_engine_flush(engine);
    enum tip_err last;

    if (err == TIP_OK) {
        err = hub_scrub_step(engine);
    }
    if (err == TIP_OK) {
        err = hub_erase_work(engine);
    }
    if (engine->opts.link == NULL) {
        return err;
    }
    if (err == TIP_OK) {
        err = hub_recovery_pump(engine);
    }
    if (err != TIP_OK) {
        return err;
    }
    err = talk(engine);
    last = hub_engine_flush(engine);
    return err == TIP_OK ? last : err;
}
