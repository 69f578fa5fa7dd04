#include "hub_turns.h"

#include <stdlib.h>
#include <string.h>

struct hub_turn {
    struct hub_turn *next;
    struct tip_link_event event;
    uint8_t bytes[]; /* Of its message. */
};

static size_t cost_of(const struct tip_link_event *event)
{
    return HUB_TURNS_COST_MIN + event->message.size;
}

void hub_turns_deinit(struct hub_turns *turns)
{
    for (size_t i = 0; i < turns->count; i++) {
        struct hub_turn *turn = turns->lines[i].first;

        while (turn != NULL) {
            struct hub_turn *next = turn->next;

            free(turn);
            turn = next;
        }
    }
    free(turns->taken);
    *turns = (struct hub_turns){.count = 0};
}

/* The line of @peer; NULL: there are more devices than there can be. */
static struct hub_line *line_of(struct hub_turns *turns, uint32_t peer)
{
    for (size_t i = 0; i < turns->count; i++) {
        if (turns->lines[i].peer == peer) {
            return &turns->lines[i];
        }
    }
    if (turns->count == HUB_ORIGINS_MAX) {
        return NULL;
    }
    turns->lines[turns->count] = (struct hub_line){.peer = peer};
    return &turns->lines[turns->count++];
}

static struct hub_turn *copy(const struct tip_link_event *event)
{
    size_t size = event->message.size;
    struct hub_turn *turn = malloc(sizeof *turn + size);

    if (turn != NULL) {
        *turn = (struct hub_turn){.event = *event};
        if (size != 0) {
            memcpy(turn->bytes, event->message.data, size);
        }
        turn->event.message = tip_bytes(turn->bytes, size);
    }
    return turn;
}

enum tip_err hub_turns_add(struct hub_turns *turns,
                           const struct tip_link_event *event)
{
    struct hub_line *line = line_of(turns, event->peer);
    struct hub_turn *turn;

    if (line == NULL || (event->kind == TIP_LINK_MESSAGE &&
                         line->cost + cost_of(event) > HUB_TURNS_BYTES_MAX)) {
        return TIP_OK;
    }
    turn = copy(event);
    if (turn == NULL) {
        return event->kind == TIP_LINK_MESSAGE ? TIP_OK : TIP_ENOMEM;
    }
    if (line->first == NULL) {
        line->first = turn;
        /* Nobody saves up turns by being quiet. */
        line->used = line->used > turns->now ? line->used : turns->now;
    } else {
        line->last->next = turn;
    }
    line->last = turn;
    line->cost += cost_of(event);
    turns->waiting++;
    return TIP_OK;
}

static struct hub_line *least_used(struct hub_turns *turns, uint64_t now_ms)
{
    struct hub_line *least = NULL;

    for (size_t i = 0; i < turns->count; i++) {
        struct hub_line *line = &turns->lines[i];

        if (line->first != NULL && line->rest_ms <= now_ms &&
            (least == NULL || line->used < least->used)) {
            least = line;
        }
    }
    return least;
}

bool hub_turns_next(struct hub_turns *turns, uint64_t now_ms,
                    struct tip_link_event *out_event)
{
    struct hub_line *line = least_used(turns, now_ms);
    struct hub_turn *turn;

    free(turns->taken);
    turns->taken = NULL;
    if (line == NULL) {
        return false;
    }
    turn = line->first;
    line->first = turn->next;
    turns->now = line->used;
    line->used += cost_of(&turn->event);
    line->cost -= cost_of(&turn->event);
    turns->waiting--;
    turns->taken = turn;
    *out_event = turn->event;
    return true;
}

void hub_turns_rest(struct hub_turns *turns, uint32_t peer, uint64_t until_ms)
{
    struct hub_line *line = line_of(turns, peer);

    if (line != NULL) {
        line->rest_ms = until_ms;
    }
}

uint64_t hub_turns_wait_ms(const struct hub_turns *turns, uint64_t now_ms)
{
    uint64_t wait_ms = UINT64_MAX;

    for (size_t i = 0; i < turns->count; i++) {
        const struct hub_line *line = &turns->lines[i];
        uint64_t rest_ms = line->rest_ms > now_ms ? line->rest_ms - now_ms : 0;

        if (line->first != NULL && rest_ms < wait_ms) {
            wait_ms = rest_ms;
        }
    }
    return wait_ms;
}
