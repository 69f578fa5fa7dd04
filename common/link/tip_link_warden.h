/*
 * The life of a link child, seen from the main process.
 *
 *          spawn                 READY
 *   DEAD ---------> STARTING -----------> RUNNING
 *    ^                 |                     |
 *    '-- FAILED, died, too slow --'          |
 *    '-- died, malformed packet, silent -----'
 *
 * RUNNING: the child has the allow-list as it stands. In the others nobody is
 * up. DEAD lasts from 100 ms to 30 s, doubling while children do not last.
 */
#ifndef TIP_LINK_WARDEN_H
#define TIP_LINK_WARDEN_H

#include "tip_clock.h"
#include "tip_link_line.h"
#include "tip_link_roster.h"
#include "tip_link_zmq.h"

enum tip_link_warden_state {
    TIP_LINK_WARDEN_DEAD,
    TIP_LINK_WARDEN_STARTING,
    TIP_LINK_WARDEN_RUNNING
};

/** Zero before use, but for the first block, which the owner sets. */
struct tip_link_warden {
    const struct tip_clock *clock; /* Borrowed, as all of this block. */
    const uint8_t *secret_key;
    const char *child_path;
    char *const *child_argv;
    struct tip_link_setup setup; /* But for the secret key. */
    struct tip_link_line line;   /* Open. */
    enum tip_link_warden_state state;
    uint64_t since_ms; /* Of the state. */
    uint64_t heard_ms; /* The last packet of the child. */
    bool is_probed;    /* Asked since. */
    uint32_t deaths;   /* In a row. */
    bool is_resting;   /* A node's children are told not to call. */
    struct tip_link_zmq_status status;
    struct tip_link_roster roster;
    uint8_t packet[TIP_LINK_TALK_BYTES_MAX]; /* To build one in. */
};

/** Start the first child and wait until it can work, or says why it cannot:
 * TIP_ELINK_ADDRESS, TIP_ELINK_OPTION, TIP_ELINK_CHILD, TIP_ENOMEM. */
TIP_MUST_USE enum tip_err tip_link_warden_start(struct tip_link_warden *warden);

/** Take one event without waiting, if there is one, and see to the child. */
void tip_link_warden_poll(struct tip_link_warden *warden,
                          struct tip_link_event *out_event);

/** Say @talk if the child has room: TIP_EAGAIN. TIP_EIO: it is gone. */
TIP_MUST_USE enum tip_err tip_link_warden_put(struct tip_link_warden *warden,
                                              const struct tip_link_talk *talk);

/** Say what must not be lost. A child that does not read 200 KiB of small talk
 * is stuck and ended; a fresh one gets the list as it stands. */
void tip_link_warden_insist(struct tip_link_warden *warden,
                            const struct tip_link_talk *talk);

/** Give the child the allow-list as it stands. */
void tip_link_warden_update(struct tip_link_warden *warden);

/** Make the line's wake_fd readable when poll has something to do. */
void tip_link_warden_set_alarm(struct tip_link_warden *warden);

/** Milliseconds of the stopwatch. */
uint64_t tip_link_warden_ms(const struct tip_link_warden *warden);

#endif /* TIP_LINK_WARDEN_H */
