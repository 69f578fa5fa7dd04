/* The catalogue in use, and the desk that stands on it. */
#include "hub_alone.h"
#include "hub_program.h"
#include "tip_backup_mark.h"
#include "tip_random_sodium.h"

static struct hub_engine *engine_of(struct tip_desk *desk)
{
    return ((struct hub_desk *)desk)->engine;
}

static struct tip_bytes office_name(struct tip_desk *self, uint32_t office)
{
    return hub_office_name(engine_of(self), office);
}

static enum tip_err office_find(struct tip_desk *self, struct tip_bytes name,
                                uint32_t *out_office)
{
    return hub_office_find(engine_of(self), name, out_office);
}

/* The hub's own work is nowhere else until it was backed up or sent. */
static bool is_alone(struct tip_desk *self, const struct tip_record *record)
{
    struct hub_engine *engine = engine_of(self);
    struct tip_backup_made made = {.commit = 0};
    struct tip_txn *txn;
    enum tip_err err = hub_engine_txn(engine, &txn);

    if (err == TIP_OK) {
        err = tip_backup_made_get(txn, &made);
    }
    return hub_engine_is_alone(engine, record, err == TIP_OK ? made.commit : 0);
}

void hub_desk_begin(struct hub_program *hub)
{
    const struct hub_desk_opts opts = {.clock = &hub->clock,
                                       .random = tip_random_sodium(),
                                       .catalogue = hub->shelf.schema.catalogue,
                                       .schema = &hub->shelf.schema.base};

    hub_desk_init(&hub->hub_desk, hub->engine, &opts);
    hub->host.desk = &hub->hub_desk.base;
    hub->host.desk->office_name = office_name;
    hub->host.desk->office_find = office_find;
    hub->host.desk->is_alone = is_alone;
}

enum tip_err hub_catalogue_refresh(struct hub_program *hub)
{
    const struct tip_catalogue *latest;
    enum tip_err err = tip_shelf_fetch(&hub->shelf, hub->host.desk, &latest);

    if (err != TIP_OK) {
        return err == TIP_ENOTFOUND ? TIP_OK : err;
    }
    err = hub_figures_use(&hub->figures, hub->engine, latest, false);
    if (err != TIP_OK) {
        return err;
    }
    tip_shelf_use(&hub->shelf, hub->host.desk, latest);
    hub_engine_set_schema(hub->engine, &hub->shelf.schema.base,
                          latest->version);
    /* What waited for it is judged again. */
    return hub_engine_release(hub->engine);
}
