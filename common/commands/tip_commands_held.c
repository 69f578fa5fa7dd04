/* What both programs say about change-sets that are held back. */
#include "tip_commands_say.h"
#include "tip_desk_proposal.h"
#include "tip_reader.h"
#include "tip_words.h"

/* Read decimal digits from the front of @text. */
static bool read_number(struct tip_bytes *text, uint64_t *out_number)
{
    uint64_t number = 0;
    size_t i = 0;

    for (; i < text->size && text->data[i] >= '0' && text->data[i] <= '9';
         i++) {
        if (__builtin_mul_overflow(number, 10, &number) ||
            __builtin_add_overflow(number, text->data[i] - '0', &number)) {
            return false;
        }
    }
    *text = tip_bytes(text->data + i, text->size - i);
    *out_number = number;
    return i != 0 && number != 0;
}

static bool read_seqs(struct tip_bytes text, uint64_t *out_first,
                      uint64_t *out_last)
{
    if (!read_number(&text, out_first)) {
        return false;
    }
    *out_last = *out_first;
    if (text.size == 0) {
        return true;
    }
    if (text.data[0] != '-') {
        return false;
    }
    text = tip_bytes(text.data + 1, text.size - 1);
    return read_number(&text, out_last) && text.size == 0 &&
           *out_last >= *out_first;
}

enum tip_err tip_command_seqs(const struct tip_request *request, size_t index,
                              struct tip_reply *reply, uint64_t *out_first,
                              uint64_t *out_last)
{
    struct tip_bytes text =
        tip_bytes_text(tip_cli_argument(request->call, index));

    if (!read_seqs(text, out_first, out_last)) {
        tip_reply_explain(reply, "SEQ is a number, or two with a hyphen "
                                 "between: 12 or 12-40");
        return TIP_EUSAGE;
    }
    return TIP_OK;
}

static void say_value(struct tip_reply *reply, const char *key,
                      const struct tip_desk_value *value)
{
    if (value->is_sealed) {
        tip_reply_text(reply, key, "(sealed)");
    } else if (value->is_blank) {
        tip_reply_none(reply, key);
    } else {
        tip_reply_bytes(reply, key, value->text);
    }
}

static void say_change(struct tip_reply *reply,
                       const struct tip_desk_proposal *proposal)
{
    char id[TIP_ID_TEXT_SIZE];

    tip_id_format(&proposal->id, id);
    tip_reply_row_begin(reply);
    tip_reply_text(reply, "id", id);
    tip_reply_bytes(reply, "type", proposal->type_name);
    tip_reply_boolean(reply, "new", proposal->is_new);
    tip_reply_bytes(reply, "field", proposal->name);
    tip_reply_bytes(reply, "label", proposal->label);
    say_value(reply, "would_write", &proposal->value);
    if (proposal->has_now) {
        say_value(reply, "stands_now", &proposal->now);
        tip_reply_bytes(reply, "written_by", proposal->now.author);
        tip_reply_time(reply, "written", (int64_t)proposal->now.unix_ms);
    } else {
        tip_reply_none(reply, "stands_now");
        tip_reply_none(reply, "written_by");
        tip_reply_none(reply, "written");
    }
    tip_reply_row_end(reply);
}

enum tip_err tip_command_say_proposal(struct tip_reply *reply,
                                      struct tip_desk *desk,
                                      const struct tip_change_set *set,
                                      struct tip_arena *arena)
{
    const struct tip_desk_proposal *proposals;
    size_t count;
    enum tip_err err = tip_desk_propose(desk, set, arena, &proposals, &count);

    if (err != TIP_OK) {
        return err;
    }
    tip_reply_bytes(reply, "author", set->author);
    tip_reply_time(reply, "made", (int64_t)tip_stamp_unix_ms(set->stamp));
    if (set->reason.size == 0) {
        tip_reply_none(reply, "author_reason");
    } else {
        tip_reply_bytes(reply, "author_reason", set->reason);
    }
    tip_reply_list_begin(reply, "changes");
    for (size_t i = 0; i < count && tip_reply_has_room(reply); i++) {
        say_change(reply, &proposals[i]);
    }
    tip_reply_list_end(reply);
    return TIP_OK;
}

void tip_command_say_ruling(struct tip_reply *reply,
                            const struct tip_ruling *ruling, uint64_t commit)
{
    tip_reply_text(reply, "decision",
                   ruling->kind == TIP_RULING_ACCEPTED ? "accepted"
                                                       : "refused");
    tip_reply_text(reply, "was_held", tip_hold_words(ruling->hold));
    tip_reply_bytes(reply, "decided_by", ruling->by);
    tip_reply_bytes(reply, "reason", ruling->reason);
    tip_reply_time(reply, "decided", (int64_t)ruling->unix_ms);
    tip_reply_integer(reply, "commit", (int64_t)tip_commit_number(commit));
}
