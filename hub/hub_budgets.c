/* quota: what each device may undo or send in a day, and has. */
#include <stdlib.h>

#include "hub_program.h"

/* What all devices say; on the heap, 256 of them are much for a stack. */
struct quota_job {
    struct hub_device_status devices[HUB_ORIGINS_MAX];
    size_t count;
    size_t next;
};

/* @used of @limit, as members of the open row; no limit: none is said. */
static void say_use(struct tip_reply *reply, const char *used_key,
                    uint64_t used, const char *limit_key, uint64_t limit)
{
    tip_reply_integer(reply, used_key, (int64_t)used);
    if (limit == 0) {
        tip_reply_none(reply, limit_key);
    } else {
        tip_reply_integer(reply, limit_key, (int64_t)limit);
    }
}

static void say_device(struct tip_reply *reply, struct hub_program *hub,
                       const struct hub_device_status *device)
{
    const struct tip_quota_limits *limits = hub_engine_quota(hub->engine);
    struct tip_quota_use use = hub_engine_quota_use(hub->engine, &device->use);

    tip_reply_row_begin(reply);
    tip_reply_integer(reply, "office", device->office);
    tip_reply_bytes(reply, "name",
                    hub_office_name(hub->engine, device->office));
    tip_reply_integer(reply, "origin", device->origin);
    say_use(reply, "deletions", use.deletions, "deletions_max",
            limits->deletions);
    say_use(reply, "overwrites", use.overwrites, "overwrites_max",
            limits->overwrites);
    say_use(reply, "changes", use.change_sets, "changes_max",
            limits->change_sets);
    say_use(reply, "bytes", use.bytes, "bytes_max", limits->bytes);
    say_use(reply, "held", device->held_count, "held_max", limits->waiting);
    tip_reply_row_end(reply);
}

enum tip_err hub_run_quota(void *program, struct tip_request *request,
                           struct tip_reply *reply)
{
    struct hub_program *hub = program;
    struct quota_job *job = request->job;

    if (job == NULL) {
        job = calloc(1, sizeof *job);
        if (job == NULL) {
            return TIP_ENOMEM;
        }
        job->count =
            hub_engine_devices(hub->engine, job->devices, HUB_ORIGINS_MAX);
        request->job = job;
        request->job_free = free;
        tip_reply_list_begin(reply, "quota");
    }
    for (; job->next < job->count; job->next++) {
        if (!tip_reply_has_room(reply)) {
            return TIP_EAGAIN;
        }
        say_device(reply, hub, &job->devices[job->next]);
    }
    tip_reply_list_end(reply);
    return TIP_OK;
}
