/* erase list: what was erased by decision, and what of ours went with it. */
#include <stdlib.h>

#include "node_program.h"

/* A list on its way out. */
struct list_job {
    uint64_t commit;
    uint64_t lost;
};

static void say_erasure(struct tip_reply *reply,
                        const struct node_program *node,
                        const struct node_erasure *erasure)
{
    struct node_erasing erasing;
    char id[TIP_ID_TEXT_SIZE];

    node_engine_erasing(node->engine, &erasing);
    tip_id_format(&erasure->record, id);
    tip_reply_row_begin(reply);
    tip_reply_text(reply, "record", id);
    tip_reply_time(reply, "decided", (int64_t)erasure->decided_ms);
    tip_reply_boolean(reply, "was_here", erasure->was_here);
    tip_reply_boolean(reply, "done", erasing.done >= erasure->commit);
    tip_reply_integer(reply, "lost_changes", (int64_t)erasure->lost_count);
    if (erasure->lost_count == 0) {
        tip_reply_none(reply, "lost_by");
        tip_reply_none(reply, "lost_first");
        tip_reply_none(reply, "lost_last");
    } else {
        tip_reply_text(reply, "lost_by", erasure->author);
        tip_reply_time(reply, "lost_first",
                       (int64_t)tip_stamp_unix_ms(erasure->lost_first));
        tip_reply_time(reply, "lost_last",
                       (int64_t)tip_stamp_unix_ms(erasure->lost_last));
    }
    tip_reply_row_end(reply);
}

void node_warn_erasing(struct tip_reply *reply, const struct node_program *node)
{
    struct node_erasing erasing;

    node_engine_erasing(node->engine, &erasing);
    if (erasing.trouble != TIP_OK) {
        tip_program_warn(reply,
                         "This office has not finished erasing; it tries again "
                         "each minute: %s",
                         tip_err_text(erasing.trouble));
    }
}

enum tip_err node_run_erase_list(void *program, struct tip_request *request,
                                 struct tip_reply *reply)
{
    struct node_program *node = program;
    struct node_erasure erasure;
    bool is_first = request->job == NULL;
    struct list_job *job = tip_request_job(request, sizeof *job, free);
    enum tip_err err = TIP_OK;

    if (job == NULL) {
        return TIP_ENOMEM;
    }
    if (is_first) {
        tip_reply_list_begin(reply, "erasures");
    }
    while (err == TIP_OK) {
        if (!tip_reply_has_room(reply)) {
            return TIP_EAGAIN;
        }
        err = node_engine_next_erasure(node->engine, job->commit, &erasure);
        if (err == TIP_OK) {
            job->commit = erasure.commit;
            job->lost += erasure.lost_count;
            say_erasure(reply, node, &erasure);
        }
    }
    if (err != TIP_ENOTFOUND) {
        return err;
    }
    tip_reply_list_end(reply);
    if (job->lost > 0) {
        tip_reply_note(reply, TIP_REPLY_INFO,
                       "Changes that Nouakchott had not merged went with the "
                       "record: it was erased by decision, and nothing more "
                       "may be kept of it.");
    }
    node_warn_erasing(reply, node);
    return TIP_OK;
}
