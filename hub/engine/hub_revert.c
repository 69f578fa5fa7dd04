/*
 * One device undone, change-set by change-set.
 *
 * What it wrote and still stands gives way to what it had superseded, which the
 * history has kept; as ordinary changes of the hub, which has seen both, so
 * that this can be undone in turn. Whoever else has written in a cell since, or
 * in parallel, keeps the word. To do it again changes nothing: what was undone
 * does not stand any more.
 */
#include "hub_revert.h"
#include "hub_engine_internal.h"
#include "tip_merge.h"
#include "tip_store.h"
#include "tip_wire_record.h"

/* So much of a record is undone in one change-set of the hub. */
enum { UNDO_BYTES_MAX = 12 * 1024 };

/* One record that a change-set of the device touches. */
struct undo {
    struct hub_engine *engine;
    const struct hub_revert *revert;
    struct tip_record now;
    struct tip_record *before; /* What the device superseded, row by row. */
    size_t before_count;
    bool is_its_own; /* It made the record, in what is undone. */
    bool has_unread; /* Not all that was superseded is known. */
    struct hub_undone *cells;
    struct tip_change *changes; /* Of cells that are undone. */
    size_t count;
};

static bool is_undone(const struct hub_revert *revert,
                      const struct tip_write *write)
{
    return write->origin == revert->origin && write->seq >= revert->from;
}

/* Did this very revert write @write? */
static bool is_by_revert(const struct hub_revert *revert,
                         const struct tip_write *write)
{
    return write->origin == HUB_ORIGIN &&
           tip_bytes_equal(write->reason, revert->reason);
}

static void note_birth(struct undo *undo, const struct tip_record *record)
{
    for (size_t i = 0; i < record->write_count; i++) {
        undo->is_its_own =
            undo->is_its_own ||
            (record->writes[i].commit == undo->now.birth_commit &&
             is_undone(undo->revert, &record->writes[i]));
    }
}

/* Note one row of the history of the record. */
static enum tip_err note_row(struct undo *undo,
                             const struct tip_wire_dead *dead)
{
    struct tip_record *grown;

    note_birth(undo, &dead->record);
    if (dead->origin != undo->revert->origin ||
        dead->seq < undo->revert->from) {
        return TIP_OK;
    }
    if ((undo->before_count & (undo->before_count - 1)) == 0) {
        size_t room = undo->before_count == 0 ? 1 : 2 * undo->before_count;

        grown = tip_arena_alloc_array(&undo->engine->held, room, sizeof *grown);
        if (grown == NULL) {
            return TIP_ENOMEM;
        }
        for (size_t i = 0; i < undo->before_count; i++) {
            grown[i] = undo->before[i];
        }
        undo->before = grown;
    }
    undo->before[undo->before_count++] = dead->record;
    return TIP_OK;
}

static enum tip_err read_history(struct undo *undo, uint32_t ordinal)
{
    uint64_t number = 0;
    enum tip_err err = TIP_OK;

    note_birth(undo, &undo->now);
    while (err == TIP_OK) {
        struct tip_wire_dead dead;

        err = tip_record_table_next_dead(undo->engine->txn, ordinal, &number,
                                         &undo->engine->held, &dead);
        if (err == TIP_OK) {
            err = note_row(undo, &dead);
        } else if (err == TIP_ESTORE_DAMAGED) {
            undo->has_unread = true;
            err = TIP_OK;
        }
    }
    return err == TIP_ENOTFOUND ? TIP_OK : err;
}

/* Is @a what a reader saw rather than @b, before the device wrote? */
static bool is_rather(const struct tip_lineage *lineage,
                      const struct tip_write *a, const struct tip_write *b)
{
    if (tip_write_supersedes(lineage, a, b) ||
        tip_write_supersedes(lineage, b, a)) {
        return tip_write_supersedes(lineage, a, b);
    }
    if (a->verdict != b->verdict) {
        return a->verdict == TIP_VERDICT_GOOD;
    }
    return tip_stamp_compare(a->stamp, b->stamp) > 0;
}

/* What stood in the cell of @change; blank if nothing did. */
static struct tip_value value_before(const struct undo *undo,
                                     const struct tip_change *change)
{
    struct tip_value value = {.kind = TIP_VALUE_NONE};
    const struct tip_write *by = NULL;

    for (size_t i = 0; i < undo->before_count; i++) {
        const struct tip_record *dead = &undo->before[i];
        struct tip_cell cell =
            tip_record_cell(dead, change->field, change->element);

        for (size_t s = 0; s < cell.count; s++) {
            const struct tip_write *write =
                tip_record_write(dead, &cell.siblings[s]);

            if (!is_undone(undo->revert, write) &&
                (by == NULL || is_rather(undo->now.lineage, write, by))) {
                by = write;
                value = cell.siblings[s].value;
            }
        }
    }
    return value;
}

static void add(struct undo *undo, const struct tip_change *change,
                enum hub_undone_kind kind)
{
    undo->changes[undo->count] = *change;
    undo->cells[undo->count++] = (struct hub_undone){.record = undo->now.id,
                                                     .type = undo->now.type,
                                                     .field = change->field,
                                                     .element = change->element,
                                                     .kind = kind};
}

/* What becomes of what the device wrote as @change of change-set @seq. */
static void undo_change(struct undo *undo, const struct tip_change *change,
                        uint64_t seq)
{
    struct tip_cell cell =
        tip_record_cell(&undo->now, change->field, change->element);
    struct tip_change back = {.field = change->field,
                              .element = change->element};
    bool stands = false, others = false, later = false, done = false;

    for (size_t i = 0; i < cell.count; i++) {
        const struct tip_write *write =
            tip_record_write(&undo->now, &cell.siblings[i]);

        stands = stands ||
                 (write->origin == undo->revert->origin && write->seq == seq);
        later = later || (is_undone(undo->revert, write) && write->seq > seq);
        others = others || !is_undone(undo->revert, write);
        done = done || is_by_revert(undo->revert, write);
    }
    if (later || done) {
        return; /* Its own later word, or ours, stands there. */
    }
    if (!stands || others || undo->has_unread) {
        add(undo, &back,
            stands && !others ? HUB_UNDONE_UNKNOWN : HUB_UNDONE_LEFT);
        return;
    }
    back.value = value_before(undo, change);
    if (!tip_value_equal(&back.value, &change->value)) {
        add(undo, &back, HUB_UNDONE_RESTORED);
    }
}

/* Hide a record that the device made, unless somebody else wrote in it. */
static void undo_birth(struct undo *undo)
{
    struct tip_change hide = {
        .field = TIP_FIELD_DELETED,
        .value = {.kind = TIP_VALUE_ANSWER, .answer = TIP_ANSWER_YES}};
    bool others = false;

    for (size_t i = 0; i < undo->now.write_count; i++) {
        others = others || (!is_undone(undo->revert, &undo->now.writes[i]) &&
                            !is_by_revert(undo->revert, &undo->now.writes[i]));
    }
    if (others) {
        add(undo, &(struct tip_change){.field = 0}, HUB_UNDONE_LEFT);
    } else if (tip_merge_presence(&undo->now) == TIP_PRESENT) {
        add(undo, &hide, HUB_UNDONE_HIDDEN);
    }
}

/* Plan what becomes of record @i of @set. */
static enum tip_err plan(struct undo *undo, const struct tip_change_set *set,
                         size_t i)
{
    struct hub_engine *engine = undo->engine;
    struct tip_wire_record stored;
    size_t count;
    const struct tip_change *changes = tip_change_set_part(set, i, &count);
    uint32_t ordinal;
    enum tip_err err = tip_record_table_find(&engine->records, engine->txn,
                                             &set->records[i], &ordinal);

    undo->count = 0;
    undo->before_count = 0;
    undo->is_its_own = undo->has_unread = false;
    if (err == TIP_ENOTFOUND) {
        return TIP_OK; /* It was never merged. */
    }
    if (err == TIP_OK) {
        err = tip_record_table_load(&engine->records, engine->txn, ordinal,
                                    &engine->held, &stored);
    }
    if (err != TIP_OK || stored.record.erased != 0) {
        return err; /* What frames still say of what was erased is no more. */
    }
    undo->now = stored.record;
    undo->cells =
        tip_arena_alloc_array(&engine->held, count + 1, sizeof *undo->cells);
    undo->changes =
        tip_arena_alloc_array(&engine->held, count + 1, sizeof *undo->changes);
    if (undo->cells == NULL || undo->changes == NULL) {
        return TIP_ENOMEM;
    }
    err = read_history(undo, ordinal);
    if (err == TIP_OK && undo->is_its_own) {
        undo_birth(undo);
        return TIP_OK;
    }
    for (size_t c = 0; c < count && err == TIP_OK; c++) {
        if (changes[c].field != TIP_FIELD_KEY_SALT &&
            changes[c].field != TIP_FIELD_KEY_WRAP) {
            undo_change(undo, &changes[c], set->seq);
        }
    }
    return err;
}

/* Write changes @first to @end as one change-set of the hub. */
static enum tip_err save(struct undo *undo, size_t first, size_t end)
{
    struct hub_engine *engine = undo->engine;
    struct tip_draft_record record = {.id = undo->now.id,
                                      .seen = hub_engine_seen(engine),
                                      .changes = &undo->changes[first],
                                      .change_count = end - first};
    struct tip_draft draft = {.records = &record,
                              .record_count = 1,
                              .author = undo->revert->by,
                              .reason = undo->revert->reason};
    struct tip_saved saved;

    return hub_engine_save(engine, &draft, &saved);
}

/* …and one by one if that is refused. What may not be written, as to leave a
 * record to nobody, is left. */
static enum tip_err write_back(struct undo *undo, size_t first, size_t end)
{
    enum tip_err err = save(undo, first, end);

    for (size_t i = first; i < end && err != TIP_OK; i++) {
        enum tip_err one;

        if (tip_store_is_at_fault(err) || undo->engine->failure != TIP_OK) {
            return err;
        }
        one = save(undo, i, i + 1);
        undo->cells[i].kind =
            one == TIP_OK ? undo->cells[i].kind : HUB_UNDONE_LEFT;
        err = one == TIP_OK ? err : one;
    }
    return undo->engine->failure;
}

/* Write back what is planned, in change-sets of a bounded size. */
static enum tip_err carry_out(struct undo *undo)
{
    size_t first = 0, bytes = 0;
    enum tip_err err = TIP_OK;

    for (size_t i = 0; i < undo->count && err == TIP_OK; i++) {
        size_t size = tip_value_bytes(&undo->changes[i].value);
        bool is_left = undo->cells[i].kind == HUB_UNDONE_LEFT ||
                       undo->cells[i].kind == HUB_UNDONE_UNKNOWN;

        if (first < i && (is_left || bytes + size > UNDO_BYTES_MAX)) {
            err = write_back(undo, first, i);
            first = i;
            bytes = 0;
        }
        first = is_left ? i + 1 : first;
        bytes += is_left ? 0 : size;
    }
    return err == TIP_OK && first < undo->count
               ? write_back(undo, first, undo->count)
               : err;
}

static enum tip_err undo_record(struct undo *undo,
                                const struct tip_change_set *set, size_t i)
{
    const uint64_t seq = set->seq; /* To write ends what was read. */
    enum tip_err err = plan(undo, set, i);

    if (err == TIP_OK && !undo->revert->is_dry) {
        err = carry_out(undo);
    }
    for (size_t c = 0; c < undo->count && err == TIP_OK; c++) {
        undo->cells[c].seq = seq;
        undo->revert->tell(undo->revert->context, &undo->cells[c]);
    }
    return err;
}

/* Say so if change-set @seq never took effect: nobody can have overwritten it,
 * whoever wrote in its cells. */
static enum tip_err look_for_effect(struct hub_engine *engine,
                                    const struct hub_revert *revert,
                                    uint64_t seq, bool *out_has)
{
    struct hub_undone undone = {.seq = seq};
    bool is_held = false, is_refused = false;
    enum tip_err err =
        hub_hold_look(engine, revert->origin, seq, &is_held, &is_refused);

    undone.kind = is_held ? HUB_UNDONE_HELD : HUB_UNDONE_REFUSED;
    *out_has = !is_held && !is_refused;
    if (err == TIP_OK && !*out_has) {
        revert->tell(revert->context, &undone);
    }
    return err;
}

enum tip_err hub_engine_revert(struct hub_engine *engine,
                               const struct hub_revert *revert, uint64_t seq)
{
    const struct hub_origin *origin = hub_engine_origin(engine, revert->origin);
    struct undo undo = {.engine = engine, .revert = revert};
    size_t count = 1;
    bool has_effect = true;
    enum tip_err err;

    if (origin == NULL || seq == 0 || seq > origin->row.head.number) {
        return TIP_ENOTFOUND;
    }
    if (revert->reason.size == 0) {
        return TIP_EREASON;
    }
    err = hub_engine_write(engine);
    if (err == TIP_OK) {
        err = look_for_effect(engine, revert, seq, &has_effect);
    }
    for (size_t i = 0; i < count && has_effect && err == TIP_OK; i++) {
        struct hub_sets frame;

        /* To write ends what was read before. */
        tip_arena_clear(&engine->arena);
        tip_arena_clear(&engine->held);
        err = hub_feed_load(engine, origin, seq, &frame);
        if (err == TIP_OK) {
            const struct tip_change_set *set = &frame.sets[seq - frame.first];

            count = set->record_count;
            err = undo_record(&undo, set, i);
        }
        tip_txn_forget(engine->txn);
    }
    tip_arena_clear(&engine->arena);
    tip_arena_clear(&engine->held);
    return err == TIP_ENOTFOUND ? TIP_ESTORE_DAMAGED : err;
}
