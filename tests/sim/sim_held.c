/*
 * What waits at the hub, compared with what must wait.
 *
 * What waits is let go when the hub merges it, or when all it was about is
 * erased; what was not durable is judged again.
 */
#include <string.h>

#include "sim_age.h"
#include "sim_member.h"
#include "sim_memory.h"
#include "sim_party.h"
#include "sim_program.h"
#include "sim_quota.h"
#include "sim_rulings.h"

enum { HELD_MAX = 16384 };

static enum sim_total total_of(const struct sim_draft *draft,
                               enum tip_hold reason)
{
    if (reason == draft->lie) {
        return SIM_TOTAL_HELD_LIES;
    }
    if (reason == TIP_HOLD_OFFICES) {
        return SIM_TOTAL_HELD_OFFICES;
    }
    if (reason == TIP_HOLD_QUOTA) {
        return SIM_TOTAL_HELD_QUOTA;
    }
    if (reason == TIP_HOLD_TOO_NEW) {
        return SIM_TOTAL_HELD_TOO_NEW;
    }
    if (reason == TIP_HOLD_PROGRAM) {
        return SIM_TOTAL_HELD_PROGRAM;
    }
    return reason == TIP_HOLD_MEMBER ? SIM_TOTAL_HELD_MEMBER
                                     : SIM_TOTAL_HELD_BEHIND;
}

/* Has @draft, which waited behind another that is decided now, been overtaken?
 * Only a hub that was put back has such. */
static bool is_overtaken(const struct sim *sim, const struct sim_draft *draft,
                         enum tip_hold due)
{
    return sim->hub.restores != 0 && draft->held == TIP_HOLD_BEHIND &&
           due != TIP_HOLD_BEHIND &&
           sim_member_is_overtaken(&sim->oracle, draft);
}

/* Must @draft wait for @reason? */
static bool is_right(struct sim *sim, struct sim_draft *draft,
                     enum tip_hold reason)
{
    enum tip_hold due = sim_member_hold(&sim->oracle, draft);

    if (draft->lie != TIP_HOLD_NONE && draft->lie == reason) {
        return true;
    }
    if (reason == TIP_HOLD_PROGRAM || sim_program_is_unread(sim, draft)) {
        return reason == TIP_HOLD_PROGRAM && sim_program_is_unread(sim, draft);
    }
    if (reason == TIP_HOLD_ORDER) {
        return is_overtaken(sim, draft, due);
    }
    if (due == TIP_HOLD_NONE && sim_age_is_too_new(sim, draft)) {
        due = TIP_HOLD_TOO_NEW;
    }
    return reason == TIP_HOLD_QUOTA
               ? due == TIP_HOLD_NONE && sim_quota_is_over(sim, draft)
               : due == reason;
}

/* @draft waits now, for @reason; it may have waited for another before. */
static void add(struct sim *sim, struct sim_draft *draft, enum tip_hold reason)
{
    struct sim_known *held = &sim->hub.held;

    sim_note(sim, "held", draft->party, draft->seq, (uint64_t)reason);
    sim_require(sim, draft->party,
                reason == draft->limbo_held || sim->hub.is_recovering ||
                    is_right(sim, draft, reason),
                "I14 only what contradicts who holds a record, is beyond its "
                "budget, too new, or a lie, is held back");
    draft->held = reason;
    if (!draft->was_held) {
        draft->was_held = true;
        held->records = sim_memory_room(held->records, held->count,
                                        &held->capacity, sizeof *held->records);
        held->records[held->count++] = (uint32_t)(draft - sim->oracle.drafts);
    }
    sim_count(sim, total_of(draft, reason));
}

void sim_held_let_go(struct sim *sim, struct sim_draft *draft)
{
    sim_note(sim, "let go", draft->party, draft->seq, draft->commit);
    sim_require(sim, SIM_HUB,
                sim_draft_is_decided(draft) ||
                    sim_oracle_is_destroyed(&sim->oracle, draft),
                "I1 what is held back stays");
    draft->held = TIP_HOLD_NONE;
    sim_count(sim, SIM_TOTAL_LET_GO);
}

/* Is what is at the hub of @device, up to @seq, merged, or does it wait? */
static bool is_judged(struct sim *sim, uint32_t device, uint64_t seq)
{
    uint64_t *judged = &sim->hub.judged[device];

    for (; *judged < seq; ++*judged) {
        const struct sim_draft *draft =
            sim_oracle_sent(&sim->oracle, device, *judged + 1);

        if (draft != NULL && draft->held == TIP_HOLD_PROGRAM) {
            continue; /* Whatever was erased: nobody can read what it is. */
        }
        if (draft == NULL ||
            (draft->held != TIP_HOLD_NONE) ==
                (sim_draft_is_decided(draft) ||
                 sim_oracle_is_destroyed(&sim->oracle, draft))) {
            return false;
        }
    }
    return true;
}

bool sim_held_is_judged(struct sim *sim, uint32_t device)
{
    uint64_t seqs[SIM_DEVICES];

    sim_hub_seqs(sim, seqs);
    return is_judged(sim, device, seqs[device]);
}

/* What waits, as the hub says. */
static void look(struct sim *sim)
{
    static struct hub_held held[HELD_MAX];
    size_t count = hub_engine_held(sim->hub.engine, held, HELD_MAX);

    sim->hub.held_looks++;
    for (size_t i = 0; i < count; i++) {
        struct sim_draft *draft =
            sim_oracle_find(&sim->oracle, SIM_HUB, held[i].origin, held[i].seq);

        sim_require(sim, SIM_HUB, draft != NULL,
                    "I2 what is held back was saved by somebody");
        draft->held_mark = sim->hub.held_looks;
        if (draft->held != held[i].reason) {
            add(sim, draft, held[i].reason);
        }
    }
    sim->hub.held_order = sim->oracle.order_count;
}

static struct sim_draft *draft_at(struct sim *sim, size_t i)
{
    return &sim->oracle.drafts[sim->hub.held.records[i]];
}

/* Whoever was away while the hub was put back is judged when taken up. */
static void check_all_fates(struct sim *sim)
{
    uint64_t seqs[SIM_DEVICES];

    sim_hub_seqs(sim, seqs);
    for (uint32_t device = 1; device < SIM_DEVICES; device++) {
        sim_require(sim, SIM_HUB,
                    device == sim->absent.party ||
                        is_judged(sim, device, seqs[device]),
                    "I14 what is at the hub is merged, or waits for cause");
    }
}

void sim_held_note(struct sim *sim)
{
    if (sim->hub.is_recovering) {
        return; /* What comes is kept, and judged when all have come back. */
    }
    look(sim);
    for (size_t i = 0; i < sim->hub.held.count; i++) {
        struct sim_draft *draft = draft_at(sim, i);

        if (draft->held != TIP_HOLD_NONE &&
            draft->held_mark != sim->hub.held_looks) {
            sim_held_let_go(sim, draft);
        }
    }
    check_all_fates(sim);
}

void sim_held_check_behind(struct sim *sim, uint32_t party)
{
    for (size_t i = 0; i < sim->hub.held.count; i++) {
        const struct sim_draft *draft = draft_at(sim, i);

        sim_require(sim, SIM_HUB,
                    (party != SIM_NONE && draft->party != party) ||
                        draft->held != TIP_HOLD_BEHIND ||
                        sim_member_hold(&sim->oracle, draft) == TIP_HOLD_BEHIND,
                    "what waited behind what is decided goes on");
    }
}

void sim_held_take_over(struct sim *sim)
{
    look(sim);
    memset(sim->hub.judged, 0, sizeof sim->hub.judged);
    check_all_fates(sim);
    sim_held_keep(sim);
}

void sim_held_keep(struct sim *sim)
{
    for (size_t i = 0; i < sim->hub.held.count; i++) {
        struct sim_draft *draft = draft_at(sim, i);

        draft->durable_held = draft->held;
        draft->durable_refused = draft->refused;
    }
}

bool sim_held_is_kept(struct sim *sim)
{
    for (size_t i = 0; i < sim->hub.held.count; i++) {
        const struct sim_draft *draft = draft_at(sim, i);

        if (draft->held != draft->durable_held ||
            draft->refused != draft->durable_refused) {
            return false;
        }
    }
    return true;
}

void sim_held_take_back(struct sim *sim)
{
    for (size_t i = 0; i < sim->hub.held.count; i++) {
        struct sim_draft *draft = draft_at(sim, i);

        draft->limbo_held = draft->held;
        draft->held = draft->durable_held;
        draft->is_unread = draft->held == TIP_HOLD_PROGRAM;
        draft->limbo_refused = draft->refused;
        draft->refused = draft->durable_refused;
    }
    memcpy(sim->hub.judged, sim->hub.durable, sizeof sim->hub.judged);
}

void sim_held_reopened(struct sim *sim)
{
    for (size_t i = 0; i < sim->hub.held.count; i++) {
        struct sim_draft *draft = draft_at(sim, i);

        if (draft->is_lost) {
            continue; /* Something else may stand in its place. */
        }
        draft->refused = sim_rulings_refused(sim, draft);
        sim_require(sim, SIM_HUB,
                    draft->refused == draft->durable_refused ||
                        draft->refused == draft->limbo_refused,
                    "I1 what a person decided stays decided");
    }
    sim_held_note(sim);
    sim_held_keep(sim);
    for (size_t i = 0; i < sim->hub.held.count; i++) {
        draft_at(sim, i)->limbo_held = TIP_HOLD_NONE;
        draft_at(sim, i)->limbo_refused = 0;
    }
}
