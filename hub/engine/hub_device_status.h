/* What an administrator is told of a device. */
#ifndef HUB_DEVICE_STATUS_H
#define HUB_DEVICE_STATUS_H

#include <stdbool.h>
#include <stdint.h>

#include "tip_frame.h"
#include "tip_quota.h"
#include "tip_session.h"

/** One office's device as an administrator sees it. Plain data. */
struct hub_device_status {
    uint32_t origin;
    uint32_t office;
    bool is_out;     /* Retired or revoked: it may not call. */
    bool is_retired; /* …the former. */
    bool is_live;
    bool is_missing;    /* Not yet back since the hub was restored. */
    bool is_ahead;      /* Has more than this hub ever gave: see recovery. */
    bool is_sent_again; /* Its records, or some of them… */
    bool is_caught_up;  /* It has confirmed all there is for it. */
    bool knows_erasure; /* Has erased what this hub, restored, has not. */
    bool is_copied; /* Two copies of its disk stand still (hub_clone.h)… */
    bool has_stray; /* …or one that does not go on still runs. */
    uint64_t copy_unsent; /* …with change-sets that are not here; 0: none. */
    enum tip_err trouble; /* Last refusal, until more was taken or is there. */
    enum tip_agreement agreement; /* Does it hold what it should? */
    uint64_t differs_since_ms;    /* Unix; 0: it does. */
    uint64_t again_sent;          /* …so many so far… */
    uint64_t again_count;         /* …of so many, about. */
    uint32_t again_rounds; /* How often since it last held what it should. */
    uint32_t feed; /* The origin it writes under: @origin, or one that goes on
                    * from it since it was restored from a backup… */
    uint64_t continued_up_to; /* …that held its change-sets up to here. */
    uint64_t seq;             /* Newest durable here. */
    uint64_t held_count;      /* Of its change-sets… */
    uint64_t held_for[TIP_HOLD_COUNT]; /* …by reason. */
    struct tip_quota_use use;          /* Of its budget, on the day it says. */
    uint64_t last_heard_ms;            /* Unix; 0: never seen. */
    uint64_t useful_ms;     /* …and moved something, or had nothing to. */
    uint64_t unmoved_ms;    /* So long it has taken no more of what it was
                             * sent; 0: it has all. */
    uint64_t said_ms;       /* When it said last how it is, Unix; 0: never… */
    uint64_t saved_ms;      /* …and what it has saved, perhaps on a stick. */
    uint64_t saved;         /* Its newest seq, as it said then. */
    uint64_t waiting_count; /* What of that is not here. */
    uint64_t waiting_ms;    /* Age of the oldest of it, as it said. */
    int64_t clock_offset_ms; /* Its clock minus ours, as it said. */
    uint64_t checkpoint;     /* Newest it has confirmed; 0: not known. */
    uint64_t ref_checkpoint; /* …and of REF. */
    uint64_t erased;         /* The newest erasure it has carried out whole. */
    char version[32];
    uint64_t bad_messages;
    uint64_t edits;           /* Taken in since the hub was started. */
    uint64_t goodput_bps;     /* What its line carries down; 0: not known. */
    uint64_t round_trip_ms;   /* …and its shortest round trip; 0: the same. */
    uint64_t resent_bytes;    /* Down, since the hub was started. */
    uint64_t records;         /* That it should hold; 0: not counted. */
    struct tip_health health; /* What it said of itself. */
};

struct hub_engine;

/** Say how each device is, one row however often it was restored. */
size_t hub_engine_devices(struct hub_engine *engine,
                          struct hub_device_status *out_devices, size_t max);

/** Of device @origin: how often it said it gives a sign of life (0: it did
 * not), and whether it has sent more today than it may. */
uint32_t hub_engine_heartbeat_ms(struct hub_engine *engine, uint32_t origin);
bool hub_engine_is_over_quota(struct hub_engine *engine, uint32_t origin);

/** Does the hub, since it was restored, still wait for what was lost, from
 * device @origin or at all? Its sticks are not filled, and its work waits. */
bool hub_engine_is_owed(struct hub_engine *engine, uint32_t origin);

/** Make durable what devices said of themselves, if that has changed: for a
 * minute that is over, and the end. As hub_engine_flush(). */
TIP_MUST_USE enum tip_err hub_engine_keep(struct hub_engine *engine);

#endif /* HUB_DEVICE_STATUS_H */
