#include "tip_merge.h"

enum tip_merge_rule tip_schema_rule(const struct tip_schema *schema,
                                    uint32_t type, uint32_t field)
{
    switch (field) {
    case TIP_FIELD_OFFICES:
    case TIP_FIELD_KEY_WRAP:
        return TIP_MERGE_SET;
    default:
        return field < TIP_FIELD_FIRST ? TIP_MERGE_LATEST
                                       : schema->rule(schema, type, field);
    }
}

/* Ties between concurrent writes. A stamp from the far future loses to every
 * good one, or one broken clock would win each tie for years. */
static bool is_later(const struct tip_write *a, const struct tip_write *b)
{
    int order;

    if (a->verdict != b->verdict) {
        return a->verdict == TIP_VERDICT_GOOD;
    }
    order = tip_stamp_compare(a->stamp, b->stamp);
    if (order != 0) {
        return order > 0;
    }
    return a->origin != b->origin ? a->origin > b->origin : a->seq > b->seq;
}

/* Does @a come before @b in what a reader sees? */
static bool is_shown_first(const struct tip_record *record,
                           const struct tip_schema *schema,
                           enum tip_merge_rule rule,
                           const struct tip_sibling *a,
                           const struct tip_sibling *b)
{
    if (rule == TIP_MERGE_RANKED) {
        uint32_t rank_a =
            schema->rank(schema, record->type, a->field, &a->value);
        uint32_t rank_b =
            schema->rank(schema, record->type, b->field, &b->value);

        if (rank_a != rank_b) {
            return rank_a > rank_b;
        }
    }
    if (rule == TIP_MERGE_SET && a->value.kind != b->value.kind) {
        return a->value.kind != TIP_VALUE_NONE; /* Adding wins. */
    }
    return is_later(tip_record_write(record, a), tip_record_write(record, b));
}

struct tip_reading tip_merge_read(const struct tip_record *record,
                                  struct tip_cell cell,
                                  const struct tip_schema *schema)
{
    struct tip_reading reading = {.shown = NULL};
    enum tip_merge_rule rule;

    if (cell.count == 0) {
        return reading;
    }
    rule = tip_schema_rule(schema, record->type, cell.siblings[0].field);
    reading.shown = &cell.siblings[0];
    for (size_t i = 1; i < cell.count; i++) {
        if (is_shown_first(record, schema, rule, &cell.siblings[i],
                           reading.shown)) {
            reading.shown = &cell.siblings[i];
        }
        /* Two people who wrote the same do not contradict each other. */
        if (!tip_value_equal(&cell.siblings[i].value,
                             &cell.siblings[0].value)) {
            reading.parallel = true;
        }
    }
    reading.conflict = reading.parallel && rule == TIP_MERGE_REVIEW;
    return reading;
}

bool tip_merge_contains(const struct tip_record *record, uint32_t field,
                        uint64_t element)
{
    struct tip_cell cell = tip_record_cell(record, field, element);

    for (size_t i = 0; i < cell.count; i++) {
        if (cell.siblings[i].value.kind != TIP_VALUE_NONE) {
            return true;
        }
    }
    return false;
}

static bool is_deletion(const struct tip_sibling *sibling)
{
    return sibling->field == TIP_FIELD_DELETED &&
           sibling->value.kind == TIP_VALUE_ANSWER &&
           sibling->value.answer == TIP_ANSWER_YES;
}

/* Did somebody who deleted the record know of what @write wrote? */
static bool is_deleted_knowingly(const struct tip_record *record,
                                 struct tip_cell deletions,
                                 const struct tip_write *write)
{
    for (size_t i = 0; i < deletions.count; i++) {
        const struct tip_sibling *deletion = &deletions.siblings[i];
        const struct tip_write *by = tip_record_write(record, deletion);

        if (is_deletion(deletion) &&
            (by == write || tip_write_supersedes(record->lineage, by, write))) {
            return true;
        }
    }
    return false;
}

/* The oldest write that is none of @deletions and that no deletion knew of;
 * NULL: there is none. */
static const struct tip_write *unknown_edit(const struct tip_record *record,
                                            struct tip_cell deletions)
{
    const struct tip_write *oldest = NULL;

    for (size_t i = 0; i < record->sibling_count; i++) {
        const struct tip_sibling *sibling = &record->siblings[i];
        const struct tip_write *write = tip_record_write(record, sibling);

        /* Two deletions that did not know of each other agree. */
        if (!is_deletion(sibling) &&
            !is_deleted_knowingly(record, deletions, write) &&
            (oldest == NULL ||
             tip_stamp_compare(write->stamp, oldest->stamp) < 0)) {
            oldest = write;
        }
    }
    return oldest;
}

/* The oldest of @deletions; NULL: the record is not deleted. */
static const struct tip_write *first_deletion(const struct tip_record *record,
                                              struct tip_cell deletions)
{
    const struct tip_write *oldest = NULL;

    for (size_t i = 0; i < deletions.count; i++) {
        const struct tip_write *write =
            tip_record_write(record, &deletions.siblings[i]);

        if (is_deletion(&deletions.siblings[i]) &&
            (oldest == NULL ||
             tip_stamp_compare(write->stamp, oldest->stamp) < 0)) {
            oldest = write;
        }
    }
    return oldest;
}

enum tip_presence tip_merge_presence(const struct tip_record *record)
{
    struct tip_cell deletions = tip_record_cell(record, TIP_FIELD_DELETED, 0);

    if (record->erased != 0) {
        return TIP_ERASED;
    }
    if (first_deletion(record, deletions) == NULL) {
        return TIP_PRESENT;
    }
    return unknown_edit(record, deletions) == NULL ? TIP_DELETED
                                                   : TIP_DELETED_EDITED;
}

static struct tip_stamp later(struct tip_stamp a, struct tip_stamp b)
{
    return tip_stamp_compare(a, b) < 0 ? b : a;
}

/* When the second of the siblings of @cell was written. */
static struct tip_stamp second_of(const struct tip_record *record,
                                  struct tip_cell cell)
{
    struct tip_stamp first = tip_record_write(record, &cell.siblings[0])->stamp;
    struct tip_stamp second = first;

    for (size_t i = 1; i < cell.count; i++) {
        struct tip_stamp next =
            tip_record_write(record, &cell.siblings[i])->stamp;

        if (tip_stamp_compare(next, first) < 0) {
            second = first;
            first = next;
        } else if (i == 1 || tip_stamp_compare(next, second) < 0) {
            second = next;
        }
    }
    return second;
}

void tip_merge_contest_each(const struct tip_record *record,
                            const struct tip_schema *schema,
                            tip_contest_fn *each, void *self)
{
    struct tip_cell deletions = tip_record_cell(record, TIP_FIELD_DELETED, 0);
    const struct tip_write *deletion = first_deletion(record, deletions);
    const struct tip_write *edit =
        deletion == NULL ? NULL : unknown_edit(record, deletions);
    size_t i = 0;

    if (edit != NULL) {
        each(self, TIP_FIELD_DELETED,
             tip_stamp_unix_ms(later(deletion->stamp, edit->stamp)));
    }
    while (i < record->sibling_count) {
        uint32_t field = record->siblings[i].field;
        struct tip_cell cell =
            tip_record_cell(record, field, record->siblings[i].element);

        if (tip_merge_read(record, cell, schema).conflict) {
            each(self, field, tip_stamp_unix_ms(second_of(record, cell)));
        }
        i += cell.count;
    }
}

/* One more thing waits. */
static void add(void *self, uint32_t field, uint64_t since_ms)
{
    struct tip_contest *all = self;

    (void)field;
    if (all->count == 0 || since_ms < all->since_ms) {
        all->since_ms = since_ms;
    }
    all->count++;
}

struct tip_contest tip_merge_contest(const struct tip_record *record,
                                     const struct tip_schema *schema)
{
    struct tip_contest all = {.count = 0};

    tip_merge_contest_each(record, schema, add, &all);
    return all;
}

bool tip_merge_has_conflict(const struct tip_record *record,
                            const struct tip_schema *schema)
{
    return tip_merge_contest(record, schema).count != 0;
}
