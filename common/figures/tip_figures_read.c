#include "tip_figures_query.h"

#include "tip_scan.h"

/* Give the groups of @scan to @sink. */
static enum tip_err emit_groups(const struct tip_scan *scan,
                                struct tip_figures_sink *sink)
{
    struct tip_figures_row row = tip_scan_row(scan);
    enum tip_err err = TIP_OK;

    for (size_t i = 0; i < scan->groups.count && err == TIP_OK; i++) {
        const struct tip_group *group = &scan->groups.groups[i];

        tip_scan_place(scan, tip_scan_part(scan, group), group->cell, &row);
        tip_scan_fill(scan, group, &row);
        err = sink->row(sink, &row);
    }
    return err;
}

static enum tip_err read_table(const struct tip_figures *figures,
                               const struct tip_figure_table *table,
                               const struct tip_figures_query *query,
                               struct tip_figures_sink *sink)
{
    struct tip_scan scan;
    enum tip_err err = tip_scan_init(&scan, figures, table, query);

    if (err != TIP_OK) {
        return err;
    }
    if (scan.is_direct) {
        err = tip_scan_emit(&scan, sink);
    } else {
        err = tip_scan_run(&scan);
        if (err == TIP_OK) {
            err = emit_groups(&scan, sink);
        }
    }
    tip_scan_deinit(&scan);
    return err;
}

/* The two sides of a ratio, read alike. */
struct ratio {
    struct tip_scan above;
    struct tip_scan below;
};

/* Add to @id what @to makes of the value of @key in @from; false if it has no
 * such value. */
static bool pack(const struct tip_scan *from, size_t from_column,
                 const uint32_t *key, const struct tip_scan *to,
                 size_t to_column, uint64_t *id)
{
    struct tip_run run = tip_numbering_get(
        &from->table->columns[from_column].values, key[from_column]);
    uint32_t number =
        tip_numbering_find(&to->table->columns[to_column].values, run);

    *id += to->columns[to_column].stride * number;
    return number != TIP_NUMBERING_NONE;
}

/* The group of @to at the place of @group of @from; NULL: it has none. */
static struct tip_group *match(const struct tip_scan *from,
                               const struct tip_group *group,
                               const struct tip_scan *to)
{
    const struct tip_figures_query *query = from->query;
    const struct tip_figure_part *part = tip_scan_part(from, group);
    const uint32_t *key = tip_figure_key(from->table, part, group->cell);
    uint64_t id = 0;

    if (query->by_office) {
        const struct tip_figure_part *same =
            tip_figure_table_find(to->table, part->office);

        if (same == NULL) {
            return NULL;
        }
        id = to->office_stride * (uint64_t)(same - to->table->parts);
    }
    if (query->by_period && !pack(from, 0, key, to, 0, &id)) {
        return NULL;
    }
    for (size_t i = 0; i < query->by_count; i++) {
        if (!pack(from, from->by[i], key, to, to->by[i], &id)) {
            return NULL;
        }
    }
    if (to->currency != 0 &&
        !pack(from, from->currency, key, to, to->currency, &id)) {
        return NULL;
    }
    return tip_groups_find(&to->groups, id);
}

/* Rows for what is above: with what is below it, or nothing. */
static enum tip_err emit_above(struct ratio *ratio,
                               struct tip_figures_sink *sink)
{
    const struct tip_scan *scan = &ratio->above;
    enum tip_err err = TIP_OK;

    for (size_t i = 0; i < scan->groups.count && err == TIP_OK; i++) {
        const struct tip_group *group = &scan->groups.groups[i];
        struct tip_group *below = match(scan, group, &ratio->below);
        struct tip_figures_row row = tip_scan_row(scan);
        struct tip_figures_row other = {.value = 0};

        tip_scan_place(scan, tip_scan_part(scan, group), group->cell, &row);
        tip_scan_fill(scan, group, &row);
        if (below != NULL) {
            below->is_matched = true;
            tip_scan_fill(&ratio->below, below, &other);
        }
        row.denominator = other.value;
        row.overflows = row.overflows || other.overflows;
        err = sink->row(sink, &row);
    }
    return err;
}

/* Rows for what is below nothing: none of so many. */
static enum tip_err emit_below(const struct ratio *ratio,
                               struct tip_figures_sink *sink)
{
    const struct tip_scan *scan = &ratio->below;
    enum tip_err err = TIP_OK;

    for (size_t i = 0; i < scan->groups.count && err == TIP_OK; i++) {
        const struct tip_group *group = &scan->groups.groups[i];
        struct tip_figures_row row = tip_scan_row(scan);
        struct tip_figures_row other = {.value = 0};

        if (group->is_matched) {
            continue;
        }
        tip_scan_place(scan, tip_scan_part(scan, group), group->cell, &row);
        tip_scan_fill(scan, group, &other);
        row.denominator = other.value;
        row.overflows = other.overflows;
        err = sink->row(sink, &row);
    }
    return err;
}

static enum tip_err run_ratio(struct ratio *ratio,
                              struct tip_figures_sink *sink)
{
    enum tip_err err = TIP_OK;

    /* How much of what, if what is below is in ouguiyas, dollars, …? */
    if (ratio->below.currency != 0 && ratio->above.currency == 0) {
        return TIP_EINVAL;
    }
    err = tip_scan_run(&ratio->above);
    if (err == TIP_OK) {
        err = tip_scan_run(&ratio->below);
    }
    if (err == TIP_OK) {
        err = emit_above(ratio, sink);
    }
    return err == TIP_OK ? emit_below(ratio, sink) : err;
}

static enum tip_err read_ratio(const struct tip_figures *figures,
                               const struct tip_indicator *indicator,
                               const struct tip_figures_query *query,
                               struct tip_figures_sink *sink)
{
    const struct tip_figure_table *above =
        tip_figures_find_table(figures, indicator->numerator->number);
    const struct tip_figure_table *below =
        tip_figures_find_table(figures, indicator->denominator->number);
    struct ratio ratio;
    enum tip_err err;

    if (above == NULL || below == NULL) {
        return TIP_ENOTFOUND;
    }
    err = tip_scan_init(&ratio.above, figures, above, query);
    if (err != TIP_OK) {
        return err;
    }
    err = tip_scan_init(&ratio.below, figures, below, query);
    if (err == TIP_OK) {
        err = run_ratio(&ratio, sink);
        tip_scan_deinit(&ratio.below);
    }
    tip_scan_deinit(&ratio.above);
    return err;
}

enum tip_err tip_figures_read(const struct tip_figures *figures,
                              const struct tip_figures_query *query,
                              struct tip_figures_sink *sink)
{
    const struct tip_indicator *indicator =
        tip_catalogue_indicator(figures->catalogue, query->indicator);
    const struct tip_figure_table *table;

    if (indicator == NULL || indicator->retired) {
        return TIP_ENOTFOUND;
    }
    if (indicator->measure == TIP_MEASURE_RATIO) {
        return read_ratio(figures, indicator, query, sink);
    }
    table = tip_figures_find_table(figures, indicator->number);
    return table == NULL ? TIP_ENOTFOUND
                         : read_table(figures, table, query, sink);
}
