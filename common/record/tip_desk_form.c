#include "tip_desk_form.h"
#include <string.h>

#include "tip_check.h"
#include "tip_field_text.h"

enum { SENTENCE_BYTES = TIP_PROBLEM_TEXT_BYTES };

static struct tip_form_cell *cell_of(const struct tip_form *form,
                                     const struct tip_field *field)
{
    return &form->cells[field - form->type->fields];
}

static struct tip_value values_value(const struct tip_values *self,
                                     const struct tip_field *field)
{
    return cell_of((const struct tip_form *)self, field)->now;
}

static size_t values_elements(const struct tip_values *self,
                              const struct tip_field *field,
                              const uint32_t **out_codes)
{
    const struct tip_form_cell *cell =
        cell_of((const struct tip_form *)self, field);

    *out_codes = cell->has.codes;
    return cell->has.count;
}

void tip_form_complain(const struct tip_desk *desk,
                       struct tip_problems *problems, struct tip_place place,
                       const struct tip_field *field, enum tip_rule rule)
{
    struct tip_breach breach = {.field = field, .rule = rule};
    uint8_t text[SENTENCE_BYTES];
    struct tip_buf buf;

    tip_buf_init(&buf, text, sizeof text);
    tip_breach_format(desk->catalogue, &breach, desk->language, &buf);
    place.column = field->name;
    tip_problems_add(problems, place, "%.*s", (int)buf.size,
                     (const char *)text);
}

static void complain(struct tip_form *form, const struct tip_field *field,
                     enum tip_rule rule)
{
    tip_form_complain(form->desk, form->problems, form->place, field, rule);
}

/* May @field be written from here? */
static enum tip_err check_class(struct tip_form *form,
                                const struct tip_field *field)
{
    struct tip_place place = form->place;

    place.column = field->name;
    switch (field->class) {
    case TIP_CLASS_FACT:
        return TIP_OK;
    case TIP_CLASS_IDENTITY:
        if (form->desk->keys != NULL) {
            return TIP_OK;
        }
        tip_problems_add(form->problems, place,
                         "An identity is entered at an office that holds the "
                         "record, where its keys are.");
        return TIP_ESEALED;
    case TIP_CLASS_SEALED:
        break;
    }
    tip_problems_add(form->problems, place,
                     "This is for the integrity panel alone.");
    return TIP_ESEALED;
}

/* What the record holds in the set @field. */
static enum tip_err load_set(struct tip_form *form,
                             const struct tip_field *field,
                             struct tip_form_cell *cell)
{
    struct tip_cell all = tip_record_field(&form->view, field->number);
    struct tip_form_set set = {.count = 0};

    set.codes =
        tip_arena_alloc_array(form->arena, all.count, sizeof *set.codes);
    if (set.codes == NULL) {
        return TIP_ENOMEM;
    }
    for (size_t i = 0; i < all.count; i++) {
        uint64_t element = all.siblings[i].element;
        bool is_listed =
            set.count != 0 && set.codes[set.count - 1] == (uint32_t)element;

        if (!is_listed && element <= UINT32_MAX &&
            tip_merge_contains(&form->view, field->number, element)) {
            set.codes[set.count++] = (uint32_t)element;
        }
    }
    cell->had = cell->has = set;
    return TIP_OK;
}

/* What the record shows in @field, opened where we can. */
static enum tip_err load_value(struct tip_form *form,
                               const struct tip_field *field,
                               struct tip_form_cell *cell)
{
    struct tip_reading reading = tip_merge_read(
        &form->view, tip_record_cell(&form->view, field->number, 0),
        form->desk->schema);
    enum tip_err err = TIP_OK;

    if (reading.shown == NULL) {
        return TIP_OK;
    }
    cell->was = reading.shown->value;
    cell->was_parallel = reading.parallel;
    if (cell->was.kind == TIP_VALUE_OPAQUE &&
        field->class == TIP_CLASS_IDENTITY) {
        err = tip_desk_ring_open(&form->ring, field->number, 0, cell->was.bytes,
                                 &cell->was);
    }
    cell->now = cell->was;
    return err == TIP_ESEALED ? TIP_OK : err;
}

/* Which rules are broken already. */
static enum tip_err note_broken(struct tip_form *form)
{
    size_t fields = form->type->field_count;
    struct tip_breach *breaches =
        tip_arena_alloc_array(form->arena, fields, sizeof *breaches);
    size_t count;

    form->broken =
        tip_arena_alloc_array(form->arena, fields, sizeof *form->broken);
    if (breaches == NULL || form->broken == NULL) {
        return TIP_ENOMEM;
    }
    if (form->is_new) {
        return TIP_OK;
    }
    count = tip_check_record(form->type, &form->base,
                             tip_desk_today(form->desk), breaches, fields);
    for (size_t i = 0; i < count; i++) {
        form->broken[breaches[i].field - form->type->fields] = breaches[i].rule;
    }
    return TIP_OK;
}

static enum tip_err load(struct tip_form *form)
{
    const struct tip_type *type = form->type;
    enum tip_err err = TIP_OK;

    form->cells = tip_arena_alloc_array(form->arena, type->field_count,
                                        sizeof *form->cells);
    if (form->cells == NULL) {
        return TIP_ENOMEM;
    }
    for (size_t i = 0; i < type->field_count && err == TIP_OK; i++) {
        const struct tip_field *field = &type->fields[i];

        err = field->kind == TIP_KIND_SET
                  ? load_set(form, field, &form->cells[i])
                  : load_value(form, field, &form->cells[i]);
    }
    return err == TIP_OK ? note_broken(form) : err;
}

enum tip_err tip_form_init(struct tip_form *form, struct tip_desk *desk,
                           struct tip_arena *arena,
                           const struct tip_record *view,
                           struct tip_problems *problems,
                           struct tip_place place)
{
    *form = (struct tip_form){
        .base = {.value = values_value, .elements = values_elements},
        .desk = desk,
        .arena = arena,
        .view = *view,
        .is_new = view->sibling_count == 0,
        .problems = problems,
        .place = place};
    tip_desk_ring_init(&form->ring, desk, &form->view, arena);
    form->type = desk->catalogue == NULL
                     ? NULL
                     : tip_catalogue_type(desk->catalogue, view->type);
    return form->type == NULL ? TIP_EUNKNOWN_TYPE : load(form);
}

void tip_form_deinit(struct tip_form *form)
{
    tip_desk_ring_wipe(&form->ring);
}

/* @set with @code, or without it, in memory of its own. */
static enum tip_err set_with(struct tip_arena *arena, struct tip_form_set *set,
                             uint32_t code, bool is_in)
{
    struct tip_form_set next = {.count = 0};
    size_t at = 0;

    next.codes =
        tip_arena_alloc_array(arena, set->count + 1, sizeof *next.codes);
    if (next.codes == NULL) {
        return TIP_ENOMEM;
    }
    for (; at < set->count && set->codes[at] < code; at++) {
        next.codes[next.count++] = set->codes[at];
    }
    if (is_in) {
        next.codes[next.count++] = code;
    }
    if (at < set->count && set->codes[at] == code) {
        at++;
    }
    for (; at < set->count; at++) {
        next.codes[next.count++] = set->codes[at];
    }
    *set = next;
    return TIP_OK;
}

static bool set_contains(const struct tip_form_set *set, uint32_t code)
{
    for (size_t i = 0; i < set->count; i++) {
        if (set->codes[i] == code) {
            return true;
        }
    }
    return false;
}

/* Codes that are retired may stay where they are and may go. */
static enum tip_rule check_element(const struct tip_form *form,
                                   const struct tip_field *field, uint32_t code)
{
    struct tip_value value = {.kind = TIP_VALUE_CODE, .code = code};

    return set_contains(&cell_of(form, field)->had, code)
               ? TIP_RULE_KEPT
               : tip_check_entered(field, &value);
}

static enum tip_err put_set(struct tip_form *form,
                            const struct tip_field *field,
                            const struct tip_desk_input *input)
{
    struct tip_form_cell *cell = cell_of(form, field);
    uint32_t codes[TIP_FIELD_ELEMENTS_MAX];
    size_t count;
    enum tip_rule rule =
        tip_field_parse_set(field, input->value, codes, &count);

    if (rule == TIP_RULE_KEPT && input->op == TIP_DESK_PUT) {
        cell->has.count = 0;
    }
    for (size_t i = 0; rule == TIP_RULE_KEPT && i < count; i++) {
        bool is_in = input->op != TIP_DESK_REMOVE;

        rule = is_in ? check_element(form, field, codes[i]) : TIP_RULE_KEPT;
        if (rule == TIP_RULE_KEPT &&
            set_with(form->arena, &cell->has, codes[i], is_in) != TIP_OK) {
            return TIP_ENOMEM;
        }
    }
    if (rule != TIP_RULE_KEPT) {
        complain(form, field, rule);
        return TIP_EVALUE;
    }
    cell->is_touched = true;
    return TIP_OK;
}

static void put_value(struct tip_form *form, const struct tip_field *field,
                      const struct tip_value *value)
{
    struct tip_form_cell *cell = cell_of(form, field);

    cell->now = *value;
    cell->sealed = (struct tip_value){.kind = TIP_VALUE_NONE};
    cell->is_touched = true;
}

static const struct tip_field *find_field(struct tip_form *form,
                                          struct tip_bytes name)
{
    const struct tip_field *field = tip_type_field_named(form->type, name);
    struct tip_place place = form->place;

    if (field == NULL) {
        place.column = name;
        tip_problems_add(form->problems, place,
                         "The record type %.*s has no field %.*s.",
                         TIP_SHOWN(form->type->name), TIP_SHOWN(name));
    }
    return field;
}

enum tip_err tip_form_put(struct tip_form *form,
                          const struct tip_desk_input *input)
{
    const struct tip_field *field = find_field(form, input->field);
    struct tip_value value;
    enum tip_rule rule;
    enum tip_err err;

    if (field == NULL) {
        return TIP_EUNKNOWN_FIELD;
    }
    err = check_class(form, field);
    if (err != TIP_OK) {
        return err;
    }
    if (field->kind == TIP_KIND_SET) {
        return put_set(form, field, input);
    }
    rule = input->op != TIP_DESK_PUT
               ? TIP_RULE_KIND
               : tip_field_parse(form->desk->catalogue, field, input->value,
                                 &value);
    if (rule == TIP_RULE_KEPT) {
        rule = tip_check_entered(field, &value);
    }
    if (rule != TIP_RULE_KEPT) {
        complain(form, field, rule);
        return TIP_EVALUE;
    }
    put_value(form, field, &value);
    return TIP_OK;
}

enum tip_err tip_form_put_value(struct tip_form *form,
                                const struct tip_field *field,
                                const struct tip_value *value)
{
    struct tip_form_cell *cell = cell_of(form, field);
    enum tip_err err = check_class(form, field);
    enum tip_rule rule;

    if (err != TIP_OK) {
        return err;
    }
    rule = field->kind == TIP_KIND_SET && value->kind == TIP_VALUE_CODE
               ? check_element(form, field, value->code)
               : tip_check_entered(field, value);
    if (rule != TIP_RULE_KEPT) {
        complain(form, field, rule);
        return TIP_EVALUE;
    }
    if (field->kind != TIP_KIND_SET) {
        put_value(form, field, value);
        return TIP_OK;
    }
    cell->is_touched = true;
    return set_with(form->arena, &cell->has, value->code, true);
}

enum tip_err tip_form_take(struct tip_form *form, const struct tip_field *field,
                           const struct tip_sibling *sibling)
{
    struct tip_value value = sibling->value;
    enum tip_err err = check_class(form, field);

    if (err == TIP_OK && value.kind == TIP_VALUE_OPAQUE) {
        err = tip_desk_ring_open(&form->ring, field->number, sibling->element,
                                 value.bytes, &value);
    }
    if (err == TIP_OK) {
        put_value(form, field, &value);
        cell_of(form, field)->sealed = sibling->value;
    }
    return err;
}
