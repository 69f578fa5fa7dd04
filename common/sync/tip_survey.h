/*
 * All rows of a store but the records, read now and then, a few at a time: what
 * verify (tip_inspect.h) looks at at once, while work goes on. The same at node
 * and hub.
 *
 * Every row is opened and decoded, and the chains of frames are computed again.
 * Where it stands is in the store, with what it has found. Nothing is changed.
 */
#ifndef TIP_SURVEY_H
#define TIP_SURVEY_H

#include "tip_codec.h"
#include "tip_hole.h"
#include "tip_inspect.h"

enum {
    TIP_SURVEY_STEP = 200, /* Rows at a time… */
    TIP_SURVEY_FRAME = 10, /* …of which a frame, which is opened, counts… */
    TIP_SURVEY_NAMED = 4,  /* What is found, as far as it is named. */
    TIP_SURVEY_HOLES = 4   /* The first of each chain of a node. */
};

struct tip_survey_finding {
    enum tip_inspect_kind kind;
    uint64_t a, b;
};

/** What one survey has found. Plain data. */
struct tip_survey_report {
    uint64_t count;
    struct tip_survey_finding first[TIP_SURVEY_NAMED];
};

/** How far it is. Plain data, durable but for what says otherwise and
 * is_dirty. */
struct tip_survey {
    bool is_on;
    uint32_t table; /* The row to be read next. */
    struct tip_key key;
    /* In a table of frames, the chain of those that were read last. */
    bool is_in_chain;
    bool is_broken; /* The rest is opened as rows only. */
    bool is_again;  /* It did not hold, so it is read once more. */
    uint32_t number;
    uint32_t origin; /* As in struct tip_inspect_walk, as is head. */
    struct tip_head head;
    struct tip_survey_report now, last; /* Of this one and the one before. */
    /* Where chains break off; a start, or a transaction that is lost, forgets
     * it. */
    struct tip_hole holes[TIP_SURVEY_HOLES];
    size_t hole_count;
    bool is_dirty;
};

/** What a survey asks of its engine. Everything is borrowed. */
struct tip_survey_view {
    struct tip_txn *txn;
    struct tip_arena *arena; /* Cleared again and again. */
    struct tip_codec *codec;
    void *context; /* Of: */
    /** What is known of the chain @number in @table; *@out_chain is borrowed
     * until the next call. TIP_ENOTFOUND: nothing. */
    enum tip_err (*find_chain)(void *context, enum tip_table table,
                               uint32_t number,
                               const struct tip_inspect_chain **out_chain);
    /** Which chains there should be in @table: the @i-th; false: no more. NULL:
     * nobody knows. */
    bool (*chain_at)(void *context, enum tip_table table, size_t i,
                     uint32_t *out_number);
    /** Does a row that only this program has decode? NULL: none does. */
    enum tip_err (*decode)(void *context, enum tip_table table,
                           struct tip_key key);
};

/** Read how far it is; none is on if that was never kept or cannot be read.
 * Errors of the store. */
TIP_MUST_USE enum tip_err tip_survey_load(struct tip_txn *txn,
                                          struct tip_survey *out_survey);

/** Write it, if it has changed. */
TIP_MUST_USE enum tip_err tip_survey_store(struct tip_txn *txn,
                                           struct tip_survey *survey);

/** Begin at the first row. */
void tip_survey_begin(struct tip_survey *survey);

/** What its engine found in its own way belongs to it too. */
void tip_survey_tell(struct tip_survey *survey, enum tip_inspect_kind kind,
                     uint64_t a, uint64_t b);

/** Read some more: at most @rows rows of TIP_SURVEY_STEP, a frame counts more.
 * At the end is_on is false. What was found is told in @survey; an error is one
 * of memory or of the disk. */
TIP_MUST_USE enum tip_err tip_survey_step(struct tip_survey *survey,
                                          const struct tip_survey_view *view,
                                          size_t rows);

/** What a person is told: what the one that is on has found, or, as long as
 * that is nothing, the one before. */
struct tip_survey_report tip_survey_report(const struct tip_survey *survey);

#endif /* TIP_SURVEY_H */
