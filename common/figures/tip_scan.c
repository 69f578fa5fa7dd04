#include "tip_scan.h"

#include <stdlib.h>
#include <string.h>

/* The column of dimension @field; 0, which is the period, if there is none. */
static size_t find_column(const struct tip_figure_table *table, uint32_t field)
{
    for (size_t i = 1; i < table->column_count; i++) {
        if (table->columns[i].kind != TIP_COLUMN_CURRENCY &&
            table->columns[i].field->number == field) {
            return i;
        }
    }
    return 0;
}

/* Which values of a column a query lets through: all, until told otherwise. */
static enum tip_err restrict_column(struct tip_scan *scan, size_t column)
{
    struct tip_scan_column *at = &scan->columns[column];

    if (at->allowed != NULL) {
        return TIP_OK;
    }
    at->allowed = malloc(at->value_count + 1);
    if (at->allowed == NULL) {
        return TIP_ENOMEM;
    }
    memset(at->allowed, 1, at->value_count + 1);
    return TIP_OK;
}

static enum tip_err restrict_periods(struct tip_scan *scan)
{
    const struct tip_figures_query *query = scan->query;
    enum tip_err err;

    if (!query->in_range) {
        return TIP_OK;
    }
    err = restrict_column(scan, 0);
    if (err != TIP_OK) {
        return err;
    }
    for (size_t i = 0; i < scan->columns[0].value_count; i++) {
        uint32_t period =
            tip_numbering_get(&scan->table->columns[0].values, (uint32_t)i)
                .codes[0];

        scan->columns[0].allowed[i] =
            period >= query->period_first && period <= query->period_last;
    }
    return TIP_OK;
}

static bool is_value(struct tip_run run, const struct tip_figure_value *value)
{
    struct tip_figure_value has = tip_figures_value(run);

    return has.is_many == value->is_many &&
           has.code_count == value->code_count &&
           (has.code_count == 0 ||
            memcmp(has.codes, value->codes,
                   has.code_count * sizeof *has.codes) == 0);
}

static enum tip_err restrict_dimension(struct tip_scan *scan,
                                       const struct tip_figures_only *only)
{
    size_t column = find_column(scan->table, only->field);
    struct tip_scan_column *at = &scan->columns[column];
    enum tip_err err;

    if (column == 0) {
        return TIP_EINVAL;
    }
    err = restrict_column(scan, column);
    for (size_t i = 0; i < at->value_count && err == TIP_OK; i++) {
        struct tip_run run = tip_numbering_get(
            &scan->table->columns[column].values, (uint32_t)i);

        at->allowed[i] = at->allowed[i] && is_value(run, &only->value);
    }
    return err;
}

static enum tip_err restrict_all(struct tip_scan *scan)
{
    enum tip_err err = restrict_periods(scan);

    for (size_t i = 0; i < scan->query->only_count && err == TIP_OK; i++) {
        err = restrict_dimension(scan, &scan->query->only[i]);
    }
    return err;
}

static enum tip_err group_all(struct tip_scan *scan)
{
    const struct tip_figure_table *table = scan->table;
    const struct tip_figures_query *query = scan->query;
    size_t last = table->column_count - 1;

    scan->columns[0].is_grouped = query->by_period;
    for (size_t i = 0; i < query->by_count; i++) {
        size_t column = find_column(table, query->by[i]);

        if (column == 0 || scan->columns[column].is_grouped) {
            return TIP_EINVAL;
        }
        scan->columns[column].is_grouped = true;
        scan->by[i] = column;
    }
    /* Amounts of two currencies do not add up. */
    if (table->columns[last].kind == TIP_COLUMN_CURRENCY) {
        scan->columns[last].is_grouped = true;
        scan->currency = last;
    }
    return TIP_OK;
}

/* Give the grouped columns their strides. */
static enum tip_err lay_out(struct tip_scan *scan)
{
    uint64_t end = 1;

    for (size_t i = 0; i < scan->table->column_count; i++) {
        struct tip_scan_column *column = &scan->columns[i];

        if (column->is_grouped) {
            column->stride = end;
            if (__builtin_mul_overflow(end, column->value_count, &end)) {
                return TIP_ETOOBIG;
            }
        }
        if (column->is_grouped || column->allowed != NULL) {
            scan->steps[scan->step_count++] =
                (struct tip_scan_step){.column = i,
                                       .allowed = column->allowed,
                                       .stride = column->stride};
        }
    }
    if (scan->query->by_office) {
        scan->office_stride = end;
        if (__builtin_mul_overflow(end, scan->table->part_count, &end)) {
            return TIP_ETOOBIG;
        }
    }
    scan->id_end = end;
    return TIP_OK;
}

/* Every cell asked for has a place of its own: nothing to add up. */
static bool is_direct(const struct tip_scan *scan)
{
    const struct tip_figures_query *query = scan->query;

    for (size_t i = 0; i < scan->table->column_count; i++) {
        if (!scan->columns[i].is_grouped) {
            return false;
        }
    }
    return query->by_office || query->office_count == 1 ||
           scan->table->part_count <= 1;
}

enum tip_err tip_scan_init(struct tip_scan *scan,
                           const struct tip_figures *figures,
                           const struct tip_figure_table *table,
                           const struct tip_figures_query *query)
{
    enum tip_err err;

    *scan =
        (struct tip_scan){.figures = figures, .table = table, .query = query};
    for (size_t i = 0; i < table->column_count; i++) {
        scan->columns[i].value_count = table->columns[i].values.value_count;
    }
    err = restrict_all(scan);
    if (err == TIP_OK) {
        err = group_all(scan);
    }
    if (err == TIP_OK) {
        err = lay_out(scan);
    }
    if (err != TIP_OK) {
        tip_scan_deinit(scan);
        return err;
    }
    scan->is_direct = is_direct(scan);
    return TIP_OK;
}

void tip_scan_deinit(struct tip_scan *scan)
{
    for (size_t i = 0; i < scan->table->column_count; i++) {
        free(scan->columns[i].allowed);
    }
    tip_groups_deinit(&scan->groups);
}

struct tip_figures_row tip_scan_row(const struct tip_scan *scan)
{
    return (struct tip_figures_row){.value_count = scan->query->by_count,
                                    .denominator = 1};
}

void tip_scan_place(const struct tip_scan *scan,
                    const struct tip_figure_part *part, size_t cell,
                    struct tip_figures_row *row)
{
    const struct tip_figure_table *table = scan->table;
    const uint32_t *key = tip_figure_key(table, part, cell);

    if (scan->query->by_office) {
        row->office = part->office;
    }
    if (scan->query->by_period) {
        row->period =
            tip_numbering_get(&table->columns[0].values, key[0]).codes[0];
    }
    for (size_t i = 0; i < scan->query->by_count; i++) {
        size_t column = scan->by[i];

        row->values[i] = tip_figures_value(
            tip_numbering_get(&table->columns[column].values, key[column]));
    }
    if (scan->currency != 0) {
        struct tip_run currency = tip_numbering_get(
            &table->columns[scan->currency].values, key[scan->currency]);

        row->currency = currency.count == 0 ? 0 : currency.codes[0];
    }
}

void tip_scan_fill(const struct tip_scan *scan, const struct tip_group *group,
                   struct tip_figures_row *row)
{
    const struct tip_indicator *indicator = scan->table->indicator;

    row->count = group->count;
    row->disputed = group->disputed;
    switch (indicator->measure) {
    case TIP_MEASURE_SUM:
        row->missing = group->extra;
        row->overflows = !tip_sum_get(group->sum, &row->value);
        break;
    case TIP_MEASURE_DISTINCT:
        row->value = (int64_t)group->extra;
        break;
    case TIP_MEASURE_COUNT:
    case TIP_MEASURE_RATIO:
        row->value = (int64_t)group->count;
        break;
    }
}
