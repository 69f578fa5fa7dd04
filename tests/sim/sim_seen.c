/* Who has seen what: from that alone follows which values are live. */
#include <assert.h>

#include "sim_oracle.h"

const struct sim_view sim_view_hub = {
    .party = SIM_HUB, .checkpoint = UINT64_MAX, .others = UINT64_MAX};

enum { WALK_MAX = 256 };

/* What the author of a write had seen, and what they had seen through that. */
struct walk {
    const struct sim_oracle *oracle;
    const struct sim_draft *by;
    uint32_t write; /* Whose seen are walked… */
    uint32_t next;  /* …from here on. */
    uint32_t through[WALK_MAX];
    size_t through_count;
};

bool sim_oracle_sees(const struct sim_oracle *oracle,
                     const struct sim_view *view, const struct sim_draft *draft)
{
    if (draft->is_lost ||
        (draft->refused != 0 && draft->refused <= view->checkpoint)) {
        return false;
    }
    if (draft->party != view->party) {
        return draft->commit != 0 && draft->commit <= view->others;
    }
    return sim_oracle_is_on_disk(oracle, draft) ||
           (draft->commit != 0 && draft->commit <= view->checkpoint);
}

/* Does it count in @view that the author of @by saw @seen? Once it is known
 * that a person let it in, only what it provably had. */
static bool is_in_force(const struct sim_oracle *oracle,
                        const struct sim_view *view, const struct sim_draft *by,
                        const struct sim_draft *seen)
{
    return !by->is_accepted || by->commit == 0 ||
           by->commit > view->checkpoint || seen->commit <= by->proven ||
           sim_oracle_has_past(oracle, by, seen);
}

/* Is @by merged and @draft, which it follows, not? So it is with what a hub
 * that was put back has lost, and was told of @by alone. */
static bool is_overtaken(const struct sim_draft *by,
                         const struct sim_draft *draft)
{
    return by->commit != 0 && !sim_draft_is_decided(draft);
}

/* Was what @draft had seen seen through it by its author's later work? What a
 * liar claims to have seen is complete. */
static bool is_seen_through(const struct sim_oracle *oracle,
                            const struct sim_draft *by,
                            const struct sim_draft *draft)
{
    return (draft->refused != 0 || draft->is_accepted ||
            is_overtaken(by, draft)) &&
           !by->is_forged && sim_oracle_has_past(oracle, by, draft);
}

/* Begin with what the author of write @w had seen. */
static void walk_begin(struct walk *walk, const struct sim_oracle *oracle,
                       uint32_t w)
{
    walk->oracle = oracle;
    walk->by = &oracle->drafts[oracle->writes[w].draft];
    walk->write = w;
    walk->next = 0;
    walk->through_count = 0;
}

/* The next write that was seen; SIM_NONE: that was all. */
static uint32_t walk_next(struct walk *walk)
{
    const struct sim_oracle *oracle = walk->oracle;

    for (;;) {
        const struct sim_write *write = &oracle->writes[walk->write];
        uint32_t seen;

        if (walk->next == write->seen_count) {
            if (walk->through_count == 0) {
                return SIM_NONE;
            }
            walk->write = walk->through[--walk->through_count];
            walk->next = 0;
            continue;
        }
        seen = oracle->seen[write->seen_first + walk->next++];
        if (seen == SIM_NONE) {
            continue;
        }
        if (is_seen_through(oracle, walk->by,
                            &oracle->drafts[oracle->writes[seen].draft])) {
            assert(walk->through_count < WALK_MAX);
            walk->through[walk->through_count++] = seen;
        }
        return seen;
    }
}

/* Mark what the author of write @w had seen as dead; how much of it is in
 * @view?
 */
static size_t mark_seen(struct sim_oracle *oracle, const struct sim_view *view,
                        uint32_t w)
{
    struct walk walk;
    uint32_t number;
    size_t dead = 0;

    walk_begin(&walk, oracle, w);
    while ((number = walk_next(&walk)) != SIM_NONE) {
        struct sim_write *seen = &oracle->writes[number];
        const struct sim_draft *draft = &oracle->drafts[seen->draft];

        if (seen->dead_mark != oracle->mark &&
            is_in_force(oracle, view, walk.by, draft)) {
            seen->dead_mark = oracle->mark;
            dead += sim_oracle_sees(oracle, view, draft) ? 1 : 0;
        }
    }
    return dead;
}

size_t sim_oracle_mark(struct sim_oracle *oracle, const struct sim_view *view,
                       uint32_t record)
{
    size_t visible = 0;
    size_t dead = 0;

    oracle->mark++;
    for (uint32_t w = oracle->records[record].newest; w != SIM_NONE;
         w = oracle->writes[w].next) {
        if (sim_oracle_sees(oracle, view,
                            &oracle->drafts[oracle->writes[w].draft])) {
            visible++;
            dead += mark_seen(oracle, view, w);
        }
    }
    return visible - dead;
}

bool sim_oracle_is_live(const struct sim_oracle *oracle,
                        const struct sim_view *view, uint32_t w)
{
    const struct sim_write *write = &oracle->writes[w];

    return write->dead_mark != oracle->mark &&
           sim_oracle_sees(oracle, view, &oracle->drafts[write->draft]);
}

bool sim_oracle_saw(const struct sim_oracle *oracle, uint32_t w, uint32_t x)
{
    const struct sim_draft *draft = &oracle->drafts[oracle->writes[x].draft];
    struct walk walk;
    uint32_t seen;

    walk_begin(&walk, oracle, w);
    while ((seen = walk_next(&walk)) != SIM_NONE) {
        if (seen == x && is_in_force(oracle, &sim_view_hub, walk.by, draft)) {
            return true;
        }
    }
    return false;
}
