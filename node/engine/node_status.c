/*
 * What a person is told of the engine.
 */
#include <string.h>

#include "node_budget.h"
#include "node_engine_internal.h"

/* What is sent again, and since when something differs. */
static void say_repair(const struct node_engine *engine,
                       struct node_status *status)
{
    for (size_t i = 0; i < NODE_CHANNELS; i++) {
        const struct node_channel *channel = &engine->channels[i];
        uint64_t since = channel->row.differs_since_ms;

        if (since != 0 && (status->differs_since_ms == 0 ||
                           since < status->differs_since_ms)) {
            status->differs_since_ms = since;
        }
        status->is_sent_again = status->is_sent_again || channel->roll.is_open;
        status->again_came += channel->roll.received;
        status->again_count += channel->roll.count;
    }
    status->lost_count = engine->lost_count;
    status->remade = engine->remade;
    status->scrubbed_ms = engine->scrub.base.done_ms;
    status->scrub_found = engine->scrub.base.last_found;
    status->scrub_next = engine->scrub.base.next;
    status->scrub_end = engine->records.next_ordinal;
    status->scrub_rest = tip_survey_report(&engine->scrub.base.survey);
}

/* What hinders it; or that it is too old for what the hub says. */
static enum tip_err trouble_of(const struct node_engine *engine)
{
    for (size_t i = 0; i < NODE_CHANNELS; i++) {
        if (engine->channels[i].unread != 0 && engine->trouble == TIP_OK) {
            return TIP_EUNSUPPORTED;
        }
    }
    return engine->trouble;
}

static bool is_stopped(const struct node_engine *engine)
{
    for (size_t i = 0; i < NODE_CHANNELS; i++) {
        if (engine->channels[i].is_frozen || engine->channels[i].unread != 0) {
            return true;
        }
    }
    return false;
}

void node_engine_status(struct node_engine *engine,
                        struct node_status *out_status)
{
    *out_status = (struct node_status){
        .session = engine->session.state,
        .trouble = trouble_of(engine),
        .is_stopped = is_stopped(engine),
        .is_full = engine->is_full,
        .destroyed = engine->trouble == TIP_ESTORE_DAMAGED
                         ? engine->destroyed
                         : (struct node_destroyed){.count = 0},
        .hindrance = engine->hindrance,
        .has_stray = engine->has_stray,
        .saved = engine->feed.saved,
        .framed = engine->feed.framed.number,
        .confirmed = engine->session.confirmed.number,
        .delivered_ms = engine->delivered_ms,
        .decided = engine->feed.decided,
        .held_count = engine->held.total,
        .checkpoint = node_engine_base(engine),
        .records = engine->channels[NODE_CHANNEL_OWN].holding.count,
        .agreement = tip_agreement_of(
            engine->channels[NODE_CHANNEL_OWN].row.position.agreement,
            engine->channels[NODE_CHANNEL_REF].row.position.agreement),
        .generation = engine->session.generation,
        .hub_is_restored = engine->carried_generation > engine->feed.generation,
        .bad_messages = engine->bad_messages,
        .round_trip_ms = engine->session.round_trip_ms,
        .clock_offset_ms = engine->clock_offset_ms,
        .goodput_bps = tip_goodput_bps(&engine->session.goodput),
        .resent_bytes = engine->session.resent_bytes,
        .budget_bytes = engine->budget.limit_bytes,
        .spent_bytes = engine->budget.row.spent_bytes,
        .rest_ms = node_budget_is_resting(engine)
                       ? tip_budget_rest_ms(&engine->budget)
                       : 0,
        .again_ms = node_again_ms(engine),
        .is_asked_again = node_again_is_asked(engine),
        .feed = node_continue_origin(engine),
        .feed_start = node_continue_start_number(engine),
        .is_recovering = engine->go_on.step != NODE_RECOVERY_NONE,
        .recalled = engine->go_on.at.number,
        .recalled_to = engine->go_on.row.asked.head.number};
    say_repair(engine, out_status);
}

size_t node_engine_held(const struct node_engine *engine,
                        struct tip_held_run *out_runs, size_t max)
{
    size_t count = engine->held.run_count < max ? engine->held.run_count : max;

    memcpy(out_runs, engine->held.runs, count * sizeof *out_runs);
    return count;
}
