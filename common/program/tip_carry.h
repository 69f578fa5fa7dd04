/*
 * Bundles as commands of the daemon: what is the same at node and hub.
 *
 * An export goes out as it is made. An import is kept beside the store until it
 * was read to its end and proved whole; only then the first frame is given to
 * the engine, and each piece is durable before the next.
 */
#ifndef TIP_CARRY_H
#define TIP_CARRY_H

#include "tip_bundle.h"
#include "tip_daemon.h"
#include "tip_reply.h"
#include "tip_request.h"

/** The program's side; all borrowed. */
struct tip_carrier {
    const struct tip_device_keys *keys;
    struct tip_daemon *daemon;

    /** Whose bundle is it? The maker's box key, or why it is refused. */
    enum tip_err (*maker)(struct tip_carrier *self,
                          const struct tip_bundle_head *head,
                          struct tip_box_public *out_maker);

    /** The bundle is proved. Take what its head says. */
    enum tip_err (*take_head)(struct tip_carrier *self,
                              const struct tip_bundle_head *head);

    /** Take a frame. TIP_EEXISTS: it was here. */
    enum tip_err (*take_frame)(struct tip_carrier *self,
                               struct tip_bytes frame);

    /** Borrow the next frame to export. TIP_ENOTFOUND: that was all. */
    enum tip_err (*next_frame)(struct tip_carrier *self,
                               struct tip_bytes *out_frame);
};

/** A bundle on its way out. Caller-allocated on the heap. */
struct tip_carry_out {
    struct tip_carrier *carrier;
    struct tip_bundle_writer writer;
    bool has_ended;
    struct tip_buf out; /* Made, and… */
    size_t sent;        /* …said so far. */
    uint8_t memory[TIP_BUNDLE_START_SIZE +
                   2 * (TIP_BUNDLE_LENGTH_SIZE + TIP_BUNDLE_PART_BYTES_MAX)];
};

/** Start a bundle of @head to @recipient. */
TIP_MUST_USE enum tip_err
tip_carry_out_begin(struct tip_carry_out *export,
                    const struct tip_bundle_head *head,
                    const struct tip_box_public *recipient);

/** Go on. TIP_EAGAIN: call again; TIP_OK: all was said. */
TIP_MUST_USE enum tip_err tip_carry_out_step(struct tip_carry_out *export,
                                             struct tip_reply *reply);

enum tip_carry_phase {
    TIP_CARRY_KEEPING, /* The file is coming. */
    TIP_CARRY_PROVING, /* It is read to its end. */
    TIP_CARRY_TAKING,
    TIP_CARRY_DONE
};

/** A bundle on its way in. Caller-allocated on the heap. */
struct tip_carry_in {
    struct tip_carrier *carrier;
    enum tip_carry_phase phase;
    int fd;         /* Beside the store; -1: not open yet. */
    uint64_t bytes; /* Of the file, as far as it has come. */
    bool is_ours;   /* As its start says. */
    struct tip_bundle_reader reader;
    struct tip_bundle_head head;
    struct tip_box_public maker;
    uint64_t taken, known; /* Frames. */
    uint64_t ticket;       /* Of the piece before; 0: none. */
    uint8_t part[TIP_BUNDLE_PART_BYTES_MAX];
};

/** Begin or go on. TIP_EAGAIN: call again; TIP_OK: all is durable. TIP_EBUNDLE,
 * TIP_EBUNDLE_OTHER: nothing was taken. */
TIP_MUST_USE enum tip_err tip_carry_in_step(struct tip_carry_in *import,
                                            struct tip_request *request,
                                            struct tip_reply *reply);

/** One command that carries: the first member of the program's own job. Either
 * half is used. Secret. */
struct tip_carry_job {
    struct tip_carrier carrier; /* First member, so the casts are valid. */
    struct tip_carry_out out;
    struct tip_carry_in in;
    size_t size; /* Of the program's job. */
};

/** Give @request a job of @size zero bytes that begins with a tip_carry_job and
 * is wiped when the command ends. Its carrier is @carrier. TIP_ENOMEM. */
TIP_MUST_USE enum tip_err tip_carry_job_new(struct tip_request *request,
                                            size_t size,
                                            const struct tip_carrier *carrier);

#endif /* TIP_CARRY_H */
