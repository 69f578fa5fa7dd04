/* Internal to hub_health.c: when an office has an ail, and what is said of it.
 */
#ifndef HUB_RULES_H
#define HUB_RULES_H

#include "hub_health.h"
#include "hub_view.h"

struct hub_rule {
    const char *word;
    const char *says;
    bool (*applies)(const struct hub_view *view, uint64_t limit);
    enum hub_limit limit;
    bool is_a_note;    /* Shown, but nothing is degraded by it. */
    uint32_t troubles; /* Without applies: what the office says of itself. */
};

/** By enum hub_ail. */
extern const struct hub_rule hub_rules[HUB_AIL_COUNT];

/** Has the office @ail? HUB_FINE: never. */
bool hub_rules_apply(enum hub_ail ail, const struct hub_view *view,
                     const uint64_t limits[HUB_LIMIT_COUNT]);

#endif /* HUB_RULES_H */
