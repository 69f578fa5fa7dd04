/* survey.csv, second pass: what names other fields and record types. */
#include <string.h>

#include "tip_condition.h"
#include "tip_loader.h"

enum tip_err tip_load_condition(struct tip_loader *loader,
                                const struct tip_sheet *sheet,
                                const struct tip_sheet_row *row,
                                const char *column,
                                const struct tip_condition_scope *scope,
                                const struct tip_condition **out_condition)
{
    struct tip_bytes text = tip_sheet_cell(sheet, row, column);
    struct tip_condition_fault fault = {0};
    enum tip_err err;

    *out_condition = NULL;
    if (text.size == 0) {
        return TIP_OK;
    }
    err = tip_condition_compile(loader->arena, text, scope, out_condition,
                                &fault);
    if (err == TIP_ECATALOGUE) {
        tip_problems_add(loader->problems, tip_sheet_place(sheet, row, column),
                         "At character %zu: %s", fault.at, fault.text);
        return TIP_OK;
    }
    return err;
}

/* "reference TYPE"; plain "reference" is one to any record. */
static void set_target(struct tip_loader *loader,
                       const struct tip_sheet_row *row, struct tip_field *field)
{
    struct tip_bytes text = tip_sheet_cell(&loader->survey, row, "type");
    struct tip_bytes name;

    (void)tip_sheet_word(&text);
    name = tip_sheet_word(&text);
    if (field->kind != TIP_KIND_REFERENCE || name.size == 0) {
        return;
    }
    field->target = tip_catalogue_type_named(loader->catalogue, name);
    if (field->target == NULL) {
        tip_problems_add(loader->problems,
                         tip_sheet_place(&loader->survey, row, "type"),
                         "There is no record type \"%.*s\".", TIP_SHOWN(name));
    }
}

/* The name in "parent = ${name}"; empty if it is not that. */
static struct tip_bytes filter_field(struct tip_bytes filter)
{
    static const char *const parts[] = {"parent", "=", "${"};
    size_t at = 0;
    size_t end;

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        size_t size = strlen(parts[i]);

        while (at < filter.size && filter.data[at] == ' ') {
            at++;
        }
        if (filter.size - at < size ||
            memcmp(filter.data + at, parts[i], size) != 0) {
            return TIP_BYTES_NONE;
        }
        at += size;
    }
    end = at;
    while (end < filter.size && filter.data[end] != '}') {
        end++;
    }
    return end + 1 == filter.size ? tip_bytes(filter.data + at, end - at)
                                  : TIP_BYTES_NONE;
}

static bool parents_are_in(const struct tip_list *list,
                           const struct tip_list *parents)
{
    for (size_t i = 0; i < list->code_count; i++) {
        const struct tip_code *code = &list->codes[i];

        if (code->parent != NULL && code->parent_of != parents) {
            return false;
        }
    }
    return true;
}

static void set_filter(struct tip_loader *loader,
                       const struct tip_sheet_row *row, struct tip_field *field)
{
    struct tip_bytes filter =
        tip_sheet_cell(&loader->survey, row, "choice_filter");
    struct tip_place place =
        tip_sheet_place(&loader->survey, row, "choice_filter");
    struct tip_bytes name = filter_field(filter);

    if (filter.size == 0) {
        return;
    }
    field->within = tip_type_field_named(field->type, name);
    if (field->kind != TIP_KIND_CODE || field->list == NULL ||
        field->within == NULL || field->within->kind != TIP_KIND_CODE) {
        tip_problems_add(loader->problems, place,
                         "Write parent = ${field}, where both fields are "
                         "select_one.");
    } else if (!parents_are_in(field->list, field->within->list)) {
        tip_problems_add(loader->problems, place,
                         "Not every parent in the list \"%.*s\" is a code of "
                         "the field it names.",
                         TIP_SHOWN(field->list->name));
    }
}

static enum tip_err take_expressions(struct tip_loader *loader,
                                     const struct tip_sheet_row *row,
                                     struct tip_field *field)
{
    const struct tip_sheet *sheet = &loader->survey;
    struct tip_condition_scope scope = {.catalogue = loader->catalogue,
                                        .type = field->type,
                                        .facts_only =
                                            field->class == TIP_CLASS_FACT};
    enum tip_err err = tip_load_condition(loader, sheet, row, "relevant",
                                          &scope, &field->relevant);

    if (err != TIP_OK) {
        return err;
    }
    scope.self = field;
    err = tip_load_condition(loader, sheet, row, "constraint", &scope,
                             &field->constraint);
    if (err != TIP_OK) {
        return err;
    }
    /* A fact may be calculated from an identity, as an age group from an age:
     * that is done where the identity is open. */
    scope.self = NULL;
    scope.facts_only = false;
    scope.result = field;
    return tip_load_condition(loader, sheet, row, "calculation", &scope,
                              &field->calculation);
}

enum tip_err tip_load_expressions(struct tip_loader *loader)
{
    /* Conditions on a list that is missing would only repeat that fault. */
    for (size_t i = 0; i < loader->field_count; i++) {
        if (loader->fields[i].kind == TIP_KIND_CODE ||
            loader->fields[i].kind == TIP_KIND_SET) {
            if (loader->fields[i].list == NULL) {
                return TIP_OK;
            }
        }
    }
    for (size_t i = 0; i < loader->field_count; i++) {
        enum tip_err err;

        set_target(loader, loader->field_rows[i], &loader->fields[i]);
        set_filter(loader, loader->field_rows[i], &loader->fields[i]);
        err =
            take_expressions(loader, loader->field_rows[i], &loader->fields[i]);
        if (err != TIP_OK) {
            return err;
        }
    }
    return TIP_OK;
}
