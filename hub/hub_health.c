#include "hub_health.h"

#include "hub_rules.h"

/* The worst first. */
static const enum hub_ail order[] = {
    HUB_ERASED_THERE, HUB_AHEAD,          HUB_MISSING,    HUB_FORGOTTEN,
    HUB_COPIED,       HUB_UNSENT,         HUB_UNREPAIRED, HUB_DIFFERS,
    HUB_REFUSED,      HUB_NO_ROOM,        HUB_DISK,       HUB_ROTTEN,
    HUB_STOPPED,      HUB_LOST,           HUB_FULL,       HUB_STUCK,
    HUB_KEEPS_ERASED, HUB_UNERASED,       HUB_TROUBLE,    HUB_SILENT,
    HUB_NEVER_SEEN,   HUB_NEVER_ENROLLED, HUB_RETIRED,    HUB_REVOKED,
    HUB_STRAY,        HUB_WAITING,        HUB_HELD,       HUB_PARKED,
    HUB_CONTESTED,    HUB_CLOCK,          HUB_POWER,      HUB_BACKUP,
    HUB_UNVERIFIED,   HUB_SCRUB,          HUB_CATALOGUE,  HUB_VERSION};

_Static_assert(sizeof order / sizeof *order == HUB_AIL_COUNT - 1,
               "every ail has its place");

struct hub_verdict hub_health_judge(const struct hub_view *view,
                                    const uint64_t limits[HUB_LIMIT_COUNT])
{
    struct hub_verdict verdict = {.worst = HUB_FINE};

    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        enum hub_ail ail = order[i];

        if (!hub_rules_apply(ail, view, limits)) {
            continue;
        }
        verdict.worst = verdict.worst == HUB_FINE ? ail : verdict.worst;
        verdict.ails |= UINT64_C(1) << ail;
        verdict.count++;
        verdict.is_degraded = verdict.is_degraded || hub_health_degrades(ail);
    }
    return verdict;
}

enum hub_ail hub_health_at(size_t place)
{
    return place < sizeof order / sizeof *order ? order[place] : HUB_FINE;
}

const char *hub_health_word(enum hub_ail ail)
{
    return (unsigned)ail < HUB_AIL_COUNT ? hub_rules[ail].word : "unknown";
}

const char *hub_health_says(enum hub_ail ail)
{
    return (unsigned)ail < HUB_AIL_COUNT
               ? hub_rules[ail].says
               : "has something this version does not know: upgrade the hub";
}

bool hub_health_is_grave(enum hub_ail ail)
{
    for (size_t i = 0; order[i] != HUB_SILENT; i++) {
        if (order[i] == ail) {
            return true;
        }
    }
    return false;
}

bool hub_health_degrades(enum hub_ail ail)
{
    return (unsigned)ail >= HUB_AIL_COUNT ||
           (ail != HUB_FINE && !hub_rules[ail].is_a_note);
}
