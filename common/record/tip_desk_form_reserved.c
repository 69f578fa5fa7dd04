/* What a form writes into fields of ours. */
#include <assert.h>

#include "tip_desk_form.h"

/* Keep them sorted by field and element, as a change-set has them. */
static void put_reserved(struct tip_form *form, const struct tip_change *change)
{
    size_t i = form->reserved_count++;

    assert(i < TIP_FORM_RESERVED_MAX);
    for (; i > 0 && (form->reserved[i - 1].field > change->field ||
                     (form->reserved[i - 1].field == change->field &&
                      form->reserved[i - 1].element > change->element));
         i--) {
        form->reserved[i] = form->reserved[i - 1];
    }
    form->reserved[i] = *change;
}

void tip_form_put_holder(struct tip_form *form, uint32_t office, bool holds)
{
    struct tip_change change = {.field = TIP_FIELD_OFFICES,
                                .element = office,
                                .value.kind =
                                    holds ? TIP_VALUE_MEMBER : TIP_VALUE_NONE};

    put_reserved(form, &change);
}

void tip_form_put_referral(struct tip_form *form, uint32_t office,
                           const struct tip_value *value)
{
    struct tip_change change = {
        .field = TIP_FIELD_REFERRAL, .element = office, .value = *value};

    put_reserved(form, &change);
}

void tip_form_put_deletion(struct tip_form *form, bool deleted)
{
    struct tip_change change = {
        .field = TIP_FIELD_DELETED,
        .value = {.kind = TIP_VALUE_ANSWER,
                  .answer = deleted ? TIP_ANSWER_YES : TIP_ANSWER_NO}};

    put_reserved(form, &change);
}
