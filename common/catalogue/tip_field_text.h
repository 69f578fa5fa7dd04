/*
 * Values as people type them on a command line, in CSV and in JSON, and back.
 *
 * One form for all ways in: dates 2026-11-23, 2026-11 or 2026; amounts
 * 1500.00 MRU; answers yes, no, unknown, refused; codes and currencies by
 * name; references as 36 characters; sets as names between blanks or ';'.
 */
#ifndef TIP_FIELD_TEXT_H
#define TIP_FIELD_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tip_buf.h"
#include "tip_bytes.h"
#include "tip_catalogue.h"
#include "tip_rule.h"
#include "tip_value.h"

/* A set has at most as many elements as a change-set could carry. */
enum { TIP_FIELD_ELEMENTS_MAX = 256 };

/**
 * Read @text as a value of @field, which is no set. Empty text is kind none.
 * Text values borrow @text. Anything but TIP_RULE_KEPT: @out_value is
 * unchanged. Whether a code is retired is not asked here.
 */
enum tip_rule tip_field_parse(const struct tip_catalogue *catalogue,
                              const struct tip_field *field,
                              struct tip_bytes text,
                              struct tip_value *out_value);

/** Read @text as the elements of the set @field: each once, by number. */
enum tip_rule tip_field_parse_set(const struct tip_field *field,
                                  struct tip_bytes text,
                                  uint32_t codes[TIP_FIELD_ELEMENTS_MAX],
                                  size_t *out_count);

/** Write @value as tip_field_parse() reads it; nothing for kind none. A code
 * that the list does not have is written as #NUMBER, sealed bytes as
 * (sealed). */
void tip_field_format(const struct tip_catalogue *catalogue,
                      const struct tip_field *field,
                      const struct tip_value *value, struct tip_buf *out_text);

/** Write the elements of a set, their names joined with ';'. */
void tip_field_format_set(const struct tip_field *field, const uint32_t *codes,
                          size_t count, struct tip_buf *out_text);

/** yes, no, unknown, refused; false on anything else. */
bool tip_text_answer(struct tip_bytes text, enum tip_answer *out_answer);

#endif /* TIP_FIELD_TEXT_H */
