/*
 * Changes and change-sets: what a save writes.
 *
 * A change is one write of one cell. A change-set is the changes of one save,
 * atomic at each holder, numbered 1, 2, 3… within its origin. Everything here
 * is plain data that borrows: whoever decoded or built it owns the memory.
 */
#ifndef TIP_CHANGE_H
#define TIP_CHANGE_H

#include <stddef.h>
#include <stdint.h>

#include "tip_bytes.h"
#include "tip_err.h"
#include "tip_hlc.h"
#include "tip_id.h"
#include "tip_value.h"

enum {
    /* Encoded size, refused at save: a frame (32 KiB) always holds one. */
    TIP_CHANGE_SET_BYTES_MAX = 24 * 1024,
    TIP_CHANGE_SET_CHANGES_MAX = 4096,
    TIP_CHANGE_SET_RECORDS_MAX = 1024,
    TIP_AUTHOR_BYTES_MAX = 64,  /* A Unix user name has 32 at most. */
    TIP_REASON_BYTES_MAX = 1024 /* A few sentences in Arabic. */
};

/* Field numbers below TIP_FIELD_FIRST are ours, the same in every type. */
enum tip_reserved_field {
    TIP_FIELD_DELETED = 1,  /* answer, yes: hidden. Merge: latest. */
    TIP_FIELD_OFFICES = 2,  /* set; element: office number, or below. */
    TIP_FIELD_KEY_SALT = 3, /* opaque, 16 random bytes; element: key. */
    TIP_FIELD_KEY_WRAP = 4, /* opaque; element: key number and recipient. */
    TIP_FIELD_REFERRAL = 5, /* element: office. Answer, to being given the
                             * record: unknown, it is offered; yes; no. Code:
                             * it leaves once that office says yes. */
    TIP_FIELD_FIRST = 16    /* The first number a catalogue may give out. */
};

/* The "office" whose records everybody receives on channel REF, and the hub,
 * which is an office too: the secretariat writes there. */
enum {
    TIP_OFFICE_ALL = 0,
    TIP_OFFICE_HUB = 1,
    TIP_OFFICE_MAX = INT32_MAX - 1 /* The next number is channel CTL's. */
};

/* The record type whose records are published catalogues (tip_record). */
enum { TIP_TYPE_CATALOGUE = 1, TIP_TYPE_FIRST = 16 };

/**
 * How a change-set names a record.
 *
 * By its id until the hub has committed its creation, then by its birth, which
 * every holder knows: the commit that created it and its place among the
 * records that commit created. An id is 16 bytes that do not compress; a birth
 * is two or three. No commit is ever given twice, so neither is a birth.
 */
struct tip_record_ref {
    struct tip_id id;      /* None: named by its birth. */
    uint64_t birth_commit; /* 0: named by its id. */
    uint32_t birth_index;  /* Among the records of @birth_commit, from 0. */
    uint32_t type;         /* Of the record; 0 where named by its birth. */
};

/** One write of one cell. */
struct tip_change {
    uint32_t record; /* Index into the records of the change-set. */
    uint32_t field;
    uint64_t element; /* Of a set field; 0 elsewhere. */
    struct tip_value value;
};

/** The changes of one save. */
struct tip_change_set {
    uint32_t origin;
    uint32_t office; /* Of the origin; upwards it is the receiver who knows. */
    uint64_t seq;
    uint64_t base; /* Newest commit the author's node had applied. */
    struct tip_stamp stamp;
    struct tip_bytes author; /* UTF-8, not empty. */
    struct tip_bytes reason; /* UTF-8, empty where none was asked for. */
    const struct tip_record_ref *records; /* Each once. */
    size_t record_count;
    const struct tip_change *changes; /* By record, then field, element. */
    size_t change_count;
};

/** The changes of @set to its record number @record: the first, borrowed, and
 * how many; NULL and 0 if it writes no cell of it. */
const struct tip_change *tip_change_set_part(const struct tip_change_set *set,
                                             size_t record, size_t *out_count);

/** May @part, of the same origin and seq, be of @set, whatever was erased of
 * either and whatever base it was accepted with? */
bool tip_change_set_may_hold(const struct tip_change_set *set,
                             const struct tip_change_set *part);

/**
 * Is @set well formed? Counts within the limits above, author present, records
 * named one way each and distinct, changes sorted and each cell once.
 * TIP_EMALFORMED otherwise. Says nothing of what the values mean. A record that
 * was erased is named and nothing of it is written: so there may be no change.
 */
TIP_MUST_USE enum tip_err
tip_change_set_check(const struct tip_change_set *set);

/** The same for the part of a change-set that the hub tells an audience: there
 * a record may be named both ways, so that later parts can use its birth, and
 * something is written. */
TIP_MUST_USE enum tip_err
tip_change_part_check(const struct tip_change_set *part);

/* What the hub decided about a stamp. Numbers are on the wire. */
enum tip_verdict {
    TIP_VERDICT_GOOD = 0,
    TIP_VERDICT_FUTURE = 1 /* The stamp was from the far future: loses ties. */
};

/*
 * A commit packs the generation of the hub and the number within it, so that
 * commits order as numbers. 0 is "not committed yet".
 */
enum { TIP_COMMIT_NUMBER_BITS = 44 };

static inline uint64_t tip_commit_make(uint32_t generation, uint64_t number)
{
    return (uint64_t)generation << TIP_COMMIT_NUMBER_BITS | number;
}

static inline uint32_t tip_commit_generation(uint64_t commit)
{
    return (uint32_t)(commit >> TIP_COMMIT_NUMBER_BITS);
}

static inline uint64_t tip_commit_number(uint64_t commit)
{
    return commit & ((UINT64_C(1) << TIP_COMMIT_NUMBER_BITS) - 1);
}

#endif /* TIP_CHANGE_H */
