/*
 * The life of a record: what was superseded (TIP_TABLE_HISTORY), what own
 * changes that nobody has decided yet superseded, and what is live.
 */
#include <stdlib.h>
#include <string.h>

#include "tip_desk_layout.h"
#include "tip_wire_set.h"

enum { GROW_FIRST = 64 };

/* Events while they are collected. */
struct collecting {
    struct tip_desk_lens lens;
    struct tip_desk_event *events;
    size_t count;
    size_t capacity;
    uint64_t unread[TIP_DESK_UNREAD_NAMED];
    size_t unread_count;
};

static enum tip_err make_room(struct collecting *into)
{
    size_t capacity = into->capacity == 0 ? GROW_FIRST : 2 * into->capacity;
    struct tip_desk_event *grown;

    if (into->count < into->capacity) {
        return TIP_OK;
    }
    grown = tip_arena_alloc_array(into->lens.arena, capacity, sizeof *grown);
    if (grown == NULL) {
        return TIP_ENOMEM;
    }
    if (into->count != 0) {
        memcpy(grown, into->events, into->count * sizeof *grown);
    }
    into->events = grown;
    into->capacity = capacity;
    return TIP_OK;
}

/* Who ended a value; none: it is live. */
struct ending {
    uint32_t origin;
    uint64_t seq;
    struct tip_bytes refused_by; /* It never lived. */
    struct tip_bytes reason;
    uint64_t commit;
};

static enum tip_err add_event(struct collecting *into,
                              const struct tip_record *record,
                              const struct tip_sibling *sibling,
                              struct ending ending)
{
    struct tip_desk_title title;
    struct tip_desk_event event = {
        .number = sibling->field,
        .is_live = ending.origin == 0 && ending.refused_by.size == 0,
        .ended_origin = tip_origin_device(ending.origin),
        .is_ended_late = tip_origin_is_stray(ending.origin),
        .ended_seq = ending.seq,
        .refused_by = ending.refused_by,
        .refused_reason = ending.reason};
    enum tip_err err = tip_desk_title(&into->lens, sibling->field, &title);

    if (err != TIP_OK || title.is_hidden) {
        return err;
    }
    event.field = title.field;
    event.name = title.name;
    event.label = title.label;
    err = tip_desk_value_show(&into->lens, record, sibling, &event.value);
    if (err == TIP_OK) {
        err = make_room(into);
    }
    if (err != TIP_OK) {
        return err;
    }
    event.place = event.value.commit;
    if (event.refused_by.size != 0) {
        event.value.state = TIP_DESK_REFUSED;
        event.place = ending.commit;
    }
    if (sibling->element != 0 || sibling->field == TIP_FIELD_OFFICES) {
        event.element = event.value.text;
    }
    into->events[into->count++] = event;
    return TIP_OK;
}

static enum tip_err add_all(struct collecting *into,
                            const struct tip_record *record,
                            struct ending ending)
{
    enum tip_err err = TIP_OK;

    for (size_t i = 0; i < record->sibling_count && err == TIP_OK; i++) {
        err = add_event(into, record, &record->siblings[i], ending);
    }
    return err;
}

/* An entry that the disk has altered: the others are shown all the same. */
static void note_unread(struct collecting *into, uint64_t number)
{
    if (into->unread_count < TIP_DESK_UNREAD_NAMED) {
        into->unread[into->unread_count] = number;
    }
    into->unread_count++;
}

/* What the national order superseded. */
static enum tip_err add_dead(struct collecting *into, struct tip_txn *txn,
                             uint32_t ordinal)
{
    uint64_t number = 0;
    enum tip_err err = TIP_OK;

    while (err == TIP_OK) {
        struct tip_wire_dead dead;

        err = tip_record_table_next_dead(txn, ordinal, &number,
                                         into->lens.arena, &dead);
        if (err == TIP_OK) {
            err = add_all(into, &dead.record,
                          (struct ending){.origin = dead.origin,
                                          .seq = dead.seq,
                                          .refused_by = dead.refused_by,
                                          .reason = dead.reason,
                                          .commit = dead.commit});
        } else if (err == TIP_ESTORE_DAMAGED) {
            note_unread(into, number);
            err = TIP_OK;
        }
    }
    return err == TIP_ENOTFOUND ? TIP_OK : err;
}

/* Lay own change-set @seq over @record and add what it superseded there. */
static enum tip_err add_own(struct collecting *into, struct tip_txn *txn,
                            uint64_t seq, struct tip_record *record)
{
    uint32_t origin = into->lens.desk->origin;
    struct tip_arena *arena = into->lens.arena;
    struct tip_change_set set;
    struct tip_bytes value;
    enum tip_err err =
        tip_txn_get(txn, TIP_TABLE_OUTBOX, TIP_KEY(origin, seq), &value);

    if (err == TIP_OK) {
        err = tip_arena_copy(arena, value, &value);
    }
    if (err == TIP_OK) {
        err = tip_wire_set_decode(value, arena, &set);
    }
    for (size_t i = 0; err == TIP_OK && i < set.record_count; i++) {
        struct tip_write write;
        struct tip_record dead;
        const struct tip_change *changes;
        size_t count;

        if (!tip_id_equal(&set.records[i].id, &record->id)) {
            continue;
        }
        write = tip_write_of(&set, 0, TIP_VERDICT_GOOD);
        changes = tip_change_set_part(&set, i, &count);
        err = tip_record_apply(record, &write, changes, count, arena, &dead);
        if (err == TIP_OK) {
            err = add_all(into, &dead,
                          (struct ending){.origin = origin, .seq = seq});
        }
    }
    return err;
}

/* Committed first, in the national order; then by time. */
static int compare_events(const void *left, const void *right)
{
    const struct tip_desk_event *a = left;
    const struct tip_desk_event *b = right;

    if (a->place != b->place) {
        return a->place - 1 < b->place - 1 ? -1 : 1; /* None is last. */
    }
    if (a->value.seq != b->value.seq) {
        return a->value.seq < b->value.seq ? -1 : 1;
    }
    return (int)a->number - (int)b->number;
}

static enum tip_err collect(struct collecting *into,
                            const struct tip_desk_found *found)
{
    struct tip_record record = found->stored.record;
    struct tip_txn *txn;
    enum tip_err err = into->lens.desk->txn(into->lens.desk, &txn);

    if (err == TIP_OK) {
        err = add_dead(into, txn, found->ordinal);
    }
    for (size_t i = 0; i < found->stored.overlay_count && err == TIP_OK; i++) {
        err = add_own(into, txn, found->stored.overlay[i], &record);
    }
    if (err == TIP_OK) {
        err = add_all(into, &record, (struct ending){0});
    }
    if (err == TIP_OK && into->count != 0) {
        qsort(into->events, into->count, sizeof *into->events, compare_events);
    }
    return err;
}

enum tip_err tip_desk_history(struct tip_desk *desk, const struct tip_id *id,
                              struct tip_arena *arena,
                              struct tip_desk_history *out_history)
{
    struct collecting into = {
        .lens = {.desk = desk, .since = desk->seen(desk), .arena = arena}};
    struct tip_desk_found found;
    struct tip_desk_ring ring;
    enum tip_err err = tip_desk_find(desk, id, arena, &found);

    if (err != TIP_OK) {
        return err;
    }
    tip_desk_ring_init(&ring, desk, &found.view, arena);
    into.lens.ring = &ring;
    if (desk->catalogue != NULL) {
        into.lens.type = tip_catalogue_type(desk->catalogue, found.view.type);
    }
    err = collect(&into, &found);
    tip_desk_ring_wipe(&ring);
    if (err == TIP_OK) {
        *out_history =
            (struct tip_desk_history){.events = into.events,
                                      .event_count = into.count,
                                      .unread_count = into.unread_count};
        memcpy(out_history->unread, into.unread, sizeof into.unread);
    }
    return err;
}
