/* What waits for a person, office by office. */
#include "hub_program.h"
#include "hub_view.h"
#include "tip_holding.h"

/* Those who hold @record see that it waits. */
static void add_record(void *self, const struct tip_record *record,
                       uint64_t age_ms)
{
    struct hub_views *views = self;

    for (size_t i = 0; i < views->count; i++) {
        struct hub_view *view = &views->items[i];

        if (tip_holding_has(record, (uint32_t)view->office)) {
            tip_contested_add(&view->conflicts, age_ms);
        }
    }
}

enum tip_err hub_views_contest(struct hub_program *hub, struct hub_views *views)
{
    return tip_desk_contested(hub->host.desk, add_record, views,
                              &views->conflicts);
}
