#include "tip_backup_command.h"

#include <stdlib.h>

#include "tip_backup_look.h"
#include "tip_backup_mark.h"
#include "tip_frame.h"
#include "tip_program.h"

const struct tip_cli_argument tip_backup_create_arguments[1] = {
    {.name = "FILE",
     .spec = {.type = TIP_SPEC_PATH},
     .file = TIP_CLI_FILE_OUT,
     .help = "The backup; it comes into its place when it is whole."}};

const struct tip_cli_option tip_backup_create_options[1] = {
    {.name = "with-damaged",
     .spec = {.type = TIP_SPEC_BOOLEAN},
     .help = "Also where values do not open: they are put in as they are, and "
             "the backup says so."}};

const struct tip_cli_argument tip_backup_read_arguments[1] = {
    {.name = "FILE", .spec = {.type = TIP_SPEC_PATH}, .help = "The backup."}};

const struct tip_cli_option tip_backup_restore_options[3] = {
    {.name = "replace",
     .spec = {.type = TIP_SPEC_BOOLEAN},
     .help = "Put the store that is there aside."},
    {.name = "leave-unsent",
     .spec = {.type = TIP_SPEC_BOOLEAN},
     .help = "…also if work in it is nowhere else."},
    {.name = "second-person",
     .spec = {.type = TIP_SPEC_TEXT, .min = 1, .max = TIP_BACKUP_NAME_SIZE - 1},
     .value = "NAME",
     .help = "Who else has agreed to restore an older backup than the newest "
             "known. Taken on trust; it is kept and shown."}};

const struct tip_cli_example tip_backup_create_examples[1] = {
    {"backup create /media/usb/tuesday.backup", "Back up to a stick."}};

const struct tip_cli_example tip_backup_restore_examples[1] = {
    {"backup restore /media/usb/tuesday.backup",
     "Begin again on a new disk, where vault.key was put back."}};

void tip_backup_say_head(struct tip_reply *reply,
                         const struct tip_backup_head *head)
{
    tip_reply_text(reply, "program", head->program);
    tip_reply_integer(reply, "office", head->office);
    tip_reply_integer(reply, "origin", head->origin);
    tip_reply_time(reply, "made", (int64_t)head->made_ms);
    tip_reply_integer(reply, "generation", head->generation);
    tip_reply_integer(reply, "commit",
                      (int64_t)tip_commit_number(head->commit));
    tip_reply_integer(reply, "seq", (int64_t)head->seq);
    tip_reply_integer(reply, "restores", head->point.restore_count);
    tip_reply_integer(reply, "position", (int64_t)head->point.commit_count);
    tip_reply_integer(reply, "values", (int64_t)head->entry_count);
    tip_reply_boolean(reply, "may_be_damaged", head->may_be_damaged);
}

void tip_backup_say(struct tip_reply *reply,
                    const struct tip_backup_marks *marks)
{
    const struct tip_backup_restored *restored = &marks->restored;

    if (marks->made.made_ms == 0) {
        tip_reply_none(reply, "backed_up");
    } else {
        tip_reply_time(reply, "backed_up", (int64_t)marks->made.made_ms);
    }
    if (marks->made.verified_ms == 0) {
        tip_reply_none(reply, "backup_verified");
    } else {
        tip_reply_time(reply, "backup_verified",
                       (int64_t)marks->made.verified_ms);
    }
    tip_reply_rank(reply,
                   restored->id == 0 ? TIP_REPLY_DETAIL : TIP_REPLY_ALWAYS);
    tip_reply_integer(reply, "restores", restored->count);
    tip_reply_rank(reply, TIP_REPLY_ALWAYS);
    if (restored->id == 0) {
        return;
    }
    tip_reply_time(reply, "restored", (int64_t)restored->restored_ms);
    tip_reply_time(reply, "restored_to", (int64_t)restored->made_ms);
    if (restored->second_person[0] != '\0') {
        tip_reply_text(reply, "agreed_by", restored->second_person);
    }
}

static enum tip_err look(struct tip_request *request, struct tip_reply *reply,
                         bool is_whole)
{
    const char *path = tip_cli_argument(request->call, 0);
    const struct tip_home_opts opts = tip_program_home_opts(request->conf);
    struct tip_backup_reader *reader = calloc(1, sizeof *reader);
    struct tip_backup_damage damage = {.found.is_on = false};
    struct tip_vault *vault = NULL;
    enum tip_err err = reader == NULL ? TIP_ENOMEM : TIP_OK;

    if (err == TIP_OK) {
        err = tip_backup_vault(&opts, reply, &vault);
    }
    if (err == TIP_OK) {
        err = tip_backup_open(reader, path, tip_vault_sealer(vault));
        if (err == TIP_OK) {
            err = is_whole ? tip_backup_prove(reader, reply, &damage) : TIP_OK;
            tip_backup_close(reader);
        }
        if (err != TIP_OK) {
            tip_reply_explain(reply, "%s", path);
        }
    }
    if (err == TIP_OK) {
        tip_backup_say_head(reply, &reader->head);
        tip_reply_boolean(reply, "is_proved", is_whole);
        if (is_whole) {
            tip_backup_damage_say(reply, &damage,
                                  "Next: keep the newest whole backup too.");
        } else if (reader->head.may_be_damaged) {
            tip_program_warn(reply, "Values of it may not open. Next: run "
                                    "backup verify, which names them.");
        }
    }
    tip_vault_close(vault);
    free(reader);
    return err;
}

enum tip_err tip_backup_run_verify(void *program, struct tip_request *request,
                                   struct tip_reply *reply)
{
    (void)program;
    return look(request, reply, true);
}

enum tip_err tip_backup_run_show(void *program, struct tip_request *request,
                                 struct tip_reply *reply)
{
    (void)program;
    return look(request, reply, false);
}
