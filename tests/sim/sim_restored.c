/*
 * Offices that are put back to a backup of their store.
 *
 * What was never sent and is newer than the backup is lost, and counted. What
 * the hub has durably comes back; what the backup has and the hub has not is
 * merged like everything else. That is all that is excused: from then on the
 * office is judged as everybody is.
 */
#include "sim_restored.h"

#include "fake_store.h"
#include "sim_age.h"
#include "sim_clone.h"
#include "sim_faults.h"
#include "sim_feeds.h"
#include "sim_frames.h"
#include "sim_liar.h"
#include "sim_machine.h"
#include "sim_put_back.h"
#include "sim_rewrite.h"
#include "sim_rot.h"
#include "tip_store.h"

#define AGE_MS   (4 * SIM_DAY_MS) /* Of a backup, about. */
#define AGAIN_MS (6 * SIM_HOUR_MS)

static bool is_rotten(const struct sim *sim, uint32_t party)
{
    for (uint32_t i = 0; i < sim->oracle.record_count; i++) {
        if (sim_rot_excuses(sim, party, i)) {
            return true;
        }
    }
    return false;
}

/* Can a backup be made that is worth something later? One made on the way back
 * from another would be of a copy that is closed. */
static bool is_sound(struct sim *sim, const struct sim_office *office)
{
    const struct sim_machine *machine = &office->machine;

    return sim_machine_is_well(machine) && !machine->recovers &&
           machine->crash_due == SIM_CRASH_NONE && !office->is_restored &&
           office->backup.store == NULL && !sim_clone_is(office) &&
           !is_rotten(sim, machine->party) &&
           !sim_frames_are_lost(sim, machine->party);
}

bool sim_restored_copy(struct sim *sim, const struct sim_office *office,
                       struct sim_backup *out_copy)
{
    const struct node_identity *identity = &office->identity;
    struct fake_store *store;
    struct tip_txn *txn;
    struct node_extent extent;

    if (!is_sound(sim, office) || sim_put_back_is_near(sim)) {
        return false;
    }
    store = fake_store_copy(office->machine.store);
    sim_require(sim, office->machine.party,
                tip_store_begin(&store->base, TIP_TXN_READ, &txn) == TIP_OK &&
                    node_engine_read_extent(txn, identity->origin,
                                            identity->office,
                                            &extent) == TIP_OK,
                "a backup can be read");
    tip_txn_abort(txn);
    *out_copy = (struct sim_backup){.store = store,
                                    .saved = extent.saved,
                                    .checkpoint = office->checkpoint,
                                    .erased = office->erased,
                                    .has_old_catalogue =
                                        office->machine.catalogue.is_old};
    return true;
}

void sim_restored_drop(struct sim_office *office)
{
    fake_store_free(office->backup.store);
    office->backup.store = NULL;
}

/* How much of the hub's order had been shown by @checkpoint. */
static size_t order_at(const struct sim_oracle *oracle, uint64_t checkpoint)
{
    size_t count = 0;

    while (count < oracle->order_count &&
           oracle->drafts[oracle->order[count]].commit <= checkpoint) {
        count++;
    }
    return count;
}

struct sim_backup sim_restored_take_out(struct sim_office *office)
{
    struct sim_backup disk = {.store = office->machine.store,
                              .saved = office->machine.acknowledged,
                              .checkpoint = office->checkpoint,
                              .erased = office->erased,
                              .has_old_catalogue =
                                  office->machine.catalogue.is_old};

    office->machine.store = NULL;
    return disk;
}

static void close_forms(struct sim_office *office)
{
    for (size_t i = 0; i < SIM_FORMS; i++) {
        office->forms[i].record = SIM_NONE;
    }
}

void sim_restored_put_in(struct sim *sim, struct sim_office *office,
                         const struct sim_backup *disk)
{
    struct sim_machine *machine = &office->machine;

    machine->store = disk->store;
    machine->is_disk_full = false;
    machine->is_disk_failed = false;
    machine->expects_full = false;
    machine->acknowledged = disk->saved;
    sim_age_put_back(sim, machine, disk->has_old_catalogue);
    office->checkpoint = disk->checkpoint;
    office->order_seen = order_at(&sim->oracle, disk->checkpoint);
    office->erased = disk->erased;
    office->confirmed = 0;
    sim_frames_forget(office);
    office->is_restored = true;
    office->restores++;
    close_forms(office);
}

/* Often its line is down too: then work piles up. */
static void cut(struct sim *sim, uint32_t party)
{
    if (tip_prng_chance(&sim->streams[SIM_STREAM_DISKS], 50)) {
        sim_strike_partition(sim, party);
    }
}

static void restore(struct sim *sim, const struct sim_event *event)
{
    struct sim_office *office = &sim->offices[event->party];

    if (sim->is_healing || office->backup.store == NULL ||
        sim_liar_is(sim, event->party)) {
        return;
    }
    if (sim_put_back_is_near(sim)) {
        sim_later(sim, AGAIN_MS, restore, event->party, event->number);
        return;
    }
    sim_count(sim, SIM_TOTAL_RESTORES);
    if (event->number != sim->hub.restores) {
        sim_count(sim, SIM_TOTAL_RESTORES_BOTH);
    }
    sim_note(sim, "restore", event->party, office->backup.saved,
             sim->oracle.feeds[event->party].count);
    cut(sim, event->party);
    if (office->machine.is_up) {
        sim_machine_crash(sim, &office->machine);
    }
    fake_store_free(office->machine.store);
    sim_restored_put_in(sim, office, &office->backup);
    sim_feeds_restore(&sim->oracle, event->party, office->backup.saved);
    office->backup.store = NULL;
}

static void make(struct sim *sim, const struct sim_event *event)
{
    struct sim_office *office = &sim->offices[event->party];
    struct sim_backup *backup = &office->backup;

    if (sim_restored_copy(sim, office, backup)) {
        sim_count(sim, SIM_TOTAL_BACKUPS);
        sim_note(sim, "backup", event->party, backup->saved,
                 backup->checkpoint);
        sim_later(sim,
                  sim_random_about(&sim->streams[SIM_STREAM_DISKS], AGE_MS),
                  restore, event->party, sim->hub.restores);
    }
}

/* A backup is made, and some days later the office is put back to it. */
void sim_strike_restored(struct sim *sim, uint32_t party)
{
    cut(sim, party);
    sim_later(
        sim, sim_random_about(&sim->streams[SIM_STREAM_DISKS], 8 * SIM_HOUR_MS),
        make, party, 0);
}

/* The hub has @count saves of @party, and hears of no more from before. */
static void settle(struct sim *sim, uint32_t party, uint64_t count)
{
    sim_require(sim, party, count >= sim->hub.durable[party],
                "I1 what is durable at the hub stays");
    sim->totals.counts[SIM_TOTAL_LOST_WITH_DISK] +=
        sim_feeds_settle(&sim->oracle, party, count);
}

void sim_restored_connected(struct sim *sim, uint32_t party)
{
    struct tip_head head;
    uint32_t generation;

    if (sim_feeds_is_split(&sim->oracle, party)) {
        sim_require(sim, party,
                    hub_engine_feed(sim->hub.engine, sim->oracle.links[party],
                                    &generation, &head) == TIP_OK,
                    "the hub knows its offices");
        settle(sim, party, head.number);
    }
}

/* Up to which save does the office go by what the hub has? Of two that wrote to
 * the same records, all erased since, it may take one for the other: stamps
 * alone tell them apart, and a clock that stands gives them twice. */
static uint64_t agreed_upon(struct sim *sim, uint32_t party,
                            const struct node_status *status)
{
    struct sim_oracle *oracle = &sim->oracle;
    uint64_t start = status->feed_start;
    uint64_t agreed = sim_feeds_agreed(oracle, party, start);

    while (status->saved < start + oracle->feeds[party].count - agreed &&
           sim_rewrite_take_for_same(oracle, party, agreed)) {
        sim->took_for_same = true;
        agreed = sim_feeds_agreed(oracle, party, start);
    }
    return agreed;
}

/* @office goes on as @status says: behind all that the hub has of it, with what
 * both had agreed on, what came back, and what is written again. */
static void go_on(struct sim *sim, struct sim_office *office,
                  const struct node_status *status)
{
    struct sim_oracle *oracle = &sim->oracle;
    uint32_t party = office->machine.party;
    uint64_t agreed = agreed_upon(sim, party, status);
    uint64_t ahead = oracle->feeds[party].count - agreed;

    sim_note(sim, "goes on", party, agreed, status->feed_start);
    sim_require(sim, party,
                status->feed_start == 0 ||
                    sim_oracle_sent(oracle, party, status->feed_start) != NULL,
                "I2 what comes back was sent");
    sim_require(sim, party, status->saved == status->feed_start + ahead,
                "I3 what a restored office has besides is written once more, "
                "and nothing else");
    sim_require(sim, party,
                office->other.is_chosen ||
                    !sim_feeds_has_foreign(oracle, party, status->feed_start),
                "a person chooses which of two copies goes on");
    sim_count(sim, SIM_TOTAL_WENT_ON);
    sim->totals.counts[SIM_TOTAL_RECALLED] += status->feed_start - agreed;
    sim->totals.counts[SIM_TOTAL_WRITTEN_AGAIN] += ahead;
    sim_feeds_go_on(oracle, party, status->feed, status->feed_start);
    if (sim_clone_is(office)) {
        close_forms(office); /* What they show may be others by now. */
    }
    office->machine.acknowledged = agreed;
    sim_machine_reconcile(sim, &office->machine, status->saved);
    office->went_on_ms = sim->now_ms;
}

void sim_restored_look(struct sim *sim, struct sim_office *office)
{
    uint32_t party = office->machine.party;
    struct node_status status;

    node_engine_status(office->engine, &status);
    if (status.feed == sim->oracle.feeds[party].origin) {
        return;
    }
    sim_require(sim, party, office->is_restored,
                "who was not restored writes under the same origin");
    if (sim_feeds_is_split(&sim->oracle, party)) {
        settle(sim, party, status.feed_start);
    }
    go_on(sim, office, &status);
}

void sim_restored_check(struct sim *sim, struct sim_office *office,
                        const struct node_status *status)
{
    uint32_t party = office->machine.party;

    sim_require(sim, party,
                !status->is_recovering || status->trouble == TIP_EFORK,
                "I21 an office on its way back from a backup says why");
    sim_require(sim, party, status->trouble != TIP_EFORK || office->is_restored,
                "I21 an office says that it was restored only if it was");
    if (status->session == TIP_NODE_LIVE) {
        sim_require(sim, party, !sim_feeds_is_split(&sim->oracle, party),
                    "I4 who takes part is on the hub's chain");
        office->is_restored = false;
    }
}
