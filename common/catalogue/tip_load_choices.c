/* choices.csv: the lists of codes. */
#include <stdlib.h>
#include <string.h>

#include "tip_loader.h"
#include "tip_pointers.h"

enum { LISTS_MAX = 512 };

/* A code on its way into its list. */
struct draft {
    struct tip_code code;
    size_t list;
    size_t order; /* Within choices.csv. */
    const struct tip_sheet_row *row;
    struct tip_code *home; /* In the catalogue, once laid out. */
};

struct drafts {
    struct draft *items; /* By list, then number. */
    size_t count;
    struct tip_list *lists;
    size_t list_count;
};

static int compare_drafts(const void *left, const void *right)
{
    const struct draft *a = left;
    const struct draft *b = right;

    if (a->list != b->list) {
        return a->list < b->list ? -1 : 1;
    }
    if (a->code.number != b->code.number) {
        return a->code.number < b->code.number ? -1 : 1;
    }
    return a->order < b->order ? -1 : a->order > b->order;
}

/* Names stand between blanks and semicolons in sets, in quotes in conditions.
 */
static bool code_name_is_good(struct tip_bytes name)
{
    for (size_t i = 0; i < name.size; i++) {
        if (name.data[i] <= ' ' || strchr(";,\"'", name.data[i]) != NULL) {
            return false;
        }
    }
    return name.size != 0 && name.size <= 64;
}

/* The index of the list called @name, added if it is new. */
static size_t find_list(struct drafts *drafts, struct tip_bytes name)
{
    /* From the end: rows of one list mostly adjoin. */
    for (size_t i = drafts->list_count; i > 0; i--) {
        if (tip_bytes_equal(drafts->lists[i - 1].name, name)) {
            return i - 1;
        }
    }
    if (drafts->list_count == LISTS_MAX) {
        return LISTS_MAX;
    }
    drafts->lists[drafts->list_count].name = name;
    return drafts->list_count++;
}

static enum tip_err take_code(struct tip_loader *loader, struct drafts *drafts,
                              const struct tip_sheet_row *row)
{
    const struct tip_sheet *sheet = &loader->choices;
    struct tip_bytes name = tip_sheet_cell(sheet, row, "name");
    struct tip_bytes list_name = tip_sheet_cell(sheet, row, "list_name");
    struct draft *draft = &drafts->items[drafts->count];
    struct tip_code *code = &draft->code;

    if (list_name.size == 0) {
        tip_problems_add(loader->problems,
                         tip_sheet_place(sheet, row, "list_name"),
                         "The name of the list is missing.");
        return TIP_OK;
    }
    if (!code_name_is_good(name)) {
        tip_problems_add(loader->problems, tip_sheet_place(sheet, row, "name"),
                         "A code is named by 1 to 64 characters without "
                         "blanks, commas, semicolons or quotation marks.");
    }
    code->number =
        tip_sheet_number(sheet, row, "number", true, loader->problems);
    code->rank = tip_sheet_number(sheet, row, "rank", false, loader->problems);
    code->retired = tip_sheet_flag(sheet, row, "retired", loader->problems);
    draft->list = find_list(drafts, list_name);
    draft->order = drafts->count;
    draft->row = row;
    if (draft->list == LISTS_MAX) {
        tip_problems_add(loader->problems,
                         tip_sheet_place(sheet, row, "list_name"),
                         "There are more than %d lists.", LISTS_MAX);
        return TIP_OK;
    }
    drafts->count++;
    if (tip_arena_copy(loader->arena, name, &code->name) != TIP_OK) {
        return TIP_ENOMEM;
    }
    return tip_load_label(loader, sheet, row, "label", &code->label);
}

static int compare_names(const void *left, const void *right)
{
    const struct tip_code *const *a = left;
    const struct tip_code *const *b = right;

    return tip_bytes_compare((*a)->name, (*b)->name);
}

static int compare_orders(const void *left, const void *right)
{
    const struct draft *const *a = left;
    const struct draft *const *b = right;

    return (*a)->order < (*b)->order ? -1 : (*a)->order > (*b)->order;
}

static void add_twice(struct tip_loader *loader, const struct draft *draft,
                      const struct draft *other, const char *column)
{
    tip_problems_add(loader->problems,
                     tip_sheet_place(&loader->choices, draft->row, column),
                     "Row %zu of the same list has this %s: each is given "
                     "once, for good.",
                     other->row->row, column);
}

/* Sorted by number, so equal numbers adjoin. */
static void check_numbers(struct tip_loader *loader,
                          const struct drafts *drafts)
{
    for (size_t i = 1; i < drafts->count; i++) {
        const struct draft *draft = &drafts->items[i];

        if (draft->list == draft[-1].list && draft->code.number != 0 &&
            draft->code.number == draft[-1].code.number) {
            add_twice(loader, draft, &draft[-1], "number");
        }
    }
}

static void check_names(struct tip_loader *loader, const struct draft *drafts,
                        const struct tip_list *list)
{
    for (size_t i = 1; i < list->code_count; i++) {
        const struct tip_code *code = list->by_name[i];
        const struct tip_code *before = list->by_name[i - 1];

        if (tip_bytes_equal(code->name, before->name)) {
            add_twice(loader, &drafts[code - list->codes],
                      &drafts[before - list->codes], "name");
        }
    }
}

/* Lay out @list, whose codes are the @count @drafts, sorted by number. */
static enum tip_err fill_list(struct tip_loader *loader, struct draft *drafts,
                              size_t count, struct tip_list *list)
{
    struct tip_code *codes =
        tip_arena_alloc_array(loader->arena, count, sizeof *codes);
    const struct tip_code **by_name = tip_pointers_alloc(loader->arena, count);
    const struct tip_code **in_order = tip_pointers_alloc(loader->arena, count);
    const struct draft **ordered = tip_pointers_alloc(loader->scratch, count);

    if (codes == NULL || by_name == NULL || in_order == NULL ||
        ordered == NULL ||
        tip_arena_copy(loader->arena, list->name, &list->name) != TIP_OK) {
        return TIP_ENOMEM;
    }
    for (size_t i = 0; i < count; i++) {
        codes[i] = drafts[i].code;
        drafts[i].home = &codes[i];
        by_name[i] = &codes[i];
        ordered[i] = &drafts[i];
    }
    qsort(by_name, count, sizeof(const struct tip_code *), compare_names);
    qsort(ordered, count, sizeof(const struct draft *), compare_orders);
    for (size_t i = 0; i < count; i++) {
        in_order[i] = ordered[i]->home;
    }
    list->codes = codes;
    list->code_count = count;
    list->by_name = by_name;
    list->in_order = in_order;
    check_names(loader, drafts, list);
    return TIP_OK;
}

static enum tip_err fill_lists(struct tip_loader *loader,
                               const struct drafts *drafts)
{
    size_t first = 0;

    for (size_t list = 0; list < drafts->list_count; list++) {
        size_t end = first;
        enum tip_err err;

        while (end < drafts->count && drafts->items[end].list == list) {
            end++;
        }
        err = fill_list(loader, &drafts->items[first], end - first,
                        &drafts->lists[list]);
        if (err != TIP_OK) {
            return err;
        }
        first = end;
    }
    return TIP_OK;
}

/* "wilaya.MR01": the code MR01 of the list wilaya. */
static void set_parent(struct tip_loader *loader,
                       const struct tip_sheet_row *row, struct tip_code *code)
{
    const struct tip_sheet *sheet = &loader->choices;
    struct tip_bytes cell = tip_sheet_cell(sheet, row, "parent");
    size_t dot = 0;

    while (dot < cell.size && cell.data[dot] != '.') {
        dot++;
    }
    if (cell.size == 0) {
        return;
    }
    code->parent_of =
        tip_catalogue_list_named(loader->catalogue, tip_bytes(cell.data, dot));
    if (code->parent_of != NULL && dot < cell.size) {
        code->parent = tip_list_code_named(
            code->parent_of,
            tip_bytes(cell.data + dot + 1, cell.size - dot - 1));
    }
    if (code->parent == NULL) {
        tip_problems_add(loader->problems,
                         tip_sheet_place(sheet, row, "parent"),
                         "\"%.*s\" is not LIST.NAME of a code in this file.",
                         TIP_SHOWN(cell));
    }
}

static void set_parents(struct tip_loader *loader, const struct drafts *drafts)
{
    for (size_t i = 0; i < drafts->count; i++) {
        set_parent(loader, drafts->items[i].row, drafts->items[i].home);
    }
}

enum tip_err tip_load_choices(struct tip_loader *loader)
{
    static const char *const known[] = {
        "list_name", "name", "number", "rank", "parent", "retired", NULL};
    const struct tip_sheet *sheet = &loader->choices;
    struct drafts drafts = {0};
    enum tip_err err = TIP_OK;

    tip_load_columns(loader, sheet, known);
    drafts.items = tip_arena_alloc_array(loader->scratch, sheet->row_count,
                                         sizeof *drafts.items);
    drafts.lists =
        tip_arena_alloc_array(loader->arena, LISTS_MAX, sizeof *drafts.lists);
    if (drafts.items == NULL || drafts.lists == NULL) {
        return TIP_ENOMEM;
    }
    for (size_t i = 0; i < sheet->row_count && err == TIP_OK; i++) {
        err = take_code(loader, &drafts, &sheet->rows[i]);
    }
    if (err != TIP_OK) {
        return err;
    }
    qsort(drafts.items, drafts.count, sizeof *drafts.items, compare_drafts);
    check_numbers(loader, &drafts);
    err = fill_lists(loader, &drafts);
    loader->catalogue->lists = drafts.lists;
    loader->catalogue->list_count = drafts.list_count;
    if (err == TIP_OK) {
        set_parents(loader, &drafts);
    }
    return err;
}
