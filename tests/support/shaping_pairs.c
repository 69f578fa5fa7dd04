#include "shaping_pairs.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

void shaping_net_init(struct shaping_net *net)
{
    *net = (struct shaping_net){0};
    for (size_t i = 0; i < SHAPING_PAIRS_MAX; i++) {
        net->pairs[i].fds[0] = -1;
    }
}

uint64_t shaping_net_now_us(void)
{
    struct timespec now = {0};

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

/* Close without a farewell, as a line that breaks. */
static void reset_fd(int fd)
{
    const struct linger hard = {.l_onoff = 1, .l_linger = 0};

    (void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    (void)close(fd);
}

static void break_pair(struct shaping_pair *pair)
{
    if (pair->fds[0] >= 0) {
        reset_fd(pair->fds[0]);
        reset_fd(pair->fds[1]);
        pair->fds[0] = -1;
    }
}

void shaping_net_break(struct shaping_net *net)
{
    for (size_t i = 0; i < SHAPING_PAIRS_MAX; i++) {
        break_pair(&net->pairs[i]);
    }
}

struct sockaddr_in shaping_net_loopback(uint16_t port)
{
    return (struct sockaddr_in){.sin_family = AF_INET,
                                .sin_port = htons(port),
                                .sin_addr = {htonl(INADDR_LOOPBACK)}};
}

static int call_target(const struct shaping_net *net)
{
    struct sockaddr_in address = shaping_net_loopback(net->target);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd >= 0 &&
        connect(fd, (const struct sockaddr *)&address, sizeof address) != 0) {
        (void)close(fd);
        fd = -1;
    }
    return fd;
}

static struct shaping_pair *find_free(struct shaping_net *net)
{
    for (size_t i = 0; i < SHAPING_PAIRS_MAX; i++) {
        if (net->pairs[i].fds[0] < 0) {
            return &net->pairs[i];
        }
    }
    return NULL;
}

void shaping_net_accept(struct shaping_net *net, int listener)
{
    int caller = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    int called = caller < 0 || net->is_down ? -1 : call_target(net);
    struct shaping_pair *pair = find_free(net);
    const int on = 1;

    if (caller < 0) {
        return;
    }
    if (called < 0 || pair == NULL) {
        reset_fd(caller);
        if (called >= 0) {
            reset_fd(called);
        }
        return;
    }
    /* What is on its way is kept here, not in the kernel. */
    (void)setsockopt(caller, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    (void)setsockopt(called, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    *pair = (struct shaping_pair){.fds = {caller, called}};
    pair->open_us = shaping_net_now_us() + net->lines[SHAPING_UP].delay_us +
                    net->lines[SHAPING_DOWN].delay_us;
    net->connection_count++;
}

/* Take a chunk off the sender; false when there is nothing, or no room. */
static bool take_in(struct shaping_net *net, struct shaping_pair *pair, int way)
{
    uint64_t now = shaping_net_now_us();
    struct shaping_chunk *chunk =
        shaping_flow_room(&pair->flows[way], &net->lines[way], now);
    ssize_t got;

    if (chunk == NULL || pair->has_ended[way] || now < pair->open_us) {
        return false;
    }
    got = recv(pair->fds[way], chunk->data, sizeof chunk->data, MSG_DONTWAIT);
    if (got > 0) {
        shaping_flow_put(&pair->flows[way], &net->lines[way], (size_t)got, now);
        return true;
    }
    if (got == 0) {
        pair->has_ended[way] = true;
    } else if (errno != EAGAIN && errno != EINTR) {
        break_pair(pair);
    }
    return false;
}

uint64_t shaping_net_bytes(const struct shaping_net *net, int way)
{
    return way == SHAPING_BOTH
               ? net->lines[SHAPING_UP].bytes + net->lines[SHAPING_DOWN].bytes
               : net->lines[way].bytes;
}

/* How much of @chunk may go on, up to the byte at which the line breaks. */
static size_t allowance(const struct shaping_net *net, int way,
                        const struct shaping_chunk *chunk)
{
    size_t size = chunk->size - chunk->done;
    uint64_t left;

    if (net->cut_at_bytes == 0 ||
        (net->cut_way != SHAPING_BOTH && net->cut_way != way)) {
        return size;
    }
    left = net->cut_at_bytes - shaping_net_bytes(net, net->cut_way);
    return left < size ? (size_t)left : size;
}

/* Give what has arrived to the receiver. */
static void give_out(struct shaping_net *net, struct shaping_pair *pair,
                     int way)
{
    struct shaping_flow *flow = &pair->flows[way];
    struct shaping_line *line = &net->lines[way];
    struct shaping_chunk *chunk;

    while ((chunk = shaping_flow_due(flow, line, shaping_net_now_us())) !=
           NULL) {
        size_t size = allowance(net, way, chunk);
        ssize_t put;

        if (size == 0) {
            return; /* The line breaks right here. */
        }
        put = send(pair->fds[1 - way], chunk->data + chunk->done, size,
                   MSG_DONTWAIT | MSG_NOSIGNAL);
        if (put < 0) {
            if (errno != EAGAIN && errno != EINTR) {
                break_pair(pair);
            }
            return;
        }
        shaping_flow_take(flow, line, (size_t)put);
    }
    if (pair->has_ended[way] && flow->count == 0 && !pair->has_told[way]) {
        (void)shutdown(pair->fds[1 - way], SHUT_WR);
        pair->has_told[way] = true;
    }
}

void shaping_net_move(struct shaping_net *net, struct shaping_pair *pair)
{
    for (int way = SHAPING_UP; way <= SHAPING_DOWN; way++) {
        while (pair->fds[0] >= 0 && take_in(net, pair, way)) {
        }
        if (pair->fds[0] >= 0) {
            give_out(net, pair, way);
        }
    }
    if (pair->fds[0] >= 0 && pair->has_told[SHAPING_UP] &&
        pair->has_told[SHAPING_DOWN]) {
        (void)close(pair->fds[0]);
        (void)close(pair->fds[1]);
        pair->fds[0] = -1;
    }
}

uint64_t shaping_net_watch(struct shaping_net *net, struct shaping_pair *pair,
                           struct pollfd out_fds[2])
{
    uint64_t now = shaping_net_now_us();
    uint64_t next = UINT64_MAX;

    out_fds[0] = (struct pollfd){.fd = -1};
    out_fds[1] = (struct pollfd){.fd = -1};
    if (pair->fds[0] < 0) {
        return next;
    }
    for (int way = SHAPING_UP; way <= SHAPING_DOWN; way++) {
        const struct shaping_line *line = &net->lines[way];
        struct shaping_flow *flow = &pair->flows[way];
        uint64_t due = shaping_flow_next_us(flow, line, now);

        if (now < pair->open_us) {
            due = pair->open_us;
        } else if (!pair->has_ended[way] &&
                   shaping_flow_room(flow, line, now) != NULL) {
            out_fds[way].events |= POLLIN;
        }
        if (shaping_flow_due(flow, line, now) != NULL) {
            out_fds[1 - way].events |= POLLOUT;
        }
        next = due < next ? due : next;
    }
    for (int i = 0; i < 2; i++) {
        /* Nothing wanted, not looked at: a hang-up would wake us for ever. */
        out_fds[i].fd = out_fds[i].events == 0 ? -1 : pair->fds[i];
    }
    return next;
}
