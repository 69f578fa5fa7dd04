/*
 * How much a line carries, learned from what was acknowledged.
 *
 * A line is taken for a pipe with a round trip and a rate. A frame starts to
 * pass when it was sent and the one before it is through; its acknowledgement
 * comes a round trip after that and after what its bytes took. So what counts
 * is the time a line was busy with bytes: silence between two frames, and
 * acknowledgements that come for several frames at once, change nothing.
 *
 *     tip_goodput_open() with each connection;
 *     tip_goodput_sent() for each frame, tip_goodput_acked() for each answer;
 *     in between tip_goodput_room() says how much more may be under way.
 *
 * What is under way is at most one frame, or what the line carries in two
 * seconds: that is what a cut costs, and what something urgent waits behind.
 * Plain data; reads no clock. Times are elapsed milliseconds.
 */
#ifndef TIP_GOODPUT_H
#define TIP_GOODPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    /* A frame and what is under way aim at what passes in this time. */
    TIP_GOODPUT_TARGET_MS = 2 * 1000,
    /* Of a line nobody knows: 2G in a good hour. One answer later we know. */
    TIP_GOODPUT_START_BPS = 2 * 1024,
    /* Smaller frames cost more in signatures than they spare in waiting. */
    TIP_GOODPUT_FRAME_MIN = 1024,
    /* Newer frames count with the last of these. */
    TIP_FLIGHTS_MAX = 16,
    /* Fewer bytes than this say nothing about the rate of a quiet line. */
    TIP_GOODPUT_SAMPLE_BYTES = 512
};

/** Frames that were sent and not acknowledged. */
struct tip_flight {
    uint64_t number; /* Of the last of them. */
    uint64_t bytes;
    uint64_t sent_ms; /* The first of them. */
};

/** What is under way in one numbered order. */
struct tip_flights {
    struct tip_flight items[TIP_FLIGHTS_MAX]; /* Oldest first. */
    size_t count;
    uint64_t bytes;
};

/** Zero to start. What was learned outlives a connection. */
struct tip_goodput {
    size_t fixed_bytes; /* What frames aim at, however fast the line is, and as
                         * many as credit allows; 0: learn. For tests. */
    uint64_t busy_bytes, busy_ms; /* Recent; older weighs less. 0: unknown. */
    uint64_t round_trip_ms;       /* Shortest of this connection. */
    uint64_t last_ack_ms;
};

/** A connection begins: its round trip is not known, nothing is under way. */
void tip_goodput_open(struct tip_goodput *goodput, struct tip_flights *flights);

/** A small question was answered after @round_trip_ms. */
void tip_goodput_answered(struct tip_goodput *goodput, uint64_t round_trip_ms);

/** Frame @number, higher than any before it, was sent. */
void tip_flights_sent(struct tip_flights *flights, uint64_t number,
                      size_t bytes, uint64_t now_ms);

/** All up to @number has arrived. */
void tip_goodput_acked(struct tip_goodput *goodput, struct tip_flights *flights,
                       uint64_t number, uint64_t now_ms);

/** Nothing is known any more of what is under way: it is sent again. */
void tip_flights_forget(struct tip_flights *flights);

/** Bytes a second; 0: not known yet. */
uint64_t tip_goodput_bps(const struct tip_goodput *goodput);

/** What a frame that is cut now should have, 1 to 32 KiB. */
size_t tip_goodput_frame_bytes(const struct tip_goodput *goodput);

/** How many bytes may be sent with @in_flight under way: SIZE_MAX for one frame
 * of any size when nothing is; 0 when it is better to wait than to send less
 * than a part of a frame. */
size_t tip_goodput_room(const struct tip_goodput *goodput, uint64_t in_flight);

/** How long @bytes take; 0: nobody knows. */
uint64_t tip_goodput_eta_ms(const struct tip_goodput *goodput, uint64_t bytes);

#endif /* TIP_GOODPUT_H */
