/*
 * The protocol between a command and its daemon, over a connected stream.
 *
 *     message  = length (4 bytes, big-endian, of what follows), kind, body
 *     client   : REQUEST, then per file INPUT…, then INPUTS_END; and KEPT
 *     daemon   : events of a reply in their order, the last one END
 *
 * This file is bytes in, messages out: no descriptor, no wait. Either side may
 * be hostile or of another version, so no length is believed: a message is at
 * most TIP_CONTROL_MESSAGE_BYTES_MAX, is checked whole before it is looked at,
 * and one that is not exactly as described ends the connection.
 */
#ifndef TIP_CONTROL_H
#define TIP_CONTROL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tip_buf.h"
#include "tip_bytes.h"
#include "tip_err.h"
#include "tip_reply.h"

enum {
    TIP_CONTROL_VERSION = 1,
    TIP_CONTROL_HEADER_SIZE = 4,
    TIP_CONTROL_MESSAGE_BYTES_MAX = 64 * 1024, /* Kind and body. */
    TIP_CONTROL_INPUT_BYTES_MAX = 32 * 1024,   /* Of a file in one message. */
    TIP_CONTROL_WORDS_MAX = 600
};

/* Numbers are in the protocol: append only. Those of a reply are
 * TIP_CONTROL_EVENT plus their enum tip_reply_kind. */
enum tip_control_kind {
    TIP_CONTROL_REQUEST = 1,    /* version, count, then sized words */
    TIP_CONTROL_INPUT = 2,      /* sized name, is last, bytes to the end */
    TIP_CONTROL_INPUTS_END = 3, /* nothing */
    TIP_CONTROL_ALIVE = 4,      /* nothing: the daemon is still at it */
    TIP_CONTROL_KEPT = 5,       /* nothing: the file is in its place */
    TIP_CONTROL_EVENT = 16
};

/** One message. Borrows the decoder's memory until its next fill. */
struct tip_control_message {
    uint8_t kind;
    struct tip_bytes body;
};

/** Collects one message at a time. Caller-allocated, zero to start. */
struct tip_control_decoder {
    uint8_t data[TIP_CONTROL_HEADER_SIZE + TIP_CONTROL_MESSAGE_BYTES_MAX];
    size_t size;   /* Bytes collected. */
    bool is_taken; /* The message in @data was handed out. */
};

/** Memory to read into. */
struct tip_control_space {
    uint8_t *data;
    size_t size;
};

/** Where the next bytes go, and how many at most: never beyond the end of the
 * current message. Size 0: take the message first, or its length is bad. */
struct tip_control_space
tip_control_decoder_space(struct tip_control_decoder *decoder);

/** @size bytes were read into that space. */
void tip_control_decoder_filled(struct tip_control_decoder *decoder,
                                size_t size);

/** Copy from @bytes as long as they are wanted; returns how many. */
size_t tip_control_decoder_feed(struct tip_control_decoder *decoder,
                                struct tip_bytes bytes);

/** Take the message when it is complete. TIP_EAGAIN: more bytes are needed.
 * TIP_EMALFORMED: the length is 0 or over the limit; give up. */
TIP_MUST_USE enum tip_err
tip_control_decoder_take(struct tip_control_decoder *decoder,
                         struct tip_control_message *out_message);

/** Append a message to @buf. TIP_ETOOBIG: it does not fit there, or is over a
 * limit; @buf is then as it was. */
TIP_MUST_USE enum tip_err tip_control_put_request(struct tip_buf *buf,
                                                  const char *const *words,
                                                  size_t count);
TIP_MUST_USE enum tip_err tip_control_put_input(struct tip_buf *buf,
                                                const char *name,
                                                struct tip_bytes bytes,
                                                bool is_last);
TIP_MUST_USE enum tip_err tip_control_put_signal(struct tip_buf *buf,
                                                 enum tip_control_kind kind);
TIP_MUST_USE enum tip_err
tip_control_put_event(struct tip_buf *buf, const struct tip_reply_event *event);

/**
 * Read a request into @out_words (TIP_CONTROL_WORDS_MAX), terminated copies in
 * @memory, which must be as large as the body and twice the words.
 * TIP_EMALFORMED; TIP_EUNSUPPORTED: the other side is of another version.
 */
TIP_MUST_USE enum tip_err tip_control_get_request(struct tip_bytes body,
                                                  struct tip_buf *memory,
                                                  const char **out_words,
                                                  size_t *out_count);

/** A piece of a file. Borrows the body. */
struct tip_control_input {
    struct tip_bytes name;
    struct tip_bytes bytes;
    bool is_last;
};

TIP_MUST_USE enum tip_err
tip_control_get_input(struct tip_bytes body,
                      struct tip_control_input *out_input);

/** Read an event of a reply; it borrows the body. TIP_EMALFORMED. */
TIP_MUST_USE enum tip_err
tip_control_get_event(const struct tip_control_message *message,
                      struct tip_reply_event *out_event);

#endif /* TIP_CONTROL_H */
