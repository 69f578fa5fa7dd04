/*
 * One message as it comes out of a hub's ROUTER.
 *
 * Who sent it is the User-Id that ZAP gave the connection, read from the
 * payload frame: on the first frame libzmq 4.3.4 may lose it. The routing id is
 * only the way back: libzmq makes it up, zero and four bytes that count
 * connections, and a peer that names itself breaks the rules.
 */
#ifndef TIP_LINK_ARRIVAL_H
#define TIP_LINK_ARRIVAL_H

#include <stdbool.h>
#include <stdint.h>
#include <zmq.h>

enum { TIP_LINK_WAY_SIZE = 5 };

struct tip_link_arrival {
    zmq_msg_t payload; /* Initialised; close it. */
    uint32_t serial;   /* Number of the connection. */
    bool is_named;     /* The peer chose its routing id itself. */
    bool is_multipart;
    uint32_t user; /* Meaningless unless has_user. */
    bool has_user;
    int fd; /* Of the connection; -1: libzmq does not know. */
};

/** Take one message of @router; false when there is none. All of a message in
 * many parts is taken, and only its first part kept. */
bool tip_link_arrival_read(void *router, struct tip_link_arrival *out_arrival);

/** Whether its form is one a node of ours would send. */
bool tip_link_arrival_is_proper(const struct tip_link_arrival *arrival);

/** The routing id of connection @serial. */
void tip_link_arrival_way(uint32_t serial, uint8_t out_id[TIP_LINK_WAY_SIZE]);

#endif /* TIP_LINK_ARRIVAL_H */
