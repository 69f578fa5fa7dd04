/* Internal: what of a restore must survive. */
#ifndef HUB_RECOVERY_ROW_H
#define HUB_RECOVERY_ROW_H

#include <stdbool.h>
#include <stdint.h>

#include "tip_frame.h"

/* Of a restore of the hub; one row. */
struct hub_recovery_row {
    uint64_t id;         /* Of the newest restore that was seen; 0: none… */
    uint32_t count;      /* …and how many there were with it. */
    bool is_open;        /* Commits wait for what offices hand back. */
    uint64_t follows;    /* Newest commit of the generation before. */
    uint64_t started_ms; /* Unix, to show it. */
    /* How long the hub has run since, to the minute: a clock that is set, or a
     * night without power, makes nobody late. Once it is not open: from the
     * start to the end, by the clock. */
    uint64_t waited_ms;
};

/* What a restored hub waits for of a device; one row each while it does. */
struct hub_return_row {
    bool is_due;    /* There is such a row. */
    bool is_back;   /* It has handed back all it had. */
    uint64_t taken; /* Of its feed, before the restore. */
    /* The control log, which was handed back, says where the feed was closed:
     * it may be before the next one begins, if others had more of it. */
    bool is_ended;
    uint64_t end;
};

/* A channel of everybody that went on here without what a device has of it: in
 * memory, while it hands that back. All of it is here once @at is @last. */
struct hub_torn {
    uint64_t common;    /* Up to here both have the same; @last 0: all of it. */
    uint64_t last;      /* The newest frame the device has. */
    struct tip_head at; /* How far it has come. */
};

#endif /* HUB_RECOVERY_ROW_H */
