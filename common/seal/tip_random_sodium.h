/* The kernel's generator behind common/io/tip_random.h. */
#ifndef TIP_RANDOM_SODIUM_H
#define TIP_RANDOM_SODIUM_H

#include "tip_random.h"

/** The one instance, never NULL. Any thread, also after a fork; good for keys.
 * Half a microsecond a call. */
struct tip_random *tip_random_sodium(void);

#endif /* TIP_RANDOM_SODIUM_H */
