#include "sim_memo.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "sim_memo_internal.h"
#include "tip_envelope.h"
#include "tip_frame_seal.h"
#include "tip_hash.h"
#include "tip_inspect_internal.h"
#include "tip_primitive.h"

static bool remembers;

/* What a frame that follows makes of a walk. */
struct stand {
    struct tip_head head;
    uint32_t origin;
};

/* The linker's names.
 * NOLINTBEGIN(bugprone-reserved-identifier,readability-identifier-naming) */
void __real_tip_primitive_sign(enum tip_context context,
                               const uint8_t secret[TIP_SIGN_SECRET_SIZE],
                               struct tip_bytes message,
                               uint8_t out_signature[TIP_SIGNATURE_SIZE]);
void __wrap_tip_primitive_sign(enum tip_context context,
                               const uint8_t secret[TIP_SIGN_SECRET_SIZE],
                               struct tip_bytes message,
                               uint8_t out_signature[TIP_SIGNATURE_SIZE]);
enum tip_err __real_tip_primitive_verify(
    enum tip_context context, const uint8_t public_key[TIP_SIGN_PUBLIC_SIZE],
    struct tip_bytes message, const uint8_t signature[TIP_SIGNATURE_SIZE]);
enum tip_err __wrap_tip_primitive_verify(
    enum tip_context context, const uint8_t public_key[TIP_SIGN_PUBLIC_SIZE],
    struct tip_bytes message, const uint8_t signature[TIP_SIGNATURE_SIZE]);
enum tip_err
__real_tip_primitive_exchange(const uint8_t secret[TIP_KEY_SIZE],
                              const uint8_t public_key[TIP_KEY_SIZE],
                              uint8_t out_shared[TIP_KEY_SIZE]);
enum tip_err
__wrap_tip_primitive_exchange(const uint8_t secret[TIP_KEY_SIZE],
                              const uint8_t public_key[TIP_KEY_SIZE],
                              uint8_t out_shared[TIP_KEY_SIZE]);
enum tip_err __real_tip_envelope_verify_left(
    const struct tip_sign_public *signer,
    const struct tip_sign_public *redactor,
    const struct tip_frame_header *header, const struct tip_wire_frame *parts,
    const struct tip_head *previous, struct tip_head *out_head);
enum tip_err __wrap_tip_envelope_verify_left(
    const struct tip_sign_public *signer,
    const struct tip_sign_public *redactor,
    const struct tip_frame_header *header, const struct tip_wire_frame *parts,
    const struct tip_head *previous, struct tip_head *out_head);
enum tip_err __real_tip_frame_open(const struct tip_frame_key *key,
                                   const struct tip_frame_place *place,
                                   struct tip_bytes header,
                                   struct tip_bytes sealed, uint8_t *out);
enum tip_err __wrap_tip_frame_open(const struct tip_frame_key *key,
                                   const struct tip_frame_place *place,
                                   struct tip_bytes header,
                                   struct tip_bytes sealed, uint8_t *out);
void __real_tip_digest_make(const struct tip_digest_key *key,
                            struct tip_bytes bytes,
                            struct tip_digest *out_digest);
void __wrap_tip_digest_make(const struct tip_digest_key *key,
                            struct tip_bytes bytes,
                            struct tip_digest *out_digest);
enum tip_err __real_tip_inspect_follow(struct tip_inspect_walk *walk,
                                       uint64_t number, struct tip_bytes row);
enum tip_err __wrap_tip_inspect_follow(struct tip_inspect_walk *walk,
                                       uint64_t number, struct tip_bytes row);
void sim_memo_use(bool remember)
{
    sim_recall_clear();
    remembers = remember;
}

bool sim_memo_find(const struct sim_print *print, struct sim_result *out_result)
{
    return remembers && sim_recall_find(print, out_result);
}

void sim_memo_keep(const struct sim_print *print, const void *bytes,
                   size_t size)
{
    sim_recall_keep(print, (struct sim_result){
                               .err = TIP_OK, .bytes = tip_bytes(bytes, size)});
}

/* What stands for the signature of @message while things are remembered. */
static void stand_in(enum tip_context context, const uint8_t *public_key,
                     struct tip_bytes message,
                     uint8_t out_signature[TIP_SIGNATURE_SIZE])
{
    struct sim_print print = sim_print_of(SIM_MEMO_SIGN);

    sim_print_number(&print, (uint64_t)context);
    sim_print_bytes(&print, tip_bytes(public_key, TIP_SIGN_PUBLIC_SIZE));
    sim_print_bytes(&print, message);
    for (size_t done = 0; done < TIP_SIGNATURE_SIZE;
         done += sizeof print.lanes) {
        sim_print_bytes(&print, TIP_BYTES_NONE);
        memcpy(out_signature + done, print.lanes, sizeof print.lanes);
    }
}

/* The second half of libsodium's secret key is the public one. */
void __wrap_tip_primitive_sign(enum tip_context context,
                               const uint8_t secret[TIP_SIGN_SECRET_SIZE],
                               struct tip_bytes message,
                               uint8_t out_signature[TIP_SIGNATURE_SIZE])
{
    if (remembers) {
        stand_in(context, secret + TIP_SIGN_SECRET_SIZE - TIP_SIGN_PUBLIC_SIZE,
                 message, out_signature);
        return;
    }
    __real_tip_primitive_sign(context, secret, message, out_signature);
}

enum tip_err __wrap_tip_primitive_verify(
    enum tip_context context, const uint8_t public_key[TIP_SIGN_PUBLIC_SIZE],
    struct tip_bytes message, const uint8_t signature[TIP_SIGNATURE_SIZE])
{
    uint8_t expected[TIP_SIGNATURE_SIZE];

    if (remembers) {
        stand_in(context, public_key, message, expected);
        if (memcmp(signature, expected, sizeof expected) == 0) {
            return TIP_OK;
        }
    }
    return __real_tip_primitive_verify(context, public_key, message, signature);
}

enum tip_err
__wrap_tip_primitive_exchange(const uint8_t secret[TIP_KEY_SIZE],
                              const uint8_t public_key[TIP_KEY_SIZE],
                              uint8_t out_shared[TIP_KEY_SIZE])
{
    struct sim_print print = sim_print_of(SIM_MEMO_EXCHANGE);
    struct sim_result result;
    enum tip_err err;

    sim_print_bytes(&print, tip_bytes(secret, TIP_KEY_SIZE));
    sim_print_bytes(&print, tip_bytes(public_key, TIP_KEY_SIZE));
    if (sim_memo_find(&print, &result)) {
        memcpy(out_shared, result.bytes.data, result.bytes.size);
        return TIP_OK;
    }
    err = __real_tip_primitive_exchange(secret, public_key, out_shared);
    if (err == TIP_OK) {
        sim_memo_keep(&print, out_shared, TIP_KEY_SIZE);
    }
    return err;
}

/* Plain data whole; what stands between its members may cost a recollection,
 * but never makes a wrong one. */
#define PRINT_DATA(print, data) \
    sim_print_bytes(print, tip_bytes((const uint8_t *)(data), sizeof *(data)))

static void print_parts(struct sim_print *print,
                        const struct tip_wire_frame *parts)
{
    sim_print_bytes(print, parts->header);
    sim_print_bytes(print, parts->body);
    sim_print_bytes(print, parts->signature);
    sim_print_bytes(print, parts->past.header);
    sim_print_bytes(print, parts->past.body_hash);
    sim_print_bytes(print, parts->past.signature);
}

enum tip_err __wrap_tip_envelope_verify_left(
    const struct tip_sign_public *signer,
    const struct tip_sign_public *redactor,
    const struct tip_frame_header *header, const struct tip_wire_frame *parts,
    const struct tip_head *previous, struct tip_head *out_head)
{
    struct sim_print print = sim_print_of(SIM_MEMO_FOLLOW);
    struct sim_result result;
    enum tip_err err;

    PRINT_DATA(&print, signer);
    PRINT_DATA(&print, redactor);
    PRINT_DATA(&print, header);
    print_parts(&print, parts);
    PRINT_DATA(&print, previous);
    if (sim_memo_find(&print, &result)) {
        memcpy(out_head, result.bytes.data, result.bytes.size);
        return TIP_OK;
    }
    err = __real_tip_envelope_verify_left(signer, redactor, header, parts,
                                          previous, out_head);
    if (err == TIP_OK) {
        sim_memo_keep(&print, out_head, sizeof *out_head);
    }
    return err;
}

enum tip_err __wrap_tip_frame_open(const struct tip_frame_key *key,
                                   const struct tip_frame_place *place,
                                   struct tip_bytes header,
                                   struct tip_bytes sealed, uint8_t *out)
{
    struct sim_print print = sim_print_of(SIM_MEMO_OPEN);
    struct sim_result result;
    enum tip_err err;

    PRINT_DATA(&print, key);
    PRINT_DATA(&print, place);
    sim_print_bytes(&print, header);
    sim_print_bytes(&print, sealed);
    if (sim_memo_find(&print, &result)) {
        memcpy(out, result.bytes.data, result.bytes.size);
        return TIP_OK;
    }
    err = __real_tip_frame_open(key, place, header, sealed, out);
    if (err == TIP_OK) {
        sim_memo_keep(&print, out, sealed.size - TIP_FRAME_SEAL_OVERHEAD);
    }
    return err;
}

void __wrap_tip_digest_make(const struct tip_digest_key *key,
                            struct tip_bytes bytes,
                            struct tip_digest *out_digest)
{
    struct sim_print print = sim_print_of(SIM_MEMO_DIGEST);
    struct sim_result result;

    PRINT_DATA(&print, key);
    sim_print_bytes(&print, bytes);
    if (sim_memo_find(&print, &result)) {
        memcpy(out_digest, result.bytes.data, result.bytes.size);
        return;
    }
    __real_tip_digest_make(key, bytes, out_digest);
    sim_memo_keep(&print, out_digest, sizeof *out_digest);
}

static struct sim_print print_walk(const struct tip_inspect_walk *walk)
{
    const struct tip_inspect_chain *chain = walk->chain;
    struct sim_print print = sim_print_of(SIM_MEMO_INSPECT);

    sim_print_number(&print, chain->table);
    sim_print_number(&print, chain->office);
    PRINT_DATA(&print, chain->signer);
    PRINT_DATA(&print, chain->redactor);
    sim_print_bytes(&print, tip_bytes((const uint8_t *)chain->keys,
                                      chain->key_count * sizeof *chain->keys));
    sim_print_number(&print, walk->origin);
    PRINT_DATA(&print, &walk->head);
    return print;
}

/* Who walks clears the arena behind each frame, so what is decoded there, to
 * see that it does, is missed by nobody. */
enum tip_err __wrap_tip_inspect_follow(struct tip_inspect_walk *walk,
                                       uint64_t number, struct tip_bytes row)
{
    struct sim_print print = print_walk(walk);
    struct sim_result result;
    struct stand stand = {.origin = 0};
    enum tip_err err;

    sim_print_number(&print, number);
    sim_print_bytes(&print, row);
    if (sim_memo_find(&print, &result)) {
        memcpy(&stand, result.bytes.data, result.bytes.size);
        walk->head = stand.head;
        walk->origin = stand.origin;
        return TIP_OK;
    }
    err = __real_tip_inspect_follow(walk, number, row);
    if (err == TIP_OK) {
        stand = (struct stand){.head = walk->head, .origin = walk->origin};
        sim_memo_keep(&print, &stand, sizeof stand);
    }
    return err;
}

/* NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming) */
