/*
 * Drawing from a seed: the same seed tells the same demo on every machine.
 *
 * SplitMix64 (Steele, Lea, Flood 2014). Good enough for made-up cases and
 * weather; nothing secret is ever drawn here.
 */
#ifndef DEMO_DRAW_H
#define DEMO_DRAW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tip_buf.h"

/** Plain data. */
struct demo_draw {
    uint64_t state;
};

/** Start stream @stream of @seed; streams of one seed are independent. */
void demo_draw_init(struct demo_draw *draw, uint64_t seed, uint64_t stream);

/** The next 64 bits. */
uint64_t demo_draw_next(struct demo_draw *draw);

/** A number below @bound, which is above 0. */
uint32_t demo_draw_below(struct demo_draw *draw, uint32_t bound);

/** A number from @low to @high, both possible; @low <= @high. */
int32_t demo_draw_between(struct demo_draw *draw, int32_t low, int32_t high);

/** True @percent times of a hundred. */
bool demo_draw_chance(struct demo_draw *draw, uint32_t percent);

/** An index into @digits, text of '0' to '9': each as often as its digit says.
 * At least one is not '0'. */
size_t demo_draw_digit(struct demo_draw *draw, const char *digits);

/** One of the words between the blanks of @words, borrowed; the first is the
 * likeliest, the last the rarest. */
struct tip_bytes demo_draw_word(struct demo_draw *draw, const char *words);

/** Some of @words, each @percent times of a hundred, at least one; with blanks
 * between them. */
void demo_draw_words(struct demo_draw *draw, const char *words,
                     uint32_t percent, struct tip_buf *out_words);

#endif /* DEMO_DRAW_H */
