/* recovery show, begin, finish: after the hub was put back to an older point.
 */
#include <stdlib.h>

#include "hub_program.h"
#include "tip_frame.h"
#include "tip_span.h"

static void say(struct tip_reply *reply, const struct hub_program *hub)
{
    struct hub_recovery recovery;

    hub_engine_recovery(hub->engine, &recovery);
    tip_reply_boolean(reply, "is_open", recovery.is_open);
    tip_reply_integer(reply, "missing", (int64_t)recovery.missing);
    tip_reply_integer(
        reply, "generation",
        tip_commit_generation(hub_engine_seen(hub->engine).commit));
    if (recovery.started_ms == 0) {
        tip_reply_none(reply, "began");
        tip_reply_none(reply, "ends");
        tip_reply_none(reply, "finished");
        tip_reply_none(reply, "follows");
        return;
    }
    tip_reply_time(reply, "began", (int64_t)recovery.started_ms);
    if (recovery.ends_ms == 0) {
        tip_reply_none(reply, "ends");
    } else {
        tip_reply_time(reply, "ends", (int64_t)recovery.ends_ms);
    }
    if (recovery.finished_ms == 0) {
        tip_reply_none(reply, "finished");
    } else {
        tip_reply_time(reply, "finished", (int64_t)recovery.finished_ms);
    }
    tip_reply_integer(reply, "follows",
                      (int64_t)tip_commit_number(recovery.follows));
}

enum tip_err hub_run_recovery_show(void *program, struct tip_request *request,
                                   struct tip_reply *reply)
{
    (void)request;
    say(reply, program);
    return TIP_OK;
}

enum tip_err hub_run_recovery_begin(void *program, struct tip_request *request,
                                    struct tip_reply *reply)
{
    struct hub_program *hub = program;
    enum tip_err err = hub_engine_recovery_begin(hub->engine, 0);

    (void)request;
    if (err == TIP_OK) {
        say(reply, hub);
        tip_reply_note(reply, TIP_REPLY_INFO,
                       "Every office hands back what this hub has lost when it "
                       "calls next. See tiphub nodes.");
    }
    return err;
}

/* Say why there is nothing to finish. */
static void explain(struct tip_reply *reply, const struct hub_program *hub)
{
    const uint64_t now_ms = hub->clock.now_ms(&hub->clock);
    struct hub_recovery recovery;
    char span[TIP_SPAN_SIZE];

    hub_engine_recovery(hub->engine, &recovery);
    if (recovery.finished_ms == 0) {
        tip_reply_explain(reply, "this hub was never restored");
        return;
    }
    tip_span_words(now_ms > recovery.finished_ms
                       ? (int64_t)(now_ms - recovery.finished_ms)
                       : 0,
                   span);
    tip_reply_explain(reply, "the newest was finished %s ago", span);
}

enum tip_err hub_run_recovery_finish(void *program, struct tip_request *request,
                                     struct tip_reply *reply)
{
    struct hub_program *hub = program;
    uint64_t *ticket = request->job;
    enum tip_err err = TIP_OK;

    if (ticket == NULL) {
        ticket = calloc(1, sizeof *ticket);
        request->job = ticket;
        request->job_free = free;
        err = ticket == NULL ? TIP_ENOMEM
                             : hub_engine_recovery_finish(hub->engine);
        if (err == TIP_ENOT_RECOVERING) {
            explain(reply, hub);
        }
        if (err != TIP_OK) {
            return err;
        }
        *ticket = tip_daemon_ticket(hub->host.daemon);
    }
    err = tip_daemon_settled(hub->host.daemon, *ticket);
    if (err == TIP_OK) {
        say(reply, hub);
    }
    return err;
}
