#include "tip_link_zmq.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "tip_link_warden.h"

enum {
    HUB = 0, /* What a node calls its only peer. */
    HEARTBEAT_MS = 300 * 1000,
    HEARTBEAT_MS_MAX = 3600 * 1000,
    RECONNECT_MS_MIN = 2 * 1000,
    RECONNECT_MS_MAX = 300 * 1000
};

struct tip_link_zmq {
    struct tip_link base; /* First member, so the casts below are valid. */
    struct tip_link_warden warden;
};

static void link_receive(struct tip_link *base, int timeout_ms,
                         struct tip_link_event *out_event)
{
    struct tip_link_zmq *link = (struct tip_link_zmq *)base;
    uint64_t end_ms = tip_link_warden_ms(&link->warden) +
                      (uint64_t)(timeout_ms < 0 ? 0 : timeout_ms);

    for (;;) {
        uint64_t now_ms;

        tip_link_warden_poll(&link->warden, out_event);
        tip_link_warden_set_alarm(&link->warden);
        now_ms = tip_link_warden_ms(&link->warden);
        if (out_event->kind != TIP_LINK_NOTHING ||
            (timeout_ms >= 0 && now_ms >= end_ms)) {
            return;
        }
        tip_link_line_wait(&link->warden.line,
                           timeout_ms < 0 ? -1 : (int)(end_ms - now_ms));
    }
}

static enum tip_err link_send(struct tip_link *base, uint32_t peer,
                              struct tip_bytes message)
{
    struct tip_link_zmq *link = (struct tip_link_zmq *)base;
    struct tip_link_seat *seat =
        tip_link_roster_find(&link->warden.roster, peer);
    enum tip_err err;

    assert(message.size > 0);
    if (message.size > TIP_LINK_MESSAGE_BYTES_MAX) {
        return TIP_ETOOBIG;
    }
    err = seat == NULL ? TIP_ENOTFOUND : tip_link_roster_may_send(seat);
    if (err == TIP_OK) {
        err = tip_link_warden_put(
            &link->warden,
            &(struct tip_link_talk){.kind = TIP_LINK_TALK_SEND,
                                    .peer = peer,
                                    .connection = seat->connection,
                                    .payload = message});
    }
    if (err == TIP_OK) {
        seat->in_flight++;
        seat->status.sent_count++;
        seat->status.sent_bytes += message.size;
    }
    /* A dead child is noticed by receive, which reports it in order. */
    return err == TIP_EIO ? TIP_EAGAIN : err;
}

static void link_drop(struct tip_link *base, uint32_t peer)
{
    struct tip_link_zmq *link = (struct tip_link_zmq *)base;
    struct tip_link_seat *seat =
        tip_link_roster_find(&link->warden.roster, peer);
    uint32_t connection;

    if (seat == NULL || !seat->status.is_up) {
        return;
    }
    connection = seat->connection;
    tip_link_roster_end(&link->warden.roster, seat, TIP_LINK_CAUSE_DROPPED);
    tip_link_warden_insist(&link->warden,
                           &(struct tip_link_talk){.kind = TIP_LINK_TALK_DROP,
                                                   .peer = peer,
                                                   .connection = connection});
    tip_link_warden_set_alarm(&link->warden);
}

static bool copy_endpoints(const struct tip_link_zmq_opts *opts,
                           struct tip_link_setup *out_setup)
{
    bool good = opts->endpoint_count > 0 &&
                opts->endpoint_count <= TIP_LINK_ENDPOINTS_MAX &&
                (opts->role == TIP_LINK_NODE || opts->endpoint_count == 1);

    for (size_t i = 0; good && i < opts->endpoint_count; i++) {
        size_t size = strlen(opts->endpoints[i]);

        /* Only TCP: libzmq's other transports have no CURVE or worse bugs. */
        good = size < TIP_LINK_ENDPOINT_SIZE &&
               strncmp(opts->endpoints[i], "tcp://", 6) == 0;
        if (good) {
            memcpy(out_setup->endpoints[i], opts->endpoints[i], size + 1);
        }
    }
    out_setup->endpoint_count = (uint32_t)opts->endpoint_count;
    return good;
}

static uint32_t or_default(uint32_t value, uint32_t otherwise)
{
    return value == 0 ? otherwise : value;
}

static enum tip_err make_setup(const struct tip_link_zmq_opts *opts,
                               struct tip_link_setup *out)
{
    *out = (struct tip_link_setup){
        .role = opts->role,
        /* Whole seconds: libzmq keeps some of it in tenths. */
        .heartbeat_ms = or_default(opts->heartbeat_ms, HEARTBEAT_MS),
        .reconnect_ms_min =
            or_default(opts->reconnect_ms_min, RECONNECT_MS_MIN),
        .reconnect_ms_max =
            or_default(opts->reconnect_ms_max, RECONNECT_MS_MAX),
    };
    out->refused_ms_max =
        or_default(opts->refused_ms_max, out->reconnect_ms_max);
    if (!copy_endpoints(opts, out) || out->heartbeat_ms % 1000 != 0 ||
        out->heartbeat_ms > HEARTBEAT_MS_MAX) {
        return TIP_EINVAL;
    }
    memcpy(out->public_key, opts->public_key, TIP_LINK_KEY_SIZE);
    if (opts->hub_key != NULL) {
        memcpy(out->hub_key, opts->hub_key, TIP_LINK_KEY_SIZE);
    }
    return TIP_OK;
}

static void set_program(const struct tip_link_zmq_opts *opts,
                        struct tip_link_warden *out_warden)
{
    static char name[] = "tip-link";
    static char word[] = "link-child";
    static char *const argv[] = {name, word, NULL};

    out_warden->child_path =
        opts->child_path != NULL ? opts->child_path : "/proc/self/exe";
    out_warden->child_argv = opts->child_path != NULL ? opts->child_argv : argv;
}

enum tip_err tip_link_zmq_open(const struct tip_link_zmq_opts *opts,
                               struct tip_link_zmq **out_link)
{
    static const uint8_t no_key[TIP_LINK_KEY_SIZE];
    struct tip_link_zmq *link = calloc(1, sizeof *link);
    enum tip_err err;

    if (link == NULL) {
        return TIP_ENOMEM;
    }
    link->base = (struct tip_link){
        .send = link_send, .receive = link_receive, .drop = link_drop};
    link->warden.clock = opts->clock;
    link->warden.secret_key = opts->secret_key;
    set_program(opts, &link->warden);
    err = make_setup(opts, &link->warden.setup);
    if (err == TIP_OK && opts->role == TIP_LINK_NODE) {
        err = tip_link_roster_allow(&link->warden.roster, HUB, no_key);
    }
    if (err != TIP_OK) {
        free(link);
        return err;
    }
    err = tip_link_line_open(&link->warden.line);
    if (err != TIP_OK) {
        free(link);
        return err;
    }
    err = tip_link_warden_start(&link->warden);
    if (err != TIP_OK) {
        tip_link_zmq_close(link);
        return err;
    }
    *out_link = link;
    return TIP_OK;
}

void tip_link_zmq_close(struct tip_link_zmq *link)
{
    if (link != NULL) {
        tip_link_line_close(&link->warden.line);
        free(link);
    }
}

struct tip_link *tip_link_zmq_base(struct tip_link_zmq *link)
{
    return &link->base;
}

int tip_link_zmq_fd(const struct tip_link_zmq *link)
{
    return link->warden.line.wake_fd;
}

enum tip_err tip_link_zmq_allow(struct tip_link_zmq *link, uint32_t peer,
                                const uint8_t key[TIP_LINK_KEY_SIZE])
{
    enum tip_err err = tip_link_roster_allow(&link->warden.roster, peer, key);

    assert(peer != HUB);
    if (err == TIP_OK) {
        tip_link_warden_update(&link->warden);
    }
    tip_link_warden_set_alarm(&link->warden);
    return err;
}

void tip_link_zmq_deny(struct tip_link_zmq *link, uint32_t peer)
{
    tip_link_roster_deny(&link->warden.roster, peer);
    tip_link_warden_insist(
        &link->warden,
        &(struct tip_link_talk){.kind = TIP_LINK_TALK_DENY, .peer = peer});
    tip_link_warden_set_alarm(&link->warden);
}

void tip_link_zmq_expect(struct tip_link_zmq *link, uint32_t peer,
                         uint32_t heartbeat_ms)
{
    struct tip_link_seat *seat =
        tip_link_roster_find(&link->warden.roster, peer);

    if (seat == NULL || !seat->status.is_up || heartbeat_ms == 0 ||
        heartbeat_ms == seat->heartbeat_ms) {
        return;
    }
    seat->heartbeat_ms = heartbeat_ms;
    if (link->warden.setup.role == TIP_LINK_NODE) {
        link->warden.setup.heartbeat_ms = heartbeat_ms; /* Of a new child. */
    }
    tip_link_warden_insist(
        &link->warden,
        &(struct tip_link_talk){.kind = TIP_LINK_TALK_EXPECT,
                                .peer = peer,
                                .connection = seat->connection,
                                .count = heartbeat_ms < HEARTBEAT_MS_MAX
                                             ? heartbeat_ms
                                             : HEARTBEAT_MS_MAX});
    tip_link_warden_set_alarm(&link->warden);
}

void tip_link_zmq_retry(struct tip_link_zmq *link)
{
    if (!link->warden.is_resting) {
        tip_link_warden_insist(&link->warden, &(struct tip_link_talk){
                                                  .kind = TIP_LINK_TALK_RETRY});
    }
}

void tip_link_zmq_rest(struct tip_link_zmq *link, bool is_resting)
{
    struct tip_link_talk talk = {.kind = is_resting ? TIP_LINK_TALK_REST
                                                    : TIP_LINK_TALK_RETRY};

    if (link->warden.is_resting != is_resting) {
        link->warden.is_resting = is_resting;
        tip_link_warden_insist(&link->warden, &talk);
        tip_link_warden_set_alarm(&link->warden);
    }
}

void tip_link_zmq_status(const struct tip_link_zmq *link,
                         struct tip_link_zmq_status *out_status)
{
    *out_status = link->warden.status;
}

enum tip_err tip_link_zmq_peer_status(struct tip_link_zmq *link, uint32_t peer,
                                      struct tip_link_peer_status *out_status)
{
    const struct tip_link_seat *seat =
        tip_link_roster_find(&link->warden.roster, peer);

    if (seat == NULL) {
        return TIP_ENOTFOUND;
    }
    *out_status = seat->status;
    return TIP_OK;
}
