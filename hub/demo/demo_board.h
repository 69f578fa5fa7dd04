/*
 * The table of offices in the terminal: redrawn in place on a screen, one line
 * per change anywhere else.
 */
#ifndef DEMO_BOARD_H
#define DEMO_BOARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "demo_weather.h"
#include "tip_bytes.h"
#include "tip_out.h"

enum demo_office_state {
    DEMO_OFFICE_STARTING, /* Not enrolled or not running yet. */
    DEMO_OFFICE_ONLINE,
    DEMO_OFFICE_OFFLINE, /* Works without a link. */
    DEMO_OFFICE_STOPPED  /* Its program ended. */
};

/** One row. Plain data. */
struct demo_office {
    struct tip_bytes code; /* "MR08"; borrowed, as the name. */
    struct tip_bytes name;
    enum demo_office_state state;
    uint64_t saved;     /* Records it saved. */
    uint64_t waiting;   /* Saves the hub has not confirmed. */
    uint64_t at_hub;    /* Saves it has. */
    uint64_t conflicts; /* Open, for a person. */
    int64_t heard_ms;   /* Since the hub heard it; -1: never. */
};

/** Caller-allocated. */
struct demo_board {
    struct tip_out *out; /* Borrowed. */
    bool is_screen;
    bool has_color;
    size_t line_count; /* Standing on the screen. */
    struct demo_office before[DEMO_LINES_MAX];
    size_t before_count;
};

/** Start on @out, borrowed. @is_screen: it is a terminal that moves its cursor;
 * @has_color: it takes colours. */
void demo_board_init(struct demo_board *board, struct tip_out *out,
                     bool is_screen, bool has_color);

/** Show @offices, DEMO_LINES_MAX at most, as they are @elapsed_ms after the
 * start; @title says what is going on. */
void demo_board_show(struct demo_board *board, const char *title,
                     uint64_t elapsed_ms, const struct demo_office *offices,
                     size_t count);

/** Leave the table standing: what comes next is written below it. */
void demo_board_leave(struct demo_board *board);

#endif /* DEMO_BOARD_H */
