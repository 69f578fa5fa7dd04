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

/** What went through so far. */
struct weather_stats {
    unsigned long long up, down; /* Bytes delivered. */
    unsigned long long connections;
};

/** Ask for that; the proxy has obeyed what it was told before. */
bool weather_stats(struct weather *weather, struct weather_stats *out_stats);

void weather_close(struct weather *weather);

#endif /* WEATHER_H */
