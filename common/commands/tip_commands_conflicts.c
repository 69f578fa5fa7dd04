/* record show; conflicts show, resolve. */
#include <string.h>

#include "tip_commands_save.h"

/* A letter means a value only in the version that was shown: another value
 * that has come since may have moved it. */
static enum tip_err read_letter(struct tip_bytes take,
                                const struct tip_seen *seen,
                                struct tip_reply *reply, char *out_letter)
{
    if (seen == NULL) {
        tip_reply_explain(reply, "--take needs --seen, with the version that "
                                 "conflicts show gave");
        return TIP_EUSAGE;
    }
    memcpy(out_letter, take.data, 1);
    return TIP_OK;
}

enum tip_err tip_command_conflicts_resolve(void *program,
                                           struct tip_request *request,
                                           struct tip_reply *reply)
{
    struct tip_command_host *host = program;
    struct tip_desk_who who = tip_command_who(request);
    struct tip_bytes take = tip_command_option(request, "take");
    struct tip_desk_change change = {.input_count = 0};
    struct tip_desk_decision asked = {
        .field = tip_command_option(request, "field"),
        .value = tip_command_option(request, "value")};
    struct tip_seen seen;
    struct tip_command_save *save;
    bool is_done;
    enum tip_err err =
        tip_command_save_begin(host, request, reply, &save, &is_done);

    if (is_done) {
        return err;
    }
    if ((take.size == 0) == !tip_command_flag(request, "value") ||
        take.size > 1) {
        tip_reply_explain(reply, "either --take LETTER or --value VALUE");
        return TIP_EUSAGE;
    }
    err = tip_command_read_change(request, reply, &change, &seen);
    if (err == TIP_OK && take.size == 1) {
        err = read_letter(take, change.seen, reply, &asked.take);
    }
    if (err != TIP_OK) {
        return err;
    }
    asked.id = change.id;
    asked.seen = change.seen;
    err = tip_desk_resolve(host->desk, &who, &asked, &save->answer);
    return tip_command_save_finish(host, save, reply, err);
}

/* The command that decides the first conflict of @sheet as it was shown. */
static void say_how_to_decide(const struct tip_request *request,
                              struct tip_reply *reply,
                              const struct tip_desk_sheet *sheet)
{
    for (size_t i = 0; i < sheet->line_count; i++) {
        const struct tip_desk_line *line = &sheet->lines[i];

        if (line->is_conflict) {
            tip_reply_note(reply, TIP_REPLY_INFO,
                           "Decide: %s conflicts resolve %s --field %.*s "
                           "--seen %s --take LETTER --reason TEXT",
                           request->program->name, sheet->id_text,
                           TIP_SHOWN(line->name), sheet->seen_text);
            return;
        }
    }
}

static enum tip_err show(struct tip_command_host *host,
                         struct tip_request *request, struct tip_reply *reply,
                         bool conflicts_only)
{
    struct tip_desk_sheet sheet;
    struct tip_arena arena;
    struct tip_id id;
    enum tip_err err = tip_command_id(request, 0, reply, &id);

    if (err != TIP_OK) {
        return err;
    }
    tip_arena_init(&arena, TIP_DESK_ARENA_BYTES_MAX);
    err = tip_desk_show(host->desk, &id, &arena, &sheet);
    if (err == TIP_OK) {
        tip_command_say_sheet(reply, &sheet, conflicts_only);
    }
    if (err == TIP_OK && sheet.state == TIP_DESK_HELD) {
        tip_reply_note(reply, TIP_REPLY_INFO,
                       "A change of this record is held back in Nouakchott; "
                       "why, and what to do: %s held list",
                       request->program->name);
    }
    if (err == TIP_OK && sheet.is_conflict) {
        say_how_to_decide(request, reply, &sheet);
        tip_reply_exit(reply, TIP_EXIT_CONFLICT);
    }
    tip_arena_deinit(&arena);
    return err;
}

enum tip_err tip_command_record_show(void *program, struct tip_request *request,
                                     struct tip_reply *reply)
{
    return show(program, request, reply, false);
}

enum tip_err tip_command_conflicts_show(void *program,
                                        struct tip_request *request,
                                        struct tip_reply *reply)
{
    return show(program, request, reply, true);
}
