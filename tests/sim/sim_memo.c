#include "sim_memo.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "tip_chain.h"
#include "tip_hash.h"

enum {
    SIGNATURES = 4096,
    DIGESTS = 4096,
    LANES = 4,
    LANE_BYTES = 8,
    TABLES = 8
};

struct signature {
    struct tip_sign_public signer;
    struct tip_chain_link link;
    struct tip_chain_signature signature;
};

/* What was digested, in so many bits that no two are ever mistaken. */
struct print {
    uint64_t lanes[LANES];
};

struct digest {
    struct print print;
    struct tip_digest digest;
};

static struct {
    bool remembers;
    struct signature signatures[SIGNATURES];
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
void __real_tip_chain_sign(const struct tip_device_keys *keys,
                           const struct tip_chain_link *link,
                           struct tip_chain_signature *out_signature);
void __wrap_tip_chain_sign(const struct tip_device_keys *keys,
                           const struct tip_chain_link *link,
                           struct tip_chain_signature *out_signature);
enum tip_err
__real_tip_chain_verify(const struct tip_sign_public *signer,
                        const struct tip_chain_link *link,
                        const struct tip_chain_signature *signature);
enum tip_err
__wrap_tip_chain_verify(const struct tip_sign_public *signer,
                        const struct tip_chain_link *link,
                        const struct tip_chain_signature *signature);
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

/* Where @signature is remembered: its bytes are as good as random. */
static struct signature *place_of(const struct tip_chain_signature *signature)
{
    uint32_t number;

    memcpy(&number, signature->bytes, sizeof number);
    return &memo.signatures[number % SIGNATURES];
}

void __wrap_tip_chain_sign(const struct tip_device_keys *keys,
                           const struct tip_chain_link *link,
                           struct tip_chain_signature *out_signature)
{
    __real_tip_chain_sign(keys, link, out_signature);
    *place_of(out_signature) =
        (struct signature){.signer = tip_device_keys_public(keys)->sign,
                           .link = *link,
                           .signature = *out_signature};
}

static bool is_same_link(const struct tip_chain_link *a,
                         const struct tip_chain_link *b)
{
    return a->chain.direction == b->chain.direction &&
           a->chain.origin == b->chain.origin &&
           a->chain.channel == b->chain.channel &&
           a->chain.generation == b->chain.generation && a->first == b->first &&
           a->count == b->count &&
           memcmp(&a->head, &b->head, sizeof a->head) == 0;
}

enum tip_err
__wrap_tip_chain_verify(const struct tip_sign_public *signer,
                        const struct tip_chain_link *link,
                        const struct tip_chain_signature *signature)
{
    const struct signature *made = place_of(signature);

    if (memo.remembers && is_same_link(&made->link, link) &&
        memcmp(&made->signer, signer, sizeof *signer) == 0 &&
        memcmp(&made->signature, signature, sizeof *signature) == 0) {
        return TIP_OK;
    }
    return __real_tip_chain_verify(signer, link, signature);
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
