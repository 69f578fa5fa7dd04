/*
 * The star of tests/support on real stores: hub and nodes, each with a store
 * in a folder of its own that can be taken away and replaced.
 */
#ifndef CRASH_STAR_H
#define CRASH_STAR_H

#include "crash_rig.h"
#include "star.h"

enum { CRASH_HUB = 0, CRASH_NODES = 2, CRASH_PLACES = 1 + CRASH_NODES };

struct crash_star {
    struct star star;
    struct tip_store_lmdb *disks[CRASH_PLACES];
    char paths[CRASH_PLACES][CRASH_PATH_SIZE]; /* Of the next restart. */
    enum tip_err (*send)(struct tip_link *self, uint32_t peer,
                         struct tip_bytes message);
};

/** The star of the program, two nodes enrolled and all quiet; @names are the
 * folders of its stores. */
struct crash_star *crash_star_init(const char *const names[CRASH_PLACES]);
void crash_star_deinit(void);

/** Lose power at @place, and start again on the store in .paths[@place]. */
void crash_star_restart(int place);

/** Let hours pass, and all that is due happen. */
void crash_star_pass_time(void);

/** A save of the script: by @place, a new record or an edit of one. */
struct crash_save {
    int place;
    int record;
    uint32_t code;
    bool is_new;
    bool is_offline; /* Nothing moves after it. */
};

enum { CRASH_SAVES = 9, CRASH_RECORDS = 3 };
extern const struct crash_save crash_saves[CRASH_SAVES];

/** What the saves did: results, and the ids of the records. */
struct crash_saved {
    struct tip_id ids[CRASH_RECORDS];
    bool is_kept[CRASH_SAVES]; /* Acknowledged. */
};

/** Do save number @n. */
enum tip_err crash_star_save(struct crash_saved *saved, int n);

/**
 * Heal, and require: every save kept is everywhere, with nothing beside it
 * but what the others of .code may be; all is confirmed; one more save works.
 */
void crash_star_check(const struct crash_saved *saved);

#endif /* CRASH_STAR_H */
