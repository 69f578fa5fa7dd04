/* Rule: however a stream is cut into reads, the same messages come out of it,
 * and each that is understood is written as the same bytes. Input: how many
 * bytes a read gives, then the stream. */
#include "fuzz.h"
#include "fuzz_part.h"
#include "tip_control.h"

enum { MEMORY_SIZE = TIP_CONTROL_MESSAGE_BYTES_MAX + TIP_CONTROL_HEADER_SIZE };

static uint8_t memory[MEMORY_SIZE];

/* Is what @buf holds the message again, without its length? */
static bool is_same(const struct tip_buf *buf,
                    const struct tip_control_message *message)
{
    return buf->size == TIP_CONTROL_HEADER_SIZE + 1 + message->body.size &&
           buf->data[TIP_CONTROL_HEADER_SIZE] == message->kind &&
           tip_bytes_equal(tip_bytes(buf->data + TIP_CONTROL_HEADER_SIZE + 1,
                                     message->body.size),
                           message->body);
}

static void try_request(const struct tip_control_message *message)
{
    static const char *words[TIP_CONTROL_WORDS_MAX];
    static uint8_t text[2 * MEMORY_SIZE];
    struct tip_buf copies, buf;
    size_t count;

    tip_buf_init(&copies, text, sizeof text);
    if (tip_control_get_request(message->body, &copies, words, &count) !=
        TIP_OK) {
        return;
    }
    tip_buf_init(&buf, memory, sizeof memory);
    FUZZ_RULE(tip_control_put_request(&buf, words, count) == TIP_OK);
    FUZZ_RULE(is_same(&buf, message));
}

static void try_input(const struct tip_control_message *message)
{
    struct tip_control_input input;
    char name[MEMORY_SIZE];
    struct tip_buf buf;

    if (tip_control_get_input(message->body, &input) != TIP_OK ||
        (input.name.size > 0 &&
         memchr(input.name.data, 0, input.name.size) != NULL)) {
        return;
    }
    (void)snprintf(name, sizeof name, "%.*s", (int)input.name.size,
                   input.name.size == 0 ? "" : (const char *)input.name.data);
    tip_buf_init(&buf, memory, sizeof memory);
    if (tip_control_put_input(&buf, name, input.bytes, input.is_last) ==
        TIP_OK) {
        FUZZ_RULE(is_same(&buf, message));
    }
}

static void try_event(const struct tip_control_message *message,
                      enum tip_reply_place *place)
{
    struct tip_reply_event event;
    struct tip_buf buf;

    if (tip_control_get_event(message, &event) != TIP_OK) {
        return;
    }
    (void)!tip_reply_advance(place, event.kind);
    tip_buf_init(&buf, memory, sizeof memory);
    FUZZ_RULE(tip_control_put_event(&buf, &event) == TIP_OK);
    FUZZ_RULE(is_same(&buf, message));
}

static void try_message(const struct tip_control_message *message,
                        enum tip_reply_place *place)
{
    switch (message->kind) {
    case TIP_CONTROL_REQUEST:
        try_request(message);
        break;
    case TIP_CONTROL_INPUT:
        try_input(message);
        break;
    default:
        try_event(message, place);
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct tip_control_decoder decoder;
    enum tip_reply_place place = TIP_REPLY_AT_TOP;
    struct tip_bytes rest = tip_bytes(data, size);
    size_t step = 1U + fuzz_take_u8(&rest);
    struct tip_control_message message;
    enum tip_err err = TIP_OK;

    memset(&decoder, 0, sizeof decoder);
    while (rest.size > 0 && err != TIP_EMALFORMED) {
        struct tip_bytes read =
            tip_bytes(rest.data, rest.size < step ? rest.size : step);

        (void)fuzz_take(&rest, tip_control_decoder_feed(&decoder, read));
        err = tip_control_decoder_take(&decoder, &message);
        if (err == TIP_OK) {
            fuzz_reached();
            try_message(&message, &place);
        }
    }
    return 0;
}
