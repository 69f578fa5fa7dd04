#include "tip_goodput.h"

#include <assert.h>

#include "tip_frame.h"

enum {
    /* Older experience is halved each time there is more than this. */
    MEMORY_MS = 4 * 1000,
    /* On a quiet line the round trip may be mistaken: a frame took at least
     * this share of the time until its answer. */
    SHARE_MIN = 8,
    /* Less room than this part of a frame is not worth a frame. */
    ROOM_PART = 4
};

void tip_goodput_open(struct tip_goodput *goodput, struct tip_flights *flights)
{
    goodput->round_trip_ms = 0;
    goodput->last_ack_ms = 0;
    tip_flights_forget(flights);
}

void tip_goodput_answered(struct tip_goodput *goodput, uint64_t round_trip_ms)
{
    if (goodput->round_trip_ms == 0 || round_trip_ms < goodput->round_trip_ms) {
        goodput->round_trip_ms = round_trip_ms;
    }
}

void tip_flights_sent(struct tip_flights *flights, uint64_t number,
                      size_t bytes, uint64_t now_ms)
{
    struct tip_flight *last = &flights->items[flights->count];

    if (flights->count == TIP_FLIGHTS_MAX) {
        last--;
        last->number = number;
        last->bytes += bytes;
    } else {
        *last = (struct tip_flight){
            .number = number, .bytes = bytes, .sent_ms = now_ms};
        flights->count++;
    }
    flights->bytes += bytes;
}

void tip_flights_forget(struct tip_flights *flights)
{
    flights->count = 0;
    flights->bytes = 0;
}

/* Take what arrived from @flights; its bytes, and when its first was sent. */
static uint64_t land(struct tip_flights *flights, uint64_t number,
                     uint64_t *out_sent_ms)
{
    uint64_t bytes = 0;
    size_t count = 0;

    *out_sent_ms = flights->items[0].sent_ms;
    while (count < flights->count && flights->items[count].number <= number) {
        bytes += flights->items[count].bytes;
        count++;
    }
    for (size_t i = count; i < flights->count; i++) {
        flights->items[i - count] = flights->items[i];
    }
    flights->count -= count;
    flights->bytes -= bytes;
    return bytes;
}

static void learn(struct tip_goodput *goodput, uint64_t bytes, uint64_t ms)
{
    goodput->busy_bytes += bytes;
    goodput->busy_ms += ms == 0 ? 1 : ms;
    while (goodput->busy_ms > MEMORY_MS) {
        goodput->busy_bytes -= goodput->busy_bytes / 2;
        goodput->busy_ms -= goodput->busy_ms / 2;
    }
}

/* How long the line was busy with what was sent at @sent_ms. */
static uint64_t busy_ms(const struct tip_goodput *goodput, uint64_t sent_ms,
                        uint64_t now_ms)
{
    uint64_t start_ms = sent_ms + goodput->round_trip_ms;
    uint64_t least_ms = (now_ms - sent_ms) / SHARE_MIN;

    if (goodput->last_ack_ms > start_ms) {
        return now_ms - goodput->last_ack_ms;
    }
    return now_ms > start_ms + least_ms ? now_ms - start_ms : least_ms;
}

void tip_goodput_acked(struct tip_goodput *goodput, struct tip_flights *flights,
                       uint64_t number, uint64_t now_ms)
{
    uint64_t sent_ms;
    uint64_t bytes = land(flights, number, &sent_ms);

    if (bytes == 0) {
        return;
    }
    assert(now_ms >= sent_ms);
    if (bytes >= TIP_GOODPUT_SAMPLE_BYTES) {
        learn(goodput, bytes, busy_ms(goodput, sent_ms, now_ms));
    }
    tip_goodput_answered(goodput, now_ms - sent_ms);
    goodput->last_ack_ms = now_ms;
}

uint64_t tip_goodput_bps(const struct tip_goodput *goodput)
{
    return goodput->busy_ms == 0
               ? 0
               : goodput->busy_bytes * 1000 / goodput->busy_ms;
}

/* What passes in the time aimed at. */
static uint64_t target_bytes(const struct tip_goodput *goodput)
{
    uint64_t bps = tip_goodput_bps(goodput);

    return (bps == 0 ? TIP_GOODPUT_START_BPS : bps) * TIP_GOODPUT_TARGET_MS /
           1000;
}

size_t tip_goodput_frame_bytes(const struct tip_goodput *goodput)
{
    uint64_t bytes = target_bytes(goodput);

    if (goodput->fixed_bytes != 0) {
        return goodput->fixed_bytes;
    }
    if (bytes < TIP_GOODPUT_FRAME_MIN) {
        return TIP_GOODPUT_FRAME_MIN;
    }
    return bytes < TIP_FRAME_BYTES_MAX ? (size_t)bytes : TIP_FRAME_BYTES_MAX;
}

size_t tip_goodput_room(const struct tip_goodput *goodput, uint64_t in_flight)
{
    uint64_t bytes = target_bytes(goodput);
    size_t frame = tip_goodput_frame_bytes(goodput);
    uint64_t room = bytes > in_flight ? bytes - in_flight : 0;

    if (in_flight == 0 || goodput->fixed_bytes != 0) {
        return SIZE_MAX;
    }
    return room < frame / ROOM_PART ? 0 : (size_t)room;
}

uint64_t tip_goodput_eta_ms(const struct tip_goodput *goodput, uint64_t bytes)
{
    uint64_t bps = tip_goodput_bps(goodput);

    return bps == 0 ? 0 : bytes * 1000 / bps;
}
