#include "tip_shelf.h"

#include <stdlib.h>

struct tip_shelf_entry {
    struct tip_shelf_entry *older;
    struct tip_catalogue *catalogue;
};

enum tip_err tip_shelf_add(struct tip_shelf *shelf,
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

void tip_shelf_deinit(struct tip_shelf *shelf)
{
    while (shelf->newest != NULL) {
        struct tip_shelf_entry *entry = shelf->newest;

        shelf->newest = entry->older;
        tip_catalogue_free(entry->catalogue);
        free(entry);
    }
}
