/*
 * Counted again, and compared in both directions: cells that are there, and
 * cells that should be. Of distinct measures the members are compared too: a
 * wrong one would make a later figure wrong.
 */
#include "tip_scan.h"

struct verifying {
    const struct tip_figures *kept;
    const struct tip_figures *counted;
    struct tip_figures_witness *witness;
    size_t count;
};

/* One cell somewhere. */
struct spot {
    const struct tip_figures *figures;
    const struct tip_figure_table *table;
    const struct tip_figure_part *part;
    size_t cell;
};

/* The cell of @table that has the place of @spot; false if there is none. */
static bool find_same(const struct spot *spot,
                      const struct tip_figures *figures,
                      const struct tip_figure_table *table,
                      struct spot *out_same)
{
    const uint32_t *key = tip_figure_key(spot->table, spot->part, spot->cell);
    const struct tip_figure_part *part =
        tip_figure_table_find(table, spot->part->office);
    uint32_t same[TIP_FIGURE_COLUMNS_MAX];
    uint32_t cell;

    if (part == NULL) {
        return false;
    }
    for (size_t i = 0; i < table->column_count; i++) {
        same[i] = tip_numbering_find(
            &table->columns[i].values,
            tip_numbering_get(&spot->table->columns[i].values, key[i]));
        if (same[i] == TIP_NUMBERING_NONE) {
            return false;
        }
    }
    if (!tip_figure_cell_find(table, part, same, &cell)) {
        return false;
    }
    *out_same = (struct spot){
        .figures = figures, .table = table, .part = part, .cell = cell};
    return true;
}

static struct tip_sum sum_of(const struct spot *spot)
{
    return spot->part->sums == NULL ? tip_sum_of(0)
                                    : spot->part->sums[spot->cell];
}

static bool is_same(const struct spot *a, const struct spot *b)
{
    const struct tip_figure_cell *left = &a->part->cells[a->cell];
    const struct tip_figure_cell *right = &b->part->cells[b->cell];

    return left->count == right->count && left->disputed == right->disputed &&
           left->extra == right->extra && tip_sum_equal(sum_of(a), sum_of(b));
}

/* The row of @spot, at its place and with what it counts; @counts: else with
 * nothing. */
static void show(const struct spot *spot, bool counts,
                 struct tip_figures_row *row)
{
    const struct tip_indicator *indicator = spot->table->indicator;
    struct tip_figures_query query = {.by_office = true,
                                      .by_period = true,
                                      .by_count = indicator->dimension_count};
    struct tip_scan scan = {
        .figures = spot->figures, .table = spot->table, .query = &query};
    struct tip_group group = {.count = 0};
    const struct tip_figure_cell *cell = &spot->part->cells[spot->cell];
    size_t last = spot->table->column_count - 1;

    for (size_t i = 0; i < query.by_count; i++) {
        scan.by[i] = i + 1;
    }
    if (spot->table->columns[last].kind == TIP_COLUMN_CURRENCY) {
        scan.currency = last;
    }
    if (counts) {
        group = (struct tip_group){.count = cell->count,
                                   .disputed = cell->disputed,
                                   .extra = cell->extra,
                                   .sum = sum_of(spot)};
    }
    *row = tip_scan_row(&scan);
    tip_scan_place(&scan, spot->part, spot->cell, row);
    tip_scan_fill(&scan, &group, row);
}

static void report(struct verifying *verifying, const struct spot *kept,
                   const struct spot *counted)
{
    const struct spot *there = kept == NULL ? counted : kept;
    struct tip_figures_row rows[2];

    verifying->count++;
    if (verifying->witness == NULL) {
        return;
    }
    show(there, kept != NULL, &rows[0]);
    show(counted == NULL ? there : counted, counted != NULL, &rows[1]);
    verifying->witness->differs(verifying->witness, there->table->indicator,
                                &rows[0], &rows[1]);
}

/* Does a value that @member counts, count alike in the same cell of @other? */
static bool is_member_same(const struct spot *spot,
                           const struct tip_figure_member *member,
                           const struct spot *other)
{
    uint32_t value = tip_numbering_find(
        &other->figures->members,
        tip_numbering_get(&spot->figures->members, member->value));
    uint32_t found;

    return value != TIP_NUMBERING_NONE &&
           tip_figure_member_find(other->part, (uint32_t)other->cell, value,
                                  &found) &&
           other->part->members[found].count == member->count;
}

/* Every cell kept is counted alike; what is not kept is looked for later. */
static void compare_kept(struct verifying *verifying, const struct spot *kept,
                         const struct tip_figure_table *counted_table)
{
    struct spot counted;
    bool is_there =
        find_same(kept, verifying->counted, counted_table, &counted);

    if (!is_there && kept->part->cells[kept->cell].count == 0) {
        return;
    }
    if (!is_there || !is_same(kept, &counted)) {
        report(verifying, kept, is_there ? &counted : NULL);
    }
}

/* Cells counted that are not kept at all. */
static void compare_counted(struct verifying *verifying,
                            const struct spot *counted,
                            const struct tip_figure_table *kept_table)
{
    struct spot kept;

    if (!find_same(counted, verifying->kept, kept_table, &kept)) {
        report(verifying, NULL, counted);
    }
}

/* Members of cells that agree otherwise: as many values, but other ones. */
static void compare_members(struct verifying *verifying,
                            const struct tip_figure_table *kept,
                            const struct tip_figure_part *part,
                            const struct tip_figure_table *counted)
{
    for (size_t i = 0; i < part->member_count; i++) {
        const struct tip_figure_member *member = &part->members[i];
        struct spot spot = {.figures = verifying->kept,
                            .table = kept,
                            .part = part,
                            .cell = member->cell};
        struct spot other;

        if (member->count != 0 &&
            find_same(&spot, verifying->counted, counted, &other) &&
            is_same(&spot, &other) && !is_member_same(&spot, member, &other)) {
            report(verifying, &spot, &other);
        }
    }
}

static void compare_table(struct verifying *verifying,
                          const struct tip_figure_table *kept,
                          const struct tip_figure_table *counted)
{
    for (size_t p = 0; p < kept->part_count; p++) {
        struct spot spot = {
            .figures = verifying->kept, .table = kept, .part = &kept->parts[p]};

        for (; spot.cell < spot.part->cell_count; spot.cell++) {
            compare_kept(verifying, &spot, counted);
        }
        compare_members(verifying, kept, spot.part, counted);
    }
    for (size_t p = 0; p < counted->part_count; p++) {
        struct spot spot = {.figures = verifying->counted,
                            .table = counted,
                            .part = &counted->parts[p]};

        for (; spot.cell < spot.part->cell_count; spot.cell++) {
            compare_counted(verifying, &spot, kept);
        }
    }
}

enum tip_err tip_figures_verify(const struct tip_figures *figures,
                                struct tip_txn *txn,
                                struct tip_figures_witness *witness,
                                size_t *out_count)
{
    struct verifying verifying = {.kept = figures, .witness = witness};
    struct tip_figures *counted;
    enum tip_err err =
        tip_figures_new(figures->catalogue, figures->secret, &counted);

    if (err != TIP_OK) {
        return err;
    }
    verifying.counted = counted;
    counted->lineage = figures->lineage;
    err = tip_figures_recount(counted, txn);
    for (size_t i = 0; i < counted->table_count && err == TIP_OK; i++) {
        compare_table(&verifying, &figures->tables[i], &counted->tables[i]);
    }
    tip_figures_close(counted);
    if (err == TIP_OK) {
        *out_count = verifying.count;
    }
    return err;
}
