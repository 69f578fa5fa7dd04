/*
 * One record in the cells of one indicator.
 *
 * Where it counts is a pure function of its picture, so that what was added is
 * taken away again from the same cells. A set counted per element makes it
 * count in several: each combination of what its columns may be is one cell.
 */
#include "tip_condition.h"
#include "tip_figures_internal.h"
#include "tip_period.h"

/* As tip_figures_value() knows it. */
static const uint32_t many_codes[] = {0, 0};
static const struct tip_run many = {.codes = many_codes, .count = 2};

/* One record on its way into, or out of, one table. */
struct counting {
    struct tip_figures *figures;
    struct tip_figure_table *table;
    const struct tip_picture *picture;
    int sign;
    bool disputed;
    uint32_t part;
    size_t choice_count[TIP_FIGURE_COLUMNS_MAX];
};

static const struct tip_value *value_of(const struct counting *counting,
                                        const struct tip_figure_column *column,
                                        enum tip_value_kind kind)
{
    const struct tip_value *value =
        counting->picture->slots[column->slot].value;

    return value != NULL && value->kind == kind ? value : NULL;
}

static uint32_t period_of(const struct counting *counting,
                          const struct tip_figure_column *column)
{
    enum tip_period unit = counting->table->indicator->period;
    struct tip_figures_period *last = &counting->figures->periods[unit];
    const struct tip_value *date =
        column->field == NULL ? NULL
                              : value_of(counting, column, TIP_VALUE_DATE);

    if (date == NULL) {
        return TIP_PERIOD_MISSING;
    }
    if (last->date != date) {
        last->date = date;
        last->period = tip_period_of(unit, date);
    }
    return last->period;
}

/* The value of a column that has one at a time; @code is memory for it. */
static struct tip_run single(const struct counting *counting,
                             const struct tip_figure_column *column,
                             uint32_t *code)
{
    const struct tip_value *value = NULL;

    switch (column->kind) {
    case TIP_COLUMN_PERIOD:
        *code = period_of(counting, column);
        return (struct tip_run){.codes = code, .count = 1};
    case TIP_COLUMN_CODE:
        value = value_of(counting, column, TIP_VALUE_CODE);
        *code = value == NULL ? 0 : value->code;
        break;
    case TIP_COLUMN_ANSWER:
        value = value_of(counting, column, TIP_VALUE_ANSWER);
        *code = value == NULL ? 0 : (uint32_t)value->answer;
        break;
    case TIP_COLUMN_CURRENCY:
        value = value_of(counting, column, TIP_VALUE_AMOUNT);
        *code = value == NULL ? 0 : value->amount.currency;
        break;
    case TIP_COLUMN_COMBINATION: {
        struct tip_run set = tip_picture_set(counting->picture, column->slot);

        return set.count > TIP_FIGURES_COMBINATION_MAX ? many : set;
    }
    case TIP_COLUMN_ELEMENT: /* Several at a time. */
        break;
    }
    return (struct tip_run){.codes = code, .count = value == NULL ? 0 : 1};
}

static enum tip_err choose_single(struct counting *counting, size_t column,
                                  struct tip_run run)
{
    counting->choice_count[column] = 1;
    return tip_numbering_add(&counting->table->columns[column].values, run,
                             counting->figures->choices[column]);
}

/* Each element of the set is a choice. */
static enum tip_err choose_elements(struct counting *counting, size_t column,
                                    struct tip_run set)
{
    enum tip_err err = TIP_OK;

    counting->choice_count[column] = set.count;
    for (size_t i = 0; i < set.count && err == TIP_OK; i++) {
        const struct tip_run code = {.codes = &set.codes[i], .count = 1};

        err = tip_numbering_add(&counting->table->columns[column].values, code,
                                &counting->figures->choices[column][i]);
    }
    return err;
}

/* In how many cells would the record count? Stops past the most. */
static size_t count_cells(const struct counting *counting)
{
    const struct tip_figure_table *table = counting->table;
    size_t cells = 1;

    for (size_t i = 0; i < table->column_count; i++) {
        const struct tip_figure_column *column = &table->columns[i];
        size_t elements;

        if (column->kind != TIP_COLUMN_ELEMENT) {
            continue;
        }
        elements = counting->picture->slots[column->slot].code_count;
        if (elements > TIP_FIGURES_CELLS_MAX) {
            return elements;
        }
        cells *= elements > 1 ? elements : 1;
        if (cells > TIP_FIGURES_CELLS_MAX) {
            return cells;
        }
    }
    return cells;
}

static enum tip_err choose(struct counting *counting)
{
    struct tip_figure_table *table = counting->table;
    bool is_many = false;
    bool is_asked = false;
    enum tip_err err = TIP_OK;

    for (size_t i = 0; i < table->column_count && err == TIP_OK; i++) {
        const struct tip_figure_column *column = &table->columns[i];
        struct tip_run run;
        uint32_t code;

        if (column->kind != TIP_COLUMN_ELEMENT) {
            err = choose_single(counting, i, single(counting, column, &code));
            continue;
        }
        run = tip_picture_set(counting->picture, column->slot);
        if (!is_asked) {
            is_many = count_cells(counting) > TIP_FIGURES_CELLS_MAX;
            is_asked = true;
        }
        if (run.count <= 1) {
            err = choose_single(counting, i, run);
        } else if (is_many) {
            err = choose_single(counting, i, many);
        } else {
            err = choose_elements(counting, i, run);
        }
    }
    return err;
}

/* Add @sign to @number; less than nothing means that something was taken away
 * that was never put in. */
static void step(struct tip_figures *figures, uint32_t *number, int sign)
{
    if (sign < 0 && *number == 0) {
        figures->suspect = true;
    } else {
        *number += (uint32_t)sign;
    }
}

static void count_sum(const struct counting *counting, uint32_t cell)
{
    struct tip_figure_part *part = &counting->table->parts[counting->part];
    const struct tip_value *value =
        counting->picture->slots[counting->table->measured_slot].value;
    struct tip_sum sum;

    if (value != NULL && value->kind == TIP_VALUE_INTEGER) {
        sum = tip_sum_of(value->integer);
    } else if (value != NULL && value->kind == TIP_VALUE_AMOUNT) {
        sum = tip_sum_of(value->amount.minor);
    } else {
        step(counting->figures, &part->cells[cell].extra, counting->sign);
        return;
    }
    if (counting->sign > 0) {
        tip_sum_add(&part->sums[cell], sum);
    } else {
        tip_sum_subtract(&part->sums[cell], sum);
    }
}

/* The number of the value that is counted once; false if it is missing. */
static enum tip_err number_value(const struct counting *counting,
                                 bool *out_has_value, uint32_t *out_number)
{
    const struct tip_value *value =
        counting->picture->slots[counting->table->measured_slot].value;
    uint32_t codes[TIP_ID_SIZE / sizeof(uint32_t)];
    struct tip_run run = {.codes = codes, .count = 1};

    *out_has_value = value != NULL && (value->kind == TIP_VALUE_REFERENCE ||
                                       value->kind == TIP_VALUE_CODE);
    if (!*out_has_value) {
        return TIP_OK;
    }
    if (value->kind == TIP_VALUE_CODE) {
        codes[0] = value->code;
    } else {
        memcpy(codes, value->reference.bytes, sizeof codes);
        run.count = sizeof codes / sizeof *codes;
    }
    return tip_numbering_add(&counting->figures->members, run, out_number);
}

static enum tip_err count_distinct(const struct counting *counting,
                                   uint32_t cell)
{
    struct tip_figures *figures = counting->figures;
    struct tip_figure_part *part = &counting->table->parts[counting->part];
    uint32_t member = 0;
    uint32_t value;
    uint32_t *count;
    size_t had;
    bool has_value;
    enum tip_err err = number_value(counting, &has_value, &value);

    if (err != TIP_OK || !has_value) {
        return err;
    }
    had = part->member_count;
    err = tip_figure_member_add(part, cell, value, &member);
    if (err == TIP_OK) {
        figures->cell_count += part->member_count - had;
        err = tip_figures_touch_member(figures, counting->table, counting->part,
                                       member);
    }
    if (err != TIP_OK) {
        return err;
    }
    count = &part->members[member].count;
    if (*count == (counting->sign > 0 ? 0 : 1)) {
        step(figures, &part->cells[cell].extra, counting->sign);
    }
    step(figures, count, counting->sign);
    return TIP_OK;
}

static enum tip_err count_cell(const struct counting *counting,
                               const uint32_t *key)
{
    struct tip_figures *figures = counting->figures;
    struct tip_figure_table *table = counting->table;
    struct tip_figure_part *part = &table->parts[counting->part];
    size_t had = part->cell_count;
    uint32_t cell = 0;
    enum tip_err err = tip_figure_cell_add(table, counting->part, key, &cell);

    if (err == TIP_OK) {
        figures->cell_count += part->cell_count - had;
        err = tip_figures_touch_cell(figures, table, counting->part, cell);
    }
    if (err != TIP_OK) {
        return err;
    }
    step(figures, &part->cells[cell].count, counting->sign);
    if (counting->disputed) {
        step(figures, &part->cells[cell].disputed, counting->sign);
    }
    if (table->indicator->measure == TIP_MEASURE_SUM) {
        count_sum(counting, cell);
    } else if (table->indicator->measure == TIP_MEASURE_DISTINCT) {
        err = count_distinct(counting, cell);
    }
    return err;
}

/* Every way to take one choice of each column, as an odometer runs. */
static enum tip_err count_choices(const struct counting *counting)
{
    const size_t column_count = counting->table->column_count;
    uint32_t key[TIP_FIGURE_COLUMNS_MAX];
    size_t at[TIP_FIGURE_COLUMNS_MAX] = {0};
    size_t column;

    do {
        enum tip_err err;

        for (size_t i = 0; i < column_count; i++) {
            key[i] = counting->figures->choices[i][at[i]];
        }
        err = count_cell(counting, key);
        if (err != TIP_OK) {
            return err;
        }
        for (column = 0; column < column_count; column++) {
            if (++at[column] < counting->choice_count[column]) {
                break;
            }
            at[column] = 0;
        }
    } while (column < column_count);
    return TIP_OK;
}

static bool is_disputed(const struct tip_figure_table *table,
                        const struct tip_picture *picture)
{
    bool disputed = picture->disputed;

    for (size_t i = 0; i < table->slot_count; i++) {
        disputed = disputed || picture->slots[table->slots[i]].disputed;
    }
    return disputed;
}

enum tip_err tip_figures_count(struct tip_figures *figures,
                               struct tip_figure_table *table,
                               const struct tip_picture *picture, int sign)
{
    struct counting counting = {
        .figures = figures, .table = table, .picture = picture, .sign = sign};
    const struct tip_condition *condition = table->indicator->condition;
    enum tip_err err;

    /* No day: the catalogue allows no condition that asks for it. */
    if (condition != NULL &&
        tip_condition_test(condition, &picture->base, 0) != TIP_TRUE) {
        return TIP_OK;
    }
    counting.disputed = is_disputed(table, picture);
    err = tip_figure_table_part(table, picture->office, &counting.part);
    if (err == TIP_OK) {
        err = choose(&counting);
    }
    return err == TIP_OK ? count_choices(&counting) : err;
}
