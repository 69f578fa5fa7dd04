/* The session is stopped because the hub refuses us: it is asked again. */
#include "node_engine_internal.h"

/* For good, as far as it said; a disk that was copied waits for a person at the
 * hub, and the line asks for it. */
static bool is_refused(const struct node_engine *engine)
{
    return engine->session.state == TIP_NODE_STOPPED &&
           engine->go_on.step == NODE_RECOVERY_NONE &&
           engine->trouble != TIP_ECLONE;
}

void node_again_pump(struct node_engine *engine)
{
    uint64_t now_ms = node_engine_now_ms(engine);

    if (node_refusal_is_over(&engine->refusal, is_refused(engine),
                             engine->session.state == TIP_NODE_LIVE, now_ms)) {
        node_talk_reset(engine);
        engine->resume_ms = now_ms; /* If the line is still up. */
    }
}

uint64_t node_again_ms(const struct node_engine *engine)
{
    return is_refused(engine) ? node_refusal_rest_ms(&engine->refusal,
                                                     node_engine_now_ms(engine))
                              : 0;
}

void node_engine_ask_again(struct node_engine *engine)
{
    node_refusal_hurry(&engine->refusal);
}
