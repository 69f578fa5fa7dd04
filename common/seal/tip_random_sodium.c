#include "tip_random_sodium.h"

#include <sodium.h>

static void fill(struct tip_random *self, void *out, size_t size)
{
    (void)self;
    randombytes_buf(out, size);
}

struct tip_random *tip_random_sodium(void)
{
    static struct tip_random random = {.fill = fill};

    return &random;
}
