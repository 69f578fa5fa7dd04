/*
 * The end of a form: calculations, the rules of the whole record, and what
 * differs from before as changes.
 */
#include <stdlib.h>
#include <string.h>

#include "tip_check.h"
#include "tip_desk_form.h"
#include "tip_secret.h"

enum {
    /* A calculation may use another; longer chains than this are settled by
     * the next save. */
    CALCULATION_PASSES = 8
};

/* Can what @field is calculated from be read here? Where an age is sealed, its
 * age group stays as the office that could read it left it. */
static bool is_computable(const struct tip_form *form,
                          const struct tip_field *field)
{
    const struct tip_condition *calculation = field->calculation;

    if (calculation == NULL || field->retired || field->kind == TIP_KIND_SET ||
        (field->class != TIP_CLASS_FACT && form->desk->keys == NULL)) {
        return false;
    }
    for (size_t i = 0; i < calculation->field_count; i++) {
        const struct tip_field *used = calculation->fields[i];

        if (used->kind != TIP_KIND_SET &&
            form->base.value(&form->base, used).kind == TIP_VALUE_OPAQUE) {
            return false;
        }
    }
    return true;
}

/* Compute every calculated field once; has any changed? */
static bool calculate(struct tip_form *form, int32_t today)
{
    bool changed = false;

    for (size_t i = 0; i < form->type->field_count; i++) {
        const struct tip_field *field = form->type->in_order[i];
        struct tip_form_cell *cell = &form->cells[field - form->type->fields];
        struct tip_value value;

        if (!is_computable(form, field)) {
            continue;
        }
        value = tip_condition_compute(field->calculation, &form->base, today,
                                      field);
        if (!tip_value_equal(&value, &cell->now)) {
            cell->now = value;
            changed = true;
        }
    }
    return changed;
}

/* Is a broken rule the fault of who fills in the form? */
static bool is_held_against(const struct tip_form *form,
                            const struct tip_breach *breach)
{
    size_t i = (size_t)(breach->field - form->type->fields);

    if (breach->rule == TIP_RULE_REQUIRED &&
        (breach->field->class == TIP_CLASS_SEALED ||
         (breach->field->class == TIP_CLASS_IDENTITY &&
          form->desk->keys == NULL))) {
        return false; /* It cannot be filled in here. */
    }
    return form->is_new || form->cells[i].is_touched ||
           form->broken[i] != breach->rule;
}

static enum tip_err check(struct tip_form *form, int32_t today)
{
    size_t fields = form->type->field_count;
    struct tip_breach *breaches =
        tip_arena_alloc_array(form->arena, fields, sizeof *breaches);
    enum tip_err err = TIP_OK;
    size_t count;

    if (breaches == NULL) {
        return TIP_ENOMEM;
    }
    count = tip_check_record(form->type, &form->base, today, breaches, fields);
    for (size_t i = 0; i < count; i++) {
        if (is_held_against(form, &breaches[i])) {
            tip_form_complain(form->desk, form->problems, form->place,
                              breaches[i].field, breaches[i].rule);
            err = TIP_EVALUE;
        }
    }
    return err;
}

/* The changes while they are collected. */
struct output {
    struct tip_form *form;
    struct tip_change *changes;
    size_t count;
    size_t capacity;
    struct tip_ring_use use;
    bool has_use;
};

static bool differs(const struct tip_form_cell *cell)
{
    if (!tip_value_equal(&cell->was, &cell->now)) {
        return true;
    }
    return cell->is_touched && cell->was_parallel; /* Deciding is writing. */
}

static void put(struct output *output, uint32_t field, uint64_t element,
                const struct tip_value *value)
{
    output->changes[output->count++] = (struct tip_change){
        .field = field, .element = element, .value = *value};
}

/* Write the elements in which @had and @has differ, in their order. */
static void put_set(struct output *output, const struct tip_field *field,
                    const struct tip_form_cell *cell)
{
    const struct tip_form_set *had = &cell->had;
    const struct tip_form_set *has = &cell->has;
    size_t h = 0;
    size_t n = 0;

    while (h < had->count || n < has->count) {
        bool only_had = n == has->count ||
                        (h < had->count && had->codes[h] < has->codes[n]);
        bool only_has = h == had->count ||
                        (n < has->count && has->codes[n] < had->codes[h]);
        struct tip_value value = {.kind = only_had ? TIP_VALUE_NONE
                                                   : TIP_VALUE_MEMBER};

        if (only_had || only_has) {
            put(output, field->number, only_had ? had->codes[h] : has->codes[n],
                &value);
        }
        h += !only_has;
        n += !only_had;
    }
}

static enum tip_err put_scalar(struct output *output,
                               const struct tip_field *field,
                               const struct tip_form_cell *cell)
{
    struct tip_form *form = output->form;
    struct tip_value value = cell->now;
    enum tip_err err = TIP_OK;

    if (cell->sealed.kind != TIP_VALUE_NONE) {
        value = cell->sealed;
    } else if (field->class != TIP_CLASS_FACT && value.kind != TIP_VALUE_NONE) {
        err = tip_desk_ring_seal(&form->ring, &output->use, field->number,
                                 &cell->now, &value);
    }
    if (err == TIP_OK) {
        put(output, field->number, 0, &value);
    }
    return err;
}

static enum tip_err put_fields(struct output *output)
{
    const struct tip_form *form = output->form;
    enum tip_err err = TIP_OK;

    for (size_t i = 0; i < form->type->field_count && err == TIP_OK; i++) {
        const struct tip_field *field = &form->type->fields[i];
        const struct tip_form_cell *cell = &form->cells[i];

        if (field->kind == TIP_KIND_SET) {
            put_set(output, field, cell);
        } else if (differs(cell)) {
            err = put_scalar(output, field, cell);
        }
    }
    return err;
}

static void put_offices(struct output *output)
{
    const struct tip_form *form = output->form;
    struct tip_value member = {.kind = TIP_VALUE_MEMBER};

    for (size_t i = 0; i < form->office_count; i++) {
        put(output, TIP_FIELD_OFFICES, form->offices[i], &member);
    }
}

/* Wrap the key in use for office @office, if it can be and is not yet. */
static enum tip_err put_wrap(struct output *output, uint64_t office)
{
    struct tip_change change;
    enum tip_err err;

    if (office == output->form->desk->office || office == TIP_OFFICE_ALL ||
        office > TIP_OFFICE_MAX) {
        return TIP_OK;
    }
    err = tip_desk_ring_wrap(&output->form->ring, &output->use,
                             (uint32_t)office, &change);
    if (err == TIP_OK) {
        put(output, change.field, change.element, &change.value);
    }
    return err == TIP_EEXISTS || err == TIP_ENOTFOUND ? TIP_OK : err;
}

static int compare_changes(const void *left, const void *right)
{
    const struct tip_change *a = left;
    const struct tip_change *b = right;

    if (a->field != b->field) {
        return a->field < b->field ? -1 : 1;
    }
    return a->element < b->element ? -1 : a->element > b->element;
}

/* The salt of a new key, and the key for everybody who holds the record. */
static enum tip_err put_keys(struct output *output)
{
    const struct tip_form *form = output->form;
    struct tip_cell held = tip_record_field(&form->view, TIP_FIELD_OFFICES);
    size_t first = output->count;
    enum tip_err err = TIP_OK;

    if (!output->has_use) {
        return TIP_OK;
    }
    if (output->use.is_new) {
        uint8_t *salt = tip_arena_alloc(form->arena, TIP_RECORD_SALT_SIZE);
        struct tip_value value = {.kind = TIP_VALUE_OPAQUE};

        if (salt == NULL) {
            return TIP_ENOMEM;
        }
        memcpy(salt, output->use.salt.bytes, TIP_RECORD_SALT_SIZE);
        value.bytes = tip_bytes(salt, TIP_RECORD_SALT_SIZE);
        put(output, TIP_FIELD_KEY_SALT,
            tip_record_key_element(&output->use.own.name), &value);
        first++;
    }
    for (size_t i = 0; i < form->office_count && err == TIP_OK; i++) {
        err = put_wrap(output, form->offices[i]);
    }
    for (size_t i = 0; i < held.count && err == TIP_OK; i++) {
        if (held.siblings[i].value.kind == TIP_VALUE_MEMBER &&
            (i == 0 ||
             held.siblings[i - 1].element != held.siblings[i].element)) {
            err = put_wrap(output, held.siblings[i].element);
        }
    }
    if (output->count > first) {
        qsort(output->changes + first, output->count - first,
              sizeof *output->changes, compare_changes);
    }
    return err;
}

static bool sets_differ(const struct tip_form_cell *cell)
{
    if (cell->had.count != cell->has.count) {
        return true;
    }
    for (size_t i = 0; i < cell->had.count; i++) {
        if (cell->had.codes[i] != cell->has.codes[i]) {
            return true;
        }
    }
    return false;
}

/* Did a person change any field? What was calculated anew meanwhile, as an age
 * from today's date, is no reason for a save of its own. */
static bool is_filled_in(const struct tip_form *form)
{
    for (size_t i = 0; i < form->type->field_count; i++) {
        const struct tip_form_cell *cell = &form->cells[i];

        if (form->type->fields[i].kind == TIP_KIND_SET
                ? sets_differ(cell)
                : cell->is_touched && differs(cell)) {
            return true;
        }
    }
    return form->is_new;
}

/* Make room for all that may be written. */
static enum tip_err make_room(struct output *output)
{
    const struct tip_form *form = output->form;
    size_t capacity = 2 + TIP_FORM_RESERVED_MAX + 2 * form->office_count +
                      tip_record_field(&form->view, TIP_FIELD_OFFICES).count;

    for (size_t i = 0; i < form->type->field_count; i++) {
        capacity += 1 + form->cells[i].had.count + form->cells[i].has.count;
    }
    output->changes =
        tip_arena_alloc_array(form->arena, capacity, sizeof *output->changes);
    return output->changes == NULL ? TIP_ENOMEM : TIP_OK;
}

/* Have a key ready if anything is to be sealed. */
static enum tip_err take_key(struct output *output)
{
    struct tip_form *form = output->form;

    for (size_t i = 0; i < form->type->field_count && !output->has_use; i++) {
        const struct tip_form_cell *cell = &form->cells[i];

        output->has_use = form->type->fields[i].class != TIP_CLASS_FACT &&
                          cell->now.kind != TIP_VALUE_NONE &&
                          cell->sealed.kind == TIP_VALUE_NONE && differs(cell);
    }
    return output->has_use ? tip_desk_ring_use(&form->ring, &output->use)
                           : TIP_OK;
}

/* What was put into fields of ours, before those of keys or behind them. */
static void put_reserved(struct output *output, bool is_behind_keys)
{
    const struct tip_form *form = output->form;

    for (size_t i = 0; i < form->reserved_count; i++) {
        const struct tip_change *change = &form->reserved[i];

        if ((change->field > TIP_FIELD_KEY_WRAP) == is_behind_keys) {
            put(output, change->field, change->element, &change->value);
        }
    }
}

static enum tip_err write_out(struct output *output)
{
    enum tip_err err = make_room(output);

    if (err == TIP_OK) {
        err = take_key(output);
    }
    if (err != TIP_OK) {
        return err;
    }
    put_reserved(output, false);
    put_offices(output);
    err = put_keys(output);
    put_reserved(output, true);
    return err == TIP_OK ? put_fields(output) : err;
}

enum tip_err tip_form_finish(struct tip_form *form,
                             const struct tip_change **out_changes,
                             size_t *out_count)
{
    struct output output = {.form = form};
    int32_t today = tip_desk_today(form->desk);
    enum tip_err err = TIP_OK;

    if (is_filled_in(form)) {
        for (int i = 0; i < CALCULATION_PASSES && calculate(form, today); i++) {
        }
        err = check(form, today);
    } else if (form->reserved_count == 0) {
        *out_count = 0;
        return TIP_OK;
    }
    if (err == TIP_OK) {
        err = write_out(&output);
    }
    tip_secret_wipe(&output.use, sizeof output.use);
    if (err == TIP_OK) {
        *out_changes = output.changes;
        *out_count = output.count;
    }
    return err;
}
