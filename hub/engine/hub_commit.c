/*
 * From admitted change-sets to the national order.
 *
 * One commit for one change-set. It is merged into each of its records, what it
 * superseded goes to their history, and everybody who holds one of them is told
 * the part that concerns them; its author, who has the content, only its place.
 */
#include "hub_quota.h"
#include "hub_recovery.h"
#include "hub_retire.h"
#include "tip_store.h"

/* A change-set on its way into the order. */
struct entry {
    const struct tip_change_set *set;
    const struct tip_ruling *ruling; /* NULL: as its author wrote it. */
    uint64_t birth;                  /* By which its new records are named. */
    bool is_placed;                  /* Some may have their names already. */
    bool is_known;                   /* To its author. */
    bool is_orphan; /* Its author's device is out: the next has none of it. */
    struct tip_write write;
    struct tip_wire_record *stored; /* Its records, as they are after it. */
    struct tip_record *before;      /* …and as they were. */
    bool *is_new;
    uint32_t births;
    struct tip_record_ref *refs; /* Of one part of it at a time. */
    struct tip_change *changes;
};

/* The hub judges once whether a stamp is from the far future; the verdict
 * travels with the commit, so that ties break alike everywhere. */
static enum tip_verdict judge(struct hub_engine *engine, struct tip_stamp stamp)
{
    return tip_hlc_observe(&engine->hlc, stamp) == TIP_OK ? TIP_VERDICT_GOOD
                                                          : TIP_VERDICT_FUTURE;
}

static enum tip_err tell_watcher(struct hub_engine *engine,
                                 const struct tip_record *before,
                                 const struct tip_record *after)
{
    struct hub_watcher *watcher = engine->opts.watcher;

    return watcher == NULL
               ? TIP_OK
               : watcher->changed(watcher, engine->txn, before, after);
}

/* Of its record number @i, which was erased, nothing is written. But it takes
 * its birth, if the hub knew of its erasure before: others are named by theirs.
 */
static enum tip_err name_erased(struct hub_engine *engine, struct entry *entry,
                                size_t i, uint32_t ordinal)
{
    struct tip_wire_record *stored = &entry->stored[i];

    if (stored->record.birth_commit != 0) {
        return TIP_OK;
    }
    stored->record.birth_commit = entry->birth;
    stored->record.birth_index = entry->births++;
    return tip_record_table_put(&engine->records, engine->txn, ordinal, stored,
                                false);
}

/* Name new record @record. The author of a part that was told before others may
 * be the only one who has the rest: those follow in their order. */
static enum tip_err name_new(struct hub_engine *engine, struct entry *entry,
                             const struct tip_record_ref *told,
                             struct tip_record *record)
{
    struct tip_record_ref name = {.birth_commit = entry->birth};
    uint32_t ordinal;
    enum tip_err err = TIP_OK;

    if (entry->is_placed && told->birth_commit != 0) {
        record->birth_commit = told->birth_commit;
        record->birth_index = told->birth_index;
        return TIP_OK;
    }
    do {
        name.birth_index = entry->births++;
        err = entry->is_placed
                  ? tip_record_table_find(&engine->records, engine->txn, &name,
                                          &ordinal)
                  : TIP_ENOTFOUND;
    } while (err == TIP_OK);
    record->birth_commit = name.birth_commit;
    record->birth_index = name.birth_index;
    return err == TIP_ENOTFOUND ? TIP_OK : err;
}

/* Merge the entry into its record number @i. */
static enum tip_err merge_record(struct hub_engine *engine, struct entry *entry,
                                 size_t i, uint32_t *ordinals)
{
    uint32_t ordinal = ordinals[i];
    struct tip_wire_record *stored = &entry->stored[i];
    struct tip_record *before = &entry->before[i];
    struct tip_record dead;
    const struct tip_change *changes;
    size_t count;
    enum tip_err err = TIP_OK;

    *before = stored->record;
    if (stored->record.erased != 0) {
        return name_erased(engine, entry, i, ordinal);
    }
    entry->is_new[i] = ordinal == 0;
    if (entry->is_new[i]) {
        err = name_new(engine, entry, &entry->set->records[i], &stored->record);
    }
    changes = tip_change_set_part(entry->set, i, &count);
    if (err == TIP_OK) {
        err = tip_record_apply(&stored->record, &entry->write, changes, count,
                               &engine->work, &dead);
    }
    if (err == TIP_OK) {
        err = entry->is_new[i]
                  ? tip_record_table_add(&engine->records, engine->txn, stored,
                                         &ordinal)
                  : tip_record_table_put(&engine->records, engine->txn, ordinal,
                                         stored, true);
    }
    ordinals[i] = ordinal;
    if (err == TIP_OK) {
        err = tip_record_table_bury(&engine->records, engine->txn, ordinal,
                                    &dead, &entry->write);
    }
    if (err == TIP_OK) {
        err = hub_holding_change(
            engine, ordinal, entry->is_new[i] ? NULL : before, &stored->record);
    }
    if (err == TIP_OK) {
        err = tell_watcher(engine, entry->is_new[i] ? NULL : before,
                           &stored->record);
    }
    return err;
}

static bool holds(const struct tip_record *record, uint64_t office)
{
    return tip_merge_contains(record, TIP_FIELD_OFFICES, office);
}

/* Does @office need record @i of @entry whole, because it is new to it? */
static bool is_added(const struct entry *entry, size_t i, uint64_t office)
{
    return !entry->is_new[i] && !holds(&entry->before[i], office) &&
           holds(&entry->stored[i].record, office);
}

/* …or what was written to it: it has the record, had it, or both are new. */
static bool is_concerned(const struct entry *entry, size_t i, uint64_t office)
{
    return entry->is_new[i] ? holds(&entry->stored[i].record, office)
                            : holds(&entry->before[i], office);
}

/* The part of @entry that concerns @channel, in @out_set until the next. */
static void take_part(const struct entry *entry, uint32_t channel,
                      struct tip_change_set *out_set)
{
    const struct tip_change_set *set = entry->set;
    struct tip_record_ref *refs = entry->refs;
    struct tip_change *changes = entry->changes;

    *out_set = *set;
    out_set->records = refs;
    out_set->record_count = 0;
    out_set->changes = changes;
    out_set->change_count = 0;
    for (size_t i = 0; i < set->record_count; i++) {
        const struct tip_record *record = &entry->stored[i].record;
        size_t count;
        const struct tip_change *part = tip_change_set_part(set, i, &count);

        if (!is_concerned(entry, i, channel)) {
            continue;
        }
        for (size_t c = 0; c < count; c++) {
            changes[out_set->change_count] = part[c];
            changes[out_set->change_count++].record =
                (uint32_t)out_set->record_count;
        }
        refs[out_set->record_count++] = (struct tip_record_ref){
            .birth_commit = record->birth_commit,
            .birth_index = record->birth_index,
            .id = entry->is_new[i] ? record->id : (struct tip_id){{0}},
            .type = entry->is_new[i] ? record->type : 0};
    }
}

/* Tell @channel what @entry wrote to records it has. */
static enum tip_err tell_changes(struct hub_engine *engine,
                                 const struct entry *entry,
                                 struct hub_channel *channel)
{
    struct tip_item item = {.kind = TIP_ITEM_SET,
                            .commit = entry->write.commit,
                            .verdict = entry->write.verdict};

    if (channel->row.channel == entry->set->office && !entry->is_orphan) {
        return TIP_OK; /* It wrote them. */
    }
    take_part(entry, channel->row.channel, &item.set);
    return item.set.record_count == 0
               ? TIP_OK
               : hub_channel_append(engine, channel, &item);
}

static enum tip_err tell_channel(struct hub_engine *engine,
                                 const struct entry *entry,
                                 struct hub_channel *channel)
{
    enum tip_err err = tell_changes(engine, entry, channel);

    for (size_t i = 0; i < entry->set->record_count && err == TIP_OK; i++) {
        if (is_added(entry, i, channel->row.channel)) {
            err = hub_channel_append_state(
                engine, channel, &entry->stored[i].record, entry->write.commit);
        }
    }
    return err;
}

/* Does an earlier record of @entry than @i already reach @office? */
static bool is_told(const struct entry *entry, size_t i, uint64_t office)
{
    for (size_t j = 0; j < i; j++) {
        if (is_concerned(entry, j, office) || is_added(entry, j, office)) {
            return true;
        }
    }
    return false;
}

/* Tell each office that holds or held record @i and was not told for an earlier
 * one. Who held it still has a cell in it. */
static enum tip_err tell_holders(struct hub_engine *engine,
                                 const struct entry *entry, size_t i)
{
    const struct tip_record *record = &entry->stored[i].record;
    struct tip_cell offices = tip_record_field(record, TIP_FIELD_OFFICES);
    enum tip_err err = TIP_OK;

    for (size_t s = 0; s < offices.count && err == TIP_OK; s++) {
        uint64_t office = offices.siblings[s].element;
        bool repeats = s > 0 && offices.siblings[s - 1].element == office;
        struct hub_channel *channel;

        if (repeats || is_told(entry, i, office) ||
            !(is_concerned(entry, i, office) || is_added(entry, i, office))) {
            continue;
        }
        if (office > TIP_OFFICE_MAX) {
            continue; /* No such office; nobody is to be told. */
        }
        channel = hub_engine_make_channel(engine, (uint32_t)office);
        err = channel == NULL ? TIP_ETOOBIG
                              : tell_channel(engine, entry, channel);
    }
    return err;
}

/* Tell the author's office what became of its work, also if it holds the record
 * no more. */
static enum tip_err tell_author(struct hub_engine *engine,
                                const struct entry *entry)
{
    const struct tip_change_set *set = entry->set;
    struct hub_channel *channel = hub_engine_channel(engine, set->office);

    if (set->origin == HUB_ORIGIN || channel == NULL || entry->is_known ||
        entry->is_orphan) {
        return TIP_OK;
    }
    if (entry->ruling != NULL) {
        struct tip_item item = {.kind = TIP_ITEM_RULING,
                                .ruling = *entry->ruling,
                                .commit = entry->write.commit,
                                .verdict = entry->write.verdict};

        return hub_channel_append(engine, channel, &item);
    }
    return hub_channel_echo(engine, channel, set->origin, set->seq,
                            entry->write.commit, entry->write.verdict);
}

/* Does @set name a record that was erased? */
static bool names_erased(const struct tip_change_set *set,
                         const struct hub_targets *targets)
{
    for (size_t i = 0; i < set->record_count; i++) {
        if (targets->stored[i].record.erased != 0) {
            return true;
        }
    }
    return false;
}

/* Commit @set, whose reason may be told to everybody whom it concerns. */
static enum tip_err merge_set(struct hub_engine *engine,
                              const struct tip_change_set *set,
                              struct hub_targets *targets,
                              const struct tip_ruling *ruling,
                              const struct hub_place *place)
{
    bool is_next = place == NULL || place->commit == 0;
    uint64_t commit = is_next ? engine->order.commit + 1 : place->commit;
    enum tip_verdict verdict = judge(engine, set->stamp);
    struct entry entry = {
        .set = set,
        .ruling = ruling,
        .birth = place == NULL || place->birth == 0 ? commit : place->birth,
        .is_placed = place != NULL,
        .is_known = place != NULL && place->is_known,
        .is_orphan = hub_retire_is_out(engine, set->origin) ||
                     (place != NULL && place->is_orphan),
        .write = tip_write_of(set, commit, is_next ? verdict : place->verdict),
        .stored = targets->stored,
        .is_new = tip_arena_alloc_array(&engine->work, set->record_count,
                                        sizeof *entry.is_new),
        .before = tip_arena_alloc_array(&engine->work, set->record_count,
                                        sizeof *entry.before),
        .refs = tip_arena_alloc_array(&engine->work, set->record_count,
                                      sizeof *entry.refs),
        .changes = tip_arena_alloc_array(&engine->work, set->change_count,
                                         sizeof *entry.changes)};
    enum tip_err err = entry.is_new == NULL || entry.before == NULL ||
                               entry.refs == NULL || entry.changes == NULL
                           ? TIP_ENOMEM
                           : TIP_OK;

    (void)hub_quota_today(engine); /* Noted before the first of a day. */
    engine->order.commit = is_next ? commit : engine->order.commit;
    engine->order_is_dirty = true;
    for (size_t i = 0; i < set->record_count && err == TIP_OK; i++) {
        err = merge_record(engine, &entry, i, targets->ordinals);
    }
    if (err == TIP_OK) {
        err = tell_author(engine, &entry);
    }
    for (size_t i = 0; i < set->record_count && err == TIP_OK; i++) {
        err = tell_holders(engine, &entry, i);
    }
    tip_arena_clear(&engine->work);
    if (err != TIP_OK) {
        engine->failure = err;
    }
    return err;
}

static enum tip_err commit_set(struct hub_engine *engine,
                               const struct tip_change_set *set,
                               struct hub_targets *targets,
                               const struct tip_ruling *ruling,
                               const struct hub_place *place)
{
    struct tip_change_set left = *set;

    if (names_erased(set, targets)) {
        left.reason = TIP_BYTES_NONE; /* It may speak of what was erased. */
    }
    return merge_set(engine, &left, targets, ruling, place);
}

enum tip_err hub_commit_set(struct hub_engine *engine,
                            const struct tip_change_set *set,
                            struct hub_targets *targets)
{
    return commit_set(engine, set, targets, NULL, NULL);
}

enum tip_err hub_commit_ruled(struct hub_engine *engine,
                              const struct tip_change_set *set,
                              struct hub_targets *targets,
                              const struct tip_ruling *ruling)
{
    return commit_set(engine, set, targets, ruling, NULL);
}

enum tip_err hub_commit_placed(struct hub_engine *engine,
                               const struct tip_change_set *set,
                               struct hub_targets *targets,
                               const struct hub_place *place)
{
    return commit_set(engine, set, targets, place->ruling, place);
}
