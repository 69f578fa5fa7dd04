/*
 * The world of one seed: a hub, fifteen offices, the lines between them, the
 * people, and what must be true of it all.
 *
 *   sim_weather.c  how bad everything is in this seed
 *   sim_line.c     lines: loss, delay, partition; both ends of the link
 *   sim_machine.c  a machine that runs an engine: turns, crashes, disks
 *   sim_office.c   the node's engine on a machine    sim_hub.c  the hub's
 *   sim_people.c   what people write                 sim_form.c what they saw
 *   sim_moves.c    who holds a record, changed       sim_held.c what waits
 *   sim_watch.c    what the hub merges, as it does   sim_check.c invariants
 *   sim_world.c    events, storm, healing, the end
 *
 * One thread. Everything is drawn from the seed; no file, clock or address of
 * the machine it runs on enters.
 */
#ifndef SIM_H
#define SIM_H

#include "hub_engine.h"
#include "node_engine.h"
#include "sim_clock.h"
#include "sim_nonces.h"
#include "sim_oracle.h"
#include "sim_queue.h"
#include "sim_random.h"
#include "sim_totals.h"
#include "sim_trace.h"
#include "tip_link.h"

enum {
    SIM_OFFICES = SIM_PARTIES - 1,
    SIM_FORMS = 4, /* Open at one machine. */
    SIM_FORM_CELLS = 160,
    SIM_COUNT_CODES = 9
};

#define SIM_SECOND_MS UINT64_C(1000)
#define SIM_MINUTE_MS (60 * SIM_SECOND_MS)
#define SIM_HOUR_MS   (60 * SIM_MINUTE_MS)
#define SIM_DAY_MS    (24 * SIM_HOUR_MS)

/** How bad everything is; percents unless named otherwise. */
struct sim_weather {
    uint64_t storm_ms;
    uint32_t change_sets; /* To be written at least. */
    uint32_t crashes, hub_crashes;
    uint32_t loss, repeat, reorder, tamper;
    uint64_t trouble_mean_ms; /* Between troubles of one line. */
    uint64_t clock_mean_ms, disk_mean_ms;
    uint32_t grouping;  /* Turns that wait for more work to come. */
    uint32_t shared;    /* Records of two offices. */
    uint32_t stale;     /* Forms that are left open. */
    uint32_t moving;    /* Of what people do: records change hands. */
    bool is_size_blind; /* Nothing takes longer because it is longer. */
};

/* A message on its way; copies share it. */
struct sim_packet {
    uint32_t copies;
    uint32_t epoch; /* Of the connection it travels on. */
    bool to_hub;
    bool is_tampered;
    uint32_t taken_by; /* Incarnation of the receiver it changed; 0: none. */
    size_t size;
    uint8_t bytes[]; /* @size of them. */
};

/* One direction of a line. */
struct sim_way {
    uint64_t busy_until_ms; /* Its sender still transmits. */
    uint64_t last_arrival_ms;
    uint64_t blocked_until_ms;
};

/** The line between an office and the hub. */
struct sim_line {
    struct sim_way up, down;
    uint32_t epoch; /* Of the connection; rises with each. */
    bool node_sees_it, hub_sees_it;
    uint64_t latency_ms, jitter_ms;
    uint64_t bytes_per_s;
    uint64_t flapping_until_ms;
    bool connect_is_due;
};

/* Where a crash that is due strikes. */
enum sim_crash {
    SIM_CRASH_NONE,
    SIM_CRASH_IDLE,
    SIM_CRASH_UNFLUSHED,
    SIM_CRASH_FLUSHED,
    SIM_CRASH_PUMPED,
    SIM_CRASH_LOST, /* In a commit, which never happened. */
    SIM_CRASH_KEPT  /* In a commit, which had happened. */
};

struct fake_store;

/** A machine and what its engine is given. Party 0 is the hub's. */
struct sim_machine {
    uint32_t party;
    bool is_up;
    uint32_t incarnation; /* Rises when what was not flushed is lost. */
    struct fake_store *store;
    struct sim_clock clock;
    struct tip_prng entropy;
    struct tip_device_keys *keys;
    enum sim_crash crash_due;
    uint64_t doomed_commit; /* Power goes in this commit; 0: in none. */
    bool is_disk_full, is_disk_failed;
    bool expects_full;   /* The next commit may be refused. */
    uint64_t turn_at_ms; /* When a turn is due; 0: none is. */
    uint64_t idle_ms;    /* How long it has waited for the last one. */
    uint64_t
        link_free_ms; /* When a full link takes more; 0: it was not full. */
    uint64_t acknowledged; /* Newest own seq that was told to be safe. */
};

/** What somebody was shown of a record. */
struct sim_form {
    uint32_t record; /* SIM_NONE: the form is blank. */
    uint64_t shown_ms;
    struct tip_seen seen;
    size_t cell_count;
    struct sim_form_cell {
        uint32_t field;
        uint32_t origin;
        uint64_t element;
        uint64_t seq;
    } cells[SIM_FORM_CELLS];
};

/* The records a machine's people know, by the oracle's number. */
struct sim_known {
    uint32_t *records;
    size_t count, capacity;
};

struct sim_office {
    struct sim_machine machine;
    struct node_engine *engine;
    struct node_identity identity;
    struct tip_link link;
    struct sim_line line;
    struct sim_form forms[SIM_FORMS];
    struct sim_known known;
    struct sim_known busy;   /* Of them, those everybody works on. */
    size_t order_seen;       /* Of the oracle's order, is known here. */
    uint64_t checkpoint;     /* Newest that was durable. */
    uint64_t confirmed;      /* Highest ever told. */
    uint64_t progress_ms;    /* When it last rose, or was hindered. */
    uint64_t ref_checkpoint; /* Newest commit of REF seen in a record. */
};

/* Counts kept by a watcher, as figures are. */
struct sim_counts {
    uint64_t by_code[SIM_COUNT_CODES];
    uint64_t records, deleted, conflicts;
};

struct sim_hub {
    struct sim_machine machine;
    struct hub_engine *engine;
    struct hub_watcher watcher;
    struct tip_link link;
    struct tip_operational_secret ref_secret;
    struct sim_form forms[SIM_FORMS];
    struct sim_known known;
    uint64_t durable[SIM_PARTIES]; /* Seq of each feed after the last flush. */
    uint64_t judged[SIM_PARTIES];  /* …up to which its fate is known. */
    struct sim_known held;         /* Drafts that wait, as they came to. */
    size_t durable_held;           /* Of them. */
    struct sim_counts counts, durable_counts;
    size_t durable_order; /* Of the oracle's order. */
    size_t limbo_order;   /* Its end in the commit that failed last. */
};

struct sim {
    uint64_t seed;
    uint64_t clock_seed;
    uint64_t now_ms;
    uint64_t days;
    bool is_healing;
    struct tip_prng streams[SIM_STREAM_COUNT];
    struct sim_weather weather;
    struct sim_queue queue;
    struct sim_trace trace;
    struct sim_totals totals;
    struct sim_oracle oracle;
    struct sim_nonces nonces;
    struct tip_schema schema;
    struct tip_arena arena; /* For one look at a record. */
    struct sim_hub hub;
    struct sim_office offices[SIM_PARTIES]; /* [0] is not used. */
    uint32_t crashes_left[SIM_PARTIES];
};

/* sim_world.c */

/** Prepare the first seed. */
void sim_init(struct sim *sim);
void sim_deinit(struct sim *sim);

/** What one seed is run with. */
struct sim_opts {
    uint64_t seed;
    uint64_t clock_seed; /* Of the clocks alone; 0: the same. */
    uint64_t days;
    bool is_size_blind;
    bool is_verbose;
};

/** Run one seed to its end; leaves the world to be looked at. */
void sim_run(struct sim *sim, const struct sim_opts *opts);

/** What came of it at the hub, in one number: who wrote the live values of
 * every cell. Stamps and values do not enter. */
uint64_t sim_outcome(struct sim *sim);

/** Say which rule is broken, when and how to see it again; does not return. */
_Noreturn void sim_fail(const struct sim *sim, uint32_t party,
                        const char *rule);

static inline void sim_require(const struct sim *sim, uint32_t party, bool good,
                               const char *rule)
{
    if (!good) {
        sim_fail(sim, party, rule);
    }
}

void sim_note(struct sim *sim, const char *what, uint32_t party, uint64_t a,
              uint64_t b);
void sim_count(struct sim *sim, enum sim_total total);
void sim_later(struct sim *sim, uint64_t delay_ms, enum sim_event_kind kind,
               uint32_t party, uint64_t number);
struct sim_machine *sim_machine_of(struct sim *sim, uint32_t party);

/* sim_weather.c */

void sim_weather_draw(struct sim *sim, bool is_size_blind);

/** The next trouble of a line, or the next break of one that flaps; and a new
 * line's qualities. */
void sim_weather_strike(struct sim *sim, uint32_t party, bool is_flapping);
void sim_weather_lay(struct sim *sim, uint32_t party);

/* sim_line.c */

void sim_line_init(struct sim *sim, uint32_t party);

/** Try to connect in @delay_ms, or what is due now; again until it works. */
void sim_line_redial(struct sim *sim, uint32_t party, uint64_t delay_ms);
void sim_line_connect(struct sim *sim, uint32_t party);

/** The connection is gone; each end sees it when @node_ms, @hub_ms are over. */
void sim_line_break(struct sim *sim, uint32_t party, uint64_t node_ms,
                    uint64_t hub_ms);

/** One end sees that connection @epoch is dead. */
void sim_line_lost(struct sim *sim, uint32_t party, bool at_hub,
                   uint32_t epoch);

/** Note that @packet was received; not its size where that may differ. */
void sim_line_note(struct sim *sim, const char *what, uint32_t party,
                   const struct sim_packet *packet);

/** A packet is there. */
void sim_line_arrive(struct sim *sim, uint32_t party,
                     struct sim_packet *packet);
void sim_packet_release(struct sim_packet *packet);

/** What the engine of @party is given as its link. */
struct tip_link *sim_line_link(uint32_t party);

/** Neither cut nor broken by anybody. */
bool sim_line_is_open(const struct sim *sim, uint32_t party);

/* sim_machine.c */

void sim_machine_init(struct sim *sim, struct sim_machine *machine,
                      uint32_t party);

/** Something happened to its engine: flush and pump now, or soon. */
void sim_machine_stir(struct sim *sim, struct sim_machine *machine);

/** Flush and pump now. */
void sim_machine_turn(struct sim *sim, struct sim_machine *machine);

void sim_machine_crash(struct sim *sim, struct sim_machine *machine);
void sim_machine_boot(struct sim *sim, struct sim_machine *machine);
void sim_machine_arm(struct sim *sim, struct sim_machine *machine);

/** Did power go while the engine worked? What it says no longer counts. */
bool sim_machine_is_dead(const struct sim_machine *machine);
void sim_machine_upset_disk(struct sim *sim, struct sim_machine *machine);
void sim_machine_repair_disk(struct sim *sim, struct sim_machine *machine);

/** Take @saved as the newest of the machine's own seqs that exist; those
 * behind are lost, and none of them may have been acknowledged. */
void sim_machine_reconcile(struct sim *sim, struct sim_machine *machine,
                           uint64_t saved);

/* sim_office.c and sim_hub.c: what a machine does with its engine */

void sim_office_init(struct sim *sim, uint32_t party);
void sim_office_open(struct sim *sim, struct sim_office *office);
void sim_office_close(struct sim_office *office);
void sim_office_receive(struct sim *sim, struct sim_office *office,
                        struct sim_packet *packet);
void sim_office_flushed(struct sim *sim, struct sim_office *office,
                        enum tip_err err);
void sim_hub_init(struct sim *sim);
void sim_hub_open(struct sim *sim);
void sim_hub_enrol(struct sim *sim);
void sim_hub_receive(struct sim *sim, uint32_t party,
                     struct sim_packet *packet);
void sim_hub_flushed(struct sim *sim, enum tip_err err);

/* sim_held.c */

/** The hub has taken in or lost something: whatever waits there waits for a
 * reason the oracle knows, all else is merged. */
void sim_held_note(struct sim *sim);

/** What waits is durable; or what is not is gone; and how that turned out. */
void sim_held_keep(struct sim *sim);
void sim_held_take_back(struct sim *sim);
void sim_held_reopened(struct sim *sim);

/* sim_watch.c */

void sim_watch_init(struct sim *sim);

/** The hub was opened anew with @commit as the newest in its store. */
void sim_watch_reopened(struct sim *sim, uint64_t commit);
/** The figures kept are those recounted. */
void sim_watch_recount(struct sim *sim);
void sim_watch_count(struct sim *sim, struct sim_counts *counts,
                     const struct tip_record *record, int sign);

/* sim_people.c, sim_moves.c and sim_form.c */

/** Somebody at @party's machine does something. */
void sim_people_work(struct sim *sim, uint32_t party);

/** Open @form on some record that people there may write. */
bool sim_people_open(struct sim *sim, uint32_t party, struct sim_form *form);

/** Let a record change hands: somebody is added, leaves or is removed. */
void sim_moves_work(struct sim *sim, uint32_t party);

/** Count what the newest commits at the hub did to who holds what. */
void sim_moves_count(struct sim *sim, const struct sim_draft *draft);

/** Add @record to what people there know of. */
void sim_people_learn(struct sim *sim, uint32_t party, uint32_t record);

/** Read @record there as people see it, in sim->arena; false: not there. */
bool sim_form_look(struct sim *sim, uint32_t party, uint32_t record,
                   struct tip_record *out_view);

/** Open @form on @record. False: it is not to be seen. */
bool sim_form_open(struct sim *sim, uint32_t party, uint32_t record,
                   struct sim_form *form);

/** Was every live sibling of the cell in @form? */
bool sim_form_covers(const struct sim_form *form, const struct tip_record *view,
                     struct tip_cell cell);

/* sim_check.c */

/** After every event at @party's machine. */
void sim_check_event(struct sim *sim, uint32_t party);

/** Compare one record there with the oracle. */
void sim_check_record(struct sim *sim, uint32_t party, uint32_t record);

/** Compare everything there with the oracle. */
void sim_check_all(struct sim *sim, uint32_t party);

/** Has everything arrived everywhere? */
bool sim_check_converged(struct sim *sim);

/** After healing: all holders agree, nothing is missing, figures are right. */
void sim_check_end(struct sim *sim);

#endif /* SIM_H */
