#include "tip_admit.h"

#include "tip_admit_offices.h"

enum tip_hold tip_admit_base(struct tip_admission *admission,
                             const struct tip_change_set *set)
{
    if (set->base < admission->base || set->base > admission->given) {
        return TIP_HOLD_BASE;
    }
    admission->base = set->base;
    return TIP_HOLD_NONE;
}

uint64_t tip_admit_member_since(const struct tip_record *record,
                                uint32_t office)
{
    struct tip_cell cell = tip_record_cell(record, TIP_FIELD_OFFICES, office);
    uint64_t since = UINT64_MAX;

    if (!tip_merge_contains(record, TIP_FIELD_OFFICES, office)) {
        return UINT64_MAX;
    }
    if (record->maker == office) {
        return 0;
    }
    for (size_t i = 0; i < cell.count; i++) {
        uint64_t commit = tip_record_since(record, &cell.siblings[i]);

        if (cell.siblings[i].value.kind != TIP_VALUE_NONE && commit < since) {
            since = commit;
        }
    }
    return since;
}

static bool adds_office(const struct tip_change *changes, size_t count,
                        uint32_t office)
{
    for (size_t i = 0; i < count; i++) {
        if (changes[i].field == TIP_FIELD_OFFICES &&
            changes[i].element == office &&
            changes[i].value.kind == TIP_VALUE_MEMBER) {
            return true;
        }
    }
    return false;
}

static bool writes_field(const struct tip_change *changes, size_t count,
                         uint32_t field)
{
    for (size_t i = 0; i < count; i++) {
        if (changes[i].field == field) {
            return true;
        }
    }
    return false;
}

/* A record is born held by its maker; only the hub makes one for everybody, or
 * one of our own types. */
static enum tip_hold admit_birth(const struct tip_admission *admission,
                                 uint32_t type,
                                 const struct tip_change *changes, size_t count)
{
    if (admission->is_hub) {
        return writes_field(changes, count, TIP_FIELD_OFFICES)
                   ? TIP_HOLD_NONE
                   : TIP_HOLD_MEMBER;
    }
    if (type < TIP_TYPE_FIRST || adds_office(changes, count, TIP_OFFICE_ALL)) {
        return TIP_HOLD_CHANNEL;
    }
    return adds_office(changes, count, admission->office) ? TIP_HOLD_NONE
                                                          : TIP_HOLD_MEMBER;
}

/* The first commit that took @office, which does not hold @record, out of it;
 * 0: nobody wrote about it, it never held it. */
static uint64_t removed_at(const struct tip_record *record, uint32_t office)
{
    struct tip_cell cell = tip_record_cell(record, TIP_FIELD_OFFICES, office);
    uint64_t removed = cell.count == 0 ? 0 : UINT64_MAX;

    for (size_t i = 0; i < cell.count; i++) {
        uint64_t commit = tip_record_since(record, &cell.siblings[i]);

        removed = commit < removed ? commit : removed;
    }
    return removed;
}

bool tip_admit_was_member(const struct tip_record *record, uint32_t office,
                          uint64_t base)
{
    if (tip_merge_contains(record, TIP_FIELD_OFFICES, office)) {
        return tip_admit_member_since(record, office) <= base;
    }
    return base < removed_at(record, office);
}

uint64_t tip_admit_proven(const struct tip_record *record, uint32_t office,
                          uint64_t base)
{
    uint64_t removed;

    if (tip_admit_was_member(record, office, base)) {
        return base;
    }
    if (tip_merge_contains(record, TIP_FIELD_OFFICES, office)) {
        return 0; /* From before it was sent the record, or sent it again. */
    }
    removed = removed_at(record, office);
    return removed == 0 ? 0 : removed - 1;
}

static enum tip_hold admit_edit(const struct tip_admission *admission,
                                bool is_accepted,
                                const struct tip_change_set *set,
                                const struct tip_record *record,
                                const struct tip_change *changes, size_t count)
{
    if (!admission->is_hub && !is_accepted &&
        !tip_admit_was_member(record, admission->office, set->base)) {
        return TIP_HOLD_MEMBER;
    }
    return writes_field(changes, count, TIP_FIELD_OFFICES)
               ? tip_admit_offices(admission, is_accepted, set, record, changes,
                                   count)
               : TIP_HOLD_NONE;
}

/* Within a record the commits of one origin follow its seq, and precede those
 * of the origins that go on from it. */
static bool comes_late(const struct tip_record *record,
                       const struct tip_change_set *set)
{
    for (size_t i = 0; i < record->write_count; i++) {
        const struct tip_write *write = &record->writes[i];

        if ((write->origin == set->origin && write->seq == set->seq) ||
            tip_lineage_has_past(record->lineage, write->origin, write->seq,
                                 set->origin, set->seq)) {
            return true;
        }
    }
    return false;
}

static enum tip_err check_reserved(const struct tip_change *change)
{
    enum tip_value_kind kind = change->value.kind;

    if (kind == TIP_VALUE_NONE) {
        return TIP_OK;
    }
    switch ((enum tip_reserved_field)change->field) {
    case TIP_FIELD_DELETED:
        return kind == TIP_VALUE_ANSWER ? TIP_OK : TIP_EVALUE;
    case TIP_FIELD_OFFICES:
        return kind == TIP_VALUE_MEMBER ? TIP_OK : TIP_EVALUE;
    case TIP_FIELD_KEY_SALT:
    case TIP_FIELD_KEY_WRAP:
        return kind == TIP_VALUE_OPAQUE ? TIP_OK : TIP_EVALUE;
    case TIP_FIELD_REFERRAL:
        return kind == TIP_VALUE_ANSWER || kind == TIP_VALUE_CODE ? TIP_OK
                                                                  : TIP_EVALUE;
    case TIP_FIELD_FIRST:
        break;
    }
    return TIP_EUNKNOWN_FIELD;
}

static enum tip_hold admit_values(uint32_t type,
                                  const struct tip_change *changes,
                                  size_t count, const struct tip_schema *schema)
{
    for (size_t i = 0; i < count; i++) {
        enum tip_err err = changes[i].field < TIP_FIELD_FIRST
                               ? check_reserved(&changes[i])
                               : schema->check(schema, type, changes[i].field,
                                               &changes[i].value);

        if (err != TIP_OK) {
            return err == TIP_EVALUE ? TIP_HOLD_VALUE : TIP_HOLD_TOO_NEW;
        }
    }
    return TIP_HOLD_NONE;
}

/* The bytes of what @change, of @set, takes the place of. */
static size_t bytes_superseded(const struct tip_record *record,
                               const struct tip_change_set *set,
                               const struct tip_change *change)
{
    const struct tip_write write = tip_write_of(set, 0, TIP_VERDICT_GOOD);
    struct tip_cell cell =
        tip_record_cell(record, change->field, change->element);
    size_t bytes = 0;

    for (size_t i = 0; i < cell.count; i++) {
        if (tip_write_supersedes(record->lineage, &write,
                                 tip_record_write(record, &cell.siblings[i]))) {
            bytes += tip_value_bytes(&cell.siblings[i].value);
        }
    }
    return bytes;
}

/* A record over its limits could not be stored: it would stop everybody. What
 * makes one smaller is let in: own work that the hub does not have yet may come
 * to more than the limit, over what others wrote. */
static bool is_too_large(const struct tip_record *record,
                         const struct tip_change_set *set,
                         const struct tip_change *changes, size_t count)
{
    size_t before = tip_record_bytes(record);
    size_t bytes =
        before + sizeof *record->writes + set->author.size + set->reason.size;

    for (size_t i = 0; i < count; i++) {
        bytes += tip_value_bytes(&changes[i].value);
        bytes -= bytes_superseded(record, set, &changes[i]);
    }
    return (bytes > TIP_RECORD_BYTES_MAX && bytes > before) ||
           record->write_count + 1 > TIP_RECORD_WRITES_MAX ||
           record->sibling_count + count > TIP_RECORD_SIBLINGS_MAX;
}

/* What speaks against the part of @set for one record; @is_accepted: to a
 * person who has decided what they may. */
static enum tip_hold admit(const struct tip_admission *admission,
                           bool is_accepted, const struct tip_change_set *set,
                           const struct tip_record *record,
                           const struct tip_change *changes, size_t count,
                           const struct tip_schema *schema)
{
    enum tip_hold hold;

    if (record->erased != 0) {
        return TIP_HOLD_NONE;
    }
    if (comes_late(record, set)) {
        return TIP_HOLD_ORDER;
    }
    if (is_too_large(record, set, changes, count)) {
        return TIP_HOLD_TOO_LARGE;
    }
    hold =
        record->sibling_count == 0
            ? admit_birth(admission, record->type, changes, count)
            : admit_edit(admission, is_accepted, set, record, changes, count);
    if (hold == TIP_HOLD_NONE) {
        hold = tip_admit_referrals(admission, changes, count);
    }
    if (hold != TIP_HOLD_NONE) {
        return hold;
    }
    return admit_values(record->type, changes, count, schema);
}

enum tip_hold tip_admit_record(const struct tip_admission *admission,
                               const struct tip_change_set *set,
                               const struct tip_record *record,
                               const struct tip_change *changes, size_t count,
                               const struct tip_schema *schema)
{
    return admit(admission, false, set, record, changes, count, schema);
}

enum tip_hold tip_admit_accepted(const struct tip_admission *admission,
                                 const struct tip_change_set *set,
                                 const struct tip_record *record,
                                 const struct tip_change *changes, size_t count,
                                 const struct tip_schema *schema)
{
    return admit(admission, true, set, record, changes, count, schema);
}
