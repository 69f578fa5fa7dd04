#include "tip_picture.h"

#include <stdlib.h>
#include <string.h>

#include "tip_merge.h"
#include "tip_room.h"

static const struct tip_slot *slot_of(const struct tip_values *self,
                                      const struct tip_field *field)
{
    const struct tip_picture *picture = (const struct tip_picture *)self;
    const struct tip_slots *of = picture->of;

    return &picture->slots[of->by_field[field - of->type->fields]];
}

static struct tip_value see_value(const struct tip_values *self,
                                  const struct tip_field *field)
{
    const struct tip_value *value = slot_of(self, field)->value;

    return value == NULL ? (struct tip_value){.kind = TIP_VALUE_NONE} : *value;
}

static size_t see_elements(const struct tip_values *self,
                           const struct tip_field *field,
                           const uint32_t **out_codes)
{
    const struct tip_slot *slot = slot_of(self, field);

    *out_codes = ((const struct tip_picture *)self)->codes + slot->first_code;
    return slot->code_count;
}

void tip_picture_init(struct tip_picture *picture)
{
    *picture = (struct tip_picture){
        .base = {.value = see_value, .elements = see_elements}};
}

void tip_picture_deinit(struct tip_picture *picture)
{
    free(picture->slots);
    free(picture->codes);
    tip_picture_init(picture);
}

static enum tip_err make_room(struct tip_picture *picture, size_t slot_count,
                              size_t code_count)
{
    struct tip_slot *slots =
        tip_room(picture->slots, slot_count, &picture->slot_max, sizeof *slots);
    uint32_t *codes;

    if (slots == NULL) {
        return TIP_ENOMEM;
    }
    picture->slots = slots;
    codes =
        tip_room(picture->codes, code_count, &picture->code_max, sizeof *codes);
    if (codes == NULL) {
        return TIP_ENOMEM;
    }
    picture->codes = codes;
    return TIP_OK;
}

/* A cell with one sibling, as nearly all are, needs no merge rule. */
static struct tip_reading read_cell(const struct tip_record *record,
                                    struct tip_cell cell,
                                    const struct tip_schema *schema)
{
    if (cell.count == 1) {
        return (struct tip_reading){.shown = cell.siblings};
    }
    return tip_merge_read(record, cell, schema);
}

/* The siblings of the cell that begins at number @at. */
static struct tip_cell cell_at(const struct tip_record *record, size_t at)
{
    const struct tip_sibling *first = &record->siblings[at];
    size_t end = at + 1;

    while (end < record->sibling_count &&
           record->siblings[end].field == first->field &&
           record->siblings[end].element == first->element) {
        end++;
    }
    return (struct tip_cell){.siblings = first, .count = end - at};
}

/* Show one cell of a field: its value, or one element of the set. */
static void show_cell(struct tip_picture *picture, struct tip_slot *slot,
                      const struct tip_field *field,
                      const struct tip_reading *reading)
{
    const struct tip_sibling *shown = reading->shown;
    bool is_blank = shown->value.kind == TIP_VALUE_NONE;

    if (field->kind != TIP_KIND_SET) {
        if (shown->element == 0) {
            slot->value = is_blank ? NULL : &shown->value;
            slot->disputed = reading->parallel;
        }
        return;
    }
    slot->disputed = slot->disputed || reading->parallel;
    if (!is_blank && shown->element <= UINT32_MAX) {
        picture->codes[slot->first_code + slot->code_count++] =
            (uint32_t)shown->element;
    }
}

static void show_fields(struct tip_picture *picture,
                        const struct tip_record *record,
                        const struct tip_schema *schema)
{
    const struct tip_slots *of = picture->of;
    size_t code_count = 0;
    size_t at = 0;

    for (size_t i = 0; i < of->count; i++) {
        const struct tip_field *field = &of->type->fields[of->fields[i]];
        struct tip_slot *slot = &picture->slots[i];

        *slot = (struct tip_slot){.first_code = code_count};
        while (at < record->sibling_count &&
               record->siblings[at].field < field->number) {
            at++;
        }
        while (at < record->sibling_count &&
               record->siblings[at].field == field->number) {
            struct tip_cell cell = cell_at(record, at);
            struct tip_reading reading = read_cell(record, cell, schema);

            show_cell(picture, slot, field, &reading);
            at += cell.count;
        }
        code_count += slot->code_count;
    }
}

enum tip_err tip_picture_take(struct tip_picture *picture,
                              const struct tip_slots *slots,
                              const struct tip_record *record,
                              const struct tip_schema *schema)
{
    enum tip_presence presence =
        record == NULL ? TIP_DELETED : tip_merge_presence(record);
    enum tip_err err;

    picture->of = slots;
    picture->is_present =
        presence == TIP_PRESENT || presence == TIP_DELETED_EDITED;
    picture->disputed = presence == TIP_DELETED_EDITED;
    if (!picture->is_present) {
        return TIP_OK;
    }
    picture->office = record->maker;
    err = make_room(picture, slots->count, record->sibling_count);
    if (err == TIP_OK) {
        show_fields(picture, record, schema);
    }
    return err;
}

bool tip_picture_slot_equal(const struct tip_picture *a,
                            const struct tip_picture *b, size_t slot)
{
    const struct tip_slot *left = &a->slots[slot];
    const struct tip_slot *right = &b->slots[slot];

    if (left->disputed != right->disputed ||
        left->code_count != right->code_count ||
        (left->value == NULL) != (right->value == NULL)) {
        return false;
    }
    if (left->value != NULL && left->value != right->value &&
        !tip_value_equal(left->value, right->value)) {
        return false;
    }
    return left->code_count == 0 ||
           memcmp(a->codes + left->first_code, b->codes + right->first_code,
                  left->code_count * sizeof *a->codes) == 0;
}
