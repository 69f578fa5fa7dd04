#include "tip_record.h"

#include <assert.h>
#include <string.h>

bool tip_write_supersedes(const struct tip_lineage *lineage,
                          const struct tip_write *write,
                          const struct tip_write *seen)
{
    if (tip_lineage_has_past(lineage, write->origin, write->seq, seen->origin,
                             seen->seq)) {
        return true;
    }
    return seen->origin != write->origin && seen->commit != 0 &&
           seen->commit <= write->base;
}

struct tip_write tip_write_of(const struct tip_change_set *set, uint64_t commit,
                              enum tip_verdict verdict)
{
    return (struct tip_write){.origin = set->origin,
                              .office = set->office,
                              .seq = set->seq,
                              .commit = commit,
                              .base = set->base,
                              .stamp = set->stamp,
                              .verdict = verdict,
                              .author = set->author,
                              .reason = set->reason};
}

void tip_record_init(struct tip_record *record, const struct tip_id *id,
                     uint32_t type, uint32_t maker)
{
    *record = (struct tip_record){.id = *id, .type = type, .maker = maker};
}

void tip_record_erase(struct tip_record *record, uint64_t commit,
                      uint64_t decided_ms)
{
    if (record->erased == 0) {
        *record = (struct tip_record){.id = record->id,
                                      .birth_commit = record->birth_commit,
                                      .birth_index = record->birth_index,
                                      .lineage = record->lineage,
                                      .erased = commit,
                                      .erased_ms = decided_ms};
    }
}

/* Order of (field, element); <0, 0 or >0. */
static int compare_cell(const struct tip_sibling *sibling, uint32_t field,
                        uint64_t element)
{
    if (sibling->field != field) {
        return sibling->field < field ? -1 : 1;
    }
    return (sibling->element > element) - (sibling->element < element);
}

/* The first sibling that does not sort before (field, element). */
static size_t lower_bound(const struct tip_record *record, uint32_t field,
                          uint64_t element)
{
    size_t low = 0;
    size_t high = record->sibling_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (compare_cell(&record->siblings[middle], field, element) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

struct tip_cell tip_record_cell(const struct tip_record *record, uint32_t field,
                                uint64_t element)
{
    size_t first = lower_bound(record, field, element);
    size_t end = first;

    while (end < record->sibling_count &&
           compare_cell(&record->siblings[end], field, element) == 0) {
        end++;
    }
    return (struct tip_cell){.siblings =
                                 end == first ? NULL : &record->siblings[first],
                             .count = end - first};
}

struct tip_cell tip_record_field(const struct tip_record *record,
                                 uint32_t field)
{
    size_t first = lower_bound(record, field, 0);
    size_t end = first;

    while (end < record->sibling_count &&
           record->siblings[end].field == field) {
        end++;
    }
    return (struct tip_cell){.siblings =
                                 end == first ? NULL : &record->siblings[first],
                             .count = end - first};
}

/* A record under construction: the arrays it will have. */
struct build {
    const struct tip_record *from; /* Where siblings are copied from. */
    uint32_t *moved;               /* Write of @from -> write here, plus 1. */
    struct tip_record to;
};

/* Room for what @from has and @extra siblings of one more write. */
static enum tip_err build_init(struct build *build,
                               const struct tip_record *from, size_t extra,
                               struct tip_arena *arena)
{
    size_t siblings = from->sibling_count + extra;
    size_t writes = from->write_count + 1;

    *build = (struct build){.from = from, .to = *from};
    build->to.sibling_count = 0;
    build->to.write_count = 0;
    build->moved = tip_arena_alloc_array(arena, writes, sizeof *build->moved);
    build->to.writes =
        tip_arena_alloc_array(arena, writes, sizeof *build->to.writes);
    build->to.siblings =
        tip_arena_alloc_array(arena, siblings, sizeof *build->to.siblings);
    if (build->moved == NULL || build->to.writes == NULL ||
        build->to.siblings == NULL) {
        return TIP_ENOMEM;
    }
    return TIP_OK;
}

/* Take over @sibling of the record built from, with its write. */
static void build_copy(struct build *build, const struct tip_sibling *sibling)
{
    uint32_t *moved = &build->moved[sibling->write];
    struct tip_sibling copy = *sibling;

    if (*moved == 0) {
        build->to.writes[build->to.write_count++] =
            build->from->writes[sibling->write];
        *moved = (uint32_t)build->to.write_count;
    }
    copy.write = *moved - 1;
    build->to.siblings[build->to.sibling_count++] = copy;
}

uint64_t tip_record_since(const struct tip_record *record,
                          const struct tip_sibling *sibling)
{
    return sibling->since != 0 ? sibling->since
                               : tip_record_write(record, sibling)->commit;
}

/* Did @cell say of its office what @change says again, and since when? What is
 * said again must not make a stay younger, nor an absence. 0: it did not. */
static uint64_t said_since(const struct tip_record *record,
                           struct tip_cell cell,
                           const struct tip_change *change)
{
    bool is_added = change->value.kind != TIP_VALUE_NONE;
    uint64_t since = 0;

    for (size_t i = 0; i < cell.count; i++) {
        uint64_t from = tip_record_since(record, &cell.siblings[i]);

        if ((cell.siblings[i].value.kind != TIP_VALUE_NONE) == is_added) {
            since = since == 0 || from < since ? from : since;
        } else if (!is_added) {
            return 0; /* Somebody's word that it holds it was live. */
        }
    }
    return change->field == TIP_FIELD_OFFICES ? since : 0;
}

/* Add @change of the new @write, whose slot is behind those copied. */
static void build_add(struct build *build, const struct tip_write *write,
                      const struct tip_change *change, uint64_t since)
{
    uint32_t *moved = &build->moved[build->from->write_count];

    if (*moved == 0) {
        build->to.writes[build->to.write_count++] = *write;
        *moved = (uint32_t)build->to.write_count;
    }
    build->to.siblings[build->to.sibling_count++] =
        (struct tip_sibling){.field = change->field,
                             .element = change->element,
                             .write = *moved - 1,
                             .value = change->value,
                             .since = since < write->commit ? since : 0};
}

/* Siblings of one cell sort by origin, then seq: the same on every holder. */
static bool sorts_before(const struct tip_write *a, const struct tip_write *b)
{
    return a->origin != b->origin ? a->origin < b->origin : a->seq < b->seq;
}

static bool same_write(const struct tip_write *a, const struct tip_write *b)
{
    return a->origin == b->origin && a->seq == b->seq;
}

/* Is there a sibling in @cell that already made @write obsolete? */
static bool is_obsolete(const struct tip_record *record, struct tip_cell cell,
                        const struct tip_write *write)
{
    for (size_t i = 0; i < cell.count; i++) {
        if (tip_write_supersedes(record->lineage,
                                 tip_record_write(record, &cell.siblings[i]),
                                 write)) {
            return true;
        }
    }
    return false;
}

static bool is_present(const struct tip_record *record, struct tip_cell cell,
                       const struct tip_write *write)
{
    for (size_t i = 0; i < cell.count; i++) {
        if (same_write(tip_record_write(record, &cell.siblings[i]), write)) {
            return true;
        }
    }
    return false;
}

/* Merge @change into the siblings of its cell: the survivors and the new one
 * go to @live, in order, the others to @dead. */
static void apply_change(struct build *live, struct build *dead,
                         struct tip_cell cell, const struct tip_write *write,
                         const struct tip_change *change)
{
    const struct tip_record *record = live->from;
    uint64_t since = said_since(record, cell, change);
    bool pending = true;

    if (is_present(record, cell, write)) {
        pending = false; /* Applied before. */
    } else if (is_obsolete(record, cell, write)) {
        build_add(dead, write, change, 0);
        pending = false;
    }
    for (size_t i = 0; i < cell.count; i++) {
        const struct tip_sibling *sibling = &cell.siblings[i];
        const struct tip_write *other = tip_record_write(record, sibling);

        if (pending && sorts_before(write, other)) {
            build_add(live, write, change, since);
            pending = false;
        }
        if (tip_write_supersedes(record->lineage, write, other)) {
            build_copy(dead, sibling);
        } else {
            build_copy(live, sibling);
        }
    }
    if (pending) {
        build_add(live, write, change, since);
    }
}

enum tip_err tip_record_apply(struct tip_record *record,
                              const struct tip_write *write,
                              const struct tip_change *changes, size_t count,
                              struct tip_arena *arena,
                              struct tip_record *out_dead)
{
    struct build live, dead;
    size_t next = 0;

    if (record->erased != 0) {
        *out_dead = *record;
        return TIP_OK;
    }
    if (record->sibling_count + count > TIP_RECORD_SIBLINGS_MAX ||
        record->write_count + 1 > TIP_RECORD_WRITES_MAX) {
        return TIP_ETOOBIG;
    }
    if (build_init(&live, record, count, arena) != TIP_OK ||
        build_init(&dead, record, count, arena) != TIP_OK) {
        return TIP_ENOMEM;
    }
    for (size_t i = 0; i < count; i++) {
        struct tip_cell cell =
            tip_record_cell(record, changes[i].field, changes[i].element);
        size_t first =
            lower_bound(record, changes[i].field, changes[i].element);

        assert(first >= next); /* Sorted, each cell once. */
        for (; next < first; next++) {
            build_copy(&live, &record->siblings[next]);
        }
        apply_change(&live, &dead, cell, write, &changes[i]);
        next = first + cell.count;
    }
    for (; next < record->sibling_count; next++) {
        build_copy(&live, &record->siblings[next]);
    }
    *record = live.to;
    *out_dead = dead.to;
    return TIP_OK;
}

size_t tip_record_bytes(const struct tip_record *record)
{
    size_t bytes = sizeof *record;

    for (size_t i = 0; i < record->write_count; i++) {
        bytes += sizeof record->writes[i] + record->writes[i].author.size +
                 record->writes[i].reason.size;
    }
    for (size_t i = 0; i < record->sibling_count; i++) {
        bytes += tip_value_bytes(&record->siblings[i].value);
    }
    return bytes;
}
