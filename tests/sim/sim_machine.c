/*
 * A machine that runs an engine: it stirs, takes turns, loses power, boots.
 *
 * A turn is what a daemon's loop does: flush what was saved and received, tell
 * the people, pump. Power may go at every seam of it.
 */
#include "fake_store.h"
#include "sim.h"

enum { DOOM_COMMITS = 3 };

#define STORE_BYTES   (UINT64_C(1) << 30)
#define IDLE_FIRST_MS (5 * SIM_SECOND_MS)
#define IDLE_MAX_MS   (30 * SIM_MINUTE_MS)
#define GROUPING_MS   UINT64_C(200)

void sim_machine_init(struct sim *sim, struct sim_machine *machine,
                      uint32_t party)
{
    *machine = (struct sim_machine){
        .party = party,
        .store = fake_store_new(STORE_BYTES),
        .entropy = sim_random_stream(sim->seed, SIM_STREAM_COUNT + party)};
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

/* Flush or pump; false if power went meanwhile. */
static bool survives(struct sim *sim, struct sim_machine *machine,
                     enum tip_err (*step)(struct sim *,
                                          const struct sim_machine *))
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

/* When to look again: soon after something happened, then ever more seldom. */
static void schedule_turn(struct sim *sim, struct sim_machine *machine,
                          uint64_t delay_ms)
{
    machine->turn_at_ms = sim->now_ms + delay_ms;
    sim_later(sim, delay_ms, SIM_EVENT_TURN, machine->party,
              machine->turn_at_ms);
}

void sim_machine_turn(struct sim *sim, struct sim_machine *machine)
{
    machine->turn_at_ms = 0;
    machine->link_free_ms = 0;
    if (goes_dark(sim, machine, SIM_CRASH_UNFLUSHED,
                  SIM_TOTAL_CRASHES_UNFLUSHED) ||
        !survives(sim, machine, flush) ||
        goes_dark(sim, machine, SIM_CRASH_FLUSHED, SIM_TOTAL_CRASHES_FLUSHED) ||
        !survives(sim, machine, pump) ||
        goes_dark(sim, machine, SIM_CRASH_PUMPED, SIM_TOTAL_CRASHES_PUMPED)) {
        return;
    }
    sim_check_event(sim, machine->party);
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

void sim_machine_stir(struct sim *sim, struct sim_machine *machine)
{
    struct tip_prng *prng = &sim->streams[SIM_STREAM_LINES];

    if (!machine->is_up) {
        return;
    }
    machine->idle_ms = IDLE_FIRST_MS;
    if (!tip_prng_chance(prng, sim->weather.grouping)) {
        sim_machine_turn(sim, machine);
        return;
    }
    if (machine->turn_at_ms == 0 ||
        machine->turn_at_ms > sim->now_ms + GROUPING_MS) {
        schedule_turn(sim, machine, GROUPING_MS);
    }
}

void sim_machine_arm(struct sim *sim, struct sim_machine *machine)
{
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
    sim_clock_reboot(&machine->clock);
    sim_later(sim, 1 + sim_random_about(prng, 4 * SIM_HOUR_MS), SIM_EVENT_BOOT,
              machine->party, 0);
}

void sim_machine_boot(struct sim *sim, struct sim_machine *machine)
{
    machine->is_up = true;
    machine->incarnation++;
    sim_note(sim, "boot", machine->party, machine->incarnation, 0);
    if (machine->party == SIM_HUB) {
        sim_hub_open(sim);
    } else {
        sim_office_open(sim, &sim->offices[machine->party]);
        sim_line_redial(sim, machine->party, SIM_SECOND_MS);
    }
    sim_check_all(sim, machine->party);
    machine->idle_ms = IDLE_FIRST_MS;
    schedule_turn(sim, machine, SIM_SECOND_MS);
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
        sim_oracle_find(&sim->oracle, sim_origin_of(party), seq)
            ->is_acknowledged = true;
        sim_count(sim, SIM_TOTAL_CHANGE_SETS);
    }
    machine->acknowledged = saved;
}

void sim_machine_upset_disk(struct sim *sim, struct sim_machine *machine)
{
    struct tip_prng *prng = &sim->streams[SIM_STREAM_DISKS];
    struct tip_store_usage usage =
        machine->store->base.usage(&machine->store->base);

    if (!machine->is_up || machine->crash_due != SIM_CRASH_NONE ||
        machine->is_disk_failed || machine->is_disk_full) {
        return;
    }
    /* How much a disk holds is a matter of bytes. */
    switch (sim->weather.is_size_blind ? 0 : tip_prng_below(prng, 3)) {
    case 0: /* One commit. */
        machine->expects_full = true;
        fake_store_fail_commit(machine->store, 1 + tip_prng_below(prng, 2),
                               TIP_ESTORE_FULL, FAKE_STORE_LOST);
        break;
    case 1:
        sim_count(sim, SIM_TOTAL_DISKS_FULL);
        machine->is_disk_full = true;
        machine->expects_full = true;
        machine->store->limit_bytes =
            usage.used_bytes + sim_random_between(prng, 0, 4096);
        sim_later(sim, sim_random_about(prng, SIM_DAY_MS), SIM_EVENT_REPAIR,
                  machine->party, 0);
        break;
    default:
        sim_count(sim, SIM_TOTAL_DISKS_FAILED);
        machine->is_disk_failed = true;
        fake_store_fail_commit(machine->store, 1, TIP_ESTORE_FAILED,
                               FAKE_STORE_LOST);
        sim_later(sim, sim_random_about(prng, SIM_DAY_MS), SIM_EVENT_REPAIR,
                  machine->party, 0);
        break;
    }
    sim_note(sim, "disk", machine->party, machine->is_disk_full,
             machine->is_disk_failed);
}

void sim_machine_repair_disk(struct sim *sim, struct sim_machine *machine)
{
    sim_note(sim, "disk repaired", machine->party, machine->is_disk_full,
             machine->is_disk_failed);
    machine->store->limit_bytes = STORE_BYTES;
    machine->is_disk_full = false;
    if (!machine->is_disk_failed) {
        return;
    }
    machine->is_disk_failed = false;
    if (machine->is_up) {
        /* The program is stopped, the disk is changed, it starts again. */
        sim_machine_crash(sim, machine);
    }
    fake_store_recover(machine->store);
}
