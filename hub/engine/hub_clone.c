/*
 * Two copies of one disk that both run.
 *
 * They have the same keys, so the link cannot tell them apart; the feed they
 * write under can.
 */
#include <string.h>

#include "hub_continue.h"
#include "tip_clock.h"
#include "tip_link.h"

static struct hub_origin *root_of(struct hub_engine *engine,
                                  const struct hub_origin *member)
{
    return hub_engine_origin(engine, member->row.root);
}

bool hub_clone_is_frozen(struct hub_engine *engine,
                         const struct hub_origin *member)
{
    return root_of(engine, member)->row.copy.is_frozen;
}

static uint64_t wall_ms(const struct hub_engine *engine)
{
    return engine->opts.clock->now_ms(engine->opts.clock);
}

bool hub_clone_has_stray(struct hub_engine *engine,
                         const struct hub_origin *member)
{
    uint64_t then_ms = root_of(engine, member)->row.copy.stray_ms;
    uint64_t now_ms = wall_ms(engine);

    return then_ms != 0 &&
           (now_ms < then_ms || now_ms - then_ms <= HUB_STRAY_MS);
}

uint64_t hub_clone_unsent(struct hub_engine *engine,
                          const struct hub_origin *member)
{
    uint64_t most = 0;

    for (size_t i = 0; i < engine->origin_count; i++) {
        const struct hub_origin_row *row = &engine->origins[i]->row;

        if (row->root == member->row.root &&
            row->copy.may == HUB_COPY_SETTLED && row->copy.unsent > most) {
            most = row->copy.unsent;
        }
    }
    return most;
}

/* Was @member put back once more before anything was written to the feed that
 * goes on from it? Nobody can have lost anything by it, so nobody is asked,
 * whatever was decided of it before. */
static bool is_unused(struct hub_engine *engine,
                      const struct hub_origin *member)
{
    const struct hub_origin *open =
        hub_continue_feed(engine, root_of(engine, member));

    return open->row.continues == member->row.device.origin &&
           open->row.head.number == open->row.start;
}

bool hub_clone_may_go_on(struct hub_engine *engine,
                         const struct hub_origin *member)
{
    return !hub_clone_is_frozen(engine, member) &&
           (!member->row.is_closed || member->row.copy.may >= HUB_COPY_TURN ||
            is_unused(engine, member));
}

void hub_clone_went_on(struct hub_engine *engine, struct hub_origin *member,
                       struct hub_copy_row *fresh)
{
    /* What was decided of @member is with the feed nobody wrote to, of which
     * @fresh takes the place: it goes over, or two copies were chosen. */
    struct hub_origin *from =
        member->row.copy.may == HUB_COPY_SETTLED && is_unused(engine, member)
            ? hub_continue_feed(engine, member)
            : member;
    enum hub_copy may = from->row.copy.may;

    *fresh = (struct hub_copy_row){
        .may = may == HUB_COPY_TURN ? HUB_COPY_SETTLED : may};
    if (may != HUB_COPY_UNKNOWN) {
        from->row.copy.may = HUB_COPY_SETTLED;
        from->row.copy.unsent = 0; /* It has that with it. */
        from->is_dirty = true;
    }
}

/* How much of what the copy that says @hello has written is not here? It may
 * not have heard of the newest that is. */
static uint64_t unsent_of(const struct hub_origin *member,
                          const struct tip_hello *hello)
{
    const struct tip_head *head = &member->row.head;
    bool is_all_here =
        memcmp(hello->newest.hash, head->hash, sizeof head->hash) == 0 &&
        hello->newest.number == head->number &&
        hello->health.saved == head->number;

    return is_all_here || hello->health.saved < hello->confirmed.number
               ? 0
               : hello->health.saved - hello->confirmed.number;
}

/* Keep that a copy called under @member, which is closed. */
static enum tip_err keep(struct hub_engine *engine, struct hub_origin *member,
                         const struct tip_hello *hello)
{
    struct hub_origin *root = root_of(engine, member);
    uint64_t now_ms = wall_ms(engine);
    enum tip_err err = hub_engine_write_reserve(engine);

    if (err != TIP_OK) {
        return err;
    }
    /* 0 is never: a clock that stands there must not hide that it called. */
    member->row.copy.called_ms = now_ms != 0 ? now_ms : 1;
    member->row.copy.newest = hello->newest;
    member->row.copy.unsent = unsent_of(member, hello);
    member->is_dirty = true;
    if (member->row.copy.may == HUB_COPY_UNKNOWN) {
        root->row.copy.is_frozen = true;
        root->is_dirty = true;
    } else if (member->row.copy.may == HUB_COPY_SETTLED) {
        root->row.copy.stray_ms = member->row.copy.called_ms;
        root->is_dirty = true;
    }
    return TIP_OK;
}

enum tip_err hub_clone_greet(struct hub_engine *engine,
                             struct hub_origin *device,
                             struct hub_origin *member,
                             const struct tip_hello *hello, bool *out_is_closed)
{
    const struct hub_origin *open = hub_continue_feed(engine, device);

    *out_is_closed = !hub_clone_may_go_on(engine, member);
    if (!member->row.is_closed || !*out_is_closed ||
        (open->row.continues == member->row.device.origin &&
         open->row.head.number == open->row.start)) {
        return TIP_OK; /* Its own request may have closed it. */
    }
    return keep(engine, member, hello);
}

/* Is @member one of the copies there are: open, or heard of though closed? */
static bool is_copy(const struct hub_origin *member)
{
    return !member->row.is_closed || member->row.copy.called_ms != 0;
}

static bool has_copies(const struct hub_engine *engine, uint32_t root)
{
    for (size_t i = 0; i < engine->origin_count; i++) {
        const struct hub_origin_row *row = &engine->origins[i]->row;

        if (row->root == root && row->copy.called_ms != 0) {
            return true;
        }
    }
    return false;
}

size_t hub_engine_copies(struct hub_engine *engine,
                         struct hub_copy_status *out_copies, size_t max)
{
    size_t count = 0;

    for (size_t i = 0; i < engine->origin_count; i++) {
        const struct hub_origin *member = engine->origins[i];
        const struct hub_origin_row *row = &member->row;

        if (!has_copies(engine, row->root) || !is_copy(member)) {
            continue;
        }
        if (count < max) {
            out_copies[count] = (struct hub_copy_status){
                .origin = row->root,
                .office = row->device.office,
                .feed = row->device.origin,
                .is_frozen = hub_clone_is_frozen(engine, member),
                .is_open = !row->is_closed,
                .may = row->copy.may,
                .head = row->head,
                .called_ms = row->copy.called_ms,
                .newest = row->copy.newest,
                .unsent = row->copy.unsent};
        }
        count++;
    }
    return count;
}

enum tip_err hub_engine_copy_choose(struct hub_engine *engine, uint32_t feed)
{
    struct hub_origin *chosen = hub_engine_origin(engine, feed);
    struct hub_origin *root;
    enum tip_err err;

    if (chosen == NULL || !is_copy(chosen) ||
        !has_copies(engine, chosen->row.root)) {
        return TIP_ENOTFOUND;
    }
    err = hub_engine_write(engine);
    if (err != TIP_OK) {
        return err;
    }
    root = root_of(engine, chosen);
    root->row.copy.is_frozen = false;
    root->row.copy.stray_ms = 0;
    root->is_dirty = true;
    for (size_t i = 0; i < engine->origin_count; i++) {
        struct hub_origin *member = engine->origins[i];

        if (member->row.root == root->row.root && is_copy(member)) {
            member->row.copy.may =
                member == chosen ? HUB_COPY_CHOSEN : HUB_COPY_TURN;
            member->is_dirty = true;
        }
    }
    tip_link_drop(engine->opts.link, root->row.root);
    return TIP_OK;
}
