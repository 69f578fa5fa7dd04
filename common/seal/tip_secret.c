#include "tip_secret.h"

#include <stdatomic.h>

#include <sodium.h>

#include "tip_nonce.h"

/* sodium_malloc puts the end of the block at the guard page, so only sizes
 * that are a multiple of this begin aligned. */
enum { ALIGNMENT = 16 };

static atomic_bool refused; /* The system would not lock some secret. */

enum tip_err tip_seal_init(void)
{
    if (sodium_init() < 0) {
        return TIP_ESEAL_UNAVAILABLE;
    }
    tip_nonce_init();
    return TIP_OK;
}

void *tip_secret_new(size_t size)
{
    size_t rounded = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    void *secret;

    if (rounded < size) {
        return NULL;
    }
    secret = sodium_malloc(rounded);
    if (secret == NULL) {
        return NULL;
    }
    /* sodium_malloc does not say whether its own mlock failed. */
    if (sodium_mlock(secret, rounded) != 0) {
        atomic_store(&refused, true);
    }
    sodium_memzero(secret, rounded);
    return secret;
}

void tip_secret_free(void *secret)
{
    sodium_free(secret);
}

void tip_secret_protect(void *secret)
{
    sodium_mprotect_readonly(secret);
}

void tip_secret_wipe(void *secret, size_t size)
{
    sodium_memzero(secret, size);
}

bool tip_secret_is_locked(void)
{
    return !atomic_load(&refused);
}
