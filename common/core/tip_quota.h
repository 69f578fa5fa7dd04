/*
 * How much a device may undo in a day before a person looks.
 *
 * Whoever takes over a device can write whatever its office could. What it
 * destroys is bounded: deletions, and overwrites of what is old or of what
 * others wrote, beyond a budget wait for a person. Ordinary work never counts:
 * new records, new values, and whatever an office writes over its own values in
 * a record that it made and that somebody has worked on lately. A flood of
 * change-sets is bounded too, generously.
 *
 * Days are the hub's, and "old" goes by the commits it gave on them; the clock
 * of a node has no say. Everything here is plain data and durable where the
 * header says so: a device that connects again finds its budget as it left it.
 */
#ifndef TIP_QUOTA_H
#define TIP_QUOTA_H

#include <stdbool.h>
#include <stdint.h>

#include "tip_change.h"
#include "tip_record.h"

/** Per device and day; 0: no limit. */
struct tip_quota_limits {
    uint32_t deletions;
    uint32_t overwrites;
    uint32_t old_days; /* A value is old so many days after its commit. */
    uint64_t change_sets;
    uint64_t bytes;   /* Of frames. */
    uint64_t waiting; /* Change-sets held back, whatever the day: with so many
                       * nothing more is taken in. */
};

/** What a device has used of its budget on @day. Durable. */
struct tip_quota_use {
    uint64_t day;
    uint32_t deletions;
    uint32_t overwrites;
    uint64_t change_sets;
    uint64_t bytes;
};

/** What one change-set uses of it. */
struct tip_quota_cost {
    uint32_t deletions;
    uint32_t overwrites;
};

/**
 * Add to @cost what @changes of @set use that are for @record, as it stands
 * before them. Nothing for a record that they make. @old: the newest commit
 * that is old.
 *
 * A deletion counts one. A cell counts one if it loses a value that another
 * office wrote and that is not written again as it was. In a record that the
 * author's office made its own values do not count, but the first write after
 * nobody wrote there since @old does, once; in any other record each of its old
 * values does.
 */
void tip_quota_count(const struct tip_record *record,
                     const struct tip_change_set *set,
                     const struct tip_change *changes, size_t count,
                     uint64_t old, struct tip_quota_cost *cost);

/** Take @cost out of the budget of @day, which is new if it is not the one that
 * was used last or the one before that: false, and nothing is changed, if it is
 * not in it any more. */
bool tip_quota_take(struct tip_quota_use *use,
                    const struct tip_quota_limits *limits, uint64_t day,
                    const struct tip_quota_cost *cost);

/** A frame of @change_sets came on @day: count it. False: it is part of a
 * flood, and is counted nevertheless. */
bool tip_quota_note(struct tip_quota_use *use,
                    const struct tip_quota_limits *limits, uint64_t day,
                    uint64_t change_sets, uint64_t bytes);

/* More days than a value may need to be old. */
enum { TIP_CALENDAR_DAYS = 400 };

/** On which day the hub gave which commits, as far back as matters. Durable. */
struct tip_calendar {
    size_t count;
    struct {
        uint64_t day;
        uint64_t before;       /* Newest commit given before that day. */
    } days[TIP_CALENDAR_DAYS]; /* Rising. */
};

/** It is @day and @commit is the newest given; call it before each commit.
 * True: @calendar has changed. The day before the newest one changes nothing:
 * clocks are set back. Days further ahead were a mistake: what was given on
 * them was given since @day. */
bool tip_calendar_note(struct tip_calendar *calendar, uint64_t day,
                       uint64_t commit);

/** The newest commit that is @days old or older; 0: none. */
uint64_t tip_calendar_old(const struct tip_calendar *calendar, uint32_t days);

/** The day it is, as far as the calendar knows; 0: it is empty. */
uint64_t tip_calendar_today(const struct tip_calendar *calendar);

#endif /* TIP_QUOTA_H */
