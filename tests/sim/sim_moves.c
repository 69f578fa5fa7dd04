/*
 * Records change hands: an office is added to one, leaves it, is removed by the
 * secretariat and comes again, while everybody works on.
 */
#include "sim_member.h"
#include "sim_people.h"
#include "sim_save.h"
#include "sim_works.h"

/* The parties @form shows as holders of its record, as a bit each; with
 * @ever, also those that were removed. */
static uint32_t holders_in(struct sim *sim, uint32_t party,
                           const struct sim_form *form, bool ever)
{
    struct tip_record view;
    struct tip_cell offices;
    uint32_t holders = 0;

    if (!sim_form_look(sim, party, form->record, &view)) {
        return 0;
    }
    offices = tip_record_field(&view, TIP_FIELD_OFFICES);
    for (size_t i = 0; i < offices.count; i++) {
        uint64_t element = offices.siblings[i].element;

        if (ever || offices.siblings[i].value.kind == TIP_VALUE_MEMBER) {
            holders |= 1U << sim_party_of_office(element);
        }
    }
    return holders;
}

/* One of @parties, or SIM_NONE. */
static uint32_t one_of(struct sim *sim, uint32_t parties)
{
    uint32_t start =
        tip_prng_below(&sim->streams[SIM_STREAM_PEOPLE], SIM_OFFICES);

    for (uint32_t i = 0; i < SIM_OFFICES; i++) {
        uint32_t party = 1 + (start + i) % SIM_OFFICES;

        if ((parties >> party & 1) != 0) {
            return party;
        }
    }
    return SIM_NONE;
}

static void add_word(struct sim_entry *entry, uint32_t party, bool is_member)
{
    struct tip_value value = {.kind = is_member ? TIP_VALUE_MEMBER
                                                : TIP_VALUE_NONE};

    struct tip_value offered = {.kind = TIP_VALUE_ANSWER,
                                .answer = TIP_ANSWER_UNKNOWN};

    sim_content_add(&entry->content, TIP_FIELD_OFFICES,
                    sim_office_number(party), &value);
    if (is_member) {
        sim_content_add(&entry->content, TIP_FIELD_REFERRAL,
                        sim_office_number(party), &offered);
    }
}

/* Somebody tries what may not be done with the record of @form. */
static void try_forbidden(struct sim *sim, uint32_t party,
                          const struct sim_form *form, uint32_t who,
                          bool is_member)
{
    struct sim_entry entry = {.record = form->record, .form = form};

    if (who != SIM_NONE) {
        add_word(&entry, who, is_member);
        sim_save_forbidden(sim, party, &entry);
    }
}

/* Add an office to a record, and sometimes leave it in the same breath; or to
 * two records at once. */
static void hand_on(struct sim *sim, uint32_t party)
{
    struct tip_prng *prng = &sim->streams[SIM_STREAM_PEOPLE];
    struct sim_form forms[2];
    struct sim_entry entries[2] = {{.form = &forms[0]}, {.form = &forms[1]}};
    size_t count = tip_prng_chance(prng, 25) ? 2 : 1;
    uint32_t taken = 0;
    uint32_t to;

    for (size_t i = 0; i < count; i++) {
        if (!sim_people_open(sim, party, &forms[i])) {
            return;
        }
        if (sim_member_is_for_all(&sim->oracle, forms[i].record)) {
            try_forbidden(sim, party, &forms[i], one_of(sim, UINT32_MAX), true);
            return;
        }
        entries[i].record = forms[i].record;
        taken |= holders_in(sim, party, &forms[i], false);
    }
    to = one_of(sim, ~taken);
    if (to == SIM_NONE || (count == 2 && forms[0].record == forms[1].record)) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        add_word(&entries[i], to, true);
        if (party != SIM_HUB && tip_prng_chance(prng, 20)) {
            add_word(&entries[i], party, false);
        }
        sim_content_add_some(&entries[i].content, prng);
    }
    (void)sim_save(sim, party, entries, count, "the family has moved");
}

/* Have @who leave the record of @form, or come again. */
static void write_word(struct sim *sim, uint32_t party,
                       const struct sim_form *form, uint32_t who,
                       bool is_member)
{
    struct tip_prng *prng = &sim->streams[SIM_STREAM_PEOPLE];
    struct sim_entry entry = {.record = form->record, .form = form};

    if (who == SIM_NONE) {
        return;
    }
    add_word(&entry, who, is_member);
    if (tip_prng_chance(prng, 50)) {
        sim_content_add_some(&entry.content, prng);
    }
    (void)sim_save(sim, party, &entry, 1, "the case is closed there");
}

void sim_work_move(struct sim *sim, uint32_t party)
{
    struct tip_prng *prng = &sim->streams[SIM_STREAM_PEOPLE];
    uint32_t choice = tip_prng_below(prng, 100);
    struct sim_form form;
    uint32_t holders, ever;

    if (choice < 50) {
        hand_on(sim, party);
        return;
    }
    if (!sim_people_open(sim, party, &form) ||
        sim_member_is_for_all(&sim->oracle, form.record)) {
        return;
    }
    holders = holders_in(sim, party, &form, false);
    ever = holders_in(sim, party, &form, true);
    if (choice < 75 && (ever & ~holders) != 0) {
        write_word(sim, party, &form, one_of(sim, ever & ~holders), true);
    } else if (party == SIM_HUB) {
        write_word(sim, party, &form, one_of(sim, holders), false);
    } else if (choice < 95) {
        write_word(sim, party, &form, party, false);
    } else {
        /* To take another out is for the secretariat. */
        try_forbidden(sim, party, &form, one_of(sim, holders & ~(1U << party)),
                      false);
    }
}

/* Count what @write, which was committed, did. */
static void count_word(struct sim *sim, const struct sim_draft *draft,
                       const struct sim_write *write)
{
    uint32_t party = sim_party_of_office(write->element);
    struct sim_stay before =
        sim_member_stay(&sim->oracle, write->record, party, draft->commit - 1);

    if (write->value.kind == TIP_VALUE_NONE && before.is_member) {
        sim_count(sim, draft->party == party ? SIM_TOTAL_LEAVES
                                             : SIM_TOTAL_REMOVALS);
    } else if (write->value.kind == TIP_VALUE_MEMBER && !before.is_member &&
               before.last != 0) {
        sim_count(sim, SIM_TOTAL_RETURNS);
    }
}

void sim_moves_count(struct sim *sim, const struct sim_draft *draft)
{
    for (uint32_t i = 0; i < draft->write_count; i++) {
        const struct sim_write *write =
            &sim->oracle.writes[draft->write_first + i];

        if (write->field == TIP_FIELD_OFFICES &&
            write->element != TIP_OFFICE_ALL) {
            count_word(sim, draft, write);
        }
    }
    for (uint32_t i = 0; i < draft->record_count; i++) {
        uint32_t record = draft->records[i];
        struct sim_stay before = sim_member_stay(
            &sim->oracle, record, draft->party, draft->commit - 1);

        if (draft->party != SIM_HUB && !before.is_member && before.last != 0) {
            sim_count(sim, SIM_TOTAL_LATE_WORK);
        }
    }
}
