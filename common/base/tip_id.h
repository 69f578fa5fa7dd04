/*
 * Record ids: UUID version 7 (RFC 9562, section 5.7).
 *
 * The first 48 bits are milliseconds since the Unix epoch, so ids made one
 * after the other sort together; the rest is random, so two offices never make
 * the same one and an id tells nothing about a person.
 */
#ifndef TIP_ID_H
#define TIP_ID_H

#include <stdbool.h>
#include <stdint.h>

#include "tip_bytes.h"
#include "tip_err.h"

enum {
    TIP_ID_SIZE = 16,
    TIP_ID_RANDOM_SIZE = 10, /* Random bytes that go into one id. */
    TIP_ID_TEXT_SIZE = 37    /* 36 characters and the terminator. */
};

/** Plain data: copy it, no cleanup. All zero means "no record". */
struct tip_id {
    uint8_t bytes[TIP_ID_SIZE];
};

/** Make the id for @unix_ms from @random, which must never repeat. */
struct tip_id tip_id_make(uint64_t unix_ms,
                          const uint8_t random[TIP_ID_RANDOM_SIZE]);

/** The order of the bytes; <0, 0 or >0 as in memcmp. */
int tip_id_compare(const struct tip_id *a, const struct tip_id *b);

bool tip_id_equal(const struct tip_id *a, const struct tip_id *b);
bool tip_id_is_none(const struct tip_id *id);

/** Write 36 lower-case characters and a terminator. */
void tip_id_format(const struct tip_id *id, char out_text[TIP_ID_TEXT_SIZE]);

/** Read the 36-character form in either case; TIP_EINVAL on anything else. */
TIP_MUST_USE enum tip_err tip_id_parse(struct tip_bytes text,
                                       struct tip_id *out_id);

#endif /* TIP_ID_H */
