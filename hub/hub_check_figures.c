#include "hub_check_figures.h"

#include "tip_ctl_log.h"
#include "tip_desk_catalogue.h"
#include "tip_figures.h"

/* A desk at which records can be read, and nothing else. */
struct reader {
    struct tip_desk base; /* First member, so the casts below are valid. */
    struct tip_txn *txn;
    struct tip_lineage lineage;
    struct tip_record_table records;
};

static enum tip_err reader_txn(struct tip_desk *self, struct tip_txn **out_txn)
{
    *out_txn = ((struct reader *)self)->txn;
    return TIP_OK;
}

static const struct tip_record_table *reader_records(struct tip_desk *self)
{
    return &((struct reader *)self)->records;
}

static enum tip_err reader_view(struct tip_desk *self, uint32_t ordinal,
                                struct tip_arena *arena,
                                struct tip_wire_record *out_stored,
                                struct tip_record *out_view)
{
    const struct reader *reader = (struct reader *)self;
    enum tip_err err = tip_record_table_load(&reader->records, reader->txn,
                                             ordinal, arena, out_stored);

    if (err == TIP_OK) {
        *out_view = out_stored->record;
    }
    return err;
}

static enum tip_err compare(struct tip_inspect *check,
                            const struct tip_figures_opts *opts)
{
    struct tip_figures *figures;
    size_t count = 0;
    enum tip_err err = tip_figures_open(opts, check->txn, &figures);

    if (tip_inspect_is_of_value(err)) { /* Nothing else was read for it. */
        tip_inspect_tell_row(check, TIP_TABLE_FIGURE, TIP_KEY(0, 0));
    }
    if (err != TIP_OK) {
        return err == TIP_EFIGURES_STALE ? TIP_OK : err;
    }
    err = tip_figures_verify(figures, check->txn, NULL, &count);
    if (err == TIP_OK && count != 0) {
        tip_inspect_tell(check, TIP_INSPECT_FIGURES, count, 0);
    }
    tip_figures_close(figures);
    return err;
}

/* With the newest catalogue, if there is one. */
static enum tip_err check_with(struct tip_inspect *check, struct reader *reader,
                               struct tip_random *random)
{
    struct tip_catalogue *catalogue;
    struct tip_figures_opts opts = {
        .lineage = &reader->lineage, .random = random, .reads_only = true};
    enum tip_err err = tip_desk_catalogue_latest(&reader->base, &catalogue);

    if (err != TIP_OK) {
        return err == TIP_ENOTFOUND ? TIP_OK : err;
    }
    opts.catalogue = catalogue;
    err = compare(check, &opts);
    tip_catalogue_free(catalogue);
    return err;
}

enum tip_err hub_check_figures(struct tip_inspect *check,
                               struct tip_random *random)
{
    struct reader reader = {.base = {.txn = reader_txn,
                                     .records = reader_records,
                                     .view = reader_view},
                            .txn = check->txn};
    enum tip_err err = tip_ctl_log_read_lineage(check->txn, &reader.lineage);

    if (err == TIP_OK) {
        err = tip_record_table_open(&reader.records, check->txn, random,
                                    &reader.lineage);
    }
    if (err == TIP_OK) {
        err = check_with(check, &reader, random);
        tip_record_table_close(&reader.records);
    }
    tip_lineage_deinit(&reader.lineage);
    return tip_inspect_is_of_value(err) ? TIP_OK : err;
}
