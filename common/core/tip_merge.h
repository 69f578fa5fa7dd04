/*
 * What a reader sees: a pure function of the siblings and the merge rule.
 *
 * Nothing is dropped here. A rule chooses what is shown first; every other live
 * sibling stays and is shown beside it until a later write has seen it.
 */
#ifndef TIP_MERGE_H
#define TIP_MERGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tip_record.h"

/* Numbers are in catalogues and on disk: append only. */
enum tip_merge_rule {
    TIP_MERGE_LATEST = 0, /* Highest (verdict, stamp, origin, seq). */
    TIP_MERGE_REVIEW = 1, /* As latest, and a person has to decide. */
    TIP_MERGE_RANKED = 2, /* Highest rank, then as latest. */
    TIP_MERGE_SET = 3     /* An element is in if anybody left it in. */
};

/**
 * What the core must know of a catalogue. Implementations embed this struct as
 * their first member; functions are pure.
 */
struct tip_schema {
    /** The merge rule of a field; TIP_MERGE_LATEST where it is not known. */
    enum tip_merge_rule (*rule)(const struct tip_schema *self, uint32_t type,
                                uint32_t field);

    /** The rank of @value in a ranked field; higher beats lower. */
    uint32_t (*rank)(const struct tip_schema *self, uint32_t type,
                     uint32_t field, const struct tip_value *value);

    /**
     * May @value stand in the field? TIP_OK, TIP_EUNKNOWN_TYPE or
     * TIP_EUNKNOWN_FIELD (this catalogue is too old to say), TIP_EVALUE (it
     * may not). A blank value is always allowed.
     */
    enum tip_err (*check)(const struct tip_schema *self, uint32_t type,
                          uint32_t field, const struct tip_value *value);
};

/** The merge rule of @field, reserved ones included. */
enum tip_merge_rule tip_schema_rule(const struct tip_schema *schema,
                                    uint32_t type, uint32_t field);

/** What a reader sees of one cell. */
struct tip_reading {
    const struct tip_sibling *shown; /* NULL: nobody wrote the cell. */
    bool parallel; /* Another live sibling holds another value. */
    bool conflict; /* …and a person has to decide. */
};

/** Read the cell @cell of @record by the merge rule of its field. */
struct tip_reading tip_merge_read(const struct tip_record *record,
                                  struct tip_cell cell,
                                  const struct tip_schema *schema);

/** Is @element in the set @field? True if any live sibling left it in. */
bool tip_merge_contains(const struct tip_record *record, uint32_t field,
                        uint64_t element);

/* Whether a record is shown. */
enum tip_presence {
    TIP_PRESENT,
    TIP_DELETED,        /* Hidden: its deletion has seen every live write. */
    TIP_DELETED_EDITED, /* Deleted, and written by somebody who did not know:
                         * it stays, and a person has to decide. */
    TIP_ERASED /* By law: nothing is left to show, nor ever comes back. */
};

/** Whether @record is shown, deleted, or deleted by somebody who did not know
 * of a live write: then it stays; or erased. */
enum tip_presence tip_merge_presence(const struct tip_record *record);

/** Does any cell of @record, or its deletion, wait for a person? */
bool tip_merge_has_conflict(const struct tip_record *record,
                            const struct tip_schema *schema);

/** How much of a record waits for a person: cells, and its deletion; and since
 * when, by the clocks of the authors: when the second of the sides of the
 * oldest of them was written. Plain data. */
struct tip_contest {
    size_t count;
    uint64_t since_ms; /* Unix. */
};
struct tip_contest tip_merge_contest(const struct tip_record *record,
                                     const struct tip_schema *schema);

/** Is told of each of them: @field, TIP_FIELD_DELETED for the deletion, once
 * for each element of a set; and since when it waits, Unix. */
typedef void tip_contest_fn(void *self, uint32_t field, uint64_t since_ms);

/** Tell @each, with @self, of all that waits in @record. */
void tip_merge_contest_each(const struct tip_record *record,
                            const struct tip_schema *schema,
                            tip_contest_fn *each, void *self);

#endif /* TIP_MERGE_H */
