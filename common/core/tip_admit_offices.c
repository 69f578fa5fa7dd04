/* Who may say who holds a record, and what an office said to being given it. */
#include "tip_admit_offices.h"

/* Was the opposite of @change, made in @set, decided by somebody its author did
 * not know of? Its own earlier word it knows, committed or not. */
static bool is_contradicted(const struct tip_record *record,
                            const struct tip_change_set *set,
                            const struct tip_change *change)
{
    struct tip_cell cell =
        tip_record_cell(record, TIP_FIELD_OFFICES, change->element);

    for (size_t i = 0; i < cell.count; i++) {
        const struct tip_write *write =
            tip_record_write(record, &cell.siblings[i]);

        if (cell.siblings[i].value.kind != change->value.kind &&
            write->commit > set->base &&
            !tip_lineage_has_past(record->lineage, set->origin, set->seq,
                                  write->origin, write->seq)) {
            return true;
        }
    }
    return false;
}

/* Does @changes take @office out of a record? */
static bool removes_office(const struct tip_change *changes, size_t count,
                           uint64_t office)
{
    for (size_t i = 0; i < count; i++) {
        if (changes[i].field == TIP_FIELD_OFFICES &&
            changes[i].element == office &&
            changes[i].value.kind == TIP_VALUE_NONE) {
            return true;
        }
    }
    return false;
}

/* Does somebody still hold @record after @changes? */
static bool leaves_a_holder(const struct tip_record *record,
                            const struct tip_change *changes, size_t count)
{
    struct tip_cell cell = tip_record_field(record, TIP_FIELD_OFFICES);

    for (size_t i = 0; i < count; i++) {
        if (changes[i].field == TIP_FIELD_OFFICES &&
            changes[i].value.kind == TIP_VALUE_MEMBER) {
            return true;
        }
    }
    for (size_t i = 0; i < cell.count; i++) {
        if (cell.siblings[i].value.kind == TIP_VALUE_MEMBER &&
            !removes_office(changes, count, cell.siblings[i].element)) {
            return true;
        }
    }
    return false;
}

/* Does @changes say that @office takes the record on? */
static bool takes_on(const struct tip_change *changes, size_t count,
                     uint32_t office)
{
    for (size_t i = 0; i < count; i++) {
        if (changes[i].field == TIP_FIELD_REFERRAL &&
            changes[i].element == office &&
            changes[i].value.kind == TIP_VALUE_ANSWER &&
            changes[i].value.answer == TIP_ANSWER_YES) {
            return true;
        }
    }
    return false;
}

/* Did @office say, and never anything else, that it leaves @record once @to
 * takes it on? */
static bool is_handed_to(const struct tip_record *record, uint64_t office,
                         uint32_t to)
{
    struct tip_cell cell = tip_record_cell(record, TIP_FIELD_REFERRAL, office);

    for (size_t i = 0; i < cell.count; i++) {
        if (cell.siblings[i].value.kind != TIP_VALUE_CODE ||
            cell.siblings[i].value.code != to) {
            return false;
        }
    }
    return cell.count != 0;
}

/* May @admission's office answer so? Each answers for itself; to offer a record
 * anybody may who may give it. */
static bool may_refer(const struct tip_admission *admission,
                      const struct tip_change *change)
{
    return admission->is_hub || change->element == admission->office ||
           (change->value.kind == TIP_VALUE_ANSWER &&
            change->value.answer == TIP_ANSWER_UNKNOWN);
}

enum tip_hold tip_admit_referrals(const struct tip_admission *admission,
                                  const struct tip_change *changes,
                                  size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (changes[i].field == TIP_FIELD_REFERRAL &&
            !may_refer(admission, &changes[i])) {
            return TIP_HOLD_CHANNEL;
        }
    }
    return TIP_HOLD_NONE;
}

/* May @admission's office take out @other? Only one that leaves it to it. */
static enum tip_hold admit_handover(const struct tip_admission *admission,
                                    bool is_accepted,
                                    const struct tip_record *record,
                                    const struct tip_change *changes,
                                    size_t count, uint64_t other)
{
    if (admission->is_hub || other == admission->office) {
        return TIP_HOLD_NONE;
    }
    if (!takes_on(changes, count, admission->office)) {
        return TIP_HOLD_CHANNEL;
    }
    return is_accepted || is_handed_to(record, other, admission->office)
               ? TIP_HOLD_NONE
               : TIP_HOLD_OFFICES;
}

/* Who holds a record is not merged but ordered by the hub: whoever holds it may
 * add an office or leave, the hub may do either for anybody. */
enum tip_hold tip_admit_offices(const struct tip_admission *admission,
                                bool is_accepted,
                                const struct tip_change_set *set,
                                const struct tip_record *record,
                                const struct tip_change *changes, size_t count)
{
    /* Everybody has it, on a channel of its own, and nobody can have it twice.
     */
    if (tip_merge_contains(record, TIP_FIELD_OFFICES, TIP_OFFICE_ALL)) {
        return TIP_HOLD_CHANNEL;
    }
    for (size_t i = 0; i < count; i++) {
        enum tip_hold hold = TIP_HOLD_NONE;

        if (changes[i].field != TIP_FIELD_OFFICES) {
            continue;
        }
        if (changes[i].element == TIP_OFFICE_ALL) {
            return TIP_HOLD_CHANNEL;
        }
        if (changes[i].value.kind == TIP_VALUE_NONE) {
            hold = admit_handover(admission, is_accepted, record, changes,
                                  count, changes[i].element);
        }
        if (hold != TIP_HOLD_NONE) {
            return hold;
        }
        if (!is_accepted && is_contradicted(record, set, &changes[i])) {
            return TIP_HOLD_OFFICES;
        }
    }
    return leaves_a_holder(record, changes, count) ? TIP_HOLD_NONE
                                                   : TIP_HOLD_OFFICES;
}
