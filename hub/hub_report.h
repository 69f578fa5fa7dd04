/* How the hub is, as flat data: what `status` shows. */
#ifndef HUB_REPORT_H
#define HUB_REPORT_H

#include "hub_engine.h"
#include "hub_view.h"
#include "tip_backup_mark.h"
#include "tip_link_zmq.h"
#include "tip_store_build.h"

enum { HUB_REPORT_HELD_MAX = 64 };

/** Plain data; borrows from the program. A time that is not known is 0. */
struct hub_report {
    uint64_t now_ms, up_ms, commit;
    uint32_t catalogue; /* 0: none is published. */
    const char *version;
    bool is_dev;
    bool disk_failed;     /* Since the start, even if it goes on. */
    const char *figures;  /* What is to be done, if some are wrong; or NULL. */
    enum tip_err losing;  /* Why nothing is taken in. */
    enum tip_err trouble; /* Of the daemon. */
    struct hub_scrub_report scrub;
    struct tip_link_zmq_status link;
    struct hub_recovery recovery;
    size_t ahead; /* Offices with more than this hub ever gave. */
    struct tip_store_usage disk;
    bool are_backups_known;
    struct tip_backup_marks backups;
    char before[TIP_STORE_BEFORE_SIZE]; /* Holds what was erased; or empty. */
    uint64_t backup_limit_ms;   /* A newest backup that is older is old… */
    uint64_t verified_limit_ms; /* …one that was verified. */
    struct hub_views views;
    struct {
        struct hub_held held;
        uint32_t office;
        char name[TIP_ENROL_NAME_SIZE];
    } held[HUB_REPORT_HELD_MAX]; /* The first of what waits. */
    size_t held_count;
};

/** Look at everything now; large, so keep it on the heap. Errors as
 * hub_views_collect(). */
TIP_MUST_USE enum tip_err hub_report_collect(struct hub_program *hub,
                                             struct hub_report *out_report);

/** Say it, and what is wrong: the hub before the offices, of both the worst
 * first, each with the next step. */
void hub_report_say(struct tip_reply *reply, const struct hub_report *report);

#endif /* HUB_REPORT_H */
