/*
 * The world of one seed: a hub, fifteen offices, the lines between them, the
 * people, and what must be true of it all.
 *
 *   sim_faults.h   what goes wrong, one line each     sim_weather.c  how often
 *   sim_works.h    what people do, one line each      sim_people.c, sim_moves.c
 *   sim_rules.h    what must be true, one line each   sim_check.c,
 * sim_states.c, sim_final.c sim_totals.h   what is counted, one line each
 *   sim_line.h     lines: loss, delay, partition      sim_cuts.c
 *   sim_machine.h  turns, crashes, boots              sim_disk.c, sim_clock.c
 *   sim_stick.c    sticks instead of a line           sim_bundle.h
 *   sim_liar.h     an office that was taken over      sim_lies.h  what it says
 *   sim_age.h      catalogues of different age        sim_retired.h  devices
 *   sim_party.h    the node's engine, the hub's; what waits, what is merged
 *   sim_people.h   what people know and saw           sim_save.h  how they save
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
#include "tip_talk.h"

enum {
    SIM_OFFICES = SIM_PARTIES - 1,
    SIM_FORMS = 4, /* Open at one machine. */
    SIM_FORM_CELLS = 160,
    SIM_COUNT_CODES = 9,
    SIM_WORKS_MAX = 64,
    SIM_STRUCK_MAX = 3,
    SIM_LIE_KINDS_MAX = 32
};

#define SIM_SECOND_MS UINT64_C(1000)
#define SIM_MINUTE_MS (60 * SIM_SECOND_MS)
#define SIM_HOUR_MS   (60 * SIM_MINUTE_MS)
#define SIM_DAY_MS    (24 * SIM_HOUR_MS)

/* What a disk holds. */
#define SIM_STORE_BYTES (UINT64_C(1) << 30)

/* name, percent at most: how often something befalls a message, a turn or a
 * piece of work. A third of the seeds know nothing of it. */
#define SIM_WEATHER_MAP(X)                                       \
    X(loss, 40)                                                  \
    X(repeat, 50)                                                \
    X(reorder, 40)                                               \
    X(tamper, 5)                                                 \
    X(garbage, 2)                                                \
    X(slow_disk, 5)                                              \
    X(grouping, 90) /* Turns that wait for more work to come. */ \
    X(shared, 60)   /* Records of two offices. */

/** How bad everything is in this seed. */
struct sim_weather {
    uint64_t storm_ms;
    uint32_t change_sets; /* To be written at least. */
    uint32_t crashes, hub_crashes;
    bool is_size_blind; /* Nothing takes longer because it is longer. */
    uint32_t deletions, overwrites; /* A device may in a day; 0: as it likes. */
    bool has_new_field;             /* Not everybody knows it yet. */
    bool has_newer_program;         /* Not everybody has it yet. */
#define SIM_WEATHER_FIELD(name, max) uint32_t name;
    SIM_WEATHER_MAP(SIM_WEATHER_FIELD)
#undef SIM_WEATHER_FIELD
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
    uint64_t known;      /* Of the node's feed, at the hub when it greeted. */
    uint64_t reached;    /* …and the newest that was ever sent this way. */
    size_t resent_bytes; /* Of it, sent again since. */
    uint64_t short_until_ms; /* Carries nothing long. */
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

/* What a machine knows of fields; all but one of them, if it is old. */
struct sim_catalogue {
    struct tip_schema base; /* First member, so the cast is valid. */
    bool is_old;
};

/** A machine and what its engine is given. Party 0 is the hub's. */
struct sim_machine {
    uint32_t party;
    bool is_up;
    uint32_t incarnation; /* Rises when what was not flushed is lost. */
    struct fake_store *store;
    struct sim_clock clock;
    struct sim_catalogue catalogue;
    bool has_old_program; /* There is a newer one: sim_program.h. */
    struct tip_prng entropy;
    struct tip_device_keys *keys;
    enum sim_crash crash_due;
    uint64_t doomed_commit; /* Power goes in this commit; 0: in none. */
    bool is_disk_full, is_disk_failed;
    bool recovers;             /* The store can be copied when it failed. */
    uint64_t stopped_until_ms; /* The program stands still. */
    bool expects_full;         /* The next commit may be refused. */
    uint64_t turn_at_ms;       /* When a turn is due; 0: none is. */
    uint64_t idle_ms;          /* How long it has waited for the last one. */
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
        uint32_t write; /* Of the oracle. */
        uint64_t element;
    } cells[SIM_FORM_CELLS];
};

/* The records a machine's people know, by the oracle's number. */
struct sim_known {
    uint32_t *records;
    size_t count, capacity;
};

/* A frame as a row of a store. */
struct sim_frame {
    enum tip_table table;
    struct tip_key key; /* lo is 0: there is none. */
};

/* A copy of an office's store, and what was known of it then. */
struct sim_backup {
    struct fake_store *store; /* NULL: there is none. */
    uint64_t saved, checkpoint, erased;
    bool has_old_catalogue;
};

struct sim_office {
    struct sim_machine machine;
    struct node_engine *engine;
    struct node_identity identity;
    struct tip_link link;
    struct sim_line line;
    struct sim_form forms[SIM_FORMS];
    struct sim_known known;
    struct sim_known busy; /* Of them, those everybody works on. */
    size_t order_seen;     /* Of the oracle's order, is known here. */
    uint64_t checkpoint;   /* Newest that was durable. */
    uint64_t confirmed;    /* Highest ever told. */
    uint64_t progress_ms;  /* When it last rose, or was hindered. */
    bool is_rotten;        /* Its disk has lost something, at some time. */
    struct sim_frame lost[SIM_STRUCK_MAX]; /* Until they have come again. */
    bool lost_ever;          /* Its disk had lost frames, at some time. */
    uint64_t ref_checkpoint; /* Newest commit of REF seen in a record. */
    uint64_t erased;         /* Newest erasure that was durable. */
    struct sim_backup backup;
    struct sim_other {
        struct sim_backup disk;  /* Of the machine that is off; or none. */
        bool is_chosen;          /* Somebody has chosen one of the two. */
        bool is_done, runs_done; /* It, and the one that runs, has handed in
                                  * what it had, since both are to. */
    } other;
    bool is_restored;    /* It was put back, and has not taken part since. */
    uint32_t restores;   /* How often it was. */
    uint64_t went_on_ms; /* When it went on under another origin. */
    bool is_new; /* Its device was retired, and has another in its place… */
    struct tip_device_keys *old_keys; /* …of which these were. */
    uint32_t old_age;                 /* Of its last stick: sim_retired.h. */
    /* How far its channels were, as its newest stick at the hub says. */
    struct tip_channel_position carried[NODE_CHANNELS];
};

/* Counts kept by a watcher, as figures are. */
struct sim_counts {
    uint64_t by_code[SIM_COUNT_CODES];
    uint64_t records, deleted, conflicts;
};

/* What a person of the secretariat decides of @party's change-sets @first to
 * @last of @origin; nothing while @party is SIM_NONE. */
struct sim_ruling {
    uint32_t party;
    uint32_t origin;
    uint64_t first, last;
    bool is_accepted;
};

/* The newest revert: @party's change-sets from @from on are undone, those of
 * @origin. */
struct sim_revert {
    uint32_t number; /* 0: there was none. */
    uint32_t party;
    uint32_t origin;
    uint64_t from, to;
    bool is_on;
};

/* A record of the hub that its disk has lost, until it is there again. */
struct sim_struck {
    uint32_t ordinal; /* 0: none. */
    uint32_t record;  /* Of the oracle. */
    bool is_flip;     /* Else its page is gone. */
    bool has_history; /* It says whose the place is. */
    uint64_t print;   /* Of what it said. */
};

struct sim_hub {
    struct sim_machine machine;
    struct hub_engine *engine;
    struct hub_watcher watcher;
    struct tip_link link;
    struct tip_operational_secret ref_secret;
    struct sim_form forms[SIM_FORMS];
    struct sim_known known;
    uint64_t commits_seen;         /* Of the store, when it last looked. */
    uint64_t durable[SIM_DEVICES]; /* Seq of each feed after the last flush. */
    uint64_t judged[SIM_DEVICES];  /* …up to which its fate is known. */
    struct sim_known held;         /* Drafts that wait, or did. */
    uint32_t held_looks;           /* How often it was looked what waits… */
    size_t held_order;             /* …and the oracle's order was as long. */
    struct sim_known erased;       /* Records, as it was decided. */
    uint32_t erasing;              /* The record that is being erased. */
    struct sim_counts counts, durable_counts;
    struct sim_ruling ruling;
    struct sim_revert revert;
    struct sim_budget budgets[SIM_DEVICES];
    struct sim_budget durable_budgets[SIM_DEVICES];
    struct sim_struck struck[SIM_STRUCK_MAX];
    struct fake_store *backup; /* Of its store; NULL: none is kept… */
    bool backup_is_old;        /* …or with an old catalogue. */
    uint32_t restores;         /* How often it was put back to one… */
    bool is_recovering;        /* …and does not yet have all again. */
    size_t durable_order;      /* Of the oracle's order. */
    size_t limbo_order;        /* Its end in the commit that failed last. */
};

/* An office whose keys are in other hands. */
struct sim_liar {
    uint32_t party; /* Who is to be taken over, or was; SIM_NONE: nobody. */
    bool is_on;     /* It was. */
    struct tip_talk talk;
    struct tip_channel_position positions[NODE_CHANNELS];
    uint64_t heard; /* The newest checkpoint of its channel it was given. */
    uint32_t often[SIM_LIE_KINDS_MAX];
};

/* Chains of which frames are lost for good, when all else is over. */
struct sim_gone {
    uint32_t party; /* Where one is, beside the hub; SIM_NONE: nowhere. */
    uint64_t at_office;
    uint64_t at_hub[2];
    size_t count;
};

/* Who is away while the hub is put back to a backup: sim_absent.h. */
struct sim_absent {
    uint32_t party; /* SIM_NONE: nobody. */
    bool is_called; /* It has a line again, and is to be taken up. */
};

struct sim {
    uint64_t seed;
    uint64_t clock_seed;
    uint64_t now_ms;
    uint64_t days;
    bool is_healing;
    bool took_for_same; /* An office took one save for another: nothing but a
                         * stamp told them apart. */
    struct tip_prng streams[SIM_STREAM_COUNT];
    struct sim_weather weather;
    uint32_t works[SIM_WORKS_MAX]; /* How often each is done, beside others. */
    struct sim_queue queue;
    struct sim_trace trace;
    struct sim_totals totals;
    struct sim_oracle oracle;
    struct sim_nonces nonces;
    struct tip_schema schema;
    struct tip_arena arena; /* For one look at a record. */
    struct sim_hub hub;
    struct sim_gone gone;
    struct sim_liar liar;
    struct sim_absent absent;
    struct sim_office offices[SIM_PARTIES]; /* [0] is not used. */
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

/** Have @happens called in @delay_ms, with @party and @number in its event. */
void sim_later(struct sim *sim, uint64_t delay_ms, sim_happening *happens,
               uint32_t party, uint64_t number);
struct sim_machine *sim_machine_of(struct sim *sim, uint32_t party);

#endif /* SIM_H */
