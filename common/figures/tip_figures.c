#include "tip_figures.h"

#include <stdlib.h>
#include <string.h>

#include "tip_figures_internal.h"
#include "tip_figures_row.h"
#include "tip_random.h"

enum tip_err tip_figures_new(const struct tip_catalogue *catalogue,
                             uint64_t secret, struct tip_figures **out_figures)
{
    struct tip_figures *figures = calloc(1, sizeof *figures);
    enum tip_err err;

    if (figures == NULL) {
        return TIP_ENOMEM;
    }
    figures->catalogue = catalogue;
    figures->secret = secret;
    tip_catalogue_schema_init(&figures->schema, catalogue);
    tip_numbering_init(&figures->members, secret);
    tip_picture_init(&figures->before);
    tip_picture_init(&figures->after);
    figures->row = malloc(TIP_FIGURES_ROW_BYTES_MAX);
    figures->entry = malloc(TIP_FIGURES_ENTRY_BYTES_MAX);
    err = figures->row == NULL || figures->entry == NULL
              ? TIP_ENOMEM
              : tip_figures_plan(figures);
    if (err != TIP_OK) {
        tip_figures_close(figures);
        return err;
    }
    *out_figures = figures;
    return TIP_OK;
}

static void type_deinit(struct tip_figures_type *type)
{
    free(type->slots.by_field);
    free(type->slots.fields);
    free(type->tables);
}

void tip_figures_close(struct tip_figures *figures)
{
    if (figures == NULL) {
        return;
    }
    for (size_t i = 0; i < figures->table_count; i++) {
        tip_figure_table_deinit(&figures->tables[i]);
    }
    for (size_t i = 0; i < figures->type_count; i++) {
        type_deinit(&figures->types[i]);
    }
    free(figures->tables);
    free(figures->types);
    tip_numbering_deinit(&figures->members);
    tip_picture_deinit(&figures->before);
    tip_picture_deinit(&figures->after);
    free(figures->touches);
    free(figures->row);
    free(figures->entry);
    free(figures);
}

/* Count what no stored cell has counted, and store it. */
static enum tip_err recount(struct tip_figures *figures, struct tip_txn *txn)
{
    enum tip_err err = tip_figures_recount(figures, txn);

    return err == TIP_OK ? tip_figures_settle(figures, txn) : err;
}

static bool is_settled(const struct tip_figures *figures)
{
    for (size_t i = 0; i < figures->table_count; i++) {
        if (!figures->tables[i].is_settled) {
            return false;
        }
    }
    return true;
}

enum tip_err tip_figures_open(const struct tip_figures_opts *opts,
                              struct tip_txn *txn,
                              struct tip_figures **out_figures)
{
    struct tip_figures *figures;
    uint64_t secret;
    enum tip_err err;

    opts->random->fill(opts->random, &secret, sizeof secret);
    err = tip_figures_new(opts->catalogue, secret, &figures);
    if (err != TIP_OK) {
        return err;
    }
    figures->lineage = opts->lineage;
    err = tip_figures_define(figures, txn, opts->recounts, !opts->reads_only);
    if (err == TIP_OK) {
        err = tip_figures_load(figures, txn);
    }
    if (err == TIP_OK && !is_settled(figures)) {
        err = recount(figures, txn);
    }
    for (size_t i = 0; i < figures->table_count; i++) {
        figures->tables[i].is_settled = false;
    }
    if (err != TIP_OK) {
        tip_figures_close(figures);
        return err;
    }
    *out_figures = figures;
    return TIP_OK;
}

/* Does the change concern what @table counts? */
static bool is_concerned(const struct tip_figures *figures,
                         const struct tip_figure_table *table)
{
    const struct tip_picture *before = &figures->before;
    const struct tip_picture *after = &figures->after;

    if (before->is_present != after->is_present ||
        before->disputed != after->disputed) {
        return true;
    }
    for (size_t i = 0; i < table->slot_count; i++) {
        if (!tip_picture_slot_equal(before, after, table->slots[i])) {
            return true;
        }
    }
    return false;
}

static enum tip_err change_table(struct tip_figures *figures,
                                 struct tip_figure_table *table)
{
    enum tip_err err = TIP_OK;

    if (table->is_settled || !is_concerned(figures, table)) {
        return TIP_OK;
    }
    if (figures->before.is_present) {
        err = tip_figures_count(figures, table, &figures->before, -1);
    }
    if (err == TIP_OK && figures->after.is_present) {
        err = tip_figures_count(figures, table, &figures->after, 1);
    }
    return err;
}

enum tip_err tip_figures_changed(struct tip_figures *figures,
                                 const struct tip_record *before,
                                 const struct tip_record *after)
{
    const struct tip_schema *schema = &figures->schema.base;
    /* Of a record that was erased not even that is left. */
    struct tip_figures_type *type = tip_figures_find_type(
        figures, before == NULL ? after->type : before->type);
    enum tip_err err;

    if (type == NULL) {
        return TIP_OK;
    }
    memset(figures->periods, 0, sizeof figures->periods);
    err = tip_picture_take(&figures->before, &type->slots, before, schema);
    if (err == TIP_OK) {
        err = tip_picture_take(&figures->after, &type->slots, after, schema);
    }
    if (!figures->before.is_present && !figures->after.is_present) {
        return err;
    }
    for (size_t i = 0; i < type->table_count && err == TIP_OK; i++) {
        err = change_table(figures, &figures->tables[type->tables[i]]);
    }
    return err;
}

bool tip_figures_is_suspect(const struct tip_figures *figures)
{
    return figures->suspect;
}
