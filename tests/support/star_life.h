/*
 * A random life of a hub and three offices, a step at a time: people write and
 * hand records on, lines are cut, power fails, sticks are carried, and disks
 * and the hub are put back to backups, in any order. What was acknowledged is
 * noted, and what of it may be lost with a disk.
 */
#ifndef STAR_LIFE_H
#define STAR_LIFE_H

#include "star.h"
#include "tip_property.h"

enum {
    STAR_LIFE_OFFICES = 3,
    STAR_LIFE_RECORDS_MAX = 8,
    STAR_LIFE_STEPS_MAX = 64
};

/* An element that was acknowledged; times are steps. */
struct star_entry {
    int who;
    size_t record;
    uint64_t element, seq;
    unsigned made;
    unsigned at_hub; /* Known to be there since; 0: not yet. */
    bool is_on_disk; /* Of whoever wrote it. */
    bool may_be_lost;
};

struct star_backup {
    struct fake_store *store; /* NULL: none. */
    unsigned made;
};

struct star_office {
    struct star_backup backup;
    unsigned put_back; /* Seqs from before that mean nothing more. */
    bool is_back;      /* It has taken part since it was put back. */
    bool is_missed;    /* The hub has gone on without it. */
};

struct star_life {
    struct tip_property *random;
    struct star star;
    struct star_office offices[STAR_LIFE_OFFICES];
    struct star_backup hub;
    struct tip_id records[STAR_LIFE_RECORDS_MAX];
    size_t record_count;
    struct star_entry entries[STAR_LIFE_STEPS_MAX];
    size_t entry_count;
    unsigned now;
};

/** Begin with nothing written yet; @random decides what happens. */
void star_life_init(struct star_life *life, struct tip_property *random);
void star_life_deinit(struct star_life *life);

/** Let something happen, STAR_LIFE_STEPS_MAX times at most. */
void star_life_step(struct star_life *life);

/** Has the hub been put back, and waits for offices? */
bool star_life_is_recovering(const struct star_life *life);

#endif /* STAR_LIFE_H */
