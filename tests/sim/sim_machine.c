/*
 * A machine that runs an engine: it stirs, takes turns, loses power, boots.
 *
 * A turn is what a daemon's loop does: flush what was saved and received, tell
 * the people, pump. Power may go at every seam of it.
 */
#include "sim_machine.h"
#include "fake_store.h"
#include "sim_age.h"
#include "sim_faults.h"
#include "sim_line.h"
#include "sim_party.h"
#include "sim_program.h"
#include "sim_rules.h"

enum { DOOM_COMMITS = 3 };

#define STOP_MS       (30 * SIM_MINUTE_MS)
#define SLOW_MS       (5 * SIM_SECOND_MS)
#define IDLE_FIRST_MS (5 * SIM_SECOND_MS)
#define IDLE_MAX_MS   (30 * SIM_MINUTE_MS)
#define GROUPING_MS   UINT64_C(200)

void sim_machine_init(struct sim *sim, struct sim_machine *machine,
                      uint32_t party)
{
    *machine = (struct sim_machine){
        .party = party,
        .store = fake_store_new(SIM_STORE_BYTES),
        .entropy = sim_random_stream(sim->seed, SIM_STREAM_MACHINES + party)};
    sim_age_init(sim, machine);
    sim_program_init(sim, machine);
    sim_clock_init(&machine->clock, &sim->now_ms);
    sim_require(sim, party,
                tip_device_keys_new(&machine->entropy.base, &machine->keys) ==
                    TIP_OK,
                "a machine gets keys");
}

static enum tip_err flush(struct sim *sim, const struct sim_machine *machine)
{
    return machine->party == SIM_HUB
               ? hub_engine_flush(sim->hub.engine)
               : node_engine_flush(sim->offices[machine->party].engine);
}

static enum tip_err pump(struct sim *sim, const struct sim_machine *machine)
{
    return machine->party == SIM_HUB
               ? hub_engine_pump(sim->hub.engine)
               : node_engine_pump(sim->offices[machine->party].engine);
}

/* Have the people told what became of their saves. */
static void tell(struct sim *sim, struct sim_machine *machine, enum tip_err err)
{
    if (err == TIP_ESTORE_FAILED) {
        machine->is_disk_failed = true;
    }
    if (err == TIP_ESTORE_FULL && machine->expects_full) {
        machine->expects_full = machine->is_disk_full;
        sim_count(sim, SIM_TOTAL_COMMITS_FULL);
    } else if (err != TIP_OK && !machine->is_disk_failed) {
        sim_note(sim, "flush failed", machine->party, (uint64_t)err, 0);
        sim_fail(sim, machine->party, "an engine fails only when its disk did");
    }
    if (err != TIP_OK) {
        machine->incarnation++; /* What it had taken in is gone. */
    }
    if (machine->party == SIM_HUB) {
        sim_hub_flushed(sim, err);
    } else {
        sim_office_flushed(sim, &sim->offices[machine->party], err);
    }
}

bool sim_machine_is_dead(const struct sim_machine *machine)
{
    return !machine->is_up ||
           (machine->doomed_commit != 0 &&
            machine->store->commit_count >= machine->doomed_commit);
}

static void die(struct sim *sim, struct sim_machine *machine,
                enum sim_total kind)
{
    sim_count(sim, kind);
    sim_machine_crash(sim, machine);
}

/* Does power go at this seam of the turn? */
static bool goes_dark(struct sim *sim, struct sim_machine *machine,
                      enum sim_crash seam, enum sim_total kind)
{
    if (machine->crash_due != seam) {
        return false;
    }
    die(sim, machine, kind);
    return true;
}

bool sim_machine_does(struct sim *sim, struct sim_machine *machine,
                      sim_machine_step *step)
{
    enum tip_err err = step(sim, machine);

    if (sim_machine_is_dead(machine)) {
        die(sim, machine,
            machine->crash_due == SIM_CRASH_LOST ? SIM_TOTAL_CRASHES_LOST
                                                 : SIM_TOTAL_CRASHES_KEPT);
        return false;
    }
    tell(sim, machine, err);
    return true;
}

static void turn_if_due(struct sim *sim, const struct sim_event *event);

/* When to look again: soon after something happened, then ever more seldom. */
static void schedule_turn(struct sim *sim, struct sim_machine *machine,
                          uint64_t delay_ms)
{
    machine->turn_at_ms = sim->now_ms + delay_ms;
    sim_later(sim, delay_ms, turn_if_due, machine->party, machine->turn_at_ms);
}

/* Let the program stand still: nothing reaches it, it says nothing. */
static void stop(struct sim *sim, struct sim_machine *machine, uint64_t for_ms)
{
    machine->stopped_until_ms = sim->now_ms + for_ms;
    schedule_turn(sim, machine, for_ms);
}

bool sim_machine_is_stopped(const struct sim *sim,
                            const struct sim_machine *machine)
{
    return machine->is_up && machine->stopped_until_ms > sim->now_ms;
}

bool sim_machine_serves(const struct sim *sim,
                        const struct sim_machine *machine)
{
    return machine->is_up && !sim_machine_is_stopped(sim, machine) &&
           (machine->party != SIM_HUB || !sim->hub.is_recovering);
}

bool sim_machine_puts_off(struct sim *sim, const struct sim_machine *machine,
                          const struct sim_event *event)
{
    struct sim_event again = *event;

    if (!sim_machine_is_stopped(sim, machine)) {
        return false;
    }
    if (again.packet != NULL) {
        again.packet->copies++;
    }
    again.at_ms = machine->stopped_until_ms;
    sim_queue_add(&sim->queue, again);
    return true;
}

/* Has the disk taken its time for what was written since commit @before? */
static bool is_slow(struct sim *sim, struct sim_machine *machine,
                    uint64_t before)
{
    struct tip_prng *prng = &sim->streams[SIM_STREAM_DISKS];

    if (sim->is_healing || machine->store->commit_count == before ||
        !tip_prng_chance(prng, sim->weather.slow_disk)) {
        return false;
    }
    sim_count(sim, SIM_TOTAL_SLOW_DISKS);
    stop(sim, machine, 1 + sim_random_about(prng, SLOW_MS));
    return true;
}

/* What the daemon does when an fsync has failed: end the batch, copy the store
 * to a new file, go on. */
static void recover(struct sim *sim, struct sim_machine *machine)
{
    if (!machine->recovers || !machine->is_disk_failed) {
        return;
    }
    machine->recovers = false;
    sim_count(sim, SIM_TOTAL_FSYNCS_FAILED);
    sim_require(sim, machine->party, flush(sim, machine) == TIP_OK,
                "a batch that is lost ends");
    fake_store_recover(machine->store);
    machine->is_disk_failed = false;
}

static void turn(struct sim *sim, struct sim_machine *machine)
{
    uint64_t commits = machine->store->commit_count;

    machine->turn_at_ms = 0;
    machine->link_free_ms = 0;
    if (goes_dark(sim, machine, SIM_CRASH_UNFLUSHED,
                  SIM_TOTAL_CRASHES_UNFLUSHED) ||
        !sim_machine_does(sim, machine, flush) ||
        is_slow(sim, machine, commits) ||
        goes_dark(sim, machine, SIM_CRASH_FLUSHED, SIM_TOTAL_CRASHES_FLUSHED) ||
        !sim_machine_does(sim, machine, pump) ||
        goes_dark(sim, machine, SIM_CRASH_PUMPED, SIM_TOTAL_CRASHES_PUMPED)) {
        return;
    }
    recover(sim, machine);
    sim_rules_turn(sim, machine->party);
    if (machine->link_free_ms > sim->now_ms) {
        schedule_turn(sim, machine, machine->link_free_ms - sim->now_ms);
        return;
    }
    schedule_turn(sim, machine, machine->idle_ms);
    machine->idle_ms *= 2;
    if (machine->idle_ms > IDLE_MAX_MS) {
        machine->idle_ms = IDLE_MAX_MS;
    }
}

static void turn_if_due(struct sim *sim, const struct sim_event *event)
{
    struct sim_machine *machine = sim_machine_of(sim, event->party);

    if (machine->is_up && machine->turn_at_ms == event->number) {
        turn(sim, machine);
    }
}

void sim_machine_stir(struct sim *sim, struct sim_machine *machine)
{
    struct tip_prng *prng = &sim->streams[SIM_STREAM_LINES];

    if (!machine->is_up || sim_machine_is_stopped(sim, machine)) {
        return;
    }
    machine->idle_ms = IDLE_FIRST_MS;
    if (!tip_prng_chance(prng, sim->weather.grouping)) {
        turn(sim, machine);
        return;
    }
    if (machine->turn_at_ms == 0 ||
        machine->turn_at_ms > sim->now_ms + GROUPING_MS) {
        schedule_turn(sim, machine, GROUPING_MS);
    }
}

void sim_machine_arm(struct sim *sim, const struct sim_event *event)
{
    struct sim_machine *machine = sim_machine_of(sim, event->party);
    struct tip_prng *prng = &sim->streams[SIM_STREAM_CRASHES];
    uint32_t kind = SIM_CRASH_IDLE + tip_prng_below(prng, 6);

    if (!machine->is_up || machine->crash_due != SIM_CRASH_NONE ||
        machine->is_disk_failed) {
        return;
    }
    machine->crash_due = (enum sim_crash)kind;
    if (machine->crash_due == SIM_CRASH_IDLE) {
        die(sim, machine, SIM_TOTAL_CRASHES_IDLE);
        return;
    }
    if (machine->crash_due >= SIM_CRASH_LOST) {
        uint64_t nth = sim_random_between(prng, 1, DOOM_COMMITS);

        fake_store_fail_commit(machine->store, nth, TIP_ESTORE_FAILED,
                               machine->crash_due == SIM_CRASH_LOST
                                   ? FAKE_STORE_LOST
                                   : FAKE_STORE_KEPT);
        machine->doomed_commit = machine->store->commit_count + nth;
    }
}

static void boot(struct sim *sim, const struct sim_event *event)
{
    struct sim_machine *machine = sim_machine_of(sim, event->party);

    machine->is_up = true;
    machine->incarnation++;
    sim_note(sim, "boot", machine->party, machine->incarnation, 0);
    if (machine->party == SIM_HUB) {
        sim_hub_open(sim);
    } else {
        sim_office_open(sim, &sim->offices[machine->party]);
        sim_line_redial(sim, machine->party, SIM_SECOND_MS);
    }
    sim_rules_boot(sim, machine->party);
    machine->idle_ms = IDLE_FIRST_MS;
    schedule_turn(sim, machine, SIM_SECOND_MS);
}

void sim_machine_crash(struct sim *sim, struct sim_machine *machine)
{
    struct tip_prng *prng = &sim->streams[SIM_STREAM_CRASHES];

    sim_count(sim, SIM_TOTAL_CRASHES);
    sim_note(sim, "crash", machine->party, (uint64_t)machine->crash_due, 0);
    if (machine->party == SIM_HUB) {
        sim_count(sim, SIM_TOTAL_CRASHES_HUB);
        hub_engine_close(sim->hub.engine);
        sim->hub.engine = NULL;
        for (uint32_t i = 1; i < SIM_PARTIES; i++) {
            sim->offices[i].line.hub_sees_it = false;
            sim_line_break(sim, i, SIM_SECOND_MS, 0);
        }
    } else {
        struct sim_office *office = &sim->offices[machine->party];

        sim_office_close(office);
        office->line.node_sees_it = false;
        sim_line_break(sim, machine->party, 0, SIM_MINUTE_MS);
    }
    fake_store_power_cut(machine->store);
    machine->is_up = false;
    machine->crash_due = SIM_CRASH_NONE;
    machine->doomed_commit = 0;
    machine->expects_full = machine->is_disk_full;
    machine->turn_at_ms = 0;
    machine->stopped_until_ms = 0;
    machine->recovers = false;
    sim_clock_reboot(&machine->clock);
    sim_later(sim, 1 + sim_random_about(prng, 4 * SIM_HOUR_MS), boot,
              machine->party, 0);
}

void sim_machine_reconcile(struct sim *sim, struct sim_machine *machine,
                           uint64_t saved)
{
    uint32_t party = machine->party;
    size_t known = sim->oracle.feeds[party].count;

    sim_require(sim, party, saved >= machine->acknowledged,
                "I1 what was acknowledged is in the log");
    sim_require(sim, party, saved <= known,
                "I2 nothing is saved but what people wrote");
    if (saved < known) {
        sim_note(sim, "saves lost", party, saved, known);
        sim->totals.counts[SIM_TOTAL_UNSAVED] += known - saved;
        sim_oracle_lose(&sim->oracle, party, saved);
    }
    for (uint64_t seq = machine->acknowledged + 1; seq <= saved; seq++) {
        struct sim_draft *draft = sim_oracle_own(&sim->oracle, party, seq);

        if (!draft->is_acknowledged) {
            sim_count(sim, SIM_TOTAL_CHANGE_SETS);
        }
        draft->is_acknowledged = true;
    }
    machine->acknowledged = saved;
}

bool sim_machine_is_well(const struct sim_machine *machine)
{
    return machine->is_up && !machine->is_disk_full && !machine->is_disk_failed;
}

bool sim_machine_is_calm(const struct sim_machine *machine)
{
    return sim_machine_is_well(machine) && !machine->recovers &&
           !machine->expects_full && machine->crash_due == SIM_CRASH_NONE;
}

bool sim_machine_is_there(const struct sim *sim,
                          const struct sim_machine *machine)
{
    return machine->is_up && !sim_machine_is_dead(machine) &&
           !sim_machine_is_stopped(sim, machine);
}

bool sim_machine_is_sound(const struct sim_machine *machine)
{
    return sim_machine_is_well(machine) && !machine->expects_full &&
           !machine->recovers && machine->doomed_commit == 0;
}

/* Somebody stopped it, or the machine swaps: for up to an hour and a half. */
void sim_strike_stopped(struct sim *sim, uint32_t party)
{
    struct sim_machine *machine = sim_machine_of(sim, party);

    if (machine->is_up && !sim_machine_is_stopped(sim, machine)) {
        sim_count(sim, SIM_TOTAL_STOPS);
        sim_note(sim, "stopped", party, 0, 0);
        stop(sim, machine,
             1 + sim_random_about(&sim->streams[SIM_STREAM_CRASHES], STOP_MS));
    }
}

/* A crash that was due happens now. */
void sim_heal_crash(struct sim *sim, uint32_t party)
{
    struct sim_machine *machine = sim_machine_of(sim, party);

    if (machine->is_up && machine->crash_due != SIM_CRASH_NONE) {
        die(sim, machine, SIM_TOTAL_CRASHES_IDLE);
    }
}
