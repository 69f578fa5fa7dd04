#include "tip_holding.h"

#include "tip_merge.h"
#include "tip_wire_live.h"

bool tip_holding_has(const struct tip_record *record, uint32_t channel)
{
    return tip_merge_contains(record, TIP_FIELD_OFFICES, channel) &&
           (channel == TIP_CHANNEL_REF ||
            !tip_merge_contains(record, TIP_FIELD_OFFICES, TIP_CHANNEL_REF));
}

enum tip_err tip_holding_prepare(const struct tip_record *record,
                                 struct tip_arena *arena,
                                 struct tip_held_record *out_held)
{
    size_t max = tip_wire_live_bytes_max(record);
    uint8_t *memory = tip_arena_alloc(arena, max);
    struct tip_buf buf;

    if (memory == NULL) {
        return TIP_ENOMEM;
    }
    tip_buf_init(&buf, memory, max);
    tip_wire_live_put(&buf, record);
    out_held->part = tip_holding_part(&record->id);
    return tip_buf_finish(&buf, &out_held->bytes);
}

/* The hash of @held as two halves. */
static void hash(const struct tip_digest_key *key,
                 const struct tip_held_record *held, uint64_t out[2])
{
    struct tip_digest digest;
    struct tip_reader reader;

    tip_digest_make(key, held->bytes, &digest);
    tip_reader_init(&reader, TIP_BYTES_OF(digest.bytes));
    out[0] = tip_reader_get_u64(&reader);
    out[1] = tip_reader_get_u64(&reader);
}

static void add(uint64_t sum[2], const uint64_t number[2])
{
    sum[0] += number[0];
    sum[1] += number[1] + (sum[0] < number[0] ? 1 : 0);
}

void tip_holding_add(struct tip_holding *holding,
                     const struct tip_digest_key *key,
                     const struct tip_held_record *held)
{
    uint64_t number[2];

    hash(key, held, number);
    add(holding->parts[held->part], number);
    holding->count++;
}

void tip_holding_remove(struct tip_holding *holding,
                        const struct tip_digest_key *key,
                        const struct tip_held_record *held)
{
    uint64_t number[2];

    hash(key, held, number);
    /* The negative, modulo 2^128. */
    number[1] = ~number[1] + (number[0] == 0 ? 1 : 0);
    number[0] = ~number[0] + 1;
    add(holding->parts[held->part], number);
    holding->count--;
}

struct tip_digest tip_holding_digest(const struct tip_holding *holding)
{
    uint64_t sum[2] = {0, 0};
    struct tip_digest digest;
    struct tip_buf buf;

    for (size_t i = 0; i < TIP_HOLDING_PARTS; i++) {
        add(sum, holding->parts[i]);
    }
    tip_buf_init(&buf, digest.bytes, sizeof digest.bytes);
    tip_buf_put_u64(&buf, sum[0]);
    tip_buf_put_u64(&buf, sum[1]);
    return digest;
}

void tip_holding_say(const struct tip_holding *holding,
                     uint8_t out_sums[TIP_PARTS * TIP_PART_SUM_SIZE])
{
    for (size_t i = 0; i < (size_t)TIP_PARTS * TIP_PART_SUM_SIZE; i++) {
        out_sums[i] = (uint8_t)(holding->parts[i / TIP_PART_SUM_SIZE][0] >>
                                8 * (i % TIP_PART_SUM_SIZE));
    }
}

void tip_holding_put(struct tip_buf *buf, const struct tip_holding *holding)
{
    tip_buf_put_u64(buf, holding->count);
    for (size_t i = 0; i < TIP_HOLDING_PARTS; i++) {
        tip_buf_put_u64(buf, holding->parts[i][0]);
        tip_buf_put_u64(buf, holding->parts[i][1]);
    }
}

void tip_holding_get(struct tip_reader *reader, struct tip_holding *out_holding)
{
    out_holding->count = tip_reader_get_u64(reader);
    for (size_t i = 0; i < TIP_HOLDING_PARTS; i++) {
        out_holding->parts[i][0] = tip_reader_get_u64(reader);
        out_holding->parts[i][1] = tip_reader_get_u64(reader);
    }
}
