/*
 * The three letters by which a device is let in, carried by any hand.
 *
 *     invitation   hub to office   who the hub is, and a one-time secret
 *     request      office to hub   the device's public keys; its operational
 *                                  secret, sealed to the hub
 *     approval     hub to office   certificates, and the secret of REF, sealed
 *                                  to the device
 *
 * Request and approval carry a tag under the one-time secret, so nobody who
 * does not hold the paper takes part; both screens show one fingerprint over
 * the keys of both devices. Bytes in, bytes out: no file, no store, no clock.
 * Letters are text of common/program/tip_armour.h.
 */
#ifndef TIP_ENROL_H
#define TIP_ENROL_H

#include <stdint.h>

#include "tip_box.h"
#include "tip_buf.h"
#include "tip_bytes.h"
#include "tip_certificate.h"
#include "tip_err.h"
#include "tip_fingerprint.h"
#include "tip_frame.h"
#include "tip_frame_seal.h"
#include "tip_invite.h"
#include "tip_keys.h"
#include "tip_office_key.h"

enum {
    TIP_ENROL_NAME_SIZE = 128, /* Of an office, with its terminator. */
    TIP_ENROL_ADDRESSES_SIZE = 512,
    TIP_ENROL_LETTER_BYTES_MAX = 8 * 1024, /* As text. */
    TIP_ENROL_BYTES_MAX = 4 * 1024,        /* Without armour. */
    TIP_ENROL_BOX_SIZE = TIP_OPERATIONAL_SECRET_SIZE + TIP_BOX_OVERHEAD
};

/** Holds a secret: wipe it. */
struct tip_invitation {
    uint64_t number;
    uint64_t expires_ms; /* Unix, by the hub's clock, which alone decides. */
    uint32_t office;
    uint32_t origin;    /* Kept for the device that answers. */
    uint32_t key_epoch; /* Of the secrets that it makes. */
    uint32_t hub_origin;
    struct tip_invite_secret secret;
    struct tip_device_public hub;
    struct tip_registrar_public registrar;
    char name[TIP_ENROL_NAME_SIZE];
    char addresses[TIP_ENROL_ADDRESSES_SIZE]; /* "host:port, …". */
};

/** Append the letter. @words stand above it, for people. */
void tip_invitation_write(const struct tip_invitation *invitation,
                          const char *words, struct tip_buf *out);

/** TIP_EMALFORMED: no invitation, or damaged. */
TIP_MUST_USE enum tip_err
tip_invitation_read(struct tip_bytes letter,
                    struct tip_invitation *out_invitation);

/** What a device asks for. Plain data. */
struct tip_enrol_request {
    uint64_t number; /* Of the invitation. */
    struct tip_device_public device;
    uint8_t office_key[TIP_OFFICE_KEY_SIZE]; /* Its announcement. */
    uint8_t operational[TIP_ENROL_BOX_SIZE]; /* Sealed to the hub. */
};

/** A letter that was read; borrows nothing. */
struct tip_enrol_letter {
    uint8_t memory[TIP_ENROL_BYTES_MAX];
    struct tip_bytes message; /* What the tag is of, in @memory. */
    struct tip_invite_tag tag;
};

/** Append the letter with its tag under @secret. */
void tip_enrol_request_write(const struct tip_enrol_request *request,
                             const struct tip_invite_secret *secret,
                             const char *words, struct tip_buf *out);

/** Read a request; believe it after tip_enrol_letter_check(). TIP_EMALFORMED.
 */
TIP_MUST_USE enum tip_err
tip_enrol_request_read(struct tip_bytes text,
                       struct tip_enrol_letter *out_letter,
                       struct tip_enrol_request *out_request);

/** What the hub answers. Plain data. */
struct tip_enrol_approval {
    uint64_t number; /* Of the invitation. */
    uint32_t key_epoch;
    /* Its own channel begins behind this frame, which came before its time;
     * number 0: with the first. */
    struct tip_head joined;
    uint32_t generation; /* …which was cut in this one, or before. */
    uint8_t device[TIP_CERTIFICATE_SIZE];
    uint8_t hub[TIP_CERTIFICATE_SIZE];
    uint8_t ref[TIP_ENROL_BOX_SIZE]; /* Secret of REF, sealed to the device. */
};

void tip_enrol_approval_write(const struct tip_enrol_approval *approval,
                              const struct tip_invite_secret *secret,
                              const char *words, struct tip_buf *out);

TIP_MUST_USE enum tip_err
tip_enrol_approval_read(struct tip_bytes text,
                        struct tip_enrol_letter *out_letter,
                        struct tip_enrol_approval *out_approval);

/** Was the letter made by whoever holds @secret of invitation @number?
 * TIP_EMAC. */
TIP_MUST_USE enum tip_err
tip_enrol_letter_check(const struct tip_enrol_letter *letter,
                       const struct tip_invite_secret *secret,
                       enum tip_invite_side side, uint64_t number);

/** Seal or open @secret for invitation @number, going @side's way. Errors of
 * tip_box_seal() and tip_box_open(). */
TIP_MUST_USE enum tip_err
tip_enrol_seal(const struct tip_box_public *recipient,
               enum tip_invite_side side, uint64_t number,
               const struct tip_operational_secret *secret,
               struct tip_random *random, uint8_t out[TIP_ENROL_BOX_SIZE]);
TIP_MUST_USE enum tip_err
tip_enrol_open(const struct tip_device_keys *keys, enum tip_invite_side side,
               uint64_t number, const uint8_t box[TIP_ENROL_BOX_SIZE],
               struct tip_operational_secret *out_secret);

/** The digits both screens show, of @hub and @device. */
void tip_enrol_fingerprint(const struct tip_device_public *hub,
                           const struct tip_device_public *device,
                           char out_text[TIP_FINGERPRINT_TEXT_SIZE]);

#endif /* TIP_ENROL_H */
