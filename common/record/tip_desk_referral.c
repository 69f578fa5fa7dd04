#include "tip_desk_referral.h"

#include "tip_desk_editing.h"

static struct tip_value answer_of(enum tip_answer answer)
{
    return (struct tip_value){.kind = TIP_VALUE_ANSWER, .answer = answer};
}

void tip_desk_offer(struct tip_form *form, uint32_t office)
{
    struct tip_value offered = answer_of(TIP_ANSWER_UNKNOWN);

    if (office != TIP_OFFICE_ALL && office != form->desk->office) {
        tip_form_put_referral(form, office, &offered);
    }
}

/* What stands in the referral of @office; NULL: nothing. */
static const struct tip_sibling *referral_of(const struct tip_desk *desk,
                                             const struct tip_record *view,
                                             uint64_t office)
{
    return tip_merge_read(view,
                          tip_record_cell(view, TIP_FIELD_REFERRAL, office),
                          desk->schema)
        .shown;
}

static bool is_answer(const struct tip_sibling *sibling, enum tip_answer answer)
{
    return sibling != NULL && sibling->value.kind == TIP_VALUE_ANSWER &&
           sibling->value.answer == answer;
}

enum tip_err tip_desk_transfer(struct tip_desk *desk,
                               const struct tip_desk_who *who,
                               const struct tip_desk_change *asked,
                               struct tip_bytes office,
                               struct tip_desk_answer *answer)
{
    struct tip_desk_editing edit = {.desk = desk, .who = who, .answer = answer};
    struct tip_desk_work work = tip_desk_work_of(desk, answer);
    struct tip_value leaves = {.kind = TIP_VALUE_CODE};
    enum tip_err err;

    if (who->reason.size == 0) {
        return TIP_EREASON;
    }
    err = tip_desk_find_office(&work, office, &leaves.code);
    if (err != TIP_OK) {
        return err;
    }
    if (desk->is_hub || leaves.code == desk->office) {
        return TIP_EOFFICE;
    }
    err = tip_desk_editing_begin(&edit, &asked->id, asked->seen);
    if (err == TIP_OK) {
        if (!tip_merge_contains(&edit.found.view, TIP_FIELD_OFFICES,
                                leaves.code)) {
            tip_form_put_holder(&edit.form, leaves.code, true);
        }
        tip_desk_offer(&edit.form, leaves.code);
        tip_form_put_referral(&edit.form, desk->office, &leaves);
        err = tip_desk_editing_finish(&edit);
    }
    tip_desk_editing_end(&edit);
    return err;
}

/* Was @wish written together with @offer? An older one was meant for an offer
 * that was declined. */
static bool is_with(const struct tip_record *view,
                    const struct tip_sibling *wish,
                    const struct tip_sibling *offer)
{
    const struct tip_write *a = tip_record_write(view, wish);
    const struct tip_write *b = tip_record_write(view, offer);

    return a->origin == b->origin && a->seq == b->seq;
}

/* Who hands it over leaves now. */
static void let_leave(struct tip_desk_editing *edit,
                      const struct tip_sibling *offer)
{
    const struct tip_record *view = &edit->found.view;
    struct tip_cell cell = tip_record_field(view, TIP_FIELD_REFERRAL);

    for (size_t i = 0; i < cell.count; i++) {
        const struct tip_sibling *wish = &cell.siblings[i];

        if (wish->value.kind == TIP_VALUE_CODE &&
            wish->value.code == edit->desk->office &&
            wish == referral_of(edit->desk, view, wish->element) &&
            is_with(view, wish, offer) &&
            tip_merge_contains(view, TIP_FIELD_OFFICES, wish->element)) {
            tip_form_put_holder(&edit->form, (uint32_t)wish->element, false);
            return; /* One office made the offer. */
        }
    }
}

static enum tip_err answer_offer(struct tip_desk_editing *edit, bool takes_on)
{
    uint32_t office = edit->desk->office;
    const struct tip_sibling *offer =
        referral_of(edit->desk, &edit->found.view, office);
    struct tip_value value =
        answer_of(takes_on ? TIP_ANSWER_YES : TIP_ANSWER_NO);

    if (!is_answer(offer, TIP_ANSWER_UNKNOWN) ||
        !tip_merge_contains(&edit->found.view, TIP_FIELD_OFFICES, office)) {
        return TIP_ENOREFERRAL;
    }
    tip_form_put_referral(&edit->form, office, &value);
    if (takes_on) {
        let_leave(edit, offer);
    } else {
        tip_form_put_holder(&edit->form, office, false);
    }
    return tip_desk_editing_finish(edit);
}

enum tip_err tip_desk_answer_referral(struct tip_desk *desk,
                                      const struct tip_desk_who *who,
                                      const struct tip_desk_change *asked,
                                      bool takes_on,
                                      struct tip_desk_answer *answer)
{
    struct tip_desk_editing edit = {.desk = desk, .who = who, .answer = answer};
    enum tip_err err;

    if (!takes_on && who->reason.size == 0) {
        return TIP_EREASON;
    }
    err = tip_desk_editing_begin(&edit, &asked->id, asked->seen);
    if (err == TIP_OK) {
        err = answer_offer(&edit, takes_on);
    }
    tip_desk_editing_end(&edit);
    return err;
}
