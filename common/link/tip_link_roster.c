#include "tip_link_roster.h"

#include <string.h>

struct tip_link_seat *tip_link_roster_find(struct tip_link_roster *roster,
                                           uint32_t peer)
{
    for (size_t i = 0; i < roster->count; i++) {
        if (roster->seats[i].peer == peer) {
            return &roster->seats[i];
        }
    }
    return NULL;
}

static bool is_free(const struct tip_link_seat *seat)
{
    return !seat->is_allowed && seat->connection == 0 && !seat->owes_down;
}

static struct tip_link_seat *make_seat(struct tip_link_roster *roster,
                                       uint32_t peer)
{
    struct tip_link_seat *seat = NULL;

    if (roster->count < TIP_LINK_PEERS_MAX) {
        seat = &roster->seats[roster->count++];
    }
    for (size_t i = 0; seat == NULL && i < roster->count; i++) {
        if (is_free(&roster->seats[i])) {
            seat = &roster->seats[i];
        }
    }
    if (seat != NULL) {
        *seat = (struct tip_link_seat){.peer = peer};
    }
    return seat;
}

static bool has_key(const struct tip_link_roster *roster, uint32_t but,
                    const uint8_t key[TIP_LINK_KEY_SIZE])
{
    for (size_t i = 0; i < roster->count; i++) {
        const struct tip_link_seat *seat = &roster->seats[i];

        if (seat->is_allowed && seat->peer != but &&
            memcmp(seat->key, key, TIP_LINK_KEY_SIZE) == 0) {
            return true;
        }
    }
    return false;
}

enum tip_err tip_link_roster_allow(struct tip_link_roster *roster,
                                   uint32_t peer,
                                   const uint8_t key[TIP_LINK_KEY_SIZE])
{
    struct tip_link_seat *seat = tip_link_roster_find(roster, peer);

    /* One key, one device: two names for one key and the wrong one may be
     * believed. */
    if (has_key(roster, peer, key)) {
        return TIP_EEXISTS;
    }
    if (seat == NULL) {
        seat = make_seat(roster, peer);
    } else if (memcmp(seat->key, key, TIP_LINK_KEY_SIZE) != 0) {
        tip_link_roster_end(roster, seat, TIP_LINK_CAUSE_DROPPED);
    }
    if (seat == NULL) {
        return TIP_ETOOBIG;
    }
    memcpy(seat->key, key, TIP_LINK_KEY_SIZE);
    seat->is_allowed = true;
    return TIP_OK;
}

void tip_link_roster_end(struct tip_link_roster *roster,
                         struct tip_link_seat *seat, enum tip_link_cause cause)
{
    seat->is_hidden = seat->connection != 0;
    if (seat->status.is_up) {
        seat->status.is_up = false;
        seat->status.cause = cause;
        if (!seat->owes_down) {
            seat->owes_down = true;
            roster->owed_count++;
        }
    }
}

void tip_link_roster_deny(struct tip_link_roster *roster, uint32_t peer)
{
    struct tip_link_seat *seat = tip_link_roster_find(roster, peer);

    if (seat != NULL) {
        seat->is_allowed = false;
        tip_link_roster_end(roster, seat, TIP_LINK_CAUSE_DROPPED);
    }
}

void tip_link_roster_end_all(struct tip_link_roster *roster)
{
    for (size_t i = 0; i < roster->count; i++) {
        roster->seats[i].connection = 0;
        tip_link_roster_end(roster, &roster->seats[i],
                            TIP_LINK_CAUSE_RESTARTED);
    }
}

bool tip_link_roster_take_down(struct tip_link_roster *roster,
                               struct tip_link_event *out_event)
{
    for (size_t i = 0; roster->owed_count > 0 && i < roster->count; i++) {
        struct tip_link_seat *seat = &roster->seats[i];

        if (seat->owes_down) {
            seat->owes_down = false;
            roster->owed_count--;
            *out_event = (struct tip_link_event){.kind = TIP_LINK_DOWN,
                                                 .peer = seat->peer,
                                                 .cause = seat->status.cause};
            return true;
        }
    }
    return false;
}

enum tip_err tip_link_roster_may_send(const struct tip_link_seat *seat)
{
    if (!seat->status.is_up) {
        return TIP_ENOTFOUND;
    }
    return seat->in_flight < TIP_LINK_WINDOW ? TIP_OK : TIP_EAGAIN;
}

static enum tip_err hear_up(struct tip_link_seat *seat,
                            const struct tip_link_talk *talk,
                            struct tip_link_event *out_event)
{
    if (seat->connection != 0 || talk->connection == 0) {
        return TIP_EMALFORMED;
    }
    seat->connection = talk->connection;
    seat->in_flight = 0;
    seat->heartbeat_ms = 0;
    /* Said before the child heard that the peer is revoked. */
    seat->is_hidden = !seat->is_allowed;
    if (!seat->is_hidden) {
        seat->status.is_up = true;
        seat->status.up_count++;
        out_event->kind = TIP_LINK_UP;
    }
    return TIP_OK;
}

static enum tip_err hear_down(struct tip_link_seat *seat,
                              const struct tip_link_talk *talk,
                              struct tip_link_event *out_event)
{
    if (seat->connection == 0 || seat->connection != talk->connection) {
        return TIP_EMALFORMED;
    }
    seat->connection = 0;
    if (!seat->is_hidden) {
        seat->status.is_up = false;
        seat->status.cause = talk->cause;
        out_event->kind = TIP_LINK_DOWN;
        out_event->cause = talk->cause;
    }
    seat->is_hidden = false;
    return TIP_OK;
}

static enum tip_err hear_message(struct tip_link_seat *seat,
                                 const struct tip_link_talk *talk,
                                 struct tip_link_event *out_event)
{
    if (seat->connection == 0) {
        return TIP_EMALFORMED;
    }
    if (!seat->is_hidden) {
        seat->status.received_count++;
        seat->status.received_bytes += talk->payload.size;
        out_event->kind = TIP_LINK_MESSAGE;
        out_event->message = talk->payload;
    }
    return TIP_OK;
}

static enum tip_err hear_credit(struct tip_link_seat *seat,
                                const struct tip_link_talk *talk)
{
    if (seat->connection == 0 || talk->count == 0 ||
        talk->count > seat->in_flight) {
        return TIP_EMALFORMED;
    }
    seat->in_flight -= talk->count;
    return TIP_OK;
}

enum tip_err tip_link_roster_hear(struct tip_link_roster *roster,
                                  const struct tip_link_talk *talk,
                                  struct tip_link_event *out_event)
{
    struct tip_link_seat *seat = tip_link_roster_find(roster, talk->peer);

    *out_event =
        (struct tip_link_event){.kind = TIP_LINK_NOTHING, .peer = talk->peer};
    if (seat == NULL) {
        return TIP_EMALFORMED;
    }
    switch (talk->kind) {
    case TIP_LINK_TALK_UP:
        return hear_up(seat, talk, out_event);
    case TIP_LINK_TALK_DOWN:
        return hear_down(seat, talk, out_event);
    case TIP_LINK_TALK_RECEIVED:
        return hear_message(seat, talk, out_event);
    case TIP_LINK_TALK_CREDIT:
        return hear_credit(seat, talk);
    case TIP_LINK_TALK_SETUP:
    case TIP_LINK_TALK_ALLOW:
    case TIP_LINK_TALK_DENY:
    case TIP_LINK_TALK_SEND:
    case TIP_LINK_TALK_DROP:
    case TIP_LINK_TALK_RETRY:
    case TIP_LINK_TALK_PROBE:
    case TIP_LINK_TALK_REST:
    case TIP_LINK_TALK_EXPECT:
    case TIP_LINK_TALK_READY:
    case TIP_LINK_TALK_FAILED:
    case TIP_LINK_TALK_FAULT:
    case TIP_LINK_TALK_ALIVE:
    case TIP_LINK_TALK_CALL:
        break;
    }
    return TIP_EMALFORMED;
}
