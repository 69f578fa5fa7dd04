#include "tip_link_confine.h"

#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "tip_link_conns.h"
#include "tip_process.h"

enum {
    /* README.md has what was measured. What an enrolled device can make us hold
     * before the look for floods cuts it off comes on top. */
    HUB_MEMORY_BYTES_MAX = 96 * 1024 * 1024,
    NODE_MEMORY_BYTES_MAX = 48 * 1024 * 1024,
    THREAD_STACK_BYTES = 256 * 1024 /* libzmq's two; the default is 8 MiB. */
};

/* A sanitizer's shadow memory alone is terabytes. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { LIMITS_MEMORY = 0 };
#else
enum { LIMITS_MEMORY = 1 };
#endif

static bool limit(__rlimit_resource_t what, rlim_t value)
{
    struct rlimit bound = {.rlim_cur = value, .rlim_max = value};

    return setrlimit(what, &bound) == 0;
}

enum tip_err tip_link_confine(void)
{
    pthread_attr_t attributes;
    bool done;

    if (tip_process_harden() != TIP_OK ||
        prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0 ||
        prctl(PR_SET_NAME, "tip-link", 0, 0, 0) != 0 ||
        !limit(RLIMIT_NOFILE, TIP_LINK_CONNS_MAX) || !limit(RLIMIT_FSIZE, 0) ||
        signal(SIGPIPE, SIG_IGN) == SIG_ERR ||
        signal(SIGXFSZ, SIG_IGN) == SIG_ERR) {
        return TIP_ELINK_CHILD;
    }
    /* One heap for all threads, so that the limit below counts what is used and
     * not what each thread has set aside. There is one thread so far. */
    (void)mallopt(M_ARENA_MAX, 1); /* NOLINT(concurrency-mt-unsafe) */
    if (pthread_attr_init(&attributes) != 0) {
        return TIP_ENOMEM;
    }
    done = pthread_attr_setstacksize(&attributes, THREAD_STACK_BYTES) == 0 &&
           pthread_setattr_default_np(&attributes) == 0;
    (void)pthread_attr_destroy(&attributes);
    return done ? TIP_OK : TIP_ELINK_CHILD;
}

enum tip_err tip_link_confine_memory(enum tip_link_role role)
{
    rlim_t bytes_max =
        role == TIP_LINK_HUB ? HUB_MEMORY_BYTES_MAX : NODE_MEMORY_BYTES_MAX;

    return !LIMITS_MEMORY || limit(RLIMIT_DATA, bytes_max) ? TIP_OK
                                                           : TIP_ELINK_CHILD;
}

uint64_t tip_link_confine_held_bytes(void)
{
    /* Walks the heap under its lock; nothing else here may change its settings
     * meanwhile. */
    struct mallinfo2 info = mallinfo2(); /* NOLINT(concurrency-mt-unsafe) */

    return (uint64_t)info.uordblks + info.hblkhd;
}
