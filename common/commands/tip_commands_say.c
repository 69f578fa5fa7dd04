#include "tip_commands_say.h"

#include <string.h>

struct tip_bytes tip_command_option(const struct tip_request *request,
                                    const char *name)
{
    const struct tip_cli_value *value = tip_cli_option(request->call, name);

    return value->text == NULL ? TIP_BYTES_NONE : tip_bytes_text(value->text);
}

bool tip_command_flag(const struct tip_request *request, const char *name)
{
    return tip_cli_option(request->call, name)->is_given;
}

static struct tip_bytes trim(struct tip_bytes word)
{
    while (word.size > 0 && word.data[0] == ' ') {
        word = tip_bytes(word.data + 1, word.size - 1);
    }
    while (word.size > 0 && word.data[word.size - 1] == ' ') {
        word.size--;
    }
    return word;
}

size_t tip_command_words(struct tip_bytes text,
                         struct tip_bytes out_words[TIP_COMMAND_WORDS_MAX])
{
    size_t count = 0;

    while (text.size > 0 && count < TIP_COMMAND_WORDS_MAX) {
        const uint8_t *comma = memchr(text.data, ',', text.size);
        size_t size = comma == NULL ? text.size : (size_t)(comma - text.data);

        out_words[count++] = trim(tip_bytes(text.data, size));
        if (comma == NULL) {
            break;
        }
        text = tip_bytes(comma + 1, text.size - size - 1);
    }
    return count;
}

enum tip_err tip_command_inputs(const struct tip_request *request, size_t first,
                                struct tip_reply *reply,
                                struct tip_desk_input *out_inputs, size_t max,
                                size_t *out_count)
{
    size_t count = 0;
    const char *word;

    while ((word = tip_cli_argument(request->call, first + count)) != NULL) {
        if (count == max) {
            return TIP_ETOOBIG;
        }
        if (tip_desk_input_parse(tip_bytes_text(word), &out_inputs[count]) !=
            TIP_OK) {
            tip_reply_explain(reply, "word %zu is not FIELD=VALUE",
                              first + count + 1);
            return TIP_EUSAGE;
        }
        count++;
    }
    *out_count = count;
    return TIP_OK;
}

enum tip_err tip_command_id(const struct tip_request *request, size_t index,
                            struct tip_reply *reply, struct tip_id *out_id)
{
    const char *word = tip_cli_argument(request->call, index);

    if (word == NULL || tip_id_parse(tip_bytes_text(word), out_id) != TIP_OK) {
        tip_reply_explain(reply, "ID is 36 characters, as record list says it");
        return TIP_EUSAGE;
    }
    return TIP_OK;
}

enum tip_err tip_command_seen(const struct tip_request *request,
                              struct tip_reply *reply,
                              struct tip_seen *out_seen, bool *out_is_given)
{
    struct tip_bytes text = tip_command_option(request, "seen");

    *out_is_given = text.size > 0;
    if (*out_is_given && tip_seen_parse(text, out_seen) != TIP_OK) {
        tip_reply_explain(reply, "--seen is a version that record show gave");
        return TIP_EUSAGE;
    }
    return TIP_OK;
}

struct tip_desk_who tip_command_who(const struct tip_request *request)
{
    return (struct tip_desk_who){.author = tip_bytes_text(request->account),
                                 .reason =
                                     tip_command_option(request, "reason")};
}

void tip_command_say_problems(struct tip_reply *reply,
                              const struct tip_problems *problems)
{
    size_t kept = problems->count < TIP_PROBLEMS_KEPT ? problems->count
                                                      : TIP_PROBLEMS_KEPT;

    if (problems->count == 0) {
        return;
    }
    tip_reply_list_begin(reply, "problems");
    for (size_t i = 0; i < kept && tip_reply_has_room(reply); i++) {
        const struct tip_problem *problem = &problems->kept[i];

        tip_reply_row_begin(reply);
        if (problem->file[0] == '\0') {
            tip_reply_none(reply, "file");
        } else {
            tip_reply_text(reply, "file", problem->file);
        }
        if (problem->row == 0) {
            tip_reply_none(reply, "row");
        } else {
            tip_reply_integer(reply, "row", (int64_t)problem->row);
        }
        tip_reply_text(reply, "column", problem->column);
        tip_reply_text(reply, "text", problem->text);
        tip_reply_row_end(reply);
    }
    tip_reply_list_end(reply);
    tip_reply_explain(reply, "%s%s%s", problems->kept[0].column,
                      problems->kept[0].column[0] == '\0' ? "" : ": ",
                      problems->kept[0].text);
}

void tip_command_say_writer(struct tip_reply *reply,
                            const struct tip_desk_value *value)
{
    tip_reply_bytes(reply, "author", value->author);
    tip_reply_integer(reply, "office", value->office);
    if (value->office_name.size > 0) {
        tip_reply_bytes(reply, "office_name", value->office_name);
    } else {
        tip_reply_none(reply, "office_name");
    }
    tip_reply_time(reply, "written", (int64_t)value->unix_ms);
    tip_reply_boolean(reply, "clock_wrong", value->is_clock_wrong);
    tip_reply_text(reply, "state", tip_desk_state_name(value->state));
    tip_reply_integer(reply, "origin", value->origin);
    tip_reply_boolean(reply, "from_late_frame", value->is_late);
    tip_reply_integer(reply, "seq", (int64_t)value->seq);
    if (value->commit == 0) {
        tip_reply_none(reply, "commit");
    } else {
        tip_reply_integer(reply, "commit", (int64_t)value->commit);
    }
    tip_reply_bytes(reply, "reason", value->reason);
}

static void say_text(struct tip_reply *reply, struct tip_bytes text,
                     bool is_sealed)
{
    if (is_sealed) {
        tip_reply_text(reply, "value", "(sealed)");
    } else {
        tip_reply_bytes(reply, "value", text);
    }
}

static void say_fields(struct tip_reply *reply,
                       const struct tip_desk_sheet *sheet)
{
    tip_reply_list_begin(reply, "fields");
    for (size_t i = 0; i < sheet->line_count; i++) {
        const struct tip_desk_line *line = &sheet->lines[i];

        tip_reply_row_begin(reply);
        tip_reply_bytes(reply, "field", line->name);
        tip_reply_bytes(reply, "label", line->label);
        say_text(reply, line->text, line->is_sealed);
        tip_reply_boolean(reply, "parallel", line->is_parallel);
        tip_reply_boolean(reply, "conflict", line->is_conflict);
        tip_reply_row_end(reply);
    }
    tip_reply_list_end(reply);
}

/* All values of the lines that have more than one to choose from. */
static void say_sides(struct tip_reply *reply,
                      const struct tip_desk_sheet *sheet, bool conflicts_only)
{
    tip_reply_list_begin(reply, "sides");
    for (size_t i = 0; i < sheet->line_count; i++) {
        const struct tip_desk_line *line = &sheet->lines[i];

        if (conflicts_only ? !line->is_conflict : !line->is_parallel) {
            continue;
        }
        for (size_t v = 0; v < line->value_count; v++) {
            char letter[2] = {(char)('A' + (int)v), '\0'};

            tip_reply_row_begin(reply);
            tip_reply_bytes(reply, "field", line->name);
            tip_reply_text(reply, "side", v < TIP_DESK_LETTERS ? letter : "");
            say_text(reply, line->values[v].text, line->values[v].is_sealed);
            tip_command_say_writer(reply, &line->values[v]);
            tip_reply_row_end(reply);
        }
    }
    tip_reply_list_end(reply);
}

static void say_referrals(struct tip_reply *reply,
                          const struct tip_desk_sheet *sheet)
{
    tip_reply_list_begin(reply, "referrals");
    for (size_t i = 0; i < sheet->referral_count; i++) {
        tip_reply_row_begin(reply);
        tip_command_say_referral(reply, &sheet->referrals[i]);
        tip_reply_row_end(reply);
    }
    tip_reply_list_end(reply);
}

static const char *presence_name(enum tip_presence presence)
{
    switch (presence) {
    case TIP_PRESENT:
        return "present";
    case TIP_DELETED:
        return "deleted";
    case TIP_DELETED_EDITED:
        return "deleted_and_edited";
    case TIP_ERASED:
        return "erased";
    }
    return "";
}

void tip_command_say_sheet(struct tip_reply *reply,
                           const struct tip_desk_sheet *sheet,
                           bool conflicts_only)
{
    tip_reply_text(reply, "id", sheet->id_text);
    tip_reply_bytes(reply, "type", sheet->type_name);
    tip_reply_text(reply, "state", tip_desk_state_name(sheet->state));
    tip_reply_text(reply, "presence", presence_name(sheet->presence));
    if (sheet->presence == TIP_ERASED) {
        tip_reply_time(reply, "erased", (int64_t)sheet->erased_ms);
        return;
    }
    tip_reply_boolean(reply, "alone", sheet->is_alone);
    tip_reply_boolean(reply, "conflict", sheet->is_conflict);
    tip_reply_text(reply, "version", sheet->seen_text);
    tip_reply_time(reply, "changed", (int64_t)sheet->unix_ms);
    if (!conflicts_only) {
        say_fields(reply, sheet);
    }
    say_sides(reply, sheet, conflicts_only);
    if (!conflicts_only && sheet->referral_count > 0) {
        say_referrals(reply, sheet);
    }
}
