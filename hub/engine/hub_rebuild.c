/*
 * Records that cannot be read, made again.
 *
 * What an office holds was counted with every commit and is kept beside the
 * records: a record made again is believed when all who hold it add up to what
 * was counted. So what comes back is what was there, figures need no new count,
 * and offices are sent nothing. The history of the record stays as it lies.
 */
#include "hub_tale.h"

#include <stdlib.h>
#include <string.h>

#include "hub_engine_internal.h"
#include "hub_replay.h"
#include "tip_inspect.h"
#include "tip_store.h"

enum {
    LOST_MAX = 4096,
    ROWS_MAX = 4096 /* Looked at in one history. */
};

/* The place of a record that cannot be read or is gone. */
struct lost {
    uint32_t ordinal;
    struct tip_id id;            /* None: nothing says whose it is. */
    const struct hub_tale *tale; /* To be put there; NULL: none. */
};

struct rebuild {
    struct hub_engine *engine;
    struct lost *lost; /* Owned. */
    size_t count, capacity;
    struct hub_tales tales;
    struct tip_holding *sums; /* Owned; of each channel. */
    bool is_in[TIP_HOLDING_PARTS];
};

/* Its history says whose a place is, if any row of it can be read. */
static enum tip_err name(struct hub_engine *engine, struct lost *lost)
{
    struct tip_key key = TIP_KEY(lost->ordinal, 0);
    enum tip_err err = TIP_OK;

    for (int i = 0; i < ROWS_MAX && err == TIP_OK && tip_id_is_none(&lost->id);
         i++) {
        struct tip_wire_dead dead;
        struct tip_bytes value;

        err = tip_txn_seek(engine->txn, TIP_TABLE_HISTORY, TIP_SEEK_AT_OR_AFTER,
                           key, &key, &value);
        if (err == TIP_ENOTFOUND || key.hi != lost->ordinal) {
            return TIP_OK;
        }
        if (err == TIP_OK) {
            err = tip_wire_dead_decode(value, &engine->work, &dead);
        }
        if (err == TIP_OK) {
            lost->id = dead.record.id;
        }
        err = tip_inspect_is_of_value(err) ? TIP_OK : err;
        key = tip_key_next(key);
        tip_arena_clear(&engine->work);
        tip_txn_forget(engine->txn);
    }
    return err;
}

static enum tip_err add_lost(struct rebuild *rebuild, uint32_t ordinal)
{
    struct lost *larger =
        hub_lost_grown(rebuild->lost, rebuild->count, &rebuild->capacity,
                       sizeof *rebuild->lost);

    if (larger == NULL) {
        return TIP_ENOMEM;
    }
    rebuild->lost = larger;
    larger += rebuild->count++;
    *larger = (struct lost){.ordinal = ordinal};
    return rebuild->count > LOST_MAX ? TIP_ETOOBIG
                                     : name(rebuild->engine, larger);
}

/* Does something with a record; NULL: with the place of one that is gone or
 * cannot be read. */
typedef enum tip_err each_fn(struct rebuild *rebuild, uint32_t ordinal,
                             const struct tip_record *record);

static enum tip_err for_each(struct rebuild *rebuild, each_fn *each)
{
    struct hub_engine *engine = rebuild->engine;
    enum tip_err err = TIP_OK;

    for (uint32_t i = 1; i < engine->records.next_ordinal && err == TIP_OK;
         i++) {
        struct tip_wire_record stored;

        err = tip_record_table_load(&engine->records, engine->txn, i,
                                    &engine->work, &stored);
        tip_txn_forget(engine->txn);
        if (err == TIP_OK) {
            err = each(rebuild, i, &stored.record);
        } else if (err == TIP_ENOTFOUND || tip_inspect_is_of_value(err)) {
            err = each(rebuild, i, NULL);
        }
        tip_arena_clear(&engine->work);
    }
    return err;
}

static enum tip_err list_lost(struct rebuild *rebuild, uint32_t ordinal,
                              const struct tip_record *record)
{
    return record == NULL ? add_lost(rebuild, ordinal) : TIP_OK;
}

/* Read @tale in engine->work. */
static enum tip_err read_tale(struct hub_engine *engine,
                              const struct hub_tale *tale,
                              struct tip_wire_record *out_record)
{
    return tip_wire_record_decode(tip_bytes(tale->bytes, tale->size),
                                  &engine->work, out_record);
}

/* How much @tale is worth: what was erased stays so; then what its channel
 * still holds, and was told without a hole. */
static int worth(struct hub_engine *engine, const struct hub_tale *tale)
{
    struct tip_wire_record stored;
    bool is_erased = tale->channel == TIP_CHANNEL_CTL;
    enum tip_err err = read_tale(engine, tale, &stored);
    bool is_held =
        err == TIP_OK && tip_holding_has(&stored.record, tale->channel);

    tip_arena_clear(&engine->work);
    return is_erased ? 3 : !is_held ? 0 : tale->has_holes ? 1 : 2;
}

/* The tales of one record beside each other, the best first. */
static int compare_worth(const void *a, const void *b)
{
    const struct hub_tale *first = a;
    const struct hub_tale *second = b;
    int order = memcmp(first->id.bytes, second->id.bytes, TIP_ID_SIZE);

    return order != 0 ? order : second->worth - first->worth;
}

static int compare_births(const void *a, const void *b)
{
    const struct hub_tale *first = a;
    const struct hub_tale *second = b;

    if (first->birth_commit != second->birth_commit) {
        return first->birth_commit < second->birth_commit ? -1 : 1;
    }
    return (first->birth_index > second->birth_index) -
           (first->birth_index < second->birth_index);
}

static void sort(struct hub_tales *tales,
                 int (*compare)(const void *, const void *))
{
    if (tales->count > 0) {
        qsort(tales->list, tales->count, sizeof *tales->list, compare);
    }
}

/* Leave of the tales of each record the best, by birth. */
static void choose(struct rebuild *rebuild)
{
    struct hub_tales *tales = &rebuild->tales;
    struct hub_tale *list = tales->list;
    size_t count = 0;

    for (size_t i = 0; i < tales->count; i++) {
        list[i].worth = worth(rebuild->engine, &list[i]);
    }
    sort(tales, compare_worth);
    for (size_t i = 0; i < tales->count; i++) {
        if (list[i].worth == 0 ||
            (count > 0 && tip_id_equal(&list[count - 1].id, &list[i].id))) {
            free(list[i].bytes);
        } else {
            list[count++] = list[i];
        }
    }
    tales->count = count;
    sort(tales, compare_births);
}

/* The place of @tale, or NULL. */
static struct lost *place_of(const struct rebuild *rebuild,
                             const struct hub_tale *tale)
{
    struct lost *free_place = NULL;

    for (size_t i = 0; i < rebuild->count; i++) {
        struct lost *lost = &rebuild->lost[i];

        if (tip_id_equal(&lost->id, &tale->id)) {
            return lost;
        }
        if (free_place == NULL && lost->tale == NULL &&
            tip_id_is_none(&lost->id)) {
            free_place = lost;
        }
    }
    return free_place;
}

/* Where no history says whose a place is, the order of births does: in it
 * records came to be, but for those that a restore brought back. Those may
 * change places, which nobody sees: records are found by what they are. */
static void give_places(struct rebuild *rebuild)
{
    for (size_t i = 0; i < rebuild->tales.count; i++) {
        const struct hub_tale *tale = &rebuild->tales.list[i];
        struct lost *lost = place_of(rebuild, tale);

        if (lost != NULL && lost->tale == NULL) {
            lost->tale = tale;
            rebuild->is_in[tip_holding_part(&tale->id)] = true;
        }
    }
}

/* Add @record to what each channel that holds it adds up to. */
static enum tip_err add_up(struct rebuild *rebuild, uint32_t ordinal,
                           const struct tip_record *record)
{
    struct hub_engine *engine = rebuild->engine;
    struct tip_held_record held;
    enum tip_err err;

    (void)ordinal;
    if (record == NULL || !rebuild->is_in[tip_holding_part(&record->id)]) {
        return TIP_OK;
    }
    err = tip_holding_prepare(record, &engine->work, &held);
    for (size_t i = 0; i < engine->channel_count && err == TIP_OK; i++) {
        const struct hub_channel *channel = &engine->channels[i];

        if (tip_holding_has(record, channel->row.channel)) {
            tip_holding_add(&rebuild->sums[i], &channel->digest_key, &held);
        }
    }
    return err;
}

static enum tip_err add_tales(struct rebuild *rebuild)
{
    enum tip_err err = TIP_OK;

    for (size_t i = 0; i < rebuild->count && err == TIP_OK; i++) {
        const struct lost *lost = &rebuild->lost[i];
        struct tip_wire_record stored;

        if (lost->tale != NULL) {
            err = read_tale(rebuild->engine, lost->tale, &stored);
            err = err == TIP_OK ? add_up(rebuild, lost->ordinal, &stored.record)
                                : err;
            tip_arena_clear(&rebuild->engine->work);
        }
    }
    return err;
}

/* Does @channel add up, in the part of @id, to what was counted? */
static bool adds_up(const struct rebuild *rebuild, size_t channel,
                    const struct tip_id *id)
{
    uint32_t part = tip_holding_part(id);

    return memcmp(rebuild->sums[channel].parts[part],
                  rebuild->engine->channels[channel].holding.parts[part],
                  sizeof rebuild->sums[channel].parts[part]) == 0;
}

/* Is @record what was there? Where nobody counted, all must have been read of
 * which it was made. */
static bool is_proved(const struct rebuild *rebuild,
                      const struct hub_tale *tale,
                      const struct tip_record *record)
{
    const struct hub_engine *engine = rebuild->engine;
    bool is_counted = false;

    for (size_t i = 0; i < engine->channel_count; i++) {
        const struct hub_channel *channel = &engine->channels[i];

        if (!channel->has_key || !channel->is_counted ||
            !tip_holding_has(record, channel->row.channel)) {
            continue;
        }
        if (!adds_up(rebuild, i, &tale->id)) {
            return false;
        }
        is_counted = true;
    }
    return is_counted || !tale->has_holes;
}

/* How far a roll call is stands in places, and records may have changed them:
 * what is under way begins anew. */
static void begin_anew(struct hub_engine *engine)
{
    for (size_t i = 0; i < engine->channel_count; i++) {
        struct hub_channel *channel = &engine->channels[i];

        if (channel->repair.is_on) {
            hub_repair_start(channel, channel->repair.parts);
        }
    }
}

static enum tip_err put_all(struct rebuild *rebuild, uint64_t *out_made)
{
    struct hub_engine *engine = rebuild->engine;
    enum tip_err err = hub_engine_write_reserve(engine);

    for (size_t i = 0; i < rebuild->count && err == TIP_OK; i++) {
        const struct lost *lost = &rebuild->lost[i];
        struct tip_wire_record stored;

        if (lost->tale == NULL) {
            continue;
        }
        err = read_tale(engine, lost->tale, &stored);
        if (err == TIP_OK && is_proved(rebuild, lost->tale, &stored.record)) {
            err = tip_record_table_mend(&engine->records, engine->txn,
                                        lost->ordinal, &stored);
            (*out_made)++;
        }
        tip_arena_clear(&engine->work);
    }
    if (err != TIP_OK) {
        hub_engine_drop(engine); /* Nothing else is in it. */
    } else if (*out_made > 0) {
        begin_anew(engine);
    }
    return err == TIP_OK ? hub_engine_flush(engine) : err;
}

static enum tip_err make_again(struct rebuild *rebuild, uint64_t *out_made)
{
    struct hub_engine *engine = rebuild->engine;
    enum tip_err err = hub_retell(engine, &rebuild->tales);

    rebuild->sums = calloc(engine->channel_count, sizeof *rebuild->sums);
    if (err == TIP_OK && rebuild->sums == NULL) {
        err = TIP_ENOMEM;
    }
    if (err == TIP_OK) {
        choose(rebuild);
        give_places(rebuild);
        err = for_each(rebuild, add_up);
    }
    if (err == TIP_OK) {
        err = add_tales(rebuild);
    }
    return err == TIP_OK ? put_all(rebuild, out_made) : err;
}

enum tip_err hub_rebuild(struct hub_engine *engine, uint64_t *out_found,
                         uint64_t *out_made)
{
    struct rebuild rebuild = {.engine = engine};
    struct tip_txn *txn;
    enum tip_err err = hub_engine_flush(engine);

    *out_found = *out_made = 0;
    if (err == TIP_OK) {
        err = hub_engine_txn(engine, &txn);
    }
    if (err == TIP_OK) {
        err = for_each(&rebuild, list_lost);
    }
    *out_found = rebuild.count;
    if (err == TIP_OK && rebuild.count > 0) {
        err = make_again(&rebuild, out_made);
    }
    hub_tales_deinit(&rebuild.tales);
    free(rebuild.sums);
    free(rebuild.lost);
    return err;
}
