/*
 * What must be true, worked out without the engine.
 *
 * The oracle keeps every change-set anybody saved and, for each of its writes,
 * the writes its author was shown in that cell. From that alone it says which
 * values must be live: those that nobody who wrote later was shown. It knows no
 * base and no stamp, and takes from the hub nothing but the order.
 */
#ifndef SIM_ORACLE_H
#define SIM_ORACLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tip_arena.h"
#include "tip_frame.h"
#include "tip_record.h"

enum {
    SIM_PARTIES = 16, /* The hub is 0, the offices are 1..15. */
    SIM_HUB = 0,
    SIM_RETIRED = SIM_PARTIES, /* The first device whose office has another… */
    SIM_RETIRED_MAX = 3,       /* …of so many. */
    SIM_DEVICES = SIM_RETIRED + SIM_RETIRED_MAX,
    SIM_OFFICE_FIRST = 20, /* Office number of party 1, minus 1. */
    SIM_DRAFT_RECORDS = 2,
    SIM_JUMPS_MAX = 64,     /* Of the hub's seqs in a seed. */
    SIM_ORIGINS_NEAR = 128, /* A hub that was put back goes on far away. */
    SIM_ORIGINS_MAX = 256,  /* As many as the hub gives. */
    SIM_BRANCHES_MAX = 256
};

#define SIM_NONE UINT32_MAX

/** One write of one cell. */
struct sim_write {
    uint32_t draft;
    uint32_t record;
    uint32_t field;
    uint64_t element;
    struct tip_value value; /* Bytes lie in the oracle's arena. */
    uint32_t seen_first;    /* Into the oracle's seen: what its author was */
    uint32_t seen_count;    /* shown in the cell. */
    uint32_t next;          /* The write of the record before it, or none. */
    bool is_void;           /* A word that took nobody out: adding won. */
    uint64_t dead_mark;     /* Seen by somebody, in comparison number so. */
};

/** What counts against the budget of a device, on a day of the hub. */
struct sim_budget {
    uint64_t day;
    uint32_t deletions, overwrites;
};

/* A person is about to refuse it: its place is not known yet. */
#define SIM_REFUSING UINT64_MAX

/** One save; or the erasure of a record, which has a place in the order too. */
struct sim_draft {
    uint32_t party;
    uint32_t origin;      /* Under which its device wrote it… */
    uint64_t seq;         /* …as this number; 0: it is an erasure. */
    uint32_t branch;      /* Which copy of its disk it was written on. */
    bool is_acknowledged; /* Its author was told that it is safe. */
    bool is_lost;         /* Never acknowledged, and gone. */
    bool is_resolution;   /* It decides what was written in parallel. */
    bool is_forged;       /* A liar wrote it: it saw what it claims, … */
    bool names_nobody;    /* …it names a record besides that is not, … */
    bool is_hopeless;     /* …and nobody may let it in, for… */
    enum tip_hold lie;    /* …what speaks against it, whatever else does. */
    uint64_t commit;      /* As the hub gave it; 0: none yet. */
    uint64_t limbo;       /* The one it had in the commit that failed last. */
    uint64_t checkpoint;  /* Newest commit its author had been shown. */
    enum tip_hold held;   /* Why it waits at the hub. */
    enum tip_hold durable_held; /* …after the last commit that held. */
    enum tip_hold limbo_held;   /* …in the commit that failed last. */
    bool was_held;              /* It waited, at some time. */
    bool is_unread;           /* The hub's program could not read its frame. */
    uint32_t held_mark;       /* Seen to wait, in look number so. */
    uint64_t refused;         /* The place a person's refusal took; 0: none. */
    uint64_t durable_refused; /* …after the last commit that held. */
    uint64_t limbo_refused;   /* …in the commit that failed last. */
    bool is_accepted;         /* A person let it in. */
    uint64_t proven;        /* …and of what others wrote it saw this much. */
    struct sim_budget cost; /* When it was merged. */
    uint32_t revert; /* The number of the revert that wrote it; 0: none. */
    enum tip_verdict verdict;
    uint32_t write_first, write_count;
    uint32_t records[SIM_DRAFT_RECORDS];
    uint32_t record_count;
    uint32_t committed_records; /* Of them, the hub has merged. */
    bool is_part;               /* Cut from another, which is not lost… */
    uint32_t whole;             /* …that one. */
};

struct sim_record {
    struct tip_id id;
    uint32_t type;
    uint32_t maker;     /* Party. */
    uint32_t holders;   /* A bit for each party that may ever have held it; all:
                         * everybody. */
    uint32_t newest;    /* Write, or none. */
    uint32_t birth;     /* Draft. */
    uint32_t twin;      /* Record of the same case, or none. */
    uint32_t erasure;   /* Draft, or none. */
    uint64_t erased_ms; /* When it was erased. */
    bool is_lost;
    uint32_t rotten; /* A bit for each party whose disk may have lost it. */
};

/** What a device has written. No seq is given twice to one device, whatever it
 * writes under, so seqs alone count here. */
struct sim_feed {
    struct sim_place {
        uint32_t draft;
        uint32_t origin; /* Under which it is known. */
    } * places;          /* By seq, from 1. */
    size_t count, capacity;
    uint32_t origin; /* Under which it writes now… */
    uint32_t branch; /* …and on which copy of its disk. */
};

/** A copy of a disk, which goes its own way. */
struct sim_branch {
    uint32_t before; /* What it is a copy of; SIM_NONE: a new disk. */
    uint32_t end;    /* It has the drafts before this one. */
};

/* From here on the hub's seqs go on from far above. */
struct sim_jump {
    uint64_t seq; /* The one before the first. */
    size_t count; /* How many it had written. */
};

/** Caller-allocated; owns its arrays, which are kept from seed to seed. */
struct sim_oracle {
    struct sim_draft *drafts;
    size_t draft_count, draft_capacity;
    struct sim_write *writes;
    size_t write_count, write_capacity;
    uint32_t *seen; /* Writes. */
    size_t seen_count, seen_capacity;
    struct sim_record *records;
    size_t record_count, record_capacity;
    struct sim_feed feeds[SIM_DEVICES]; /* As each device has its own. */
    struct sim_feed sent[SIM_PARTIES];  /* As the hub has it, while… */
    uint32_t split; /* …that differs, a bit for each party: sim_feeds.h. */
    struct sim_feed parked[SIM_PARTIES]; /* As another copy of its disk has it,
                                          * which is off. */
    uint32_t has_parked;                 /* A bit for each party. */
    struct sim_branch branches[SIM_BRANCHES_MAX];
    uint32_t branch_count;
    struct sim_jump jumps[SIM_JUMPS_MAX];
    size_t jump_count;
    uint32_t devices[SIM_ORIGINS_MAX]; /* By slot; SIM_NONE: nobody's. */
    uint32_t links[SIM_DEVICES]; /* What each device was enrolled as; or 0. */
    uint32_t retired[SIM_RETIRED_MAX]; /* Whose each was, … */
    uint32_t retired_count;            /* …as far as there are. */
    uint32_t far[SIM_ORIGINS_MAX - SIM_ORIGINS_NEAR]; /* Origins, by slot. */
    uint32_t far_count;
    uint32_t continues[SIM_ORIGINS_MAX]; /* What it goes on from; 0: nothing. */
    uint32_t *order;                     /* Drafts by commit. */
    size_t order_count, order_capacity;
    struct tip_arena arena;
    uint64_t mark;
};

/** What a holder can have seen. */
struct sim_view {
    uint32_t party;
    uint64_t checkpoint; /* Newest commit visible to it; the hub: all. */
    uint64_t others;     /* …of others: less, if it was removed by then. */
};

/** The hub's: all that is merged. */
extern const struct sim_view sim_view_hub;

void sim_oracle_init(struct sim_oracle *oracle);

/** Forget the seed, keep the memory. */
void sim_oracle_clear(struct sim_oracle *oracle);

/** Note a new record, made by @party for the parties of @holders. */
uint32_t sim_oracle_add_record(struct sim_oracle *oracle,
                               const struct sim_record *record);

/** The record called @id, or SIM_NONE. */
uint32_t sim_oracle_find_record(const struct sim_oracle *oracle,
                                const struct tip_id *id);

/** Note the next save of @party; its writes are added behind it. */
uint32_t sim_oracle_add_draft(struct sim_oracle *oracle, uint32_t party);

/** Note @draft, which has no writes yet. */
uint32_t sim_oracle_put_draft(struct sim_oracle *oracle,
                              const struct sim_draft *draft);

/** Note that the newest draft writes @change into @record, and that its author
 * was shown the siblings @shown of @view there. */
void sim_oracle_add_write(struct sim_oracle *oracle, uint32_t record,
                          const struct tip_change *change,
                          const struct tip_record *view, struct tip_cell shown);

/** Note that the secretariat has @record erased. */
struct sim_draft *sim_oracle_add_erasure(struct sim_oracle *oracle,
                                         uint32_t record);

/** The commit that erased @record at the hub; 0: none did. */
uint64_t sim_oracle_erased(const struct sim_oracle *oracle, uint32_t record);

/** How many of @draft's records were not erased before commit @commit. */
uint32_t sim_oracle_survivors(const struct sim_oracle *oracle,
                              const struct sim_draft *draft, uint64_t commit);

/** Is nothing left of @draft, all of whose records were erased before it could
 * be merged? It has a place in the order that nobody is shown. Not if it names
 * one besides that is not: that cannot be erased. */
bool sim_oracle_is_destroyed(const struct sim_oracle *oracle,
                             const struct sim_draft *draft);

/** The saves of @party behind @seq never became durable. */
void sim_oracle_lose(struct sim_oracle *oracle, uint32_t party, uint64_t seq);

/** Save @seq of @party as its device counts, or of @device as the hub does; or
 * NULL. */
struct sim_draft *sim_oracle_own(const struct sim_oracle *oracle,
                                 uint32_t party, uint64_t seq);
struct sim_draft *sim_oracle_sent(const struct sim_oracle *oracle,
                                  uint32_t device, uint64_t seq);

/** What @viewer knows as (@origin, @seq), or NULL. */
struct sim_draft *sim_oracle_find(const struct sim_oracle *oracle,
                                  uint32_t viewer, uint32_t origin,
                                  uint64_t seq);

/** Is @draft on the disk of its device as that one's own work? */
bool sim_oracle_is_on_disk(const struct sim_oracle *oracle,
                           const struct sim_draft *draft);

/** Does @origin go on from @past, or is it that? */
bool sim_oracle_continues(const struct sim_oracle *oracle, uint32_t origin,
                          uint32_t past);

/** Is @past an earlier one of whoever wrote @by, on the disk it was written on?
 */
bool sim_oracle_has_past(const struct sim_oracle *oracle,
                         const struct sim_draft *by,
                         const struct sim_draft *past);

/** Does one wait that the author of @draft wrote before, and that the hub's
 * program cannot read? Nobody can say which records that touches. */
bool sim_oracle_is_behind_unread(const struct sim_oracle *oracle,
                                 const struct sim_draft *draft);

/** Whose @origin is, of whatever it is; SIM_NONE: nobody's. The device: that of
 * a party, or one that is retired. */
uint32_t sim_oracle_party_of(const struct sim_oracle *oracle, uint32_t origin);
uint32_t sim_oracle_device_of(const struct sim_oracle *oracle, uint32_t origin);

/** Did the device @party has now write @draft? */
bool sim_oracle_is_own(const struct sim_oracle *oracle, uint32_t party,
                       const struct sim_draft *draft);

/** What @viewer knows as @write in a cell of @record, or SIM_NONE. */
uint32_t sim_oracle_find_write(const struct sim_oracle *oracle, uint32_t viewer,
                               uint32_t record, const struct tip_write *write,
                               const struct tip_sibling *sibling);

/** Mark what must not be live in @view with the oracle's newest mark; how many
 * writes must be live? */
size_t sim_oracle_mark(struct sim_oracle *oracle, const struct sim_view *view,
                       uint32_t record);

/** Is write @w, of the record that was marked last, live? */
bool sim_oracle_is_live(const struct sim_oracle *oracle,
                        const struct sim_view *view, uint32_t w);

/** Had the author of write @w seen write @x of the same cell, or seen what had
 * seen it? Not if a person let it in as one that had not. */
bool sim_oracle_saw(const struct sim_oracle *oracle, uint32_t w, uint32_t x);

/** Has @draft a place in the order, as it was written or as refused? */
static inline bool sim_draft_is_decided(const struct sim_draft *draft)
{
    return draft->commit != 0 || draft->refused != 0;
}

/** Can @view have seen @draft? */
bool sim_oracle_sees(const struct sim_oracle *oracle,
                     const struct sim_view *view,
                     const struct sim_draft *draft);

/** Compare what @view's holder has of @record with what it must have: NULL, or
 * the rule that is broken. */
const char *sim_oracle_compare(struct sim_oracle *oracle,
                               const struct sim_view *view, uint32_t record,
                               const struct tip_record *actual);

/** Where @origin is in the oracle's tables; SIM_ORIGINS_MAX: nowhere. And:
 * give it a place there. */
uint32_t sim_origin_slot(const struct sim_oracle *oracle, uint32_t origin);
uint32_t sim_origin_add(struct sim_oracle *oracle, uint32_t origin);

/** The origin of @party's first device on the link. */
static inline uint32_t sim_origin_of(uint32_t party)
{
    return party + 1;
}

/** The office number of @party and back. */
static inline uint32_t sim_office_number(uint32_t party)
{
    return SIM_OFFICE_FIRST + party;
}

static inline uint32_t sim_party_of_office(uint64_t office)
{
    return (uint32_t)office - SIM_OFFICE_FIRST;
}

#endif /* SIM_ORACLE_H */
