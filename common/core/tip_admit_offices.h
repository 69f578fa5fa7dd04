/*
 * Internal: what speaks against changes to who holds a record (tip_admit.h).
 */
#ifndef TIP_ADMIT_OFFICES_H
#define TIP_ADMIT_OFFICES_H

#include "tip_admit.h"

/** May @admission's office write what @changes say of who holds @record, which
 * is there? @is_accepted: a person waives what others decided meanwhile. */
enum tip_hold tip_admit_offices(const struct tip_admission *admission,
                                bool is_accepted,
                                const struct tip_change_set *set,
                                const struct tip_record *record,
                                const struct tip_change *changes, size_t count);

/** May it write what they say of offers and answers to them? */
enum tip_hold tip_admit_referrals(const struct tip_admission *admission,
                                  const struct tip_change *changes,
                                  size_t count);

#endif /* TIP_ADMIT_OFFICES_H */
