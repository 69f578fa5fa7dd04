/*
 * JSON out, as a stream: --json, and exports of any length in constant memory.
 *
 * Calls nest as the document does. The error is sticky: ask once at the end.
 */
#ifndef TIP_JSON_WRITER_H
#define TIP_JSON_WRITER_H

#include <stdbool.h>
#include <stdint.h>

#include "tip_bytes.h"
#include "tip_err.h"
#include "tip_sink.h"

enum { TIP_JSON_WRITER_DEPTH_MAX = 32 };

/** Caller-allocated; owns nothing, needs no teardown. */
struct tip_json_writer {
    struct tip_sink *sink; /* Borrowed. */
    uint32_t depth;
    uint64_t filled; /* Bit d: depth d already has an element. */
    bool after_key;
    enum tip_err err;
};

void tip_json_writer_init(struct tip_json_writer *writer,
                          struct tip_sink *sink);

void tip_json_begin_object(struct tip_json_writer *writer);
void tip_json_end_object(struct tip_json_writer *writer);
void tip_json_begin_array(struct tip_json_writer *writer);
void tip_json_end_array(struct tip_json_writer *writer);

/** The name of the member that the next call writes. */
void tip_json_put_key(struct tip_json_writer *writer, const char *key);
void tip_json_put_key_bytes(struct tip_json_writer *writer,
                            struct tip_bytes key);

/** @text is UTF-8; bytes that are not become U+FFFD. */
void tip_json_put_text(struct tip_json_writer *writer, struct tip_bytes text);
void tip_json_put_integer(struct tip_json_writer *writer, int64_t value);
void tip_json_put_bool(struct tip_json_writer *writer, bool value);

/** End a document with LF; another may follow (one per line). */
void tip_json_end_document(struct tip_json_writer *writer);

/** The first error of the sink, if any write failed. */
TIP_MUST_USE enum tip_err
tip_json_writer_finish(const struct tip_json_writer *writer);

#endif /* TIP_JSON_WRITER_H */
