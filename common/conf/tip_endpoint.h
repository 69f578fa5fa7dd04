/*
 * Lists of addresses as people write them: "*:7070, tcp://[::1]:8443".
 */
#ifndef TIP_ENDPOINT_H
#define TIP_ENDPOINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tip_err.h"

enum { TIP_ENDPOINT_HOST_SIZE = 256 }; /* A DNS name is 253 bytes at most. */

/** Where to listen or connect. Plain data. */
struct tip_endpoint {
    char host[TIP_ENDPOINT_HOST_SIZE]; /* No brackets; "*" is every address. */
    uint16_t port;
};

/** Count the addresses of @list; false when one is none. */
bool tip_endpoints_count(const char *list, int64_t *out_count);

/** Read item @index of a list that was counted; TIP_ENOTFOUND behind the last.
 */
TIP_MUST_USE enum tip_err tip_endpoints_get(const char *list, size_t index,
                                            struct tip_endpoint *out_endpoint);

#endif /* TIP_ENDPOINT_H */
