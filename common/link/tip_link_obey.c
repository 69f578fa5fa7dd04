#include "tip_link_obey.h"

#include <string.h>

static void allow(struct tip_link_child *child, struct tip_bytes payload)
{
    struct tip_link_entry entry;
    enum tip_err err;

    for (size_t i = 0;; i++) {
        struct tip_link_peer *peer;

        err = tip_link_talk_get_allow(payload, i, &entry);
        if (err != TIP_OK) {
            break;
        }
        peer = tip_link_peers_add(&child->peers, entry.peer);
        if (peer == NULL) {
            tip_link_child_leave(child);
        }
        if (memcmp(peer->key, entry.key, sizeof peer->key) != 0 &&
            peer->connection != 0) {
            child->side->cut(child, peer, TIP_LINK_CAUSE_DROPPED);
        }
        memcpy(peer->key, entry.key, sizeof peer->key);
        peer->is_allowed = true;
    }
    if (err != TIP_ENOTFOUND) {
        tip_link_child_leave(child);
    }
}

static void deny(struct tip_link_child *child, uint32_t number)
{
    struct tip_link_peer *peer = tip_link_peers_find(&child->peers, number);

    if (peer != NULL) {
        peer->is_allowed = false;
        if (peer->connection != 0) {
            child->side->cut(child, peer, TIP_LINK_CAUSE_DROPPED);
        }
    }
}

static void take_message(struct tip_link_child *child,
                         const struct tip_link_talk *talk)
{
    struct tip_link_peer *peer = tip_link_peers_find(&child->peers, talk->peer);

    /* Meant for a connection that has gone since: the next one starts clean. */
    if (peer == NULL || peer->connection == 0 ||
        peer->connection != talk->connection) {
        return;
    }
    if (tip_link_peers_queue(peer, talk->payload) != TIP_OK) {
        tip_link_child_leave(
            child); /* Out of memory, or it ignores the window. */
    }
    tip_link_child_send_parcels(child, peer);
}

static void drop(struct tip_link_child *child, const struct tip_link_talk *talk)
{
    struct tip_link_peer *peer = tip_link_peers_find(&child->peers, talk->peer);

    if (peer != NULL && peer->connection != 0 &&
        peer->connection == talk->connection) {
        child->side->cut(child, peer, TIP_LINK_CAUSE_DROPPED);
    }
}

static void expect(struct tip_link_child *child,
                   const struct tip_link_talk *talk)
{
    const struct tip_link_peer *peer =
        tip_link_peers_find(&child->peers, talk->peer);

    if (peer != NULL && peer->connection != 0 &&
        peer->connection == talk->connection) {
        child->side->expect(child, peer, talk->count);
    }
}

static const struct tip_link_side *choose_side(enum tip_link_role role)
{
    return role == TIP_LINK_HUB ? &tip_link_side_hub : &tip_link_side_node;
}

static void set_up(struct tip_link_child *child, struct tip_bytes payload)
{
    struct tip_link_talk answer = {.kind = TIP_LINK_TALK_READY};

    if (child->side != NULL ||
        tip_link_talk_get_setup(payload, &child->setup) != TIP_OK) {
        tip_link_child_leave(child);
    }
    child->side = choose_side(child->setup.role);
    answer.error = child->side->open(child, &answer.port);
    if (answer.error != TIP_OK) {
        answer.kind = TIP_LINK_TALK_FAILED;
    }
    /* A server keeps its key in libzmq alone; a node needs it for every try. */
    if (child->setup.role == TIP_LINK_HUB) {
        explicit_bzero(child->setup.secret_key, TIP_LINK_KEY_SIZE);
    }
    if (!tip_link_child_say(child, &answer) || answer.error != TIP_OK) {
        tip_link_child_leave(child);
    }
}

void tip_link_obey(struct tip_link_child *child,
                   const struct tip_link_talk *talk)
{
    if (child->side == NULL && talk->kind != TIP_LINK_TALK_SETUP &&
        talk->kind != TIP_LINK_TALK_ALLOW) {
        tip_link_child_leave(child);
    }
    switch (talk->kind) {
    case TIP_LINK_TALK_SETUP:
        set_up(child, talk->payload);
        break;
    case TIP_LINK_TALK_ALLOW:
        allow(child, talk->payload);
        break;
    case TIP_LINK_TALK_DENY:
        deny(child, talk->peer);
        break;
    case TIP_LINK_TALK_SEND:
        take_message(child, talk);
        break;
    case TIP_LINK_TALK_DROP:
        drop(child, talk);
        break;
    case TIP_LINK_TALK_RETRY:
        child->side->retry(child);
        break;
    case TIP_LINK_TALK_REST:
        child->side->rest(child);
        break;
    case TIP_LINK_TALK_EXPECT:
        expect(child, talk);
        break;
    case TIP_LINK_TALK_PROBE:
        /* No room for the answer: then there is plenty to read from us. */
        (void)tip_link_child_say(
            child, &(struct tip_link_talk){.kind = TIP_LINK_TALK_ALIVE});
        break;
    case TIP_LINK_TALK_READY:
    case TIP_LINK_TALK_FAILED:
    case TIP_LINK_TALK_UP:
    case TIP_LINK_TALK_DOWN:
    case TIP_LINK_TALK_RECEIVED:
    case TIP_LINK_TALK_CREDIT:
    case TIP_LINK_TALK_FAULT:
    case TIP_LINK_TALK_ALIVE:
    case TIP_LINK_TALK_CALL:
        tip_link_child_leave(child);
    }
}
