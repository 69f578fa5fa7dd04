/*
 * From the catalogue to tables: which field of a record stands in which slot,
 * and which slots each indicator looks at. Done once, so that counting looks
 * nothing up by name or number.
 */
#include <assert.h>
#include <stdlib.h>

#include "tip_figures_internal.h"

/* A ratio is computed when it is read; what is retired is not counted. */
static bool is_counted(const struct tip_indicator *indicator)
{
    return !indicator->retired && indicator->measure != TIP_MEASURE_RATIO;
}

static void mark(struct tip_slots *slots, const struct tip_field *field)
{
    if (field != NULL) {
        slots->by_field[field - slots->type->fields] = 0;
    }
}

static void mark_fields(struct tip_slots *slots,
                        const struct tip_indicator *indicator)
{
    const struct tip_condition *condition = indicator->condition;

    for (size_t i = 0; condition != NULL && i < condition->field_count; i++) {
        mark(slots, condition->fields[i]);
    }
    for (size_t i = 0; i < indicator->dimension_count; i++) {
        mark(slots, indicator->dimensions[i].field);
    }
    mark(slots, indicator->period_field);
    mark(slots, indicator->measured);
}

/* Give the marked fields their slots. */
static enum tip_err number_slots(struct tip_slots *slots)
{
    const struct tip_type *type = slots->type;

    slots->fields = calloc(type->field_count + 1, sizeof *slots->fields);
    if (slots->fields == NULL) {
        return TIP_ENOMEM;
    }
    for (size_t i = 0; i < type->field_count; i++) {
        if (slots->by_field[i] != TIP_SLOT_NONE) {
            slots->fields[slots->count] = (uint16_t)i;
            slots->by_field[i] = (uint16_t)slots->count++;
        }
    }
    return TIP_OK;
}

static enum tip_err plan_slots(const struct tip_catalogue *catalogue,
                               struct tip_slots *slots)
{
    size_t field_count = slots->type->field_count;

    if (field_count >= TIP_SLOT_NONE) {
        return TIP_ETOOBIG;
    }
    slots->by_field = malloc((field_count + 1) * sizeof *slots->by_field);
    if (slots->by_field == NULL) {
        return TIP_ENOMEM;
    }
    for (size_t i = 0; i < field_count; i++) {
        slots->by_field[i] = TIP_SLOT_NONE;
    }
    for (size_t i = 0; i < catalogue->indicator_count; i++) {
        const struct tip_indicator *indicator = &catalogue->indicators[i];

        if (is_counted(indicator) && indicator->type == slots->type) {
            mark_fields(slots, indicator);
        }
    }
    return number_slots(slots);
}

static size_t slot_of(const struct tip_slots *slots,
                      const struct tip_field *field)
{
    return slots->by_field[field - slots->type->fields];
}

static void add_slot(struct tip_figure_table *table,
                     const struct tip_slots *slots,
                     const struct tip_field *field)
{
    size_t slot;

    if (field == NULL) {
        return;
    }
    slot = slot_of(slots, field);
    for (size_t i = 0; i < table->slot_count; i++) {
        if (table->slots[i] == slot) {
            return;
        }
    }
    assert(table->slot_count < TIP_FIGURE_SLOTS_MAX);
    table->slots[table->slot_count++] = slot;
}

static void add_column(struct tip_figure_table *table,
                       const struct tip_slots *slots, enum tip_column_kind kind,
                       const struct tip_field *field)
{
    struct tip_figure_column *column = &table->columns[table->column_count++];

    column->kind = kind;
    column->field = field;
    column->slot = field == NULL ? 0 : slot_of(slots, field);
    tip_numbering_init(&column->values, table->secret);
    add_slot(table, slots, field);
}

static enum tip_column_kind column_kind(const struct tip_dimension *dimension)
{
    if (dimension->field->kind == TIP_KIND_ANSWER) {
        return TIP_COLUMN_ANSWER;
    }
    if (dimension->field->kind == TIP_KIND_CODE) {
        return TIP_COLUMN_CODE;
    }
    return dimension->per_combination ? TIP_COLUMN_COMBINATION
                                      : TIP_COLUMN_ELEMENT;
}

/* The columns and slots of @table; the period is column 0 of all. */
static void plan_table(struct tip_figure_table *table,
                       const struct tip_slots *slots)
{
    const struct tip_indicator *indicator = table->indicator;
    const struct tip_condition *condition = indicator->condition;

    add_column(table, slots, TIP_COLUMN_PERIOD, indicator->period_field);
    for (size_t i = 0; i < indicator->dimension_count; i++) {
        const struct tip_dimension *dimension = &indicator->dimensions[i];

        add_column(table, slots, column_kind(dimension), dimension->field);
    }
    if (indicator->measured != NULL) {
        table->measured_slot = slot_of(slots, indicator->measured);
        add_slot(table, slots, indicator->measured);
        if (indicator->measure == TIP_MEASURE_SUM &&
            indicator->measured->kind == TIP_KIND_AMOUNT) {
            add_column(table, slots, TIP_COLUMN_CURRENCY, indicator->measured);
        }
    }
    for (size_t i = 0; condition != NULL && i < condition->field_count; i++) {
        add_slot(table, slots, condition->fields[i]);
    }
}

static enum tip_err plan_tables(struct tip_figures *figures)
{
    const struct tip_catalogue *catalogue = figures->catalogue;

    figures->tables =
        calloc(catalogue->indicator_count + 1, sizeof *figures->tables);
    if (figures->tables == NULL) {
        return TIP_ENOMEM;
    }
    for (size_t i = 0; i < catalogue->indicator_count; i++) {
        const struct tip_indicator *indicator = &catalogue->indicators[i];

        if (is_counted(indicator)) {
            tip_figure_table_init(&figures->tables[figures->table_count++],
                                  indicator, figures->secret);
        }
    }
    return TIP_OK;
}

/* Collect the tables of @type. */
static enum tip_err plan_type(struct tip_figures *figures,
                              struct tip_figures_type *type)
{
    enum tip_err err = plan_slots(figures->catalogue, &type->slots);

    if (err != TIP_OK) {
        return err;
    }
    type->tables = calloc(figures->table_count + 1, sizeof *type->tables);
    if (type->tables == NULL) {
        return TIP_ENOMEM;
    }
    for (size_t i = 0; i < figures->table_count; i++) {
        const struct tip_indicator *indicator = figures->tables[i].indicator;

        if (indicator != NULL && indicator->type == type->slots.type) {
            plan_table(&figures->tables[i], &type->slots);
            type->tables[type->table_count++] = (uint32_t)i;
        }
    }
    return TIP_OK;
}

enum tip_err tip_figures_plan(struct tip_figures *figures)
{
    const struct tip_catalogue *catalogue = figures->catalogue;
    enum tip_err err = plan_tables(figures);

    figures->types = calloc(catalogue->type_count + 1, sizeof *figures->types);
    if (figures->types == NULL) {
        return TIP_ENOMEM;
    }
    for (size_t i = 0; i < catalogue->type_count && err == TIP_OK; i++) {
        struct tip_figures_type *type = &figures->types[figures->type_count++];

        type->slots.type = &catalogue->types[i];
        err = plan_type(figures, type);
    }
    return err;
}

struct tip_figures_type *tip_figures_find_type(struct tip_figures *figures,
                                               uint32_t number)
{
    for (size_t i = 0; i < figures->type_count; i++) {
        struct tip_figures_type *type = &figures->types[i];

        if (type->slots.type->number == number) {
            return type->table_count == 0 ? NULL : type;
        }
    }
    return NULL;
}

struct tip_figure_table *
tip_figures_find_table(const struct tip_figures *figures, uint32_t number)
{
    for (size_t i = 0; i < figures->table_count; i++) {
        if (figures->tables[i].indicator->number == number) {
            return &figures->tables[i];
        }
    }
    return NULL;
}
