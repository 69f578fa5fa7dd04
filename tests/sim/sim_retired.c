#include "sim_retired.h"

#include <assert.h>
#include <string.h>

#include "fake_store.h"
#include "hub_retire.h"
#include "sim_branches.h"
#include "sim_clone.h"
#include "sim_faults.h"
#include "sim_feeds.h"
#include "sim_frames.h"
#include "sim_line.h"
#include "sim_machine.h"
#include "sim_party.h"
#include "sim_put_back.h"
#include "sim_rot.h"
#include "sim_rules.h"

enum {
    CUT_OFF = 70, /* Percent of the devices have no line when they are lost… */
    ON_STICK = 60 /* …or leave a stick. */
};

#define UNTIL_LOST_MS (5 * SIM_DAY_MS)
#define WITHOUT_MS    (12 * SIM_HOUR_MS)
#define AGAIN_MS      SIM_HOUR_MS

static struct tip_prng *prng_of(struct sim *sim)
{
    return &sim->streams[SIM_STREAM_AGES];
}

uint32_t sim_retired_age(const struct sim *sim, uint32_t party)
{
    const struct sim_office *office = &sim->offices[party];

    return sim->hub.restores << 16 | (office->is_new ? 1U << 8 : 0) |
           office->restores;
}

bool sim_retired_is_for(const struct sim *sim, uint32_t party, uint32_t age)
{
    return age >> 8 == sim_retired_age(sim, party) >> 8;
}

/* The device that @party had before the one it has. */
static uint32_t old_device(const struct sim_oracle *oracle, uint32_t party)
{
    uint32_t i = 0;

    while (i < oracle->retired_count && oracle->retired[i] != party) {
        i++;
    }
    return SIM_RETIRED + i;
}

const struct tip_device_keys *sim_retired_maker(const struct sim *sim,
                                                uint32_t party, uint32_t age,
                                                uint32_t *out_device)
{
    const struct sim_office *office = &sim->offices[party];

    if (age == sim_retired_age(sim, party)) {
        *out_device = party;
        return office->machine.keys;
    }
    *out_device = old_device(&sim->oracle, party);
    return office->is_new && age == office->old_age ? office->old_keys : NULL;
}

void sim_retired_drop(struct sim_office *office)
{
    tip_device_keys_free(office->old_keys);
    office->old_keys = NULL;
}

/* Is there a hub that can be told? */
static bool can_tell(const struct sim *sim)
{
    const struct sim_machine *hub = &sim->hub.machine;

    return sim_machine_is_calm(hub) && sim_machine_is_there(sim, hub) &&
           !sim->hub.is_recovering;
}

/* One device of an office, to which nothing else has happened. */
static bool may_be_lost(const struct sim *sim, uint32_t party)
{
    const struct sim_office *office = &sim->offices[party];

    return sim->oracle.retired_count < SIM_RETIRED_MAX && !office->is_new &&
           sim->liar.party != party && !sim_put_back_is_near(sim) &&
           can_tell(sim) && sim_machine_is_calm(&office->machine) &&
           sim_machine_is_there(sim, &office->machine) &&
           !office->is_restored && office->backup.store == NULL &&
           !sim_clone_is(office) && !sim_feeds_is_split(&sim->oracle, party);
}

/* What the hub has of the device of @party, and what was used of its budget, is
 * that of @old, which is retired. */
static void leave_to_the_old(struct sim_hub *hub, uint32_t party, uint32_t old)
{
    hub->durable[old] = hub->durable[party];
    hub->durable[party] = 0;
    hub->judged[old] = hub->judged[party];
    hub->judged[party] = 0;
    hub->budgets[old] = hub->budgets[party];
    hub->budgets[party] = (struct sim_budget){.day = 0};
    hub->durable_budgets[old] = hub->durable_budgets[party];
    hub->durable_budgets[party] = (struct sim_budget){.day = 0};
}

static void flush_hub(struct sim *sim)
{
    sim_require(sim, SIM_HUB, hub_engine_flush(sim->hub.engine) == TIP_OK,
                "a disk that is well takes everything");
    sim_hub_flushed(sim, TIP_OK);
}

/* What @party wrote is that of @old, which is retired; the next one has written
 * nothing. */
static void retire_feed(struct sim_oracle *oracle, uint32_t party, uint32_t old)
{
    struct sim_feed *feed = &oracle->feeds[party];
    struct sim_feed unused = oracle->feeds[old];

    assert(old < SIM_DEVICES && !sim_feeds_is_split(oracle, party));
    oracle->feeds[old] = *feed;
    *feed = unused;
    feed->branch = sim_branch_add(oracle, SIM_NONE, 0);
    oracle->retired[oracle->retired_count++] = party;
    oracle->links[old] = oracle->links[party];
    for (uint32_t i = 0; i < SIM_ORIGINS_MAX; i++) {
        oracle->devices[i] =
            oracle->devices[i] == party ? old : oracle->devices[i];
    }
}

/* The hub is told that @party's device is used no more. */
static void retire(struct sim *sim, uint32_t party)
{
    struct sim_office *office = &sim->offices[party];
    uint32_t old = old_device(&sim->oracle, party);

    sim_require(sim, party,
                hub_engine_retire(sim->hub.engine, sim->oracle.links[party]) ==
                    TIP_OK,
                "a device can be retired");
    hub_engine_link_down(sim->hub.engine, sim->oracle.links[party]);
    office->line.hub_sees_it = false;
    office->line.node_sees_it = false;
    office->line.epoch++;
    flush_hub(sim);
    leave_to_the_old(&sim->hub, party, old);
    retire_feed(&sim->oracle, party, old);
}

/* Nothing of the old one is known to be here. */
static void begin_with_nothing(struct sim *sim, struct sim_office *office)
{
    office->known.count = 0;
    office->busy.count = 0;
    office->order_seen = 0;
    office->checkpoint = 0;
    office->confirmed = 0;
    office->ref_checkpoint = 0;
    office->erased = 0;
    office->is_rotten = false;
    sim_frames_forget(office);
    memset(office->carried, 0, sizeof office->carried);
    for (size_t i = 0; i < SIM_FORMS; i++) {
        office->forms[i].record = SIM_NONE;
    }
    sim_rot_lose_all(sim, office->machine.party);
}

static void new_machine(struct sim *sim, struct sim_office *office)
{
    struct sim_machine *machine = &office->machine;
    struct sim_machine fresh = {.party = machine->party,
                                .is_up = true,
                                .incarnation = machine->incarnation + 1,
                                .store = fake_store_new(SIM_STORE_BYTES),
                                .clock = machine->clock,
                                .catalogue = machine->catalogue,
                                .has_old_program = machine->has_old_program,
                                .entropy = machine->entropy};

    fake_store_free(machine->store);
    *machine = fresh;
    sim_require(sim, machine->party,
                tip_device_keys_new(&machine->entropy.base, &machine->keys) ==
                    TIP_OK,
                "a machine gets keys");
}

/* The next one was enrolled as @origin. */
static void begin_feed(struct sim_oracle *oracle, uint32_t party,
                       uint32_t origin)
{
    oracle->feeds[party].origin = origin;
    oracle->devices[sim_origin_add(oracle, origin)] = party;
    oracle->links[party] = origin;
}

/* The hub takes on @office's next device. */
static void enrol(struct sim *sim, struct sim_office *office)
{
    struct node_identity *identity = &office->identity;
    struct tip_random *random = &office->machine.entropy.base;
    struct hub_device device = {
        .office = identity->office,
        .keys = *tip_device_keys_public(office->machine.keys),
        .key_epoch = ++identity->key_epoch};
    enum tip_err err =
        hub_engine_new_origin(sim->hub.engine, &identity->origin);

    random->fill(random, identity->office_secret.bytes,
                 sizeof identity->office_secret.bytes);
    device.origin = identity->origin;
    device.office_secret = identity->office_secret;
    begin_feed(&sim->oracle, office->machine.party, identity->origin);
    if (err == TIP_OK) {
        err = hub_engine_enrol(sim->hub.engine, &device);
    }
    if (err == TIP_OK) {
        err =
            hub_engine_joined(sim->hub.engine, device.origin,
                              &identity->joined_generation, &identity->joined);
    }
    sim_require(sim, office->machine.party, err == TIP_OK,
                "an office gets another device");
    flush_hub(sim);
}

static void replace(struct sim *sim, const struct sim_event *event)
{
    struct sim_office *office = &sim->offices[event->party];

    if (!can_tell(sim)) {
        sim_later(sim, AGAIN_MS, replace, event->party, 0);
        return;
    }
    new_machine(sim, office);
    enrol(sim, office);
    begin_with_nothing(sim, office);
    sim_count(sim, SIM_TOTAL_RETIRED);
    if (sim->oracle.retired_count > 1) {
        sim_count(sim, SIM_TOTAL_RETIRED_TOO);
    }
    sim_note(sim, "new device", event->party, office->identity.origin,
             office->identity.joined.number);
    sim_office_open(sim, office);
    sim_line_redial(sim, event->party, SIM_SECOND_MS);
    sim_machine_stir(sim, &office->machine);
}

static void lose(struct sim *sim, const struct sim_event *event)
{
    struct sim_office *office = &sim->offices[event->party];

    if (sim->is_healing || !may_be_lost(sim, event->party)) {
        return;
    }
    sim_require(sim, event->party, node_engine_flush(office->engine) == TIP_OK,
                "a disk that is well takes everything");
    sim_office_flushed(sim, office, TIP_OK);
    if (tip_prng_chance(prng_of(sim), ON_STICK)) {
        (void)sim_stick_write(sim, event->party);
    }
    sim_note(sim, "device lost", event->party, office->machine.acknowledged,
             sim->hub.durable[event->party]);
    office->old_age = sim_retired_age(sim, event->party);
    sim_office_close(office);
    office->machine.is_up = false;
    office->old_keys = office->machine.keys;
    office->machine.keys = NULL;
    office->is_new = true;
    retire(sim, event->party);
    sim_later(sim, sim_random_about(prng_of(sim), WITHOUT_MS), replace,
              event->party, 0);
}

/* Often it has had no line for a while: then it has work that it did not send.
 */
void sim_strike_retired(struct sim *sim, uint32_t party)
{
    uint64_t delay_ms;

    if (!may_be_lost(sim, party)) {
        return;
    }
    delay_ms = sim_random_about(prng_of(sim), UNTIL_LOST_MS);
    if (tip_prng_chance(prng_of(sim), CUT_OFF)) {
        sim_line_cut(sim, party, delay_ms + SIM_MINUTE_MS);
    }
    sim_later(sim, delay_ms, lose, party, 0);
}

/* What @device, which is retired, has sent is merged or waits; all else is
 * lost. */
static void check(struct sim *sim, uint32_t device)
{
    const struct sim_feed *feed = &sim->oracle.feeds[device];

    for (uint64_t seq = 1; seq <= feed->count; seq++) {
        const struct sim_draft *draft =
            sim_oracle_sent(&sim->oracle, device, seq);

        if (seq > sim->hub.durable[device]) {
            sim_count(sim, SIM_TOTAL_LOST_WITH_DEVICE);
            sim_feeds_lose(&sim->oracle, feed->places[seq - 1].draft);
            continue;
        }
        sim_require(sim, SIM_HUB,
                    draft->is_lost || sim_draft_is_decided(draft) ||
                        draft->held != TIP_HOLD_NONE ||
                        sim_oracle_is_destroyed(&sim->oracle, draft),
                    "I1 what a retired device sent is merged, or waits for "
                    "cause");
    }
}

void sim_rule_retired(struct sim *sim, uint32_t party)
{
    for (uint32_t i = 0; party == SIM_HUB && i < sim->oracle.retired_count;
         i++) {
        check(sim, SIM_RETIRED + i);
    }
}
