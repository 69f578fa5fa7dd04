/*
 * Preloaded into a program, its wall clock is off by TIP_SKEW_S seconds, as on
 * a machine whose battery is dead; the clock of timeouts is not touched.
 */
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int skewed(clockid_t clock, struct timespec *out_now) __asm__("clock_gettime");

int skewed(clockid_t clock, struct timespec *out_now)
{
    const char *skew = secure_getenv("TIP_SKEW_S");
    long result = syscall(SYS_clock_gettime, clock, out_now);

    if (result == 0 && clock == CLOCK_REALTIME && skew != NULL) {
        out_now->tv_sec += strtol(skew, NULL, 10);
    }
    return (int)result;
}
