#include "sim_feeds.h"

#include <assert.h>

#include "sim_branches.h"
#include "sim_hub_feed.h"
#include "sim_memory.h"
#include "sim_rewrite.h"

void sim_feeds_clear(struct sim_oracle *oracle)
{
    oracle->split = 0;
    oracle->has_parked = 0;
    oracle->branch_count = 0;
    oracle->jump_count = 0;
    oracle->far_count = 0;
    for (uint32_t i = 0; i < SIM_ORIGINS_MAX; i++) {
        oracle->devices[i] = SIM_NONE;
        oracle->continues[i] = 0;
    }
    for (uint32_t party = 0; party < SIM_PARTIES; party++) {
        struct sim_feed *feed = &oracle->feeds[party];

        feed->count = 0;
        feed->origin = sim_origin_of(party);
        feed->branch = sim_branch_add(oracle, SIM_NONE, 0);
        oracle->devices[feed->origin] = party;
        oracle->links[party] = feed->origin;
    }
    for (uint32_t device = SIM_RETIRED; device < SIM_DEVICES; device++) {
        oracle->links[device] = 0;
        oracle->feeds[device].count = 0;
    }
    oracle->retired_count = 0;
}

void sim_feeds_deinit(struct sim_oracle *oracle)
{
    for (uint32_t device = SIM_RETIRED; device < SIM_DEVICES; device++) {
        free(oracle->feeds[device].places);
    }
    for (uint32_t party = 0; party < SIM_PARTIES; party++) {
        free(oracle->feeds[party].places);
        free(oracle->sent[party].places);
        free(oracle->parked[party].places);
    }
}

static void add_place(struct sim_feed *feed, struct sim_place place)
{
    feed->places = sim_memory_room(feed->places, feed->count, &feed->capacity,
                                   sizeof *feed->places);
    feed->places[feed->count++] = place;
}

static void add_places(struct sim_feed *feed, const struct sim_feed *from,
                       size_t first, size_t end)
{
    for (size_t i = first; i < end; i++) {
        add_place(feed, from->places[i]);
    }
}

uint32_t sim_oracle_add_draft(struct sim_oracle *oracle, uint32_t party)
{
    struct sim_feed *feed = &oracle->feeds[party];
    uint32_t number = sim_oracle_put_draft(
        oracle,
        &(struct sim_draft){.party = party,
                            .origin = feed->origin,
                            .seq = party == SIM_HUB ? sim_hub_feed_next(oracle)
                                                    : feed->count + 1,
                            .branch = feed->branch});

    add_place(feed,
              (struct sim_place){.draft = number, .origin = feed->origin});
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

void sim_feeds_lose(struct sim_oracle *oracle, uint32_t number)
{
    struct sim_draft *draft = &oracle->drafts[number];

    draft->is_lost = true;
    for (uint32_t i = 0; i < draft->record_count && draft->seq != 0; i++) {
        lose_record(oracle, draft->records[i], number);
    }
}

void sim_oracle_lose(struct sim_oracle *oracle, uint32_t party, uint64_t seq)
{
    struct sim_feed *feed = &oracle->feeds[party];

    while (feed->count > seq) {
        sim_feeds_lose(oracle, feed->places[--feed->count].draft);
    }
}

bool sim_feeds_is_split(const struct sim_oracle *oracle, uint32_t party)
{
    return (oracle->split >> party & 1) != 0;
}

/* The feed of @party as the hub has it. */
static const struct sim_feed *at_hub(const struct sim_oracle *oracle,
                                     uint32_t party)
{
    return sim_feeds_is_split(oracle, party) ? &oracle->sent[party]
                                             : &oracle->feeds[party];
}

/* Is draft @number on a disk of its device, running or not? */
static bool is_on_some_disk(const struct sim_oracle *oracle, uint32_t number)
{
    uint32_t party = oracle->drafts[number].party;

    return sim_branch_has(oracle, oracle->feeds[party].branch, SIM_NONE,
                          number) ||
           (sim_feeds_has_parked(oracle, party) &&
            sim_branch_has(oracle, oracle->parked[party].branch, SIM_NONE,
                           number));
}

static bool contains(const struct sim_feed *feed, size_t count, uint32_t number)
{
    for (size_t i = 0; i < count && i < feed->count; i++) {
        if (feed->places[i].draft == number) {
            return true;
        }
    }
    return false;
}

bool sim_feeds_is_sent(const struct sim_oracle *oracle, uint32_t party,
                       uint64_t count, uint32_t number)
{
    return contains(at_hub(oracle, party), count, number);
}

bool sim_feeds_has_parked(const struct sim_oracle *oracle, uint32_t party)
{
    return (oracle->has_parked >> party & 1) != 0;
}

bool sim_feeds_is_parked(const struct sim_oracle *oracle, uint32_t party,
                         uint32_t number)
{
    return sim_feeds_has_parked(oracle, party) &&
           contains(&oracle->parked[party], SIZE_MAX, number);
}

/* What only the device has is called as that calls it: so it will be sent. */
static void name_unsent(struct sim_oracle *oracle, uint32_t party)
{
    const struct sim_feed *feed = &oracle->feeds[party];

    for (size_t i = 0; i < feed->count; i++) {
        struct sim_draft *draft = &oracle->drafts[feed->places[i].draft];

        if (!sim_feeds_is_split(oracle, party) ||
            !sim_feeds_is_sent(oracle, party, UINT64_MAX,
                               feed->places[i].draft)) {
            draft->origin = feed->places[i].origin;
            draft->seq = i + 1;
        }
    }
}

/* Leave what @party's device had sent as the hub's. */
static void split(struct sim_oracle *oracle, uint32_t party)
{
    struct sim_feed *sent = &oracle->sent[party];

    if (!sim_feeds_is_split(oracle, party)) {
        sent->count = 0;
        add_places(sent, &oracle->feeds[party], 0, oracle->feeds[party].count);
        oracle->split |= 1U << party;
    }
}

void sim_feeds_begin_again(struct sim_oracle *oracle, uint32_t party,
                           uint64_t seq)
{
    struct sim_feed *feed = &oracle->feeds[party];

    feed->branch = sim_branch_off(oracle, feed, seq);
}

void sim_feeds_restore(struct sim_oracle *oracle, uint32_t party, uint64_t seq)
{
    struct sim_feed *feed = &oracle->feeds[party];

    assert(!sim_feeds_is_split(oracle, party));
    split(oracle, party);
    feed->branch = sim_branch_off(oracle, feed, seq);
    feed->count = seq;
}

void sim_feeds_copy(struct sim_oracle *oracle, uint32_t party, uint64_t seq)
{
    const struct sim_feed *feed = &oracle->feeds[party];
    struct sim_feed *parked = &oracle->parked[party];

    parked->count = 0;
    add_places(parked, feed, 0, seq);
    parked->origin = feed->origin;
    parked->branch = sim_branch_off(oracle, feed, seq);
    oracle->has_parked |= 1U << party;
}

void sim_feeds_swap(struct sim_oracle *oracle, uint32_t party)
{
    struct sim_feed feed = oracle->feeds[party];

    split(oracle, party);
    oracle->feeds[party] = oracle->parked[party];
    oracle->parked[party] = feed;
}

static bool are_all_sent(const struct sim_oracle *oracle, uint32_t party,
                         const struct sim_feed *feed, uint64_t count)
{
    for (size_t i = 0; i < feed->count; i++) {
        if (oracle->drafts[feed->places[i].draft].is_acknowledged &&
            !sim_feeds_is_sent(oracle, party, count, feed->places[i].draft)) {
            return false;
        }
    }
    return true;
}

bool sim_feeds_is_all_sent(const struct sim_oracle *oracle, uint32_t party,
                           uint64_t count)
{
    return are_all_sent(oracle, party, &oracle->feeds[party], count);
}

bool sim_feeds_scrap(struct sim_oracle *oracle, uint32_t party, uint64_t count)
{
    oracle->has_parked &= ~(1U << party);
    return are_all_sent(oracle, party, &oracle->parked[party], count);
}

uint64_t sim_feeds_agreed(const struct sim_oracle *oracle, uint32_t party,
                          uint64_t count)
{
    const struct sim_feed *feed = &oracle->feeds[party];
    const struct sim_feed *sent = at_hub(oracle, party);
    uint64_t agreed = 0;

    while (agreed < count && agreed < feed->count && agreed < sent->count &&
           feed->places[agreed].draft == sent->places[agreed].draft &&
           feed->places[agreed].origin == sent->places[agreed].origin) {
        agreed++;
    }
    return agreed;
}

uint64_t sim_feeds_settle(struct sim_oracle *oracle, uint32_t party,
                          uint64_t count)
{
    struct sim_feed *sent = &oracle->sent[party];
    uint64_t lost = 0;

    while (sent->count > count) {
        uint32_t number = sent->places[--sent->count].draft;

        if (!is_on_some_disk(oracle, number)) {
            lost += oracle->drafts[number].is_acknowledged ? 1 : 0;
            sim_feeds_lose(oracle, number);
        }
    }
    if (sim_feeds_agreed(oracle, party, count) == count) {
        oracle->split &= ~(1U << party);
    }
    name_unsent(oracle, party);
    return lost;
}

bool sim_feeds_has_foreign(const struct sim_oracle *oracle, uint32_t party,
                           uint64_t start)
{
    const struct sim_feed *sent = at_hub(oracle, party);

    for (uint64_t i = sim_feeds_agreed(oracle, party, start); i < start; i++) {
        if (sent->places[i].origin != oracle->feeds[party].origin) {
            return true;
        }
    }
    return false;
}

void sim_feeds_go_on(struct sim_oracle *oracle, uint32_t party, uint32_t origin,
                     uint64_t start)
{
    struct sim_feed *feed = &oracle->feeds[party];
    uint64_t agreed = sim_feeds_agreed(oracle, party, start);
    struct sim_feed whole = {.origin = origin};
    uint32_t before = feed->origin;
    uint32_t slot = sim_origin_add(oracle, origin);

    sim_rewrite(oracle, party, agreed, start);
    whole.branch = feed->branch;
    add_places(&whole, at_hub(oracle, party), 0, start);
    add_places(&whole, feed, agreed, feed->count);
    for (size_t i = start; i < whole.count; i++) {
        whole.places[i].origin = origin;
    }
    free(feed->places);
    *feed = whole;
    oracle->split &= ~(1U << party);
    oracle->devices[slot] = party;
    oracle->continues[slot] = before;
    name_unsent(oracle, party);
}

static struct sim_draft *draft_at(const struct sim_oracle *oracle,
                                  const struct sim_feed *feed, uint64_t seq)
{
    return seq == 0 || seq > feed->count
               ? NULL
               : &oracle->drafts[feed->places[seq - 1].draft];
}

struct sim_draft *sim_oracle_own(const struct sim_oracle *oracle,
                                 uint32_t party, uint64_t seq)
{
    return draft_at(oracle, &oracle->feeds[party], seq);
}

struct sim_draft *sim_oracle_sent(const struct sim_oracle *oracle,
                                  uint32_t device, uint64_t seq)
{
    return draft_at(oracle, at_hub(oracle, device), seq);
}

struct sim_draft *sim_oracle_find(const struct sim_oracle *oracle,
                                  uint32_t viewer, uint32_t origin,
                                  uint64_t seq)
{
    uint32_t device = sim_oracle_device_of(oracle, origin);
    const struct sim_feed *feed;
    struct sim_draft *draft;

    if (device == SIM_NONE) {
        return NULL;
    }
    if (device == SIM_HUB) {
        draft = sim_oracle_own(oracle, device, sim_hub_feed_count(oracle, seq));
        return draft == NULL || draft->seq != seq ? NULL : draft;
    }
    feed = device == viewer ? &oracle->feeds[device] : at_hub(oracle, device);
    return seq == 0 || seq > feed->count ||
                   feed->places[seq - 1].origin != origin
               ? NULL
               : draft_at(oracle, feed, seq);
}

uint32_t sim_oracle_device_of(const struct sim_oracle *oracle, uint32_t origin)
{
    uint32_t slot = sim_origin_slot(oracle, origin);

    return slot < SIM_ORIGINS_MAX ? oracle->devices[slot] : SIM_NONE;
}

uint32_t sim_oracle_party_of(const struct sim_oracle *oracle, uint32_t origin)
{
    uint32_t device = sim_oracle_device_of(oracle, origin);

    return device >= SIM_RETIRED && device < SIM_DEVICES
               ? oracle->retired[device - SIM_RETIRED]
               : device;
}

bool sim_oracle_is_own(const struct sim_oracle *oracle, uint32_t party,
                       const struct sim_draft *draft)
{
    return sim_oracle_device_of(oracle, draft->origin) == party;
}
