#include "sim_rewrite.h"

#include "sim_feeds.h"
#include "sim_memory.h"

/* A device's saves from @feed->places[first] on, each to become another. */
struct rewrite {
    struct sim_oracle *oracle;
    struct sim_feed *feed;
    uint64_t first;
    uint32_t start; /* The first of the others. */
};

/* What @write, which was seen, is to whoever wrote on top of it: the other one,
 * if it is of those written again. */
static uint32_t now(const struct rewrite *rewrite, uint32_t write)
{
    const struct sim_oracle *oracle = rewrite->oracle;

    if (write == SIM_NONE) {
        return write;
    }
    for (size_t i = rewrite->first; i < rewrite->feed->count; i++) {
        const struct sim_draft *old =
            &oracle->drafts[rewrite->feed->places[i].draft];

        if (write - old->write_first < old->write_count) {
            return oracle->drafts[rewrite->start + i - rewrite->first]
                       .write_first +
                   (write - old->write_first);
        }
    }
    return write;
}

static void copy_write(const struct rewrite *rewrite, uint32_t draft,
                       uint32_t write)
{
    struct sim_oracle *oracle = rewrite->oracle;
    struct sim_write copy = oracle->writes[write];
    uint32_t first = copy.seen_first;

    copy.draft = draft;
    copy.seen_first = (uint32_t)oracle->seen_count;
    copy.next = oracle->records[copy.record].newest;
    for (uint32_t i = 0; i < copy.seen_count; i++) {
        uint32_t seen = now(rewrite, oracle->seen[first + i]);

        oracle->seen =
            sim_memory_room(oracle->seen, oracle->seen_count,
                            &oracle->seen_capacity, sizeof *oracle->seen);
        oracle->seen[oracle->seen_count++] = seen;
    }
    oracle->writes =
        sim_memory_room(oracle->writes, oracle->write_count,
                        &oracle->write_capacity, sizeof *oracle->writes);
    oracle->records[copy.record].newest = (uint32_t)oracle->write_count;
    oracle->writes[oracle->write_count++] = copy;
}

static void copy_draft(const struct rewrite *rewrite, uint32_t number)
{
    struct sim_oracle *oracle = rewrite->oracle;
    const struct sim_draft old = oracle->drafts[number];
    const struct sim_draft copy = {.party = old.party,
                                   .branch = rewrite->feed->branch,
                                   .is_acknowledged = old.is_acknowledged,
                                   .is_resolution = old.is_resolution,
                                   .checkpoint = old.checkpoint,
                                   .write_count = old.write_count,
                                   .records = {old.records[0], old.records[1]},
                                   .record_count = old.record_count};
    uint32_t draft = sim_oracle_put_draft(oracle, &copy);

    for (uint32_t i = 0; i < old.write_count; i++) {
        copy_write(rewrite, draft, old.write_first + i);
    }
}

/* @number, which nobody but this disk has, is draft @draft from now on. */
static void move(struct sim_oracle *oracle, uint32_t number, uint32_t draft)
{
    oracle->drafts[number].is_lost = true;
    for (uint32_t i = 0; i < oracle->drafts[number].record_count; i++) {
        struct sim_record *record =
            &oracle->records[oracle->drafts[number].records[i]];

        record->birth = record->birth == number ? draft : record->birth;
    }
}

void sim_rewrite(struct sim_oracle *oracle, uint32_t party, uint64_t agreed,
                 uint64_t start)
{
    struct rewrite rewrite = {.oracle = oracle,
                              .feed = &oracle->feeds[party],
                              .first = agreed,
                              .start = (uint32_t)oracle->draft_count};
    bool is_twice = false;

    for (size_t i = agreed; i < rewrite.feed->count; i++) {
        is_twice = is_twice || sim_feeds_is_sent(oracle, party, start,
                                                 rewrite.feed->places[i].draft);
    }
    if (!is_twice) {
        return;
    }
    sim_feeds_begin_again(oracle, party, agreed);
    for (size_t i = agreed; i < rewrite.feed->count; i++) {
        copy_draft(&rewrite, rewrite.feed->places[i].draft);
    }
    for (size_t i = agreed; i < rewrite.feed->count; i++) {
        uint32_t number = rewrite.feed->places[i].draft;
        uint32_t draft = rewrite.start + (uint32_t)(i - agreed);

        if (!sim_feeds_is_sent(oracle, party, start, number) &&
            !sim_feeds_is_parked(oracle, party, number)) {
            move(oracle, number, draft);
        }
        rewrite.feed->places[i].draft = draft;
    }
}

/* Is nothing left of both, which wrote to the same records? */
static bool are_both_erased(const struct sim_oracle *oracle,
                            const struct sim_draft *a,
                            const struct sim_draft *b)
{
    bool is_same = a->record_count == b->record_count;

    for (uint32_t i = 0; is_same && i < a->record_count; i++) {
        is_same = a->records[i] == b->records[i];
    }
    return is_same && a->record_count != 0 &&
           sim_oracle_survivors(oracle, a, UINT64_MAX) == 0;
}

bool sim_rewrite_take_for_same(struct sim_oracle *oracle, uint32_t party,
                               uint64_t agreed)
{
    struct sim_feed *feed = &oracle->feeds[party];
    const struct sim_feed *sent = &oracle->sent[party];
    uint32_t number;

    if (!sim_feeds_is_split(oracle, party) || agreed >= feed->count ||
        agreed >= sent->count ||
        feed->places[agreed].origin != sent->places[agreed].origin) {
        return false;
    }
    number = feed->places[agreed].draft;
    if (!are_both_erased(oracle, &oracle->drafts[number],
                         &oracle->drafts[sent->places[agreed].draft])) {
        return false;
    }
    feed->places[agreed] = sent->places[agreed];
    if (!sim_feeds_is_parked(oracle, party, number)) {
        sim_feeds_lose(oracle, number);
    }
    return true;
}
