/* Rule: whatever the hub, the link and the clock do, the node's session keeps
 * the invariants of its header and every step ends. Input: operations. */
#include "fuzz.h"
#include "fuzz_part.h"
#include "tip_node_session.h"

enum { STEPS_MAX = 1 << 17, OPS_MAX = 256, CHANNELS = 2 };

/* What the session was told, beside what it says. */
struct world {
    struct tip_node_session session;
    uint64_t now_ms;
    uint64_t newest_named; /* By an ACK or a WELCOME on our chain, or init. */
    uint64_t saved;
};

static void check(const struct world *world)
{
    const struct tip_node_session *session = &world->session;

    FUZZ_RULE(session->confirmed.number < session->next);
    FUZZ_RULE(session->next <= session->saved + 1);
    FUZZ_RULE(session->confirmed.number <= world->newest_named);
    FUZZ_RULE(session->channel_count <= TIP_CHANNELS_MAX);
}

static void send_frame(struct world *world, struct tip_bytes *rest)
{
    struct tip_node_session *session = &world->session;
    uint64_t left = session->saved - session->next;
    uint64_t count = fuzz_take_u8(rest);

    FUZZ_RULE(session->next <= session->saved);
    FUZZ_RULE(session->sent_bytes < session->credit_bytes);
    tip_node_session_sent(session,
                          session->next + (count < left ? count : left),
                          1U + fuzz_take_u16(rest), world->now_ms);
}

/* Do what is due until there is nothing. */
static void step(struct world *world, struct tip_bytes *rest)
{
    for (int i = 0; i < STEPS_MAX; i++) {
        enum tip_node_state before = world->session.state;
        struct tip_got got = {.credit_bytes = 0};

        switch (tip_node_session_step(&world->session, world->now_ms, &got)) {
        case TIP_NODE_WAIT:
            return;
        case TIP_NODE_SEND_HELLO:
            FUZZ_RULE(before == TIP_NODE_GREETING);
            break;
        case TIP_NODE_SEND_FRAME:
            FUZZ_RULE(before == TIP_NODE_GREETING || before == TIP_NODE_LIVE);
            send_frame(world, rest);
            break;
        case TIP_NODE_SEND_GOT:
            FUZZ_RULE(before == TIP_NODE_LIVE);
            break;
        case TIP_NODE_RECONNECT:
            FUZZ_RULE(before == TIP_NODE_GREETING || before == TIP_NODE_LIVE);
            tip_node_session_down(&world->session);
            break;
        }
        check(world);
    }
    fuzz_rule(false, "steps end");
}

static void name(struct world *world, uint64_t number, bool on_chain)
{
    if (on_chain && number > world->newest_named) {
        world->newest_named = number;
    }
}

static void hear(struct world *world, struct tip_bytes *rest, bool is_welcome)
{
    struct tip_node_session *session = &world->session;
    uint32_t generation = fuzz_take_u8(rest);
    /* Our own store would not find what was never sent on our chain. */
    uint64_t number = fuzz_take_u64(rest);
    uint8_t flags = fuzz_take_u8(rest);
    bool on_chain = (flags & 1) != 0 && number <= session->saved;
    uint64_t credit_bytes = fuzz_take_u64(rest);
    struct tip_head durable = {.number = number};
    struct tip_welcome welcome = {.generation = generation,
                                  .durable = durable,
                                  .credit_bytes = credit_bytes};
    struct tip_ack ack = {.generation = generation,
                          .durable = durable,
                          .committed = fuzz_take_u64(rest),
                          .credit_bytes = credit_bytes,
                          .resend = (flags & 2) != 0};
    enum tip_node_state before = session->state;
    enum tip_err err;

    name(world, number, on_chain);
    err = is_welcome
              ? tip_node_session_welcome(session, &welcome, on_chain,
                                         world->now_ms)
              : tip_node_session_ack(session, &ack, on_chain, world->now_ms);
    FUZZ_RULE(err == TIP_OK || err == TIP_EFORK || err == TIP_EPROTOCOL ||
              err == TIP_EHUB_BEHIND);
    FUZZ_RULE(err != TIP_EFORK || session->state == TIP_NODE_STOPPED);
    FUZZ_RULE(before != TIP_NODE_STOPPED || session->state == before);
}

static void take_frame(struct world *world, struct tip_bytes *rest)
{
    struct tip_channel_position position = {.channel =
                                                fuzz_take_u8(rest) % CHANNELS};

    position.generation = fuzz_take_u8(rest);
    position.head.number = fuzz_take_u64(rest);
    position.checkpoint = fuzz_take_u64(rest);
    tip_node_session_took(&world->session, &position, fuzz_take_u16(rest),
                          world->now_ms);
}

static void operate(struct world *world, struct tip_bytes *rest)
{
    struct tip_node_session *session = &world->session;

    switch (fuzz_take_u8(rest) % 9) {
    case 0:
        tip_node_session_up(session, world->now_ms);
        break;
    case 1:
        tip_node_session_down(session);
        break;
    case 2:
        world->saved += fuzz_take_u8(rest);
        tip_node_session_saved(session, world->saved);
        break;
    case 3:
        hear(world, rest, true);
        break;
    case 4:
        hear(world, rest, false);
        break;
    case 5:
        take_frame(world, rest);
        break;
    case 6:
        tip_node_session_missed(session, fuzz_take_u8(rest));
        break;
    case 7:
        world->now_ms += fuzz_take_u16(rest) * UINT64_C(100);
        break;
    default:
        step(world, rest);
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tip_bytes rest = tip_bytes(data, size);
    struct world world = {.now_ms = 1};
    struct tip_head confirmed = {.number = fuzz_take_u8(&rest)};

    world.newest_named = confirmed.number;
    world.saved = confirmed.number + fuzz_take_u8(&rest);
    tip_node_session_init(&world.session, fuzz_take_u8(&rest), &confirmed,
                          world.saved);
    for (uint32_t channel = 0; channel < CHANNELS; channel++) {
        tip_node_session_follow(
            &world.session, &(struct tip_channel_position){.channel = channel});
    }
    for (int i = 0; i < OPS_MAX && rest.size > 0; i++) {
        operate(&world, &rest);
        check(&world);
    }
    step(&world, &rest);
    return 0;
}
