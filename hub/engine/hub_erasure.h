/*
 * Decisions to erase a record, and what became of them: rows of
 * TIP_TABLE_ERASURE. They hold the id, who asked, who confirmed, when and why:
 * nothing of the record.
 *
 * It takes two people. What is known of them is the account that the kernel
 * says is at the other end; that two accounts are two people is not proved
 * here.
 */
#ifndef HUB_ERASURE_H
#define HUB_ERASURE_H

#include "tip_arena.h"
#include "tip_change.h"
#include "tip_store.h"

enum { HUB_ERASURE_REASON_BYTES_MAX = 256 };

/* Numbers are on disk: append only. */
enum hub_erasure_state {
    HUB_ERASURE_ASKED = 0,
    HUB_ERASURE_CONFIRMED = 1,
    HUB_ERASURE_WITHDRAWN = 2
};

/** Who did one step of it. */
struct hub_erasure_step {
    char account[TIP_AUTHOR_BYTES_MAX + 1];
    uint32_t uid;
    uint64_t unix_ms;
};

struct hub_erasure {
    uint64_t number;
    enum hub_erasure_state state;
    struct tip_id record;
    uint64_t commit; /* Once confirmed. */
    struct hub_erasure_step asked;
    struct hub_erasure_step ended; /* Confirmed or withdrawn. */
    char reason[HUB_ERASURE_REASON_BYTES_MAX + 1];
};

/** "asked", "confirmed", "withdrawn". Static. */
const char *hub_erasure_word(const struct hub_erasure *erasure);

/** May @account with @uid confirm it? TIP_ESAMEPERSON: it asked for it;
 * TIP_EDECIDED: it waits no more. */
TIP_MUST_USE enum tip_err hub_erasure_check(const struct hub_erasure *erasure,
                                            const char *account, uint32_t uid);

/** Read decision @number. TIP_ENOTFOUND. */
TIP_MUST_USE enum tip_err hub_erasure_load(struct tip_txn *txn, uint64_t number,
                                           struct hub_erasure *out_erasure);

/** Read the first one above @number. TIP_ENOTFOUND: there is none. */
TIP_MUST_USE enum tip_err hub_erasure_next(struct tip_txn *txn, uint64_t number,
                                           struct hub_erasure *out_erasure);

/** Read, in @arena, the first erasure behind entry *@entry of the control log
 * that no decision here is of, as after a restore of the hub: number 0, and who
 * decided it and why is not known. *@entry becomes its own. TIP_ENOTFOUND. */
TIP_MUST_USE enum tip_err
hub_erasure_next_told(struct tip_txn *txn, struct tip_arena *arena,
                      uint64_t *entry, struct hub_erasure *out_erasure);

TIP_MUST_USE enum tip_err hub_erasure_store(struct tip_txn *txn,
                                            const struct hub_erasure *erasure);

#endif /* HUB_ERASURE_H */
