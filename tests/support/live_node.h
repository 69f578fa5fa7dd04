/* A session of a node at work, for tests of its rules one by one. */
#ifndef LIVE_NODE_H
#define LIVE_NODE_H

#include "tip_hub_session.h"
#include "tip_node_session.h"
#include "tip_test.h"

enum {
    GENERATION = 3,
    OWN = 25, /* A channel. */
    FRAME_BYTES = 8 * 1024
};

static const uint64_t start_ms = 1000;

static inline struct tip_head head_at(uint64_t number)
{
    return (struct tip_head){.number = number, .hash = {(uint8_t)number}};
}

static inline struct tip_channel_position position_at(uint32_t channel,
                                                      uint64_t index)
{
    return (struct tip_channel_position){
        .channel = channel, .generation = GENERATION, .head = head_at(index)};
}

/* A node that has confirmed 2 of its 10 change-sets, link up at start_ms. */
static inline struct tip_node_session greeting_node(void)
{
    struct tip_head confirmed = head_at(2);
    struct tip_channel_position own = position_at(OWN, 4);
    struct tip_node_session node;

    tip_node_session_init(&node, GENERATION, &confirmed, 10);
    node.goodput.fixed_bytes = FRAME_BYTES; /* The line is not asked here. */
    tip_node_session_follow(&node, &own);
    tip_node_session_up(&node, start_ms);
    return node;
}

static inline enum tip_node_step node_step(struct tip_node_session *node,
                                           uint64_t now_ms)
{
    struct tip_got got;

    return tip_node_session_step(node, now_ms, &got);
}

static inline struct tip_welcome welcome_at(uint64_t durable)
{
    return (struct tip_welcome){.generation = GENERATION,
                                .durable = head_at(durable),
                                .credit_bytes = TIP_HUB_WINDOW_BYTES};
}

static inline struct tip_ack ack_at(uint64_t durable)
{
    return (struct tip_ack){.generation = GENERATION,
                            .durable = head_at(durable),
                            .credit_bytes = TIP_HUB_WINDOW_BYTES};
}

/* The same node after HELLO and WELCOME. */
static inline struct tip_node_session live_node(void)
{
    struct tip_node_session node = greeting_node();
    struct tip_welcome welcome = welcome_at(2);

    assert_int_equal(node_step(&node, start_ms), TIP_NODE_SEND_HELLO);
    assert_int_equal(tip_node_session_welcome(&node, &welcome, true, start_ms),
                     TIP_OK);
    return node;
}

/* Send one frame that ends at @last. */
static inline void node_sends(struct tip_node_session *node, uint64_t last,
                              uint64_t now_ms)
{
    assert_int_equal(node_step(node, now_ms), TIP_NODE_SEND_FRAME);
    tip_node_session_sent(node, last, FRAME_BYTES, now_ms);
}

#endif /* LIVE_NODE_H */
