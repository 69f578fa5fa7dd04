#include "tip_link_warden.h"

#include <assert.h>
#include <string.h>

enum {
    RESTART_MS_MIN = 100,       /* A child killed by a peer: be back at once. */
    RESTART_MS_MAX = 30 * 1000, /* Killed again and again: save the battery. */
    LASTED_MS_MIN = 60 * 1000, /* It lived this long: its death is the first. */
    START_MS_MAX = 10 * 1000,
    PROBE_MS = 30 * 1000, /* Silence after which to ask; as long to answer. */
    PACKETS_MAX = 64 /* In one call of receive, so that a child that floods us
                        with small talk cannot hold the thread. */
};

uint64_t tip_link_warden_ms(const struct tip_link_warden *warden)
{
    return warden->clock->elapsed_ms(warden->clock);
}

static void enter(struct tip_link_warden *warden,
                  enum tip_link_warden_state state)
{
    warden->state = state;
    warden->since_ms = tip_link_warden_ms(warden);
    warden->heard_ms = warden->since_ms;
    warden->is_probed = false;
    warden->status.is_running = state == TIP_LINK_WARDEN_RUNNING;
    warden->status.child_pid = warden->line.pid;
}

/* How long TIP_LINK_WARDEN_DEAD lasts. */
static uint64_t restart_ms(const struct tip_link_warden *warden)
{
    uint64_t ms = RESTART_MS_MIN;

    for (uint32_t i = 1; i < warden->deaths && ms < RESTART_MS_MAX; i++) {
        ms *= 2;
    }
    return ms < RESTART_MS_MAX ? ms : RESTART_MS_MAX;
}

static void bury(struct tip_link_warden *warden, enum tip_err err)
{
    if (warden->state == TIP_LINK_WARDEN_RUNNING &&
        tip_link_warden_ms(warden) - warden->since_ms >= LASTED_MS_MIN) {
        warden->deaths = 0;
    }
    warden->deaths++;
    warden->status.start_err = err;
    tip_link_line_stop(&warden->line);
    tip_link_roster_end_all(&warden->roster);
    enter(warden, TIP_LINK_WARDEN_DEAD);
}

enum tip_err tip_link_warden_put(struct tip_link_warden *warden,
                                 const struct tip_link_talk *talk)
{
    struct tip_buf buf;
    enum tip_err err;

    tip_buf_init(&buf, warden->packet, sizeof warden->packet);
    err = tip_link_talk_put(talk, &buf);
    if (err == TIP_OK) {
        err = tip_link_line_put(&warden->line, tip_bytes(buf.data, buf.size));
    }
    return err;
}

void tip_link_warden_insist(struct tip_link_warden *warden,
                            const struct tip_link_talk *talk)
{
    if (warden->state == TIP_LINK_WARDEN_RUNNING &&
        tip_link_warden_put(warden, talk) != TIP_OK) {
        bury(warden, TIP_OK);
    }
}

static enum tip_err put_allow_list(struct tip_link_warden *warden)
{
    struct tip_link_entry entry;
    struct tip_buf buf;

    tip_buf_init(&buf, warden->packet, sizeof warden->packet);
    tip_buf_put_u8(&buf, TIP_LINK_TALK_ALLOW);
    for (size_t i = 0; i < warden->roster.count; i++) {
        const struct tip_link_seat *seat = &warden->roster.seats[i];

        if (seat->is_allowed) {
            entry.peer = seat->peer;
            memcpy(entry.key, seat->key, sizeof entry.key);
            tip_link_talk_put_entry(&entry, &buf);
        }
    }
    assert(!buf.failed); /* TIP_LINK_PEERS_MAX entries fit. */
    return tip_link_line_put(&warden->line, tip_bytes(buf.data, buf.size));
}

void tip_link_warden_update(struct tip_link_warden *warden)
{
    if (warden->state == TIP_LINK_WARDEN_RUNNING &&
        put_allow_list(warden) != TIP_OK) {
        bury(warden, TIP_OK);
    }
}

static enum tip_err put_setup(struct tip_link_warden *warden)
{
    struct tip_buf buf;
    enum tip_err err;

    tip_buf_init(&buf, warden->packet, sizeof warden->packet);
    memcpy(warden->setup.secret_key, warden->secret_key, TIP_LINK_KEY_SIZE);
    err = tip_link_talk_put_setup(&warden->setup, &buf);
    explicit_bzero(warden->setup.secret_key, TIP_LINK_KEY_SIZE);
    if (err == TIP_OK) {
        err = tip_link_line_put(&warden->line, tip_bytes(buf.data, buf.size));
    }
    explicit_bzero(warden->packet, buf.size);
    return err;
}

static void spawn(struct tip_link_warden *warden)
{
    enum tip_err err;

    warden->status.child_starts++;
    err = tip_link_line_start(&warden->line, warden->child_path,
                              warden->child_argv);
    enter(warden, TIP_LINK_WARDEN_STARTING);
    /* The list first: a device that calls in between must not be refused. */
    if (err == TIP_OK && warden->setup.role == TIP_LINK_HUB) {
        err = put_allow_list(warden);
    }
    if (err == TIP_OK) {
        err = put_setup(warden);
    }
    if (err != TIP_OK) {
        bury(warden, TIP_ELINK_CHILD);
    }
}

/* Once a free port was taken it stays the same, so that nodes find us again. */
static void keep_port(struct tip_link_warden *warden, uint16_t port)
{
    char *endpoint = warden->setup.endpoints[0];
    size_t size = strlen(endpoint);
    struct tip_buf buf;

    warden->status.port = port;
    if (warden->setup.role != TIP_LINK_HUB || size < 2 || port == 0 ||
        endpoint[size - 1] != '*' || size + 5 >= TIP_LINK_ENDPOINT_SIZE) {
        return;
    }
    tip_buf_init(&buf, endpoint + size - 1, 6);
    for (uint32_t unit = 10000; unit > 0; unit /= 10) {
        if (port >= unit) {
            tip_buf_put_u8(&buf, (uint8_t)('0' + port / unit % 10));
        }
    }
    tip_buf_put_u8(&buf, 0);
}

static enum tip_err hear_ready(struct tip_link_warden *warden,
                               const struct tip_link_talk *talk)
{
    if (warden->state != TIP_LINK_WARDEN_STARTING) {
        return TIP_EMALFORMED;
    }
    keep_port(warden, talk->port);
    warden->status.start_err = TIP_OK;
    enter(warden, TIP_LINK_WARDEN_RUNNING);
    if (warden->is_resting) {
        tip_link_warden_insist(
            warden, &(struct tip_link_talk){.kind = TIP_LINK_TALK_REST});
    }
    return TIP_OK;
}

static enum tip_err hear_failed(struct tip_link_warden *warden,
                                const struct tip_link_talk *talk)
{
    if (warden->state != TIP_LINK_WARDEN_STARTING ||
        (talk->error != TIP_ELINK_ADDRESS && talk->error != TIP_ELINK_OPTION &&
         talk->error != TIP_ENOMEM)) {
        return TIP_EMALFORMED;
    }
    bury(warden, talk->error);
    return TIP_OK;
}

static void hear_fault(struct tip_link_warden *warden,
                       const struct tip_link_talk *talk)
{
    warden->status.fault_count++;
    warden->status.fault = talk->cause;
    memcpy(warden->status.fault_key, talk->key, TIP_LINK_KEY_SIZE);
    memcpy(warden->status.fault_address, talk->address, TIP_LINK_ADDRESS_SIZE);
}

static enum tip_err hear_call(struct tip_link_warden *warden,
                              const struct tip_link_talk *talk)
{
    if (warden->setup.role != TIP_LINK_NODE ||
        warden->state != TIP_LINK_WARDEN_RUNNING) {
        return TIP_EMALFORMED;
    }
    warden->status.call_ms = tip_link_warden_ms(warden) + talk->count;
    return TIP_OK;
}

static enum tip_err hear_peer(struct tip_link_warden *warden,
                              const struct tip_link_talk *talk,
                              struct tip_link_event *out_event)
{
    enum tip_err err =
        warden->state == TIP_LINK_WARDEN_RUNNING
            ? tip_link_roster_hear(&warden->roster, talk, out_event)
            : TIP_EMALFORMED;

    /* What kept a node from its hub is over. */
    if (err == TIP_OK && out_event->kind == TIP_LINK_UP &&
        warden->setup.role == TIP_LINK_NODE) {
        warden->status.fault = TIP_LINK_CAUSE_NONE;
    }
    return err;
}

static enum tip_err hear(struct tip_link_warden *warden,
                         const struct tip_link_talk *talk,
                         struct tip_link_event *out_event)
{
    switch (talk->kind) {
    case TIP_LINK_TALK_READY:
        return hear_ready(warden, talk);
    case TIP_LINK_TALK_FAILED:
        return hear_failed(warden, talk);
    case TIP_LINK_TALK_FAULT:
        hear_fault(warden, talk);
        return TIP_OK;
    case TIP_LINK_TALK_ALIVE:
        return TIP_OK;
    case TIP_LINK_TALK_UP:
    case TIP_LINK_TALK_DOWN:
    case TIP_LINK_TALK_RECEIVED:
    case TIP_LINK_TALK_CREDIT:
        return hear_peer(warden, talk, out_event);
    case TIP_LINK_TALK_CALL:
        return hear_call(warden, talk);
    case TIP_LINK_TALK_SETUP:
    case TIP_LINK_TALK_ALLOW:
    case TIP_LINK_TALK_DENY:
    case TIP_LINK_TALK_SEND:
    case TIP_LINK_TALK_DROP:
    case TIP_LINK_TALK_RETRY:
    case TIP_LINK_TALK_PROBE:
    case TIP_LINK_TALK_REST:
    case TIP_LINK_TALK_EXPECT:
        break;
    }
    return TIP_EMALFORMED;
}

/* Take one packet of the child; false when there is none, or no child. */
static bool take_packet(struct tip_link_warden *warden,
                        struct tip_link_event *out_event)
{
    struct tip_link_talk talk;
    struct tip_bytes packet;
    enum tip_err err;

    if (warden->state == TIP_LINK_WARDEN_DEAD) {
        return false;
    }
    err = tip_link_line_get(&warden->line, &packet);
    if (err == TIP_EAGAIN) {
        return false;
    }
    if (err == TIP_OK) {
        warden->heard_ms = tip_link_warden_ms(warden);
        warden->is_probed = false;
        err = tip_link_talk_get(packet, &talk);
    }
    if (err == TIP_OK) {
        err = hear(warden, &talk, out_event);
    }
    if (err != TIP_OK) {
        bury(warden, warden->state == TIP_LINK_WARDEN_STARTING ? TIP_ELINK_CHILD
                                                               : TIP_OK);
    }
    return true;
}

/* When there is something to do if the child stays silent. */
static uint64_t due_ms(const struct tip_link_warden *warden)
{
    switch (warden->state) {
    case TIP_LINK_WARDEN_DEAD:
        return warden->since_ms + restart_ms(warden);
    case TIP_LINK_WARDEN_STARTING:
        return warden->since_ms + START_MS_MAX;
    case TIP_LINK_WARDEN_RUNNING:
        break;
    }
    return warden->heard_ms + (warden->is_probed ? 2 * PROBE_MS : PROBE_MS);
}

/* Everything the child has said was read: see to what time brings. */
static void keep_time(struct tip_link_warden *warden)
{
    if (tip_link_warden_ms(warden) < due_ms(warden)) {
        return;
    }
    switch (warden->state) {
    case TIP_LINK_WARDEN_DEAD:
        spawn(warden);
        break;
    case TIP_LINK_WARDEN_STARTING:
        bury(warden, TIP_ELINK_CHILD);
        break;
    case TIP_LINK_WARDEN_RUNNING:
        if (warden->is_probed) {
            bury(warden, TIP_OK);
        } else {
            warden->is_probed = true;
            tip_link_warden_insist(
                warden, &(struct tip_link_talk){.kind = TIP_LINK_TALK_PROBE});
        }
        break;
    }
}

void tip_link_warden_set_alarm(struct tip_link_warden *warden)
{
    uint64_t now_ms = tip_link_warden_ms(warden);
    uint64_t when_ms = warden->roster.owed_count > 0 ? now_ms : due_ms(warden);

    tip_link_line_alarm(&warden->line, when_ms > now_ms ? when_ms - now_ms : 0);
}

/* One event without waiting, if there is one. */
void tip_link_warden_poll(struct tip_link_warden *warden,
                          struct tip_link_event *out_event)
{
    *out_event = (struct tip_link_event){.kind = TIP_LINK_NOTHING};
    for (int i = 0; i < PACKETS_MAX; i++) {
        if (tip_link_roster_take_down(&warden->roster, out_event)) {
            return;
        }
        if (!take_packet(warden, out_event)) {
            keep_time(warden);
            (void)tip_link_roster_take_down(&warden->roster, out_event);
            return;
        }
        if (out_event->kind != TIP_LINK_NOTHING) {
            return;
        }
    }
}

enum tip_err tip_link_warden_start(struct tip_link_warden *warden)
{
    struct tip_link_event event;

    spawn(warden);
    while (warden->state == TIP_LINK_WARDEN_STARTING) {
        if (!take_packet(warden, &event)) {
            if (tip_link_warden_ms(warden) >= due_ms(warden)) {
                bury(warden, TIP_ELINK_CHILD);
            } else {
                tip_link_line_wait(&warden->line, RESTART_MS_MIN);
            }
        }
    }
    return warden->state == TIP_LINK_WARDEN_RUNNING ? TIP_OK
                                                    : warden->status.start_err;
}
