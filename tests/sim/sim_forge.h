/*
 * Change-sets and frames that no program of ours would make, signed with the
 * right keys.
 */
#ifndef SIM_FORGE_H
#define SIM_FORGE_H

#include "sim.h"
#include "sim_content.h"

enum { SIM_LIE_PARTS = 2, SIM_LIES_MAX = 40 };

/** One change-set of a liar. Plain data. */
struct sim_lie {
    struct sim_lie_part {
        uint32_t record; /* The oracle's; SIM_NONE: there is none. */
        struct tip_record_ref ref;
        struct sim_content content;
    } parts[SIM_LIE_PARTS];
    size_t count;
    uint64_t base;
    struct tip_stamp stamp;
    enum tip_hold due; /* Why it must wait; TIP_HOLD_NONE: see the oracle. */
    bool is_hopeless;  /* Nobody may let it in. */
};

/** A frame as a message. Plain data. */
struct sim_forged {
    struct tip_frame_header header; /* Change at will before it is closed. */
    struct tip_head previous;
    size_t size;
    uint8_t message[1 + TIP_FRAME_BYTES_MAX];
};

/** Begin the frame that follows what the hub has of the liar's feed. */
void sim_forge_begin(struct sim *sim, struct sim_forged *forged);

/** Write the body of @count change-sets @lies into @buf. False: it does not
 * fit. */
bool sim_forge_pack(struct sim *sim, struct sim_forged *forged,
                    const struct sim_lie *lies, size_t count,
                    struct tip_buf *buf);

/** Seal and sign @body as the content of @forged. False: it does not fit. */
bool sim_forge_close(struct sim *sim, struct sim_forged *forged,
                     struct tip_bytes body);

/** How the hub would read @body of @forged. */
enum tip_err sim_forge_read(struct sim *sim, const struct sim_forged *forged,
                            struct tip_bytes body);

/** The liar's frame with change-set @seq, as the hub keeps it, and the head
 * before it. False: it has none. */
bool sim_forge_find(struct sim *sim, uint64_t seq, struct sim_forged *out);

#endif /* SIM_FORGE_H */
