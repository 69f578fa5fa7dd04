/*
 * People: they create, look, wait, edit, delete, take back and decide, most of
 * it in records somebody else is busy with too.
 */
#include <string.h>

#include "fake_schema.h"
#include "sim_age.h"
#include "sim_machine.h"
#include "sim_memory.h"
#include "sim_people.h"
#include "sim_program.h"
#include "sim_rot.h"
#include "sim_save.h"
#include "sim_works.h"

enum {
    BUSY_RECORDS = 4,
    FILES = 20, /* Percent of what is large. */
    FILE_PAGES = 7
};

/* A bit for each party. */
#define EVERYBODY UINT32_MAX

static void add_known(struct sim_known *known, uint32_t record)
{
    known->records = sim_memory_room(known->records, known->count,
                                     &known->capacity, sizeof *known->records);
    known->records[known->count++] = record;
}

static struct sim_known *known_to(struct sim *sim, uint32_t party)
{
    return party == SIM_HUB ? &sim->hub.known : &sim->offices[party].known;
}

static struct sim_form *forms_of(struct sim *sim, uint32_t party)
{
    return party == SIM_HUB ? sim->hub.forms : sim->offices[party].forms;
}

void sim_people_learn(struct sim *sim, uint32_t party, uint32_t record)
{
    add_known(known_to(sim, party), record);
    if (party != SIM_HUB && sim->offices[party].busy.count < BUSY_RECORDS &&
        sim->oracle.records[record].holders != EVERYBODY) {
        add_known(&sim->offices[party].busy, record);
    }
}

uint32_t sim_people_pick(struct sim *sim, uint32_t party)
{
    struct tip_prng *prng = &sim->streams[SIM_STREAM_PEOPLE];
    uint32_t office =
        party == SIM_HUB ? 1 + tip_prng_below(prng, SIM_OFFICES) : party;
    const struct sim_known *busy = &sim->offices[office].busy;
    const struct sim_known *known = known_to(sim, party);
    uint32_t record;

    if (busy->count != 0 && tip_prng_chance(prng, 60)) {
        known = busy;
    }
    if (known->count == 0) {
        return SIM_NONE;
    }
    record = known->records[tip_prng_below(prng, (uint32_t)known->count)];
    return sim->oracle.records[record].is_lost ? SIM_NONE : record;
}

static bool may_write(const struct sim *sim, uint32_t party, uint32_t record)
{
    return party == SIM_HUB || sim->oracle.records[record].holders != EVERYBODY;
}

static void forget(struct sim_known *known, uint32_t record)
{
    for (size_t i = known->count; i > 0; i--) {
        if (known->records[i - 1] == record) {
            known->records[i - 1] = known->records[--known->count];
        }
    }
}

bool sim_people_open(struct sim *sim, uint32_t party, struct sim_form *form)
{
    uint32_t record = sim_people_pick(sim, party);
    struct tip_record view;

    if (record == SIM_NONE || !may_write(sim, party, record)) {
        return false;
    }
    if (party != SIM_HUB && !sim_form_look(sim, party, record, &view)) {
        if (sim_rot_excuses(sim, party, record)) {
            return false; /* It will come. */
        }
        forget(&sim->offices[party].known, record);
        forget(&sim->offices[party].busy, record);
        return false;
    }
    return sim_form_open(sim, party, record, form);
}

uint32_t sim_people_new_record(struct sim *sim, uint32_t party,
                               uint32_t holders)
{
    struct tip_prng *prng = &sim->streams[SIM_STREAM_PEOPLE];
    uint32_t number = (uint32_t)sim->oracle.record_count;
    uint8_t random[TIP_ID_RANDOM_SIZE];
    struct sim_record record = {
        .type = FAKE_TYPE, .maker = party, .holders = holders};

    for (size_t i = 0; i < sizeof random; i++) {
        random[i] = (uint8_t)tip_prng_next(prng);
    }
    memcpy(random + sizeof random - sizeof number, &number, sizeof number);
    record.id = tip_id_make(SIM_CLOCK_START_MS + sim->now_ms, random);
    return sim_oracle_add_record(&sim->oracle, &record);
}

static void add_office(struct sim_content *content, uint32_t office)
{
    struct tip_value member = {.kind = TIP_VALUE_MEMBER};

    sim_content_add(content, TIP_FIELD_OFFICES, office, &member);
}

/* Who is to hold a new record, as a bit each, and in its content. */
static uint32_t draw_holders(struct sim *sim, uint32_t party,
                             struct sim_content *content)
{
    struct tip_prng *prng = &sim->streams[SIM_STREAM_PEOPLE];
    uint32_t first =
        party == SIM_HUB ? 1 + tip_prng_below(prng, SIM_OFFICES) : party;
    uint32_t second = 1 + tip_prng_below(prng, SIM_OFFICES);
    uint32_t holders = 1U << SIM_HUB | 1U << first;

    if (party == SIM_HUB && tip_prng_chance(prng, 15)) {
        sim_count(sim, SIM_TOTAL_DIRECTIVES);
        add_office(content, TIP_OFFICE_ALL);
        return EVERYBODY;
    }
    add_office(content, sim_office_number(first));
    if (second != first && tip_prng_chance(prng, sim->weather.shared)) {
        sim_count(sim, SIM_TOTAL_SHARED);
        add_office(content, sim_office_number(second));
        holders |= 1U << second;
    }
    return holders;
}

/* Fill in @count of the fields of @entry. */
static void fill(struct sim *sim, struct sim_entry *entry, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        sim_content_add_some(&entry->content, &sim->streams[SIM_STREAM_PEOPLE]);
    }
}

void sim_work_create(struct sim *sim, uint32_t party)
{
    struct tip_prng *prng = &sim->streams[SIM_STREAM_PEOPLE];
    struct sim_entry entry = {.form = NULL};
    uint32_t holders = draw_holders(sim, party, &entry.content);

    entry.record = sim_people_new_record(sim, party, holders);
    fill(sim, &entry, 2 + tip_prng_below(prng, 10));
    if (sim_save(sim, party, &entry, 1, "") && party != SIM_HUB) {
        sim_people_learn(sim, party, entry.record);
    }
}

/* Write down what changed into @form and save it. */
static void edit(struct sim *sim, uint32_t party, const struct sim_form *form)
{
    struct tip_prng *prng = &sim->streams[SIM_STREAM_PEOPLE];
    struct sim_entry entry = {.record = form->record, .form = form};

    fill(sim, &entry, 1 + tip_prng_below(prng, 5));
    sim_age_write(sim, party, &entry.content);
    sim_program_write(sim, party, &entry.content);
    (void)sim_save(sim, party, &entry, 1, "");
}

void sim_work_edit(struct sim *sim, uint32_t party)
{
    struct sim_form form;

    if (sim_people_open(sim, party, &form)) {
        edit(sim, party, &form);
    }
}

void sim_work_edit_two(struct sim *sim, uint32_t party)
{
    struct sim_form forms[2];
    struct sim_entry entries[2] = {{.form = &forms[0]}, {.form = &forms[1]}};

    if (!sim_people_open(sim, party, &forms[0]) ||
        !sim_people_open(sim, party, &forms[1]) ||
        forms[0].record == forms[1].record) {
        return;
    }
    for (size_t i = 0; i < 2; i++) {
        entries[i].record = forms[i].record;
        fill(sim, &entries[i], 2);
    }
    (void)sim_save(sim, party, entries, 2, "");
}

static void set_deleted(struct sim *sim, uint32_t party, bool deleted)
{
    struct sim_form form;
    struct sim_entry entry = {.form = &form};
    struct tip_value yes = {.kind = TIP_VALUE_ANSWER, .answer = TIP_ANSWER_YES};
    struct tip_value none = {.kind = TIP_VALUE_NONE};

    if (!sim_people_open(sim, party, &form)) {
        return;
    }
    entry.record = form.record;
    sim_content_add(&entry.content, TIP_FIELD_DELETED, 0,
                    deleted ? &yes : &none);
    if (sim_save(sim, party, &entry, 1, "entered twice")) {
        sim_count(sim, deleted ? SIM_TOTAL_DELETIONS : SIM_TOTAL_UNDELETIONS);
    }
}

void sim_work_delete(struct sim *sim, uint32_t party)
{
    set_deleted(sim, party, true);
}

void sim_work_undelete(struct sim *sim, uint32_t party)
{
    set_deleted(sim, party, false);
}

/* Write something large: a photo of a paper, say, or now and then a file of
 * several, as large as a save may be. */
void sim_work_attach(struct sim *sim, uint32_t party)
{
    struct tip_prng *prng = &sim->streams[SIM_STREAM_PEOPLE];
    uint32_t pages = tip_prng_chance(prng, FILES) ? FILE_PAGES : 1;
    struct sim_form form;
    struct sim_entry entry = {.form = &form};

    if (sim->weather.is_size_blind || !sim_people_open(sim, party, &form)) {
        return;
    }
    entry.record = form.record;
    for (uint32_t i = 0; i < pages; i++) {
        sim_content_add_large(&entry.content, prng);
    }
    if (sim_save(sim, party, &entry, 1, "")) {
        sim_count(sim, pages == 1 ? SIM_TOTAL_ATTACHMENTS : SIM_TOTAL_FILES);
    }
}

void sim_work_import(struct sim *sim, uint32_t party)
{
    uint32_t count = 10 + tip_prng_below(&sim->streams[SIM_STREAM_PEOPLE], 30);

    sim_count(sim, SIM_TOTAL_BURSTS);
    for (uint32_t i = 0; i < count; i++) {
        sim_work_create(sim, party);
    }
}

void sim_work_trespass(struct sim *sim, uint32_t party)
{
    struct sim_form form;
    struct sim_entry entry = {.form = &form};
    uint32_t record = sim_people_pick(sim, party);

    if (record == SIM_NONE || may_write(sim, party, record) ||
        !sim_form_open(sim, party, record, &form)) {
        return;
    }
    entry.record = record;
    fill(sim, &entry, 1);
    sim_save_forbidden(sim, party, &entry);
}

/* Has all that was saved there been told to be safe? Pages are made from what
 * is durable; a form that is left open shows nothing else. */
static bool is_settled(struct sim *sim, uint32_t party)
{
    return sim->oracle.feeds[party].count ==
           sim_machine_of(sim, party)->acknowledged;
}

/* Come back to a form that was left open, or leave one open. */
void sim_work_leave_open(struct sim *sim, uint32_t party)
{
    struct tip_prng *prng = &sim->streams[SIM_STREAM_PEOPLE];
    struct sim_form *form =
        &forms_of(sim, party)[tip_prng_below(prng, SIM_FORMS)];

    if (form->record == SIM_NONE || sim->oracle.records[form->record].is_lost) {
        form->record = SIM_NONE;
        if (is_settled(sim, party)) {
            (void)sim_people_open(sim, party, form);
        }
        return;
    }
    edit(sim, party, form);
    form->record = SIM_NONE;
}
