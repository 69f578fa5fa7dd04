/*
 * What the hub checks before a change-set may commit.
 *
 * The one-number causality of tip_record.h rests on what a node claims to have
 * seen. So the hub believes a base only as far as it gave that checkpoint to
 * that origin, lets it never fall, and takes a change to a record only from an
 * office that held it at the base. What fails waits in quarantine; it is never
 * dropped and never overwrites.
 */
#ifndef TIP_ADMIT_H
#define TIP_ADMIT_H

#include <stdbool.h>
#include <stdint.h>

#include "tip_frame.h"
#include "tip_merge.h"
#include "tip_record.h"

/** What the hub keeps of one origin for these checks. Plain data, durable. */
struct tip_admission {
    uint32_t origin;
    uint32_t office;
    bool is_hub;    /* May write for everybody, and has seen everything. */
    uint64_t base;  /* Highest base it has used. */
    uint64_t given; /* Newest checkpoint given to it. */
};

/**
 * May @set be made with its base? TIP_HOLD_NONE and the base is noted in
 * @admission, or TIP_HOLD_BASE and nothing is changed. Call once per
 * change-set, in the order of its seq.
 */
enum tip_hold tip_admit_base(struct tip_admission *admission,
                             const struct tip_change_set *set);

/**
 * May @admission's office write @changes to @record, as it stands before them?
 * @record has no sibling when the change-set creates it. To a record that was
 * erased anybody may: it is acknowledged, and destroyed. Of one that is full,
 * what takes the place of more than it brings may be written.
 */
enum tip_hold tip_admit_record(const struct tip_admission *admission,
                               const struct tip_change_set *set,
                               const struct tip_record *record,
                               const struct tip_change *changes, size_t count,
                               const struct tip_schema *schema);

/**
 * The same for a change-set that a person accepts: its office need not have
 * held the record, nor need its word on who holds it be uncontradicted.
 * Whatever else speaks against it nobody can waive. @set has the base of
 * tip_admit_proven().
 */
enum tip_hold tip_admit_accepted(const struct tip_admission *admission,
                                 const struct tip_change_set *set,
                                 const struct tip_record *record,
                                 const struct tip_change *changes, size_t count,
                                 const struct tip_schema *schema);

/** The newest commit up to which @office, which claims to have seen everything
 * up to @base, provably knew @record: @base if it held it then, the one before
 * its removal, or 0. */
uint64_t tip_admit_proven(const struct tip_record *record, uint32_t office,
                          uint64_t base);

/** The commit from which @office holds @record: 0 if it made it itself,
 * UINT64_MAX if it does not hold it. */
uint64_t tip_admit_member_since(const struct tip_record *record,
                                uint32_t office);

/** Did @office hold @record for somebody who had seen everything up to @base:
 * from when it was given the record up to, not including, its removal? */
bool tip_admit_was_member(const struct tip_record *record, uint32_t office,
                          uint64_t base);

#endif /* TIP_ADMIT_H */
