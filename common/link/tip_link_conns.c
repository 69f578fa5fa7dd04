#include "tip_link_conns.h"

#include <arpa/inet.h>
#include <linux/sockios.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

bool tip_link_conns_has(int fd)
{
    return fd >= 0 && fd < TIP_LINK_CONNS_MAX;
}

void tip_link_conns_open(struct tip_link_conns *conns, int fd, uint64_t now_ms)
{
    (void)tip_link_conns_close(conns, fd);
    conns->items[fd] = (struct tip_link_conn){.state = TIP_LINK_CONN_STRANGER,
                                              .since_ms = now_ms};
    conns->stranger_count++;
    conns->open_count++;
}

struct tip_link_conn tip_link_conns_close(struct tip_link_conns *conns, int fd)
{
    struct tip_link_conn was = conns->items[fd];

    if (was.state == TIP_LINK_CONN_STRANGER) {
        conns->stranger_count--;
    }
    if (was.state != TIP_LINK_CONN_NONE) {
        conns->open_count--;
    }
    conns->items[fd] = (struct tip_link_conn){.state = TIP_LINK_CONN_NONE};
    return was;
}

void tip_link_conns_settle(struct tip_link_conns *conns, int fd, uint32_t peer)
{
    struct tip_link_conn *conn = &conns->items[fd];

    if (conn->state == TIP_LINK_CONN_STRANGER) {
        conns->stranger_count--;
    }
    conn->state = TIP_LINK_CONN_PEER;
    conn->peer = peer;
    conn->has_delivered = true;
}

void tip_link_conns_expect(struct tip_link_conns *conns, int fd,
                           uint32_t heartbeat_ms)
{
    int idle_s = tip_link_keepalive_s(heartbeat_ms);

    if (conns->items[fd].state == TIP_LINK_CONN_PEER) {
        conns->items[fd].heartbeat_ms = heartbeat_ms;
        (void)setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle_s, sizeof idle_s);
    }
}

void tip_link_conns_cut(struct tip_link_conns *conns, int fd)
{
    struct tip_link_conn *conn = &conns->items[fd];

    if (conn->state == TIP_LINK_CONN_NONE || conn->state == TIP_LINK_CONN_CUT) {
        return;
    }
    if (conn->state == TIP_LINK_CONN_STRANGER) {
        conns->stranger_count--;
    }
    conn->state = TIP_LINK_CONN_CUT;
    /* Between libzmq's close and its report the number may already be another
     * connection's. Then that one is cut off and comes back: a nuisance. */
    (void)shutdown(fd, SHUT_RDWR);
}

int tip_link_conns_find_idle(const struct tip_link_conns *conns,
                             uint64_t now_ms)
{
    uint64_t oldest_ms = UINT64_MAX;
    int oldest = -1;

    if (conns->stranger_count == 0) {
        return -1;
    }
    for (int fd = 0; fd < TIP_LINK_CONNS_MAX; fd++) {
        const struct tip_link_conn *conn = &conns->items[fd];

        if (conn->state == TIP_LINK_CONN_STRANGER &&
            conn->since_ms < oldest_ms) {
            oldest_ms = conn->since_ms;
            oldest = fd;
        }
    }
    if (conns->stranger_count > TIP_LINK_STRANGERS_MAX ||
        now_ms - oldest_ms > TIP_LINK_STRANGER_MS_MAX) {
        return oldest;
    }
    return -1;
}

/* What the kernel knows of a connection. */
struct traffic {
    uint64_t taken_bytes; /* By libzmq, in the life of the connection. */
    uint64_t silence_ms;  /* Since the last byte came. */
};

static bool read_traffic(int fd, struct traffic *out)
{
    struct tcp_info info = {0};
    socklen_t size = sizeof info;
    int waiting = 0;
    uint64_t received;

    if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) != 0 ||
        ioctl(fd, SIOCINQ, &waiting) != 0 || waiting < 0) {
        return false; /* It has just been closed. */
    }
    received = (uint64_t)info.tcpi_bytes_received;
    out->taken_bytes =
        (uint64_t)waiting > received ? 0 : received - (uint64_t)waiting;
    /* While we do not read, it is not the peer that is silent. */
    out->silence_ms = waiting > 0 ? 0 : info.tcpi_last_data_recv;
    return true;
}

static bool is_flooding(struct tip_link_conn *conn, uint64_t taken_bytes)
{
    if (conn->has_delivered) {
        conn->has_delivered = false;
        conn->settled_bytes = taken_bytes;
    }
    return taken_bytes > conn->settled_bytes &&
           taken_bytes - conn->settled_bytes > TIP_LINK_PARTIAL_BYTES_MAX;
}

/* Why @fd is to be cut off, TIP_LINK_CAUSE_NONE if it is not. */
static enum tip_link_cause judge(int fd, struct tip_link_conn *conn,
                                 uint32_t usual_ms)
{
    uint32_t heartbeat_ms =
        conn->heartbeat_ms != 0 ? conn->heartbeat_ms : usual_ms;
    struct traffic traffic;

    if ((conn->state != TIP_LINK_CONN_PEER &&
         conn->state != TIP_LINK_CONN_STRANGER) ||
        !read_traffic(fd, &traffic)) {
        return TIP_LINK_CAUSE_NONE;
    }
    if (is_flooding(conn, traffic.taken_bytes)) {
        return TIP_LINK_CAUSE_MISBEHAVED;
    }
    return conn->state == TIP_LINK_CONN_PEER &&
                   traffic.silence_ms > tip_link_silence_ms(heartbeat_ms)
               ? TIP_LINK_CAUSE_LOST
               : TIP_LINK_CAUSE_NONE;
}

int tip_link_conns_find_bad(struct tip_link_conns *conns, int from,
                            uint32_t heartbeat_ms,
                            enum tip_link_cause *out_cause)
{
    for (int fd = from; fd < TIP_LINK_CONNS_MAX; fd++) {
        enum tip_link_cause cause = judge(fd, &conns->items[fd], heartbeat_ms);

        if (cause != TIP_LINK_CAUSE_NONE) {
            *out_cause = cause;
            return fd;
        }
    }
    return -1;
}

void tip_link_conns_address(int fd, char out_text[TIP_LINK_ADDRESS_SIZE])
{
    struct sockaddr_storage address = {0};
    socklen_t size = sizeof address;
    const void *from = NULL;

    out_text[0] = '\0';
    if (getpeername(fd, (struct sockaddr *)&address, &size) != 0) {
        return;
    }
    if (address.ss_family == AF_INET) {
        from = &((const struct sockaddr_in *)&address)->sin_addr;
    } else if (address.ss_family == AF_INET6) {
        from = &((const struct sockaddr_in6 *)&address)->sin6_addr;
    }
    if (from == NULL || inet_ntop(address.ss_family, from, out_text,
                                  TIP_LINK_ADDRESS_SIZE) == NULL) {
        out_text[0] = '\0';
    }
}
