/* Rule: whatever a hub says that was taken over, with all its keys, in what
 * order cuts, crashes and clocks come: the node goes on saving, never takes
 * back what it said it saved, and still has every frame nobody confirmed.
 * Input: operations. */
#include "fake_schema.h"
#include "fuzz_forge.h"
#include "tip_envelope.h"
#include "tip_test.h"
#include "tip_wire_down.h"

enum { NODE = 0, OPS_MAX = 24, RECORDS_MAX = 6 };

struct world {
    struct star star;
    struct forge forge; /* Of the hub: the node's own channel. */
    struct tip_talk talk;
    struct tip_head feed; /* Of the node, as its frames came here. */
    struct tip_id ids[RECORDS_MAX];
    size_t count;
    uint64_t saved; /* Acknowledged to a person. */
};

static struct node_engine *engine_of(struct world *world)
{
    return world->star.nodes[NODE].engine;
}

static void check(struct world *world)
{
    struct node_status status;

    node_engine_status(engine_of(world), &status);
    FUZZ_RULE(status.saved == world->saved);
    FUZZ_RULE(status.framed <= status.saved);
    FUZZ_RULE(status.confirmed <= status.framed);
    FUZZ_RULE(status.decided <= status.saved);
}

static void save(struct world *world, struct tip_bytes *rest)
{
    size_t i = fuzz_take_u8(rest) % RECORDS_MAX;
    uint32_t code = fuzz_take_u8(rest);
    bool is_new = i >= world->count;
    enum tip_err err;

    i = is_new ? world->count : i;
    if (i == RECORDS_MAX) {
        return;
    }
    if (is_new) {
        world->ids[i] = star_id(&world->star);
        err =
            star_add(&world->star, NODE, &world->ids[i], -1, FAKE_LATEST, code);
        FUZZ_RULE(err == TIP_OK);
        world->count++;
    } else {
        /* The hub may have deleted it or given it to somebody else. */
        err = star_edit(&world->star, NODE, &world->ids[i], FAKE_LATEST, code);
    }
    world->saved += err == TIP_OK;
}

static void take_frame(struct world *world, struct tip_bytes frame)
{
    const struct tip_device_public *node =
        tip_device_keys_public(world->star.nodes[NODE].keys);
    struct tip_wire_frame parts;
    struct tip_frame_header header;

    if (tip_envelope_read(frame, &parts, &header) == TIP_OK &&
        header.first == world->feed.number + 1) {
        FUZZ_RULE(tip_envelope_verify(&node->sign, &header, &parts,
                                      &world->feed, &world->feed) == TIP_OK);
    }
}

/* Hear all that the node says: its greetings begin a session, its frames are
 * the chain an acknowledgement may name. */
static void hear(struct world *world)
{
    struct star_queue *inbox = &world->star.inbox;
    struct tip_message message;
    struct tip_arena arena;

    FUZZ_RULE(node_engine_pump(engine_of(world)) == TIP_OK);
    tip_arena_init(&arena, FUZZ_FORGE_ARENA_BYTES);
    while (inbox->count > 0) {
        size_t at = inbox->first;
        struct tip_bytes bytes =
            tip_bytes(inbox->messages[at].bytes, inbox->messages[at].size);

        if (tip_talk_read(&world->talk, bytes, &arena, &message) == TIP_OK &&
            message.kind == TIP_MESSAGE_FRAME) {
            take_frame(world, message.frame);
        }
        free(inbox->messages[at].bytes);
        inbox->first = (at + 1) % STAR_QUEUE_MAX;
        inbox->count--;
    }
    tip_arena_deinit(&arena);
}

static void stand(struct world *world)
{
    struct tip_channel_position channels[NODE_CHANNELS];
    struct tip_head feed;

    node_engine_position(engine_of(world), &feed, channels, NULL);
    for (int i = 0; i < NODE_CHANNELS; i++) {
        if (channels[i].channel == world->forge.header.channel) {
            fuzz_forge_stand(&world->forge, &channels[i].head);
        }
    }
}

static void hand_over(struct world *world)
{
    forge_to_node(&world->forge, NODE);
    FUZZ_RULE(node_engine_flush(engine_of(world)) == TIP_OK);
    stand(world);
}

/* A WELCOME or an ACK as a true hub would say it, or one not so true. */
static void answer(struct world *world, struct tip_bytes *rest)
{
    uint8_t flags = fuzz_take_u8(rest);
    struct tip_head durable = world->feed;
    struct tip_message message = {.kind = (flags & 1) != 0 ? TIP_MESSAGE_WELCOME
                                                           : TIP_MESSAGE_ACK};
    struct tip_buf out;

    durable.number += (flags & 2) != 0 ? fuzz_take_u8(rest) : 0;
    if (message.kind == TIP_MESSAGE_WELCOME) {
        message.welcome =
            (struct tip_welcome){.generation = 1U + fuzz_take_u8(rest) % 3,
                                 .durable = durable,
                                 .nonce = {fuzz_take_u8(rest)},
                                 .credit_bytes = fuzz_take_u64(rest)};
    } else {
        message.ack = (struct tip_ack){.generation = 1,
                                       .durable = durable,
                                       .committed = fuzz_take_u64(rest),
                                       .credit_bytes = fuzz_take_u64(rest),
                                       .resend = (flags & 4) != 0};
    }
    tip_buf_init(&out, world->forge.message, sizeof world->forge.message);
    if (tip_talk_write(&world->talk, &message, &out) == TIP_OK) {
        world->forge.size = out.size;
        hand_over(world);
    }
}

/* A frame of the channel with one echo and a checkpoint. */
static void decide(struct world *world, struct tip_bytes *rest)
{
    static uint8_t memory[TIP_FRAME_BYTES_MAX];
    struct tip_item item = {.kind = TIP_ITEM_ECHO,
                            .echo = {.origin = STAR_ORIGIN_FIRST,
                                     .first_seq = 1U + fuzz_take_u64(rest),
                                     .count = 1U + fuzz_take_u8(rest) % 4}};
    struct tip_held_run run = {.first = 1U + fuzz_take_u64(rest),
                               .count = 1,
                               .reason = TIP_HOLD_VALUE};
    struct tip_decided decided = {.origin = STAR_ORIGIN_FIRST,
                                  .bound = fuzz_take_u64(rest),
                                  .runs = &run,
                                  .run_count = fuzz_take_u8(rest) % 2};
    struct tip_down_body body = {.items = &item,
                                 .item_count = fuzz_take_u8(rest) % 2,
                                 .has_checkpoint = fuzz_take_u8(rest) % 2 != 0};
    struct tip_bytes packed;
    struct tip_buf buf;

    item.echo.first_commit = tip_commit_make(1, fuzz_take_u64(rest));
    body.checkpoint = (struct tip_checkpoint){
        .commit = tip_commit_make(1, fuzz_take_u8(rest)),
        .decided = &decided,
        .decided_count = 1};
    tip_buf_init(&buf, memory, sizeof memory);
    if (tip_wire_down_encode(world->forge.codec, &body, &buf,
                             &world->forge.header.dictionary) == TIP_OK &&
        tip_buf_finish(&buf, &packed) == TIP_OK) {
        forge_body(&world->forge, packed);
        hand_over(world);
    }
}

static void weather(struct world *world, struct tip_bytes *rest)
{
    struct star_node *node = &world->star.nodes[NODE];

    switch (fuzz_take_u8(rest) % 3) {
    case 0:
        node_engine_link_down(node->engine);
        node_engine_link_up(node->engine);
        break;
    case 1:
        star_crash_node(&world->star, NODE);
        break;
    default:
        node->clock.elapsed_ms += fuzz_take_u16(rest) * UINT64_C(100);
        node->clock.now_ms += fuzz_take_u16(rest);
        break;
    }
}

static void operate(struct world *world, struct tip_bytes *rest)
{
    switch (fuzz_take_u8(rest) % 8) {
    case 0:
        save(world, rest);
        break;
    case 1:
        hear(world);
        break;
    case 2:
        answer(world, rest);
        break;
    case 3:
        decide(world, rest);
        break;
    case 4:
        weather(world, rest);
        break;
    case 5:
        if (fuzz_forge_say(&world->forge, &world->talk, rest)) {
            hand_over(world);
        }
        break;
    case 6:
        fuzz_forge_frame(&world->forge, rest);
        hand_over(world);
        break;
    default:
        node_engine_receive(engine_of(world),
                            fuzz_take(rest, fuzz_take_u16(rest)));
        break;
    }
}

/* What nobody confirmed is still there to be sent. */
static void check_unsent(struct world *world)
{
    struct node_status status;
    struct tip_bytes frame;
    uint64_t last;

    star_crash_node(&world->star, NODE);
    check(world);
    node_engine_status(engine_of(world), &status);
    for (uint64_t seq = status.confirmed + 1; seq <= status.saved; seq++) {
        FUZZ_RULE(node_engine_export_frame(engine_of(world), seq, &frame,
                                           &last) == TIP_OK);
        FUZZ_RULE(last >= seq);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct world world;
    struct tip_bytes rest = tip_bytes(data, size);

    memset(&world, 0, sizeof world);
    star_init(&world.star, 1);
    star_run(&world.star);
    forge_channel(&world.forge, &world.star, NODE);
    tip_envelope_start(
        &(struct tip_frame_header){.origin = STAR_ORIGIN_FIRST + NODE},
        &world.feed);
    FUZZ_RULE(tip_talk_init(
                  &world.talk, world.star.keys, TIP_SESSION_HUB,
                  &tip_device_keys_public(world.star.nodes[NODE].keys)->box) ==
              TIP_OK);
    node_engine_link_down(engine_of(&world));
    node_engine_link_up(engine_of(&world));
    for (int i = 0; i < OPS_MAX && rest.size > 0; i++) {
        operate(&world, &rest);
        check(&world);
    }
    check_unsent(&world);
    tip_talk_deinit(&world.talk);
    forge_deinit(&world.forge);
    star_deinit(&world.star);
    return 0;
}
