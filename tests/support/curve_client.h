/*
 * A CurveZMQ client written by hand (ZeroMQ RFC 26), for what libzmq would
 * never send: a message without end, a routing id that libzmq forbids.
 *
 * Talks over a blocking TCP socket with a timeout, one handshake, then frames.
 */
#ifndef CURVE_CLIENT_H
#define CURVE_CLIENT_H

#include <stdbool.h>
#include <stdint.h>

#include "tip_bytes.h"

enum { CURVE_KEY_SIZE = 32, CURVE_PAYLOAD_BYTES_MAX = 33 * 1024 };

struct curve_client {
    int fd;
    uint64_t nonce;
    uint8_t short_public[CURVE_KEY_SIZE];
    uint8_t short_secret[CURVE_KEY_SIZE];
    uint8_t server_short[CURVE_KEY_SIZE];
};

/** Connect to 127.0.0.1:@port without a word; -1 if nobody listens. Reads and
 * writes give up after 20 s. */
int curve_client_connect(uint16_t port);

/** Exchange greetings on @fd as a client of @mechanism, as in "CURVE". */
bool curve_client_greet(int fd, const char *mechanism);

/** Connect and shake hands with the server of @server_key, claiming routing id
 * @identity unless it is empty; false when it is refused. */
bool curve_client_open(struct curve_client *client, uint16_t port,
                       const uint8_t server_key[CURVE_KEY_SIZE],
                       const uint8_t public_key[CURVE_KEY_SIZE],
                       const uint8_t secret_key[CURVE_KEY_SIZE],
                       struct tip_bytes identity);

/** Send one frame, with more to follow or not; false when the server hung up.
 */
bool curve_client_send(struct curve_client *client, struct tip_bytes payload,
                       bool has_more);

void curve_client_close(struct curve_client *client);

#endif /* CURVE_CLIENT_H */
