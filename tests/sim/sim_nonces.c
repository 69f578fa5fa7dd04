#include "sim_nonces.h"

#include <stdlib.h>
#include <string.h>

#include "sim_memory.h"

enum { SLOTS_FIRST = 4096 };

struct sim_nonces_slot {
    uint64_t nonce;   /* Hash of what the nonce and key are made of; 0: free. */
    uint64_t content; /* Hash of the frame. */
};

void sim_nonces_clear(struct sim_nonces *nonces)
{
    if (nonces->slots != NULL) {
        memset(nonces->slots, 0, nonces->capacity * sizeof *nonces->slots);
    }
    nonces->count = 0;
}

void sim_nonces_deinit(struct sim_nonces *nonces)
{
    free(nonces->slots);
    *nonces = (struct sim_nonces){.slots = NULL};
}

static uint64_t mix(uint64_t hash, uint64_t number)
{
    hash = (hash ^ number) * UINT64_C(0xbf58476d1ce4e5b9);
    return hash ^ hash >> 31;
}

/* An office's two keys are told apart by direction, channel REF by its number;
 * the origin stands for the office. */
static uint64_t nonce_of(const struct tip_frame_header *header)
{
    uint64_t salt;
    uint64_t hash = mix(1, header->is_down ? 2 : 1);

    memcpy(&salt, header->salt, sizeof salt);
    hash = mix(hash, header->is_down ? header->channel : header->origin);
    hash = mix(hash, header->key_epoch);
    hash = mix(hash, header->first);
    hash = mix(hash, salt);
    return hash == 0 ? 1 : hash;
}

static uint64_t content_of(struct tip_bytes bytes)
{
    uint64_t hash = mix(2, bytes.size);
    size_t i = 0;

    for (; i + 8 <= bytes.size; i += 8) {
        uint64_t word;

        memcpy(&word, bytes.data + i, sizeof word);
        hash = mix(hash, word);
    }
    for (; i < bytes.size; i++) {
        hash = mix(hash, bytes.data[i]);
    }
    return hash;
}

static struct sim_nonces_slot *find(struct sim_nonces *nonces, uint64_t nonce)
{
    size_t i = nonce & (nonces->capacity - 1);

    while (nonces->slots[i].nonce != 0 && nonces->slots[i].nonce != nonce) {
        i = (i + 1) & (nonces->capacity - 1);
    }
    return &nonces->slots[i];
}

static void grow(struct sim_nonces *nonces)
{
    struct sim_nonces old = *nonces;

    nonces->capacity = old.capacity == 0 ? SLOTS_FIRST : 2 * old.capacity;
    nonces->slots = calloc(nonces->capacity, sizeof *nonces->slots);
    if (nonces->slots == NULL) {
        perror("tip_sim");
        exit(EXIT_FAILURE);
    }
    for (size_t i = 0; i < old.capacity; i++) {
        if (old.slots[i].nonce != 0) {
            *find(nonces, old.slots[i].nonce) = old.slots[i];
        }
    }
    free(old.slots);
}

bool sim_nonces_add(struct sim_nonces *nonces,
                    const struct tip_frame_header *header,
                    struct tip_bytes bytes)
{
    struct sim_nonces_slot *slot;
    uint64_t content = content_of(bytes);

    if (2 * nonces->count >= nonces->capacity) {
        grow(nonces);
    }
    slot = find(nonces, nonce_of(header));
    if (slot->nonce != 0) {
        return slot->content == content;
    }
    *slot = (struct sim_nonces_slot){nonce_of(header), content};
    nonces->count++;
    return true;
}
