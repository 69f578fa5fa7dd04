#include "sim_memo.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "sim_recall.h"
#include "tip_envelope.h"
#include "tip_frame_seal.h"
#include "tip_hash.h"
#include "tip_primitive.h"

/* The functions of which results are remembered. */
enum function { VERIFY = 1, FOLLOW, OPEN, EXPAND, DIGEST };

enum { TABLES = 8 };

static bool remembers;

/* Tables made from a dictionary, for each of the few there are. */
struct tables {
    const void *dictionary;
    size_t size;
    int level;
    void *made;
};

struct shared {
    struct tables tables[TABLES];
    size_t count;
};

static struct shared packers, expanders;

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
struct ZSTD_CDict_s *__real_ZSTD_createCDict(const void *dictionary,
                                             size_t size, int level);
struct ZSTD_CDict_s *__wrap_ZSTD_createCDict(const void *dictionary,
                                             size_t size, int level);
size_t __wrap_ZSTD_freeCDict(struct ZSTD_CDict_s *tables);
struct ZSTD_DDict_s *__real_ZSTD_createDDict(const void *dictionary,
                                             size_t size);
struct ZSTD_DDict_s *__wrap_ZSTD_createDDict(const void *dictionary,
                                             size_t size);
size_t __wrap_ZSTD_freeDDict(struct ZSTD_DDict_s *tables);
struct ZSTD_DCtx_s;
size_t __real_ZSTD_decompress_usingDDict(struct ZSTD_DCtx_s *expander,
                                         void *out, size_t capacity,
                                         const void *packed, size_t size,
                                         const struct ZSTD_DDict_s *tables);
size_t __wrap_ZSTD_decompress_usingDDict(struct ZSTD_DCtx_s *expander,
                                         void *out, size_t capacity,
                                         const void *packed, size_t size,
                                         const struct ZSTD_DDict_s *tables);

void sim_memo_use(bool remember)
{
    sim_recall_clear();
    remembers = remember;
}

static bool find(const struct sim_print *print, struct sim_result *out_result)
{
    return remembers && sim_recall_find(print, out_result);
}

static void keep_bytes(const struct sim_print *print, const void *bytes,
                       size_t size)
{
    sim_recall_keep(print, (struct sim_result){
                               .err = TIP_OK, .bytes = tip_bytes(bytes, size)});
}

static struct sim_print print_signed(enum tip_context context,
                                     const uint8_t *public_key,
                                     struct tip_bytes message,
                                     const uint8_t *signature)
{
    struct sim_print print = sim_print_of(VERIFY);

    sim_print_number(&print, (uint64_t)context);
    sim_print_bytes(&print, tip_bytes(public_key, TIP_SIGN_PUBLIC_SIZE));
    sim_print_bytes(&print, message);
    sim_print_bytes(&print, tip_bytes(signature, TIP_SIGNATURE_SIZE));
    return print;
}

/* The second half of libsodium's secret key is the public one. */
void __wrap_tip_primitive_sign(enum tip_context context,
                               const uint8_t secret[TIP_SIGN_SECRET_SIZE],
                               struct tip_bytes message,
                               uint8_t out_signature[TIP_SIGNATURE_SIZE])
{
    const uint8_t *public_key =
        secret + TIP_SIGN_SECRET_SIZE - TIP_SIGN_PUBLIC_SIZE;
    struct sim_print print;

    __real_tip_primitive_sign(context, secret, message, out_signature);
    print = print_signed(context, public_key, message, out_signature);
    sim_recall_keep(&print, (struct sim_result){.err = TIP_OK});
}

enum tip_err __wrap_tip_primitive_verify(
    enum tip_context context, const uint8_t public_key[TIP_SIGN_PUBLIC_SIZE],
    struct tip_bytes message, const uint8_t signature[TIP_SIGNATURE_SIZE])
{
    struct sim_print print =
        print_signed(context, public_key, message, signature);
    struct sim_result result = {.err = TIP_OK};

    if (!find(&print, &result)) {
        result.err = __real_tip_primitive_verify(context, public_key, message,
                                                 signature);
        sim_recall_keep(&print, result);
    }
    return result.err;
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
    struct sim_print print = sim_print_of(FOLLOW);
    struct sim_result result;
    enum tip_err err;

    PRINT_DATA(&print, signer);
    PRINT_DATA(&print, redactor);
    PRINT_DATA(&print, header);
    print_parts(&print, parts);
    PRINT_DATA(&print, previous);
    if (find(&print, &result)) {
        memcpy(out_head, result.bytes.data, result.bytes.size);
        return TIP_OK;
    }
    err = __real_tip_envelope_verify_left(signer, redactor, header, parts,
                                          previous, out_head);
    if (err == TIP_OK) {
        keep_bytes(&print, out_head, sizeof *out_head);
    }
    return err;
}

enum tip_err __wrap_tip_frame_open(const struct tip_frame_key *key,
                                   const struct tip_frame_place *place,
                                   struct tip_bytes header,
                                   struct tip_bytes sealed, uint8_t *out)
{
    struct sim_print print = sim_print_of(OPEN);
    struct sim_result result;
    enum tip_err err;

    PRINT_DATA(&print, key);
    PRINT_DATA(&print, place);
    sim_print_bytes(&print, header);
    sim_print_bytes(&print, sealed);
    if (find(&print, &result)) {
        memcpy(out, result.bytes.data, result.bytes.size);
        return TIP_OK;
    }
    err = __real_tip_frame_open(key, place, header, sealed, out);
    if (err == TIP_OK) {
        keep_bytes(&print, out, sealed.size - TIP_FRAME_SEAL_OVERHEAD);
    }
    return err;
}

void __wrap_tip_digest_make(const struct tip_digest_key *key,
                            struct tip_bytes bytes,
                            struct tip_digest *out_digest)
{
    struct sim_print print = sim_print_of(DIGEST);
    struct sim_result result;

    PRINT_DATA(&print, key);
    sim_print_bytes(&print, bytes);
    if (find(&print, &result)) {
        memcpy(out_digest, result.bytes.data, result.bytes.size);
        return;
    }
    __real_tip_digest_make(key, bytes, out_digest);
    keep_bytes(&print, out_digest, sizeof *out_digest);
}

/* The place of what is made from a dictionary; NULL in it: nothing yet. Made
 * once and kept to the end: engines only read it. */
static void **place_of(struct shared *shared, const void *dictionary,
                       size_t size, int level)
{
    for (size_t i = 0; i < shared->count; i++) {
        struct tables *tables = &shared->tables[i];

        if (tables->dictionary == dictionary && tables->size == size &&
            tables->level == level) {
            return &tables->made;
        }
    }
    assert(shared->count < TABLES);
    shared->tables[shared->count] =
        (struct tables){.dictionary = dictionary, .size = size, .level = level};
    return &shared->tables[shared->count++].made;
}

struct ZSTD_CDict_s *__wrap_ZSTD_createCDict(const void *dictionary,
                                             size_t size, int level)
{
    void **place = place_of(&packers, dictionary, size, level);

    if (*place == NULL) {
        *place = __real_ZSTD_createCDict(dictionary, size, level);
    }
    return *place;
}

size_t __wrap_ZSTD_freeCDict(struct ZSTD_CDict_s *tables)
{
    (void)tables;
    return 0;
}

struct ZSTD_DDict_s *__wrap_ZSTD_createDDict(const void *dictionary,
                                             size_t size)
{
    void **place = place_of(&expanders, dictionary, size, 0);

    if (*place == NULL) {
        *place = __real_ZSTD_createDDict(dictionary, size);
    }
    return *place;
}

size_t __wrap_ZSTD_freeDDict(struct ZSTD_DDict_s *tables)
{
    (void)tables;
    return 0;
}

/* Engines give it as much room as the frame says it takes, no more: what it
 * writes is all of that, or an error. */
size_t __wrap_ZSTD_decompress_usingDDict(struct ZSTD_DCtx_s *expander,
                                         void *out, size_t capacity,
                                         const void *packed, size_t size,
                                         const struct ZSTD_DDict_s *tables)
{
    struct sim_print print = sim_print_of(EXPAND);
    struct sim_result result;
    size_t written;

    sim_print_number(&print, (uintptr_t)tables);
    sim_print_number(&print, capacity);
    sim_print_bytes(&print, tip_bytes(packed, size));
    if (find(&print, &result)) {
        memcpy(out, result.bytes.data, result.bytes.size);
        return result.bytes.size;
    }
    written = __real_ZSTD_decompress_usingDDict(expander, out, capacity, packed,
                                                size, tables);
    if (written == capacity) {
        keep_bytes(&print, out, written);
    }
    return written;
}
/* NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming) */
