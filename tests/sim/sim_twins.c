/*
 * The same case, written in two wilayas by people who know nothing of each
 * other. The secretariat, which sees both, gives one to both offices and
 * deletes the other, in one save, while both write on.
 */
#include "sim_member.h"
#include "sim_people.h"
#include "sim_save.h"
#include "sim_works.h"

/* What people write down in one save at most, well within what one may be: the
 * pages of a case are of several. */
enum { TOLD_BYTES_MAX = 20 * 1024 };

static bool is_there(const struct sim *sim, uint32_t record)
{
    return !sim->oracle.records[record].is_lost &&
           sim_oracle_erased(&sim->oracle, record) == 0;
}

/* Write what was written last to @record into @content, as somebody who was
 * told the same; of what is large, as much as one save holds. */
static void tell_again(struct sim *sim, uint32_t record,
                       struct sim_content *content)
{
    const struct sim_oracle *oracle = &sim->oracle;
    size_t bytes = 0;

    for (uint32_t w = oracle->records[record].newest;
         w != SIM_NONE && content->count < SIM_CONTENT_CHANGES / 2;
         w = oracle->writes[w].next) {
        const struct sim_write *write = &oracle->writes[w];
        size_t size = tip_value_bytes(&write->value);

        if (write->field >= TIP_FIELD_FIRST && bytes + size <= TOLD_BYTES_MAX &&
            oracle->drafts[write->draft].lie == TIP_HOLD_NONE) {
            bytes += size;
            sim_content_add(content, write->field, write->element,
                            &write->value);
        }
    }
}

/* A case that another office has is written at @party too. */
static void write_twin(struct sim *sim, uint32_t party)
{
    struct tip_prng *prng = &sim->streams[SIM_STREAM_PEOPLE];
    uint32_t other = 1 + tip_prng_below(prng, SIM_OFFICES);
    uint32_t record = sim_people_pick(sim, other);
    struct tip_value member = {.kind = TIP_VALUE_MEMBER};
    struct sim_entry entry = {.form = NULL};

    if (record == SIM_NONE ||
        (sim->oracle.records[record].holders >> party & 1) != 0 ||
        !is_there(sim, record)) {
        return;
    }
    sim_content_add(&entry.content, TIP_FIELD_OFFICES, sim_office_number(party),
                    &member);
    tell_again(sim, record, &entry.content);
    entry.record =
        sim_people_new_record(sim, party, 1U << SIM_HUB | 1U << party);
    if (sim_save(sim, party, &entry, 1, "")) {
        sim->oracle.records[entry.record].twin = record;
        sim_count(sim, SIM_TOTAL_TWINS);
        sim_people_learn(sim, party, entry.record);
    }
}

/* The newest case the secretariat knows to be written twice, or none. */
static uint32_t find_twin(struct sim *sim)
{
    for (size_t i = sim->oracle.record_count; i > 0; i--) {
        const struct sim_record *record = &sim->oracle.records[i - 1];

        if (record->twin != SIM_NONE && is_there(sim, (uint32_t)i - 1) &&
            is_there(sim, record->twin)) {
            return (uint32_t)i - 1;
        }
    }
    return SIM_NONE;
}

static void join_twins(struct sim *sim)
{
    struct tip_value member = {.kind = TIP_VALUE_MEMBER};
    struct tip_value yes = {.kind = TIP_VALUE_ANSWER, .answer = TIP_ANSWER_YES};
    struct sim_form forms[2];
    struct sim_entry entries[2] = {{.form = &forms[0]}, {.form = &forms[1]}};
    uint32_t twin = find_twin(sim);

    if (twin == SIM_NONE) {
        return;
    }
    entries[0].record = sim->oracle.records[twin].twin;
    entries[1].record = twin;
    if (!sim_form_open(sim, SIM_HUB, entries[0].record, &forms[0]) ||
        !sim_form_open(sim, SIM_HUB, twin, &forms[1])) {
        return;
    }
    sim_content_add(&entries[0].content, TIP_FIELD_OFFICES,
                    sim_office_number(sim->oracle.records[twin].maker),
                    &member);
    sim_content_add(&entries[1].content, TIP_FIELD_DELETED, 0, &yes);
    if (sim_save(sim, SIM_HUB, entries, 2, "written in two wilayas")) {
        sim->oracle.records[twin].twin = SIM_NONE;
        sim_count(sim, SIM_TOTAL_TWINS_JOINED);
    }
}

void sim_work_twin(struct sim *sim, uint32_t party)
{
    if (party == SIM_HUB) {
        join_twins(sim);
    } else {
        write_twin(sim, party);
    }
}
