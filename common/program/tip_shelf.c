#include "tip_shelf.h"

#include <stdlib.h>

#include "tip_daemon.h"
#include "tip_desk_catalogue.h"

struct tip_shelf_entry {
    struct tip_shelf_entry *older;
    struct tip_catalogue *catalogue;
};

static const struct tip_catalogue no_catalogue = {.version = 0};

void tip_shelf_init(struct tip_shelf *shelf)
{
    *shelf = (struct tip_shelf){.newest = NULL};
    tip_catalogue_schema_init(&shelf->schema, &no_catalogue);
}

void tip_shelf_deinit(struct tip_shelf *shelf)
{
    while (shelf->newest != NULL) {
        struct tip_shelf_entry *entry = shelf->newest;

        shelf->newest = entry->older;
        tip_catalogue_free(entry->catalogue);
        free(entry);
    }
}

/* Take over @catalogue. */
static enum tip_err keep(struct tip_shelf *shelf,
                         struct tip_catalogue *catalogue)
{
    struct tip_shelf_entry *entry = calloc(1, sizeof *entry);

    if (entry == NULL) {
        tip_catalogue_free(catalogue);
        return TIP_ENOMEM;
    }
    *entry = (struct tip_shelf_entry){.older = shelf->newest,
                                      .catalogue = catalogue};
    shelf->newest = entry;
    return TIP_OK;
}

enum tip_err tip_shelf_fetch(struct tip_shelf *shelf, struct tip_desk *desk,
                             const struct tip_catalogue **out_catalogue)
{
    struct tip_catalogue *latest;
    enum tip_err err = tip_desk_catalogue_latest(desk, &latest);

    if (err != TIP_OK) {
        return err;
    }
    if (latest->version == shelf->schema.catalogue->version) {
        tip_catalogue_free(latest);
        return TIP_ENOTFOUND;
    }
    err = keep(shelf, latest);
    if (err == TIP_OK) {
        *out_catalogue = latest;
    }
    return err;
}

void tip_shelf_use(struct tip_shelf *shelf, struct tip_desk *desk,
                   const struct tip_catalogue *catalogue)
{
    tip_catalogue_schema_init(&shelf->schema, catalogue);
    desk->catalogue = catalogue;
    tip_daemon_say("catalogue version %u is in use", catalogue->version);
}
