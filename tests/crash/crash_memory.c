#include "crash_memory.h"

#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef __has_feature
#define __has_feature(x) 0
#endif

/* AddressSanitizer stays in between, to see what is done with the memory.
 * NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
#define REAL(name) __interceptor_##name
enum { COUNTS = 0 }; /* It answers strdup() itself; it has its own count. */
#else
#define REAL(name) __libc_##name
enum { COUNTS = 1 };
#endif
extern void *REAL(malloc)(size_t size);
extern void *REAL(calloc)(size_t count, size_t size);
extern void *REAL(realloc)(void *old, size_t size);
extern void REAL(free)(void *memory);
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */

static atomic_long live;
static struct {
    bool is_armed, for_good, was_met;
    unsigned int calls_left;
    int paused;
} armed;

void crash_memory_arm(unsigned int nth, bool for_good)
{
    armed.for_good = for_good;
    armed.was_met = false;
    armed.calls_left = nth - 1;
    armed.is_armed = true;
}

bool crash_memory_clear(void)
{
    const bool was_met = armed.was_met;

    armed.is_armed = false;
    armed.was_met = false;
    return was_met;
}

void crash_memory_pause(void)
{
    armed.paused++;
}

void crash_memory_resume(void)
{
    armed.paused--;
}

long crash_memory_live(void)
{
    return COUNTS ? atomic_load(&live) : 0;
}

static bool strikes(void)
{
    if (!armed.is_armed || armed.paused > 0) {
        return false;
    }
    if (armed.calls_left > 0) {
        armed.calls_left--;
        return false;
    }
    if (armed.was_met && !armed.for_good) {
        return false;
    }
    armed.was_met = true;
    errno = ENOMEM;
    return true;
}

static void *counted(void *memory)
{
    if (memory != NULL) {
        atomic_fetch_add(&live, 1);
    }
    return memory;
}

/* The C library's names for parameters are not ours to use.
 * NOLINTBEGIN(readability-inconsistent-declaration-parameter-name,performance-no-int-to-ptr)
 */

void *malloc(size_t size)
{
    return strikes() ? NULL : counted(REAL(malloc)(size));
}

void *calloc(size_t count, size_t size)
{
    return strikes() ? NULL : counted(REAL(calloc)(count, size));
}

void *realloc(void *old, size_t size)
{
    void *memory;

    if (strikes()) {
        return NULL;
    }
    memory = REAL(realloc)(old, size);
    return old == NULL ? counted(memory) : memory;
}

void free(void *memory)
{
    if (memory != NULL) {
        atomic_fetch_sub(&live, 1);
    }
    REAL(free)(memory);
}

void *mmap(void *at, size_t size, int protection, int flags, int fd,
           off_t offset)
{
    if (strikes()) {
        return MAP_FAILED;
    }
    return (void *)syscall(SYS_mmap, at, size, protection, flags, fd, offset);
}
/* NOLINTEND(readability-inconsistent-declaration-parameter-name,performance-no-int-to-ptr)
 */
