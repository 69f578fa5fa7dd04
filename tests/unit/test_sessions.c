/*
 * Node and hub session against each other over a bad line, by seed.
 *
 * A device saves change-sets, cuts frames and crashes; a hub takes them in,
 * cuts frames of one channel and crashes; the line between them loses, repeats,
 * delays and reorders. After every event: what the node holds for confirmed is
 * durable at the hub, what the hub holds for got is durable at the node, and
 * nobody sends a frame without credit. Then the line heals, and both sides must
 * have everything.
 */
#include "tip_hub_session.h"
#include "tip_node_session.h"
#include "tip_prng.h"
#include "tip_test.h"

enum {
    SEEDS = 1000,
    BAD_EVENTS = 400,
    GOOD_EVENTS = 20000,
    LINE_MAX = 64, /* What does not fit is lost. */
    OWN = 25,
    SETS_PER_FRAME = 3, /* Frame k holds the seqs 3k-2..3k. */
    FRAME_BYTES = 12000
};

/* What one side hands to the line. */
struct letter {
    bool to_hub;
    uint64_t due_ms;
    uint32_t session; /* A message of an older one does not open. */
    enum tip_message_kind kind;
    union {
        struct tip_hello hello;
        struct tip_welcome welcome;
        struct tip_ack ack;
        struct tip_got got;
        uint64_t frame; /* Its number, from 1. */
    };
};

struct world {
    uint64_t seed;
    struct tip_prng prng;
    uint64_t now_ms;
    uint32_t loss, repeat, jitter_ms;
    struct letter line[LINE_MAX];
    size_t line_count;
    uint32_t session; /* Of the newest HELLO that was sent. */
    bool link_up;

    struct tip_node_session node;
    struct tip_head node_confirmed; /* In its store. */
    uint32_t node_generation;
    uint64_t saved, down_durable, down_taken;

    struct tip_hub_session hub;
    uint32_t hub_session, generation;
    uint64_t up_durable, up_taken, down_newest;
};

static void require(const struct world *w, bool good, const char *rule)
{
    if (!good) {
        fail_msg("seed %llu at %llu ms: %s", (unsigned long long)w->seed,
                 (unsigned long long)w->now_ms, rule);
    }
}

static uint64_t frame_of(uint64_t seq)
{
    return (seq - 1) / SETS_PER_FRAME + 1;
}

static uint64_t last_of(uint64_t frame)
{
    return frame * SETS_PER_FRAME;
}

static void check(const struct world *w)
{
    if (w->node.generation == w->generation) {
        require(w, w->node.confirmed.number <= w->up_durable,
                "confirmed is durable at the hub");
    }
    for (size_t i = 0; i < w->hub.channel_count; i++) {
        require(w, w->hub.channels[i].got <= w->down_durable,
                "got is durable at the node");
    }
    require(w, w->node.next <= w->saved + 1, "nothing is sent unsaved");
    require(w, w->node.confirmed.number < w->node.next,
            "nothing confirmed is sent again");
}

static void post_one(struct world *w, const struct letter *letter)
{
    if (w->line_count < LINE_MAX && !tip_prng_chance(&w->prng, w->loss)) {
        w->line[w->line_count] = *letter;
        w->line[w->line_count++].due_ms =
            w->now_ms + 1 + tip_prng_below(&w->prng, w->jitter_ms);
    }
}

static void post(struct world *w, struct letter letter)
{
    letter.session = letter.to_hub ? w->session : w->hub_session;
    post_one(w, &letter);
    if (tip_prng_chance(&w->prng, w->repeat)) {
        post_one(w, &letter);
    }
}

static struct tip_channel_position down_position(const struct world *w)
{
    return (struct tip_channel_position){.channel = OWN,
                                         .head = {w->down_durable}};
}

static void link_down(struct world *w)
{
    w->link_up = false;
    w->line_count = 0;
    tip_node_session_down(&w->node);
    tip_hub_session_down(&w->hub);
}

static void node_open(struct world *w)
{
    struct tip_channel_position own = down_position(w);

    tip_node_session_init(&w->node, w->node_generation, &w->node_confirmed,
                          w->saved);
    tip_node_session_follow(&w->node, &own);
}

static void node_crash(struct world *w)
{
    link_down(w);
    w->down_taken = w->down_durable;
    node_open(w);
}

static void hub_crash(struct world *w)
{
    link_down(w);
    w->up_taken = w->up_durable;
    w->hub_session = 0;
    tip_hub_session_init(&w->hub);
}

/* The hub comes back from a backup, under a new generation. */
static void hub_restore(struct world *w)
{
    uint64_t frames = w->up_durable / SETS_PER_FRAME;

    w->up_durable = last_of(tip_prng_below(&w->prng, (uint32_t)frames + 1));
    w->generation++;
    hub_crash(w);
}

static void say_hello(struct world *w)
{
    w->session++;
    post(w, (struct letter){.to_hub = true,
                            .kind = TIP_MESSAGE_HELLO,
                            .hello = {.channels = {down_position(w)},
                                      .channel_count = 1,
                                      .credit_bytes = TIP_NODE_WINDOW_BYTES}});
}

static void send_up(struct world *w)
{
    uint64_t frame = frame_of(w->node.next);

    require(w, w->node.sent_bytes < w->node.credit_bytes,
            "the node starts a frame only within its credit");
    require(w, w->node.next == last_of(frame - 1) + 1, "frames start in order");
    post(w, (struct letter){
                .to_hub = true, .kind = TIP_MESSAGE_FRAME, .frame = frame});
    tip_node_session_sent(&w->node, last_of(frame), FRAME_BYTES, w->now_ms);
}

static void node_pump(struct world *w)
{
    struct tip_got got;

    w->down_durable = w->down_taken;
    while (w->link_up) {
        switch (tip_node_session_step(&w->node, w->now_ms, &got)) {
        case TIP_NODE_WAIT:
            return;
        case TIP_NODE_SEND_HELLO:
            say_hello(w);
            break;
        case TIP_NODE_SEND_FRAME:
            send_up(w);
            break;
        case TIP_NODE_SEND_GOT:
            post(w, (struct letter){
                        .to_hub = true, .kind = TIP_MESSAGE_GOT, .got = got});
            break;
        case TIP_NODE_RECONNECT:
            link_down(w);
            break;
        }
    }
}

static void send_down(struct world *w, const struct tip_hub_todo *todo)
{
    require(w, w->hub.sent_bytes < w->hub.credit_bytes,
            "the hub starts a frame only within its credit");
    post(w, (struct letter){.kind = TIP_MESSAGE_FRAME, .frame = todo->index});
    tip_hub_session_sent(&w->hub, OWN, FRAME_BYTES, w->now_ms);
}

static void hub_pump(struct world *w)
{
    w->up_durable = w->up_taken;
    tip_hub_session_offer(&w->hub, OWN, w->down_newest);
    while (w->link_up) {
        struct tip_hub_todo todo = tip_hub_session_step(&w->hub, w->now_ms);

        switch (todo.step) {
        case TIP_HUB_WAIT:
            return;
        case TIP_HUB_SEND_WELCOME:
            post(w, (struct letter){
                        .kind = TIP_MESSAGE_WELCOME,
                        .welcome = {.generation = w->generation,
                                    .durable = {w->up_durable},
                                    .credit_bytes = todo.credit_bytes}});
            break;
        case TIP_HUB_SEND_ACK:
            post(w, (struct letter){.kind = TIP_MESSAGE_ACK,
                                    .ack = {.generation = w->generation,
                                            .durable = {w->up_durable},
                                            .credit_bytes = todo.credit_bytes,
                                            .resend = todo.resend}});
            break;
        case TIP_HUB_SEND_FRAME:
            send_down(w, &todo);
            break;
        case TIP_HUB_DROP:
            link_down(w);
            break;
        }
    }
}

static void node_take(struct world *w, const struct letter *letter)
{
    bool is_old = letter->session != w->session;
    enum tip_err err = TIP_OK;

    if (letter->kind == TIP_MESSAGE_FRAME) {
        struct tip_channel_position position;

        if (letter->frame > w->down_taken + 1) {
            tip_node_session_missed(&w->node, OWN);
            return;
        }
        if (letter->frame == w->down_taken + 1) {
            w->down_durable = ++w->down_taken;
        }
        position = down_position(w);
        tip_node_session_took(&w->node, &position, FRAME_BYTES, w->now_ms);
    } else if (letter->kind == TIP_MESSAGE_WELCOME && !is_old) {
        err = tip_node_session_welcome(&w->node, &letter->welcome, true,
                                       w->now_ms);
    } else if (letter->kind == TIP_MESSAGE_ACK && !is_old) {
        err = tip_node_session_ack(&w->node, &letter->ack, true, w->now_ms);
    }
    require(w, err != TIP_EFORK, "an honest pair sees no fork");
    w->node_confirmed = w->node.confirmed; /* Flushed at once. */
    w->node_generation = w->node.generation;
}

static void hub_take(struct world *w, const struct letter *letter)
{
    static const uint32_t channels[] = {OWN};

    if (letter->kind == TIP_MESSAGE_HELLO) {
        if (letter->session == w->hub_session) {
            return; /* A copy: its nonce is that of the session. */
        }
        w->hub_session = letter->session;
        tip_hub_session_hello(&w->hub, &letter->hello, channels, 1, w->now_ms);
    } else if (letter->kind == TIP_MESSAGE_FRAME) {
        if (last_of(letter->frame - 1) > w->up_taken) {
            tip_hub_session_missed(&w->hub);
            return;
        }
        if (last_of(letter->frame) > w->up_taken) {
            w->up_taken = last_of(letter->frame);
        }
        tip_hub_session_took(&w->hub, FRAME_BYTES);
    } else if (letter->session == w->hub_session) {
        require(w,
                tip_hub_session_got(&w->hub, &letter->got, w->now_ms) == TIP_OK,
                "an honest node names only what it was sent");
    }
}

static void deliver_due(struct world *w)
{
    for (size_t i = 0; i < w->line_count; i++) {
        struct letter letter = w->line[i];

        if (letter.due_ms <= w->now_ms) {
            w->line[i--] = w->line[--w->line_count];
            if (letter.to_hub) {
                hub_take(w, &letter);
            } else {
                node_take(w, &letter);
            }
            check(w);
        }
    }
}

/* One draw of what may happen on a bad day. */
static void misfortune(struct world *w)
{
    static void (*const kinds[])(struct world *) = {
        link_down, node_crash, hub_crash, link_down, node_crash, hub_restore};

    if (tip_prng_chance(&w->prng, 8)) {
        kinds[tip_prng_below(&w->prng, sizeof kinds / sizeof *kinds)](w);
    }
}

static void work(struct world *w)
{
    if (tip_prng_chance(&w->prng, 30)) {
        w->saved += last_of(1 + tip_prng_below(&w->prng, 10));
        tip_node_session_saved(&w->node, w->saved);
    }
    w->down_newest += tip_prng_chance(&w->prng, 30) ? 5 : 0;
}

static void tick(struct world *w)
{
    w->now_ms += 1 + tip_prng_below(&w->prng, 4000);
    if (!w->link_up && tip_prng_chance(&w->prng, 20)) {
        w->link_up = true;
        tip_node_session_up(&w->node, w->now_ms);
    }
    deliver_due(w);
    node_pump(w);
    hub_pump(w);
    check(w);
}

static bool is_done(const struct world *w)
{
    return w->node.confirmed.number == w->node.saved &&
           w->up_durable == w->saved && w->down_durable == w->down_newest;
}

static void run_seed(struct world *w, uint64_t seed)
{
    *w = (struct world){
        .seed = seed, .prng = TIP_PRNG_SEEDED(seed), .generation = 1};
    w->loss = tip_prng_below(&w->prng, 41);
    w->repeat = tip_prng_below(&w->prng, 51);
    w->jitter_ms = 1 + tip_prng_below(&w->prng, 15000);
    node_open(w);
    tip_hub_session_init(&w->hub);
    for (int i = 0; i < BAD_EVENTS; i++) {
        misfortune(w);
        work(w);
        tick(w);
    }
    w->loss = 0;
    for (int i = 0; i < GOOD_EVENTS && !is_done(w); i++) {
        tick(w);
    }
    require(w, is_done(w), "all gets through once the line is good");
}

static void
test_nothing_is_believed_early_and_all_arrives_in_the_end(void **state)
{
    static struct world w;

    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        run_seed(&w, seed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            test_nothing_is_believed_early_and_all_arrives_in_the_end),
    };

    return cmocka_run_group_tests_name("sessions", tests, NULL, NULL);
}
