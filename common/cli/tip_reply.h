/*
 * What a command answers, free of any form: a stream of named, typed values.
 *
 * A handler says facts; tip_printer makes a table, plain text or JSON of them,
 * in this process or at the other end of a socket. A reply is fields, then
 * lists of rows of fields, in any order and number; it nests no deeper:
 *
 *     tip_reply_text(reply, "office", "NDB");
 *     tip_reply_list_begin(reply, "conflicts");
 *     for each: tip_reply_row_begin(reply); tip_reply_text(…);
 * tip_reply_row_end tip_reply_list_end(reply);
 *
 * Keys are stable names in lower case, with the unit last ("lag_ms"); rows of
 * a list have the same keys in the same order. Text is borrowed for the call.
 * The error is sticky: what does not fit fails the reply, and the command.
 */
#ifndef TIP_REPLY_H
#define TIP_REPLY_H

#include <stdbool.h>
#include <stdint.h>

#include "tip_bytes.h"
#include "tip_err.h"
#include "tip_exit.h"

enum {
    TIP_REPLY_KEY_BYTES_MAX = 64,
    TIP_REPLY_TEXT_BYTES_MAX = 32 * 1024, /* Of one value. */
    TIP_REPLY_CONTEXT_SIZE = 512,
    TIP_REPLY_DIGITS_MAX = 18 /* Behind a point: what 64 bits have. */
};

enum tip_reply_kind {
    TIP_REPLY_FIELD = 1,
    TIP_REPLY_LIST_BEGIN,
    TIP_REPLY_ROW_BEGIN,
    TIP_REPLY_ROW_END,
    TIP_REPLY_LIST_END,
    TIP_REPLY_NOTE,     /* @text for people; @number: enum tip_reply_level. */
    TIP_REPLY_PROGRESS, /* @key of @number done; of @total if that is known. */
    TIP_REPLY_DATA,     /* @text are bytes of the file; none: that was all. */
    TIP_REPLY_ERROR,    /* @number, name @key, sentence @text, @context. */
    TIP_REPLY_END       /* @number is the exit code. Always last. */
};

/* Numbers are in the protocol: append only. */
enum tip_reply_type {
    TIP_REPLY_NONE = 0,
    TIP_REPLY_TEXT = 1,
    TIP_REPLY_INTEGER = 2,
    TIP_REPLY_DECIMAL = 3, /* @number over ten to the power of @digits. */
    TIP_REPLY_BOOLEAN = 4,
    TIP_REPLY_TIME = 5,     /* Milliseconds since the Unix epoch. */
    TIP_REPLY_DURATION = 6, /* Milliseconds. */
    TIP_REPLY_SIZE = 7,     /* Bytes. */
    TIP_REPLY_TYPE_COUNT
};

/* For whom a field is: scripts always get all of them. Numbers are in the
 * protocol: append only. */
enum tip_reply_rank {
    TIP_REPLY_ALWAYS = 0, /* Whoever looks. */
    TIP_REPLY_WIDE = 1,   /* People whose terminal has room for the column. */
    TIP_REPLY_DETAIL = 2, /* Scripts only. */
    TIP_REPLY_RANK_COUNT
};

enum tip_reply_level { TIP_REPLY_INFO = 0, TIP_REPLY_WARNING = 1 };

/** One step of a reply. Plain data; its bytes are borrowed. */
struct tip_reply_event {
    enum tip_reply_kind kind;
    enum tip_reply_type type;
    enum tip_reply_rank rank; /* Of a field. */
    uint8_t digits;
    struct tip_bytes key;
    struct tip_bytes text;
    struct tip_bytes context;
    int64_t number;
    int64_t total;
};

/* Where a reply is: only some kinds may come next. */
enum tip_reply_place {
    TIP_REPLY_AT_TOP = 0,
    TIP_REPLY_IN_LIST,
    TIP_REPLY_IN_ROW,
    TIP_REPLY_FAILED, /* After the error; only the end may come. */
    TIP_REPLY_ENDED
};

/** Implementations embed this struct as their first member. */
struct tip_reply {
    /** Take one event. TIP_EAGAIN or TIP_ETOOBIG: it did not fit. */
    enum tip_err (*emit)(struct tip_reply *self,
                         const struct tip_reply_event *event);

    /** Whether any one row and more fits now. */
    bool (*has_room)(const struct tip_reply *self);

    enum tip_reply_place place; /* Private, as all below. */
    enum tip_reply_rank rank;
    enum tip_exit exit;
    enum tip_err failed;
    char context[TIP_REPLY_CONTEXT_SIZE];
};

/** For whom the fields are that come next; TIP_REPLY_ALWAYS at first. Within a
 * list a key has the same rank in every row. */
void tip_reply_rank(struct tip_reply *reply, enum tip_reply_rank rank);

/** Values of the reply, or of the row that is open. */
void tip_reply_text(struct tip_reply *reply, const char *key, const char *text);
void tip_reply_bytes(struct tip_reply *reply, const char *key,
                     struct tip_bytes text);
void tip_reply_integer(struct tip_reply *reply, const char *key,
                       int64_t number);
void tip_reply_decimal(struct tip_reply *reply, const char *key, int64_t number,
                       uint8_t digits);
void tip_reply_boolean(struct tip_reply *reply, const char *key, bool is_true);
void tip_reply_time(struct tip_reply *reply, const char *key, int64_t unix_ms);
void tip_reply_duration(struct tip_reply *reply, const char *key, int64_t ms);
void tip_reply_size(struct tip_reply *reply, const char *key, int64_t bytes);
/** A value that is not known or was not asked for. */
void tip_reply_none(struct tip_reply *reply, const char *key);

void tip_reply_list_begin(struct tip_reply *reply, const char *name);
void tip_reply_row_begin(struct tip_reply *reply);
void tip_reply_row_end(struct tip_reply *reply);
void tip_reply_list_end(struct tip_reply *reply);

/** A sentence for people beside the values: a warning, a next step. */
void tip_reply_note(struct tip_reply *reply, enum tip_reply_level level,
                    const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/** How far long work has come, as in "records"; @total 0: unknown. Cheap
 * enough for once in a few hundred steps. */
void tip_reply_progress(struct tip_reply *reply, const char *what, int64_t done,
                        int64_t total);

/** The next bytes of the file the command makes, at most 32 KiB a call. */
void tip_reply_data(struct tip_reply *reply, struct tip_bytes bytes);

/** That was all of the file: whoever asked puts it in its place now, and
 * tip_request_kept() says when that is done. Ask for room before. */
void tip_reply_data_end(struct tip_reply *reply);

/** False: return TIP_EAGAIN and go on in the next call. Ask before each row
 * and each piece of data. */
bool tip_reply_has_room(const struct tip_reply *reply);

/** Say what the error that is returned next is about: "line 12: age". No
 * secret and nothing about a person. */
void tip_reply_explain(struct tip_reply *reply, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/** Choose the exit code of a command that returns TIP_OK. */
void tip_reply_exit(struct tip_reply *reply, enum tip_exit code);

/** Emit the error, if there is one, and the end. The caller of the handler
 * does this once with what it returned. */
void tip_reply_finish(struct tip_reply *reply, enum tip_err err);

/** Advance *@place by an event of @kind; TIP_EMALFORMED if it may not come. */
TIP_MUST_USE enum tip_err tip_reply_advance(enum tip_reply_place *place,
                                            enum tip_reply_kind kind);

#endif /* TIP_REPLY_H */
