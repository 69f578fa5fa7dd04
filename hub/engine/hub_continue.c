/*
 * Devices that were restored from a backup.
 *
 * The feed on the disk ends where the backup was made; here it goes on. So the
 * device gets back what it had sent since, and then a new feed: the old one is
 * closed where it stands, and what the new one says is later than what the
 * device has seen of the old. All of it is in the control log.
 */
#include <string.h>

#include "hub_continue.h"
#include "hub_recovery.h"
#include "hub_row.h"
#include "hub_told.h"
#include "tip_link.h"
#include "tip_store.h"
#include "tip_wire_header.h"

/* So often a device may go on under another origin: each takes a number, and a
 * place in every checkpoint of its office. */
enum { CONTINUES_MAX = 16 };

struct hub_origin *hub_continue_feed(struct hub_engine *engine,
                                     const struct hub_origin *device)
{
    struct hub_origin *open = NULL;

    for (size_t i = 0; i < engine->origin_count; i++) {
        struct hub_origin *feed = engine->origins[i];

        if (feed->row.root == device->row.root && !feed->row.is_closed &&
            (open == NULL ||
             feed->row.device.origin < open->row.device.origin)) {
            open = feed;
        }
    }
    return open;
}

struct hub_origin *hub_continue_member(struct hub_engine *engine,
                                       const struct hub_origin *device,
                                       uint32_t origin)
{
    struct hub_origin *member = hub_engine_origin(engine, origin);

    return member != NULL && member->row.root == device->row.root ? member
                                                                  : NULL;
}

static size_t count_members(const struct hub_engine *engine, uint32_t root)
{
    size_t count = 0;

    for (size_t i = 0; i < engine->origin_count; i++) {
        count += engine->origins[i]->row.root == root ? 1 : 0;
    }
    return count;
}

/* May the device of @feed, as the copy that writes under @member, go on as it
 * @asked? */
static enum tip_err check(struct hub_engine *engine,
                          const struct hub_origin *feed,
                          const struct hub_origin *member,
                          const struct tip_continue *asked)
{
    const struct tip_head head = hub_told_head(engine, feed);

    if (asked->head.number != head.number ||
        memcmp(asked->head.hash, head.hash, sizeof head.hash) != 0) {
        return TIP_EAGAIN;
    }
    if (asked->up_to < member->row.start ||
        asked->up_to > member->row.head.number) {
        return TIP_EPROTOCOL;
    }
    if (!hub_clone_may_go_on(engine, member)) {
        return TIP_ECLONE;
    }
    return count_members(engine, feed->row.root) > CONTINUES_MAX ? TIP_ETOOBIG
                                                                 : TIP_OK;
}

/* The newest base that the writer of change-set @seq, of @feed or of what it
 * goes on from, had used by then. */
static enum tip_err find_base(struct hub_engine *engine,
                              const struct hub_origin *feed, uint64_t seq,
                              uint64_t *out_base)
{
    struct hub_sets sets;
    uint64_t base;
    enum tip_err err;

    while (seq <= feed->row.start && feed->row.continues != 0) {
        /* What lies between is another copy's, under a feed of its own. */
        seq = seq < feed->row.up_to ? seq : feed->row.up_to;
        feed = hub_engine_origin(engine, feed->row.continues);
    }
    if (seq <= feed->row.start) {
        *out_base = 0; /* It begins anew. */
        return TIP_OK;
    }
    err = hub_feed_load(engine, feed, seq, &sets);
    if (err == TIP_OK) {
        base = sets.sets[seq - sets.first].base;
        /* More than was admitted was never believed. */
        *out_base =
            base < feed->row.admission.base ? base : feed->row.admission.base;
    } else if (tip_wire_is_too_new(err)) {
        *out_base = 0; /* Nobody knows: then nothing is taken as seen. */
        err = TIP_OK;
    }
    tip_arena_clear(&engine->arena);
    return err;
}

static enum tip_err close_feed(struct hub_engine *engine,
                               struct hub_origin *feed)
{
    const struct tip_ctl control = {
        .kind = TIP_CTL_CLOSE,
        .close = {.origin = feed->row.device.origin, .head = feed->row.head}};

    feed->row.is_closed = true;
    feed->is_dirty = true;
    return hub_control_append(engine, &control);
}

/* Close @feed and open the one that goes on from @member, which is the same
 * unless there are two copies; an error loses the transaction. */
static enum tip_err replace(struct hub_engine *engine, struct hub_origin *feed,
                            struct hub_origin *member,
                            const struct tip_continue *asked)
{
    struct hub_origin_row row = feed->row;
    struct hub_origin *fresh;
    enum tip_err err = hub_engine_new_origin(engine, &row.device.origin);

    row.continues = member->row.device.origin;
    row.up_to = asked->up_to;
    row.start = hub_told_newest(engine, feed); /* No seq means two things. */
    row.told = 0;
    row.use = (struct tip_quota_use){.day = 0}; /* In the first row. */
    row.head = hub_offices_start(&row);
    row.admission.origin = row.device.origin;
    memcpy(row.token, asked->token, sizeof row.token);
    if (err == TIP_OK) {
        err = find_base(engine, member, asked->up_to, &row.admission.base);
    }
    hub_clone_went_on(engine, member, &row.copy);
    /* First the new one: should there be no room to say that the others are
     * closed, the device has a feed until all of it is given up. */
    if (err == TIP_OK) {
        err = hub_offices_add(engine, &row);
    }
    for (size_t i = 0; i < engine->origin_count && err == TIP_OK; i++) {
        struct hub_origin *other = engine->origins[i];

        if (other->row.root == row.root && !other->row.is_closed &&
            other->row.device.origin != row.device.origin) {
            err = close_feed(engine, other);
        }
    }
    if (err == TIP_OK) {
        fresh = hub_engine_origin(engine, row.device.origin);
        fresh->is_dirty = true;
        if (row.start != asked->head.number) {
            hub_hold_tell(engine, fresh); /* It begins later than was told. */
        }
        err = hub_offices_announce(engine, &row);
    }
    return err;
}

/* The feed that @device was given last for what it @asked; NULL: none, or
 * whoever asked for it writes to it. */
static struct hub_origin *find_given(struct hub_engine *engine,
                                     const struct hub_origin *device,
                                     const struct tip_continue *asked)
{
    struct hub_origin *given = NULL;

    for (size_t i = 0; i < engine->origin_count; i++) {
        struct hub_origin *feed = engine->origins[i];

        if (feed->row.root == device->row.root && feed->row.continues != 0 &&
            memcmp(feed->row.token, asked->token, sizeof asked->token) == 0 &&
            (given == NULL ||
             feed->row.device.origin > given->row.device.origin)) {
            given = feed;
        }
    }
    return given != NULL && given->row.head.number == given->row.start ? given
                                                                       : NULL;
}

/* Open a feed for @device, as it @asked. */
static enum tip_err open_next(struct hub_engine *engine,
                              struct hub_origin *device,
                              const struct tip_continue *asked)
{
    struct hub_origin *feed = hub_continue_feed(engine, device);
    struct hub_origin *member =
        hub_continue_member(engine, device, device->greeted);
    enum tip_err err =
        member == NULL ? TIP_EPROTOCOL : check(engine, feed, member, asked);

    if (err == TIP_OK) {
        err = hub_engine_write(engine);
    }
    if (err == TIP_OK) {
        err = replace(engine, feed, member, asked);
        engine->failure = err;
    }
    if (err == TIP_OK) {
        device->continued_due =
            hub_continue_feed(engine, device)->row.device.origin;
    }
    return err;
}

static enum tip_err ask(struct hub_engine *engine, struct hub_origin *device,
                        const struct tip_continue *asked)
{
    const struct hub_origin *given = find_given(engine, device, asked);
    enum tip_err err = TIP_OK;

    if (given == NULL || given->row.is_closed) {
        err = open_next(engine, device, asked);
        /* Another copy went on meanwhile; this one goes on from what it was
         * given, if it may. */
        if (err != TIP_ECLONE || given == NULL ||
            !hub_clone_may_go_on(engine, given)) {
            return err;
        }
    }
    device->continued_due = given->row.device.origin;
    return TIP_OK;
}

enum tip_err hub_continue_ask(struct hub_engine *engine,
                              struct hub_origin *device,
                              const struct tip_continue *asked)
{
    enum tip_err err = hub_recovery_check(engine);

    tip_hub_session_down(&device->session);
    if (err != TIP_OK) {
        return TIP_OK; /* No origin is given now: it asks again in time. */
    }
    err = ask(engine, device, asked);
    if (err == TIP_ECLONE || err == TIP_ETOOBIG) {
        device->refusal_due = err;
    } else if (err != TIP_OK) {
        tip_link_drop(engine->opts.link, device->row.device.origin);
    }
    return err == TIP_EAGAIN ? TIP_OK : err;
}

enum tip_err hub_continue_greet(struct hub_engine *engine,
                                struct hub_origin *device,
                                struct hub_origin *member,
                                const struct tip_hello *hello)
{
    enum tip_err err =
        hub_clone_greet(engine, device, member, hello, &device->clone_due);

    if (err != TIP_OK) {
        return err;
    }
    device->recall_due = 0;
    device->lost_due.number = 0;
    device->continued_due = 0;
    device->refusal_due = TIP_OK;
    device->greeted = member->row.device.origin;
    if (device->clone_due) {
        tip_hub_session_down(&device->session);
        device->trouble = TIP_ECLONE;
    } else if (device->trouble == TIP_EFORK || device->trouble == TIP_ECLONE) {
        device->trouble = TIP_OK; /* It speaks for the feed that is open. */
    }
    return TIP_OK;
}
