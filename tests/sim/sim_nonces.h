/*
 * No (key, nonce) twice: every frame that anybody hands to a link is noted with
 * what its nonce is made of.
 */
#ifndef SIM_NONCES_H
#define SIM_NONCES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tip_frame.h"

struct sim_nonces_slot;

/** Caller-allocated; owns its slots. */
struct sim_nonces {
    struct sim_nonces_slot *slots;
    size_t count, capacity;
};

void sim_nonces_clear(struct sim_nonces *nonces);
void sim_nonces_deinit(struct sim_nonces *nonces);

/** Note the frame @bytes of @header. False: another frame had its nonce. */
bool sim_nonces_add(struct sim_nonces *nonces,
                    const struct tip_frame_header *header,
                    struct tip_bytes bytes);

#endif /* SIM_NONCES_H */
