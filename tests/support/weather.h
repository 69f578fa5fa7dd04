/*
 * A shaping_proxy of the test's own: the weather between a node and its hub.
 */
#ifndef WEATHER_H
#define WEATHER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct weather {
    pid_t pid;
    int out_fd; /* What the proxy prints. */
    uint16_t port;
    char control[64];
};

/** Start a proxy to 127.0.0.1:@target; false when it does not start. */
bool weather_open(struct weather *weather, uint16_t target);

/** Give the proxy a command, as in shaping_proxy.c. */
bool weather_say(struct weather *weather, const char *command);

/** Bytes delivered so far, up and down. */
bool weather_bytes(struct weather *weather, unsigned long long *out_up,
                   unsigned long long *out_down);

void weather_close(struct weather *weather);

#endif /* WEATHER_H */
