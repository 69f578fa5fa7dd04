#include "demo_draw.h"

#include <assert.h>

uint64_t demo_draw_next(struct demo_draw *draw)
{
    uint64_t z = draw->state += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

void demo_draw_init(struct demo_draw *draw, uint64_t seed, uint64_t stream)
{
    draw->state = seed;
    /* Through the mixer once, so that seed 1 stream 2 is not seed 2 stream 1.
     */
    draw->state =
        demo_draw_next(draw) ^ (stream * UINT64_C(0xd1342543de82ef95));
    (void)demo_draw_next(draw);
}

uint32_t demo_draw_below(struct demo_draw *draw, uint32_t bound)
{
    assert(bound > 0);
    return (uint32_t)((demo_draw_next(draw) >> 32) * bound >> 32);
}

int32_t demo_draw_between(struct demo_draw *draw, int32_t low, int32_t high)
{
    assert(low <= high);
    return low + (int32_t)demo_draw_below(draw, (uint32_t)(high - low) + 1);
}

bool demo_draw_chance(struct demo_draw *draw, uint32_t percent)
{
    return demo_draw_below(draw, 100) < percent;
}

size_t demo_draw_digit(struct demo_draw *draw, const char *digits)
{
    uint32_t total = 0, at;
    size_t i = 0;

    for (const char *c = digits; *c != '\0'; c++) {
        total += (uint32_t)(*c - '0');
    }
    at = demo_draw_below(draw, total);
    while (at >= (uint32_t)(digits[i] - '0')) {
        at -= (uint32_t)(digits[i] - '0');
        i++;
    }
    return i;
}

/* The next word at *@at, which moves behind it; empty after the last. */
static struct tip_bytes word_next(const char **at)
{
    struct tip_bytes word;

    *at += strspn(*at, " ");
    word = tip_bytes(*at, strcspn(*at, " "));
    *at += word.size;
    return word;
}

static uint32_t word_count(const char *words)
{
    uint32_t count = 0;

    while (word_next(&words).size > 0) {
        count++;
    }
    return count;
}

struct tip_bytes demo_draw_word(struct demo_draw *draw, const char *words)
{
    uint32_t count = word_count(words), weight = count;
    uint32_t at = demo_draw_below(draw, count * (count + 1) / 2);
    struct tip_bytes word = word_next(&words);

    while (at >= weight) {
        at -= weight;
        weight--;
        word = word_next(&words);
    }
    return word;
}

void demo_draw_words(struct demo_draw *draw, const char *words,
                     uint32_t percent, struct tip_buf *out_words)
{
    uint32_t sure = demo_draw_below(draw, word_count(words));
    struct tip_bytes word;
    bool is_first = true;

    for (uint32_t i = 0; (word = word_next(&words)).size > 0; i++) {
        /* Drawn also for the sure one: the rest does not depend on it. */
        bool is_drawn = demo_draw_chance(draw, percent);

        if (!is_drawn && i != sure) {
            continue;
        }
        if (!is_first) {
            tip_buf_put_u8(out_words, ' ');
        }
        tip_buf_put(out_words, word);
        is_first = false;
    }
}
