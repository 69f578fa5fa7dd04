#include "tip_link_arrival.h"

#include "tip_link_conns.h"
#include "tip_link_zap.h"

static uint32_t read_serial(const uint8_t id[TIP_LINK_WAY_SIZE])
{
    return (uint32_t)id[1] << 24 | (uint32_t)id[2] << 16 |
           (uint32_t)id[3] << 8 | id[4];
}

void tip_link_arrival_way(uint32_t serial, uint8_t out_id[TIP_LINK_WAY_SIZE])
{
    out_id[0] = 0;
    out_id[1] = (uint8_t)(serial >> 24);
    out_id[2] = (uint8_t)(serial >> 16);
    out_id[3] = (uint8_t)(serial >> 8);
    out_id[4] = (uint8_t)serial;
}

/* Read the routing id, the first frame. */
static bool read_way(void *router, struct tip_link_arrival *out)
{
    uint8_t id[TIP_LINK_WAY_SIZE];
    int size = zmq_recv(router, id, sizeof id, ZMQ_DONTWAIT);

    if (size < 0) {
        return false;
    }
    out->is_named = size != TIP_LINK_WAY_SIZE || id[0] != 0;
    out->serial = out->is_named ? 0 : read_serial(id);
    return true;
}

/* Read and drop what follows a frame that should have been the last. */
static void skip_rest(void *router)
{
    zmq_msg_t frame;
    int more = 1;

    while (more != 0) {
        (void)zmq_msg_init(&frame);
        more = zmq_msg_recv(&frame, router, ZMQ_DONTWAIT) >= 0 &&
               zmq_msg_more(&frame) != 0;
        (void)zmq_msg_close(&frame);
    }
}

bool tip_link_arrival_read(void *router, struct tip_link_arrival *out_arrival)
{
    const char *user;

    if (!read_way(router, out_arrival)) {
        return false;
    }
    (void)zmq_msg_init(&out_arrival->payload);
    if (zmq_msg_recv(&out_arrival->payload, router, ZMQ_DONTWAIT) < 0) {
        (void)zmq_msg_close(&out_arrival->payload);
        return false;
    }
    out_arrival->is_multipart = zmq_msg_more(&out_arrival->payload) != 0;
    if (out_arrival->is_multipart) {
        skip_rest(router);
    }
    out_arrival->fd = zmq_msg_get(&out_arrival->payload, ZMQ_SRCFD);
    if (!tip_link_conns_has(out_arrival->fd)) {
        out_arrival->fd = -1;
    }
    user = zmq_msg_gets(&out_arrival->payload, "User-Id");
    out_arrival->has_user =
        user != NULL && tip_link_zap_peer(user, &out_arrival->user) == TIP_OK;
    return true;
}

bool tip_link_arrival_is_proper(const struct tip_link_arrival *arrival)
{
    size_t size = zmq_msg_size(&arrival->payload);

    return arrival->has_user && !arrival->is_named && !arrival->is_multipart &&
           arrival->fd >= 0 && size > 0 && size <= TIP_LINK_MESSAGE_BYTES_MAX;
}
