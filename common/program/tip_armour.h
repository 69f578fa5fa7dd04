/*
 * Bytes as text that survives mail, paper clips and editors: base64 between
 * two marks, with words for people around them.
 *
 *     TIP Watch invitation …
 *     -----BEGIN TIP INVITATION-----
 *     AbCd…
 *     -----END TIP INVITATION-----
 */
#ifndef TIP_ARMOUR_H
#define TIP_ARMOUR_H

#include "tip_buf.h"
#include "tip_bytes.h"
#include "tip_err.h"

/** Append @words, then @bytes between the marks of @label ("INVITATION"). */
void tip_armour_write(const char *label, const char *words,
                      struct tip_bytes bytes, struct tip_buf *out);

/**
 * Append what stands between the marks of @label in @text, whatever is around
 * them and however lines end. TIP_EMALFORMED: no such marks, or something else
 * between them. TIP_ETOOBIG: more than @out holds.
 */
TIP_MUST_USE enum tip_err
tip_armour_read(const char *label, struct tip_bytes text, struct tip_buf *out);

#endif /* TIP_ARMOUR_H */
