/* Records on their way to be made again. */
#include "hub_tale.h"

#include <stdlib.h>
#include <string.h>

#include "hub_engine_internal.h"
#include "hub_replay.h"
#include "tip_inspect.h"
#include "tip_store.h"

enum tip_err hub_tale_peek(struct hub_engine *engine,
                           const struct tip_record_ref *ref,
                           struct tip_wire_record_peek *out_head)
{
    struct tip_bytes value;
    uint32_t ordinal;
    enum tip_err err =
        tip_record_table_find(&engine->records, engine->txn, ref, &ordinal);

    if (err == TIP_OK) {
        err = tip_txn_get(engine->txn, TIP_TABLE_RECORD, TIP_KEY(ordinal, 0),
                          &value);
    }
    if (err == TIP_OK) {
        err = tip_wire_record_peek(value, out_head);
    }
    tip_txn_forget(engine->txn);
    return tip_inspect_is_of_value(err) ? TIP_ENOTFOUND : err;
}

static bool is_meant(const struct hub_tale *tale,
                     const struct tip_record_ref *ref)
{
    return tip_id_is_none(&ref->id) ? tale->birth_commit == ref->birth_commit &&
                                          tale->birth_index == ref->birth_index
                                    : tip_id_equal(&tale->id, &ref->id);
}

struct hub_tale *hub_tale_find(const struct hub_tales *tales, uint32_t channel,
                               const struct tip_record_ref *ref)
{
    for (size_t i = 0; i < tales->count; i++) {
        struct hub_tale *tale = &tales->list[i];

        if (tale->channel == channel && is_meant(tale, ref)) {
            return tale;
        }
    }
    return NULL;
}

struct hub_tale *hub_tale_add(struct hub_tales *tales, uint32_t channel,
                              const struct tip_id *id)
{
    struct hub_tale *larger = hub_lost_grown(
        tales->list, tales->count, &tales->capacity, sizeof *tales->list);

    if (larger == NULL) {
        return NULL;
    }
    tales->list = larger;
    larger += tales->count++;
    *larger = (struct hub_tale){.channel = channel, .id = *id};
    return larger;
}

enum tip_err hub_tale_keep(struct hub_tale *tale, struct tip_bytes bytes)
{
    uint8_t *larger = realloc(tale->bytes, bytes.size);

    if (larger == NULL) {
        return TIP_ENOMEM;
    }
    memcpy(larger, bytes.data, bytes.size);
    tale->bytes = larger;
    tale->size = bytes.size;
    return TIP_OK;
}

enum tip_err hub_tale_put(struct hub_engine *engine, struct hub_tale *tale,
                          const struct tip_record *record)
{
    const struct tip_wire_record whole = {.record = *record};
    size_t max = tip_record_bytes(record);
    uint8_t *memory = tip_arena_alloc(&engine->work, max);
    struct tip_bytes bytes;
    struct tip_buf buf;
    enum tip_err err;

    if (memory == NULL) {
        return TIP_ENOMEM;
    }
    tip_buf_init(&buf, memory, max);
    err = tip_wire_record_encode(&whole, &buf);
    if (err == TIP_OK) {
        err = tip_buf_finish(&buf, &bytes);
    }
    return err == TIP_OK ? hub_tale_keep(tale, bytes) : err;
}

enum tip_err hub_tale_apply(struct hub_engine *engine, struct hub_tale *tale,
                            const struct tip_change_set *set, size_t i,
                            const struct tip_write *write)
{
    const struct tip_record_ref *ref = &set->records[i];
    struct tip_wire_record stored = {.overlay_count = 0};
    const struct tip_change *changes;
    struct tip_record dead;
    size_t count;
    enum tip_err err = TIP_OK;

    if (tale->bytes == NULL) {
        tip_record_init(&stored.record, &ref->id, ref->type, set->office);
        stored.record.birth_commit = tale->birth_commit;
        stored.record.birth_index = tale->birth_index;
    } else {
        err = tip_wire_record_decode(tip_bytes(tale->bytes, tale->size),
                                     &engine->work, &stored);
    }
    stored.record.lineage = &engine->lineage;
    changes = tip_change_set_part(set, i, &count);
    if (err == TIP_OK) {
        err = tip_record_apply(&stored.record, write, changes, count,
                               &engine->work, &dead);
    }
    if (err == TIP_OK) {
        err = hub_tale_put(engine, tale, &stored.record);
    }
    tip_arena_clear(&engine->work);
    return err;
}

void hub_tales_deinit(struct hub_tales *tales)
{
    for (size_t i = 0; i < tales->count; i++) {
        free(tales->list[i].bytes);
    }
    free(tales->list);
}
