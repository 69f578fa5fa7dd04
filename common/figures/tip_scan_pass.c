/* The passes over memory: what a dashboard waits for. */
#include "tip_pairs.h"
#include "tip_scan.h"

/* The group of the cell with @key; false if the cell is not asked for. */
static inline bool find_group(const struct tip_scan *scan, const uint32_t *key,
                              uint64_t *id)
{
    for (size_t i = 0; i < scan->step_count; i++) {
        const struct tip_scan_step *step = &scan->steps[i];
        uint32_t value = key[step->column];

        if (step->allowed != NULL && !step->allowed[value]) {
            return false;
        }
        *id += step->stride * value;
    }
    return true;
}

static inline void add_cell(struct tip_group *group,
                            const struct tip_figure_part *part, size_t number)
{
    const struct tip_figure_cell *cell = &part->cells[number];

    group->count += cell->count;
    group->disputed += cell->disputed;
    group->extra += cell->extra;
    group->cell_count++;
    if (part->sums != NULL) {
        tip_sum_add(&group->sum, part->sums[number]);
    }
}

static enum tip_err group_part(struct tip_scan *scan, size_t number)
{
    const struct tip_figure_part *part = &scan->table->parts[number];
    const uint64_t first_id = scan->office_stride * number;

    for (size_t i = 0; i < part->cell_count; i++) {
        struct tip_group *group;
        uint64_t id = first_id;

        if (part->cells[i].count == 0 ||
            !find_group(scan, tip_figure_key(scan->table, part, i), &id)) {
            continue;
        }
        group = tip_groups_add(&scan->groups, id);
        if (group == NULL) {
            return TIP_ENOMEM;
        }
        if (group->cell_count == 0) {
            group->part = (uint32_t)number;
            group->cell = (uint32_t)i;
        }
        add_cell(group, part, i);
    }
    return TIP_OK;
}

static enum tip_err emit_part(struct tip_scan *scan, size_t number,
                              struct tip_figures_sink *sink)
{
    const struct tip_figure_part *part = &scan->table->parts[number];
    struct tip_figures_row row = tip_scan_row(scan);
    enum tip_err err = TIP_OK;

    for (size_t i = 0; i < part->cell_count && err == TIP_OK; i++) {
        const uint32_t *key = tip_figure_key(scan->table, part, i);
        struct tip_group group = {.count = 0};
        uint64_t id = 0;

        if (part->cells[i].count == 0 || !find_group(scan, key, &id)) {
            continue;
        }
        add_cell(&group, part, i);
        tip_scan_place(scan, part, i, &row);
        tip_scan_fill(scan, &group, &row);
        err = sink->row(sink, &row);
    }
    return err;
}

/* How many parts the query asks for, and which is the one at place @i; none if
 * the office has counted nothing. */
static size_t part_count(const struct tip_scan *scan)
{
    return scan->query->office_count != 0 ? scan->query->office_count
                                          : scan->table->part_count;
}

static bool find_part(const struct tip_scan *scan, size_t i, size_t *out_number)
{
    const struct tip_figure_part *part;

    *out_number = i;
    if (scan->query->office_count == 0) {
        return true;
    }
    part = tip_figure_table_find(scan->table, scan->query->offices[i]);
    if (part != NULL) {
        *out_number = (size_t)(part - scan->table->parts);
    }
    return part != NULL;
}

/* A value in several cells of a group counts once: take out what the cells
 * after the first added. */
static enum tip_err unite_part(struct tip_scan *scan, size_t number,
                               struct tip_pairs *seen)
{
    const struct tip_figure_part *part = &scan->table->parts[number];

    for (size_t i = 0; i < part->member_count; i++) {
        const struct tip_figure_member *member = &part->members[i];
        uint64_t id = scan->office_stride * number;
        struct tip_group *group;
        bool is_new;
        enum tip_err err;

        if (member->count == 0 ||
            !find_group(scan, tip_figure_key(scan->table, part, member->cell),
                        &id)) {
            continue;
        }
        group = tip_groups_find(&scan->groups, id);
        if (group == NULL || group->cell_count == 1) {
            continue;
        }
        err = tip_pairs_add(seen, (uint32_t)(group - scan->groups.groups),
                            member->value, &is_new);
        if (err != TIP_OK) {
            return err;
        }
        group->extra -= !is_new;
    }
    return TIP_OK;
}

static enum tip_err unite(struct tip_scan *scan)
{
    struct tip_pairs seen;
    enum tip_err err = tip_pairs_init(&seen, scan->groups.count,
                                      scan->figures->members.value_count);

    for (size_t i = 0; i < part_count(scan) && err == TIP_OK; i++) {
        size_t number;

        if (find_part(scan, i, &number)) {
            err = unite_part(scan, number, &seen);
        }
    }
    tip_pairs_deinit(&seen);
    return err;
}

enum tip_err tip_scan_run(struct tip_scan *scan)
{
    enum tip_err err = tip_groups_init(&scan->groups, scan->id_end);

    for (size_t i = 0; i < part_count(scan) && err == TIP_OK; i++) {
        size_t number;

        if (find_part(scan, i, &number)) {
            err = group_part(scan, number);
        }
    }
    if (err == TIP_OK &&
        scan->table->indicator->measure == TIP_MEASURE_DISTINCT) {
        err = unite(scan);
    }
    return err;
}

enum tip_err tip_scan_emit(struct tip_scan *scan, struct tip_figures_sink *sink)
{
    enum tip_err err = TIP_OK;

    for (size_t i = 0; i < part_count(scan) && err == TIP_OK; i++) {
        size_t number;

        if (find_part(scan, i, &number)) {
            err = emit_part(scan, number, sink);
        }
    }
    return err;
}
