/* A backup as a command of the daemon, some entries at a time. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tip_backup_command.h"
#include "tip_backup_damage.h"
#include "tip_backup_mark.h"

enum {
    SLICE_BYTES = 16 * 1024, /* Of the file, in one piece of the reply. */
    STALL_MS_MAX = 60 * 1000,
    TELL_EVERY = 4096,
    /* In one call, so that others get their turn: some milliseconds. */
    ENTRIES_MAX = 2048
};

enum phase { COPYING, ENDING, HANDING, KEEPING, DONE };

struct job {
    const struct tip_backup_source *source; /* Of this call. */
    struct tip_store_dump *dump;            /* Owned. */
    struct tip_backup_head head;
    enum phase phase;
    struct tip_bytes out; /* Made and not said yet; borrowed of the writer. */
    uint64_t count, bytes;
    uint64_t moved_ms; /* Elapsed: when somebody last took something. */
    uint64_t ticket;
    struct tip_backup_damage damage;
    struct tip_backup_writer writer;
};

static void job_free(void *bytes)
{
    struct job *job = bytes;

    tip_store_dump_close(job->dump);
    free(job);
}

static enum tip_err describe(struct job *job, const struct tip_request *request)
{
    struct tip_store *store = tip_store_lmdb_base(job->source->home->store);
    struct tip_txn *txn = tip_store_dump_txn(job->dump);
    const struct tip_clock *clock = job->source->clock;
    enum tip_err err = job->source->facts(txn, &job->head);

    if (err == TIP_OK) {
        err = tip_backup_point_get(txn, tip_store_dump_commit_count(job->dump),
                                   &job->head.point);
    }
    (void)snprintf(job->head.program, sizeof job->head.program, "%s",
                   request->program->name);
    job->head.made_ms = clock->now_ms(clock);
    job->head.entry_count = tip_store_dump_entry_count(job->dump);
    job->head.used_bytes = store->usage(store).used_bytes;
    job->head.may_be_damaged =
        tip_cli_option(request->call, "with-damaged")->is_given;
    job->moved_ms = clock->elapsed_ms(clock);
    return err;
}

static enum tip_err begin(const struct tip_backup_source *source,
                          struct tip_request *request)
{
    struct job *job = calloc(1, sizeof *job);
    enum tip_err err;

    if (job == NULL) {
        return TIP_ENOMEM;
    }
    job->source = source;
    request->job = job;
    request->job_free = job_free;
    err = tip_store_dump_open(source->home->store, &job->dump);
    if (err == TIP_OK) {
        err = describe(job, request);
    }
    if (err == TIP_OK) {
        err = tip_backup_begin(&job->writer,
                               tip_vault_sealer(source->home->vault),
                               &job->head, &job->out);
    }
    return err;
}

/* Say what is made; TIP_EAGAIN when there is no room. */
static enum tip_err drain(struct job *job, struct tip_reply *reply)
{
    const struct tip_clock *clock = job->source->clock;
    const uint64_t now_ms = clock->elapsed_ms(clock);

    while (job->out.size > 0) {
        size_t size = job->out.size < SLICE_BYTES ? job->out.size : SLICE_BYTES;

        if (!tip_reply_has_room(reply)) {
            return now_ms - job->moved_ms > STALL_MS_MAX ? TIP_ETIMEOUT
                                                         : TIP_EAGAIN;
        }
        tip_reply_data(reply, tip_bytes(job->out.data, size));
        job->out.data += size;
        job->out.size -= size;
        job->bytes += size;
        job->moved_ms = now_ms;
    }
    return TIP_OK;
}

/* TIP_ENOTFOUND: there is nothing more to copy. */
static enum tip_err copy_next(struct job *job, struct tip_reply *reply)
{
    struct tip_store_entry entry;
    enum tip_err err = tip_store_dump_next(job->dump, &entry);

    if (err == TIP_OK && entry.is_damaged && !job->head.may_be_damaged) {
        tip_reply_explain(reply,
                          "nothing is backed up; --with-damaged makes a "
                          "backup of everything else, and says what does not "
                          "open");
        err = TIP_ESTORE_DAMAGED;
    }
    if (err == TIP_OK) {
        tip_backup_damage_note(&job->damage, &entry);
        err = tip_backup_add(&job->writer, &entry, &job->out);
    }
    if (err == TIP_OK && ++job->count % TELL_EVERY == 0) {
        tip_reply_progress(reply, "values", (int64_t)job->count,
                           (int64_t)job->head.entry_count);
    }
    return err;
}

static enum tip_err copy(struct job *job, struct tip_reply *reply)
{
    enum tip_err err = drain(job, reply);

    for (int i = 0; i < ENTRIES_MAX && err == TIP_OK; i++) {
        err = copy_next(job, reply);
        if (err == TIP_OK) {
            err = drain(job, reply);
        }
    }
    if (err == TIP_ENOTFOUND) {
        /* From here on the store may use the pages of that moment again. */
        tip_store_dump_close(job->dump);
        job->dump = NULL;
        job->out = tip_backup_rest(&job->writer);
        job->phase = ENDING;
        return TIP_OK;
    }
    if (err == TIP_OK) {
        tip_daemon_again(job->source->daemon);
        return TIP_EAGAIN;
    }
    return err;
}

static enum tip_err end(struct job *job, struct tip_reply *reply)
{
    enum tip_err err = drain(job, reply);

    if (err == TIP_OK) {
        err = tip_backup_end(&job->writer, &job->out);
        job->phase = HANDING;
    }
    return err;
}

/* All was said: have the file put in its place. */
static enum tip_err hand(struct job *job, struct tip_reply *reply)
{
    enum tip_err err = drain(job, reply);

    if (err == TIP_OK && !tip_reply_has_room(reply)) {
        err = TIP_EAGAIN;
    }
    if (err == TIP_OK) {
        tip_reply_data_end(reply);
        job->phase = KEEPING;
    }
    return err;
}

/* Every value was opened on its way (tip_store_dump.h), and whoever keeps the
 * file has read it back (tip_made.h); of standard output nobody knows. */
static bool is_verified(const struct job *job,
                        const struct tip_request *request)
{
    return job->damage.found.now.count == 0 &&
           strcmp(tip_cli_argument(request->call, 0), "-") != 0;
}

/* The whole file is there: remember that it exists. */
static enum tip_err keep(struct job *job, const struct tip_request *request)
{
    struct tip_backup_made made = {.point = job->head.point,
                                   .made_ms = job->head.made_ms,
                                   .commit = job->head.commit,
                                   .seq = job->head.seq};
    struct tip_txn *txn;
    enum tip_err err = tip_request_kept(request);

    if (err == TIP_OK) {
        err = job->source->write(job->source, &txn);
    }
    if (err == TIP_OK) {
        made.verified_ms = is_verified(job, request)
                               ? made.made_ms
                               : tip_backup_marks_get(txn).made.verified_ms;
        err = tip_backup_made_put(txn, &made);
    }
    if (err == TIP_OK) {
        job->ticket = tip_daemon_ticket(job->source->daemon);
        job->phase = DONE;
    }
    return err;
}

static void say(const struct job *job, const struct tip_request *request,
                struct tip_reply *reply)
{
    tip_backup_say_head(reply, &job->head);
    tip_reply_size(reply, "bytes", (int64_t)job->bytes);
    tip_reply_boolean(reply, "is_verified", is_verified(job, request));
    tip_backup_damage_say(reply, &job->damage,
                          "Next: look at the disk; restore this one only "
                          "where the newest whole backup is not new enough.");
    tip_reply_note(reply, TIP_REPLY_INFO,
                   "Without the vault key this file opens for nobody, and the "
                   "key is not in it: keep a copy of the key elsewhere.");
}

enum tip_err tip_backup_create_step(const struct tip_backup_source *source,
                                    struct tip_request *request,
                                    struct tip_reply *reply)
{
    enum tip_err err = request->job == NULL ? begin(source, request) : TIP_OK;
    struct job *job = request->job;

    if (err == TIP_OK) {
        job->source = source;
    }
    if (err == TIP_OK && job->phase == COPYING) {
        err = copy(job, reply);
    }
    if (err == TIP_OK && job->phase == ENDING) {
        err = end(job, reply);
    }
    if (err == TIP_OK && job->phase == HANDING) {
        err = hand(job, reply);
    }
    if (err == TIP_OK && job->phase == KEEPING) {
        err = keep(job, request);
    }
    if (err == TIP_OK) {
        err = tip_daemon_settled(source->daemon, job->ticket);
    }
    if (err == TIP_OK) {
        say(job, request, reply);
    } else if (err == TIP_ETIMEOUT) {
        tip_reply_explain(reply, "the file was not written on for a minute");
    }
    return err;
}
