#include "sim_hub_feed.h"

#include <assert.h>

#include "sim_feeds.h"

void sim_hub_feed_jump(struct sim_oracle *oracle, uint64_t seq)
{
    size_t count = oracle->feeds[SIM_HUB].count;

    /* It may rise twice before anything is written. */
    if (oracle->jump_count > 0 &&
        oracle->jumps[oracle->jump_count - 1].count == count) {
        oracle->jump_count--;
    }
    assert(oracle->jump_count < SIM_JUMPS_MAX);
    oracle->jumps[oracle->jump_count++] =
        (struct sim_jump){.seq = seq, .count = count};
}

uint64_t sim_hub_feed_count(const struct sim_oracle *oracle, uint64_t seq)
{
    size_t i = oracle->jump_count;

    while (i > 0 && seq < oracle->jumps[i - 1].seq) {
        i--;
    }
    return i == 0 ? seq
                  : oracle->jumps[i - 1].count + seq - oracle->jumps[i - 1].seq;
}

uint64_t sim_hub_feed_next(const struct sim_oracle *oracle)
{
    const struct sim_jump *jump = &oracle->jumps[oracle->jump_count];
    size_t count = oracle->feeds[SIM_HUB].count;

    return oracle->jump_count == 0
               ? count + 1
               : jump[-1].seq + (count - jump[-1].count) + 1;
}

/* Take @record out of the records of @draft. */
static void take_out(struct sim_draft *draft, uint32_t record)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < draft->record_count; i++) {
        if (draft->records[i] != record) {
            draft->records[count++] = draft->records[i];
        }
    }
    draft->record_count = count;
}

/* Of draft @number, a part that is gone for good, with nothing in it yet. */
static uint32_t add_part(struct sim_oracle *oracle, uint32_t number)
{
    struct sim_draft part = oracle->drafts[number];
    uint32_t lost;

    part.record_count = 0;
    part.commit = 0; /* That is of the rest. */
    part.is_part = true;
    part.whole = number;
    lost = sim_oracle_put_draft(oracle, &part);
    oracle->drafts[lost].write_count = 0;
    return lost;
}

void sim_hub_feed_lose_part(struct sim_oracle *oracle, uint32_t number,
                            uint32_t record)
{
    uint32_t lost = add_part(oracle, number);
    const struct sim_draft *whole = &oracle->drafts[number];

    oracle->drafts[lost].records[0] = record;
    oracle->drafts[lost].record_count = 1;
    for (uint32_t i = 0; i < whole->write_count; i++) {
        struct sim_write *write = &oracle->writes[whole->write_first + i];

        if (write->record == record && write->draft == number) {
            write->draft = lost;
        }
    }
    take_out(&oracle->drafts[number], record);
    sim_feeds_lose(oracle, lost);
}

void sim_hub_feed_lose_write(struct sim_oracle *oracle, uint32_t write)
{
    uint32_t lost = add_part(oracle, oracle->writes[write].draft);

    oracle->writes[write].draft = lost;
    sim_feeds_lose(oracle, lost);
}
