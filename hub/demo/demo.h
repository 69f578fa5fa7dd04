/*
 * The demo: a hub and up to 15 nodes on this machine, at work in bad weather.
 *
 * Everything is done through the programs' own commands. Processes and files
 * are gone when demo_run() returns, whatever happened, unless they are to be
 * kept; should the demo itself be killed, its children end with it.
 */
#ifndef DEMO_H
#define DEMO_H

#include <stdbool.h>
#include <stdint.h>

#include "demo_stage.h"
#include "demo_weather.h"
#include "tip_err.h"
#include "tip_out.h"

enum {
    DEMO_WILAYA_CELLS_MAX = 16, /* Wilayas, and none. */
    DEMO_EVENTS_MAX = 8,
    DEMO_TEXT_SIZE = 160
};

/** What to play; borrowed. */
struct demo_opts {
    uint32_t node_count; /* 1 to DEMO_LINES_MAX. */
    uint64_t seed;
    enum demo_sky sky;
    uint32_t records;      /* Of each office. */
    const char *catalogue; /* Folder; NULL: the national one. */
    const char *keep;      /* Folder to leave behind; NULL: none. */
    bool is_empty;         /* Only hub and nodes; wait for Ctrl-C. */
    bool exits;            /* Else go on until Ctrl-C when all is done. */
    bool is_screen;        /* @out is a terminal that moves its cursor. */
    bool has_color;
    struct tip_out *out; /* The table and what happens. */
};

/** One row of the national table. */
struct demo_figure {
    char wilaya[DEMO_TEXT_SIZE]; /* Code. */
    char name[DEMO_TEXT_SIZE];
    int64_t cases;
    int64_t victims;
};

/** One step of the history of a conflict. */
struct demo_event {
    char who[DEMO_TEXT_SIZE];
    char where[DEMO_TEXT_SIZE];
    char when[DEMO_TEXT_SIZE];
    char what[DEMO_TEXT_SIZE];
    char why[DEMO_TEXT_SIZE];
};

/** What came of it. Plain data. */
struct demo_summary {
    uint64_t records;   /* Given to the offices and saved there. */
    uint64_t refused;   /* Rows that were not. */
    uint64_t saves;     /* Change-sets saved at the nodes… */
    uint64_t at_hub;    /* …and of them, durable at the hub. */
    uint64_t conflicts; /* Found when all were back. */
    uint64_t conflicts_open;
    uint64_t up_bytes, down_bytes; /* On the lines. */
    uint64_t breaks;
    uint64_t elapsed_ms;
    uint64_t covered; /* Offices that the figures cover. */
    bool is_resolved; /* A conflict was closed, and is so everywhere. */
    bool is_verified; /* Counting again gives the same figures. */
    uint32_t crashes; /* Programs that ended by themselves. */
    char as_of[DEMO_TEXT_SIZE];
    struct demo_figure figures[DEMO_WILAYA_CELLS_MAX];
    size_t figure_count;
    struct demo_event events[DEMO_EVENTS_MAX];
    size_t event_count;
};

/** Is all that was saved at the hub, and everything as it should be? */
bool demo_summary_is_good(const struct demo_summary *summary);

/**
 * Play. TIP_ECANCELED: Ctrl-C before the end. Other errors: @out_trouble says
 * in one sentence what did not work; a program's log stays if it is kept.
 */
TIP_MUST_USE enum tip_err demo_run(const struct demo_opts *opts,
                                   struct demo_summary *out_summary,
                                   char out_trouble[DEMO_TROUBLE_SIZE]);

#endif /* DEMO_H */
