/* Events, the storm, the healing, the end. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "fake_schema.h"
#include "fake_store.h"
#include "sim_age.h"
#include "sim_clone.h"
#include "sim_faults.h"
#include "sim_feeds.h"
#include "sim_frames.h"
#include "sim_liar.h"
#include "sim_line.h"
#include "sim_machine.h"
#include "sim_party.h"
#include "sim_people.h"
#include "sim_program.h"
#include "sim_restored.h"
#include "sim_retired.h"
#include "sim_rules.h"
#include "sim_weather.h"
#include "sim_works.h"

enum { LOOK_BYTES_MAX = 64 * 1024 * 1024 };

/* By then a store was read from its first row to its last: it is begun after 48
 * hours of work, and a machine that lost power is off for up to twelve. */
#define READING_MS (3 * SIM_DAY_MS)

/* By then everything must be everywhere. */
#define HEALING_MS (4 * SIM_DAY_MS)

void sim_init(struct sim *sim)
{
    *sim = (struct sim){.schema = FAKE_SCHEMA};
    sim_oracle_init(&sim->oracle);
    tip_arena_init(&sim->arena, LOOK_BYTES_MAX);
}

void sim_fail(const struct sim *sim, uint32_t party, const char *rule)
{
    sim_trace_print(&sim->trace);
    printf("Seed %" PRIu64 " breaks at %" PRIu64 " ms, %s %" PRIu32 ":\n"
           "  %s\n"
           "See it again with: tip_sim --seed %" PRIu64 " --days %" PRIu64
           " --verbose",
           sim->seed, sim->now_ms, party == SIM_HUB ? "hub" : "office", party,
           rule, sim->seed, sim->days);
    if (sim->weather.is_size_blind) {
        printf(" --clocks %" PRIu64, sim->clock_seed);
    }
    putchar('\n');
    (void)fflush(stdout);
    exit(EXIT_FAILURE);
}

void sim_note(struct sim *sim, const char *what, uint32_t party, uint64_t a,
              uint64_t b)
{
    struct sim_trace_entry entry = {
        .at_ms = sim->now_ms, .what = what, .party = party, .a = a, .b = b};

    sim_trace_add(&sim->trace, &entry);
}

void sim_count(struct sim *sim, enum sim_total total)
{
    sim->totals.counts[total]++;
}

void sim_later(struct sim *sim, uint64_t delay_ms, sim_happening *happens,
               uint32_t party, uint64_t number)
{
    sim_queue_add(&sim->queue,
                  (struct sim_event){.at_ms = sim->now_ms + delay_ms,
                                     .happens = happens,
                                     .party = party,
                                     .number = number});
}

struct sim_machine *sim_machine_of(struct sim *sim, uint32_t party)
{
    return party == SIM_HUB ? &sim->hub.machine : &sim->offices[party].machine;
}

static void tear_down(struct sim *sim)
{
    struct sim_event event;

    while (sim_queue_take(&sim->queue, &event)) {
        sim_packet_release(event.packet);
    }
    sim_liar_end(sim);
    hub_engine_close(sim->hub.engine);
    sim->hub.engine = NULL;
    for (uint32_t party = 0; party < SIM_PARTIES; party++) {
        struct sim_machine *machine = sim_machine_of(sim, party);

        sim_office_close(&sim->offices[party]);
        sim_restored_drop(&sim->offices[party]);
        sim_clone_drop(&sim->offices[party]);
        tip_device_keys_free(machine->keys);
        sim_retired_drop(&sim->offices[party]);
        machine->keys = NULL;
        fake_store_free(machine->store);
        machine->store = NULL;
    }
}

void sim_deinit(struct sim *sim)
{
    tear_down(sim);
    for (uint32_t party = 0; party < SIM_PARTIES; party++) {
        free(party == SIM_HUB ? sim->hub.known.records
                              : sim->offices[party].known.records);
        free(sim->offices[party].busy.records);
    }
    sim_feeds_deinit(&sim->oracle);
    fake_store_free(sim->hub.backup);
    free(sim->hub.held.records);
    free(sim->hub.erased.records);
    free(sim->queue.heap);
    free(sim->oracle.drafts);
    free(sim->oracle.writes);
    free(sim->oracle.seen);
    free(sim->oracle.records);
    free(sim->oracle.order);
    tip_arena_deinit(&sim->oracle.arena);
    tip_arena_deinit(&sim->arena);
    sim_nonces_deinit(&sim->nonces);
}

static void start(struct sim *sim, const struct sim_opts *opts)
{
    tear_down(sim);
    sim_oracle_clear(&sim->oracle);
    sim_nonces_clear(&sim->nonces);
    sim->seed = opts->seed;
    sim->clock_seed = opts->clock_seed == 0 ? opts->seed : opts->clock_seed;
    sim->days = opts->days;
    sim->now_ms = 0;
    sim->is_healing = false;
    sim->took_for_same = false;
    sim->totals = (struct sim_totals){.counts = {0}};
    sim->trace = (struct sim_trace){.is_verbose = opts->is_verbose};
    for (uint32_t i = 0; i < SIM_STREAM_COUNT; i++) {
        sim->streams[i] = sim_random_stream(
            i == SIM_STREAM_CLOCKS ? sim->clock_seed : opts->seed, i);
    }
    sim->absent = (struct sim_absent){.party = SIM_NONE};
    sim_weather_draw(sim, opts->is_size_blind);
    sim_age_draw(sim);
    sim_program_draw(sim);
    sim_hub_init(sim);
    for (uint32_t party = 1; party < SIM_PARTIES; party++) {
        sim_office_init(sim, party);
    }
    sim_hub_enrol(sim);
}

static void begin_crashes(struct sim *sim)
{
    const struct sim_weather *weather = &sim->weather;
    struct tip_prng *crashes = &sim->streams[SIM_STREAM_CRASHES];

    for (uint32_t i = 0; i < weather->crashes + weather->hub_crashes; i++) {
        uint32_t party = i < weather->hub_crashes
                             ? SIM_HUB
                             : 1 + tip_prng_below(crashes, SIM_OFFICES);

        sim_later(sim, sim_random_between(crashes, 0, weather->storm_ms),
                  sim_machine_arm, party, 0);
    }
}

/* Let happen what happens until @until_ms. */
static void run_until(struct sim *sim, uint64_t until_ms)
{
    struct sim_event event;

    while (sim->queue.count != 0 && sim->queue.heap[0].at_ms <= until_ms &&
           sim_queue_take(&sim->queue, &event)) {
        sim->now_ms = event.at_ms;
        sim_count(sim, SIM_TOTAL_EVENTS);
        event.happens(sim, &event);
        sim_packet_release(event.packet);
    }
    sim->now_ms = until_ms;
}

uint64_t sim_outcome(struct sim *sim)
{
    struct sim_trace outcome = {.count = 0};

    for (uint32_t i = 0; i < sim->oracle.record_count; i++) {
        struct tip_record record;

        if (!sim_form_look(sim, SIM_HUB, i, &record)) {
            continue;
        }
        for (size_t s = 0; s < record.sibling_count; s++) {
            const struct tip_sibling *sibling = &record.siblings[s];
            const struct tip_write *write = tip_record_write(&record, sibling);
            struct sim_trace_entry entry = {
                .at_ms = (uint64_t)sibling->field << 32 | sibling->element,
                .what = "live",
                .party = i,
                .a = write->origin,
                .b = write->seq};

            sim_trace_add(&outcome, &entry);
        }
    }
    return outcome.hash;
}

static void wait_until_told(struct sim *sim, uint64_t step_ms)
{
    uint64_t end_ms = sim->now_ms + READING_MS;

    while (!sim_frames_are_told(sim)) {
        sim_require(sim, SIM_HUB, sim->now_ms < end_ms,
                    "I20 what is lost for good is said");
        run_until(sim, sim->now_ms + step_ms);
    }
}

/* What nobody has any more is said, and keeps nobody from starting. */
static void end_with_loss(struct sim *sim)
{
    sim_frames_lose_for_good(sim);
    wait_until_told(sim, SIM_SECOND_MS);
    sim_frames_restart(sim);
    wait_until_told(sim, 10 * SIM_MINUTE_MS);
}

void sim_run(struct sim *sim, const struct sim_opts *opts)
{
    start(sim, opts);
    sim_works_begin(sim);
    sim_faults_begin(sim);
    begin_crashes(sim);
    sim_age_begin(sim);
    sim_program_begin(sim);
    sim_liar_begin(sim);
    run_until(sim, sim->weather.storm_ms);
    sim_faults_heal(sim);
    for (uint64_t end_ms = sim->now_ms + HEALING_MS; !sim_rules_arrived(sim);) {
        sim_require(sim, SIM_HUB, sim->now_ms < end_ms,
                    "I10 once all is well everything arrives everywhere");
        run_until(sim, sim->now_ms + 10 * SIM_MINUTE_MS);
    }
    sim_rules_end(sim);
    end_with_loss(sim);
    sim->totals.counts[SIM_TOTAL_DAYS] +=
        SIM_PARTIES * sim->now_ms / SIM_DAY_MS;
}
