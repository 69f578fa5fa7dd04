/*
 * What was told by sending a record whole: to an office that was added to it.
 * What the hub wrote in it itself may be nowhere else, and neither may what an
 * office did that stays away, or whose device is used no more.
 */
#include <stdlib.h>
#include <string.h>

#include "hub_replay.h"
#include "tip_store.h"
#include "tip_wire_record.h"

/* Keep what came together; it lists @out_record, which borrows from it. */
static enum tip_err keep(struct hub_replay *replay,
                         struct tip_wire_record *out_record)
{
    const struct hub_lost_parts *parts = &replay->parts;
    struct hub_lost_whole *larger =
        hub_lost_grown(replay->wholes, replay->whole_count,
                       &replay->whole_capacity, sizeof *replay->wholes);
    uint8_t *bytes = malloc(parts->size);

    if (larger != NULL) {
        replay->wholes = larger;
    }
    if (larger == NULL || bytes == NULL) {
        free(bytes);
        return TIP_ENOMEM;
    }
    memcpy(bytes, parts->bytes, parts->size);
    larger[replay->whole_count++] =
        (struct hub_lost_whole){.bytes = bytes, .size = parts->size};
    return tip_wire_record_decode(tip_bytes(bytes, parts->size),
                                  &replay->engine->work, out_record);
}

static struct tip_record_ref ref_of(const struct tip_record *record)
{
    return (struct tip_record_ref){.id = record->id,
                                   .birth_commit = record->birth_commit,
                                   .birth_index = record->birth_index,
                                   .type = record->type};
}

/* Does @write say what the backup does not have? */
static bool is_lost(const struct hub_engine *engine,
                    const struct tip_write *write)
{
    return write->commit > engine->recovery.follows;
}

static enum tip_err list_writes(struct hub_replay *replay,
                                const struct hub_lost *place)
{
    struct tip_wire_record whole;
    struct hub_lost lost = *place;
    enum tip_err err = keep(replay, &whole);

    lost.item = replay->whole_count - 1;
    lost.as_of = place->commit;
    for (size_t i = 0; err == TIP_OK && i < whole.record.write_count; i++) {
        const struct tip_write *write = &whole.record.writes[i];

        if (is_lost(replay->engine, write)) {
            lost.origin = write->origin;
            lost.seq = write->seq;
            lost.base = write->base;
            lost.commit = write->commit;
            lost.verdict = write->verdict;
            err = hub_lost_add(replay, &lost);
        }
    }
    tip_arena_clear(&replay->engine->work);
    return err;
}

/* Note its name. Has what came together anything that was lost? */
static enum tip_err look(struct hub_replay *replay, bool *out_has)
{
    const struct hub_lost_parts *parts = &replay->parts;
    struct tip_wire_record whole;
    enum tip_err err = tip_wire_record_decode(
        tip_bytes(parts->bytes, parts->size), &replay->engine->work, &whole);

    *out_has = false;
    for (size_t i = 0; err == TIP_OK && i < whole.record.write_count; i++) {
        *out_has = *out_has || is_lost(replay->engine, &whole.record.writes[i]);
    }
    if (err == TIP_OK) {
        const struct tip_record_ref ref = ref_of(&whole.record);

        err = hub_lost_note_name(replay, &ref);
    }
    tip_arena_clear(&replay->engine->work);
    return err;
}

enum tip_err hub_lost_take_part(struct hub_replay *replay,
                                const struct hub_lost *place,
                                const struct tip_state_part *part)
{
    struct hub_lost_parts *parts = &replay->parts;
    bool has_lost;
    enum tip_err err;

    if (parts->bytes == NULL) {
        parts->bytes = malloc(TIP_STORE_VALUE_BYTES_MAX);
    }
    if (parts->bytes == NULL) {
        return TIP_ENOMEM;
    }
    parts->size = part->offset == 0 ? 0 : parts->size;
    if (part->offset != parts->size ||
        part->bytes.size > TIP_STORE_VALUE_BYTES_MAX - part->offset) {
        return TIP_OK; /* Of what was erased some may be missing. */
    }
    memcpy(parts->bytes + part->offset, part->bytes.data, part->bytes.size);
    parts->size += part->bytes.size;
    if (tip_state_part_is_open(part)) {
        return TIP_OK;
    }
    err = look(replay, &has_lost);
    return err == TIP_OK && has_lost ? list_writes(replay, place) : err;
}

/* The cells of @record that write number @number still has. */
static enum tip_err take_changes(struct tip_arena *arena,
                                 const struct tip_record *record, size_t number,
                                 struct tip_change_set *set)
{
    struct tip_change *changes =
        tip_arena_alloc_array(arena, record->sibling_count, sizeof *changes);

    if (changes == NULL) {
        return TIP_ENOMEM;
    }
    for (size_t i = 0; i < record->sibling_count; i++) {
        const struct tip_sibling *sibling = &record->siblings[i];

        if (sibling->write == number) {
            changes[set->change_count++] =
                (struct tip_change){.field = sibling->field,
                                    .element = sibling->element,
                                    .value = sibling->value};
        }
    }
    set->changes = changes;
    return TIP_OK;
}

/* What the record still has of its change-set. */
static enum tip_err load_whole(struct hub_replay *replay,
                               const struct hub_lost *lost,
                               struct tip_change_set *out_set)
{
    const struct hub_lost_whole *bytes = &replay->wholes[lost->item];
    struct tip_arena *arena = &replay->engine->held;
    struct tip_record_ref *ref;
    struct tip_wire_record whole;
    const struct tip_write *write;
    size_t number = 0;
    enum tip_err err;

    tip_arena_clear(arena);
    ref = tip_arena_alloc(arena, sizeof *ref);
    err = ref == NULL
              ? TIP_ENOMEM
              : tip_wire_record_decode(tip_bytes(bytes->bytes, bytes->size),
                                       arena, &whole);
    if (err != TIP_OK) {
        return err;
    }
    while (whole.record.writes[number].seq != lost->seq ||
           whole.record.writes[number].origin != lost->origin) {
        number++;
    }
    write = &whole.record.writes[number];
    *ref = ref_of(&whole.record);
    *out_set = (struct tip_change_set){.origin = write->origin,
                                       .office = write->office,
                                       .seq = write->seq,
                                       .base = write->base,
                                       .stamp = write->stamp,
                                       .author = write->author,
                                       .reason = write->reason,
                                       .records = ref,
                                       .record_count = 1};
    return take_changes(arena, &whole.record, number, out_set);
}

enum tip_err hub_lost_load_set(struct hub_replay *replay,
                               const struct hub_lost *lost,
                               struct tip_change_set *out_set)
{
    struct tip_item item;
    enum tip_err err;

    if (lost->kind == TIP_ITEM_STATE) {
        return load_whole(replay, lost, out_set);
    }
    err = hub_lost_load(replay, lost, &item);
    if (err == TIP_OK) {
        *out_set = item.set;
    }
    return err;
}
