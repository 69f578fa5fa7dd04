#include "tip_figure_table.h"

#include <stdlib.h>
#include <string.h>

#include "tip_room.h"

void tip_figure_table_init(struct tip_figure_table *table,
                           const struct tip_indicator *indicator,
                           uint64_t secret)
{
    *table =
        (struct tip_figure_table){.indicator = indicator, .secret = secret};
    tip_numbering_init(&table->offices, secret);
}

static void part_deinit(struct tip_figure_part *part)
{
    free(part->keys);
    free(part->cells);
    free(part->sums);
    free(part->members);
    tip_index_deinit(&part->by_key);
    tip_index_deinit(&part->by_member);
}

void tip_figure_table_deinit(struct tip_figure_table *table)
{
    for (size_t i = 0; i < table->column_count; i++) {
        tip_numbering_deinit(&table->columns[i].values);
    }
    for (size_t i = 0; i < table->part_count; i++) {
        part_deinit(&table->parts[i]);
    }
    free(table->parts);
    tip_numbering_deinit(&table->offices);
}

enum tip_err tip_figure_table_part(struct tip_figure_table *table,
                                   uint32_t office, uint32_t *out_part)
{
    const struct tip_run run = {.codes = &office, .count = 1};
    struct tip_figure_part *parts = table->parts;
    enum tip_err err;

    /* Room first: an office that has a number has a part. */
    if (table->part_count == table->part_max) {
        parts = tip_room(table->parts, table->part_count + 1, &table->part_max,
                         sizeof *parts);
        if (parts == NULL) {
            return TIP_ENOMEM;
        }
        table->parts = parts;
    }
    err = tip_numbering_add(&table->offices, run, out_part);
    if (err == TIP_OK && *out_part == table->part_count) {
        parts[*out_part] = (struct tip_figure_part){.office = office};
        tip_index_init(&parts[*out_part].by_key, table->secret);
        tip_index_init(&parts[*out_part].by_member, table->secret);
        table->part_count++;
    }
    return err;
}

const struct tip_figure_part *
tip_figure_table_find(const struct tip_figure_table *table, uint32_t office)
{
    const struct tip_run run = {.codes = &office, .count = 1};
    uint32_t part = tip_numbering_find(&table->offices, run);

    return part == TIP_NUMBERING_NONE ? NULL : &table->parts[part];
}

static struct tip_bytes key_bytes(const struct tip_figure_table *table,
                                  const uint32_t *key)
{
    return tip_bytes(key, table->column_count * sizeof *key);
}

/* A handful of numbers: a call to memcmp() takes longer. */
static inline bool is_key(const struct tip_figure_table *table,
                          const uint32_t *a, const uint32_t *b)
{
    for (size_t i = 0; i < table->column_count; i++) {
        if (a[i] != b[i]) {
            return false;
        }
    }
    return true;
}

static bool find_cell(const struct tip_figure_table *table,
                      const struct tip_figure_part *part, uint32_t tag,
                      const uint32_t *key, uint32_t *out_cell)
{
    struct tip_index_walk walk = tip_index_find(&part->by_key, tag);

    while (tip_index_next(&part->by_key, &walk, out_cell)) {
        if (is_key(table, tip_figure_key(table, part, *out_cell), key)) {
            return true;
        }
    }
    return false;
}

bool tip_figure_cell_find(const struct tip_figure_table *table,
                          const struct tip_figure_part *part,
                          const uint32_t *key, uint32_t *out_cell)
{
    uint32_t tag = tip_index_tag(&part->by_key, key_bytes(table, key));
    uint32_t cell;

    if (!find_cell(table, part, tag, key, &cell)) {
        return false;
    }
    *out_cell = cell;
    return true;
}

/* Room for one more cell in every array of @part. */
static enum tip_err grow_cells(const struct tip_figure_table *table,
                               struct tip_figure_part *part)
{
    size_t needed = part->cell_count + 1;
    struct tip_figure_cell *cells =
        tip_room(part->cells, needed, &part->cell_max, sizeof *cells);
    struct tip_sum *sums;
    uint32_t *keys;

    if (cells == NULL) {
        return TIP_ENOMEM;
    }
    part->cells = cells;
    keys = tip_room(part->keys, needed * table->column_count, &part->key_max,
                    sizeof *keys);
    if (keys == NULL) {
        return TIP_ENOMEM;
    }
    part->keys = keys;
    if (table->indicator->measure != TIP_MEASURE_SUM) {
        return TIP_OK;
    }
    sums = tip_room(part->sums, needed, &part->sum_max, sizeof *sums);
    if (sums == NULL) {
        return TIP_ENOMEM;
    }
    part->sums = sums;
    return TIP_OK;
}

enum tip_err tip_figure_cell_add(struct tip_figure_table *table, uint32_t part,
                                 const uint32_t *key, uint32_t *out_cell)
{
    struct tip_figure_part *in = &table->parts[part];
    uint32_t tag = tip_index_tag(&in->by_key, key_bytes(table, key));
    uint32_t cell = (uint32_t)in->cell_count;
    enum tip_err err;

    if (find_cell(table, in, tag, key, out_cell)) {
        return TIP_OK;
    }
    err = grow_cells(table, in);
    if (err == TIP_OK) {
        err = tip_index_add(&in->by_key, tag, cell);
    }
    if (err != TIP_OK) {
        return err;
    }
    for (size_t i = 0; i < table->column_count; i++) {
        in->keys[cell * table->column_count + i] = key[i];
    }
    in->cells[cell] = (struct tip_figure_cell){.row = TIP_ROW_NOWHERE};
    if (in->sums != NULL) {
        in->sums[cell] = tip_sum_of(0);
    }
    in->cell_count++;
    *out_cell = cell;
    return TIP_OK;
}

static uint32_t member_tag(const struct tip_figure_part *part, uint32_t cell,
                           uint32_t value)
{
    const uint32_t key[] = {cell, value};

    return tip_index_tag(&part->by_member, tip_bytes(key, sizeof key));
}

static bool find_member(const struct tip_figure_part *part, uint32_t tag,
                        uint32_t cell, uint32_t value, uint32_t *out_member)
{
    struct tip_index_walk walk = tip_index_find(&part->by_member, tag);

    while (tip_index_next(&part->by_member, &walk, out_member)) {
        const struct tip_figure_member *member = &part->members[*out_member];

        if (member->cell == cell && member->value == value) {
            return true;
        }
    }
    return false;
}

bool tip_figure_member_find(const struct tip_figure_part *part, uint32_t cell,
                            uint32_t value, uint32_t *out_member)
{
    uint32_t member;

    if (!find_member(part, member_tag(part, cell, value), cell, value,
                     &member)) {
        return false;
    }
    *out_member = member;
    return true;
}

enum tip_err tip_figure_member_add(struct tip_figure_part *part, uint32_t cell,
                                   uint32_t value, uint32_t *out_member)
{
    uint32_t tag = member_tag(part, cell, value);
    struct tip_figure_member *members;

    if (find_member(part, tag, cell, value, out_member)) {
        return TIP_OK;
    }
    members = tip_room(part->members, part->member_count + 1, &part->member_max,
                       sizeof *members);
    if (members == NULL) {
        return TIP_ENOMEM;
    }
    part->members = members;
    *out_member = (uint32_t)part->member_count;
    if (tip_index_add(&part->by_member, tag, *out_member) != TIP_OK) {
        return TIP_ENOMEM;
    }
    members[*out_member] = (struct tip_figure_member){
        .cell = cell, .value = value, .row = TIP_ROW_NOWHERE};
    part->member_count++;
    return TIP_OK;
}
