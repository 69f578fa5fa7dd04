/* Bundles: the node's frames to the hub on a stick, and the hub's to it. */
#include "node_program.h"
#include "tip_carry.h"

struct bundle_job {
    struct tip_carry_job carry; /* First member, so the casts are valid. */
    struct node_program *node;
    uint64_t next, last; /* Seqs to export. */
};

static enum tip_err maker(struct tip_carrier *self,
                          const struct tip_bundle_head *head,
                          struct tip_box_public *out_maker)
{
    const struct node_state *state = &((struct bundle_job *)self)->node->state;

    if (head->side != TIP_SESSION_HUB ||
        head->origin != state->invitation.origin) {
        return TIP_EBUNDLE_OTHER;
    }
    *out_maker = state->invitation.hub.box;
    return TIP_OK;
}

static enum tip_err take_head(struct tip_carrier *self,
                              const struct tip_bundle_head *head)
{
    return node_engine_import_head(((struct bundle_job *)self)->node->engine,
                                   head->generation, &head->feed);
}

static enum tip_err take_frame(struct tip_carrier *self, struct tip_bytes frame)
{
    return node_engine_import_frame(((struct bundle_job *)self)->node->engine,
                                    frame);
}

static enum tip_err next_frame(struct tip_carrier *self,
                               struct tip_bytes *out_frame)
{
    struct bundle_job *job = (struct bundle_job *)self;
    uint64_t last;
    enum tip_err err =
        job->next > job->last
            ? TIP_ENOTFOUND
            : node_engine_export_frame(job->node->engine, job->next, out_frame,
                                       &last);

    if (err == TIP_OK) {
        job->next = last + 1;
    }
    return err;
}

static enum tip_err job_begin(struct node_program *node,
                              struct tip_request *request,
                              struct bundle_job **out_job)
{
    const struct tip_carrier carrier = {.keys = node->state.keys,
                                        .daemon = node->host.daemon,
                                        .maker = maker,
                                        .take_head = take_head,
                                        .take_frame = take_frame,
                                        .next_frame = next_frame};
    enum tip_err err = tip_carry_job_new(request, sizeof **out_job, &carrier);

    if (err == TIP_OK) {
        *out_job = request->job;
        (*out_job)->node = node;
    }
    return err;
}

static enum tip_err export_begin(struct node_program *node,
                                 const struct tip_cli_call *call,
                                 struct bundle_job *job)
{
    const struct tip_invitation *invitation = &node->state.invitation;
    struct tip_bundle_head head = {.side = TIP_SESSION_NODE,
                                   .origin = invitation->origin,
                                   .made_ms = node->clock.now_ms(&node->clock),
                                   .channel_count = NODE_CHANNELS};
    struct node_status status;

    node_engine_status(node->engine, &status);
    node_engine_position(node->engine, &head.feed, head.channels, head.parts);
    head.generation = status.generation;
    job->last = status.saved;
    job->next =
        tip_cli_option(call, "all")->is_given ? 1 : status.confirmed + 1;
    return tip_carry_out_begin(&job->carry.out, &head, &invitation->hub.box);
}

enum tip_err node_run_bundle_export(void *program, struct tip_request *request,
                                    struct tip_reply *reply)
{
    struct node_program *node = program;
    struct bundle_job *job = request->job;
    enum tip_err err = TIP_OK;

    if (job == NULL) {
        err = job_begin(node, request, &job);
        if (err == TIP_OK) {
            err = export_begin(node, request->call, job);
        }
    }
    if (err == TIP_OK) {
        err = tip_carry_out_step(&job->carry.out, reply);
    }
    if (err == TIP_OK) {
        tip_reply_integer(reply, "up_to", (int64_t)job->last);
        tip_reply_note(reply, TIP_REPLY_INFO,
                       "Next: carry the file to the hub: tiphub bundle import "
                       "FILE. Only the hub can open it.");
    }
    return err;
}

enum tip_err node_run_bundle_import(void *program, struct tip_request *request,
                                    struct tip_reply *reply)
{
    struct node_program *node = program;
    struct bundle_job *job = request->job;
    enum tip_err err = TIP_OK;

    if (job == NULL) {
        err = job_begin(node, request, &job);
    }
    return err == TIP_OK ? tip_carry_in_step(&job->carry.in, request, reply)
                         : err;
}
