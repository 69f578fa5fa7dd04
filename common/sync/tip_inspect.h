/*
 * Is what lies in a store what it must be? Every value is read and decoded, the
 * chains are computed again, and what names something else names what is there.
 * The same at node and hub; nothing is changed.
 */
#ifndef TIP_INSPECT_H
#define TIP_INSPECT_H

#include <stdbool.h>
#include <stdint.h>

#include "tip_arena.h"
#include "tip_err.h"
#include "tip_frame.h"
#include "tip_hash.h"
#include "tip_keys.h"
#include "tip_session.h"
#include "tip_store.h"

/* What can be found: name, sentence, the numbers in it. Their order is on disk
 * (tip_survey.h): append only. */
#define TIP_INSPECT_MAP(X)                                                     \
    X(RECORD, "Record %llu of the store cannot be read.", a)                   \
    X(GONE, "Record %llu of the store is gone.", a)                            \
    X(OVERLAY,                                                                 \
      "Record %llu waits for change-set %llu, which is not in the outbox.", a, \
      b)                                                                       \
    X(HISTORY, "The history of record %llu cannot be read at entry %llu.", a,  \
      b)                                                                       \
    X(ORPHAN, "There is history of record %llu, but not the record.", a)       \
    X(OUTBOX, "Change-set %llu of the outbox cannot be read.", a)              \
    X(FRAME, "Of feed or channel %llu frame %llu cannot be read.", a, b)       \
    X(CHAIN,                                                                   \
      "Of feed or channel %llu frame %llu does not follow the one before "     \
      "it, or was not signed by whom it should be.",                           \
      a, b)                                                                    \
    X(END, "Of feed or channel %llu the frames behind %llu are gone.", a, b)   \
    X(ITEM, "Of channel %llu entry %llu of its log cannot be read.", a, b)     \
    X(HELD, "What is held back cannot be read, but for %llu change-sets.", a)  \
    X(HOLDING, "What is held of channel %llu is not what was counted of it.",  \
      a)                                                                       \
    X(FIGURES, "In %llu cells the figures are not what the records say.", a)   \
    X(ROW, "An entry of table %llu cannot be read.", a)                        \
    X(IDENTITY,                                                                \
      "%llu identities in record %llu do not open, though their key is here.", \
      b, a)                                                                    \
    X(HISTORY_GONE, "The history of record %llu has no entry %llu any more.",  \
      a, b)

enum tip_inspect_kind {
#define TIP_INSPECT_ENUM(name, sentence, ...) TIP_INSPECT_##name,
    TIP_INSPECT_MAP(TIP_INSPECT_ENUM)
#undef TIP_INSPECT_ENUM
};

enum { TIP_INSPECT_SENTENCE_SIZE = 160 };

/** A check that goes on; the caller sets all above the count. */
struct tip_inspect {
    struct tip_txn *txn;     /* Borrowed. */
    struct tip_arena *arena; /* Borrowed; cleared again and again. */
    /** Something is not as it must be. */
    void (*found)(void *context, enum tip_inspect_kind kind, uint64_t a,
                  uint64_t b);
    void *context;
    uint64_t found_count;
    uint64_t history_of; /* The record whose history was read last… */
    /* …the same, and which entry follows there: they count 1, 2, 3… A survey
     * that goes on says it; 0: the first of that record. */
    uint64_t history_at, history_next;
};

/** Write the sentence of a finding. */
void tip_inspect_say(enum tip_inspect_kind kind, unsigned long long a,
                     unsigned long long b,
                     char out_text[TIP_INSPECT_SENTENCE_SIZE]);

/* For those who look at what is theirs alone. */

/** Is @err about the value that was read, not about memory or the disk? */
bool tip_inspect_is_of_value(enum tip_err err);

/** Tell of something that was found. */
void tip_inspect_tell(struct tip_inspect *check, enum tip_inspect_kind kind,
                      uint64_t a, uint64_t b);

/** Tell that the row of @table at @key cannot be read. */
void tip_inspect_tell_row(struct tip_inspect *check, enum tip_table table,
                          struct tip_key key);

/* What was found is told; an error is one of memory or of the disk. */

/** @value, which lies in @table at @key, decodes, and if it is history it is
 * that of a record. What only one program can decode passes. */
TIP_MUST_USE enum tip_err tip_inspect_row(struct tip_inspect *check,
                                          enum tip_table table,
                                          struct tip_key key,
                                          struct tip_bytes value);

/** Every record decodes, and what lies over it is in the outbox of @origin.
 * Unless @may_gap, none is missing between them: a hub takes none away. */
TIP_MUST_USE enum tip_err tip_inspect_records(struct tip_inspect *check,
                                              uint32_t origin, bool may_gap);

/** Decodes the row of @table at @key, which is there, in @arena. An error about
 * the value says that it does not. */
typedef enum tip_err tip_inspect_decode(struct tip_txn *txn,
                                        enum tip_table table,
                                        struct tip_key key,
                                        struct tip_arena *arena);

/** Every row of @table decodes as tip_inspect_row() says, and as @decode says,
 * unless it is NULL, of what only one program can decode. */
TIP_MUST_USE enum tip_err tip_inspect_rows(struct tip_inspect *check,
                                           enum tip_table table,
                                           tip_inspect_decode *decode);

/** What opens the frames of one key epoch. Secret. */
struct tip_inspect_key {
    uint32_t epoch;
    struct tip_frame_key key;
};

/** A chain of frames, and what is known of it from elsewhere. All borrowed. */
struct tip_inspect_chain {
    enum tip_table table; /* TIP_TABLE_FRAME_UP: a feed; _DOWN: a channel. */
    uint32_t number;      /* Origin of the feed, or channel. */
    uint32_t office;      /* Of the feed. */
    /* The frame before the first that is here; of a feed, and where its number
     * is 0, only that counts. */
    struct tip_head begins_behind;
    uint64_t ends_at; /* Number of the newest. */
    const struct tip_sign_public *signer, *redactor;
    const struct tip_inspect_key *keys; /* Of all epochs there are. */
    size_t key_count;                   /* 0: bodies are not opened. */
};

/** The frames are one chain, of a feed one more for each origin under which the
 * device went on, to its end; each decrypts, decodes and was signed by the
 * signer, what is left of an erased one by it or by the redactor. Frames that a
 * newer program made are not looked into. */
TIP_MUST_USE enum tip_err
tip_inspect_chain(struct tip_inspect *check,
                  const struct tip_inspect_chain *chain);

/** What was counted of @channel, if it was, is what the records add up to. */
TIP_MUST_USE enum tip_err tip_inspect_holding(struct tip_inspect *check,
                                              uint32_t channel,
                                              const struct tip_digest_key *key);

#endif /* TIP_INSPECT_H */
