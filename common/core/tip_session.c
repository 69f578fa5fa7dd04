#include "tip_session.h"

void tip_patience_progress(struct tip_patience *patience, uint64_t now_ms)
{
    *patience = (struct tip_patience){.since_ms = now_ms};
}

void tip_patience_restart(struct tip_patience *patience, uint64_t now_ms)
{
    patience->since_ms = now_ms;
}

bool tip_patience_is_over(struct tip_patience *patience, uint64_t now_ms)
{
    uint64_t patience_ms = (uint64_t)TIP_SESSION_STALL_MS << patience->stalls;

    if (now_ms - patience->since_ms <= patience_ms) {
        return false;
    }
    if (patience->stalls < TIP_SESSION_STALLS_MAX) {
        patience->stalls++;
    }
    return true;
}

bool tip_resend_is_due(struct tip_resend *resend, uint64_t number,
                       uint64_t now_ms)
{
    if (resend->happened && resend->number == number &&
        now_ms - resend->at_ms < TIP_SESSION_RESEND_MS) {
        return false;
    }
    *resend = (struct tip_resend){
        .happened = true, .number = number, .at_ms = now_ms};
    return true;
}
