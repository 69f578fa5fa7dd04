/*
 * What the hub merges, seen as it does: each record after each commit is
 * compared with the oracle, and figures are kept as a catalogue's would be.
 */
#include <string.h>

#include "sim_age.h"
#include "sim_counts.h"
#include "sim_member.h"
#include "sim_memory.h"
#include "sim_party.h"
#include "sim_people.h"
#include "sim_program.h"
#include "sim_quota.h"
#include "sim_rules.h"
#include "sim_rulings.h"

static struct sim *watched; /* A watcher carries no pointer of its own. */

/* How many siblings of @record stand beside another in their cell. */
static uint64_t count_parallel(const struct tip_record *record)
{
    uint64_t parallel = 0;

    for (size_t i = 1; i < record->sibling_count; i++) {
        const struct tip_sibling *a = &record->siblings[i - 1];
        const struct tip_sibling *b = &record->siblings[i];

        parallel += a->field == b->field && a->element == b->element ? 1 : 0;
    }
    return parallel;
}

/* Of each feed at most one value stands in a cell, so a conflict has as many
 * sides as there are feeds, at most. */
static void check_siblings(struct sim *sim, const struct tip_record *record)
{
    for (size_t i = 0; i < record->sibling_count; i++) {
        const struct tip_sibling *a = &record->siblings[i];
        uint32_t origin = tip_record_write(record, a)->origin;

        for (size_t j = i + 1; j < record->sibling_count; j++) {
            const struct tip_sibling *b = &record->siblings[j];

            if (b->field != a->field || b->element != a->element) {
                break;
            }
            sim_require(sim, SIM_HUB,
                        tip_record_write(record, b)->origin != origin,
                        "I8 a conflict has one side for each feed at most");
        }
    }
}

static void note_parallel(struct sim *sim, const struct tip_record *before,
                          const struct tip_record *after)
{
    uint64_t had = before == NULL ? 0 : count_parallel(before);
    uint64_t has = count_parallel(after);

    sim->totals.counts[SIM_TOTAL_PARALLEL] += has > had ? has - had : 0;
}

static bool is_resolution(const struct sim *sim,
                          const struct tip_record *record, size_t sibling)
{
    const struct tip_write *write =
        tip_record_write(record, &record->siblings[sibling]);
    const struct sim_draft *draft =
        sim_oracle_find(&sim->oracle, SIM_HUB, write->origin, write->seq);

    return draft != NULL && draft->is_resolution;
}

/* Count cells of @record, in which @draft has just been merged, that stand
 * decided in two ways. */
static void note_apart(struct sim *sim, const struct tip_record *record,
                       const struct sim_draft *draft)
{
    for (size_t i = 1; i < record->sibling_count && draft->is_resolution; i++) {
        const struct tip_sibling *a = &record->siblings[i - 1];
        const struct tip_sibling *b = &record->siblings[i];

        if (a->field == b->field && a->element == b->element &&
            is_resolution(sim, record, i - 1) &&
            is_resolution(sim, record, i)) {
            sim_count(sim, SIM_TOTAL_RESOLVED_APART);
        }
    }
}

/* The write @after has and @before had not. */
static const struct tip_write *newest_write(const struct tip_record *after)
{
    const struct tip_write *newest = NULL;

    for (size_t i = 0; i < after->write_count; i++) {
        if (newest == NULL || after->writes[i].commit > newest->commit) {
            newest = &after->writes[i];
        }
    }
    return newest;
}

static uint64_t last_commit(const struct sim_oracle *oracle)
{
    return oracle->order_count == 0
               ? 0
               : oracle->drafts[oracle->order[oracle->order_count - 1]].commit;
}

/* The first record of @draft is merged: it takes its place in the order. */
static void take_place(struct sim *sim, struct sim_draft *draft,
                       const struct tip_write *write)
{
    struct sim_oracle *oracle = &sim->oracle;

    sim_require(sim, SIM_HUB, write->commit > last_commit(oracle),
                "I3 commits rise");
    draft->commit = write->commit;
    draft->verdict = write->verdict;
    if (write->verdict == TIP_VERDICT_FUTURE) {
        sim_count(sim, SIM_TOTAL_FUTURE_STAMPS);
    }
    oracle->order =
        sim_memory_room(oracle->order, oracle->order_count,
                        &oracle->order_capacity, sizeof *oracle->order);
    oracle->order[oracle->order_count++] = (uint32_t)(draft - oracle->drafts);
}

/* Every earlier change-set of the same feed that touches @record is in. */
static void check_own_order(struct sim *sim, const struct sim_draft *draft,
                            uint32_t record)
{
    const struct sim_oracle *oracle = &sim->oracle;

    for (uint32_t w = oracle->records[record].newest; w != SIM_NONE;
         w = oracle->writes[w].next) {
        const struct sim_draft *other =
            &oracle->drafts[oracle->writes[w].draft];

        if (!other->is_lost && other->refused == 0 &&
            sim_oracle_has_past(oracle, draft, other)) {
            sim_require(sim, SIM_HUB,
                        other->commit != 0 && other->commit < draft->commit,
                        "I6 a feed's work on a record commits in its order");
        }
    }
}

/* A record is erased: that takes its place in the order. */
static void note_erasure(struct sim *sim, uint32_t record,
                         const struct tip_record *before,
                         const struct tip_record *after)
{
    const struct tip_write place = {.commit = after->erased,
                                    .verdict = TIP_VERDICT_GOOD};

    sim_require(sim, SIM_HUB, record != SIM_NONE && record == sim->hub.erasing,
                "I9 only what two persons decided is erased");
    sim_require(sim, SIM_HUB, after->sibling_count == 0 && before != NULL,
                "I9 of what was erased nothing is left");
    sim_counts_change(sim, before, after);
    take_place(sim, sim_oracle_add_erasure(&sim->oracle, record), &place);
}

/* May what a liar wrote be merged, as far as it is one? A person may let in
 * what claims too much, beside what its author was given. */
static bool may_stand(const struct sim *sim, const struct sim_draft *draft)
{
    return draft->lie == TIP_HOLD_NONE ||
           (draft->lie == TIP_HOLD_BASE && draft->is_accepted) ||
           sim_oracle_survivors(&sim->oracle, draft, UINT64_MAX) <
               draft->record_count;
}

/* May @draft be merged? It is, for the first of its records. */
static void note_merge(struct sim *sim, struct sim_draft *draft,
                       const struct tip_write *write)
{
    draft->is_accepted = sim_rulings_let_in(sim, draft);
    draft->proven = sim_member_proven(&sim->oracle, draft);
    sim_require(sim, SIM_HUB, !sim_age_is_too_new(sim, draft),
                "nothing is merged that the hub's catalogue does not know");
    sim_require(sim, SIM_HUB, !sim_program_is_unread(sim, draft),
                "nothing is merged that the hub's program cannot read");
    sim_require(sim, SIM_HUB, may_stand(sim, draft),
                "nothing of a liar is merged that the rules forbid");
    sim_require(sim, SIM_HUB,
                draft->is_accepted
                    ? sim_member_may_accept(&sim->oracle, draft)
                    : sim_member_hold(&sim->oracle, draft) == TIP_HOLD_NONE,
                "I11 what contradicts who holds a record is not merged");
    sim_require(sim, SIM_HUB, draft->is_accepted || sim_quota_take(sim, draft),
                "a device destroys no more in a day than it may");
    draft->committed_records = 0;
    take_place(sim, draft, write);
    if (draft->held != TIP_HOLD_NONE) {
        sim_held_let_go(sim, draft);
    }
}

/* The draft of @write, which the hub has merged into @record; what the hub
 * writes by itself is noted first. */
static struct sim_draft *find_draft(struct sim *sim, uint32_t record,
                                    const struct tip_write *write,
                                    const struct tip_record *before,
                                    const struct tip_record *after)
{
    struct sim_draft *draft =
        sim_oracle_find(&sim->oracle, SIM_HUB, write->origin, write->seq);

    if (draft == NULL && write->origin == HUB_ORIGIN && before != NULL) {
        sim_rulings_spoken(sim, record, before, after, write);
        draft =
            sim_oracle_find(&sim->oracle, SIM_HUB, write->origin, write->seq);
    }
    sim_require(sim, SIM_HUB, draft != NULL && !draft->is_lost,
                "I2 the hub merges what somebody saved");
    return draft;
}

static enum tip_err changed(struct hub_watcher *self, struct tip_txn *txn,
                            const struct tip_record *before,
                            const struct tip_record *after)
{
    struct sim *sim = watched;
    const struct tip_write *write = newest_write(after);
    uint32_t record = sim_oracle_find_record(&sim->oracle, &after->id);
    struct sim_draft *draft;
    const char *broken;

    (void)self;
    (void)txn;
    sim->hub.limbo_order = 0;
    if (sim->hub.is_recovering) {
        sim_counts_change(sim, before, after);
        return TIP_OK;
    }
    if (after->erased != 0) {
        note_erasure(sim, record, before, after);
        return TIP_OK;
    }
    sim_require(sim, SIM_HUB, write != NULL && record != SIM_NONE,
                "I2 the hub merges what somebody saved");
    sim_require(sim, SIM_HUB, sim_oracle_erased(&sim->oracle, record) == 0,
                "I9 nothing is written to an erased record");
    draft = find_draft(sim, record, write, before, after);
    if (draft->commit == 0) {
        note_merge(sim, draft, write);
    }
    sim_require(sim, SIM_HUB, draft->commit == write->commit,
                "I17 a change-set has one commit");
    draft->committed_records++;
    sim_rulings_note_words(sim, draft, record, after);
    check_own_order(sim, draft, record);
    check_siblings(sim, after);
    broken = sim_oracle_compare(&sim->oracle, &sim_view_hub, record, after);
    sim_count(sim, SIM_TOTAL_RECORD_CHECKS);
    sim_require(sim, SIM_HUB, broken == NULL, broken);
    note_parallel(sim, before, after);
    note_apart(sim, after, draft);
    sim_counts_change(sim, before, after);
    return TIP_OK;
}

/* Take back the places given since the last commit that held. The order keeps
 * them behind its end: they may turn out to have been kept. */
static void take_back(struct sim *sim)
{
    struct sim_oracle *oracle = &sim->oracle;

    sim->hub.limbo_order = oracle->order_count;
    for (size_t i = sim->hub.durable_order; i < oracle->order_count; i++) {
        struct sim_draft *draft = &oracle->drafts[oracle->order[i]];

        draft->limbo = draft->commit;
        draft->commit = 0;
    }
    oracle->order_count = sim->hub.durable_order;
    sim->hub.counts = sim->hub.durable_counts;
    sim_quota_take_back(sim);
    sim_held_take_back(sim);
}

static enum tip_err settle(struct hub_watcher *self, struct tip_txn *txn)
{
    (void)self;
    (void)txn;
    return TIP_OK;
}

static void ended(struct hub_watcher *self, bool durable)
{
    struct sim *sim = watched;

    (void)self;
    if (sim->hub.is_recovering) {
        *(durable ? &sim->hub.durable_counts : &sim->hub.counts) =
            durable ? sim->hub.counts : sim->hub.durable_counts;
    } else if (durable) {
        sim->hub.durable_counts = sim->hub.counts;
        sim_quota_keep(sim);
        sim_held_keep(sim);
    } else {
        take_back(sim);
    }
}

void sim_watch_reopened(struct sim *sim, uint64_t commit)
{
    struct sim_oracle *oracle = &sim->oracle;
    size_t kept = 0;

    if (oracle->order_count > sim->hub.durable_order ||
        !sim_held_is_kept(sim)) {
        take_back(sim);
    }
    while (oracle->order_count < sim->hub.limbo_order) {
        struct sim_draft *draft =
            &oracle->drafts[oracle->order[oracle->order_count]];

        if (draft->limbo > commit) {
            break;
        }
        draft->commit = draft->limbo;
        sim_quota_kept(sim, draft);
        oracle->order_count++;
        kept++;
    }
    sim->hub.limbo_order = 0;
    sim_require(sim, SIM_HUB, last_commit(oracle) <= commit,
                "I1 what was committed stays committed");
    if (kept == 0) {
        sim_rule_figures(sim, SIM_HUB);
    } else {
        sim->hub.counts = sim_counts_recount(sim);
    }
    sim->hub.durable_counts = sim->hub.counts;
    sim_quota_reopened(sim);
    sim_held_reopened(sim);
}

void sim_watch_init(struct sim *sim)
{
    watched = sim;
    sim->hub.watcher = (struct hub_watcher){
        .changed = changed, .settle = settle, .ended = ended};
}
