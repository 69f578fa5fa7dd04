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

enum tip_presence tip_merge_presence(const struct tip_record *record)
{
    struct tip_cell deletions = tip_record_cell(record, TIP_FIELD_DELETED, 0);
    bool deleted = false;

    if (record->erased != 0) {
        return TIP_ERASED;
    }
    for (size_t i = 0; i < deletions.count; i++) {
        deleted = deleted || is_deletion(&deletions.siblings[i]);
    }
    if (!deleted) {
        return TIP_PRESENT;
    }
    for (size_t i = 0; i < record->sibling_count; i++) {
        const struct tip_sibling *sibling = &record->siblings[i];

        /* Two deletions that did not know of each other agree. */
        if (!is_deletion(sibling) &&
            !is_deleted_knowingly(record, deletions,
                                  tip_record_write(record, sibling))) {
            return TIP_DELETED_EDITED;
        }
    }
    return TIP_DELETED;
}

bool tip_merge_has_conflict(const struct tip_record *record,
                            const struct tip_schema *schema)
{
    size_t i = 0;

    if (tip_merge_presence(record) == TIP_DELETED_EDITED) {
        return true;
    }
    while (i < record->sibling_count) {
        struct tip_cell cell = tip_record_cell(
            record, record->siblings[i].field, record->siblings[i].element);

        if (tip_merge_read(record, cell, schema).conflict) {
            return true;
        }
        i += cell.count;
    }
    return false;
}
