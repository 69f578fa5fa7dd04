/* What the open transaction changed, so that it can be taken back. */
#include "tip_figures_internal.h"
#include "tip_room.h"

static enum tip_err add_touch(struct tip_figures *figures,
                              const struct tip_touch *touch)
{
    struct tip_touch *touches =
        tip_room(figures->touches, figures->touch_count + 1,
                 &figures->touch_max, sizeof *touches);

    if (touches == NULL) {
        return TIP_ENOMEM;
    }
    figures->touches = touches;
    touches[figures->touch_count++] = *touch;
    return TIP_OK;
}

enum tip_err tip_figures_touch_cell(struct tip_figures *figures,
                                    struct tip_figure_table *table,
                                    uint32_t part, uint32_t cell)
{
    struct tip_figure_part *in = &table->parts[part];
    struct tip_touch touch = {.table = (uint32_t)(table - figures->tables),
                              .part = part,
                              .number = cell,
                              .cell = in->cells[cell]};
    enum tip_err err;

    if (in->cells[cell].row == TIP_ROW_DIRTY) {
        return TIP_OK;
    }
    if (in->sums != NULL) {
        touch.sum = in->sums[cell];
    }
    err = add_touch(figures, &touch);
    if (err == TIP_OK) {
        in->cells[cell].row = TIP_ROW_DIRTY;
    }
    return err;
}

enum tip_err tip_figures_touch_member(struct tip_figures *figures,
                                      struct tip_figure_table *table,
                                      uint32_t part, uint32_t member)
{
    struct tip_figure_member *at = &table->parts[part].members[member];
    struct tip_touch touch = {.table = (uint32_t)(table - figures->tables),
                              .part = part,
                              .number = member,
                              .is_member = true,
                              .cell = {.count = at->count, .row = at->row}};
    enum tip_err err;

    if (at->row == TIP_ROW_DIRTY) {
        return TIP_OK;
    }
    err = add_touch(figures, &touch);
    if (err == TIP_OK) {
        at->row = TIP_ROW_DIRTY;
    }
    return err;
}

/* Put back what @touch noted. */
static void restore(struct tip_figures *figures, const struct tip_touch *touch)
{
    struct tip_figure_part *part =
        &figures->tables[touch->table].parts[touch->part];

    if (touch->is_member) {
        part->members[touch->number].count = touch->cell.count;
        part->members[touch->number].row = touch->cell.row;
        return;
    }
    part->cells[touch->number] = touch->cell;
    if (part->sums != NULL) {
        part->sums[touch->number] = touch->sum;
    }
}

static bool is_unchanged(const struct tip_figures *figures,
                         const struct tip_touch *touch)
{
    const struct tip_figure_part *part =
        &figures->tables[touch->table].parts[touch->part];
    const struct tip_figure_cell *cell = &part->cells[touch->number];

    if (touch->is_member) {
        return part->members[touch->number].count == touch->cell.count;
    }
    return cell->count == touch->cell.count &&
           cell->disputed == touch->cell.disputed &&
           cell->extra == touch->cell.extra &&
           (part->sums == NULL ||
            tip_sum_equal(part->sums[touch->number], touch->sum));
}

void tip_figures_drop_unchanged(struct tip_figures *figures)
{
    size_t kept = figures->settled_count;

    for (size_t i = kept; i < figures->touch_count; i++) {
        if (is_unchanged(figures, &figures->touches[i])) {
            restore(figures, &figures->touches[i]);
        } else {
            figures->touches[kept++] = figures->touches[i];
        }
    }
    figures->touch_count = kept;
}

void tip_figures_ended(struct tip_figures *figures, bool durable)
{
    if (durable) {
        figures->durable_log = figures->log;
    } else {
        figures->log = figures->durable_log;
        for (size_t i = figures->touch_count; i-- > 0;) {
            restore(figures, &figures->touches[i]);
        }
    }
    figures->touch_count = 0;
    figures->settled_count = 0;
}
