/* Rule: whatever a node, the link and the clock do, the hub's session sends
 * only what there is, within window and credit, and every step ends. Input:
 * operations. */
#include "fuzz.h"
#include "fuzz_part.h"
#include "tip_hub_session.h"

enum { STEPS_MAX = 1 << 17, OPS_MAX = 256, CHANNELS = 3 };

struct world {
    struct tip_hub_session session;
    uint64_t now_ms;
    uint64_t newest[CHANNELS]; /* Frames there are. */
};

static const struct tip_hub_channel *
channel_of(const struct tip_hub_session *session, uint32_t channel)
{
    for (size_t i = 0; i < session->channel_count; i++) {
        if (session->channels[i].channel == channel) {
            return &session->channels[i];
        }
    }
    return NULL;
}

static void check(const struct world *world)
{
    const struct tip_hub_session *session = &world->session;

    FUZZ_RULE(session->channel_count <= TIP_CHANNELS_MAX);
    for (size_t i = 0; i < session->channel_count; i++) {
        FUZZ_RULE(session->channels[i].window <= TIP_HUB_WINDOW_FRAMES);
        FUZZ_RULE(session->channels[i].window >= 1);
    }
}

static void send_frame(struct world *world, const struct tip_hub_todo *todo,
                       struct tip_bytes *rest)
{
    const struct tip_hub_session *session = &world->session;
    const struct tip_hub_channel *channel = channel_of(session, todo->channel);

    FUZZ_RULE(channel != NULL);
    FUZZ_RULE(todo->index >= 1);
    FUZZ_RULE(todo->index <= channel->newest);
    FUZZ_RULE(todo->index - channel->got <= TIP_HUB_WINDOW_FRAMES);
    FUZZ_RULE(session->sent_bytes < session->credit_bytes);
    tip_hub_session_sent(&world->session, todo->channel,
                         1U + fuzz_take_u16(rest), world->now_ms);
}

static void step(struct world *world, struct tip_bytes *rest)
{
    for (int i = 0; i < STEPS_MAX; i++) {
        bool was_live = world->session.is_live;
        struct tip_hub_todo todo =
            tip_hub_session_step(&world->session, world->now_ms);

        FUZZ_RULE(was_live || todo.step == TIP_HUB_WAIT);
        switch (todo.step) {
        case TIP_HUB_WAIT:
            return;
        case TIP_HUB_SEND_FRAME:
            send_frame(world, &todo, rest);
            break;
        case TIP_HUB_DROP:
            FUZZ_RULE(!world->session.is_live);
            break;
        case TIP_HUB_SEND_WELCOME:
        case TIP_HUB_SEND_ACK:
            FUZZ_RULE(todo.credit_bytes >= world->session.received_bytes);
            break;
        }
        check(world);
    }
    fuzz_rule(false, "steps end");
}

static struct tip_channel_position position(const struct world *world,
                                            struct tip_bytes *rest)
{
    struct tip_channel_position position = {.channel =
                                                fuzz_take_u8(rest) % CHANNELS};
    uint64_t number = fuzz_take_u64(rest);

    /* The engine checks heads against its chain before it tells the session. */
    position.head.number = number <= world->newest[position.channel]
                               ? number
                               : world->newest[position.channel];
    return position;
}

static void greet(struct world *world, struct tip_bytes *rest)
{
    static const uint32_t channels[] = {0, 1};
    struct tip_hello hello = {.channel_count =
                                  fuzz_take_u8(rest) % (TIP_CHANNELS_MAX + 1)};

    for (size_t i = 0; i < hello.channel_count; i++) {
        hello.channels[i] = position(world, rest);
    }
    hello.credit_bytes = fuzz_take_u64(rest);
    tip_hub_session_hello(&world->session, &hello, channels, 2, world->now_ms);
    for (uint32_t i = 0; i < 2; i++) {
        tip_hub_session_offer(&world->session, i, world->newest[i]);
    }
}

static void got(struct world *world, struct tip_bytes *rest)
{
    struct tip_got got = {.position = {.channel = fuzz_take_u8(rest)}};
    struct tip_hub_session before;
    enum tip_err err;

    got.position.head.number = fuzz_take_u64(rest);
    got.credit_bytes = fuzz_take_u64(rest);
    got.resend = fuzz_take_u8(rest) % 2 != 0;
    memcpy(&before, &world->session, sizeof before); /* Its padding too. */
    err = tip_hub_session_got(&world->session, &got, world->now_ms);
    FUZZ_RULE(err == TIP_OK || err == TIP_EPROTOCOL);
    FUZZ_RULE(err == TIP_OK ||
              tip_bytes_equal(tip_bytes(&before, sizeof before),
                              tip_bytes(&world->session, sizeof before)));
}

static void operate(struct world *world, struct tip_bytes *rest)
{
    uint32_t channel;

    switch (fuzz_take_u8(rest) % 8) {
    case 0:
        greet(world, rest);
        break;
    case 1:
        tip_hub_session_down(&world->session);
        break;
    case 2:
        channel = fuzz_take_u8(rest) % CHANNELS;
        world->newest[channel] += fuzz_take_u8(rest);
        tip_hub_session_offer(&world->session, channel, world->newest[channel]);
        break;
    case 3:
        tip_hub_session_took(&world->session, fuzz_take_u16(rest));
        break;
    case 4:
        tip_hub_session_missed(&world->session);
        break;
    case 5:
        got(world, rest);
        break;
    case 6:
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

    tip_hub_session_init(&world.session);
    for (int i = 0; i < OPS_MAX && rest.size > 0; i++) {
        operate(&world, &rest);
        check(&world);
    }
    step(&world, &rest);
    return 0;
}
