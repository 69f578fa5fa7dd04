/*
 * survey.csv, first pass: record types, their sections and fields.
 *
 * A group is a record type, a group within it a section. Fields of all types
 * lie in one array, those of a type adjoin.
 */
#include <stdlib.h>
#include <string.h>

#include "tip_change.h"
#include "tip_loader.h"
#include "tip_pointers.h"

/* Far above the 60 types of some 40 fields that the country needs. */
enum { TYPES_MAX = 512, FIELDS_PER_TYPE_MAX = 1000 };

/* Where the walk through the rows is. */
struct walk {
    struct tip_loader *loader;
    const struct tip_sheet_row *row;
    struct tip_type *types;
    size_t type_count;
    struct tip_type *type;       /* Open group; or NULL. */
    struct tip_section *section; /* Open group within it; or NULL. */
    size_t first_field;          /* Of the open type. */
};

static void add_fault(const struct walk *walk, const char *column,
                      const char *sentence)
{
    tip_problems_add(walk->loader->problems,
                     tip_sheet_place(&walk->loader->survey, walk->row, column),
                     "%s", sentence);
}

static struct tip_bytes cell(const struct walk *walk, const char *column)
{
    return tip_sheet_cell(&walk->loader->survey, walk->row, column);
}

/* Numbers below 16 are ours in types as in fields. */
static uint32_t take_number(const struct walk *walk)
{
    uint32_t number = tip_sheet_number(&walk->loader->survey, walk->row,
                                       "number", true, walk->loader->problems);

    if (number != 0 && number < TIP_FIELD_FIRST) {
        add_fault(walk, "number", "Numbers below 16 are reserved.");
    }
    return number;
}

static enum tip_err begin_type(struct walk *walk)
{
    struct tip_loader *loader = walk->loader;
    struct tip_type *type = &walk->types[walk->type_count++];

    walk->type = type;
    walk->first_field = loader->field_count;
    type->number = take_number(walk);
    type->name = cell(walk, "name");
    type->retired =
        tip_sheet_flag(&loader->survey, walk->row, "retired", loader->problems);
    (void)tip_load_name_is_good(loader, &loader->survey, walk->row, type->name);
    for (const struct tip_type *t = walk->types; t < type; t++) {
        if (tip_bytes_equal(t->name, type->name)) {
            add_fault(walk, "name", "Another record type has this name.");
        }
        if (t->number == type->number && t->number != 0) {
            add_fault(walk, "number", "Another record type has this number.");
        }
    }
    if (tip_arena_copy(loader->arena, type->name, &type->name) != TIP_OK ||
        tip_load_label(loader, &loader->survey, walk->row, "hint",
                       &type->hint) != TIP_OK) {
        return TIP_ENOMEM;
    }
    return tip_load_label(loader, &loader->survey, walk->row, "label",
                          &type->label);
}

static enum tip_err begin_section(struct walk *walk)
{
    struct tip_loader *loader = walk->loader;
    struct tip_section *section =
        tip_arena_alloc(loader->arena, sizeof *section);

    if (section == NULL || tip_arena_copy(loader->arena, cell(walk, "name"),
                                          &section->name) != TIP_OK) {
        return TIP_ENOMEM;
    }
    (void)tip_load_name_is_good(loader, &loader->survey, walk->row,
                                section->name);
    if (cell(walk, "number").size != 0) {
        add_fault(walk, "number",
                  "A group within a record type is a heading: it has no "
                  "number.");
    }
    walk->section = section;
    return tip_load_label(loader, &loader->survey, walk->row, "label",
                          &section->label);
}

static int compare_fields(const void *left, const void *right)
{
    const struct tip_field *a = left;
    const struct tip_field *b = right;

    return a->number < b->number ? -1 : a->number > b->number;
}

/* Fields by number, and an index in the order of the file. */
static enum tip_err end_type(struct walk *walk)
{
    struct tip_loader *loader = walk->loader;
    struct tip_field *fields = &loader->fields[walk->first_field];
    size_t count = loader->field_count - walk->first_field;
    const struct tip_field **in_order =
        tip_pointers_alloc(loader->arena, count);
    const struct tip_sheet_row **rows =
        tip_pointers_alloc(loader->scratch, count);
    uint32_t *numbers =
        tip_arena_alloc_array(loader->scratch, count, sizeof *numbers);

    if (in_order == NULL || rows == NULL || numbers == NULL) {
        return TIP_ENOMEM;
    }
    for (size_t i = 0; i < count; i++) {
        numbers[i] = fields[i].number;
        rows[i] = loader->field_rows[walk->first_field + i];
    }
    qsort(fields, count, sizeof *fields, compare_fields);
    for (size_t i = 0; i < count; i++) {
        size_t at = 0;

        while (fields[at].number != numbers[i]) {
            at++;
        }
        in_order[i] = &fields[at];
        loader->field_rows[walk->first_field + at] = rows[i];
    }
    walk->type->fields = fields;
    walk->type->field_count = count;
    walk->type->in_order = in_order;
    walk->type = NULL;
    if (count == 0) {
        add_fault(walk, "type", "This record type ends without any field.");
    }
    return TIP_OK;
}

static enum tip_err begin_group(struct walk *walk)
{
    if (walk->type == NULL && walk->type_count == TYPES_MAX) {
        add_fault(walk, "type", "There are more than 512 record types.");
        return TIP_OK;
    }
    if (walk->type == NULL) {
        return begin_type(walk);
    }
    if (walk->section != NULL) {
        add_fault(walk, "type", "Groups nest two deep at most.");
        return TIP_OK;
    }
    return begin_section(walk);
}

static enum tip_err end_group(struct walk *walk)
{
    if (walk->section != NULL) {
        walk->section = NULL;
        return TIP_OK;
    }
    if (walk->type == NULL) {
        add_fault(walk, "type", "No group is open here.");
        return TIP_OK;
    }
    return end_type(walk);
}

static void check_field_is_new(const struct walk *walk,
                               const struct tip_field *field)
{
    for (const struct tip_field *f = &walk->loader->fields[walk->first_field];
         f < field; f++) {
        if (tip_bytes_equal(f->name, field->name)) {
            add_fault(walk, "name",
                      "Another field of this record type has this name.");
        }
        if (f->number == field->number && f->number != 0) {
            add_fault(walk, "number",
                      "Another field of this record type has this number.");
        }
    }
}

static enum tip_err take_labels(const struct walk *walk,
                                struct tip_field *field)
{
    struct tip_loader *loader = walk->loader;

    if (tip_load_label(loader, &loader->survey, walk->row, "label",
                       &field->label) != TIP_OK ||
        tip_load_label(loader, &loader->survey, walk->row, "hint",
                       &field->hint) != TIP_OK) {
        return TIP_ENOMEM;
    }
    return tip_load_label(loader, &loader->survey, walk->row,
                          "constraint_message", &field->constraint_message);
}

static enum tip_err take_field(struct walk *walk)
{
    struct tip_loader *loader = walk->loader;
    struct tip_field *field = &loader->fields[loader->field_count];

    if (walk->type == NULL) {
        add_fault(walk, "type",
                  "A field stands outside any record type: put it between "
                  "begin group and end group.");
        return TIP_OK;
    }
    if (loader->field_count - walk->first_field == FIELDS_PER_TYPE_MAX) {
        add_fault(walk, "type", "This record type has more than 1000 fields.");
        return TIP_OK;
    }
    field->type = walk->type;
    field->section = walk->section;
    field->number = take_number(walk);
    field->name = cell(walk, "name");
    (void)tip_load_name_is_good(loader, &loader->survey, walk->row,
                                field->name);
    tip_load_field_properties(loader, walk->row, field);
    check_field_is_new(walk, field);
    loader->field_rows[loader->field_count++] = walk->row;
    if (tip_arena_copy(loader->arena, field->name, &field->name) != TIP_OK) {
        return TIP_ENOMEM;
    }
    return take_labels(walk, field);
}

static enum tip_err take_row(struct walk *walk)
{
    struct tip_bytes type = cell(walk, "type");

    if (tip_bytes_is(type, "begin group") ||
        tip_bytes_is(type, "begin_group")) {
        return begin_group(walk);
    }
    if (tip_bytes_is(type, "end group") || tip_bytes_is(type, "end_group")) {
        return end_group(walk);
    }
    return take_field(walk);
}

static int compare_types(const void *left, const void *right)
{
    const struct tip_type *a = left;
    const struct tip_type *b = right;

    return a->number < b->number ? -1 : a->number > b->number;
}

/* Types by number; their fields point to where they now are. */
static void sort_types(struct walk *walk)
{
    struct tip_catalogue *catalogue = walk->loader->catalogue;

    qsort(walk->types, walk->type_count, sizeof *walk->types, compare_types);
    catalogue->types = walk->types;
    catalogue->type_count = walk->type_count;
    for (size_t t = 0; t < walk->type_count; t++) {
        const struct tip_type *type = &walk->types[t];
        struct tip_field *fields = walk->loader->fields;

        for (size_t i = 0; i < walk->loader->field_count; i++) {
            if (&fields[i] >= type->fields &&
                &fields[i] < type->fields + type->field_count) {
                fields[i].type = type;
            }
        }
    }
}

static enum tip_err walk_rows(struct walk *walk)
{
    const struct tip_sheet *sheet = &walk->loader->survey;

    for (size_t i = 0; i < sheet->row_count; i++) {
        enum tip_err err;

        walk->row = &sheet->rows[i];
        err = take_row(walk);
        if (err != TIP_OK) {
            return err;
        }
    }
    if (walk->type != NULL) {
        add_fault(walk, "type",
                  "A group is still open at the end: add end group.");
        walk->section = NULL;
        return end_type(walk);
    }
    return TIP_OK;
}

enum tip_err tip_load_survey(struct tip_loader *loader)
{
    static const char *const known[] = {
        "type",      "name",        "number",        "class",   "merge",
        "index",     "required",    "relevant",      "retired", "constraint",
        "precision", "calculation", "choice_filter", NULL};
    size_t count = loader->survey.row_count;
    struct walk walk = {.loader = loader};
    enum tip_err err;

    tip_load_columns(loader, &loader->survey, known);
    walk.types =
        tip_arena_alloc_array(loader->arena, count, sizeof *walk.types);
    loader->fields =
        tip_arena_alloc_array(loader->arena, count, sizeof *loader->fields);
    loader->field_rows = tip_pointers_alloc(loader->scratch, count);
    if (walk.types == NULL || loader->fields == NULL ||
        loader->field_rows == NULL) {
        return TIP_ENOMEM;
    }
    err = walk_rows(&walk);
    sort_types(&walk);
    return err;
}
