#include "tip_quota.h"

#include <string.h>

static bool is_deletion(const struct tip_change *change)
{
    return change->field == TIP_FIELD_DELETED &&
           change->value.kind == TIP_VALUE_ANSWER &&
           change->value.answer == TIP_ANSWER_YES;
}

/* Has nobody written to @record since @old? */
static bool is_asleep(const struct tip_record *record, uint64_t old)
{
    for (size_t i = 0; i < record->write_count; i++) {
        if (record->writes[i].commit > old) {
            return false;
        }
    }
    return true;
}

/* Does @change take from the reader a value that counts? */
static bool overwrites(const struct tip_record *record,
                       const struct tip_change_set *set,
                       const struct tip_change *change, uint64_t old)
{
    struct tip_write write = tip_write_of(set, 0, TIP_VERDICT_GOOD);
    struct tip_cell cell =
        tip_record_cell(record, change->field, change->element);

    for (size_t i = 0; i < cell.count; i++) {
        const struct tip_sibling *sibling = &cell.siblings[i];
        const struct tip_write *by = tip_record_write(record, sibling);
        bool counts = by->office != set->office ||
                      (record->maker != set->office && by->commit <= old);

        if (counts && sibling->value.kind != TIP_VALUE_NONE &&
            tip_write_supersedes(record->lineage, &write, by) &&
            !tip_value_equal(&sibling->value, &change->value)) {
            return true;
        }
    }
    return false;
}

void tip_quota_count(const struct tip_record *record,
                     const struct tip_change_set *set,
                     const struct tip_change *changes, size_t count,
                     uint64_t old, struct tip_quota_cost *cost)
{
    bool is_waking = record->maker == set->office && is_asleep(record, old);

    if (record->sibling_count == 0) {
        return; /* They make it. */
    }
    for (size_t i = 0; i < count; i++) {
        if (is_deletion(&changes[i])) {
            cost->deletions++;
        } else if (changes[i].field >= TIP_FIELD_FIRST &&
                   overwrites(record, set, &changes[i], old)) {
            cost->overwrites++;
        }
    }
    cost->overwrites += is_waking ? 1 : 0;
}

/* A new day, a new budget. A clock that is set back over midnight gives none;
 * one that was set far ahead by mistake must not take it away for years. */
static void turn_day(struct tip_quota_use *use, uint64_t day)
{
    if (day > use->day || use->day - day > 1) {
        *use = (struct tip_quota_use){.day = day};
    }
}

static bool is_over(uint64_t used, uint64_t more, uint64_t limit)
{
    return limit != 0 && more > (limit > used ? limit - used : 0);
}

bool tip_quota_take(struct tip_quota_use *use,
                    const struct tip_quota_limits *limits, uint64_t day,
                    const struct tip_quota_cost *cost)
{
    turn_day(use, day);
    if (is_over(use->deletions, cost->deletions, limits->deletions) ||
        is_over(use->overwrites, cost->overwrites, limits->overwrites)) {
        return false;
    }
    use->deletions += cost->deletions;
    use->overwrites += cost->overwrites;
    return true;
}

bool tip_quota_note(struct tip_quota_use *use,
                    const struct tip_quota_limits *limits, uint64_t day,
                    uint64_t change_sets, uint64_t bytes)
{
    bool fits;

    turn_day(use, day);
    fits = !is_over(use->change_sets, change_sets, limits->change_sets) &&
           !is_over(use->bytes, bytes, limits->bytes);
    use->change_sets += change_sets;
    use->bytes += bytes;
    return fits;
}

uint64_t tip_calendar_today(const struct tip_calendar *calendar)
{
    return calendar->count == 0 ? 0 : calendar->days[calendar->count - 1].day;
}

bool tip_calendar_note(struct tip_calendar *calendar, uint64_t day,
                       uint64_t commit)
{
    while (calendar->count != 0 && tip_calendar_today(calendar) > day + 1) {
        commit = calendar->days[--calendar->count].before;
    }
    if (calendar->count != 0 && day <= tip_calendar_today(calendar)) {
        return false;
    }
    if (calendar->count == TIP_CALENDAR_DAYS) {
        memmove(calendar->days, calendar->days + 1,
                (TIP_CALENDAR_DAYS - 1) * sizeof *calendar->days);
        calendar->count--;
    }
    calendar->days[calendar->count].day = day;
    calendar->days[calendar->count].before = commit;
    calendar->count++;
    return true;
}

uint64_t tip_calendar_old(const struct tip_calendar *calendar, uint32_t days)
{
    uint64_t today = tip_calendar_today(calendar);

    /* What was given before a day was given on the days listed before it. */
    for (size_t i = calendar->count; i > 1; i--) {
        if (today - calendar->days[i - 2].day >= days) {
            return calendar->days[i - 1].before;
        }
    }
    return 0;
}
