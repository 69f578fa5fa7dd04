/*
 * Disks of which there are two.
 *
 * A copy of an office's disk is put into a second machine. Both have the same
 * keys and the same line, so only one of them is connected at a time: they take
 * turns, and people work at both. When the hub has found out, somebody chooses
 * one. In the end both have handed in what they have, and one is thrown away:
 * nothing that either has acknowledged may be lost with it.
 */
#include "sim_clone.h"

#include "fake_store.h"
#include "hub_clone.h"
#include "sim_faults.h"
#include "sim_feeds.h"
#include "sim_liar.h"
#include "sim_machine.h"
#include "sim_restored.h"

enum { COPIES_MAX = 64 };

#define TEND_MS (30 * SIM_MINUTE_MS)
#define BOTH_MS (5 * SIM_DAY_MS) /* So long both are used, about. */

bool sim_clone_is(const struct sim_office *office)
{
    return office->other.disk.store != NULL;
}

void sim_clone_drop(struct sim_office *office)
{
    fake_store_free(office->other.disk.store);
    office->other.disk.store = NULL;
}

void sim_clone_check(struct sim *sim, const struct sim_office *office,
                     const struct node_status *status)
{
    sim_require(sim, office->machine.party,
                status->trouble != TIP_ECLONE || sim_clone_is(office),
                "I21 an office says that it was copied only if it was");
}

static struct tip_prng *prng_of(struct sim *sim)
{
    return &sim->streams[SIM_STREAM_DISKS];
}

/* Is the machine on, and nothing in the middle of happening to it? */
static bool is_quiet(const struct sim *sim, const struct sim_machine *machine)
{
    return sim_machine_is_well(machine) && !machine->recovers &&
           machine->crash_due == SIM_CRASH_NONE &&
           !sim_machine_is_stopped(sim, machine);
}

/* The other machine is connected instead. */
static void swap(struct sim *sim, struct sim_office *office)
{
    struct sim_other *other = &office->other;
    struct sim_backup disk = other->disk;
    bool is_done = other->is_done;

    sim_count(sim, SIM_TOTAL_SWAPS);
    sim_note(sim, "other copy", office->machine.party, disk.saved,
             office->machine.acknowledged);
    sim_machine_crash(sim, &office->machine);
    other->disk = sim_restored_take_out(office);
    sim_restored_put_in(sim, office, &disk);
    other->is_done = other->runs_done;
    other->runs_done = is_done;
    sim_feeds_swap(&sim->oracle, office->machine.party);
}

/* The copy that writes under @feed goes on. */
static void choose(struct sim *sim, uint32_t party, uint32_t feed)
{
    const struct sim_machine *hub = &sim->hub.machine;
    struct sim_office *office = &sim->offices[party];
    enum tip_err err = hub_engine_copy_choose(sim->hub.engine, feed);

    sim_note(sim, "copy chosen", party, feed, (uint64_t)err);
    sim_require(sim, party,
                err == TIP_OK || hub->expects_full || hub->is_disk_failed,
                "a person chooses which copy goes on");
    office->other.is_chosen = true;
    sim_count(sim, SIM_TOTAL_CHOSEN);
    if (is_quiet(sim, &office->machine)) { /* They are on the phone. */
        node_engine_ask_again(office->engine);
        sim_machine_stir(sim, &office->machine);
    }
}

/* Nothing is taken from either copy until somebody has chosen one. */
static void choose_if_frozen(struct sim *sim, uint32_t party)
{
    struct hub_copy_status copies[COPIES_MAX];
    uint32_t feeds[COPIES_MAX];
    uint32_t count = 0;
    size_t all = hub_engine_copies(sim->hub.engine, copies, COPIES_MAX);

    for (size_t i = 0; i < all && i < COPIES_MAX; i++) {
        if (copies[i].origin == sim->oracle.links[party] &&
            copies[i].is_frozen) {
            feeds[count++] = copies[i].feed;
        }
    }
    if (count != 0) {
        choose(sim, party, feeds[tip_prng_below(prng_of(sim), count)]);
    }
}

/* Has the copy that runs handed in all it has, and does it take part? */
static bool takes_part(const struct sim *sim, uint32_t party,
                       const struct node_status *status)
{
    return status->session == TIP_NODE_LIVE &&
           status->confirmed == status->saved &&
           status->saved == sim->oracle.feeds[party].count &&
           !sim_feeds_is_split(&sim->oracle, party);
}

/* The copy that runs was told that the other goes on: it has had its turn. If
 * people have written at it since, it is given another. */
static void leave(struct sim *sim, struct sim_office *office,
                  const struct node_status *status)
{
    uint32_t party = office->machine.party;

    if (sim_feeds_is_all_sent(&sim->oracle, party, sim->hub.durable[party])) {
        office->other.runs_done = true;
        swap(sim, office);
    } else if (is_quiet(sim, &sim->hub.machine)) {
        choose(sim, party, status->feed);
    }
}

/* Both hand in what they have; the one that takes part then stays. */
static void finish(struct sim *sim, struct sim_office *office)
{
    uint32_t party = office->machine.party;
    struct node_status status;

    node_engine_status(office->engine, &status);
    if (status.trouble == TIP_ECLONE) {
        leave(sim, office, &status);
        return;
    }
    if (!takes_part(sim, party, &status)) {
        return;
    }
    office->other.runs_done = true;
    if (!office->other.is_done) {
        swap(sim, office);
        return;
    }
    sim_count(sim, SIM_TOTAL_SCRAPPED);
    sim_note(sim, "copy scrapped", party, 0, 0);
    sim_require(sim, party,
                sim_feeds_scrap(&sim->oracle, party, sim->hub.durable[party]),
                "I1 what either copy of a disk acknowledged is at the hub");
    sim_clone_drop(office);
}

static void tend(struct sim *sim, const struct sim_event *event)
{
    struct sim_office *office = &sim->offices[event->party];
    struct sim_machine *machine = &office->machine;
    bool is_over = sim->is_healing || sim->now_ms > event->number;

    if (!sim_clone_is(office)) {
        return;
    }
    sim_later(sim, TEND_MS, tend, event->party, event->number);
    if (is_quiet(sim, &sim->hub.machine) &&
        (is_over || tip_prng_chance(prng_of(sim), 5))) {
        choose_if_frozen(sim, event->party);
        sim_machine_stir(sim, &sim->hub.machine);
    }
    if (!is_quiet(sim, machine)) {
        return;
    }
    if (is_over) {
        finish(sim, office);
    } else if (tip_prng_chance(prng_of(sim), 4)) {
        swap(sim, office);
    }
}

void sim_strike_clone(struct sim *sim, uint32_t party)
{
    struct sim_office *office = &sim->offices[party];

    if (sim_clone_is(office) || sim->liar.party == party ||
        !is_quiet(sim, &office->machine) ||
        !sim_restored_copy(sim, office, &office->other.disk)) {
        return;
    }
    office->other.is_chosen = false;
    office->other.is_done = false;
    office->other.runs_done = false;
    sim_count(sim, SIM_TOTAL_CLONES);
    sim_note(sim, "copied", party, office->other.disk.saved, 0);
    sim_feeds_copy(&sim->oracle, party, office->other.disk.saved);
    sim_later(sim, TEND_MS, tend, party,
              sim->now_ms + sim_random_about(prng_of(sim), BOTH_MS));
}
