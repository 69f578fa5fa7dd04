/*
 * The state of one record: its cells with their live siblings.
 *
 * A cell is (field, element). A write W supersedes a sibling d exactly when W
 * was made by somebody who had seen d:
 *
 *     d.origin == W.origin && d.seq < W.seq, or
 *     W.origin goes on from d.origin, and from behind d.seq (tip_lineage.h), or
 *     d.commit != 0 && d.commit <= W.base
 *
 * because a node learns of others' work only from the hub, in commit order.
 * Otherwise the two are concurrent and both stay. The live siblings are the
 * writes that no other write supersedes, whatever order they came in; the rule
 * is transitive as long as the hub's checks (tip_admit.h) hold.
 *
 * A record is a few flat arrays in an arena: cells are found by their place in
 * one sorted array, a write that left many siblings is stored once.
 */
#ifndef TIP_RECORD_H
#define TIP_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tip_arena.h"
#include "tip_change.h"
#include "tip_err.h"
#include "tip_lineage.h"

enum {
    TIP_RECORD_SIBLINGS_MAX = 16 * 1024,
    TIP_RECORD_WRITES_MAX = 16 * 1024,
    /* What a record may weigh, as tip_record_bytes() counts: half of what a
     * store takes for one value, and more than any case file we have seen. */
    TIP_RECORD_BYTES_MAX = 512 * 1024
};

/** What one change-set left in a record. Plain data that borrows. */
struct tip_write {
    uint32_t origin;
    uint32_t office; /* Of the origin. */
    uint64_t seq;
    uint64_t commit; /* 0: not committed yet. */
    uint64_t base;
    struct tip_stamp stamp;
    enum tip_verdict verdict;
    struct tip_bytes author;
    struct tip_bytes reason;
};

/** One live value of one cell. */
struct tip_sibling {
    uint32_t field;
    uint32_t write; /* Index into the record's writes. */
    uint64_t element;
    struct tip_value value;
    /* Of TIP_FIELD_OFFICES: the commit from which the office holds the record,
     * or does not, if somebody has said again what was so; 0: that of the
     * write. */
    uint64_t since;
};

/** Plain data; the arrays live in the arena they were built in. */
struct tip_record {
    struct tip_id id;
    uint64_t birth_commit; /* 0 until the hub has committed it. */
    uint32_t birth_index;
    uint32_t type;
    uint32_t maker;           /* The office that created it. */
    uint64_t erased;          /* The commit that erased it; 0: it was not. */
    uint64_t erased_ms;       /* When that was decided, Unix. */
    struct tip_write *writes; /* Each is used by a sibling. */
    size_t write_count;
    struct tip_sibling *siblings; /* By field, element, origin, seq. */
    size_t sibling_count;
    /* Who goes on from whom; borrowed, not stored. NULL: nobody. */
    const struct tip_lineage *lineage;
};

/** Part of a sibling array: the siblings of one cell. */
struct tip_cell {
    const struct tip_sibling *siblings; /* Borrowed from the record. */
    size_t count;                       /* 0: nobody wrote the cell. */
};

/** Would @write, made with its base, have seen @seen? */
bool tip_write_supersedes(const struct tip_lineage *lineage,
                          const struct tip_write *write,
                          const struct tip_write *seen);

/** The write of @set once the hub gave it @commit and @verdict. Borrows. */
struct tip_write tip_write_of(const struct tip_change_set *set, uint64_t commit,
                              enum tip_verdict verdict);

/** Start a record of @type, made by office @maker, without any cell. */
void tip_record_init(struct tip_record *record, const struct tip_id *id,
                     uint32_t type, uint32_t maker);

/**
 * Erase @record by @commit, decided at @decided_ms: all that is left of it is
 * its name, its birth and these two numbers. Whatever is written to it from
 * then on is destroyed. Nothing if it was erased before.
 */
void tip_record_erase(struct tip_record *record, uint64_t commit,
                      uint64_t decided_ms);

/**
 * Apply one write: the @count changes at @changes, which are sorted by field
 * and element, each cell once.
 *
 * The new arrays and what they borrow from @write and @changes stay valid as
 * long as @arena and those do. Siblings that are live no longer are put into
 * @out_dead, a record of its own in @arena, for the history; a write that is
 * superseded on arrival goes there too. Applying a write twice changes nothing;
 * to a record that was erased, nothing and leaves no dead.
 *
 * TIP_ETOOBIG past TIP_RECORD_SIBLINGS_MAX, TIP_ENOMEM; the record is then
 * unchanged.
 */
TIP_MUST_USE enum tip_err
tip_record_apply(struct tip_record *record, const struct tip_write *write,
                 const struct tip_change *changes, size_t count,
                 struct tip_arena *arena, struct tip_record *out_dead);

/** No less than the bytes @record needs in a store. */
size_t tip_record_bytes(const struct tip_record *record);

/** The siblings of one cell, borrowed; count 0 if it has none. */
struct tip_cell tip_record_cell(const struct tip_record *record, uint32_t field,
                                uint64_t element);

/** All siblings of @field, of every element, borrowed. */
struct tip_cell tip_record_field(const struct tip_record *record,
                                 uint32_t field);

/** From which commit what @sibling says of an office is so without a break. */
uint64_t tip_record_since(const struct tip_record *record,
                          const struct tip_sibling *sibling);

/** The write that left @sibling. */
static inline const struct tip_write *
tip_record_write(const struct tip_record *record,
                 const struct tip_sibling *sibling)
{
    return &record->writes[sibling->write];
}

#endif /* TIP_RECORD_H */
