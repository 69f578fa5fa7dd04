/*
 * What the oracle is told of a liar's change-sets: what they write, and what
 * their author claims to have seen.
 */
#include "sim_liar.h"

enum { SEEN_MAX = 4096 };

uint64_t sim_liar_used(const struct sim *sim)
{
    const struct sim_oracle *oracle = &sim->oracle;
    uint32_t party = sim->liar.party;

    for (size_t i = oracle->feeds[party].count; i > 0; i--) {
        const struct sim_draft *draft = sim_oracle_own(oracle, party, i);

        if (draft->is_forged && draft->lie != TIP_HOLD_BASE) {
            return draft->checkpoint;
        }
    }
    return 0;
}

/* What the author of @draft has seen in the cell of @change: what was given a
 * place by its base, and its own. Good until the next. */
static struct tip_cell shown(const struct sim *sim,
                             const struct sim_draft *draft, uint32_t record,
                             const struct tip_change *change,
                             struct tip_record *out_view)
{
    static struct tip_write writes[SEEN_MAX];
    static struct tip_sibling siblings[SEEN_MAX];
    const struct sim_oracle *oracle = &sim->oracle;
    uint32_t count = 0;

    for (uint32_t w = oracle->records[record].newest; w != SIM_NONE;
         w = oracle->writes[w].next) {
        const struct sim_write *write = &oracle->writes[w];
        const struct sim_draft *by = &oracle->drafts[write->draft];
        bool is_seen = by->party == draft->party ||
                       (by->commit != 0 && by->commit <= draft->checkpoint);

        if (write->field == change->field &&
            write->element == change->element && !by->is_lost && is_seen &&
            by != draft && count < SEEN_MAX) {
            writes[count] =
                (struct tip_write){.origin = by->origin, .seq = by->seq};
            siblings[count] = (struct tip_sibling){.field = write->field,
                                                   .write = count,
                                                   .element = write->element};
            count++;
        }
    }
    *out_view = (struct tip_record){.writes = writes, .write_count = count};
    return (struct tip_cell){.siblings = siblings, .count = count};
}

static void note_part(struct sim *sim, uint32_t number,
                      const struct sim_lie_part *part)
{
    struct sim_oracle *oracle = &sim->oracle;

    for (size_t i = 0; i < part->content.count; i++) {
        const struct tip_change *change = &part->content.changes[i];
        struct tip_record view;
        struct tip_cell cell =
            shown(sim, &oracle->drafts[number], part->record, change, &view);

        sim_oracle_add_write(oracle, part->record, change, &view, cell);
        if (change->field == TIP_FIELD_OFFICES &&
            sim_party_of_office(change->element) < SIM_PARTIES) {
            oracle->records[part->record].holders |=
                1U << sim_party_of_office(change->element);
        }
    }
}

void sim_liar_note(struct sim *sim, const struct sim_lie *lie)
{
    uint64_t known = sim_liar_used(sim);
    uint32_t number = sim_oracle_add_draft(&sim->oracle, sim->liar.party);
    struct sim_draft *draft = &sim->oracle.drafts[number];

    draft->checkpoint =
        lie->due == TIP_HOLD_BASE && known < lie->base ? known : lie->base;
    draft->is_forged = true;
    draft->lie = lie->due;
    draft->is_hopeless = lie->is_hopeless;
    for (size_t p = 0; p < lie->count; p++) {
        if (lie->parts[p].record == SIM_NONE) {
            draft->names_nobody = true;
        } else {
            note_part(sim, number, &lie->parts[p]);
        }
    }
}
