#include "sim_feeds.h"

#include "sim_memory.h"

void sim_feeds_clear(struct sim_oracle *oracle)
{
    for (uint32_t i = 0; i < SIM_ORIGINS_MAX; i++) {
        oracle->parties[i] = SIM_NONE;
    }
    for (uint32_t party = 0; party < SIM_PARTIES; party++) {
        oracle->feeds[party].count = 0;
        oracle->feeds[party].origin = sim_origin_of(party);
        oracle->parties[sim_origin_of(party)] = party;
    }
}

void sim_feeds_deinit(struct sim_oracle *oracle)
{
    for (uint32_t party = 0; party < SIM_PARTIES; party++) {
        free(oracle->feeds[party].drafts);
    }
}

static void add_place(struct sim_feed *feed, uint32_t draft)
{
    feed->drafts = sim_memory_room(feed->drafts, feed->count, &feed->capacity,
                                   sizeof *feed->drafts);
    feed->drafts[feed->count++] = draft;
}

uint32_t sim_oracle_add_draft(struct sim_oracle *oracle, uint32_t party)
{
    struct sim_feed *feed = &oracle->feeds[party];
    uint32_t number = sim_oracle_put_draft(
        oracle, &(struct sim_draft){.party = party,
                                    .origin = feed->origin,
                                    .seq = feed->count + 1});

    add_place(feed, number);
    return number;
}

/* A record whose first write is lost never was. */
static void lose_record(struct sim_oracle *oracle, uint32_t number,
                        uint32_t draft)
{
    struct sim_record *record = &oracle->records[number];
    uint32_t first = record->newest;

    while (first != SIM_NONE && oracle->writes[first].next != SIM_NONE) {
        first = oracle->writes[first].next;
    }
    if (first != SIM_NONE && oracle->writes[first].draft == draft) {
        record->is_lost = true;
    }
}

void sim_oracle_lose(struct sim_oracle *oracle, uint32_t party, uint64_t seq)
{
    while (oracle->feeds[party].count > seq) {
        uint32_t number =
            oracle->feeds[party].drafts[--oracle->feeds[party].count];
        struct sim_draft *draft = &oracle->drafts[number];

        draft->is_lost = true;
        for (uint32_t i = 0; i < draft->record_count; i++) {
            lose_record(oracle, draft->records[i], number);
        }
    }
}

struct sim_draft *sim_oracle_own(const struct sim_oracle *oracle,
                                 uint32_t party, uint64_t seq)
{
    const struct sim_feed *feed = &oracle->feeds[party];

    return seq == 0 || seq > feed->count
               ? NULL
               : &oracle->drafts[feed->drafts[seq - 1]];
}

struct sim_draft *sim_oracle_find(const struct sim_oracle *oracle,
                                  uint32_t origin, uint64_t seq)
{
    uint32_t party = sim_oracle_party_of(oracle, origin);
    struct sim_draft *draft =
        party == SIM_NONE ? NULL : sim_oracle_own(oracle, party, seq);

    return draft == NULL || draft->origin != origin ? NULL : draft;
}

uint32_t sim_oracle_party_of(const struct sim_oracle *oracle, uint32_t origin)
{
    return origin < SIM_ORIGINS_MAX ? oracle->parties[origin] : SIM_NONE;
}
