/*
 * "Did you mean …?": the known word nearest to a mistyped one.
 *
 *     struct tip_suggest suggest = {.word = typed};
 *     for each known word: tip_suggest_offer(&suggest, known);
 *     if (suggest.best != NULL) …
 */
#ifndef TIP_SUGGEST_H
#define TIP_SUGGEST_H

#include <stddef.h>

/** Plain data. Set @word only, the rest to zero. */
struct tip_suggest {
    const char *word;     /* Borrowed: what was typed. */
    const char *best;     /* Borrowed from an offer; NULL: none is near. */
    size_t best_distance; /* Edits between the two. */
};

/** Consider @known. Words further off than a slip of the finger (one edit, or
 * one in three letters) are not taken. */
void tip_suggest_offer(struct tip_suggest *suggest, const char *known);

#endif /* TIP_SUGGEST_H */
