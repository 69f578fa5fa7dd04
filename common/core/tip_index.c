#include "tip_index.h"

#include <stdlib.h>

enum { SLOT_COUNT_MIN = 64 };

/* An empty slot has no number; numbers are stored plus one. */
struct tip_index_slot {
    uint32_t tag;
    uint32_t number_plus_one;
};

void tip_index_init(struct tip_index *index, uint64_t secret)
{
    *index = (struct tip_index){.secret = secret};
}

void tip_index_deinit(struct tip_index *index)
{
    free(index->slots);
    tip_index_init(index, index->secret);
}

/* The finisher of MurmurHash3: every bit of @x reaches every bit. */
static uint64_t mix(uint64_t x)
{
    x ^= x >> 33;
    x *= UINT64_C(0xff51afd7ed558ccd);
    x ^= x >> 33;
    x *= UINT64_C(0xc4ceb9fe1a85ec53);
    x ^= x >> 33;
    return x;
}

uint32_t tip_index_tag(const struct tip_index *index, struct tip_bytes key)
{
    uint64_t hash = index->secret ^ key.size;

    while (key.size > 0) {
        uint64_t word = 0;
        size_t size = key.size < sizeof word ? key.size : sizeof word;

        memcpy(&word, key.data, size);
        hash = mix(hash ^ word);
        key.data += size;
        key.size -= size;
    }
    return (uint32_t)(hash >> 32);
}

static size_t home(const struct tip_index *index, uint32_t tag)
{
    return tag & (index->slot_count - 1);
}

static size_t next_slot(const struct tip_index *index, size_t position)
{
    return (position + 1) & (index->slot_count - 1);
}

/* Put an entry where there is room; there always is. */
static void insert(struct tip_index *index, struct tip_index_slot entry)
{
    size_t position = home(index, entry.tag);

    while (index->slots[position].number_plus_one != 0) {
        position = next_slot(index, position);
    }
    index->slots[position] = entry;
}

static enum tip_err grow(struct tip_index *index)
{
    struct tip_index old = *index;
    size_t slot_count =
        old.slot_count == 0 ? SLOT_COUNT_MIN : old.slot_count * 2;

    index->slots = calloc(slot_count, sizeof *index->slots);
    if (index->slots == NULL) {
        index->slots = old.slots;
        return TIP_ENOMEM;
    }
    index->slot_count = slot_count;
    for (size_t i = 0; i < old.slot_count; i++) {
        if (old.slots[i].number_plus_one != 0) {
            insert(index, old.slots[i]);
        }
    }
    free(old.slots);
    return TIP_OK;
}

enum tip_err tip_index_add(struct tip_index *index, uint32_t tag,
                           uint32_t number)
{
    if (number == UINT32_MAX) {
        return TIP_ETOOBIG;
    }
    /* Linear probing stays short up to three quarters full. */
    if (index->used_count + 1 > index->slot_count / 4 * 3) {
        enum tip_err err = grow(index);

        if (err != TIP_OK) {
            return err;
        }
    }
    insert(index, (struct tip_index_slot){tag, number + 1});
    index->used_count++;
    return TIP_OK;
}

/* Close the gap at @hole: an entry behind it whose home is not between would
 * not be found any more, so it moves up (Knuth, volume 3, algorithm 6.4R). */
static void close_gap(struct tip_index *index, size_t hole)
{
    size_t at = next_slot(index, hole);

    while (index->slots[at].number_plus_one != 0) {
        size_t from = home(index, index->slots[at].tag);
        bool stays =
            hole < at ? hole < from && from <= at : hole < from || from <= at;

        if (!stays) {
            index->slots[hole] = index->slots[at];
            hole = at;
        }
        at = next_slot(index, at);
    }
    index->slots[hole] = (struct tip_index_slot){0, 0};
}

void tip_index_remove(struct tip_index *index, uint32_t tag, uint32_t number)
{
    size_t position;

    if (index->slot_count == 0) {
        return;
    }
    position = home(index, tag);
    while (index->slots[position].number_plus_one != 0) {
        if (index->slots[position].tag == tag &&
            index->slots[position].number_plus_one == number + 1) {
            close_gap(index, position);
            index->used_count--;
            return;
        }
        position = next_slot(index, position);
    }
}

struct tip_index_walk tip_index_find(const struct tip_index *index,
                                     uint32_t tag)
{
    return (struct tip_index_walk){.position = home(index, tag), .tag = tag};
}

bool tip_index_next(const struct tip_index *index, struct tip_index_walk *walk,
                    uint32_t *out_number)
{
    if (index->slot_count == 0) {
        return false;
    }
    while (index->slots[walk->position].number_plus_one != 0) {
        struct tip_index_slot slot = index->slots[walk->position];

        walk->position = next_slot(index, walk->position);
        if (slot.tag == walk->tag) {
            *out_number = slot.number_plus_one - 1;
            return true;
        }
    }
    return false;
}
