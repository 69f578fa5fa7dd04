/* indicators.csv: what is counted. */
#include <stdlib.h>
#include <string.h>

#include "tip_condition.h"
#include "tip_loader.h"

static void add_fault(struct tip_loader *loader,
                      const struct tip_sheet_row *row, const char *column,
                      const char *sentence)
{
    tip_problems_add(loader->problems,
                     tip_sheet_place(&loader->indicators, row, column), "%s",
                     sentence);
}

/* The field of the indicator's type that @name names; a fault if it has none,
 * or one that the hub cannot read. */
static const struct tip_field *find_fact(struct tip_loader *loader,
                                         const struct tip_sheet_row *row,
                                         const char *column,
                                         const struct tip_type *type,
                                         struct tip_bytes name)
{
    const struct tip_field *field = tip_type_field_named(type, name);
    struct tip_place place = tip_sheet_place(&loader->indicators, row, column);

    if (field == NULL) {
        tip_problems_add(loader->problems, place, "%.*s has no field \"%.*s\".",
                         TIP_SHOWN(type->name), TIP_SHOWN(name));
    } else if (field->class != TIP_CLASS_FACT) {
        tip_problems_add(loader->problems, place,
                         "\"%.*s\" is not a fact: the hub cannot count by it.",
                         TIP_SHOWN(name));
        field = NULL;
    }
    return field;
}

static void take_sum(struct tip_loader *loader, const struct tip_sheet_row *row,
                     struct tip_indicator *indicator, struct tip_bytes name)
{
    indicator->measure = TIP_MEASURE_SUM;
    indicator->measured =
        find_fact(loader, row, "measure", indicator->type, name);
    if (indicator->measured != NULL &&
        indicator->measured->kind != TIP_KIND_INTEGER &&
        indicator->measured->kind != TIP_KIND_AMOUNT) {
        add_fault(loader, row, "measure",
                  "Only integers and amounts can be summed.");
    }
}

static void take_distinct(struct tip_loader *loader,
                          const struct tip_sheet_row *row,
                          struct tip_indicator *indicator,
                          struct tip_bytes name)
{
    indicator->measure = TIP_MEASURE_DISTINCT;
    indicator->measured =
        find_fact(loader, row, "measure", indicator->type, name);
    if (indicator->measured != NULL &&
        indicator->measured->kind != TIP_KIND_REFERENCE &&
        indicator->measured->kind != TIP_KIND_CODE) {
        add_fault(loader, row, "measure",
                  "Only references and codes can be counted as distinct.");
    }
}

/* Two indicators whose cells can be divided one by one. */
static bool are_alike(const struct tip_indicator *a,
                      const struct tip_indicator *b)
{
    if (a->period != b->period || a->dimension_count != b->dimension_count) {
        return false;
    }
    for (size_t i = 0; i < a->dimension_count; i++) {
        const struct tip_dimension *x = &a->dimensions[i];
        const struct tip_dimension *y = &b->dimensions[i];

        if (x->field->kind != y->field->kind ||
            x->field->list != y->field->list ||
            x->per_combination != y->per_combination) {
            return false;
        }
    }
    return true;
}

/* Found in the rows above, so that ratios cannot form a circle. */
static void take_ratio(struct tip_loader *loader,
                       const struct tip_sheet_row *row,
                       struct tip_indicator *indicator)
{
    const struct tip_catalogue *catalogue = loader->catalogue;
    const struct tip_sheet *sheet = &loader->indicators;

    indicator->measure = TIP_MEASURE_RATIO;
    indicator->numerator = tip_catalogue_indicator_named(
        catalogue, tip_sheet_cell(sheet, row, "numerator"));
    indicator->denominator = tip_catalogue_indicator_named(
        catalogue, tip_sheet_cell(sheet, row, "denominator"));
    if (indicator->numerator == NULL ||
        indicator->numerator->measure == TIP_MEASURE_RATIO) {
        add_fault(loader, row, "numerator",
                  "Name an indicator above that is no ratio.");
    }
    if (indicator->denominator == NULL ||
        indicator->denominator->measure == TIP_MEASURE_RATIO) {
        add_fault(loader, row, "denominator",
                  "Name an indicator above that is no ratio.");
    }
    if (indicator->numerator != NULL && indicator->denominator != NULL &&
        !are_alike(indicator->numerator, indicator->denominator)) {
        add_fault(loader, row, "denominator",
                  "Its period and dimensions differ from the numerator's.");
    }
    if (tip_sheet_cell(sheet, row, "condition").size != 0 ||
        tip_sheet_cell(sheet, row, "dimensions").size != 0 ||
        tip_sheet_cell(sheet, row, "period_field").size != 0) {
        add_fault(loader, row, "measure",
                  "A ratio has the condition, period and dimensions of its "
                  "two indicators: leave them empty.");
    }
}

static void take_measure(struct tip_loader *loader,
                         const struct tip_sheet_row *row,
                         struct tip_indicator *indicator)
{
    struct tip_bytes text = tip_sheet_cell(&loader->indicators, row, "measure");
    struct tip_bytes word = tip_sheet_word(&text);
    struct tip_bytes name = tip_sheet_word(&text);

    if (tip_bytes_is(word, "sum")) {
        take_sum(loader, row, indicator, name);
    } else if (tip_bytes_is(word, "distinct")) {
        take_distinct(loader, row, indicator, name);
    } else if (tip_bytes_is(word, "ratio") && name.size == 0) {
        take_ratio(loader, row, indicator);
    } else if (!tip_bytes_is(word, "count") || name.size != 0) {
        add_fault(loader, row, "measure",
                  "Write count, sum FIELD, distinct FIELD or ratio.");
    }
}

static void take_period(struct tip_loader *loader,
                        const struct tip_sheet_row *row,
                        struct tip_indicator *indicator)
{
    static const char *const words[] = {"none", "month",    "quarter",
                                        "year", "tip_year", NULL};
    const struct tip_sheet *sheet = &loader->indicators;
    struct tip_bytes name = tip_sheet_cell(sheet, row, "period_field");

    indicator->period =
        (enum tip_period)tip_load_choice(loader, sheet, row, "period", words);
    if ((name.size != 0) != (indicator->period != TIP_PERIOD_NONE)) {
        add_fault(loader, row, "period",
                  "period and period_field go together.");
    }
    if (name.size == 0) {
        return;
    }
    indicator->period_field =
        find_fact(loader, row, "period_field", indicator->type, name);
    if (indicator->period_field != NULL &&
        indicator->period_field->kind != TIP_KIND_DATE) {
        add_fault(loader, row, "period_field", "The period needs a date.");
    }
}

static bool is_countable(const struct tip_field *field)
{
    return field->kind == TIP_KIND_CODE || field->kind == TIP_KIND_SET ||
           field->kind == TIP_KIND_ANSWER;
}

/* "per element" or "per combination" behind a set; true if there was one. */
static void take_manner(struct tip_loader *loader,
                        const struct tip_sheet_row *row, struct tip_bytes *text,
                        struct tip_dimension *dimension)
{
    struct tip_bytes rest = *text;
    struct tip_bytes word = tip_sheet_word(&rest);
    struct tip_bytes manner = tip_sheet_word(&rest);
    bool is_set = dimension->field->kind == TIP_KIND_SET;

    if (!tip_bytes_is(word, "per")) {
        if (is_set) {
            add_fault(loader, row, "dimensions",
                      "Behind a select_multiple write per element or per "
                      "combination.");
        }
        return;
    }
    *text = rest;
    dimension->per_combination = tip_bytes_is(manner, "combination");
    if (!is_set ||
        (!dimension->per_combination && !tip_bytes_is(manner, "element"))) {
        add_fault(loader, row, "dimensions",
                  "per element and per combination are for select_multiple "
                  "alone.");
    }
}

static void take_dimensions(struct tip_loader *loader,
                            const struct tip_sheet_row *row,
                            struct tip_indicator *indicator)
{
    struct tip_bytes text =
        tip_sheet_cell(&loader->indicators, row, "dimensions");

    for (struct tip_bytes name = tip_sheet_word(&text); name.size != 0;
         name = tip_sheet_word(&text)) {
        struct tip_dimension *dimension =
            &indicator->dimensions[indicator->dimension_count];

        if (indicator->dimension_count == TIP_CATALOGUE_DIMENSIONS_MAX) {
            add_fault(loader, row, "dimensions",
                      "There are more than 6 dimensions.");
            return;
        }
        dimension->field =
            find_fact(loader, row, "dimensions", indicator->type, name);
        if (dimension->field == NULL) {
            return;
        }
        if (!is_countable(dimension->field)) {
            add_fault(loader, row, "dimensions",
                      "A dimension is select_one, select_multiple or yesno.");
        }
        take_manner(loader, row, &text, dimension);
        indicator->dimension_count++;
    }
}

static enum tip_err take_indicator(struct tip_loader *loader,
                                   const struct tip_sheet_row *row,
                                   struct tip_indicator *indicator)
{
    const struct tip_sheet *sheet = &loader->indicators;
    struct tip_bytes type = tip_sheet_cell(sheet, row, "type");
    struct tip_condition_scope scope = {
        .catalogue = loader->catalogue, .facts_only = true, .timeless = true};

    indicator->number =
        tip_sheet_number(sheet, row, "number", true, loader->problems);
    indicator->retired =
        tip_sheet_flag(sheet, row, "retired", loader->problems);
    (void)tip_load_name_is_good(loader, sheet, row,
                                tip_sheet_cell(sheet, row, "name"));
    if (tip_arena_copy(loader->arena, tip_sheet_cell(sheet, row, "name"),
                       &indicator->name) != TIP_OK ||
        tip_load_label(loader, sheet, row, "label", &indicator->label) !=
            TIP_OK) {
        return TIP_ENOMEM;
    }
    indicator->type = tip_catalogue_type_named(loader->catalogue, type);
    if (indicator->type == NULL) {
        tip_problems_add(loader->problems, tip_sheet_place(sheet, row, "type"),
                         "There is no record type \"%.*s\".", TIP_SHOWN(type));
        return TIP_OK;
    }
    take_measure(loader, row, indicator);
    take_period(loader, row, indicator);
    take_dimensions(loader, row, indicator);
    scope.type = indicator->type;
    return tip_load_condition(loader, sheet, row, "condition", &scope,
                              &indicator->condition);
}

/* Each number and name once. */
static void check_is_new(struct tip_loader *loader,
                         const struct tip_sheet_row *row,
                         const struct tip_indicator *all,
                         const struct tip_indicator *indicator)
{
    for (const struct tip_indicator *i = all; i < indicator; i++) {
        if (i->number == indicator->number && i->number != 0) {
            add_fault(loader, row, "number",
                      "Another indicator has this number.");
        }
        if (tip_bytes_equal(i->name, indicator->name)) {
            add_fault(loader, row, "name", "Another indicator has this name.");
        }
        /* Sorted, so that numbers can be searched and ratios refer back. */
        if (i + 1 == indicator && i->number > indicator->number) {
            add_fault(loader, row, "number",
                      "Put the rows in the order of their numbers.");
        }
    }
}

enum tip_err tip_load_indicators(struct tip_loader *loader)
{
    static const char *const known[] = {"number",       "name",    "type",
                                        "condition",    "measure", "numerator",
                                        "denominator",  "period",  "dimensions",
                                        "period_field", "retired", NULL};
    const struct tip_sheet *sheet = &loader->indicators;
    struct tip_indicator *indicators = tip_arena_alloc_array(
        loader->arena, sheet->row_count, sizeof *indicators);

    if (indicators == NULL) {
        return TIP_ENOMEM;
    }
    tip_load_columns(loader, sheet, known);
    loader->catalogue->indicators = indicators;
    for (size_t i = 0; i < sheet->row_count; i++) {
        enum tip_err err =
            take_indicator(loader, &sheet->rows[i], &indicators[i]);

        if (err != TIP_OK) {
            return err;
        }
        check_is_new(loader, &sheet->rows[i], indicators, &indicators[i]);
        loader->catalogue->indicator_count = i + 1;
    }
    return TIP_OK;
}
