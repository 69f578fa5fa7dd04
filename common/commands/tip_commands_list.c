/* record list, record history, conflicts list. */
#include <stdlib.h>

#include "tip_commands_say.h"

static void walk_free(void *job)
{
    tip_desk_walk_free(job);
}

enum { SHOWN_FIELDS = 4, SHOWN_BYTES = 320 };

/* Would people know the record by @line? Its required facts say which it is;
 * a type without any shows its first facts. */
static bool is_telling(const struct tip_desk_sheet *sheet,
                       const struct tip_desk_line *line, bool any_fact)
{
    return sheet->type != NULL && line->field != NULL && line->text.size != 0 &&
           line->field->class == TIP_CLASS_FACT &&
           line->field->kind != TIP_KIND_REFERENCE &&
           (any_fact || line->field->required);
}

/* Append "field=value". False: there is no room for more. */
static bool put_shown(struct tip_buf *text, const struct tip_desk_line *line)
{
    struct tip_bytes value =
        line->is_sealed ? tip_bytes_text("(sealed)") : line->text;
    size_t room = text->capacity - text->size;

    if (room < line->name.size + value.size + 8) {
        tip_buf_put(text, tip_bytes_text(text->size == 0 ? "…" : ", …"));
        return false;
    }
    tip_buf_put(text, tip_bytes_text(text->size == 0 ? "" : ", "));
    tip_buf_put(text, line->name);
    tip_buf_put_u8(text, '=');
    tip_buf_put(text, value);
    return true;
}

static void put_telling(struct tip_buf *text,
                        const struct tip_desk_sheet *sheet, bool any_fact)
{
    size_t count = 0;

    for (size_t i = 0; i < sheet->line_count && count < SHOWN_FIELDS; i++) {
        const struct tip_desk_line *line = &sheet->lines[i];

        if (is_telling(sheet, line, any_fact)) {
            count = put_shown(text, line) ? count + 1 : SHOWN_FIELDS;
        }
    }
}

/* What --show names, or what tells this record from others. */
static void say_shown(const struct tip_request *request,
                      struct tip_reply *reply,
                      const struct tip_desk_sheet *sheet)
{
    struct tip_bytes words[TIP_COMMAND_WORDS_MAX];
    size_t count =
        tip_command_words(tip_command_option(request, "show"), words);
    uint8_t memory[SHOWN_BYTES];
    struct tip_buf text;

    tip_buf_init(&text, memory, sizeof memory);
    for (size_t i = 0; i < count; i++) {
        const struct tip_desk_line *line = tip_desk_sheet_line(sheet, words[i]);

        if (line != NULL && !put_shown(&text, line)) {
            break;
        }
    }
    if (count == 0) {
        put_telling(&text, sheet, false);
    }
    if (count == 0 && text.size == 0) {
        put_telling(&text, sheet, true);
    }
    tip_reply_bytes(reply, "shown", tip_bytes(text.data, text.size));
}

static void say_row(const struct tip_request *request, struct tip_reply *reply,
                    const struct tip_desk_sheet *sheet)
{
    tip_reply_row_begin(reply);
    tip_reply_text(reply, "id", sheet->id_text);
    tip_reply_bytes(reply, "type", sheet->type_name);
    tip_reply_text(reply, "state", tip_desk_state_name(sheet->state));
    tip_reply_boolean(reply, "alone", sheet->is_alone);
    tip_reply_boolean(reply, "conflict", sheet->is_conflict);
    tip_reply_boolean(reply, "deleted", sheet->presence != TIP_PRESENT);
    tip_reply_time(reply, "changed", (int64_t)sheet->unix_ms);
    say_shown(request, reply, sheet);
    tip_reply_row_end(reply);
}

static void say_conflicts(const struct tip_request *request,
                          struct tip_reply *reply,
                          const struct tip_desk_sheet *sheet)
{
    (void)request;
    for (size_t i = 0; i < sheet->line_count; i++) {
        const struct tip_desk_line *line = &sheet->lines[i];

        if (!line->is_conflict) {
            continue;
        }
        tip_reply_row_begin(reply);
        tip_reply_text(reply, "id", sheet->id_text);
        tip_reply_bytes(reply, "type", sheet->type_name);
        tip_reply_bytes(reply, "field", line->name);
        tip_reply_integer(reply, "sides", (int64_t)line->value_count);
        tip_reply_time(reply, "changed", (int64_t)sheet->unix_ms);
        tip_reply_row_end(reply);
    }
}

/* Start the walk of a list, once; the list is open then. */
static enum tip_err start(struct tip_command_host *host,
                          struct tip_request *request, struct tip_reply *reply,
                          const struct tip_desk_query *query, const char *list)
{
    struct tip_problems *problems = calloc(1, sizeof *problems);
    struct tip_desk_walk *walk;
    enum tip_err err;

    if (problems == NULL) {
        return TIP_ENOMEM;
    }
    err = tip_desk_walk_new(host->desk, query, problems, &walk);
    if (err == TIP_OK) {
        request->job = walk;
        request->job_free = walk_free;
        tip_reply_list_begin(reply, list);
    } else {
        tip_command_say_problems(reply, problems);
    }
    free(problems);
    return err;
}

/* Say records until there is no room or a slice of time is over. */
static enum tip_err go_on(struct tip_command_host *host,
                          struct tip_request *request, struct tip_reply *reply,
                          void (*say)(const struct tip_request *request,
                                      struct tip_reply *reply,
                                      const struct tip_desk_sheet *sheet))
{
    struct tip_desk_sheet sheet;
    enum tip_err err = TIP_OK;

    while (err == TIP_OK) {
        if (!tip_reply_has_room(reply)) {
            return TIP_EAGAIN;
        }
        err = tip_desk_walk_next(request->job, &sheet);
        if (err == TIP_OK) {
            say(request, reply, &sheet);
        }
    }
    if (err == TIP_EAGAIN) {
        tip_daemon_again(host->daemon);
        return err;
    }
    if (err != TIP_ENOTFOUND) {
        return err;
    }
    tip_reply_list_end(reply);
    return TIP_OK;
}

/* Every field that --show names is one of the type. */
static enum tip_err check_shown(const struct tip_command_host *host,
                                const struct tip_request *request,
                                struct tip_reply *reply, struct tip_bytes type)
{
    struct tip_bytes words[TIP_COMMAND_WORDS_MAX];
    size_t count =
        tip_command_words(tip_command_option(request, "show"), words);
    const struct tip_type *known =
        tip_catalogue_type_named(host->desk->catalogue, type);

    for (size_t i = 0; known != NULL && i < count; i++) {
        if (tip_type_field_named(known, words[i]) == NULL) {
            tip_reply_explain(reply, "--show %.*s", TIP_SHOWN(words[i]));
            return TIP_EUNKNOWN_FIELD;
        }
    }
    return TIP_OK;
}

enum tip_err tip_command_record_list(void *program, struct tip_request *request,
                                     struct tip_reply *reply)
{
    struct tip_command_host *host = program;
    struct tip_desk_input filters[TIP_CLI_ARGUMENTS_MAX];
    struct tip_desk_query query = {
        .type = tip_bytes_text(tip_cli_argument(request->call, 0)),
        .filters = filters,
        .alone_only = tip_command_flag(request, "alone"),
        .with_deleted = tip_command_flag(request, "deleted"),
        .newest_first = tip_command_flag(request, "newest"),
        .limit = (uint64_t)tip_cli_option(request->call, "limit")->number};
    enum tip_err err = TIP_OK;

    if (request->job == NULL) {
        err = tip_command_inputs(request, 1, reply, filters,
                                 TIP_CLI_ARGUMENTS_MAX, &query.filter_count);
        if (err == TIP_OK) {
            err = check_shown(host, request, reply, query.type);
        }
        if (err == TIP_OK) {
            err = start(host, request, reply, &query, "records");
        }
    }
    return err != TIP_OK ? err : go_on(host, request, reply, say_row);
}

enum tip_err tip_command_conflicts_list(void *program,
                                        struct tip_request *request,
                                        struct tip_reply *reply)
{
    struct tip_command_host *host = program;
    struct tip_desk_query query = {
        .type = tip_command_option(request, "type"),
        .conflicts_only = true,
        .limit = (uint64_t)tip_cli_option(request->call, "limit")->number};
    enum tip_err err = TIP_OK;

    if (request->job == NULL) {
        err = start(host, request, reply, &query, "conflicts");
    }
    return err != TIP_OK ? err : go_on(host, request, reply, say_conflicts);
}

/* A history on its way out. */
struct history_job {
    struct tip_arena arena;
    struct tip_desk_history life;
    size_t next; /* Of its events. */
};

static void history_free(void *job)
{
    struct history_job *history = job;

    tip_arena_deinit(&history->arena);
    free(history);
}

static enum tip_err history_start(struct tip_command_host *host,
                                  struct tip_request *request,
                                  struct tip_reply *reply)
{
    struct history_job *history;
    struct tip_id id;
    enum tip_err err = tip_command_id(request, 0, reply, &id);

    if (err != TIP_OK) {
        return err;
    }
    history = calloc(1, sizeof *history);
    if (history == NULL) {
        return TIP_ENOMEM;
    }
    tip_arena_init(&history->arena, TIP_DESK_ARENA_BYTES_MAX);
    request->job = history;
    request->job_free = history_free;
    err = tip_desk_history(host->desk, &id, &history->arena, &history->life);
    if (err == TIP_OK) {
        tip_reply_list_begin(reply, "events");
    }
    return err;
}

static void say_event(struct tip_reply *reply,
                      const struct tip_desk_event *event)
{
    tip_reply_row_begin(reply);
    tip_reply_bytes(reply, "field", event->name);
    tip_reply_bytes(reply, "element", event->element);
    tip_reply_bytes(reply, "value",
                    event->value.is_sealed ? tip_bytes_text("(sealed)")
                                           : event->value.text);
    tip_reply_boolean(reply, "live", event->is_live);
    tip_command_say_writer(reply, &event->value);
    if (event->ended_origin == 0) {
        tip_reply_none(reply, "ended_by_origin");
        tip_reply_none(reply, "ended_by_late_frame");
        tip_reply_none(reply, "ended_by_seq");
    } else {
        tip_reply_integer(reply, "ended_by_origin", event->ended_origin);
        tip_reply_boolean(reply, "ended_by_late_frame", event->is_ended_late);
        tip_reply_integer(reply, "ended_by_seq", (int64_t)event->ended_seq);
    }
    if (event->refused_by.size == 0) {
        tip_reply_none(reply, "refused_by");
        tip_reply_none(reply, "refused_reason");
    } else {
        tip_reply_bytes(reply, "refused_by", event->refused_by);
        tip_reply_bytes(reply, "refused_reason", event->refused_reason);
    }
    tip_reply_row_end(reply);
}

/* What is missing in what is shown. */
static void say_unread(struct tip_reply *reply,
                       const struct tip_desk_history *life, const char *program)
{
    size_t named = life->unread_count < TIP_DESK_UNREAD_NAMED
                       ? life->unread_count
                       : TIP_DESK_UNREAD_NAMED;

    tip_reply_integer(reply, "unread_count", (int64_t)life->unread_count);
    tip_reply_list_begin(reply, "unread");
    for (size_t i = 0; i < named; i++) {
        tip_reply_row_begin(reply);
        tip_reply_integer(reply, "entry", (int64_t)life->unread[i]);
        tip_reply_row_end(reply);
    }
    tip_reply_list_end(reply);
    if (life->unread_count > 0) {
        tip_reply_note(reply, TIP_REPLY_WARNING,
                       "%zu of the entries of this history cannot be read, "
                       "because the disk has altered them: first entry %llu. "
                       "All others are shown, and what the record says now is "
                       "not touched. Next: run %s status.",
                       life->unread_count, (unsigned long long)life->unread[0],
                       program);
        tip_reply_exit(reply, TIP_EXIT_DEGRADED);
    }
}

enum tip_err tip_command_record_history(void *program,
                                        struct tip_request *request,
                                        struct tip_reply *reply)
{
    struct history_job *history;

    if (request->job == NULL) {
        enum tip_err err = history_start(program, request, reply);

        if (err != TIP_OK) {
            return err;
        }
    }
    history = request->job;
    for (; history->next < history->life.event_count; history->next++) {
        if (!tip_reply_has_room(reply)) {
            return TIP_EAGAIN;
        }
        say_event(reply, &history->life.events[history->next]);
    }
    tip_reply_list_end(reply);
    say_unread(reply, &history->life, request->program->name);
    return TIP_OK;
}
