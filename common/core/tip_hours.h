/*
 * What a line carried in each of the last 24 hours, and whether the other side
 * was heard in it: "bytes in a day", and a strip that shows an office which is
 * there each morning from one that has gone for good.
 *
 * Hours are whole ones of a clock that people set. One that is set back by less
 * than a day goes on in the hour it had; anything else begins anew.
 *
 * Plain data; reads no clock. Times are Unix milliseconds.
 */
#ifndef TIP_HOURS_H
#define TIP_HOURS_H

#include <stdbool.h>
#include <stdint.h>

enum {
    TIP_HOURS = 24,
    TIP_HOURS_SLOTS = 8,                           /* Of the strip. */
    TIP_HOURS_STRIP_SIZE = TIP_HOURS_SLOTS * 3 + 1 /* UTF-8. */
};

struct tip_hour {
    uint64_t up_bytes; /* From an office to the hub. */
    uint64_t down_bytes;
    bool is_heard;
};

/** Zero to start. */
struct tip_hours {
    uint64_t newest;                  /* Hour since 1970. */
    struct tip_hour hours[TIP_HOURS]; /* Hour h at h modulo TIP_HOURS. */
};

/** Time passes. True: an hour has begun, those before it will not change. */
bool tip_hours_pass(struct tip_hours *hours, uint64_t now_ms);

/** In the newest hour so much more was carried. */
void tip_hours_carry(struct tip_hours *hours, uint64_t up_bytes,
                     uint64_t down_bytes);

/** The other side was heard at @heard_ms, which is not in the future. Forgotten
 * if it is more than a day ago. */
void tip_hours_hear(struct tip_hours *hours, uint64_t heard_ms);

/** All hours together; is_heard means nothing. */
struct tip_hour tip_hours_sum(const struct tip_hours *hours);

/** In how many of them it was heard. */
uint32_t tip_hours_heard(const struct tip_hours *hours);

/** The last day in eight steps of three hours, the newest last: ▁ not heard,
 * ▄ in some hours of the three, █ in each. */
void tip_hours_strip(const struct tip_hours *hours,
                     char out_text[TIP_HOURS_STRIP_SIZE]);

#endif /* TIP_HOURS_H */
