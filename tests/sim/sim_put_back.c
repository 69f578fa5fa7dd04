#include "sim_put_back.h"

#include <string.h>

#include "fake_store.h"
#include "sim_absent.h"
#include "sim_age.h"
#include "sim_clone.h"
#include "sim_counts.h"
#include "sim_faults.h"
#include "sim_feeds.h"
#include "sim_frames.h"
#include "sim_hub_feed.h"
#include "sim_machine.h"
#include "sim_quota.h"
#include "sim_rules.h"

#define BACKUP_AGE_MS (2 * SIM_DAY_MS)

bool sim_put_back_is_near(const struct sim *sim)
{
    return sim->hub.backup != NULL || sim->hub.is_recovering ||
           sim_absent_is_near(sim);
}

/* Is an office on its way back from a backup of its own? */
static bool is_office_near(const struct sim *sim)
{
    for (uint32_t party = 1; party < SIM_PARTIES; party++) {
        if (sim->offices[party].is_restored ||
            sim_clone_is(&sim->offices[party]) ||
            sim_feeds_is_split(&sim->oracle, party)) {
            return true;
        }
    }
    return false;
}

/* Would it hand back nothing of a chain behind a frame that it lost? */
static bool is_frame_lost(struct sim *sim)
{
    bool is_lost = false;

    for (uint32_t party = 1; party < SIM_PARTIES && !is_lost; party++) {
        is_lost = sim_frames_are_lost(sim, party);
    }
    return is_lost;
}

/* Everybody is called; whoever has no line gets one. */
static void call_all(struct sim *sim)
{
    for (uint32_t party = 1; party < SIM_PARTIES; party++) {
        struct sim_line *line = &sim->offices[party].line;

        line->up.blocked_until_ms = 0;
        line->down.blocked_until_ms = 0;
    }
}

/* The disk of the hub is gone; its backup takes its place. */
static void put_back(struct sim *sim, const struct sim_event *event)
{
    struct sim_hub *hub = &sim->hub;

    if (sim->is_healing || sim->liar.is_on) {
        sim_absent_call(sim);
        return; /* Who lies hands nothing back: a person would decide. */
    }
    if (!sim_machine_is_calm(&hub->machine) || is_frame_lost(sim)) {
        sim_later(sim, SIM_HOUR_MS, put_back, event->party, 0);
        return;
    }
    sim_count(sim, SIM_TOTAL_HUBS_PUT_BACK);
    sim_note(sim, "put back", SIM_HUB, hub->restores, 0);
    sim_machine_crash(sim, &hub->machine);
    fake_store_free(hub->machine.store);
    hub->machine.store = hub->backup;
    hub->backup = NULL;
    sim_age_put_back(sim, &hub->machine, hub->backup_is_old);
    hub->restores++;
    hub->is_recovering = true;
    memset(hub->durable, 0, sizeof hub->durable);
    for (size_t i = 0; i < SIM_FORMS; i++) {
        hub->forms[i].record = SIM_NONE; /* Nobody has them open any more. */
    }
    call_all(sim);
    sim_absent_wait(sim);
}

void sim_strike_put_back(struct sim *sim, uint32_t party)
{
    struct sim_hub *hub = &sim->hub;

    if (sim_put_back_is_near(sim) || sim->liar.is_on ||
        sim->oracle.retired_count != 0 || is_office_near(sim) ||
        !sim_machine_is_calm(&hub->machine)) {
        return;
    }
    sim_require(sim, party, hub_engine_flush(hub->engine) == TIP_OK,
                "a disk that is well takes everything");
    hub->backup = fake_store_copy(hub->machine.store);
    hub->backup_is_old = hub->machine.catalogue.is_old;
    sim_note(sim, "backup", party, hub_engine_seen(hub->engine).commit, 0);
    sim_later(sim,
              sim_random_about(&sim->streams[SIM_STREAM_DISKS], BACKUP_AGE_MS),
              put_back, party, 0);
    sim_absent_begin(sim);
}

void sim_put_back_open(struct sim *sim)
{
    struct sim_hub *hub = &sim->hub;

    sim_hub_feed_jump(&sim->oracle, hub_engine_seen(hub->engine).seq);
    hub->machine.acknowledged = sim->oracle.feeds[SIM_HUB].count;
    hub->counts = hub->durable_counts = sim_counts_recount(sim);
    sim_quota_take_over(sim);
}

bool sim_arrived_recovery(struct sim *sim, uint32_t party)
{
    return party != SIM_HUB ||
           (!sim->hub.is_recovering && !sim_absent_is_near(sim));
}
