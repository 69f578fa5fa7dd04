/* roles.csv: who may read and write which record types, and how far. */
#include "tip_loader.h"
#include "tip_pointers.h"

/* "*" or names of record types. */
static enum tip_err take_types(struct tip_loader *loader,
                               const struct tip_sheet_row *row,
                               const char *column,
                               const struct tip_type *const **out_types,
                               size_t *out_count)
{
    const struct tip_catalogue *catalogue = loader->catalogue;
    struct tip_bytes text = tip_sheet_cell(&loader->roles, row, column);
    const struct tip_type **types =
        tip_pointers_alloc(loader->arena, catalogue->type_count);
    size_t count = 0;

    if (types == NULL) {
        return TIP_ENOMEM;
    }
    if (tip_bytes_is(text, "*")) {
        while (count < catalogue->type_count) {
            types[count] = &catalogue->types[count];
            count++;
        }
        text.size = 0;
    }
    for (struct tip_bytes name = tip_sheet_word(&text);
         name.size != 0 && count < catalogue->type_count;
         name = tip_sheet_word(&text)) {
        types[count] = tip_catalogue_type_named(catalogue, name);
        if (types[count] == NULL) {
            tip_problems_add(
                loader->problems, tip_sheet_place(&loader->roles, row, column),
                "There is no record type \"%.*s\".", TIP_SHOWN(name));
        } else {
            count++;
        }
    }
    *out_types = types;
    *out_count = count;
    return TIP_OK;
}

static enum tip_err take_role(struct tip_loader *loader,
                              const struct tip_sheet_row *row,
                              struct tip_role *role)
{
    static const char *const scopes[] = {"own", "office", "national",
                                         "aggregate", NULL};
    const struct tip_sheet *sheet = &loader->roles;
    enum tip_err err;

    role->number =
        tip_sheet_number(sheet, row, "number", true, loader->problems);
    role->scope =
        (enum tip_scope)tip_load_choice(loader, sheet, row, "scope", scopes);
    role->identity = tip_sheet_flag(sheet, row, "identity", loader->problems);
    role->sealed = tip_sheet_flag(sheet, row, "sealed", loader->problems);
    role->retired = tip_sheet_flag(sheet, row, "retired", loader->problems);
    (void)tip_load_name_is_good(loader, sheet, row,
                                tip_sheet_cell(sheet, row, "name"));
    err = take_types(loader, row, "read", &role->reads, &role->read_count);
    if (err == TIP_OK) {
        err =
            take_types(loader, row, "write", &role->writes, &role->write_count);
    }
    if (err == TIP_OK) {
        err = tip_arena_copy(loader->arena, tip_sheet_cell(sheet, row, "name"),
                             &role->name);
    }
    if (err == TIP_OK) {
        err = tip_load_label(loader, sheet, row, "label", &role->label);
    }
    return err;
}

static void check_role(struct tip_loader *loader,
                       const struct tip_sheet_row *row,
                       const struct tip_role *roles,
                       const struct tip_role *role)
{
    const struct tip_sheet *sheet = &loader->roles;

    for (const struct tip_role *r = roles; r < role; r++) {
        if (r->number == role->number && r->number != 0) {
            tip_problems_add(loader->problems,
                             tip_sheet_place(sheet, row, "number"),
                             "Another role has this number.");
        }
        if (tip_bytes_equal(r->name, role->name)) {
            tip_problems_add(loader->problems,
                             tip_sheet_place(sheet, row, "name"),
                             "Another role has this name.");
        }
    }
    for (size_t i = 0; i < role->write_count; i++) {
        if (!tip_role_reads(role, role->writes[i])) {
            tip_problems_add(loader->problems,
                             tip_sheet_place(sheet, row, "write"),
                             "Who writes \"%.*s\" must read it too.",
                             TIP_SHOWN(role->writes[i]->name));
        }
    }
    if (role->scope == TIP_SCOPE_AGGREGATE &&
        (role->read_count != 0 || role->identity || role->sealed)) {
        tip_problems_add(loader->problems, tip_sheet_place(sheet, row, "scope"),
                         "A role that sees aggregates alone reads no record.");
    }
}

enum tip_err tip_load_roles(struct tip_loader *loader)
{
    static const char *const known[] = {"number", "name",    "scope",
                                        "read",   "write",   "identity",
                                        "sealed", "retired", NULL};
    const struct tip_sheet *sheet = &loader->roles;
    struct tip_role *roles =
        tip_arena_alloc_array(loader->arena, sheet->row_count, sizeof *roles);

    if (roles == NULL) {
        return TIP_ENOMEM;
    }
    tip_load_columns(loader, sheet, known);
    for (size_t i = 0; i < sheet->row_count; i++) {
        enum tip_err err = take_role(loader, &sheet->rows[i], &roles[i]);

        if (err != TIP_OK) {
            return err;
        }
        check_role(loader, &sheet->rows[i], roles, &roles[i]);
    }
    loader->catalogue->roles = roles;
    loader->catalogue->role_count = sheet->row_count;
    return TIP_OK;
}
