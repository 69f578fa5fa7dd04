#include "tip_nonce.h"

#include <stdatomic.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>

#include <sodium.h>

enum { POOL_NONCES = 64 };

/*
 * The name of this process's life: a random number in a page that the kernel
 * empties in a forked child, however it was forked. A pool filled in another
 * life is stale. Not a flag: a thread of the child that sees the empty page
 * first must not make the pool of the next thread look fresh.
 */
static _Atomic uint64_t *life; /* NULL: no such page, no pools. */

static _Thread_local struct {
    uint64_t life;
    size_t left;
    uint8_t nonces[POOL_NONCES][TIP_AEAD_NONCE_SIZE];
} pool;

void tip_nonce_init(void)
{
    void *page;

    if (life != NULL) {
        return;
    }
    page = mmap(NULL, sizeof *life, PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED) {
        return;
    }
    if (madvise(page, sizeof *life, MADV_WIPEONFORK) != 0) {
        munmap(page, sizeof *life);
        return;
    }
    life = page;
}

static uint64_t current_life(void)
{
    uint64_t found = atomic_load(life);

    while (found == 0) {
        uint64_t fresh;

        randombytes_buf(&fresh, sizeof fresh);
        if (atomic_compare_exchange_strong(life, &found, fresh)) {
            found = fresh;
        }
    }
    return found;
}

static void refill(uint64_t now)
{
    uint8_t seed[randombytes_SEEDBYTES];

    randombytes_buf(seed, sizeof seed);
    randombytes_buf_deterministic(pool.nonces, sizeof pool.nonces, seed);
    sodium_memzero(seed, sizeof seed);
    pool.life = now;
    pool.left = POOL_NONCES;
}

void tip_nonce_draw(uint8_t out[TIP_AEAD_NONCE_SIZE])
{
    uint64_t now;

    if (life == NULL) {
        randombytes_buf(out, TIP_AEAD_NONCE_SIZE);
        return;
    }
    now = current_life();
    if (pool.left == 0 || pool.life != now) {
        refill(now);
    }
    pool.left--;
    memcpy(out, pool.nonces[pool.left], TIP_AEAD_NONCE_SIZE);
}
