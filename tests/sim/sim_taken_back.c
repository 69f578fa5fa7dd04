/* What a hub has that was put back and has taken back what offices have,
 * compared with what was true before. */
#include <stdlib.h>

#include "sim_age.h"
#include "sim_feeds.h"
#include "sim_history.h"
#include "sim_hub_feed.h"
#include "sim_machine.h"
#include "sim_member.h"
#include "sim_memory.h"
#include "sim_party.h"
#include "sim_people.h"
#include "sim_put_back.h"
#include "sim_quota.h"
#include "sim_rules.h"
#include "sim_rulings.h"

enum { DRAFTS_MAX = 65536 }; /* Of a seed. */

/* What was true of a draft before. */
struct past {
    uint64_t commit, refused;
    bool is_told;   /* Somebody was shown it there. */
    uint32_t found; /* A bit for each of its records in which it is now. */
};

struct look {
    struct sim *sim;
    struct past *pasts; /* By draft. */
    uint64_t follows;   /* The newest commit that was in the backup. */
    uint32_t record;
};

/* Was @draft shown to an office where it stands? */
static bool was_told(const struct sim *sim, const struct sim_draft *draft)
{
    for (uint32_t party = 1; party < SIM_PARTIES; party++) {
        const struct sim_office *office = &sim->offices[party];
        bool is_author = draft->party == party;

        if (draft->seq == 0
                ? draft->commit != 0 && office->erased >= draft->commit
                : (draft->commit != 0 && office->checkpoint >= draft->commit &&
                   sim_member_concerns(&sim->oracle, draft, party)) ||
                      (is_author && draft->refused != 0 &&
                       office->checkpoint >= draft->refused)) {
            return true;
        }
    }
    return false;
}

/* Nothing is known of where anything stands. */
static void forget_places(struct look *look)
{
    struct sim *sim = look->sim;

    for (size_t i = 0; i < sim->oracle.draft_count; i++) {
        const struct sim_draft *draft = &sim->oracle.drafts[i];

        look->pasts[i] = (struct past){.commit = draft->commit,
                                       .refused = draft->refused,
                                       .is_told = was_told(sim, draft)};
    }
    for (size_t i = 0; i < sim->oracle.draft_count; i++) {
        struct sim_draft *draft = &sim->oracle.drafts[i];

        draft->commit = draft->limbo = 0;
        draft->refused = draft->limbo_refused = 0;
        draft->held = draft->limbo_held = TIP_HOLD_NONE;
    }
}

/* The hub has @sibling, of @write, in the record that is looked at: mark it. */
static void find_write(struct look *look, const struct tip_write *write,
                       const struct tip_sibling *sibling)
{
    struct sim *sim = look->sim;
    uint32_t found = sim_oracle_find_write(&sim->oracle, SIM_HUB, look->record,
                                           write, sibling);
    struct sim_draft *draft =
        sim_oracle_find(&sim->oracle, SIM_HUB, write->origin, write->seq);
    struct past *past;

    sim_require(sim, SIM_HUB, draft != NULL && !draft->is_lost,
                "I2 the hub has what somebody saved");
    past = &look->pasts[draft - sim->oracle.drafts];
    sim_require(sim, SIM_HUB,
                draft->commit == 0 || draft->commit == write->commit,
                "I17 a change-set has one commit");
    draft->commit = write->commit;
    draft->verdict = write->verdict;
    for (uint32_t i = 0; i < draft->record_count; i++) {
        past->found |= draft->records[i] == look->record ? 1U << i : 0;
    }
    if (found != SIM_NONE) {
        sim->oracle.writes[found].dead_mark = sim->oracle.mark;
    }
}

static void find_writes(void *context, const struct tip_record *record)
{
    for (size_t i = 0; i < record->sibling_count; i++) {
        const struct tip_sibling *sibling = &record->siblings[i];

        find_write(context, tip_record_write(record, sibling), sibling);
    }
}

/* Where everything stands now, as the records of the hub say. */
static void find_places(struct look *look)
{
    struct sim *sim = look->sim;

    sim->oracle.mark++;
    for (uint32_t i = 0; i < sim->oracle.record_count; i++) {
        uint32_t erasure = sim->oracle.records[i].erasure;
        struct tip_record record;

        look->record = i;
        if (sim->oracle.records[i].is_lost ||
            !sim_form_read(sim, SIM_HUB, i, &record)) {
            continue;
        }
        if (record.erased != 0) {
            sim_require(sim, SIM_HUB, erasure != SIM_NONE,
                        "I9 only what two persons decided is erased");
            sim->oracle.drafts[erasure].commit = record.erased;
            continue;
        }
        find_writes(look, &record);
        sim_history_walk(sim, i, find_writes, look);
    }
    for (size_t i = 0; i < sim->hub.held.count; i++) {
        struct sim_draft *draft = &sim->oracle.drafts[sim->hub.held.records[i]];

        draft->refused = sim_rulings_refused(sim, draft);
    }
}

/* Is @draft, which @past was about, rightly where it is? */
static void judge_place(struct look *look, const struct sim_draft *draft,
                        const struct past *past)
{
    struct sim *sim = look->sim;
    uint64_t newest = hub_engine_seen(sim->hub.engine).commit;
    bool is_bound =
        past->is_told || (past->commit != 0 && past->commit <= look->follows);

    if ((past->commit != 0 && draft->commit != past->commit) ||
        draft->refused != past->refused) {
        sim_note(sim, "stood elsewhere", draft->party, draft->seq,
                 past->commit);
    }
    sim_require(sim, draft->party,
                !is_bound ||
                    (draft->commit == past->commit &&
                     (draft->refused == past->refused || !past->is_told)),
                "what an office was told stands where it stood");
    sim_require(sim, draft->party,
                draft->commit == 0 || draft->commit == past->commit ||
                    tip_commit_generation(draft->commit) ==
                        tip_commit_generation(newest),
                "what is given anew lies behind all that was given");
}

/* Is all of it there? Of the hub's own change-sets only the parts come back
 * that somebody was told. */
static void judge_parts(struct sim *sim, uint32_t number, uint32_t found)
{
    for (uint32_t i = sim->oracle.drafts[number].record_count; i-- > 0;) {
        const struct sim_draft *draft = &sim->oracle.drafts[number];
        uint32_t record = draft->records[i];

        if ((found >> i & 1) != 0 || draft->seq == 0 || draft->commit == 0 ||
            sim_oracle_erased(&sim->oracle, record) != 0) {
            continue;
        }
        sim_require(sim, draft->party, draft->party == SIM_HUB,
                    "I17 a change-set is taken up whole");
        sim_note(sim, "part lost with the hub", SIM_HUB, draft->seq, record);
        sim_count(sim, SIM_TOTAL_LOST_WITH_HUB);
        sim_hub_feed_lose_part(&sim->oracle, number, record);
    }
    sim->oracle.drafts[number].committed_records =
        sim->oracle.drafts[number].record_count;
}

/* Was an office told of @write by itself, which held its record before? */
static bool was_sent(const struct sim *sim, const struct sim_write *write)
{
    uint64_t commit = sim->oracle.drafts[write->draft].commit;

    for (uint32_t party = 1; party < SIM_PARTIES; party++) {
        if (sim->offices[party].checkpoint >= commit &&
            sim_member_stay(&sim->oracle, write->record, party, commit - 1)
                .is_member) {
            return true;
        }
    }
    return false;
}

/* …and of a part, where that was told by sending its record whole, what was not
 * written over by then. */
static void judge_writes(struct sim *sim, uint32_t number)
{
    const struct sim_draft draft = sim->oracle.drafts[number];

    for (uint32_t i = 0; i < draft.write_count; i++) {
        uint32_t w = draft.write_first + i;
        const struct sim_write *write = &sim->oracle.writes[w];

        if (write->draft == number && write->dead_mark != sim->oracle.mark &&
            sim_oracle_erased(&sim->oracle, write->record) == 0) {
            sim_require(sim, SIM_HUB, !was_sent(sim, write),
                        "I7 what an office was told is live or in the history");
            sim_note(sim, "write lost with the hub", SIM_HUB, draft.seq,
                     write->record);
            sim_hub_feed_lose_write(&sim->oracle, w);
        }
    }
}

static void count_place(struct sim *sim, const struct look *look,
                        const struct sim_draft *draft, const struct past *past)
{
    if (past->commit <= look->follows || draft->commit == 0) {
        return;
    }
    sim_count(sim, draft->commit == past->commit ? SIM_TOTAL_TAKEN_UP
                                                 : SIM_TOTAL_GIVEN_ANEW);
}

/* The hub alone had it. */
static void lose(struct sim *sim, uint32_t number)
{
    const struct sim_draft *draft = &sim->oracle.drafts[number];

    sim_note(sim, "lost with the hub", draft->party, draft->seq, number);
    sim_count(sim, SIM_TOTAL_LOST_WITH_HUB);
    /* An erasure that failed may have been decided again since. */
    if (draft->seq == 0 &&
        sim->oracle.records[draft->records[0]].erasure == number) {
        sim->oracle.records[draft->records[0]].erasure = SIM_NONE;
    }
    sim_feeds_lose(&sim->oracle, number);
}

static void judge(struct look *look, uint32_t number)
{
    struct sim *sim = look->sim;
    struct sim_draft *draft = &sim->oracle.drafts[number];
    const struct past *past = &look->pasts[number];
    bool is_new = draft->party == SIM_HUB && past->commit > look->follows;

    if (draft->is_lost) {
        return;
    }
    if (draft->seq != 0 && !sim_draft_is_decided(draft) &&
        sim_oracle_is_destroyed(&sim->oracle, draft)) {
        draft->commit = past->commit; /* Nothing says where it stands. */
        return;
    }
    judge_place(look, draft, past);
    if (draft->commit != past->commit) {
        draft->is_accepted = false;
    }
    count_place(sim, look, draft, past);
    if (draft->party == SIM_HUB && draft->commit == 0) {
        lose(sim, number);
    } else {
        judge_parts(sim, number, past->found);
        if (is_new) {
            judge_writes(sim, number);
        }
    }
}

static const struct sim_oracle *sorted;

static int compare_commits(const void *a, const void *b)
{
    const uint32_t *first = a;
    const uint32_t *second = b;
    uint64_t one = sorted->drafts[*first].commit;
    uint64_t other = sorted->drafts[*second].commit;

    return (one > other) - (one < other);
}

static void sort_order(struct sim *sim)
{
    struct sim_oracle *oracle = &sim->oracle;

    oracle->order_count = 0;
    for (size_t i = 0; i < oracle->draft_count; i++) {
        if (oracle->drafts[i].commit == 0 || oracle->drafts[i].is_lost) {
            continue;
        }
        oracle->order =
            sim_memory_room(oracle->order, oracle->order_count,
                            &oracle->order_capacity, sizeof *oracle->order);
        oracle->order[oracle->order_count++] = (uint32_t)i;
    }
    sorted = oracle;
    qsort(oracle->order, oracle->order_count, sizeof *oracle->order,
          compare_commits);
    for (size_t i = 1; i < oracle->order_count; i++) {
        sim_require(sim, SIM_HUB,
                    oracle->drafts[oracle->order[i]].commit >
                        oracle->drafts[oracle->order[i - 1]].commit,
                    "I3 no commit is given twice");
    }
}

/* How far everybody is in the order that is. */
static void count_seen(struct sim *sim)
{
    const struct sim_oracle *oracle = &sim->oracle;

    for (uint32_t party = 1; party < SIM_PARTIES; party++) {
        struct sim_office *office = &sim->offices[party];

        office->order_seen = 0;
        while (office->order_seen < oracle->order_count &&
               oracle->drafts[oracle->order[office->order_seen]].commit <=
                   office->checkpoint) {
            office->order_seen++;
        }
    }
    sim->hub.durable_order = oracle->order_count;
    sim->hub.limbo_order = 0;
}

static void check_all(struct sim *sim)
{
    sim_rule_figures(sim, SIM_HUB);
    for (uint32_t party = 0; party < SIM_PARTIES; party++) {
        if (sim_machine_of(sim, party)->is_up) {
            sim_rule_all_records(sim, party);
        }
    }
}

void sim_put_back_look(struct sim *sim)
{
    uint32_t count = (uint32_t)sim->oracle.draft_count;
    struct hub_recovery recovery;
    static struct past pasts[DRAFTS_MAX];
    struct look look = {.sim = sim, .pasts = pasts};

    hub_engine_recovery(sim->hub.engine, &recovery);
    if (recovery.is_open) {
        return;
    }
    sim_note(sim, "recovered", SIM_HUB, recovery.follows, 0);
    look.follows = recovery.follows;
    sim_require(sim, SIM_HUB, count <= DRAFTS_MAX, "there is room");
    forget_places(&look);
    find_places(&look);
    for (uint32_t i = 0; i < count; i++) {
        judge(&look, i);
    }
    sim_hub_feed_jump(&sim->oracle, hub_engine_seen(sim->hub.engine).seq);
    sort_order(sim);
    count_seen(sim);
    sim_held_take_over(sim);
    sim_quota_take_over(sim);
    sim->hub.is_recovering = false;
    check_all(sim);
    sim_age_release(sim);
}
