#include "tip_link_peers.h"

#include <stdlib.h>
#include <string.h>

struct tip_link_peer *tip_link_peers_find(struct tip_link_peers *peers,
                                          uint32_t number)
{
    for (size_t i = 0; i < peers->count; i++) {
        if (peers->items[i].number == number) {
            return &peers->items[i];
        }
    }
    return NULL;
}

struct tip_link_peer *
tip_link_peers_find_key(struct tip_link_peers *peers,
                        const uint8_t key[TIP_LINK_KEY_SIZE])
{
    for (size_t i = 0; i < peers->count; i++) {
        if (peers->items[i].is_allowed &&
            memcmp(peers->items[i].key, key, TIP_LINK_KEY_SIZE) == 0) {
            return &peers->items[i];
        }
    }
    return NULL;
}

/* An entry nobody needs: the device was revoked and is gone. */
static struct tip_link_peer *find_unused(struct tip_link_peers *peers)
{
    for (size_t i = 0; i < peers->count; i++) {
        struct tip_link_peer *peer = &peers->items[i];

        if (!peer->is_allowed && peer->connection == 0 && peer->told == 0) {
            return peer;
        }
    }
    return NULL;
}

struct tip_link_peer *tip_link_peers_add(struct tip_link_peers *peers,
                                         uint32_t number)
{
    struct tip_link_peer *peer = tip_link_peers_find(peers, number);

    if (peer != NULL) {
        return peer;
    }
    if (peers->count < TIP_LINK_PEERS_MAX) {
        peer = &peers->items[peers->count++];
    } else {
        peer = find_unused(peers);
    }
    if (peer != NULL) {
        *peer = (struct tip_link_peer){.number = number, .fd = -1};
    }
    return peer;
}

static void drop_parcels(struct tip_link_peer *peer)
{
    for (size_t i = 0; i < peer->parcel_count; i++) {
        free(peer->parcels[i].data);
    }
    peer->parcel_count = 0;
    peer->credit = 0;
}

void tip_link_peers_connect(struct tip_link_peers *peers,
                            struct tip_link_peer *peer)
{
    drop_parcels(peer);
    peers->connection_last++;
    peer->connection = peers->connection_last;
}

void tip_link_peers_disconnect(struct tip_link_peer *peer,
                               enum tip_link_cause cause)
{
    if (peer->connection != 0) {
        drop_parcels(peer);
        peer->connection = 0;
        peer->cause = cause;
    }
}

enum tip_err tip_link_peers_queue(struct tip_link_peer *peer,
                                  struct tip_bytes message)
{
    struct tip_link_parcel *parcel = &peer->parcels[peer->parcel_count];

    if (peer->parcel_count == TIP_LINK_WINDOW) {
        return TIP_ETOOBIG;
    }
    parcel->data = malloc(message.size);
    if (parcel->data == NULL) {
        return TIP_ENOMEM;
    }
    memcpy(parcel->data, message.data, message.size);
    parcel->size = message.size;
    peer->parcel_count++;
    return TIP_OK;
}

void tip_link_peers_sent(struct tip_link_peer *peer)
{
    free(peer->parcels[0].data);
    peer->parcel_count--;
    memmove(&peer->parcels[0], &peer->parcels[1],
            peer->parcel_count * sizeof peer->parcels[0]);
    peer->credit++;
}

bool tip_link_peers_next(const struct tip_link_peer *peer,
                         struct tip_link_talk *out_talk)
{
    *out_talk = (struct tip_link_talk){.peer = peer->number};
    if (peer->told != 0 && peer->told != peer->connection) {
        out_talk->kind = TIP_LINK_TALK_DOWN;
        out_talk->connection = peer->told;
        out_talk->cause = peer->cause;
        return true;
    }
    if (peer->told != peer->connection) {
        out_talk->kind = TIP_LINK_TALK_UP;
        out_talk->connection = peer->connection;
        return true;
    }
    if (peer->credit > 0) {
        out_talk->kind = TIP_LINK_TALK_CREDIT;
        out_talk->count = peer->credit;
        return true;
    }
    return false;
}

void tip_link_peers_said(struct tip_link_peer *peer,
                         const struct tip_link_talk *talk)
{
    if (talk->kind == TIP_LINK_TALK_DOWN) {
        peer->told = 0;
    } else if (talk->kind == TIP_LINK_TALK_UP) {
        peer->told = talk->connection;
    } else if (talk->kind == TIP_LINK_TALK_CREDIT) {
        peer->credit = 0;
    }
}
