#include "tip_link_zap.h"

#include <stdio.h>
#include <string.h>
#include <zmq.h>

#include "tip_link_socket.h"

/* The frames of a request, RFC 27. */
enum {
    VERSION,
    REQUEST_ID,
    DOMAIN,
    ADDRESS,
    IDENTITY,
    MECHANISM,
    KEY,
    FRAME_COUNT
};

enum {
    FRAME_BYTES_MAX = 256, /* libzmq writes them: an identity is the longest. */
    NUMBER_SIZE = 11       /* Decimal digits of 32 bits and the terminator. */
};

struct frame {
    int size;
    uint8_t data[FRAME_BYTES_MAX];
};

struct request {
    int frame_count;
    struct frame frames[FRAME_COUNT];
};

enum tip_err tip_link_zap_open(void *zmq, void **out_zap)
{
    void *zap = zmq_socket(zmq, ZMQ_REP);
    int linger = 0;

    if (zap == NULL) {
        return tip_link_socket_err();
    }
    if (zmq_setsockopt(zap, ZMQ_LINGER, &linger, sizeof linger) != 0 ||
        zmq_bind(zap, "inproc://zeromq.zap.01") != 0) {
        tip_link_socket_close(zap);
        return TIP_ELINK_OPTION;
    }
    *out_zap = zap;
    return TIP_OK;
}

static bool has_more(void *socket)
{
    int more = 0;
    size_t size = sizeof more;

    return zmq_getsockopt(socket, ZMQ_RCVMORE, &more, &size) == 0 && more != 0;
}

/* Read every frame there is; those we have no use for are only counted. */
static enum tip_err receive(void *zap, struct request *out)
{
    struct frame unused;
    int size;

    out->frame_count = 0;
    do {
        struct frame *frame = out->frame_count < FRAME_COUNT
                                  ? &out->frames[out->frame_count]
                                  : &unused;

        size = zmq_recv(zap, frame->data, sizeof frame->data, ZMQ_DONTWAIT);
        if (size < 0) {
            return TIP_EAGAIN;
        }
        frame->size = size;
        out->frame_count++;
    } while (has_more(zap) && out->frame_count <= FRAME_COUNT);
    return TIP_OK;
}

static bool frame_is(const struct frame *frame, const char *text)
{
    return (size_t)frame->size == strlen(text) &&
           memcmp(frame->data, text, strlen(text)) == 0;
}

static bool is_good(const struct request *request)
{
    const struct frame *frames = request->frames;

    return request->frame_count == FRAME_COUNT &&
           frame_is(&frames[VERSION], "1.0") &&
           frame_is(&frames[DOMAIN], TIP_LINK_ZAP_DOMAIN) &&
           frame_is(&frames[MECHANISM], "CURVE") &&
           frames[REQUEST_ID].size <= FRAME_BYTES_MAX &&
           frames[KEY].size == TIP_LINK_KEY_SIZE;
}

static void send_text(void *zap, const char *text, int flags)
{
    (void)zmq_send(zap, text, strlen(text), flags | ZMQ_DONTWAIT);
}

/* What cannot be sent is not sent: whoever asked waits for an answer and is not
 * let in without one. */
static void reply(void *zap, const struct request *request, const char *status,
                  const char *user_id)
{
    const struct frame *id = &request->frames[REQUEST_ID];
    size_t id_size =
        request->frame_count > REQUEST_ID && id->size <= FRAME_BYTES_MAX
            ? (size_t)id->size
            : 0;

    send_text(zap, "1.0", ZMQ_SNDMORE);
    (void)zmq_send(zap, id->data, id_size, ZMQ_SNDMORE | ZMQ_DONTWAIT);
    send_text(zap, status, ZMQ_SNDMORE);
    send_text(zap, "", ZMQ_SNDMORE);
    send_text(zap, user_id, ZMQ_SNDMORE);
    send_text(zap, "", 0);
}

static void describe(const struct request *request, struct tip_link_talk *out)
{
    const struct frame *address = &request->frames[ADDRESS];

    *out = (struct tip_link_talk){.kind = TIP_LINK_TALK_FAULT,
                                  .cause = TIP_LINK_CAUSE_NOT_ADMITTED};
    memcpy(out->key, request->frames[KEY].data, sizeof out->key);
    if (address->size < TIP_LINK_ADDRESS_SIZE) {
        memcpy(out->address, address->data, (size_t)address->size);
    }
}

enum tip_err tip_link_zap_answer(void *zap, struct tip_link_peers *peers,
                                 struct tip_link_talk *out_refused)
{
    struct request request;
    const struct tip_link_peer *peer;
    char user_id[NUMBER_SIZE];

    if (receive(zap, &request) != TIP_OK) {
        return TIP_EAGAIN;
    }
    if (!is_good(&request)) {
        reply(zap, &request, "500", "");
        return TIP_OK;
    }
    peer = tip_link_peers_find_key(peers, request.frames[KEY].data);
    if (peer == NULL) {
        reply(zap, &request, "400", "");
        describe(&request, out_refused);
        return TIP_EACCESS;
    }
    (void)snprintf(user_id, sizeof user_id, "%lu", (unsigned long)peer->number);
    reply(zap, &request, "200", user_id);
    return TIP_OK;
}

enum tip_err tip_link_zap_peer(const char *text, uint32_t *out_number)
{
    uint64_t number = 0;
    size_t size = strlen(text);

    if (size == 0 || size >= NUMBER_SIZE) {
        return TIP_EMALFORMED;
    }
    for (size_t i = 0; i < size; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return TIP_EMALFORMED;
        }
        number = number * 10 + (uint64_t)(text[i] - '0');
    }
    if (number > UINT32_MAX) {
        return TIP_EMALFORMED;
    }
    *out_number = (uint32_t)number;
    return TIP_OK;
}
