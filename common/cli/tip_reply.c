#include "tip_reply.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

/* The place after @kind at the top, TIP_REPLY_ENDED if it may not come. */
static enum tip_reply_place after(enum tip_reply_place place,
                                  enum tip_reply_kind kind)
{
    bool open = place == TIP_REPLY_AT_TOP || place == TIP_REPLY_IN_ROW;

    switch (kind) {
    case TIP_REPLY_FIELD:
        return open ? place : TIP_REPLY_ENDED;
    case TIP_REPLY_LIST_BEGIN:
        return place == TIP_REPLY_AT_TOP ? TIP_REPLY_IN_LIST : TIP_REPLY_ENDED;
    case TIP_REPLY_ROW_BEGIN:
        return place == TIP_REPLY_IN_LIST ? TIP_REPLY_IN_ROW : TIP_REPLY_ENDED;
    case TIP_REPLY_ROW_END:
        return place == TIP_REPLY_IN_ROW ? TIP_REPLY_IN_LIST : TIP_REPLY_ENDED;
    case TIP_REPLY_LIST_END:
        return place == TIP_REPLY_IN_LIST ? TIP_REPLY_AT_TOP : TIP_REPLY_ENDED;
    case TIP_REPLY_NOTE:
    case TIP_REPLY_PROGRESS:
    case TIP_REPLY_DATA:
        return place == TIP_REPLY_FAILED ? TIP_REPLY_ENDED : place;
    case TIP_REPLY_ERROR: /* May interrupt anything. */
        return place == TIP_REPLY_FAILED ? TIP_REPLY_ENDED : TIP_REPLY_FAILED;
    case TIP_REPLY_END:
        break;
    }
    return TIP_REPLY_ENDED;
}

enum tip_err tip_reply_advance(enum tip_reply_place *place,
                               enum tip_reply_kind kind)
{
    enum tip_reply_place next = after(*place, kind);
    bool may_end = *place == TIP_REPLY_AT_TOP || *place == TIP_REPLY_FAILED;

    if (*place == TIP_REPLY_ENDED ||
        (next == TIP_REPLY_ENDED && !(kind == TIP_REPLY_END && may_end))) {
        return TIP_EMALFORMED;
    }
    *place = next;
    return TIP_OK;
}

static void emit(struct tip_reply *reply, const struct tip_reply_event *event)
{
    enum tip_err err;

    if (reply->failed != TIP_OK) {
        return;
    }
    err = tip_reply_advance(&reply->place, event->kind);
    assert(err == TIP_OK); /* The handler broke the form of a reply. */
    assert(event->key.size <= TIP_REPLY_KEY_BYTES_MAX);
    if (event->text.size > TIP_REPLY_TEXT_BYTES_MAX) {
        err = TIP_ETOOBIG;
    } else {
        err = reply->emit(reply, event);
    }
    reply->failed = err;
}

void tip_reply_rank(struct tip_reply *reply, enum tip_reply_rank rank)
{
    reply->rank = rank;
}

static void field(struct tip_reply *reply, const char *key,
                  enum tip_reply_type type, int64_t number)
{
    emit(reply, &(struct tip_reply_event){.kind = TIP_REPLY_FIELD,
                                          .rank = reply->rank,
                                          .type = type,
                                          .key = tip_bytes_text(key),
                                          .number = number});
}

void tip_reply_text(struct tip_reply *reply, const char *key, const char *text)
{
    tip_reply_bytes(reply, key, tip_bytes_text(text));
}

void tip_reply_bytes(struct tip_reply *reply, const char *key,
                     struct tip_bytes text)
{
    emit(reply, &(struct tip_reply_event){.kind = TIP_REPLY_FIELD,
                                          .rank = reply->rank,
                                          .type = TIP_REPLY_TEXT,
                                          .key = tip_bytes_text(key),
                                          .text = text});
}

void tip_reply_integer(struct tip_reply *reply, const char *key, int64_t number)
{
    field(reply, key, TIP_REPLY_INTEGER, number);
}

void tip_reply_decimal(struct tip_reply *reply, const char *key, int64_t number,
                       uint8_t digits)
{
    emit(reply, &(struct tip_reply_event){.kind = TIP_REPLY_FIELD,
                                          .rank = reply->rank,
                                          .type = TIP_REPLY_DECIMAL,
                                          .key = tip_bytes_text(key),
                                          .number = number,
                                          .digits = digits});
}

void tip_reply_boolean(struct tip_reply *reply, const char *key, bool is_true)
{
    field(reply, key, TIP_REPLY_BOOLEAN, is_true ? 1 : 0);
}

void tip_reply_time(struct tip_reply *reply, const char *key, int64_t unix_ms)
{
    field(reply, key, TIP_REPLY_TIME, unix_ms);
}

void tip_reply_duration(struct tip_reply *reply, const char *key, int64_t ms)
{
    field(reply, key, TIP_REPLY_DURATION, ms);
}

void tip_reply_size(struct tip_reply *reply, const char *key, int64_t bytes)
{
    field(reply, key, TIP_REPLY_SIZE, bytes);
}

void tip_reply_none(struct tip_reply *reply, const char *key)
{
    field(reply, key, TIP_REPLY_NONE, 0);
}

void tip_reply_list_begin(struct tip_reply *reply, const char *name)
{
    emit(reply, &(struct tip_reply_event){.kind = TIP_REPLY_LIST_BEGIN,
                                          .key = tip_bytes_text(name)});
}

void tip_reply_row_begin(struct tip_reply *reply)
{
    emit(reply, &(struct tip_reply_event){.kind = TIP_REPLY_ROW_BEGIN});
}

void tip_reply_row_end(struct tip_reply *reply)
{
    emit(reply, &(struct tip_reply_event){.kind = TIP_REPLY_ROW_END});
}

void tip_reply_list_end(struct tip_reply *reply)
{
    emit(reply, &(struct tip_reply_event){.kind = TIP_REPLY_LIST_END});
}

void tip_reply_note(struct tip_reply *reply, enum tip_reply_level level,
                    const char *format, ...)
{
    char text[TIP_REPLY_CONTEXT_SIZE];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    emit(reply, &(struct tip_reply_event){.kind = TIP_REPLY_NOTE,
                                          .text = tip_bytes_text(text),
                                          .number = level});
}

void tip_reply_progress(struct tip_reply *reply, const char *what, int64_t done,
                        int64_t total)
{
    emit(reply, &(struct tip_reply_event){.kind = TIP_REPLY_PROGRESS,
                                          .key = tip_bytes_text(what),
                                          .number = done,
                                          .total = total});
}

void tip_reply_data(struct tip_reply *reply, struct tip_bytes bytes)
{
    if (bytes.size > 0) {
        emit(reply,
             &(struct tip_reply_event){.kind = TIP_REPLY_DATA, .text = bytes});
    }
}

void tip_reply_data_end(struct tip_reply *reply)
{
    emit(reply, &(struct tip_reply_event){.kind = TIP_REPLY_DATA,
                                          .text = TIP_BYTES_NONE});
}

bool tip_reply_has_room(const struct tip_reply *reply)
{
    return reply->has_room(reply);
}

void tip_reply_explain(struct tip_reply *reply, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    (void)vsnprintf(reply->context, sizeof reply->context, format, args);
    va_end(args);
}

void tip_reply_exit(struct tip_reply *reply, enum tip_exit code)
{
    reply->exit = code;
}

void tip_reply_finish(struct tip_reply *reply, enum tip_err err)
{
    if (err == TIP_OK && reply->failed != TIP_OK) {
        err = reply->failed;
        tip_reply_explain(reply, "the answer could not be passed on");
    }
    reply->failed = TIP_OK;
    if (err != TIP_OK) {
        reply->exit = tip_exit_of(err);
        emit(reply, &(struct tip_reply_event){
                        .kind = TIP_REPLY_ERROR,
                        .key = tip_bytes_text(tip_err_name(err)),
                        .text = tip_bytes_text(tip_err_text(err)),
                        .context = tip_bytes_text(reply->context),
                        .number = err});
    }
    emit(reply, &(struct tip_reply_event){.kind = TIP_REPLY_END,
                                          .number = reply->exit});
}
