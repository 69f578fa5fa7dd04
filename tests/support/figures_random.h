/* Random cases, their edits and deletions, by three offices that see each
 * other's work late. */
#ifndef FIGURES_RANDOM_H
#define FIGURES_RANDOM_H

#include "figures_catalogue.h"
#include "figures_rig.h"
#include "tip_property.h"

enum { FIGURES_RECORDS = 12 };

static inline struct tip_change figures_random_member(struct tip_property *p,
                                                      uint32_t field,
                                                      const uint32_t *codes)
{
    return rig_member(field, codes[tip_property_below(p, 3)],
                      !tip_property_once_in(p, 3));
}

static inline struct tip_change figures_random_date(struct tip_property *p)
{
    int32_t year = 2024 + (int32_t)tip_property_below(p, 3);
    int32_t month = (int32_t)tip_property_below(p, 13);
    int32_t day = month == 0 ? 0 : (int32_t)tip_property_below(p, 29);

    return rig_day(year, month, day);
}

/* One change of a random field; some of them blank. */
static inline struct tip_change figures_random_change(struct tip_property *p)
{
    static const uint32_t acts[] = {1, 2, 3};
    static const uint32_t towns[] = {7, 9, 11};

    switch (tip_property_below(p, 12)) {
    case 0:
        return figures_random_date(p);
    case 1:
    case 2:
        return rig_code(CASE_KIND, 1 + (uint32_t)tip_property_below(p, 3));
    case 3:
    case 4:
        return figures_random_member(p, CASE_ACTS, acts);
    case 5:
        return figures_random_member(p, CASE_TOWNS, towns);
    case 6:
        return rig_answer(CASE_MINOR,
                          (enum tip_answer)tip_property_below(p, 4));
    case 7:
        return rig_amount((int64_t)tip_property_next(p),
                          1 + (uint32_t)tip_property_below(p, 2));
    case 8:
        return rig_person((uint8_t)tip_property_below(p, 4));
    case 9:
        return rig_integer(CASE_AGE, (int64_t)tip_property_next(p));
    case 10:
        return rig_answer(TIP_FIELD_DELETED, tip_property_once_in(p, 2)
                                                 ? TIP_ANSWER_NO
                                                 : TIP_ANSWER_YES);
    default:
        return rig_blank(16 + (uint32_t)tip_property_below(p, 8));
    }
}

static inline bool figures_is_before(const struct tip_change *a,
                                     const struct tip_change *b)
{
    return a->field != b->field ? a->field < b->field : a->element < b->element;
}

/* Up to six changes, sorted, each cell once. */
static inline size_t figures_random_changes(struct tip_property *p,
                                            struct tip_change *changes)
{
    size_t wanted = 1 + tip_property_below(p, 6);
    size_t count = 0;

    while (wanted-- > 0) {
        struct tip_change change = figures_random_change(p);
        size_t at = 0;

        while (at < count && figures_is_before(&changes[at], &change)) {
            at++;
        }
        if (at < count && !figures_is_before(&change, &changes[at])) {
            changes[at] = change;
            continue;
        }
        memmove(&changes[at + 1], &changes[at], (count - at) * sizeof *changes);
        changes[at] = change;
        count++;
    }
    return count;
}

/** Write to a new record of @rig, or to one that is there. @bases: how far
 * each origin has seen. */
static inline void figures_random_write(struct tip_property *p, struct rig *rig,
                                        uint64_t *bases)
{
    uint32_t origin = 1 + (uint32_t)tip_property_below(p, RIG_ORIGINS - 1);
    uint32_t ordinal = 0;
    struct tip_change changes[8];
    size_t count = figures_random_changes(p, changes);

    if (rig->record_count != 0 &&
        (rig->record_count >= FIGURES_RECORDS || !tip_property_once_in(p, 3))) {
        ordinal = 1 + (uint32_t)tip_property_below(p, rig->record_count);
    }
    bases[origin] += tip_property_below(p, rig->commit - bases[origin] + 1);
    (void)rig_write(rig, ordinal, CASE_TYPE, origin, bases[origin], changes,
                    count);
}

#endif /* FIGURES_RANDOM_H */
