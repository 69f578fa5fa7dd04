/* The session is stopped because the hub refuses us: it is asked again. */
#include "node_engine_internal.h"

/* For good, as far as it said. */
static bool is_refused(const struct node_engine *engine)
{
    return engine->session.state == TIP_NODE_STOPPED &&
           engine->go_on.step == NODE_RECOVERY_NONE;
}

/* How long to wait the first time; 0: nobody refuses us. For one of two copies
 * a person at the hub is about to choose. */
static uint32_t first_ms(const struct node_engine *engine)
{
    if (!is_refused(engine)) {
        return 0;
    }
    return engine->trouble == TIP_ECLONE ? NODE_REFUSAL_COPY_MS
                                         : NODE_REFUSAL_MS;
}

void node_again_pump(struct node_engine *engine)
{
    uint64_t now_ms = node_engine_now_ms(engine);

    if (node_refusal_is_over(&engine->refusal, first_ms(engine),
                             engine->session.state == TIP_NODE_LIVE, now_ms)) {
        node_talk_reset(engine);
        engine->resume_ms = now_ms; /* If the line is still up. */
    }
}

/* The line is up, and what the hub sent could not be kept. */
static bool is_silent(const struct node_engine *engine, uint64_t now_ms)
{
    return engine->link_is_up && engine->trouble != TIP_OK &&
           engine->session.state == TIP_NODE_DOWN && engine->resume_ms > now_ms;
}

uint64_t node_again_ms(const struct node_engine *engine)
{
    uint64_t now_ms = node_engine_now_ms(engine);

    if (is_silent(engine, now_ms)) {
        return engine->resume_ms - now_ms;
    }
    return is_refused(engine) ? node_refusal_rest_ms(&engine->refusal, now_ms)
                              : 0;
}

bool node_again_is_asked(const struct node_engine *engine)
{
    return engine->refusal.times > 0 && !is_refused(engine) &&
           engine->session.state != TIP_NODE_LIVE;
}

void node_engine_ask_again(struct node_engine *engine)
{
    uint64_t now_ms = node_engine_now_ms(engine);

    node_refusal_hurry(&engine->refusal);
    engine->resume_ms = is_silent(engine, now_ms) ? now_ms : engine->resume_ms;
    node_again_pump(engine);
}
