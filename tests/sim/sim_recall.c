#include "sim_recall.h"

#include <assert.h>
#include <stdalign.h>
#include <string.h>

enum {
    SETS = 32768,
    WAYS = 2,
    LINE_BYTES = 64, /* Of a cache. */
    SHORT_BYTES = 40,
    BLOCK_BYTES = SIM_PRINT_LANES * 8,
    ROOM_BYTES = 8 * 1024 * 1024 /* The longest result has 256 KiB. */
};

/* One line, because looking one up costs little else than reading it. */
struct kept {
    alignas(LINE_BYTES) uint64_t name[2];
    uint32_t size;
    uint32_t err;
    union {
        uint8_t bytes[SHORT_BYTES]; /* All there are, or… */
        uint64_t begin; /* …where they begin, in all that was ever written. */
    };
};

static struct {
    struct kept sets[SETS][WAYS]; /* The newest of each first. */
    uint8_t room[ROOM_BYTES];     /* Written round and round. */
    uint64_t written;
} recall;

struct sim_print sim_print_of(uint64_t function)
{
    return (struct sim_print){.lanes = {function, 1, 2, 3}};
}

/* Each lane takes a word. Where a word or a lane differs, what comes of it
 * does. */
static void take_block(struct sim_print *print,
                       const uint64_t words[SIM_PRINT_LANES])
{
    static const uint64_t factors[SIM_PRINT_LANES] = {
        UINT64_C(0x9e3779b97f4a7c15), UINT64_C(0xbf58476d1ce4e5b9),
        UINT64_C(0x94d049bb133111eb), UINT64_C(0xd6e8feb86659fd93)};

    for (size_t i = 0; i < SIM_PRINT_LANES; i++) {
        uint64_t mixed = (print->lanes[i] ^ words[i]) * factors[i];

        print->lanes[i] = mixed ^ mixed >> 29;
    }
}

/* Each lane takes its neighbour. */
static void stir(struct sim_print *print)
{
    const uint64_t words[SIM_PRINT_LANES] = {print->lanes[1], print->lanes[2],
                                             print->lanes[3], print->lanes[0]};

    take_block(print, words);
}

void sim_print_number(struct sim_print *print, uint64_t number)
{
    const uint64_t words[SIM_PRINT_LANES] = {number, number, number, number};

    take_block(print, words);
}

void sim_print_bytes(struct sim_print *print, struct tip_bytes bytes)
{
    uint64_t words[SIM_PRINT_LANES];
    size_t done = 0;

    for (; bytes.size - done >= BLOCK_BYTES; done += BLOCK_BYTES) {
        memcpy(words, bytes.data + done, BLOCK_BYTES);
        take_block(print, words);
    }
    if (done < bytes.size) {
        memset(words, 0, sizeof words);
        memcpy(words, bytes.data + done, bytes.size - done);
        take_block(print, words);
    }
    sim_print_number(print, bytes.size);
    stir(print);
}

void sim_recall_clear(void)
{
    memset(recall.sets, 0, sizeof recall.sets);
    recall.written = 0;
}

/* Where @bytes now lie, in one piece. */
static uint64_t write_down(struct tip_bytes bytes)
{
    uint64_t begin = recall.written;

    assert(bytes.size <= ROOM_BYTES);
    if (begin % ROOM_BYTES + bytes.size > ROOM_BYTES) {
        begin += ROOM_BYTES - begin % ROOM_BYTES;
    }
    memcpy(recall.room + begin % ROOM_BYTES, bytes.data, bytes.size);
    recall.written = begin + bytes.size;
    return begin;
}

/* The print in as many bits as are compared. */
static struct kept name_of(const struct sim_print *print)
{
    struct sim_print last = *print;

    stir(&last);
    stir(&last);
    return (struct kept){
        .name = {last.lanes[0] ^ last.lanes[1], last.lanes[2] ^ last.lanes[3]}};
}

static struct kept *set_of(const struct kept *kept)
{
    return recall.sets[kept->name[0] % SETS];
}

void sim_recall_keep(const struct sim_print *print, struct sim_result result)
{
    struct kept kept = name_of(print);
    struct kept *set = set_of(&kept);

    kept.size = (uint32_t)result.bytes.size;
    kept.err = (uint32_t)result.err;
    if (result.bytes.size > SHORT_BYTES) {
        kept.begin = write_down(result.bytes);
    } else if (result.bytes.size != 0) {
        memcpy(kept.bytes, result.bytes.data, result.bytes.size);
    }
    memmove(set + 1, set, (WAYS - 1) * sizeof *set);
    set[0] = kept;
}

/* Its bytes; NULL if something was written over them. */
static const uint8_t *bytes_of(const struct kept *kept)
{
    if (kept->size <= SHORT_BYTES) {
        return kept->bytes;
    }
    return recall.written - kept->begin <= ROOM_BYTES
               ? recall.room + kept->begin % ROOM_BYTES
               : NULL;
}

bool sim_recall_find(const struct sim_print *print,
                     struct sim_result *out_result)
{
    const struct kept kept = name_of(print);
    const struct kept *set = set_of(&kept);

    for (size_t i = 0; i < WAYS; i++) {
        if (memcmp(set[i].name, kept.name, sizeof kept.name) == 0 &&
            bytes_of(&set[i]) != NULL) {
            *out_result = (struct sim_result){
                .err = (enum tip_err)set[i].err,
                .bytes = tip_bytes(bytes_of(&set[i]), set[i].size)};
            return true;
        }
    }
    return false;
}
