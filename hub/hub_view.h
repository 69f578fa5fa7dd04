/*
 * All that is known of each office, as flat data: what `nodes` shows, what
 * hub_health.h judges.
 *
 * There is an office for everything that should be there: a device that is
 * enrolled, an invitation that was made, a number in [nodes] expected. Of an
 * office with several devices the newest that is in use counts.
 */
#ifndef HUB_VIEW_H
#define HUB_VIEW_H

#include "hub_engine.h"
#include "hub_health.h"
#include "tip_desk_disputed.h"
#include "tip_enrol.h"
#include "tip_hours.h"
#include "tip_inspect.h"

struct hub_program;
struct tip_reply;

/** Plain data. A number that is not known is 0. */
struct hub_view {
    uint64_t office;
    char name[TIP_ENROL_NAME_SIZE]; /* May be empty. */
    bool has_device, has_said;      /* …and it has said how it is. */
    bool is_expected;               /* By the configuration. */
    bool is_invited;                /* An invitation is open. */
    bool is_forgotten;              /* Since a restore; see hub_forgotten.h. */
    uint64_t invited_until_ms;      /* Unix. */
    uint64_t devices, bad_messages;
    struct hub_device_status device;
    uint64_t origin, feed, received, head_there, lag, edits;
    uint64_t waiting_bytes; /* As it said last; 0 once all of it came. */
    uint64_t decided;       /* Of what was received: what is not held back. */
    /* What is held back: all; what goes on by itself; what a person decides. */
    uint64_t held, parked, quarantined, held_for[TIP_HOLD_COUNT];
    /* Of the records it holds. */
    struct tip_contested conflicts;
    uint64_t heard_ms;              /* Ago. */
    uint64_t contact_ms, useful_ms; /* Ago; 0 while connected. */
    uint64_t said_ms;               /* How long ago it said how it is. */
    uint64_t oldest_ms;             /* Age of what waits, as it said. */
    char waits[24];                 /* How much waits, as people read it. */
    /* What it found of its store first, or empty. */
    char rot[TIP_INSPECT_SENTENCE_SIZE];
    uint64_t eta_ms;         /* For what waits, at its goodput. */
    uint64_t uncertainty_ms; /* Of the clock's offset. */
    uint64_t catalogue, hub_catalogue;
    uint64_t disk_permille, disk_percent; /* How full its store is. */
    uint64_t link_bytes, bytes_per_edit;  /* Both ways, since the start. */
    uint64_t repair_rounds, sent_again, to_send_again;
    uint64_t checkpoint, connections, starts_day, cuts_day, device_epoch;
    uint64_t restores;                    /* Of its store. */
    uint64_t backup_age_ms, scrub_age_ms; /* 0: it never said. */
    uint64_t verified_age_ms;             /* 0: none was. */
    bool is_other_version;
    bool is_of_before; /* Its checkpoint is of before a restore of the hub, and
                        * numbers begin anew: the lag is not known. */
    uint64_t day_up_bytes, day_down_bytes, heard_hours; /* In 24 hours. */
    char reach[TIP_HOURS_STRIP_SIZE];                   /* …as a strip. */
    const char *sign;           /* ● ◐ ○ ✖: how it is, at a glance. */
    const char *cause, *outage; /* Why it has no line, had none. NULL: none. */
    const char *trouble, *digest, *state; /* Words; NULL: none. */
    struct hub_verdict verdict;
};

struct hub_views {
    struct hub_view items[HUB_ORIGINS_MAX]; /* By office. */
    size_t count;
    struct tip_contested conflicts; /* Of all records… */
    struct tip_disputes disputes;   /* …and by office and field. */
    uint64_t fresh_ms;              /* Heard within this is up to date… */
    const char *fresh;              /* …as it is configured. */
};

/** Look at all offices now; large, so keep it on the heap. */
TIP_MUST_USE enum tip_err hub_views_collect(struct hub_program *hub,
                                            struct hub_views *out_views);

/** Of hub_views_collect: what its device says, of an office that has one. */
void hub_view_fill(struct hub_program *hub, struct hub_view *view);

/** Say the country in a line, and its numbers. */
void hub_views_say(struct tip_reply *reply, const struct hub_views *views);

/** A sentence for each thing that is wrong with an office, the worst first: of
 * all offices, so that whoever reads only the first reads the worst; of one.
 * And what is worse than that: the hub keeps nothing. */
void hub_views_warn(struct tip_reply *reply, const struct hub_views *views);
void hub_view_warn(struct tip_reply *reply, const struct hub_view *view);
void hub_warn_losing(struct tip_reply *reply, enum tip_err losing);

/** All of it, on a page of its own. */
void hub_view_say_page(struct tip_reply *reply, const struct hub_view *view);

/* The tables of all offices: the one everybody sees, and what is beside it, in
 * such as fit a terminal. */
enum hub_group {
    HUB_GROUP_ROW,
    HUB_GROUP_WORK,
    HUB_GROUP_LINE,
    HUB_GROUP_MACHINE,
    HUB_GROUP_COUNT
};

/** The name of the table of @group, and the members of a row of it. */
const char *hub_view_group(enum hub_group group);
void hub_view_say_group(struct tip_reply *reply, const struct hub_view *view,
                        enum hub_group group);

/** What the signs and columns of the tables mean. */
void hub_view_say_legend(struct tip_reply *reply);

/** The sign of an office that was judged. Static. */
const char *hub_view_sign(const struct hub_view *view);

/** Count what waits for a person in the records each office holds. */
TIP_MUST_USE enum tip_err hub_views_contest(struct hub_program *hub,
                                            struct hub_views *views);

/** Is it up to date: it was heard within @fresh_ms, has said that nothing
 * waits, this hub has not lost anything of it, and it takes part? */
bool hub_view_is_fresh(const struct hub_view *view, uint64_t fresh_ms);

#endif /* HUB_VIEW_H */
