/*
 * What the line of each office carried in a day, and when it was heard: one row
 * of TIP_TABLE_OFFICE each, so that a restart of the hub does not forget it.
 *
 * In memory it is always current; it is stored when an hour is over, so a crash
 * loses the hour that was on and costs nobody an fsync a minute.
 */
#ifndef HUB_LINES_H
#define HUB_LINES_H

#include <stdbool.h>
#include <stddef.h>

#include "hub_engine.h"
#include "tip_err.h"
#include "tip_hours.h"
#include "tip_store.h"

/* lo of its row in TIP_TABLE_OFFICE: behind any origin, which has 32 bits, and
 * behind HUB_PAST_ROW. */
#define HUB_LINE_ROW (UINT64_C(1) << 41)

struct hub_line_hours {
    uint64_t office;
    struct tip_hours hours;
    uint32_t origin; /* Of the device whose line it is: its counters were… */
    uint64_t up_bytes, down_bytes;
    bool is_due; /* To be stored. */
};

/** Zero to start. Large: on the heap. */
struct hub_lines {
    struct hub_line_hours items[HUB_ORIGINS_MAX];
    size_t count;
};

/** How a line is now. */
struct hub_line_look {
    uint32_t origin;
    uint64_t up_bytes, down_bytes; /* Since the program was started. */
    uint64_t now_ms, heard_ms;     /* Unix; heard 0: never. */
};

/** Read what is stored of the line of line->office, if there is anything.
 * Errors of the store. */
TIP_MUST_USE enum tip_err hub_line_load(struct tip_txn *txn,
                                        struct hub_line_hours *line);

/** The line of @office, read from @txn the first time; NULL: no room, or it
 * cannot be read, which is told elsewhere. Borrowed. */
struct hub_line_hours *hub_lines_of(struct hub_lines *lines,
                                    struct tip_txn *txn, uint64_t office);

/** Note how @line is now. */
void hub_line_note(struct hub_line_hours *line,
                   const struct hub_line_look *look);

/** Is an hour over that is not stored? */
bool hub_lines_are_due(const struct hub_lines *lines);

/** Store what is due. Durable with @txn; should that be lost, it is stored with
 * the next hour. */
TIP_MUST_USE enum tip_err hub_lines_store(struct hub_lines *lines,
                                          struct tip_txn *txn);

#endif /* HUB_LINES_H */
