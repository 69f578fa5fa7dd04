#include "sim_memo.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "tip_hash.h"
#include "tip_primitive.h"

enum {
    SIGNATURES = 65536,
    DIGESTS = 4096,
    LANES = 4,
    LANE_BYTES = 8,
    TABLES = 8
};

/* What was signed or digested, in so many bits that no two are ever mistaken.
 */
struct print {
    uint64_t lanes[LANES];
};

struct digest {
    struct print print;
    struct tip_digest digest;
};

static struct {
    bool remembers;
    struct print signatures[SIGNATURES];
    struct digest digests[DIGESTS];
} memo;

/* Tables made from a dictionary, for each of the few there are. */
struct tables {
    const void *dictionary;
    size_t size;
    int level;
    struct ZSTD_CDict_s *made;
};

static struct {
    struct tables tables[TABLES];
    size_t count;
} shared;

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

void sim_memo_use(bool remembers)
{
    memset(&memo, 0, sizeof memo);
    memo.remembers = remembers;
}

static void print_word(struct print *print, uint64_t word)
{
    for (size_t i = 0; i < LANES; i++) {
        uint64_t mixed = (print->lanes[i] ^ word) *
                         (UINT64_C(0x9e3779b97f4a7c15) + (uint64_t)(2 * i));

        print->lanes[i] = mixed ^ mixed >> 29;
    }
}

static void print_bytes(struct print *print, struct tip_bytes bytes)
{
    for (size_t i = 0; i < bytes.size; i += LANE_BYTES) {
        size_t left = bytes.size - i;
        uint64_t word = 0;

        memcpy(&word, bytes.data + i, left < LANE_BYTES ? left : LANE_BYTES);
        print_word(print, word);
    }
    print_word(print, bytes.size);
}

/* Where what was signed is remembered. */
static struct print *place_of(const struct print *print)
{
    return &memo.signatures[print->lanes[0] % SIGNATURES];
}

static struct print print_signed(enum tip_context context,
                                 const uint8_t *public_key,
                                 struct tip_bytes message,
                                 const uint8_t *signature)
{
    struct print print = {.lanes = {1, 2, 3, 4}};

    print_word(&print, (uint64_t)context);
    print_bytes(&print, tip_bytes(public_key, TIP_SIGN_PUBLIC_SIZE));
    print_bytes(&print, message);
    print_bytes(&print, tip_bytes(signature, TIP_SIGNATURE_SIZE));
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
    struct print print;

    __real_tip_primitive_sign(context, secret, message, out_signature);
    print = print_signed(context, public_key, message, out_signature);
    *place_of(&print) = print;
}

enum tip_err __wrap_tip_primitive_verify(
    enum tip_context context, const uint8_t public_key[TIP_SIGN_PUBLIC_SIZE],
    struct tip_bytes message, const uint8_t signature[TIP_SIGNATURE_SIZE])
{
    struct print print = print_signed(context, public_key, message, signature);
    struct print *place = place_of(&print);
    enum tip_err err;

    if (memo.remembers && memcmp(place, &print, sizeof print) == 0) {
        return TIP_OK;
    }
    err = __real_tip_primitive_verify(context, public_key, message, signature);
    if (err == TIP_OK) {
        *place = print;
    }
    return err;
}

void __wrap_tip_digest_make(const struct tip_digest_key *key,
                            struct tip_bytes bytes,
                            struct tip_digest *out_digest)
{
    struct print print = {.lanes = {1, 2, 3, 4}};
    struct digest *place;

    if (!memo.remembers) {
        __real_tip_digest_make(key, bytes, out_digest);
        return;
    }
    print_bytes(&print, TIP_BYTES_OF(key->bytes));
    print_bytes(&print, bytes);
    place = &memo.digests[print.lanes[0] % DIGESTS];
    if (memcmp(&place->print, &print, sizeof print) != 0) {
        __real_tip_digest_make(key, bytes, &place->digest);
        place->print = print;
    }
    *out_digest = place->digest;
}

/* Made once and kept to the end: engines only read them. */
struct ZSTD_CDict_s *__wrap_ZSTD_createCDict(const void *dictionary,
                                             size_t size, int level)
{
    struct ZSTD_CDict_s *made = NULL;

    for (size_t i = 0; i < shared.count && made == NULL; i++) {
        const struct tables *tables = &shared.tables[i];

        if (tables->dictionary == dictionary && tables->size == size &&
            tables->level == level) {
            made = tables->made;
        }
    }
    if (made == NULL) {
        made = __real_ZSTD_createCDict(dictionary, size, level);
        assert(made != NULL && shared.count < TABLES);
        shared.tables[shared.count++] =
            (struct tables){.dictionary = dictionary,
                            .size = size,
                            .level = level,
                            .made = made};
    }
    return made;
}

size_t __wrap_ZSTD_freeCDict(struct ZSTD_CDict_s *tables)
{
    (void)tables;
    return 0;
}
/* NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming) */
