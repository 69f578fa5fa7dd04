#include "tip_control.h"

#include <string.h>

#include "tip_reader.h"

/* The length in the header; 0 while it is not there. */
static size_t length_of(const struct tip_control_decoder *decoder)
{
    struct tip_reader reader;

    if (decoder->size < TIP_CONTROL_HEADER_SIZE) {
        return 0;
    }
    tip_reader_init(&reader, tip_bytes(decoder->data, TIP_CONTROL_HEADER_SIZE));
    return tip_reader_get_u32(&reader);
}

static bool length_is_good(size_t length)
{
    return length > 0 && length <= TIP_CONTROL_MESSAGE_BYTES_MAX;
}

struct tip_control_space
tip_control_decoder_space(struct tip_control_decoder *decoder)
{
    size_t wanted = TIP_CONTROL_HEADER_SIZE;

    if (decoder->is_taken) {
        decoder->is_taken = false;
        decoder->size = 0;
    }
    if (decoder->size >= TIP_CONTROL_HEADER_SIZE) {
        size_t length = length_of(decoder);

        wanted = length_is_good(length) ? wanted + length : decoder->size;
    }
    return (struct tip_control_space){decoder->data + decoder->size,
                                      wanted - decoder->size};
}

void tip_control_decoder_filled(struct tip_control_decoder *decoder,
                                size_t size)
{
    decoder->size += size;
}

size_t tip_control_decoder_feed(struct tip_control_decoder *decoder,
                                struct tip_bytes bytes)
{
    size_t fed = 0;

    for (;;) {
        struct tip_control_space space = tip_control_decoder_space(decoder);
        size_t size = bytes.size - fed;

        if (size > space.size) {
            size = space.size;
        }
        if (size == 0) {
            return fed;
        }
        memcpy(space.data, bytes.data + fed, size);
        tip_control_decoder_filled(decoder, size);
        fed += size;
    }
}

enum tip_err tip_control_decoder_take(struct tip_control_decoder *decoder,
                                      struct tip_control_message *out_message)
{
    size_t length = length_of(decoder);
    const uint8_t *body = decoder->data + TIP_CONTROL_HEADER_SIZE;

    if (decoder->is_taken || decoder->size < TIP_CONTROL_HEADER_SIZE) {
        return TIP_EAGAIN;
    }
    if (!length_is_good(length)) {
        return TIP_EMALFORMED;
    }
    if (decoder->size < TIP_CONTROL_HEADER_SIZE + length) {
        return TIP_EAGAIN;
    }
    decoder->is_taken = true;
    out_message->kind = body[0];
    out_message->body = tip_bytes(body + 1, length - 1);
    return TIP_OK;
}

/* A message being appended: its length is known at its end. */
struct draft {
    struct tip_buf *buf;
    size_t start;
};

static struct draft draft_begin(struct tip_buf *buf, unsigned kind)
{
    struct draft draft = {buf, buf->size};

    tip_buf_put_u32(buf, 0);
    tip_buf_put_u8(buf, (uint8_t)kind);
    return draft;
}

static enum tip_err draft_end(struct draft draft)
{
    struct tip_buf *buf = draft.buf, header;
    size_t length = buf->size - draft.start - TIP_CONTROL_HEADER_SIZE;

    if (buf->failed || length > TIP_CONTROL_MESSAGE_BYTES_MAX) {
        buf->failed = false;
        buf->size = draft.start;
        return TIP_ETOOBIG;
    }
    tip_buf_init(&header, buf->data + draft.start, TIP_CONTROL_HEADER_SIZE);
    tip_buf_put_u32(&header, (uint32_t)length);
    return TIP_OK;
}

enum tip_err tip_control_put_request(struct tip_buf *buf,
                                     const char *const *words, size_t count)
{
    struct draft draft = draft_begin(buf, TIP_CONTROL_REQUEST);

    tip_buf_put_varint(buf, TIP_CONTROL_VERSION);
    tip_buf_put_varint(buf, count);
    for (size_t i = 0; i < count; i++) {
        tip_buf_put_sized(buf, tip_bytes_text(words[i]));
    }
    if (count > TIP_CONTROL_WORDS_MAX) {
        buf->failed = true;
    }
    return draft_end(draft);
}

enum tip_err tip_control_put_input(struct tip_buf *buf, const char *name,
                                   struct tip_bytes bytes, bool is_last)
{
    struct draft draft = draft_begin(buf, TIP_CONTROL_INPUT);

    tip_buf_put_sized(buf, tip_bytes_text(name));
    tip_buf_put_u8(buf, is_last ? 1 : 0);
    tip_buf_put(buf, bytes);
    return draft_end(draft);
}

enum tip_err tip_control_put_signal(struct tip_buf *buf,
                                    enum tip_control_kind kind)
{
    return draft_end(draft_begin(buf, kind));
}

/* In a field's first byte the rank stands above the type. */
enum { RANK_SHIFT = 4, TYPE_MASK = (1 << RANK_SHIFT) - 1 };

/* A field: type and rank, key, then what the type has. */
static void field_put(struct tip_buf *buf, const struct tip_reply_event *event)
{
    tip_buf_put_u8(buf, (uint8_t)((unsigned)event->type | (unsigned)event->rank
                                                              << RANK_SHIFT));
    tip_buf_put_sized(buf, event->key);
    if (event->type == TIP_REPLY_TEXT) {
        tip_buf_put_sized(buf, event->text);
    } else if (event->type != TIP_REPLY_NONE) {
        tip_buf_put_svarint(buf, event->number);
    }
    if (event->type == TIP_REPLY_DECIMAL) {
        tip_buf_put_u8(buf, event->digits);
    }
}

enum tip_err tip_control_put_event(struct tip_buf *buf,
                                   const struct tip_reply_event *event)
{
    struct draft draft =
        draft_begin(buf, TIP_CONTROL_EVENT + (unsigned)event->kind);

    switch (event->kind) {
    case TIP_REPLY_FIELD:
        field_put(buf, event);
        break;
    case TIP_REPLY_LIST_BEGIN:
        tip_buf_put_sized(buf, event->key);
        break;
    case TIP_REPLY_NOTE:
        tip_buf_put_svarint(buf, event->number);
        tip_buf_put_sized(buf, event->text);
        break;
    case TIP_REPLY_PROGRESS:
        tip_buf_put_sized(buf, event->key);
        tip_buf_put_svarint(buf, event->number);
        tip_buf_put_svarint(buf, event->total);
        break;
    case TIP_REPLY_DATA:
        tip_buf_put_sized(buf, event->text);
        break;
    case TIP_REPLY_ERROR:
        tip_buf_put_svarint(buf, event->number);
        tip_buf_put_sized(buf, event->key);
        tip_buf_put_sized(buf, event->text);
        tip_buf_put_sized(buf, event->context);
        break;
    case TIP_REPLY_END:
        tip_buf_put_svarint(buf, event->number);
        break;
    case TIP_REPLY_ROW_BEGIN:
    case TIP_REPLY_ROW_END:
    case TIP_REPLY_LIST_END:
        break;
    }
    return draft_end(draft);
}

/* Copy @word into @memory with a terminator; NULL if it has one inside. */
static const char *word_keep(struct tip_buf *memory, struct tip_bytes word)
{
    const char *start = (const char *)memory->data + memory->size;

    if (word.size > 0 && memchr(word.data, '\0', word.size) != NULL) {
        return NULL;
    }
    tip_buf_put(memory, word);
    tip_buf_put_u8(memory, '\0');
    return memory->failed ? NULL : start;
}

enum tip_err tip_control_get_request(struct tip_bytes body,
                                     struct tip_buf *memory,
                                     const char **out_words, size_t *out_count)
{
    struct tip_reader reader;
    uint64_t count;

    tip_reader_init(&reader, body);
    if (tip_reader_get_varint(&reader) != TIP_CONTROL_VERSION) {
        return TIP_EUNSUPPORTED;
    }
    count = tip_reader_get_varint(&reader);
    if (count > TIP_CONTROL_WORDS_MAX) {
        return TIP_EMALFORMED;
    }
    for (uint64_t i = 0; i < count; i++) {
        out_words[i] = word_keep(memory, tip_reader_get_sized(&reader));
        if (out_words[i] == NULL) {
            return TIP_EMALFORMED;
        }
    }
    *out_count = (size_t)count;
    return tip_reader_finish(&reader);
}

enum tip_err tip_control_get_input(struct tip_bytes body,
                                   struct tip_control_input *out_input)
{
    struct tip_control_input input;
    struct tip_reader reader;
    uint8_t last;

    tip_reader_init(&reader, body);
    input.name = tip_reader_get_sized(&reader);
    last = tip_reader_get_u8(&reader);
    input.bytes = tip_reader_get(&reader, reader.rest.size);
    input.is_last = last == 1;
    if (last > 1 || input.bytes.size > TIP_CONTROL_INPUT_BYTES_MAX) {
        return TIP_EMALFORMED;
    }
    if (tip_reader_finish(&reader) != TIP_OK) {
        return TIP_EMALFORMED;
    }
    *out_input = input;
    return TIP_OK;
}

static bool field_get(struct tip_reader *reader, struct tip_reply_event *event)
{
    uint8_t first = tip_reader_get_u8(reader);
    uint8_t type = first & TYPE_MASK, rank = first >> RANK_SHIFT;

    event->key = tip_reader_get_sized(reader);
    if (type >= TIP_REPLY_TYPE_COUNT || rank >= TIP_REPLY_RANK_COUNT) {
        return false;
    }
    event->type = (enum tip_reply_type)type;
    event->rank = (enum tip_reply_rank)rank;
    if (event->type == TIP_REPLY_TEXT) {
        event->text = tip_reader_get_sized(reader);
    } else if (event->type != TIP_REPLY_NONE) {
        event->number = tip_reader_get_svarint(reader);
    }
    if (event->type == TIP_REPLY_DECIMAL) {
        event->digits = tip_reader_get_u8(reader);
    }
    return event->digits <= TIP_REPLY_DIGITS_MAX;
}

/* Read what @event->kind has; false for what no kind may be. */
static bool event_get(struct tip_reader *reader, struct tip_reply_event *event)
{
    switch (event->kind) {
    case TIP_REPLY_FIELD:
        return field_get(reader, event);
    case TIP_REPLY_LIST_BEGIN:
        event->key = tip_reader_get_sized(reader);
        return true;
    case TIP_REPLY_NOTE:
        event->number = tip_reader_get_svarint(reader);
        event->text = tip_reader_get_sized(reader);
        return event->number == TIP_REPLY_INFO ||
               event->number == TIP_REPLY_WARNING;
    case TIP_REPLY_PROGRESS:
        event->key = tip_reader_get_sized(reader);
        event->number = tip_reader_get_svarint(reader);
        event->total = tip_reader_get_svarint(reader);
        return true;
    case TIP_REPLY_DATA:
        event->text = tip_reader_get_sized(reader);
        return true;
    case TIP_REPLY_ERROR:
        event->number = tip_reader_get_svarint(reader);
        event->key = tip_reader_get_sized(reader);
        event->text = tip_reader_get_sized(reader);
        event->context = tip_reader_get_sized(reader);
        return true;
    case TIP_REPLY_END:
        event->number = tip_reader_get_svarint(reader);
        return event->number >= 0 && event->number <= UINT8_MAX;
    case TIP_REPLY_ROW_BEGIN:
    case TIP_REPLY_ROW_END:
    case TIP_REPLY_LIST_END:
        return true;
    }
    return false;
}

enum tip_err tip_control_get_event(const struct tip_control_message *message,
                                   struct tip_reply_event *out_event)
{
    struct tip_reply_event event = {.kind = TIP_REPLY_END};
    struct tip_reader reader;

    if (message->kind <= TIP_CONTROL_EVENT ||
        message->kind > TIP_CONTROL_EVENT + TIP_REPLY_END) {
        return TIP_EMALFORMED;
    }
    event.kind = (enum tip_reply_kind)(message->kind - TIP_CONTROL_EVENT);
    tip_reader_init(&reader, message->body);
    if (!event_get(&reader, &event) ||
        event.key.size > TIP_REPLY_KEY_BYTES_MAX ||
        tip_reader_finish(&reader) != TIP_OK) {
        return TIP_EMALFORMED;
    }
    *out_event = event;
    return TIP_OK;
}
