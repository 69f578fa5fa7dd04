/*
 * One device is undone from a point on. The oracle knows what each write of it
 * had superseded: only that may come back, only where nobody else has written,
 * and nothing of it may stand alone afterwards.
 */
#include <stdio.h>

#include "hub_revert.h"
#include "sim_machine.h"
#include "sim_rulings.h"
#include "sim_works.h"

enum { BACK_MAX = 30, REASON_MAX = 32 };

static bool is_undone(const struct sim *sim, uint32_t w)
{
    const struct sim_revert *revert = &sim->hub.revert;
    const struct sim_draft *draft =
        &sim->oracle.drafts[sim->oracle.writes[w].draft];

    return draft->origin == revert->origin && draft->seq >= revert->from;
}

static bool is_by_revert(const struct sim *sim, uint32_t w)
{
    return sim->oracle.drafts[sim->oracle.writes[w].draft].revert ==
           sim->hub.revert.number;
}

static bool is_same_cell(const struct sim_write *a, const struct sim_write *b)
{
    return a->field == b->field && a->element == b->element;
}

/* Is anything live in the cell of @write (of the whole record: NULL), which was
 * marked, that somebody else wrote? What the revert wrote is nobody's. */
static bool have_others(const struct sim *sim, uint32_t record,
                        const struct sim_write *write)
{
    const struct sim_oracle *oracle = &sim->oracle;

    for (uint32_t x = oracle->records[record].newest; x != SIM_NONE;
         x = oracle->writes[x].next) {
        if ((write == NULL || is_same_cell(&oracle->writes[x], write)) &&
            sim_oracle_is_live(oracle, &sim_view_hub, x) &&
            !is_undone(sim, x) && !is_by_revert(sim, x)) {
            return true;
        }
    }
    return false;
}

/* Did the device write over @x, of another, in what is undone? What a person
 * refused never stood, though its own author had seen it. */
static bool was_overwritten(const struct sim *sim, uint32_t x)
{
    const struct sim_oracle *oracle = &sim->oracle;
    const struct sim_write *write = &oracle->writes[x];

    if (is_undone(sim, x) || oracle->drafts[write->draft].commit == 0) {
        return false;
    }
    for (uint32_t w = oracle->records[write->record].newest; w != SIM_NONE;
         w = oracle->writes[w].next) {
        if (is_undone(sim, w) &&
            oracle->drafts[oracle->writes[w].draft].commit != 0 &&
            is_same_cell(&oracle->writes[w], write) &&
            sim_oracle_saw(oracle, w, x)) {
            return true;
        }
    }
    return false;
}

/* May the cell of @write hold its value again? */
static bool stood_before(const struct sim *sim, const struct sim_write *write)
{
    const struct sim_oracle *oracle = &sim->oracle;
    bool was_blank = true;

    for (uint32_t x = oracle->records[write->record].newest; x != SIM_NONE;
         x = oracle->writes[x].next) {
        const struct sim_write *other = &oracle->writes[x];

        if (is_same_cell(other, write) && was_overwritten(sim, x)) {
            if (tip_value_equal(&other->value, &write->value)) {
                return true;
            }
            was_blank = false;
        }
    }
    return was_blank && write->value.kind == TIP_VALUE_NONE;
}

/* Did the device make @record, in what is undone? */
static bool is_its_own(const struct sim *sim, uint32_t record)
{
    const struct sim_draft *birth =
        &sim->oracle.drafts[sim->oracle.records[record].birth];

    return birth->origin == sim->hub.revert.origin &&
           birth->seq >= sim->hub.revert.from;
}

void sim_revert_check(struct sim *sim, const struct sim_draft *draft)
{
    for (uint32_t i = 0; i < draft->write_count; i++) {
        const struct sim_write *write =
            &sim->oracle.writes[draft->write_first + i];
        bool hides = is_its_own(sim, write->record) &&
                     write->field == TIP_FIELD_DELETED &&
                     write->value.kind != TIP_VALUE_NONE;

        (void)sim_oracle_mark(&sim->oracle, &sim_view_hub, write->record);
        sim_require(sim, SIM_HUB,
                    hides ? !have_others(sim, write->record, NULL)
                          : stood_before(sim, write) &&
                                !have_others(sim, write->record, write),
                    "a revert puts back what the device wrote over, where "
                    "nobody else has written");
    }
}

static bool is_left_rightly(struct sim *sim, const struct hub_undone *undone)
{
    struct sim_oracle *oracle = &sim->oracle;
    uint32_t record = sim_oracle_find_record(oracle, &undone->record);
    const struct sim_write cell = {.field = undone->field,
                                   .element = undone->element};
    bool stands = false;

    (void)sim_oracle_mark(oracle, &sim_view_hub, record);
    for (uint32_t w = oracle->records[record].newest; w != SIM_NONE;
         w = oracle->writes[w].next) {
        stands =
            stands ||
            (is_same_cell(&oracle->writes[w], &cell) && is_undone(sim, w) &&
             oracle->drafts[oracle->writes[w].draft].seq == undone->seq &&
             sim_oracle_is_live(oracle, &sim_view_hub, w));
    }
    return sim_oracle_erased(oracle, record) == 0 && /* Or nothing is left. */
           (have_others(sim, record, undone->field == 0 ? NULL : &cell) ||
            undone->field == TIP_FIELD_OFFICES || /* It has a last holder. */
            (undone->field != 0 && !stands));
}

/* Did the hub let change-set @seq in? What nobody knows of any more may have
 * been. */
static bool took_effect(const struct sim *sim, uint64_t seq)
{
    const struct sim_draft *draft =
        sim_oracle_find(&sim->oracle, SIM_HUB, sim->hub.revert.origin, seq);

    return draft == NULL || draft->commit != 0;
}

static void tell(void *context, const struct hub_undone *undone)
{
    struct sim *sim = context;

    switch (undone->kind) {
    case HUB_UNDONE_RESTORED:
        sim_count(sim, SIM_TOTAL_UNDONE);
        break;
    case HUB_UNDONE_HIDDEN:
        sim_count(sim, SIM_TOTAL_HIDDEN);
        break;
    case HUB_UNDONE_LEFT:
        sim_count(sim, SIM_TOTAL_LEFT);
        sim_require(sim, SIM_HUB, is_left_rightly(sim, undone),
                    "a revert leaves what others have written");
        break;
    case HUB_UNDONE_UNKNOWN:
        sim_require(sim, SIM_HUB, false, "no history rots here");
        break;
    case HUB_UNDONE_REFUSED:
    case HUB_UNDONE_HELD:
        break;
    }
    sim_require(sim, SIM_HUB,
                took_effect(sim, undone->seq) ==
                    (undone->kind != HUB_UNDONE_REFUSED &&
                     undone->kind != HUB_UNDONE_HELD),
                "a revert undoes what took effect, and nothing else");
}

/* Undo, change-set by change-set. */
static enum tip_err undo(struct sim *sim)
{
    struct sim_revert *plan = &sim->hub.revert;
    char reason[REASON_MAX];
    struct hub_revert revert = {.origin = plan->origin,
                                .from = plan->from,
                                .by = tip_bytes_text("salka"),
                                .tell = tell,
                                .context = sim};
    enum tip_err err = TIP_OK;

    (void)snprintf(reason, sizeof reason, "taken over, %u", plan->number);
    revert.reason = tip_bytes_text(reason);
    plan->is_on = true;
    for (uint64_t seq = plan->to; seq >= plan->from && err == TIP_OK; seq--) {
        err = hub_engine_revert(sim->hub.engine, &revert, seq);
    }
    plan->is_on = false;
    return err;
}

/* Was @w let in after this revert, which was cut off and goes on, had put
 * another value into its cell? Then both stand, and a person decides. */
static bool came_after(const struct sim *sim, uint32_t w)
{
    const struct sim_oracle *oracle = &sim->oracle;
    const struct sim_write *write = &oracle->writes[w];

    for (uint32_t x = oracle->records[write->record].newest; x != SIM_NONE;
         x = oracle->writes[x].next) {
        if (is_same_cell(&oracle->writes[x], write) && is_by_revert(sim, x) &&
            sim_oracle_is_live(oracle, &sim_view_hub, x) &&
            oracle->drafts[oracle->writes[x].draft].commit <
                oracle->drafts[write->draft].commit) {
            return true;
        }
    }
    return false;
}

/* Nothing of it stands alone any more that was not there before. */
static void check_undone(struct sim *sim)
{
    struct sim_oracle *oracle = &sim->oracle;
    const struct sim_revert *plan = &sim->hub.revert;

    for (uint64_t seq = plan->from; seq <= plan->to; seq++) {
        const struct sim_draft *draft =
            sim_oracle_find(oracle, SIM_HUB, plan->origin, seq);

        for (uint32_t i = 0; i < draft->write_count; i++) {
            uint32_t w = draft->write_first + i;
            const struct sim_write *write = &oracle->writes[w];

            if (is_its_own(sim, write->record) ||
                write->field == TIP_FIELD_OFFICES ||
                sim_oracle_erased(oracle, write->record) != 0) {
                continue;
            }
            (void)sim_oracle_mark(oracle, &sim_view_hub, write->record);
            sim_require(sim, SIM_HUB,
                        !sim_oracle_is_live(oracle, &sim_view_hub, w) ||
                            have_others(sim, write->record, write) ||
                            stood_before(sim, write) || came_after(sim, w),
                        "a revert leaves nothing of the device alone");
        }
    }
}

/* A device that was restored has several feeds: the last is undone. */
static void keep_to_one_feed(struct sim *sim)
{
    struct sim_revert *plan = &sim->hub.revert;
    const struct sim_draft *draft =
        sim_oracle_sent(&sim->oracle, plan->party, plan->to);

    plan->origin = draft == NULL ? 0 : draft->origin;
    while (plan->from < plan->to &&
           sim_oracle_find(&sim->oracle, SIM_HUB, plan->origin, plan->from) ==
               NULL) {
        plan->from++;
    }
}

/* Choose a device and from where, or the one of last time again. */
static void plan(struct sim *sim)
{
    struct tip_prng *prng = &sim->streams[SIM_STREAM_PEOPLE];
    struct sim_revert *plan = &sim->hub.revert;
    uint32_t party = 1 + tip_prng_below(prng, SIM_OFFICES);
    uint64_t to = sim->hub.durable[party];
    uint64_t back = 1 + tip_prng_below(prng, BACK_MAX);

    if (plan->number == 0 || !tip_prng_chance(prng, 30)) {
        *plan = (struct sim_revert){.number = plan->number + 1,
                                    .party = party,
                                    .from = to > back ? to - back : 1,
                                    .to = to};
        keep_to_one_feed(sim);
    }
}

void sim_work_revert(struct sim *sim, uint32_t party)
{
    size_t order;
    enum tip_err err;

    /* What a reader saw before is for the clocks to say. */
    if (party != SIM_HUB || sim->weather.is_size_blind) {
        return;
    }
    plan(sim);
    sim_note(sim, "revert", sim->hub.revert.party, sim->hub.revert.from,
             sim->hub.revert.to);
    err = undo(sim);
    if (sim_rulings_is_disk(sim, err)) {
        return;
    }
    sim_require(sim, SIM_HUB, err == TIP_OK, "a device can be undone");
    sim_count(sim, SIM_TOTAL_REVERTS);
    check_undone(sim);
    order = sim->oracle.order_count;
    err = undo(sim);
    sim_require(sim, SIM_HUB,
                sim_rulings_is_disk(sim, err) ||
                    (err == TIP_OK && sim->oracle.order_count == order),
                "to undo a device again changes nothing");
    sim_count(sim, SIM_TOTAL_REVERTS_AGAIN);
}
