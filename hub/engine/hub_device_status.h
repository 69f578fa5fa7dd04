/* What an administrator is told of a device. Plain data. */
#ifndef HUB_DEVICE_STATUS_H
#define HUB_DEVICE_STATUS_H

#include <stdbool.h>
#include <stdint.h>

#include "tip_frame.h"
#include "tip_quota.h"
#include "tip_session.h"

/** One office's device as an administrator sees it. */
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
    uint32_t catalogue;
    uint64_t seq;  /* Newest durable here. */
    uint32_t feed; /* The origin it writes under: @origin, or one that goes on
                    * from it since it was restored from a backup… */
    uint64_t continued_up_to; /* …that held its change-sets up to here. */
    uint64_t held_count;      /* Of its change-sets… */
    uint64_t held_for[TIP_HOLD_COUNT]; /* …by reason. */
    struct tip_quota_use use;          /* Of its budget, on the day it says. */
    uint64_t last_heard_ms;            /* Unix; 0: never seen. */
    uint64_t useful_ms;      /* …and moved something, or had nothing to. */
    uint64_t unmoved_ms;     /* So long it has taken no more of what it was
                              * sent; 0: it has all. */
    uint64_t saved;          /* Its newest seq, as it said in its last HELLO. */
    uint64_t waiting_count;  /* What of that is not here. */
    uint64_t waiting_ms;     /* Age of the oldest of it, at that HELLO. */
    int64_t clock_offset_ms; /* Its clock minus ours, at its last HELLO. */
    uint64_t checkpoint;     /* Newest it has confirmed; 0: not known. */
    uint64_t ref_checkpoint; /* …and of REF. */
    uint64_t erased;         /* The newest erasure it has carried out whole. */
    uint64_t disk_used_bytes;
    uint64_t disk_limit_bytes;
    char version[32];
    uint64_t bad_messages;
    uint64_t edits;           /* Taken in since the hub was started. */
    uint64_t goodput_bps;     /* What its line carries down; 0: not known. */
    uint64_t round_trip_ms;   /* …and its shortest round trip; 0: the same. */
    uint64_t resent_bytes;    /* Down, since the hub was started. */
    uint64_t records;         /* That it should hold; 0: not counted. */
    struct tip_health health; /* What it said of itself. */
};

#endif /* HUB_DEVICE_STATUS_H */
