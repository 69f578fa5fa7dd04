/* catalogue publish. */
#include <stdlib.h>

#include "hub_program.h"
#include "tip_desk_catalogue.h"
#include "tip_intake.h"

/* A catalogue on its way in. */
struct publish_job {
    struct tip_intake pack;
    uint64_t ticket; /* 0: not saved yet. */
    uint32_t version;
};

static void publish_free(void *job)
{
    struct publish_job *publish = job;

    tip_intake_deinit(&publish->pack);
    free(publish);
}

static enum tip_err publish(struct hub_program *hub,
                            const struct tip_request *request,
                            struct tip_bytes pack, struct publish_job *job,
                            struct tip_reply *reply)
{
    struct tip_desk_who who = {.author = tip_bytes_text(request->account)};
    struct tip_catalogue_file files[TIP_CATALOGUE_FILES_MAX];
    struct tip_problems *problems;
    size_t count;
    enum tip_err err = tip_catalogue_unpack(pack, files, &count);

    if (err != TIP_OK) {
        tip_reply_explain(reply, "not what catalogue check --pack wrote");
        return err;
    }
    problems = calloc(1, sizeof *problems);
    if (problems == NULL) {
        return TIP_ENOMEM;
    }
    err = tip_desk_catalogue_publish(hub->host.desk, &who, files, count,
                                     problems, &job->version);
    if (err == TIP_EEXISTS) {
        tip_reply_explain(reply, "this version is published already; for "
                                 "another raise it in settings.csv");
    }
    if (problems->count > 0) {
        tip_reply_explain(reply, "%s, row %zu: %s", problems->kept[0].file,
                          problems->kept[0].row, problems->kept[0].text);
    }
    free(problems);
    return err;
}

enum tip_err hub_run_catalogue_publish(void *program,
                                       struct tip_request *request,
                                       struct tip_reply *reply)
{
    struct hub_program *hub = program;
    struct publish_job *job =
        tip_request_job(request, sizeof *job, publish_free);
    struct tip_bytes pack;
    enum tip_err err;

    if (job == NULL) {
        return TIP_ENOMEM;
    }
    if (job->ticket == 0) {
        err = tip_intake_take(&job->pack, request, TIP_CATALOGUE_PACK_BYTES_MAX,
                              &pack);
        if (err == TIP_OK) {
            err = publish(hub, request, pack, job, reply);
        }
        if (err != TIP_OK) {
            return err;
        }
        job->ticket = tip_daemon_ticket(hub->host.daemon);
        return TIP_EAGAIN;
    }
    err = tip_daemon_settled(hub->host.daemon, job->ticket);
    if (err == TIP_OK) {
        err = hub_catalogue_refresh(hub);
    }
    if (err == TIP_OK) {
        tip_reply_integer(reply, "version", job->version);
        (void)tip_daemon_ticket(hub->host.daemon);
    }
    return err;
}
