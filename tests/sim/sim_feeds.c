#include "sim_feeds.h"

#include <assert.h>

#include "sim_hub_feed.h"
#include "sim_memory.h"

static uint32_t add_branch(struct sim_oracle *oracle, uint32_t before,
                           uint32_t end)
{
    assert(oracle->branch_count < SIM_BRANCHES_MAX);
    oracle->branches[oracle->branch_count] =
        (struct sim_branch){.before = before, .end = end};
    return oracle->branch_count++;
}

void sim_feeds_clear(struct sim_oracle *oracle)
{
    oracle->split = 0;
    oracle->branch_count = 0;
    oracle->jump_count = 0;
    for (uint32_t i = 0; i < SIM_ORIGINS_MAX; i++) {
        oracle->parties[i] = SIM_NONE;
    }
    for (uint32_t party = 0; party < SIM_PARTIES; party++) {
        struct sim_feed *feed = &oracle->feeds[party];

        feed->count = 0;
        feed->origin = sim_origin_of(party);
        feed->branch = add_branch(oracle, SIM_NONE, 0);
        oracle->parties[feed->origin] = party;
    }
}

void sim_feeds_deinit(struct sim_oracle *oracle)
{
    for (uint32_t party = 0; party < SIM_PARTIES; party++) {
        free(oracle->feeds[party].drafts);
        free(oracle->sent[party].drafts);
    }
}

static void add_place(struct sim_feed *feed, uint32_t draft)
{
    feed->drafts = sim_memory_room(feed->drafts, feed->count, &feed->capacity,
                                   sizeof *feed->drafts);
    feed->drafts[feed->count++] = draft;
}

static void add_places(struct sim_feed *feed, const struct sim_feed *from,
                       size_t first, size_t end)
{
    for (size_t i = first; i < end; i++) {
        add_place(feed, from->drafts[i]);
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
        sim_feeds_lose(oracle, feed->drafts[--feed->count]);
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

void sim_feeds_restore(struct sim_oracle *oracle, uint32_t party, uint64_t seq)
{
    struct sim_feed *feed = &oracle->feeds[party];
    struct sim_feed *sent = &oracle->sent[party];
    uint32_t end = seq == 0 ? 0 : feed->drafts[seq - 1] + 1;

    assert(!sim_feeds_is_split(oracle, party));
    sent->count = 0;
    add_places(sent, feed, 0, feed->count);
    feed->count = seq;
    feed->branch = add_branch(oracle, feed->branch, end);
    oracle->split |= 1U << party;
}

uint64_t sim_feeds_agreed(const struct sim_oracle *oracle, uint32_t party,
                          uint64_t count)
{
    const struct sim_feed *feed = &oracle->feeds[party];
    const struct sim_feed *sent = at_hub(oracle, party);
    uint64_t agreed = 0;

    while (agreed < count && agreed < feed->count && agreed < sent->count &&
           feed->drafts[agreed] == sent->drafts[agreed]) {
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
        uint32_t number = sent->drafts[--sent->count];

        if (!sim_oracle_is_on_disk(oracle, &oracle->drafts[number])) {
            lost += oracle->drafts[number].is_acknowledged ? 1 : 0;
            sim_feeds_lose(oracle, number);
        }
    }
    if (sim_feeds_agreed(oracle, party, count) == count) {
        oracle->split &= ~(1U << party);
    }
    return lost;
}

void sim_feeds_go_on(struct sim_oracle *oracle, uint32_t party, uint32_t origin,
                     uint64_t start)
{
    struct sim_feed *feed = &oracle->feeds[party];
    uint64_t agreed = sim_feeds_agreed(oracle, party, start);
    struct sim_feed whole = {.origin = origin, .branch = feed->branch};

    assert(origin < SIM_ORIGINS_MAX);
    add_places(&whole, at_hub(oracle, party), 0, start);
    add_places(&whole, feed, agreed, feed->count);
    for (size_t i = start; i < whole.count; i++) {
        oracle->drafts[whole.drafts[i]].origin = origin;
        oracle->drafts[whole.drafts[i]].seq = i + 1;
    }
    free(feed->drafts);
    *feed = whole;
    oracle->split &= ~(1U << party);
    oracle->parties[origin] = party;
}

static struct sim_draft *draft_at(const struct sim_oracle *oracle,
                                  const struct sim_feed *feed, uint64_t seq)
{
    return seq == 0 || seq > feed->count
               ? NULL
               : &oracle->drafts[feed->drafts[seq - 1]];
}

struct sim_draft *sim_oracle_own(const struct sim_oracle *oracle,
                                 uint32_t party, uint64_t seq)
{
    return draft_at(oracle, &oracle->feeds[party], seq);
}

struct sim_draft *sim_oracle_sent(const struct sim_oracle *oracle,
                                  uint32_t party, uint64_t seq)
{
    return draft_at(oracle, at_hub(oracle, party), seq);
}

struct sim_draft *sim_oracle_find(const struct sim_oracle *oracle,
                                  uint32_t viewer, uint32_t origin,
                                  uint64_t seq)
{
    uint32_t party = sim_oracle_party_of(oracle, origin);
    struct sim_draft *draft;

    if (party == SIM_NONE) {
        return NULL;
    }
    if (party == SIM_HUB) {
        draft = sim_oracle_own(oracle, party, sim_hub_feed_count(oracle, seq));
        return draft == NULL || draft->seq != seq ? NULL : draft;
    }
    draft = party == viewer ? sim_oracle_own(oracle, party, seq)
                            : sim_oracle_sent(oracle, party, seq);
    return draft == NULL || draft->origin != origin ? NULL : draft;
}

uint32_t sim_oracle_party_of(const struct sim_oracle *oracle, uint32_t origin)
{
    return origin < SIM_ORIGINS_MAX ? oracle->parties[origin] : SIM_NONE;
}

/* Has copy @branch of a disk, as far as before draft @end, draft @number? */
static bool has(const struct sim_oracle *oracle, uint32_t branch, uint32_t end,
                uint32_t number)
{
    uint32_t on = oracle->drafts[number].branch;

    while (branch != on) {
        if (oracle->branches[branch].before == SIM_NONE) {
            return false;
        }
        end = oracle->branches[branch].end;
        branch = oracle->branches[branch].before;
    }
    return number < end;
}

bool sim_oracle_is_on_disk(const struct sim_oracle *oracle,
                           const struct sim_draft *draft)
{
    return has(oracle, oracle->feeds[draft->party].branch, SIM_NONE,
               (uint32_t)(draft - oracle->drafts));
}

bool sim_oracle_has_past(const struct sim_oracle *oracle,
                         const struct sim_draft *by,
                         const struct sim_draft *past)
{
    return past->party == by->party && past->seq != 0 &&
           has(oracle, by->branch, (uint32_t)(by - oracle->drafts),
               (uint32_t)(past - oracle->drafts));
}
