#include "node_desk.h"

#include "node_engine_internal.h"

static struct node_desk *desk_of(struct tip_desk *self)
{
    return (struct node_desk *)self;
}

static enum tip_err desk_txn(struct tip_desk *self, struct tip_txn **out_txn)
{
    return node_engine_txn(desk_of(self)->engine, out_txn);
}

static const struct tip_record_table *desk_records(struct tip_desk *self)
{
    return node_engine_records(desk_of(self)->engine);
}

static enum tip_err desk_view(struct tip_desk *self, uint32_t ordinal,
                              struct tip_arena *arena,
                              struct tip_wire_record *out_stored,
                              struct tip_record *out_view)
{
    return node_engine_view(desk_of(self)->engine, ordinal, arena, out_stored,
                            out_view);
}

static struct tip_seen desk_seen(struct tip_desk *self)
{
    return node_engine_seen(desk_of(self)->engine);
}

static enum tip_err desk_save(struct tip_desk *self,
                              const struct tip_draft *draft,
                              struct tip_saved *out_saved)
{
    return node_engine_save(desk_of(self)->engine, draft, out_saved);
}

static enum tip_err desk_flush(struct tip_desk *self)
{
    return node_engine_flush(desk_of(self)->engine);
}

/* "Sent" lasts as long as the session in which it was: after that nobody can
 * say that it is on its way. */
static enum tip_desk_state desk_state(struct tip_desk *self, uint64_t seq)
{
    const struct node_engine *engine = desk_of(self)->engine;

    for (size_t i = 0; i < engine->held.run_count; i++) {
        const struct tip_held_run *run = &engine->held.runs[i];

        if (seq >= run->first && seq - run->first < run->count) {
            return TIP_DESK_HELD;
        }
    }
    if (seq <= engine->session.confirmed.number) {
        return TIP_DESK_AT_HUB;
    }
    return seq < engine->session.next ? TIP_DESK_SENT : TIP_DESK_SAVED;
}

/* Of other offices a node knows the number. */
static struct tip_bytes desk_office_name(struct tip_desk *self, uint32_t office)
{
    return office == self->office ? desk_of(self)->name : TIP_BYTES_NONE;
}

void node_desk_init(struct node_desk *desk, struct node_engine *engine,
                    const struct node_desk_opts *opts)
{
    *desk = (struct node_desk){.base = {.txn = desk_txn,
                                        .records = desk_records,
                                        .view = desk_view,
                                        .seen = desk_seen,
                                        .save = desk_save,
                                        .flush = desk_flush,
                                        .state = desk_state,
                                        .office_name = desk_office_name,
                                        .office = opts->identity->office,
                                        .origin = opts->identity->origin,
                                        .catalogue = opts->catalogue,
                                        .schema = opts->schema,
                                        .clock = opts->clock,
                                        .random = opts->random,
                                        .keys = opts->keys},
                               .engine = engine,
                               .name = opts->name};
}
