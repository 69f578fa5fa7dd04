/* What disks do: they fill up, they fail, they are changed. */
#include "fake_store.h"
#include "sim_faults.h"
#include "sim_machine.h"

/* Is there a disk that can get into trouble? */
static bool is_spared(const struct sim_machine *machine)
{
    return !sim_machine_is_well(machine) || machine->recovers ||
           machine->crash_due != SIM_CRASH_NONE;
}

static void note(struct sim *sim, const struct sim_machine *machine)
{
    sim_note(sim, "disk", machine->party, machine->is_disk_full,
             machine->is_disk_failed);
}

static void repair(struct sim *sim, struct sim_machine *machine)
{
    sim_note(sim, "disk repaired", machine->party, machine->is_disk_full,
             machine->is_disk_failed);
    machine->store->limit_bytes = SIM_STORE_BYTES;
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

static void repaired(struct sim *sim, const struct sim_event *event)
{
    repair(sim, sim_machine_of(sim, event->party));
}

static void repair_later(struct sim *sim, uint32_t party)
{
    sim_later(sim,
              sim_random_about(&sim->streams[SIM_STREAM_DISKS], SIM_DAY_MS),
              repaired, party, 0);
}

/* One commit finds no room. */
void sim_strike_disk_full_once(struct sim *sim, uint32_t party)
{
    struct sim_machine *machine = sim_machine_of(sim, party);

    if (is_spared(machine)) {
        return;
    }
    machine->expects_full = true;
    fake_store_fail_commit(
        machine->store, 1 + tip_prng_below(&sim->streams[SIM_STREAM_DISKS], 2),
        TIP_ESTORE_FULL, FAKE_STORE_LOST);
    note(sim, machine);
}

void sim_strike_disk_full(struct sim *sim, uint32_t party)
{
    struct sim_machine *machine = sim_machine_of(sim, party);
    struct tip_store_usage usage =
        machine->store->base.usage(&machine->store->base);

    if (is_spared(machine)) {
        return;
    }
    sim_count(sim, SIM_TOTAL_DISKS_FULL);
    machine->is_disk_full = true;
    machine->expects_full = true;
    machine->store->limit_bytes =
        usage.used_bytes +
        sim_random_between(&sim->streams[SIM_STREAM_DISKS], 0, 4096);
    repair_later(sim, party);
    note(sim, machine);
}

/* One fsync fails; the store can be copied at once. */
void sim_strike_fsync_once(struct sim *sim, uint32_t party)
{
    struct sim_machine *machine = sim_machine_of(sim, party);

    if (is_spared(machine)) {
        return;
    }
    machine->recovers = true;
    fake_store_fail_commit(
        machine->store, 1 + tip_prng_below(&sim->streams[SIM_STREAM_DISKS], 3),
        TIP_ESTORE_FAILED, FAKE_STORE_LOST);
    note(sim, machine);
}

void sim_strike_disk_failed(struct sim *sim, uint32_t party)
{
    struct sim_machine *machine = sim_machine_of(sim, party);

    if (is_spared(machine)) {
        return;
    }
    sim_count(sim, SIM_TOTAL_DISKS_FAILED);
    machine->is_disk_failed = true;
    fake_store_fail_commit(machine->store, 1, TIP_ESTORE_FAILED,
                           FAKE_STORE_LOST);
    repair_later(sim, party);
    note(sim, machine);
}

void sim_heal_disk(struct sim *sim, uint32_t party)
{
    struct sim_machine *machine = sim_machine_of(sim, party);

    if (machine->is_disk_full || machine->is_disk_failed) {
        repair(sim, machine);
    }
}
