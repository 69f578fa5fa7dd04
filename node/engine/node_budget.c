/*
 * The bytes of a day: counted here, kept in a row, and no session while they
 * are used up. What is under way then was allowed, on a slow line one frame: it
 * is waited for, and nothing else is sent.
 */
#include <string.h>

#include "node_budget.h"
#include "node_row.h"
#include "tip_link.h"

enum {
    HEARTBEAT_MS = 5 * 60 * 1000, /* As the link's, unless it was said. */
    KEEP_PARTS = 32               /* Written each time such a part is spent. */
};

void node_engine_set_budget(struct node_engine *engine, uint64_t day_bytes)
{
    engine->budget.limit_bytes = day_bytes;
}

void node_engine_override_budget(struct node_engine *engine)
{
    engine->budget.is_overridden = true;
}

void node_engine_spend(struct node_engine *engine, uint64_t bytes)
{
    tip_budget_spend(&engine->budget, bytes);
}

void node_budget_spend(struct node_engine *engine, size_t bytes)
{
    tip_budget_spend(&engine->budget, bytes + TIP_BUDGET_MESSAGE_BYTES);
}

static void pass(struct node_engine *engine)
{
    uint64_t now_ms = node_engine_now_ms(engine);
    uint32_t said_ms = engine->health.heartbeat_ms;
    uint64_t heartbeat_ms = said_ms != 0 ? said_ms : HEARTBEAT_MS;

    tip_budget_pass(&engine->budget, now_ms);
    if (!engine->link_is_up) {
        engine->budget.beat_ms = now_ms;
    }
    while (now_ms - engine->budget.beat_ms >= heartbeat_ms) {
        engine->budget.beat_ms += heartbeat_ms;
        tip_budget_spend(&engine->budget, TIP_BUDGET_HEARTBEAT_BYTES);
    }
}

bool node_budget_is_used(struct node_engine *engine)
{
    return !tip_budget_allows(&engine->budget,
                              engine->budget.limit_bytes == 0
                                  ? 0
                                  : node_engine_waiting_bytes(engine));
}

/* May a frame still arrive? To hang up now would pay for the part of it that
 * did, and tomorrow for all of it. */
static bool is_under_way(const struct node_engine *engine)
{
    const struct tip_node_session *session = &engine->session;

    return (session->state == TIP_NODE_LIVE ||
            session->state == TIP_NODE_GREETING) &&
           session->flights.bytes > 0 &&
           node_engine_now_ms(engine) - session->patience.since_ms <=
               TIP_SESSION_STALL_MS;
}

bool node_budget_is_resting(struct node_engine *engine)
{
    return node_budget_is_used(engine) && !is_under_way(engine);
}

void node_engine_link_up(struct node_engine *engine)
{
    engine->link_is_up = true;
    engine->budget.beat_ms = node_engine_now_ms(engine);
    tip_budget_spend(&engine->budget, TIP_BUDGET_CONNECTION_BYTES);
    if (node_budget_is_used(engine)) {
        engine->resume_ms = engine->budget.beat_ms + 1; /* As soon as it may. */
        return;
    }
    engine->resume_ms = 0;
    tip_node_session_up(&engine->session, engine->budget.beat_ms);
}

/* Write what was spent when it has become much; else it goes along. */
static enum tip_err keep(struct node_engine *engine)
{
    const struct tip_budget *budget = &engine->budget;
    uint64_t kept = engine->budget.kept.spent_bytes;

    if (budget->limit_bytes == 0 ||
        (budget->row.day == engine->budget.kept.day &&
         budget->row.spent_bytes < kept + budget->limit_bytes / KEEP_PARTS)) {
        return TIP_OK;
    }
    return node_engine_write(engine, TIP_TXN_WRITE_RESERVE);
}

enum tip_err node_budget_pump(struct node_engine *engine, bool *out_is_used)
{
    pass(engine);
    *out_is_used = node_budget_is_used(engine);
    if (node_budget_is_resting(engine) &&
        (engine->session.state == TIP_NODE_LIVE ||
         engine->session.state == TIP_NODE_GREETING)) {
        tip_node_session_down(&engine->session);
        engine->resume_ms = node_engine_now_ms(engine) + 1;
        tip_link_drop(engine->opts.link, 0);
    }
    return keep(engine);
}

enum tip_err node_budget_store(struct node_engine *engine)
{
    enum tip_err err = TIP_OK;

    if (memcmp(&engine->budget.row, &engine->budget.kept,
               sizeof engine->budget.kept) != 0) {
        err = node_row_store_budget(engine->txn, &engine->budget.row);
    }
    if (err == TIP_OK) {
        engine->budget.kept = engine->budget.row;
    }
    return err;
}
