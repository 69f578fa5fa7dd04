/*
 * Text for manual pages in the mdoc language of mandoc and groff.
 *
 * Sentences of our tables go in as they are: these functions escape what the
 * language would take as its own, break lines as its checker wants them (at
 * most 80 bytes, a new sentence on a new line).
 */
#ifndef TIP_MDOC_H
#define TIP_MDOC_H

#include "tip_out.h"

/** Write @text as one paragraph of text lines. */
void tip_mdoc_text(struct tip_out *out, const char *text);

/** Write @word as one argument of a macro: quoted where needed. */
void tip_mdoc_word(struct tip_out *out, const char *word);

#endif /* TIP_MDOC_H */
