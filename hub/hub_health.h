/*
 * What is wrong with an office: one table of rules, the worst first.
 *
 * Each rule has a word for tables, a sentence that ends in the next step, and
 * a threshold from the configuration where there is one. An office is as well
 * as its worst ail; `nodes` and `status` exit with 3 while any office has an
 * ail that degrades. To add one: a number here, a row in hub_rules.c.
 */
#ifndef HUB_HEALTH_H
#define HUB_HEALTH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Numbers are on disk (hub_past.h): append only. */
enum hub_ail {
    HUB_FINE = 0,
    HUB_NEVER_ENROLLED = 1,
    HUB_NEVER_SEEN = 2,
    HUB_SILENT = 3,
    HUB_REVOKED = 4,
    HUB_DIFFERS = 5,
    HUB_REFUSED = 6,
    HUB_STUCK = 7,
    HUB_WAITING = 8,
    HUB_HELD = 9,
    HUB_CLOCK = 10,
    HUB_FULL = 11,
    HUB_VERSION = 12,
    HUB_CATALOGUE = 13,
    HUB_BACKUP = 14,
    HUB_SCRUB = 15,
    HUB_POWER = 16,
    HUB_UNREPAIRED = 17,
    HUB_MISSING = 18,
    HUB_AHEAD = 19,
    HUB_RETIRED = 20,
    HUB_PARKED = 21,
    HUB_CONTESTED = 22,
    HUB_ERASED_THERE = 23,
    HUB_FORGOTTEN = 24,
    HUB_KEEPS_ERASED = 25,
    HUB_COPIED = 26,
    HUB_STRAY = 27,
    HUB_UNSENT = 28,
    HUB_NO_ROOM = 29, /* These it says of itself, to… */
    HUB_DISK = 30,
    HUB_ROTTEN = 31,
    HUB_LOST = 32,
    HUB_STOPPED = 33,
    HUB_UNERASED = 34,
    HUB_TROUBLE = 35, /* …this. */
    HUB_UNVERIFIED = 36,
    HUB_AIL_COUNT
};

struct hub_view;

/* The thresholds, as the configuration has them. */
enum hub_limit {
    HUB_LIMIT_NONE,
    HUB_LIMIT_SILENT, /* Milliseconds, as those below. */
    HUB_LIMIT_WAITING,
    HUB_LIMIT_CLOCK,
    HUB_LIMIT_BACKUP,
    HUB_LIMIT_VERIFIED,
    HUB_LIMIT_SCRUB,
    HUB_LIMIT_CONTESTED,
    HUB_LIMIT_FULL,  /* Permille. */
    HUB_LIMIT_POWER, /* Times a day. */
    HUB_LIMIT_COUNT
};

/** All ails of one office. Plain data. */
struct hub_verdict {
    enum hub_ail worst;
    uint64_t ails; /* A bit for each. */
    uint32_t count;
    bool is_degraded;
};

static inline bool hub_verdict_has(const struct hub_verdict *verdict,
                                   enum hub_ail ail)
{
    return (verdict->ails >> ail & 1) != 0;
}

struct hub_verdict hub_health_judge(const struct hub_view *view,
                                    const uint64_t limits[HUB_LIMIT_COUNT]);

/** The ail in place @place, of which 0 is the worst; HUB_FINE: no more. */
enum hub_ail hub_health_at(size_t place);

/** Of an ail: a word or two; the sentence with the next step. Static. */
const char *hub_health_word(enum hub_ail ail);
const char *hub_health_says(enum hub_ail ail);

/** Does it come before that an office is silent: is somebody to look at it
 * first of all? */
bool hub_health_is_grave(enum hub_ail ail);

/** Does it make a command exit with 3? */
bool hub_health_degrades(enum hub_ail ail);

#endif /* HUB_HEALTH_H */
