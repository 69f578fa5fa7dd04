#include "tip_hlc.h"

#include <assert.h>
#include <stddef.h>

#include "tip_clock.h"

struct tip_stamp tip_stamp_make(uint64_t unix_ms, uint32_t tick)
{
    uint64_t since_epoch_ms =
        unix_ms > TIP_STAMP_EPOCH_MS ? unix_ms - TIP_STAMP_EPOCH_MS : 0;

    assert(tick <= TIP_STAMP_TICK_MAX);
    return (struct tip_stamp){since_epoch_ms << TIP_STAMP_TICK_BITS | tick};
}

uint64_t tip_stamp_unix_ms(struct tip_stamp stamp)
{
    return (stamp.packed >> TIP_STAMP_TICK_BITS) + TIP_STAMP_EPOCH_MS;
}

int tip_stamp_compare(struct tip_stamp a, struct tip_stamp b)
{
    return (a.packed > b.packed) - (a.packed < b.packed);
}

static uint64_t wall_ms(const struct tip_hlc *hlc)
{
    return hlc->clock->now_ms(hlc->clock);
}

void tip_hlc_init(struct tip_hlc *hlc, const struct tip_clock *clock,
                  uint64_t skew_ms_max)
{
    assert(clock != NULL);
    assert(clock->now_ms != NULL);

    *hlc = (struct tip_hlc){
        .clock = clock,
        .skew_ms_max = skew_ms_max,
    };
}

void tip_hlc_restore(struct tip_hlc *hlc, struct tip_stamp ceiling)
{
    /* No skew check here, unlike in tip_hlc_observe(). An office whose battery
     * clock died boots in 1970 with good stamps on disk; refusing them would
     * let it issue stamps it has already used. */
    if (tip_stamp_compare(hlc->last, ceiling) < 0) {
        hlc->last = ceiling;
    }
    hlc->ceiling = ceiling;
}

struct tip_stamp tip_hlc_issue(struct tip_hlc *hlc)
{
    struct tip_stamp now = tip_stamp_make(wall_ms(hlc), 0);

    /* When ticks run out the sum carries into the next millisecond. A million
     * changes within one is a bulk import, and stalling the writer there costs
     * more than a stamp that runs a little ahead. */
    hlc->last.packed =
        now.packed > hlc->last.packed ? now.packed : hlc->last.packed + 1;
    if (tip_stamp_compare(hlc->last, hlc->ceiling) > 0) {
        hlc->ceiling = tip_stamp_make(
            tip_stamp_unix_ms(hlc->last) + TIP_HLC_CEILING_MS, 0);
    }
    return hlc->last;
}

enum tip_err tip_hlc_observe(struct tip_hlc *hlc, struct tip_stamp remote)
{
    uint64_t now_ms = wall_ms(hlc);
    uint64_t remote_ms = tip_stamp_unix_ms(remote);

    /* Stamps never move back, so one office with a wrong year would drag all
     * the others there for good. Its changes are kept; its clock is not
     * believed. */
    if (remote_ms > now_ms && remote_ms - now_ms > hlc->skew_ms_max) {
        return TIP_ESKEW;
    }
    if (tip_stamp_compare(hlc->last, remote) < 0) {
        hlc->last = remote;
    }
    return TIP_OK;
}
