/*
 * How the readings of all of the store go. Part of hub_engine.h.
 */
#ifndef HUB_SCRUB_H
#define HUB_SCRUB_H

#include <stdint.h>

#include "tip_survey.h"

struct hub_engine;

/** How the last reading of all of the store ended. Plain data. */
struct hub_scrub_report {
    uint64_t done_ms; /* Unix; 0: never. */
    uint64_t found;   /* Records that could not be read, nor be made again. */
    uint64_t made;    /* …that were made again, since open. */
    /* Offices of which what was kept of what they hold could not be read, and
     * was counted again; to which all is sent again for the same reason. */
    uint64_t recounted, recalled;
    uint32_t next; /* Of the one that is on, the next; 0: none is… */
    uint32_t end;  /* …and where it ends. */
    struct tip_survey_report rest; /* Of everything else. */
};

/** Read all now, from the pump on. */
void hub_engine_scrub(struct hub_engine *engine);

struct hub_scrub_report hub_engine_scrubbed(const struct hub_engine *engine);

#endif /* HUB_SCRUB_H */
