#include "tip_change.h"

#include <stdbool.h>
#include <stdlib.h>

/* The first change to record number @record or a later one. */
static size_t first_of(const struct tip_change_set *set, size_t record)
{
    size_t low = 0;
    size_t high = set->change_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (set->changes[middle].record < record) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

const struct tip_change *tip_change_set_part(const struct tip_change_set *set,
                                             size_t record, size_t *out_count)
{
    size_t first = first_of(set, record);
    size_t end = first;

    while (end < set->change_count && set->changes[end].record == record) {
        end++;
    }
    *out_count = end - first;
    return end == first ? NULL : &set->changes[first];
}

static bool has_change(const struct tip_change_set *set,
                       const struct tip_change *change)
{
    for (size_t i = 0; i < set->change_count; i++) {
        const struct tip_change *own = &set->changes[i];

        if (own->field == change->field && own->element == change->element &&
            tip_value_equal(&own->value, &change->value)) {
            return true;
        }
    }
    return false;
}

/* Does @set write nothing to a record that it names? That was erased. */
static bool is_left(const struct tip_change_set *set)
{
    bool is = false;

    for (size_t i = 0; i < set->record_count && !is; i++) {
        size_t count;

        is = tip_change_set_part(set, i, &count) == NULL;
    }
    return is;
}

bool tip_change_set_may_hold(const struct tip_change_set *set,
                             const struct tip_change_set *part)
{
    bool may = part->stamp.packed == set->stamp.packed &&
               tip_bytes_equal(part->author, set->author);

    /* Of what was erased nothing is left to compare. */
    for (size_t i = 0; i < part->change_count && may && !is_left(set); i++) {
        may = has_change(set, &part->changes[i]);
    }
    return may;
}

static bool is_named_once(const struct tip_record_ref *ref)
{
    return tip_id_is_none(&ref->id) ? ref->birth_commit != 0 && ref->type == 0
                                    : ref->birth_commit == 0 && ref->type != 0;
}

/* A record that is new to the audience comes with both its names. */
static bool is_named(const struct tip_record_ref *ref)
{
    return is_named_once(ref) || (!tip_id_is_none(&ref->id) && ref->type != 0);
}

static int compare_records(const void *a, const void *b)
{
    const struct tip_record_ref *x = *(const struct tip_record_ref *const *)a;
    const struct tip_record_ref *y = *(const struct tip_record_ref *const *)b;
    int order = tip_id_compare(&x->id, &y->id);

    if (order == 0) {
        order = (x->birth_commit > y->birth_commit) -
                (x->birth_commit < y->birth_commit);
    }
    return order != 0 ? order
                      : (x->birth_index > y->birth_index) -
                            (x->birth_index < y->birth_index);
}

/* Sorted first: to compare each with each would let one frame of change-sets
 * with very many records keep the hub busy for everybody. */
static bool has_twins(const struct tip_change_set *set)
{
    const struct tip_record_ref *sorted[TIP_CHANGE_SET_RECORDS_MAX];

    for (size_t i = 0; i < set->record_count; i++) {
        sorted[i] = &set->records[i];
    }
    /* NOLINTNEXTLINE(bugprone-sizeof-expression): a list of pointers. */
    qsort(sorted, set->record_count, sizeof *sorted, compare_records);
    for (size_t i = 1; i < set->record_count; i++) {
        if (compare_records(&sorted[i - 1], &sorted[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* Do @a and @b stand in order, as two different cells? */
static bool is_sorted(const struct tip_change *a, const struct tip_change *b)
{
    if (a->record != b->record) {
        return a->record < b->record;
    }
    if (a->field != b->field) {
        return a->field < b->field;
    }
    return a->element < b->element;
}

static bool has_good_records(const struct tip_change_set *set,
                             bool (*is_good)(const struct tip_record_ref *))
{
    if (set->record_count == 0 ||
        set->record_count > TIP_CHANGE_SET_RECORDS_MAX) {
        return false;
    }
    for (size_t i = 0; i < set->record_count; i++) {
        if (!is_good(&set->records[i])) {
            return false;
        }
    }
    return !has_twins(set);
}

static bool has_good_changes(const struct tip_change_set *set)
{
    if (set->change_count > TIP_CHANGE_SET_CHANGES_MAX) {
        return false;
    }
    for (size_t i = 0; i < set->change_count; i++) {
        const struct tip_change *change = &set->changes[i];

        if (change->record >= set->record_count || change->field == 0) {
            return false;
        }
        if (i > 0 && !is_sorted(change - 1, change)) {
            return false;
        }
    }
    return true;
}

static bool is_well_formed(const struct tip_change_set *set,
                           bool (*is_good)(const struct tip_record_ref *))
{
    return set->origin != 0 && set->seq != 0 && set->author.size != 0 &&
           set->author.size <= TIP_AUTHOR_BYTES_MAX &&
           set->reason.size <= TIP_REASON_BYTES_MAX &&
           has_good_records(set, is_good) && has_good_changes(set);
}

enum tip_err tip_change_set_check(const struct tip_change_set *set)
{
    return is_well_formed(set, is_named_once) ? TIP_OK : TIP_EMALFORMED;
}

enum tip_err tip_change_part_check(const struct tip_change_set *part)
{
    return part->change_count != 0 && is_well_formed(part, is_named)
               ? TIP_OK
               : TIP_EMALFORMED;
}
