/*
 * When all of a store is read, and how far that is: the same at node and hub.
 *
 * Some rows at a time, a second apart at least: the records in the order of
 * their ordinals, then everything else (tip_survey.h). Wall clocks here are
 * wrong, so what counts is how long the program has run: 48 hours at work are a
 * week of an office. Both that and the position are in the store, so that a
 * machine that is switched off each evening, or every hour, comes to the end
 * too. What is read, and what is made of it, is the engine's.
 */
#ifndef TIP_SCRUB_H
#define TIP_SCRUB_H

#include <stdbool.h>
#include <stdint.h>

#include "tip_buf.h"
#include "tip_reader.h"
#include "tip_survey.h"

enum {
    TIP_SCRUB_BYTES = 4 + 4 * 8 /* Of what must survive. */
};

/** Times are in ms: Unix where it says so, else elapsed. */
struct tip_scrub {
    /* What must survive. */
    uint32_t next;            /* Ordinal to be read next; 0: none is. */
    uint64_t found;           /* Records, by the one that is on. */
    uint64_t done_ms;         /* Unix, when the last one ended; 0: never. */
    uint64_t last_found;      /* …and what it had found. */
    uint64_t ran_ms;          /* How long the program had run since… */
    uint64_t since_ms;        /* …at this point: when it was last stored. */
    uint64_t step_ms;         /* At the newest step; 0: there was none. */
    uint64_t ends;            /* How many have ended since the start. */
    bool is_asked;            /* Do not wait for the next one. */
    bool is_dirty;            /* More has changed than the time. */
    struct tip_survey survey; /* Of all but the records; a row of its own. */
};

/** One that was never done, and so is due. */
void tip_scrub_init(struct tip_scrub *scrub, uint64_t now_ms);

/** Append what must survive, which is thereby stored at @now_ms; and read it,
 * at a start or after a transaction was lost. */
void tip_scrub_put(struct tip_scrub *scrub, uint64_t now_ms,
                   struct tip_buf *buf);
void tip_scrub_get(struct tip_scrub *scrub, uint64_t now_ms,
                   struct tip_reader *reader);

/** Should it be stored with what is written now, and is it worth a write of its
 * own? Each minute while one is on, each quarter of an hour else. */
bool tip_scrub_is_unsaved(const struct tip_scrub *scrub, uint64_t now_ms);

/** Is it time for some more, of the records below @end or of the rest? */
bool tip_scrub_is_due(const struct tip_scrub *scrub, uint32_t end,
                      uint64_t now_ms);

/** Do not wait for the next one, or begin the one that is on anew. */
void tip_scrub_ask(struct tip_scrub *scrub);

/** All records were read, and @found is what is told of that; now the rest. */
void tip_scrub_turn(struct tip_scrub *scrub, uint64_t found);

/** All was read, at @unix_ms. */
void tip_scrub_end(struct tip_scrub *scrub, uint64_t now_ms, uint64_t unix_ms);

#endif /* TIP_SCRUB_H */
