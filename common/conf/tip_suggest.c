#include "tip_suggest.h"

#include <string.h>

/* Longer words are not ours, and the work is the product of the lengths. */
enum { WORD_BYTES_MAX = 48 };

static size_t min(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Edits (insert, delete, replace, swap neighbours) from @a to @b. Three rows
 * of the classic matrix are enough, the third for the swap. */
static size_t distance(const char *a, size_t a_size, const char *b,
                       size_t b_size)
{
    size_t rows[3][WORD_BYTES_MAX + 1] = {{0}};

    for (size_t j = 0; j <= b_size; j++) {
        rows[0][j] = j;
    }
    for (size_t i = 1; i <= a_size; i++) {
        size_t *row = rows[i % 3], *above = rows[(i + 2) % 3];
        const size_t *two_above = rows[(i + 1) % 3];

        row[0] = i;
        for (size_t j = 1; j <= b_size; j++) {
            size_t cost = a[i - 1] == b[j - 1] ? 0 : 1;

            row[j] = min(min(above[j], row[j - 1]) + 1, above[j - 1] + cost);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
                a[i - 2] == b[j - 1]) {
                row[j] = min(row[j], two_above[j - 2] + 1);
            }
        }
    }
    return rows[a_size % 3][b_size];
}

void tip_suggest_offer(struct tip_suggest *suggest, const char *known)
{
    size_t word_size = strlen(suggest->word), known_size = strlen(known);
    size_t edits;

    if (word_size > WORD_BYTES_MAX || known_size > WORD_BYTES_MAX) {
        return;
    }
    edits = distance(suggest->word, word_size, known, known_size);
    if (edits > 1 && edits > word_size / 3) {
        return;
    }
    if (suggest->best == NULL || edits < suggest->best_distance) {
        suggest->best = known;
        suggest->best_distance = edits;
    }
}
