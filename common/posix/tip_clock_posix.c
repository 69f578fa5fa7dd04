#include "tip_clock_posix.h"

#include <assert.h>
#include <time.h>

static uint64_t read_ms(clockid_t id)
{
    struct timespec now;
    int failed = clock_gettime(id, &now);

    /* Fails only for a clock the kernel does not have: both are older than any
     * kernel we support. */
    assert(failed == 0);
    if (now.tv_sec < 0) {
        return 0; /* Before 1970: somebody's joke, or a dead battery. */
    }
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static uint64_t now_ms(const struct tip_clock *self)
{
    (void)self;
    return read_ms(CLOCK_REALTIME);
}

static uint64_t elapsed_ms(const struct tip_clock *self)
{
    (void)self;
    return read_ms(CLOCK_BOOTTIME);
}

void tip_clock_posix_init(struct tip_clock *clock)
{
    *clock = (struct tip_clock){.now_ms = now_ms, .elapsed_ms = elapsed_ms};
}
