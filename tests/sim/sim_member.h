/*
 * Who holds a record, worked out without the engine.
 *
 * The hub orders it: of each office the newest committed word counts. What
 * speaks against a word that comes late follows from what its author had been
 * shown, so the oracle can say of each change-set whether it must wait.
 */
#ifndef SIM_MEMBER_H
#define SIM_MEMBER_H

#include "sim_oracle.h"
#include "tip_frame.h"

/** What was last decided of a party and a record, and since when. */
struct sim_stay {
    bool is_member;
    uint64_t first; /* Commit since which it is so, without a word against it;
                     * 0: nobody ever wrote about the party. */
    uint64_t last;  /* Newest commit that says so. */
};

/** As of commit @checkpoint. Not for records of everybody. */
struct sim_stay sim_member_stay(const struct sim_oracle *oracle,
                                uint32_t record, uint32_t party,
                                uint64_t checkpoint);

/** What people at @party, which has everything up to @checkpoint, can see of
 * @record: all of it, or what there was when the party was removed. */
struct sim_view sim_member_view(const struct sim_oracle *oracle,
                                uint32_t record, uint32_t party,
                                uint64_t checkpoint);

/** Must @record be there? If not it may not: @party does not hold it and has no
 * work on it that is undecided. */
bool sim_member_is_due(const struct sim_oracle *oracle, uint32_t record,
                       uint32_t party, uint64_t checkpoint);

/** For what reason must @draft, which is not committed yet, wait now? */
enum tip_hold sim_member_hold(const struct sim_oracle *oracle,
                              const struct sim_draft *draft);

/** Is later work of its author on one of its records merged? A hub that was put
 * back has that from others, and may have lost what became of @draft. */
bool sim_member_is_overtaken(const struct sim_oracle *oracle,
                             const struct sim_draft *draft);

/** May a person let @draft in, which waits? Not what waits behind another, and
 * not what nobody can waive. */
bool sim_member_may_accept(const struct sim_oracle *oracle,
                           const struct sim_draft *draft);

/** Up to which commit did the author of @draft provably know all its records?
 * Who lets it in lets it in with that. */
uint64_t sim_member_proven(const struct sim_oracle *oracle,
                           const struct sim_draft *draft);

/** Does @draft have to be told to @party on its own channel? */
bool sim_member_concerns(const struct sim_oracle *oracle,
                         const struct sim_draft *draft, uint32_t party);

/** The newest commit that @party must be shown on its own channel. */
uint64_t sim_member_newest(const struct sim_oracle *oracle, uint32_t party);

static inline bool sim_member_is_for_all(const struct sim_oracle *oracle,
                                         uint32_t record)
{
    return oracle->records[record].holders == UINT32_MAX;
}

#endif /* SIM_MEMBER_H */
