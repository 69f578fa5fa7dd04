/* The origins this device writes or wrote under. */
#include "node_engine_internal.h"
#include "tip_envelope.h"

uint32_t node_continue_origin(const struct node_engine *engine)
{
    return engine->feed.own[engine->feed.own_count - 1].origin;
}

uint32_t node_continue_origin_at(const struct node_engine *engine, uint64_t seq)
{
    const struct node_feed_row *feed = &engine->feed;
    size_t i = feed->own_count - 1;

    while (i > 0 && seq <= feed->own[i].start) {
        i--;
    }
    return feed->own[i].origin;
}

bool node_continue_is_own(const struct node_engine *engine, uint32_t origin)
{
    for (size_t i = 0; i < engine->feed.own_count; i++) {
        if (engine->feed.own[i].origin == origin) {
            return true;
        }
    }
    return false;
}

bool node_continue_wrote(const struct node_engine *engine, uint32_t origin,
                         uint64_t seq)
{
    const struct node_feed_row *feed = &engine->feed;

    for (size_t i = 0; i < feed->own_count; i++) {
        uint64_t end =
            i + 1 < feed->own_count ? feed->own[i + 1].start : UINT64_MAX;

        if (feed->own[i].origin == origin) {
            return seq > feed->own[i].start && seq <= end;
        }
    }
    return false;
}

bool node_continue_is_recalled(const struct node_engine *engine, uint64_t seq)
{
    for (size_t i = 1; i < engine->feed.own_count; i++) {
        if (seq > engine->feed.own[i].up_to &&
            seq <= engine->feed.own[i].start) {
            return true;
        }
    }
    return false;
}

uint64_t node_continue_start_number(const struct node_engine *engine)
{
    return engine->feed.own[engine->feed.own_count - 1].start;
}

struct tip_head node_continue_start_of(const struct node_engine *engine,
                                       size_t i)
{
    struct tip_frame_header first = {.origin = engine->feed.own[i].origin};
    struct tip_head head;

    tip_envelope_start(&first, &head);
    head.number = engine->feed.own[i].start;
    return head;
}

struct tip_head node_continue_start(const struct node_engine *engine)
{
    return node_continue_start_of(engine, engine->feed.own_count - 1);
}
