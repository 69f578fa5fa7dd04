/* Private to this folder: an edit from reading the record to what became of it.
 */
#ifndef TIP_DESK_EDITING_H
#define TIP_DESK_EDITING_H

#include "tip_desk_layout.h"
#include "tip_desk_prepare.h"

/** Work whose memory and faults are @answer's. */
struct tip_desk_work tip_desk_work_of(struct tip_desk *desk,
                                      struct tip_desk_answer *answer);

/** An edit under way. Set the first three. */
struct tip_desk_editing {
    struct tip_desk *desk;
    const struct tip_desk_who *who;
    struct tip_desk_answer *answer;
    struct tip_desk_found found;
    struct tip_form form;
    struct tip_seen seen;
};

/** Read the record of @id and open the form on it. @seen NULL: what is there
 * now. TIP_ENOTFOUND. Always end with tip_desk_editing_end(). */
TIP_MUST_USE enum tip_err tip_desk_editing_begin(struct tip_desk_editing *edit,
                                                 const struct tip_id *id,
                                                 const struct tip_seen *seen);

/** Check, save, and tell in the answer. TIP_ECHANGED: with what changed. */
TIP_MUST_USE enum tip_err
tip_desk_editing_finish(struct tip_desk_editing *edit);

void tip_desk_editing_end(struct tip_desk_editing *edit);

/** Put into @form that its record is offered to @office (tip_desk_referral). */
void tip_desk_offer(struct tip_form *form, uint32_t office);

#endif /* TIP_DESK_EDITING_H */
