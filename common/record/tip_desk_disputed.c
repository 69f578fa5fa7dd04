#include "tip_desk_disputed.h"

#include <stdlib.h>
#include <string.h>

#include "tip_clock.h"
#include "tip_desk_show.h"
#include "tip_merge.h"

/* A record whose disputes are counted. */
struct counting {
    struct tip_disputes *disputes;
    const struct tip_record *record;
    uint64_t now_ms;
};

/* The place of a kind, made if there is none; NULL: no more room. */
static struct tip_dispute *place(struct tip_disputes *disputes, uint32_t office,
                                 uint32_t type, uint32_t field)
{
    struct tip_dispute *made;

    for (size_t i = 0; i < disputes->count; i++) {
        struct tip_dispute *dispute = &disputes->items[i];

        if (dispute->office == office && dispute->type == type &&
            dispute->field == field) {
            return dispute;
        }
    }
    if (disputes->count == TIP_DISPUTES_MAX) {
        disputes->are_more = true;
        return NULL;
    }
    made = &disputes->items[disputes->count++];
    *made =
        (struct tip_dispute){.office = office, .type = type, .field = field};
    return made;
}

static void add(struct tip_dispute *dispute, uint64_t age_ms)
{
    if (dispute != NULL) {
        dispute->count++;
        dispute->oldest_ms =
            age_ms > dispute->oldest_ms ? age_ms : dispute->oldest_ms;
    }
}

/* As a holding counts (tip_holding_has): what everybody has is all's alone. */
static bool is_of(const struct tip_record *record, uint64_t office)
{
    return tip_merge_contains(record, TIP_FIELD_OFFICES, office) &&
           (office == TIP_OFFICE_ALL ||
            !tip_merge_contains(record, TIP_FIELD_OFFICES, TIP_OFFICE_ALL));
}

/* One field waits: at every office that holds the record. */
static void add_field(void *self, uint32_t field, uint64_t since_ms)
{
    const struct counting *counting = self;
    const struct tip_record *record = counting->record;
    struct tip_cell offices = tip_record_field(record, TIP_FIELD_OFFICES);
    uint64_t age_ms =
        counting->now_ms > since_ms ? counting->now_ms - since_ms : 0;
    uint64_t newest = UINT64_MAX;

    for (size_t i = 0; i < offices.count; i++) {
        uint64_t office = offices.siblings[i].element;

        if (office == newest || office > UINT32_MAX || !is_of(record, office)) {
            continue; /* Siblings of one office lie side by side. */
        }
        newest = office;
        add(place(counting->disputes, (uint32_t)office, record->type, field),
            age_ms);
    }
}

void tip_disputes_add(struct tip_disputes *disputes,
                      const struct tip_record *record,
                      const struct tip_schema *schema, uint64_t now_ms)
{
    struct counting counting = {
        .disputes = disputes, .record = record, .now_ms = now_ms};

    tip_merge_contest_each(record, schema, add_field, &counting);
}

/* The oldest first; else by number, so that the order is always the same. */
static int by_age(const void *a, const void *b)
{
    const struct tip_dispute *left = a;
    const struct tip_dispute *right = b;

    if (left->oldest_ms != right->oldest_ms) {
        return left->oldest_ms < right->oldest_ms ? 1 : -1;
    }
    if (left->office != right->office) {
        return left->office > right->office ? 1 : -1;
    }
    if (left->type != right->type) {
        return left->type > right->type ? 1 : -1;
    }
    return (left->field > right->field) - (left->field < right->field);
}

void tip_disputes_sort(struct tip_disputes *disputes)
{
    qsort(disputes->items, disputes->count, sizeof *disputes->items, by_age);
}

struct collecting {
    struct tip_desk *desk;
    struct tip_disputes *disputes;
};

static void add_record(void *self, const struct tip_record *record,
                       uint64_t age_ms)
{
    const struct collecting *collecting = self;
    struct tip_desk *desk = collecting->desk;

    (void)age_ms; /* Of the oldest; each field has its own. */
    tip_disputes_add(collecting->disputes, record, desk->schema,
                     desk->clock->now_ms(desk->clock));
}

enum tip_err tip_desk_disputed(struct tip_desk *desk,
                               struct tip_disputes *out_disputes,
                               struct tip_contested *out_all)
{
    struct collecting collecting = {.desk = desk, .disputes = out_disputes};
    enum tip_err err;

    memset(out_disputes, 0, sizeof *out_disputes);
    err = tip_desk_contested(desk, add_record, &collecting, out_all);
    tip_disputes_sort(out_disputes);
    return err;
}

static const struct tip_field *field_of(const struct tip_desk *desk,
                                        const struct tip_dispute *dispute)
{
    const struct tip_type *type =
        tip_catalogue_type(desk->catalogue, dispute->type);

    return type == NULL ? NULL : tip_type_field(type, dispute->field);
}

struct tip_bytes tip_dispute_type(const struct tip_desk *desk,
                                  const struct tip_dispute *dispute)
{
    const struct tip_type *type =
        tip_catalogue_type(desk->catalogue, dispute->type);

    return type == NULL ? TIP_BYTES_NONE : type->name;
}

struct tip_bytes tip_dispute_field(const struct tip_desk *desk,
                                   const struct tip_dispute *dispute)
{
    const struct tip_field *field = field_of(desk, dispute);

    if (dispute->field == TIP_FIELD_DELETED) {
        return tip_bytes_text(TIP_DESK_DELETED);
    }
    return field == NULL ? TIP_BYTES_NONE : field->name;
}

bool tip_dispute_is_for_hub(const struct tip_desk *desk,
                            const struct tip_dispute *dispute)
{
    const struct tip_field *field = field_of(desk, dispute);

    return dispute->field == TIP_FIELD_DELETED ||
           (field != NULL && field->class == TIP_CLASS_FACT);
}
