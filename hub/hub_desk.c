#include "hub_desk.h"

static struct hub_desk *desk_of(struct tip_desk *self)
{
    return (struct hub_desk *)self;
}

static enum tip_err desk_txn(struct tip_desk *self, struct tip_txn **out_txn)
{
    return hub_engine_txn(desk_of(self)->engine, out_txn);
}

static const struct tip_record_table *desk_records(struct tip_desk *self)
{
    return hub_engine_records(desk_of(self)->engine);
}

/* What the hub stores is what a person sees: it has no overlay. */
static enum tip_err desk_view(struct tip_desk *self, uint32_t ordinal,
                              struct tip_arena *arena,
                              struct tip_wire_record *out_stored,
                              struct tip_record *out_view)
{
    enum tip_err err =
        hub_engine_view(desk_of(self)->engine, ordinal, arena, out_view);

    if (err == TIP_OK) {
        *out_stored = (struct tip_wire_record){.record = *out_view};
    }
    return err;
}

static struct tip_seen desk_seen(struct tip_desk *self)
{
    return hub_engine_seen(desk_of(self)->engine);
}

static enum tip_err desk_save(struct tip_desk *self,
                              const struct tip_draft *draft,
                              struct tip_saved *out_saved)
{
    return hub_engine_save(desk_of(self)->engine, draft, out_saved);
}

static enum tip_err desk_flush(struct tip_desk *self)
{
    return hub_engine_flush(desk_of(self)->engine);
}

static enum tip_desk_state desk_state(struct tip_desk *self, uint64_t seq)
{
    (void)self;
    (void)seq;
    return TIP_DESK_MERGED; /* What the hub writes commits as written. */
}

void hub_desk_init(struct hub_desk *desk, struct hub_engine *engine,
                   const struct hub_desk_opts *opts)
{
    *desk = (struct hub_desk){.base = {.txn = desk_txn,
                                       .records = desk_records,
                                       .view = desk_view,
                                       .seen = desk_seen,
                                       .save = desk_save,
                                       .flush = desk_flush,
                                       .state = desk_state,
                                       .office = HUB_OFFICE,
                                       .origin = HUB_ORIGIN,
                                       .is_hub = true,
                                       .catalogue = opts->catalogue,
                                       .schema = opts->schema,
                                       .clock = opts->clock,
                                       .random = opts->random},
                              .engine = engine};
}
