#include "sim_age.h"

#include "fake_schema.h"
#include "sim_machine.h"
#include "sim_party.h"
#include "sim_rules.h"
#include "sim_rulings.h"

enum {
    SEEDS_PERCENT = 25, /* Of the seeds have a new field; … */
    OLD_PERCENT = 50,   /* …of their machines do not know it; … */
    WRITTEN = 12,       /* …of the edits write it, where it is known… */
    WRITTEN_ANYWAY = 1, /* …and where it is not. */
    FIELD_NEW = FAKE_LATEST + 8
};

#define AGAIN_MS (6 * SIM_HOUR_MS)

static struct tip_prng *prng_of(struct sim *sim)
{
    return &sim->streams[SIM_STREAM_AGES];
}

static enum tip_err check(const struct tip_schema *self, uint32_t type,
                          uint32_t field, const struct tip_value *value)
{
    const struct sim_catalogue *catalogue = (const struct sim_catalogue *)self;

    return catalogue->is_old && field == FIELD_NEW
               ? TIP_EUNKNOWN_FIELD
               : fake_schema_check(self, type, field, value);
}

void sim_age_draw(struct sim *sim)
{
    sim->weather.has_new_field = tip_prng_chance(prng_of(sim), SEEDS_PERCENT);
}

void sim_age_init(struct sim *sim, struct sim_machine *machine)
{
    machine->catalogue = (struct sim_catalogue){
        .base = FAKE_SCHEMA,
        .is_old = sim->weather.has_new_field &&
                  tip_prng_chance(prng_of(sim), OLD_PERCENT)};
    machine->catalogue.base.check = check;
}

uint32_t sim_age_number(const struct sim_machine *machine)
{
    return machine->catalogue.is_old ? 1 : 2;
}

static bool is_new(const struct sim *sim, uint32_t w)
{
    const struct sim_write *write = &sim->oracle.writes[w];

    return write->field == FIELD_NEW &&
           sim_oracle_erased(&sim->oracle, write->record) == 0;
}

static bool has_new(const struct sim *sim, const struct sim_draft *draft)
{
    for (uint32_t i = 0; i < draft->write_count; i++) {
        if (is_new(sim, draft->write_first + i)) {
            return true;
        }
    }
    return false;
}

bool sim_age_is_too_new(const struct sim *sim, const struct sim_draft *draft)
{
    return sim->hub.machine.catalogue.is_old && has_new(sim, draft);
}

bool sim_age_is_unknown(struct sim *sim, uint32_t party,
                        const struct sim_content *content)
{
    for (size_t i = 0; i < content->count; i++) {
        if (content->changes[i].field == FIELD_NEW &&
            sim_machine_of(sim, party)->catalogue.is_old) {
            return true;
        }
    }
    return false;
}

void sim_age_write(struct sim *sim, uint32_t party, struct sim_content *content)
{
    uint32_t often =
        sim_machine_of(sim, party)->catalogue.is_old ? WRITTEN_ANYWAY : WRITTEN;

    if (sim->weather.has_new_field && tip_prng_chance(prng_of(sim), often)) {
        sim_content_add_field(content, prng_of(sim), FIELD_NEW, 0);
    }
}

void sim_age_shown(struct sim *sim, uint32_t party,
                   const struct sim_draft *draft)
{
    if (sim_machine_of(sim, party)->catalogue.is_old && has_new(sim, draft)) {
        sim_count(sim, SIM_TOTAL_PASSED_ON);
    }
}

void sim_age_release(struct sim *sim)
{
    struct sim_machine *machine = &sim->hub.machine;
    enum tip_err err;

    if (!sim->weather.has_new_field && !sim->weather.has_newer_program) {
        return;
    }
    err = hub_engine_release(sim->hub.engine);
    sim_require(sim, SIM_HUB, err == TIP_OK || sim_rulings_is_disk(sim, err),
                "what waited for a catalogue or a program is looked at");
    if (err == TIP_OK && !sim_machine_is_dead(machine)) {
        sim_held_note(sim);
        sim_held_check_behind(sim, SIM_NONE);
    }
}

static void use(struct sim *sim, struct sim_machine *machine)
{
    const struct tip_schema *schema = &machine->catalogue.base;

    sim_note(sim, "new catalogue", machine->party, 0, 0);
    machine->catalogue.is_old = false;
    if (machine->party == SIM_HUB) {
        sim_count(sim, SIM_TOTAL_UPGRADES_HUB);
        hub_engine_set_schema(sim->hub.engine, schema, sim_age_number(machine));
    } else {
        sim_count(sim, SIM_TOTAL_UPGRADES);
        node_engine_set_schema(sim->offices[machine->party].engine, schema,
                               sim_age_number(machine));
    }
}

/* The newer catalogue is there. What a failing disk of the hub took back is
 * tried again: its program would have been started anew. */
static void upgrade(struct sim *sim, const struct sim_event *event)
{
    struct sim_machine *machine = sim_machine_of(sim, event->party);
    bool is_hub = event->party == SIM_HUB;

    if (is_hub || !sim_machine_is_there(sim, machine)) {
        sim_later(sim, AGAIN_MS, upgrade, event->party, 0);
    }
    if (!sim_machine_is_there(sim, machine) ||
        (is_hub && sim->hub.is_recovering)) {
        return;
    }
    if (machine->catalogue.is_old) {
        use(sim, machine);
    }
    if (is_hub) {
        sim_age_release(sim);
    }
    sim_machine_stir(sim, machine);
}

static void schedule(struct sim *sim, const struct sim_machine *machine,
                     uint64_t until_ms)
{
    if (machine->catalogue.is_old) {
        sim_later(sim, sim_random_between(prng_of(sim), 0, until_ms), upgrade,
                  machine->party, 0);
    }
}

void sim_age_begin(struct sim *sim)
{
    for (uint32_t party = 0; party < SIM_PARTIES; party++) {
        schedule(sim, sim_machine_of(sim, party), sim->weather.storm_ms);
    }
}

void sim_age_put_back(struct sim *sim, struct sim_machine *machine, bool is_old)
{
    machine->catalogue.is_old = is_old;
    schedule(sim, machine, SIM_DAY_MS);
}

/* Does everybody know what is new, and does nothing wait for it any more? */
bool sim_arrived_upgrade(struct sim *sim, uint32_t party)
{
    const struct sim_known *held = &sim->hub.held;

    for (size_t i = 0; i < held->count && party == SIM_HUB; i++) {
        const struct sim_draft *draft = &sim->oracle.drafts[held->records[i]];

        if ((draft->held == TIP_HOLD_TOO_NEW ||
             draft->held == TIP_HOLD_PROGRAM) &&
            draft->lie == TIP_HOLD_NONE && !draft->is_lost) {
            return false;
        }
    }
    return !sim_machine_of(sim, party)->catalogue.is_old &&
           !sim_machine_of(sim, party)->has_old_program;
}
