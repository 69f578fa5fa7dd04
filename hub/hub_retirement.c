/* enrol retire: the device of an office is used no more. */
#include <inttypes.h>
#include <stdlib.h>

#include "hub_retire.h"
#include "hub_retire_commands.h"
#include "tip_desk.h"

const struct tip_cli_argument hub_retire_arguments[1] = {
    {.name = "OFFICE", .help = "A number or a name."}};

const struct tip_cli_example hub_retire_examples[1] = {
    {"enrol retire 8", "The device of office 8 was lost."}};

/* A retirement on its way to the disk. */
struct retire_job {
    uint32_t office;
    uint32_t origin;
    uint64_t ticket;
};

static enum tip_err retire(struct hub_program *hub,
                           const struct tip_cli_call *call,
                           struct tip_reply *reply, struct retire_job *job)
{
    const struct hub_device *device;
    enum tip_err err = tip_desk_office(
        hub->host.desk, tip_bytes_text(tip_cli_argument(call, 0)),
        &job->office);

    if (err != TIP_OK) {
        return err;
    }
    device = hub_engine_in_use(hub->engine, job->office);
    if (device == NULL) {
        tip_reply_explain(reply, "no device of office %" PRIu32 " is in use",
                          job->office);
        return TIP_ENOTFOUND;
    }
    job->origin = device->origin;
    err = hub_engine_retire(hub->engine, job->origin);
    job->ticket = tip_daemon_ticket(hub->host.daemon);
    return err;
}

enum tip_err hub_run_enrol_retire(void *program, struct tip_request *request,
                                  struct tip_reply *reply)
{
    struct hub_program *hub = program;
    const bool is_first = request->job == NULL;
    struct retire_job *job = tip_request_job(request, sizeof *job, free);
    enum tip_err err = job == NULL ? TIP_ENOMEM : TIP_OK;

    if (err == TIP_OK && is_first) {
        err = retire(hub, request->call, reply, job);
    }
    if (err == TIP_OK) {
        err = tip_daemon_settled(hub->host.daemon, job->ticket);
    }
    if (err != TIP_OK) {
        return err;
    }
    tip_link_zmq_deny(hub->link, job->origin);
    tip_reply_integer(reply, "office", job->office);
    tip_reply_bytes(reply, "name", hub_office_name(hub->engine, job->office));
    tip_reply_integer(reply, "origin", job->origin);
    tip_reply_note(reply, TIP_REPLY_INFO,
                   "Next: tiphub enrol invite for the same office. Bundles of "
                   "the old device that turn up are still taken.");
    return TIP_OK;
}
