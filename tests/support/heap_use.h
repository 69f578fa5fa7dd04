/* How much of the heap is in use: what ends leaves as much as there was.
 *
 * Do the same HEAP_ROUNDS times and compare after the last two: the first fill
 * what the heap keeps for later. Says nothing under a sanitizer, which looks by
 * itself. */
#ifndef HEAP_USE_H
#define HEAP_USE_H

#include <malloc.h>
#include <stddef.h>

enum { HEAP_ROUNDS = 20 };

static inline size_t heap_use(void)
{
    struct mallinfo2 info = mallinfo2();

    return info.uordblks + info.hblkhd;
}

#endif /* HEAP_USE_H */
