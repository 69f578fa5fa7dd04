/*
 * A channel's items in their order, applied as its node does, to those records
 * alone that the hub cannot read.
 */
#include "hub_tale.h"

#include <stdlib.h>
#include <string.h>

#include "hub_replay.h"
#include "tip_ctl_log.h"
#include "tip_inspect.h"
#include "tip_store.h"
#include "tip_wire_channel.h"

struct telling {
    struct hub_engine *engine;
    struct hub_tales *tales;
    const struct hub_channel *channel;
    bool has_holes;
    struct hub_sets sets; /* A frame, in engine->arena, */
    uint32_t sets_origin; /* …and whose; 0: none. */
    uint8_t *whole;       /* Owned: the parts of a record that came so far. */
    uint32_t whole_size, whole_total;
};

/* A change-set, as the channel was told of it. */
struct told {
    const struct tip_change_set *set;
    struct tip_write write;
    bool is_own;     /* Of the office's device: births are counted. */
    uint32_t births; /* Records it has made so far. */
};

/* What cannot be read leaves a hole; the rest may still tell enough. */
static enum tip_err leave_hole(struct telling *telling, enum tip_err err)
{
    if (err == TIP_ENOTFOUND || tip_inspect_is_of_value(err)) {
        telling->has_holes = true;
        return TIP_OK;
    }
    return err;
}

/* It is named by id, so @told may have made it: begin @out_tale unless it can
 * be read; NULL then. */
static enum tip_err meet(struct telling *telling, struct told *told,
                         const struct tip_record_ref *ref,
                         struct hub_tale **out_tale)
{
    struct tip_wire_record_peek head;
    enum tip_err err = hub_tale_peek(telling->engine, ref, &head);

    if (err != TIP_ENOTFOUND) {
        told->births +=
            err == TIP_OK && head.birth_commit == told->write.commit ? 1 : 0;
        return err;
    }
    *out_tale =
        hub_tale_add(telling->tales, telling->channel->row.channel, &ref->id);
    if (*out_tale == NULL) {
        return TIP_ENOMEM;
    }
    (*out_tale)->birth_commit =
        told->is_own ? told->write.commit : ref->birth_commit;
    (*out_tale)->birth_index = told->is_own ? told->births++ : ref->birth_index;
    return TIP_OK;
}

static enum tip_err take_set(struct telling *telling, struct told *told)
{
    enum tip_err err = TIP_OK;

    for (size_t i = 0; i < told->set->record_count && err == TIP_OK; i++) {
        const struct tip_record_ref *ref = &told->set->records[i];
        struct hub_tale *tale =
            hub_tale_find(telling->tales, telling->channel->row.channel, ref);

        if (tale == NULL && !tip_id_is_none(&ref->id)) {
            err = meet(telling, told, ref, &tale);
        }
        if (err == TIP_OK && tale != NULL) {
            err = hub_tale_apply(telling->engine, tale, told->set, i,
                                 &told->write);
        }
    }
    return err;
}

/* Borrow change-set @seq from the feed of @origin. */
static enum tip_err load_set(struct telling *telling, uint32_t origin,
                             uint64_t seq, struct tip_change_set *out_set)
{
    struct hub_engine *engine = telling->engine;
    const struct hub_sets *sets = &telling->sets;
    const struct hub_origin *author = hub_engine_origin(engine, origin);
    enum tip_err err = author == NULL ? TIP_ENOTFOUND : TIP_OK;

    if (err == TIP_OK && (telling->sets_origin != origin || seq < sets->first ||
                          seq - sets->first >= sets->count)) {
        tip_arena_clear(&engine->arena);
        telling->sets_origin = 0;
        err = hub_feed_load(engine, author, seq, &telling->sets);
        tip_txn_forget(engine->txn);
    }
    if (err == TIP_OK) {
        telling->sets_origin = origin;
        *out_set = sets->sets[seq - sets->first];
    }
    return err;
}

/* The office's own work, whose content is in its feed. */
static enum tip_err take_echo(struct telling *telling,
                              const struct tip_echo *echo)
{
    enum tip_err err = TIP_OK;

    for (uint32_t i = 0; i < echo->count && err == TIP_OK; i++) {
        struct tip_change_set set;
        struct told told = {.set = &set, .is_own = true};

        err = load_set(telling, echo->origin, echo->first_seq + i, &set);
        if (err == TIP_OK) {
            told.write =
                tip_write_of(&set, echo->first_commit + i, echo->verdict);
            err = take_set(telling, &told);
        }
        err = leave_hole(telling, err);
    }
    return err;
}

/* …and such as a person let in, with another base. */
static enum tip_err take_ruling(struct telling *telling,
                                const struct tip_item *item)
{
    struct tip_change_set set;
    struct told told = {.set = &set, .is_own = true};
    enum tip_err err;

    if (item->ruling.kind != TIP_RULING_ACCEPTED) {
        return TIP_OK; /* It changed no record. */
    }
    err = load_set(telling, item->ruling.origin, item->ruling.first_seq, &set);
    if (err == TIP_OK) {
        set.base = item->ruling.base;
        told.write = tip_write_of(&set, item->commit, item->verdict);
        err = take_set(telling, &told);
    }
    return err;
}

/* All parts of a record are here: it is what the channel has of it now. */
static enum tip_err take_whole(struct telling *telling)
{
    const struct tip_bytes bytes =
        tip_bytes(telling->whole, telling->whole_size);
    struct tip_record_ref ref = {.birth_commit = 0};
    struct tip_wire_record_peek came, head;
    struct hub_tale *tale;
    enum tip_err err = tip_wire_record_peek(bytes, &came);

    if (err != TIP_OK) {
        return err;
    }
    ref.id = came.id;
    tale = hub_tale_find(telling->tales, telling->channel->row.channel, &ref);
    if (tale == NULL) {
        err = hub_tale_peek(telling->engine, &ref, &head);
        if (err != TIP_ENOTFOUND) {
            return err;
        }
        tale = hub_tale_add(telling->tales, telling->channel->row.channel,
                            &came.id);
    }
    if (tale == NULL) {
        return TIP_ENOMEM;
    }
    tale->birth_commit = came.birth_commit;
    tale->birth_index = came.birth_index;
    return hub_tale_keep(tale, bytes);
}

static enum tip_err take_part(struct telling *telling,
                              const struct tip_state_part *part)
{
    if (part->offset == 0) {
        telling->whole_size = 0;
        telling->whole_total = part->total;
    }
    if (part->offset != telling->whole_size ||
        part->total != telling->whole_total ||
        part->bytes.size > TIP_STORE_VALUE_BYTES_MAX - part->offset) {
        return TIP_EMALFORMED; /* Of what was erased some may be missing. */
    }
    memcpy(telling->whole + part->offset, part->bytes.data, part->bytes.size);
    telling->whole_size += (uint32_t)part->bytes.size;
    return tip_state_part_is_open(part) ? TIP_OK : take_whole(telling);
}

static enum tip_err take_item(struct telling *telling,
                              const struct tip_item *item)
{
    struct told told = {.set = &item->set};
    enum tip_err err = TIP_OK;

    switch (item->kind) {
    case TIP_ITEM_ECHO:
        err = take_echo(telling, &item->echo);
        break;
    case TIP_ITEM_SET:
        told.write = tip_write_of(&item->set, item->commit, item->verdict);
        err = take_set(telling, &told);
        break;
    case TIP_ITEM_STATE:
        err = take_part(telling, &item->state);
        break;
    case TIP_ITEM_RULING:
        err = take_ruling(telling, item);
        break;
    case TIP_ITEM_CONTROL:
    case TIP_ITEM_ROLL:
        break; /* It says nothing of what is in a record. */
    }
    return leave_hole(telling, err);
}

/* What is in frames. */
static enum tip_err take_frames(struct telling *telling)
{
    struct hub_engine *engine = telling->engine;
    const uint64_t last = hub_recovery_taken_up(engine, telling->channel);
    enum tip_err err = TIP_OK;

    for (uint64_t n = 1; n <= last && err == TIP_OK; n++) {
        struct tip_down_body body = {.item_count = 0};

        tip_arena_clear(&engine->held);
        err = leave_hole(telling, hub_handback_load(engine, telling->channel, n,
                                                    &engine->held, &body));
        for (size_t i = 0; i < body.item_count && err == TIP_OK; i++) {
            err = take_item(telling, &body.items[i]);
        }
    }
    return err;
}

/* …and what is in none yet. */
static enum tip_err take_log(struct telling *telling)
{
    struct hub_engine *engine = telling->engine;
    const struct hub_channel_row *row = &telling->channel->row;
    enum tip_err err = TIP_OK;

    for (uint64_t n = row->cut + 1; n <= row->newest && err == TIP_OK; n++) {
        struct tip_bytes value, copy;
        struct tip_item item;

        tip_arena_clear(&engine->held);
        err = tip_txn_get(engine->txn, TIP_TABLE_CHANNEL,
                          TIP_KEY(row->channel, n), &value);
        if (err == TIP_OK) {
            err = tip_arena_copy(&engine->held, value, &copy);
        }
        if (err == TIP_OK) {
            err = tip_wire_channel_decode(copy, &engine->held, &item);
        }
        err = err == TIP_OK ? take_item(telling, &item)
                            : leave_hole(telling, err);
    }
    return err;
}

/* @erase, of @commit, left a stub: is it here? */
static enum tip_err take_erase(struct telling *telling,
                               const struct tip_ctl_erase *erase,
                               uint64_t commit)
{
    const struct tip_record_ref ref = {.id = erase->record};
    struct tip_record stub = {.id = erase->record,
                              .birth_commit = erase->birth_commit,
                              .birth_index = erase->birth_index};
    struct tip_wire_record_peek head;
    struct hub_tale *tale;
    enum tip_err err = hub_tale_peek(telling->engine, &ref, &head);

    if (err != TIP_ENOTFOUND) {
        return err;
    }
    tip_record_erase(&stub, commit, erase->decided_ms);
    tale = hub_tale_add(telling->tales, TIP_CHANNEL_CTL, &erase->record);
    if (tale == NULL) {
        return TIP_ENOMEM;
    }
    tale->birth_commit = erase->birth_commit;
    tale->birth_index = erase->birth_index;
    err = hub_tale_put(telling->engine, tale, &stub);
    tip_arena_clear(&telling->engine->work);
    return err;
}

/* What erasures left of records, of which no channel tells any more. */
static enum tip_err take_erased(struct telling *telling)
{
    struct hub_engine *engine = telling->engine;
    uint64_t count = engine->channels[HUB_CHANNEL_CTL].row.newest;
    enum tip_err err = TIP_OK;

    for (uint64_t n = 1; n <= count && err == TIP_OK; n++) {
        struct tip_ctl_entry entry = {.is_known = false};

        tip_arena_clear(&engine->held);
        err = leave_hole(
            telling, tip_ctl_log_get(engine->txn, n, &engine->held, &entry));
        if (err == TIP_OK && entry.is_known &&
            entry.control.kind == TIP_CTL_ERASE) {
            err = take_erase(telling, &entry.control.erase, entry.commit);
        }
    }
    return err;
}

static enum tip_err take_channel(struct telling *telling,
                                 const struct hub_channel *channel)
{
    size_t first = telling->tales->count;
    enum tip_err err;

    telling->channel = channel;
    telling->has_holes = false;
    telling->whole_size = telling->whole_total = 0;
    err = take_frames(telling);
    if (err == TIP_OK) {
        err = take_log(telling);
    }
    for (size_t i = first; i < telling->tales->count; i++) {
        telling->tales->list[i].has_holes = telling->has_holes;
    }
    return err;
}

enum tip_err hub_retell(struct hub_engine *engine, struct hub_tales *out_tales)
{
    struct telling telling = {.engine = engine,
                              .tales = out_tales,
                              .whole = malloc(TIP_STORE_VALUE_BYTES_MAX)};
    enum tip_err err = telling.whole == NULL ? TIP_ENOMEM : TIP_OK;

    for (size_t i = 0; i < engine->channel_count && err == TIP_OK; i++) {
        if (i != HUB_CHANNEL_CTL) {
            err = take_channel(&telling, &engine->channels[i]);
        }
    }
    if (err == TIP_OK) {
        err = take_erased(&telling);
    }
    free(telling.whole);
    tip_arena_clear(&engine->arena);
    tip_arena_clear(&engine->held);
    return err;
}
