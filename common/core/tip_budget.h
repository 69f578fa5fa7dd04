/*
 * How many bytes an office may spend on its line in a day.
 *
 * Everything counts, up and down, estimates of what the transport adds too. The
 * day is the hub's, as far as the hub was heard since the start: an office's
 * own clock may stand in 1970. Until then a day is twenty-four hours of the
 * machine being on, so a restart is never a new day. The last tenth is for
 * small new work alone.
 *
 * Plain data; reads no clock. @now_ms is elapsed time.
 */
#ifndef TIP_BUDGET_H
#define TIP_BUDGET_H

#include <stdbool.h>
#include <stdint.h>

enum {
    TIP_BUDGET_RESERVE_PARTS = 10, /* One of so many is for small work. */
    TIP_BUDGET_SMALL_BYTES = 2048, /* More is not small. */
    /* What CURVE, ZeroMQ, TCP and IP add to a message and to a connection, as
     * measured; and a heartbeat with its answer. */
    TIP_BUDGET_MESSAGE_BYTES = 90,
    TIP_BUDGET_CONNECTION_BYTES = 3000,
    TIP_BUDGET_WORDS_BYTES = 120, /* Any message but a frame, about. */
    TIP_BUDGET_HEARTBEAT_BYTES = 220,
    /* A call nobody answers, and one that comes to a handshake and no further.
     */
    TIP_BUDGET_UNANSWERED_BYTES = 300,
    TIP_BUDGET_REFUSED_BYTES = 1500,
    /* Of a day at most one of so many bytes is for one kind of what is no work,
     * signs of life and calls that are refused… */
    TIP_BUDGET_IDLE_PARTS = 10,
    /* …of which there is one in this time, however poor the office. */
    TIP_BUDGET_EVERY_MS_MAX = 3600 * 1000
};

/** What of it must survive. Zero: nothing was spent. */
struct tip_budget_row {
    uint64_t day; /* Of the hub, since 1970; 0: not known. */
    uint64_t spent_bytes;
    uint64_t passed_ms; /* Of the day, while the hub's is not known. */
};

/** Zero to start. */
struct tip_budget {
    uint64_t limit_bytes; /* Of a day; 0: none. */
    struct tip_budget_row row;
    uint64_t now_ms;    /* When it was last told. */
    uint64_t hub_ms;    /* Unix, at @now_ms; 0: not heard since the start. */
    bool is_overridden; /* Until the day is over. */
    struct tip_budget_row kept; /* As it is in the store; the caller's, too: */
    uint64_t beat_ms;           /* heartbeats up to here are counted. */
};

/** Time passes; at midnight a new day begins. */
void tip_budget_pass(struct tip_budget *budget, uint64_t now_ms);

/** The hub said what time it is. */
void tip_budget_hear(struct tip_budget *budget, uint64_t hub_ms,
                     uint64_t now_ms);

void tip_budget_spend(struct tip_budget *budget, uint64_t bytes);

/** May @waiting_bytes of work be sent, or anything be fetched (0)? */
bool tip_budget_allows(const struct tip_budget *budget, uint64_t waiting_bytes);

/** How often a line that may carry @limit_bytes a day (0: any) can afford what
 * costs @bytes and is no work, if it happens every @usual_ms with more: whole
 * seconds. */
uint32_t tip_budget_every_ms(uint64_t limit_bytes, uint32_t bytes,
                             uint32_t usual_ms);

/** How long until the next day. */
uint64_t tip_budget_rest_ms(const struct tip_budget *budget);

#endif /* TIP_BUDGET_H */
