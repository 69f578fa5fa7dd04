/* A backup in the place of a store. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tip_backup_command.h"
#include "tip_backup_look.h"
#include "tip_backup_mark.h"
#include "tip_clock_posix.h"
#include "tip_program.h"
#include "tip_random_sodium.h"
#include "tip_store_build.h"

enum { SPARE_BYTES = 16 * 1024 * 1024 };

/* What the home has now. */
struct present {
    enum tip_err state; /* Of opening it; TIP_ENOTFOUND: there is none. */
    bool is_same;       /* Of the backup's device. */
    struct tip_backup_point point; /* Where it is, */
    struct tip_backup_point
        backed;      /* and its newest backup, if it knows one. */
    uint64_t unsent; /* Change-sets in it that nobody else has. */
};

/* The rows of a restored store that are not as in the backup, by key. */
enum { MARK_MADE, MARK_RESTORED, MARK_COUNT };
struct mark {
    struct tip_key key;
    struct tip_bytes row;
    uint8_t memory[TIP_BACKUP_ROW_BYTES_MAX];
};

struct restore {
    tip_backup_facts_fn *facts;
    tip_backup_unsent_fn *unsent; /* Or NULL. */
    struct tip_reply *reply;
    const char *path;
    const char *second_person; /* Empty: nobody was named. */
    bool may_replace, may_leave;
    struct tip_home_opts opts;
    struct tip_vault *vault; /* Owned. */
    struct present present;
    struct mark marks[MARK_COUNT];
    size_t mark_next;
    char before[TIP_STORE_BEFORE_SIZE];
    struct tip_backup_damage damage;
    struct tip_backup_reader reader;
};

static enum tip_err read_present(struct restore *restore,
                                 struct tip_store_dump *dump)
{
    struct tip_txn *txn = tip_store_dump_txn(dump);
    struct present *present = &restore->present;
    struct tip_backup_head head = {.office = 0};
    struct tip_backup_made made;
    enum tip_err err = tip_backup_point_get(
        txn, tip_store_dump_commit_count(dump), &present->point);

    if (err == TIP_OK) {
        err = restore->facts(txn, &head);
    }
    if (err == TIP_OK && restore->unsent != NULL) {
        err = restore->unsent(txn, &present->unsent);
    }
    if (err != TIP_OK) {
        return err;
    }
    present->is_same =
        tip_bytes_equal(TIP_BYTES_OF(head.device.bytes),
                        TIP_BYTES_OF(restore->reader.head.device.bytes));
    err = tip_backup_made_get(txn, &made);
    if (err == TIP_OK) {
        present->backed = made.point;
    }
    return err == TIP_ENOTFOUND ? TIP_OK : err;
}

/* Look at the home. A store that does not open is one, too. */
static void look_at_present(struct restore *restore)
{
    struct tip_home home = {.vault = NULL};
    struct tip_store_dump *dump = NULL;
    enum tip_err err = tip_home_open(&restore->opts, &home);

    if (err == TIP_OK) {
        err = tip_store_dump_open(home.store, &dump);
    }
    if (err == TIP_OK) {
        err = read_present(restore, dump);
        err = err == TIP_ENOTFOUND ? TIP_ESTORE_DAMAGED : err;
    }
    tip_store_dump_close(dump);
    tip_home_close(&home);
    restore->present.state = err;
}

static enum tip_err check_present(struct restore *restore)
{
    const struct present *present = &restore->present;
    const struct tip_backup_point backup = restore->reader.head.point;

    if (present->state == TIP_ESTORE_BUSY) {
        tip_reply_explain(restore->reply, "stop the daemon of %s",
                          restore->opts.dir);
        return TIP_ESTORE_BUSY;
    }
    if (present->state == TIP_ENOTFOUND || restore->may_replace) {
        return TIP_OK;
    }
    if (present->state != TIP_OK) {
        tip_reply_explain(restore->reply, "the store in %s does not open (%s)",
                          restore->opts.dir, tip_err_name(present->state));
    } else if (!present->is_same) {
        tip_reply_explain(restore->reply,
                          "the store in %s is of another device",
                          restore->opts.dir);
    } else {
        tip_reply_explain(restore->reply, "the store in %s is %s the backup",
                          restore->opts.dir,
                          tip_backup_is_later(present->point, backup)
                              ? "newer than"
                              : "as old as");
    }
    return TIP_EHOME_TAKEN;
}

/* Work that is nowhere else is not put where nobody looks for it without a word
 * of its own. */
static enum tip_err check_unsent(struct restore *restore)
{
    uint64_t unsent = restore->present.unsent;

    if (restore->present.state != TIP_OK || unsent == 0 || restore->may_leave) {
        return TIP_OK;
    }
    tip_reply_explain(restore->reply,
                      "as far as the store in %s knows, %" PRIu64
                      " change%s in it never reached the hub",
                      restore->opts.dir, unsent, unsent == 1 ? "" : "s");
    return TIP_EBACKUP_UNSENT;
}

/* Refuse an older backup than the newest that is known here or lies beside it,
 * unless two people want it. */
static enum tip_err check_age(struct restore *restore)
{
    const struct present *present = &restore->present;
    const struct tip_backup_head *head = &restore->reader.head;
    struct tip_backup_point latest = tip_backup_latest_beside(
        restore->path, head, tip_vault_sealer(restore->vault));

    if (present->state == TIP_OK && present->is_same &&
        tip_backup_is_later(present->backed, latest)) {
        latest = present->backed;
    }
    if (!tip_backup_is_later(latest, head->point) ||
        restore->second_person[0] != '\0') {
        return TIP_OK;
    }
    tip_reply_explain(restore->reply,
                      "this one is of position %" PRIu64
                      ", the newest known of %" PRIu64,
                      head->point.commit_count, latest.commit_count);
    return TIP_EBACKUP_OLDER;
}

static enum tip_err make_marks(struct restore *restore)
{
    const struct tip_backup_head *head = &restore->reader.head;
    struct mark *marks = restore->marks;
    uint32_t count = head->point.restore_count;
    struct tip_random *random = tip_random_sodium();
    const struct tip_backup_made made = {
        .point = head->point,
        .made_ms = head->made_ms,
        .commit = head->commit,
        .seq = head->seq,
        .verified_ms = head->may_be_damaged ? 0 : head->made_ms};
    struct tip_backup_restored restored = {.made_ms = head->made_ms,
                                           .point = head->point};
    struct tip_clock clock;
    enum tip_err err;

    if (restore->present.state == TIP_OK && restore->present.is_same &&
        restore->present.point.restore_count > count) {
        count = restore->present.point.restore_count;
    }
    tip_clock_posix_init(&clock);
    restored.count = count + 1;
    restored.restored_ms = clock.now_ms(&clock);
    random->fill(random, &restored.id, sizeof restored.id);
    restored.id |= 1;
    (void)snprintf(restored.second_person, sizeof restored.second_person, "%s",
                   restore->second_person);
    marks[MARK_MADE].key = TIP_KEY(TIP_HOME_ROW_BACKUP, 0);
    marks[MARK_RESTORED].key = TIP_KEY(TIP_HOME_ROW_RESTORED, 0);
    err = tip_backup_made_write(&made, marks[MARK_MADE].memory,
                                &marks[MARK_MADE].row);
    return err == TIP_OK
               ? tip_backup_restored_write(&restored,
                                           marks[MARK_RESTORED].memory,
                                           &marks[MARK_RESTORED].row)
               : err;
}

/* Put in the marks that come before @entry; @out_is_stale: it is the row of
 * one. */
static enum tip_err put_marks(struct restore *restore,
                              struct tip_store_build *build,
                              const struct tip_store_entry *entry,
                              bool *out_is_stale)
{
    enum tip_err err = TIP_OK;

    *out_is_stale = false;
    while (err == TIP_OK && restore->mark_next < MARK_COUNT) {
        const struct mark *mark = &restore->marks[restore->mark_next];

        if (entry != NULL && entry->table == TIP_TABLE_META &&
            entry->key.hi < mark->key.hi) {
            break;
        }
        *out_is_stale = entry != NULL && entry->table == TIP_TABLE_META &&
                        entry->key.hi == mark->key.hi;
        err = tip_store_build_put(build, TIP_TABLE_META, mark->key, mark->row);
        restore->mark_next++;
        if (*out_is_stale) {
            break;
        }
    }
    return err;
}

static enum tip_err fill(struct restore *restore, struct tip_store_build *build)
{
    struct tip_store_entry entry;
    bool is_stale;
    enum tip_err err;

    while ((err = tip_backup_next(&restore->reader, &entry)) == TIP_OK) {
        err = put_marks(restore, build, &entry, &is_stale);
        if (err == TIP_OK && !is_stale) {
            tip_backup_damage_note(&restore->damage, &entry);
            err = tip_store_build_add(build, &entry);
        }
        if (err != TIP_OK) {
            return err == TIP_ESTORE_DAMAGED ? TIP_EBACKUP : err;
        }
        tip_backup_tell(&restore->reader, restore->reply);
    }
    return err == TIP_ENOTFOUND ? put_marks(restore, build, NULL, &is_stale)
                                : err;
}

static enum tip_err build(struct restore *restore)
{
    const struct tip_backup_head *head = &restore->reader.head;
    const struct tip_store_lmdb_opts opts = {
        .dir = restore->opts.dir,
        .limit_bytes = restore->opts.limit_bytes,
        .sealer = tip_vault_sealer(restore->vault)};
    const uint64_t count =
        restore->present.state == TIP_OK &&
                restore->present.point.commit_count > head->point.commit_count
            ? restore->present.point.commit_count
            : head->point.commit_count;
    struct tip_store_build *build = NULL;
    enum tip_err err =
        tip_store_build_open(&opts, head->used_bytes + SPARE_BYTES, &build);

    if (err == TIP_OK) {
        err = fill(restore, build);
    }
    if (err == TIP_OK) {
        err = tip_store_build_publish(build, count, restore->before);
    }
    tip_store_build_close(build);
    return err;
}

static enum tip_err run(struct restore *restore, const char *program)
{
    enum tip_err err = strcmp(restore->reader.head.program, program) == 0
                           ? TIP_OK
                           : TIP_EBACKUP_OTHER;

    if (err != TIP_OK) {
        tip_reply_explain(restore->reply, "it is of %s",
                          restore->reader.head.program);
        return err;
    }
    look_at_present(restore);
    err = check_present(restore);
    if (err == TIP_OK) {
        err = check_unsent(restore);
    }
    if (err == TIP_OK) {
        err = check_age(restore);
    }
    if (err == TIP_OK) {
        err = make_marks(restore);
    }
    return err == TIP_OK ? build(restore) : err;
}

/* What in the store that was there is nowhere else. */
static void say_unsent(const struct restore *restore)
{
    struct tip_reply *reply = restore->reply;
    bool is_unknown = restore->present.state != TIP_OK &&
                      restore->present.state != TIP_ENOTFOUND;

    if (restore->unsent != NULL && is_unknown) {
        tip_reply_none(reply, "unsent");
    } else if (restore->unsent != NULL) {
        tip_reply_integer(reply, "unsent", (int64_t)restore->present.unsent);
    }
    if (is_unknown && restore->before[0] != '\0') {
        tip_program_warn(
            reply,
            "%s did not open (%s), so what in it is nowhere else is "
            "not known: keep it, it may be read on a sound disk.",
            restore->before, tip_err_name(restore->present.state));
    } else if (restore->present.unsent > 0) {
        tip_program_warn(reply,
                         "In %s are %" PRIu64 " changes that are nowhere else: "
                         "keep it until they are written again here.",
                         restore->before, restore->present.unsent);
    }
}

static void say(const struct restore *restore,
                const struct tip_request *request)
{
    struct tip_reply *reply = restore->reply;
    char same[TIP_CLI_SAME_SIZE];

    tip_reply_text(reply, "dir", restore->opts.dir);
    tip_backup_say_head(reply, &restore->reader.head);
    if (restore->before[0] != '\0') {
        tip_reply_text(reply, "before", restore->before);
        tip_reply_note(reply, TIP_REPLY_INFO,
                       "The store that was there is %s: remove it when nobody "
                       "needs it any more.",
                       restore->before);
    }
    say_unsent(restore);
    tip_backup_damage_say(reply, &restore->damage,
                          "Next: start the daemon, which makes again what it "
                          "can, then run status.");
    tip_cli_same(request->call, same);
    tip_reply_note(reply, TIP_REPLY_INFO,
                   "Next: %s serve%s, which knows that it was restored.",
                   request->program->name, same);
}

enum tip_err tip_backup_restore(tip_backup_facts_fn *facts,
                                tip_backup_unsent_fn *unsent,
                                struct tip_request *request,
                                struct tip_reply *reply)
{
    const struct tip_cli_value *second =
        tip_cli_option(request->call, "second-person");
    struct restore *restore = calloc(1, sizeof *restore);
    enum tip_err err;

    if (restore == NULL) {
        return TIP_ENOMEM;
    }
    restore->facts = facts;
    restore->unsent = unsent;
    restore->reply = reply;
    restore->path = tip_cli_argument(request->call, 0);
    restore->second_person = second->is_given ? second->text : "";
    restore->may_replace = tip_cli_option(request->call, "replace")->is_given;
    restore->may_leave =
        tip_cli_option(request->call, "leave-unsent")->is_given;
    restore->opts = tip_program_home_opts(request->conf);
    err = tip_backup_vault(&restore->opts, reply, &restore->vault);
    if (err == TIP_OK) {
        err = tip_backup_open(&restore->reader, restore->path,
                              tip_vault_sealer(restore->vault));
        if (err != TIP_OK) {
            tip_reply_explain(reply, "%s", restore->path);
        }
    }
    if (err == TIP_OK) {
        err = run(restore, request->program->name);
        tip_backup_close(&restore->reader);
    }
    if (err == TIP_OK) {
        say(restore, request);
    }
    tip_vault_close(restore->vault);
    free(restore);
    return err;
}
