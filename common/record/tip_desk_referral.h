/*
 * Referral: an office that is given a record says whether it takes it on.
 *
 * Until it answers the record is there, marked as offered; the office reads it
 * and may write in it, because what cannot wait must not wait for an answer,
 * and to write is no answer. To take it on completes a transfer: only then the
 * office that hands it over gives up its copy. To decline takes the office out
 * of the record, with the reason.
 */
#ifndef TIP_DESK_REFERRAL_H
#define TIP_DESK_REFERRAL_H

#include "tip_desk_write.h"

/** Offer the record to @office, a name or number, and leave it once that takes
 * it on. who->reason is needed. Else as tip_desk_hold(). At a node. */
TIP_MUST_USE enum tip_err tip_desk_transfer(struct tip_desk *desk,
                                            const struct tip_desk_who *who,
                                            const struct tip_desk_change *asked,
                                            struct tip_bytes office,
                                            struct tip_desk_answer *answer);

/** Take on a record that is offered to this office, or decline it, for which
 * who->reason is needed. TIP_ENOREFERRAL: it is not offered. Else as
 * tip_desk_hold(). */
TIP_MUST_USE enum tip_err
tip_desk_answer_referral(struct tip_desk *desk, const struct tip_desk_who *who,
                         const struct tip_desk_change *asked, bool takes_on,
                         struct tip_desk_answer *answer);

#endif /* TIP_DESK_REFERRAL_H */
