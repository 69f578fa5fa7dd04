#include "tip_json_writer.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tip_utf8.h"

static void write_bytes(struct tip_json_writer *writer, const void *data,
                        size_t size)
{
    if (writer->err == TIP_OK) {
        writer->err = writer->sink->write(writer->sink, tip_bytes(data, size));
    }
}

static void write_text(struct tip_json_writer *writer, const char *text)
{
    write_bytes(writer, text, strlen(text));
}

void tip_json_writer_init(struct tip_json_writer *writer, struct tip_sink *sink)
{
    *writer = (struct tip_json_writer){.sink = sink};
}

/* A comma before every element but the first; nothing after a key. */
static void separate(struct tip_json_writer *writer)
{
    uint64_t bit = UINT64_C(1) << writer->depth;

    if (writer->after_key) {
        writer->after_key = false;
        return;
    }
    if (writer->depth != 0 && (writer->filled & bit) != 0) {
        write_text(writer, ",");
    }
    writer->filled |= bit;
}

static void begin(struct tip_json_writer *writer, const char *bracket)
{
    assert(writer->depth < TIP_JSON_WRITER_DEPTH_MAX);
    separate(writer);
    write_text(writer, bracket);
    writer->depth++;
    writer->filled &= ~(UINT64_C(1) << writer->depth);
}

static void end(struct tip_json_writer *writer, const char *bracket)
{
    assert(writer->depth > 0 && !writer->after_key);
    writer->depth--;
    write_text(writer, bracket);
}

void tip_json_begin_object(struct tip_json_writer *writer)
{
    begin(writer, "{");
}

void tip_json_end_object(struct tip_json_writer *writer)
{
    end(writer, "}");
}

void tip_json_begin_array(struct tip_json_writer *writer)
{
    begin(writer, "[");
}

void tip_json_end_array(struct tip_json_writer *writer)
{
    end(writer, "]");
}

static void write_escape(struct tip_json_writer *writer, uint8_t byte)
{
    char escape[8];

    if (byte == '"' || byte == '\\') {
        (void)snprintf(escape, sizeof escape, "\\%c", byte);
    } else if (byte == '\n') {
        (void)snprintf(escape, sizeof escape, "\\n");
    } else if (byte < 0x20 || byte == 0x7f) {
        (void)snprintf(escape, sizeof escape, "\\u%04x", byte);
    } else {
        (void)snprintf(escape, sizeof escape, "\\ufffd");
    }
    write_text(writer, escape);
}

/* The bytes of a control character above ASCII, U+0080 to U+009F. */
static bool is_high_control(struct tip_bytes text)
{
    return text.size >= 2 && text.data[0] == 0xc2 && text.data[1] >= 0x80 &&
           text.data[1] < 0xa0;
}

/* Bytes in front of the first that JSON wants escaped. */
static size_t plain_size(struct tip_bytes text)
{
    size_t size = 0;

    while (size < text.size && text.data[size] >= 0x20 &&
           text.data[size] != '"' && text.data[size] != '\\') {
        size++;
    }
    return tip_utf8_bad_at(tip_bytes(text.data, size), TIP_UTF8_LINE);
}

/* Escape the first character of @text; what follows it. */
static struct tip_bytes write_first(struct tip_json_writer *writer,
                                    struct tip_bytes text)
{
    char escape[8];

    if (is_high_control(text)) {
        (void)snprintf(escape, sizeof escape, "\\u%04x", text.data[1]);
        write_text(writer, escape);
        return tip_bytes(text.data + 2, text.size - 2);
    }
    write_escape(writer, text.data[0]);
    return tip_bytes(text.data + 1, text.size - 1);
}

/* Runs of plain text as they are; what cannot stand in a string, escaped. */
static void write_string(struct tip_json_writer *writer, struct tip_bytes text)
{
    write_text(writer, "\"");
    while (text.size != 0) {
        size_t plain = plain_size(text);

        write_bytes(writer, text.data, plain);
        text = tip_bytes(text.data + plain, text.size - plain);
        text = text.size == 0 ? text : write_first(writer, text);
    }
    write_text(writer, "\"");
}

void tip_json_put_key_bytes(struct tip_json_writer *writer,
                            struct tip_bytes key)
{
    assert(!writer->after_key && writer->depth > 0);
    separate(writer);
    write_string(writer, key);
    write_text(writer, ":");
    writer->after_key = true;
}

void tip_json_put_key(struct tip_json_writer *writer, const char *key)
{
    tip_json_put_key_bytes(writer, tip_bytes_text(key));
}

void tip_json_put_text(struct tip_json_writer *writer, struct tip_bytes text)
{
    separate(writer);
    write_string(writer, text);
}

void tip_json_put_integer(struct tip_json_writer *writer, int64_t value)
{
    char digits[24];

    (void)snprintf(digits, sizeof digits, "%" PRId64, value);
    separate(writer);
    write_text(writer, digits);
}

void tip_json_put_bool(struct tip_json_writer *writer, bool value)
{
    separate(writer);
    write_text(writer, value ? "true" : "false");
}

void tip_json_end_document(struct tip_json_writer *writer)
{
    assert(writer->depth == 0);
    write_text(writer, "\n");
}

enum tip_err tip_json_writer_finish(const struct tip_json_writer *writer)
{
    return writer->err;
}
