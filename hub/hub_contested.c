/* What waits for a person, office by office. */
#include <string.h>

#include "hub_program.h"
#include "hub_view.h"
#include "tip_holding.h"

struct counting {
    struct hub_views *views;
    const struct tip_schema *schema;
    uint64_t now_ms;
};

/* Those who hold @record see that it waits. */
static void add_record(void *self, const struct tip_record *record,
                       uint64_t age_ms)
{
    const struct counting *counting = self;
    struct hub_views *views = counting->views;

    tip_disputes_add(&views->disputes, record, counting->schema,
                     counting->now_ms);
    for (size_t i = 0; i < views->count; i++) {
        struct hub_view *view = &views->items[i];

        if (tip_holding_has(record, (uint32_t)view->office)) {
            tip_contested_add(&view->conflicts, age_ms);
        }
    }
}

enum tip_err hub_views_contest(struct hub_program *hub, struct hub_views *views)
{
    struct counting counting = {.views = views,
                                .schema = hub->host.desk->schema,
                                .now_ms = hub->clock.now_ms(&hub->clock)};
    enum tip_err err;

    memset(&views->disputes, 0, sizeof views->disputes);
    err = tip_desk_contested(hub->host.desk, add_record, &counting,
                             &views->conflicts);
    tip_disputes_sort(&views->disputes);
    return err;
}
