#include "node_company.h"

static uint64_t share_ms(uint64_t round_trip_ms)
{
    uint64_t share = round_trip_ms / NODE_COMPANY_SHARE;

    return share < NODE_COMPANY_MS_MAX ? share : NODE_COMPANY_MS_MAX;
}

uint64_t node_company_wait_ms(struct node_company *company,
                              const struct node_status *status, uint64_t now_ms)
{
    bool is_new = status->saved > company->offered;

    if (status->session == TIP_NODE_LIVE && is_new) {
        if (company->until_ms == 0) {
            company->until_ms = now_ms + share_ms(status->round_trip_ms);
        }
        if (now_ms < company->until_ms) {
            return company->until_ms - now_ms;
        }
    }
    *company = (struct node_company){.offered = status->saved};
    return 0;
}
