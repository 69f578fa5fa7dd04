/* An office that was given a record says whether it takes it on. */
#include "sim_people.h"
#include "sim_save.h"
#include "sim_works.h"

/* Does anything that stands for @party in @view offer it? Not what is shown:
 * between an offer and an answer that had not seen it that is for the clocks to
 * say, and then the clocks would decide what people do (seed 576). */
static bool is_offered(const struct tip_record *view, uint32_t party)
{
    struct tip_cell cell =
        tip_record_cell(view, TIP_FIELD_REFERRAL, sim_office_number(party));

    for (size_t i = 0; i < cell.count; i++) {
        if (cell.siblings[i].value.answer == TIP_ANSWER_UNKNOWN) {
            return true;
        }
    }
    return false;
}

void sim_work_answer(struct sim *sim, uint32_t party)
{
    struct tip_prng *prng = &sim->streams[SIM_STREAM_PEOPLE];
    bool takes_on = tip_prng_chance(prng, 60);
    struct tip_value said = {.kind = TIP_VALUE_ANSWER,
                             .answer =
                                 takes_on ? TIP_ANSWER_YES : TIP_ANSWER_NO};
    struct tip_value none = {.kind = TIP_VALUE_NONE};
    struct sim_form form;
    struct sim_entry entry = {.form = &form};
    struct tip_record view;

    if (party == SIM_HUB || !sim_people_open(sim, party, &form) ||
        !sim_form_look(sim, party, form.record, &view) ||
        !is_offered(&view, party)) {
        return;
    }
    entry.record = form.record;
    if (!takes_on) {
        sim_content_add(&entry.content, TIP_FIELD_OFFICES,
                        sim_office_number(party), &none);
    }
    sim_content_add(&entry.content, TIP_FIELD_REFERRAL,
                    sim_office_number(party), &said);
    if (sim_save(sim, party, &entry, 1, "asked the family")) {
        sim_count(sim, takes_on ? SIM_TOTAL_TAKEN_ON : SIM_TOTAL_DECLINED);
    }
}
