/*
 * What everybody must obey: the entries of the control log, channel CTL.
 *
 * Only the hub writes it. An entry has a commit of the national order, so it is
 * known what came before and after it; every node has all of them, in that
 * order and without a hole. A checkpoint of another channel names how many of
 * them must be applied before it. Entries of a kind that a node does not know
 * are kept as they came. Plain data.
 */
#ifndef TIP_CTL_H
#define TIP_CTL_H

#include "tip_frame.h"
#include "tip_id.h"

enum { TIP_CTL_KEY_SIZE = 32 };

/* Numbers are on the wire and on disk: append only. */
enum tip_ctl_kind {
    TIP_CTL_OPEN = 1,       /* A feed begins. */
    TIP_CTL_CLOSE = 2,      /* …and ends: nothing past @head is merged. */
    TIP_CTL_REVOKE = 3,     /* Of a device: nothing past @seq is trusted. */
    TIP_CTL_ERASE = 4,      /* A record is erased by law. */
    TIP_CTL_GENERATION = 5, /* The hub was restored. */
    TIP_CTL_RETIRE = 6      /* A device is used no more; its work stays good. */
};

/** A feed begins. */
struct tip_ctl_open {
    uint32_t origin;
    uint32_t office;
    uint32_t continues; /* The origin it goes on from; 0: a new device. */
    uint64_t up_to;     /* …having seen that one's change-sets up to here. */
    uint64_t start;     /* Its first change-set is the one behind. */
    uint8_t sign[TIP_CTL_KEY_SIZE]; /* Public keys of the device. */
    uint8_t box[TIP_CTL_KEY_SIZE];
    uint8_t curve[TIP_CTL_KEY_SIZE];
};

/** A feed ends at @head. */
struct tip_ctl_close {
    uint32_t origin;
    struct tip_head head;
};

struct tip_ctl_revoke {
    uint32_t origin;
    uint64_t seq;
};

/** The device of @origin, its first, is used no more. */
struct tip_ctl_retire {
    uint32_t origin;
};

/** Commits of @generation follow @follows; later ones of the generation before
 * are void. */
struct tip_ctl_generation {
    uint32_t generation;
    uint64_t follows;
};

/** A record is erased: its names and when that was decided (Unix), no more. By
 * its birth an office that has the record no more finds it in its frames. */
struct tip_ctl_erase {
    struct tip_id record;
    uint64_t decided_ms;
    uint64_t birth_commit; /* 0: it was never born. */
    uint32_t birth_index;
};

/** One entry. */
struct tip_ctl {
    enum tip_ctl_kind kind;
    union {
        struct tip_ctl_open open;
        struct tip_ctl_close close;
        struct tip_ctl_revoke revoke;
        struct tip_ctl_retire retire;
        struct tip_ctl_erase erase;
        struct tip_ctl_generation generation;
    };
};

#endif /* TIP_CTL_H */
