/* People decide what was written in parallel; two at once sometimes do, and do
 * not agree. */
#include "sim_machine.h"
#include "sim_member.h"
#include "sim_people.h"
#include "sim_save.h"
#include "sim_works.h"

/* Decide every cell that @form shows with several values. */
static void decide(struct sim *sim, uint32_t party, const struct sim_form *form)
{
    struct sim_entry entry = {.record = form->record, .form = form};

    for (size_t i = 1; i < form->cell_count; i++) {
        const struct sim_form_cell *cell = &form->cells[i];

        if (cell->field >= TIP_FIELD_FIRST && cell->field == cell[-1].field &&
            cell->element == cell[-1].element) {
            sim_content_add_field(&entry.content,
                                  &sim->streams[SIM_STREAM_PEOPLE], cell->field,
                                  cell->element);
        }
    }
    if (entry.content.count != 0 &&
        sim_save(sim, party, &entry, 1, "both authors were asked")) {
        sim_count(sim, SIM_TOTAL_RESOLUTIONS);
        sim_oracle_own(&sim->oracle, party, sim->oracle.feeds[party].count)
            ->is_resolution = true;
    }
}

/* Somebody else who has the record decides too, before they hear of it. */
static void decide_elsewhere(struct sim *sim, uint32_t party, uint32_t record)
{
    uint32_t holders = sim->oracle.records[record].holders;
    uint32_t start =
        tip_prng_below(&sim->streams[SIM_STREAM_PEOPLE], SIM_PARTIES);

    for (uint32_t i = 0; i < SIM_PARTIES; i++) {
        uint32_t other = (start + i) % SIM_PARTIES;
        struct sim_machine *machine = sim_machine_of(sim, other);
        struct sim_form form;

        if (other != party && (holders >> other & 1) != 0 &&
            sim_machine_serves(sim, machine) &&
            sim_form_open(sim, other, record, &form)) {
            decide(sim, other, &form);
            sim_machine_stir(sim, machine);
            return;
        }
    }
}

void sim_work_resolve(struct sim *sim, uint32_t party)
{
    struct sim_form form;

    if (!sim_people_open(sim, party, &form)) {
        return;
    }
    decide(sim, party, &form);
    if (!sim_member_is_for_all(&sim->oracle, form.record) &&
        tip_prng_chance(&sim->streams[SIM_STREAM_PEOPLE], 30)) {
        decide_elsewhere(sim, party, form.record);
    }
}
