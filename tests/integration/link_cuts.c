/*
 * Goal: a line that breaks after any byte, up or down, loses nothing of what
 * was saved at either end, brings nothing twice, and costs one frame at most.
 *
 * Real engines, link processes and sockets; stores in memory. Each round an
 * office and the hub save something, the line breaks when so many bytes of the
 * next session have passed one way, and it mends at once. With CUT_EVERY in the
 * environment only each so-manieth byte is one to break after.
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

#include "fake_schema.h"
#include "real_link.h"
#include "star.h"
#include "tip_test.h"
#include "weather.h"

#define OK(call) assert_int_equal((call), TIP_OK)

enum {
    HUB = 0, /* Links of net. */
    NODE = 1,
    OFFICE = 0, /* Who, for the functions of star.h. */
    SECRETARIAT = -1,
    THEIRS = FAKE_LATEST, /* Fields: of the office, of the secretariat. */
    OURS = FAKE_LATEST + 1,
    TURN_MS = 5,
    SESSION_BYTES_MIN = 600, /* Either way; less, and the test is of nothing. */
    DOWN_FRAME_BYTES_MAX = 1024
};

static struct real_link net;
static struct weather weather;
static struct star star;
static struct tip_id record;
static uint64_t told_ms; /* Until when the star knows the time. */

static struct tip_link *way_of(struct tip_link *self)
{
    return real_link_port(&net,
                          ((struct star_link *)self)->self == 0 ? HUB : NODE);
}

static enum tip_err send_really(struct tip_link *self, uint32_t peer,
                                struct tip_bytes message)
{
    return tip_link_send(way_of(self), peer, message);
}

static void drop_really(struct tip_link *self, uint32_t peer)
{
    tip_link_drop(way_of(self), peer);
}

static void use_real_link(struct star_link *link)
{
    link->base.send = send_really;
    link->base.drop = drop_really;
}

static void open_line(void)
{
    struct tip_link_zmq_status status;

    OK(real_link_open(&net, NULL));
    OK(tip_link_zmq_allow(net.links[HUB], STAR_ORIGIN_FIRST,
                          net.keys[NODE].public_key));
    tip_link_zmq_status(net.links[HUB], &status);
    assert_true(weather_open(&weather, status.port));
    net.node_port = weather.port;
    OK(real_link_start(&net, NODE));
    told_ms = real_link_ms(&net);
}

static void tell_hub(const struct tip_link_event *event)
{
    if (event->kind == TIP_LINK_UP) {
        hub_engine_link_up(star.hub, event->peer);
    } else if (event->kind == TIP_LINK_DOWN) {
        hub_engine_link_down(star.hub, event->peer);
    } else {
        hub_engine_receive(star.hub, event->peer, event->message);
    }
}

static void tell_node(const struct tip_link_event *event)
{
    struct node_engine *engine = star.nodes[OFFICE].engine;

    if (event->kind == TIP_LINK_UP) {
        node_engine_link_up(engine);
    } else if (event->kind == TIP_LINK_DOWN) {
        node_engine_link_down(engine);
    } else {
        node_engine_receive(engine, event->message);
    }
}

static void listen_to(uint32_t number,
                      void (*tell)(const struct tip_link_event *event))
{
    struct tip_link_event event;

    for (;;) {
        tip_link_receive(real_link_port(&net, number), 0, &event);
        if (event.kind == TIP_LINK_NOTHING) {
            return;
        }
        tell(&event);
    }
}

/* As both daemons do: hear, make durable, acknowledge and send. */
static void turn(void)
{
    struct pollfd fds[] = {
        {.fd = tip_link_zmq_fd(net.links[HUB]), .events = POLLIN},
        {.fd = tip_link_zmq_fd(net.links[NODE]), .events = POLLIN}};
    uint64_t now_ms = real_link_ms(&net);

    star_wait(&star, now_ms - told_ms);
    told_ms = now_ms;
    listen_to(HUB, tell_hub);
    listen_to(NODE, tell_node);
    OK(hub_engine_flush(star.hub));
    OK(hub_engine_pump(star.hub));
    OK(node_engine_flush(star.nodes[OFFICE].engine));
    OK(node_engine_pump(star.nodes[OFFICE].engine));
    (void)poll(fds, 2, TURN_MS);
}

static void until(bool (*is_so)(void))
{
    uint64_t end_ms = real_link_ms(&net) + REAL_LINK_WAIT_MS;

    while (!is_so()) {
        assert_true(real_link_ms(&net) < end_ms);
        turn();
    }
}

static bool is_apart(void)
{
    return star_status(&star, OFFICE).session == TIP_NODE_DOWN &&
           !star_device(&star, OFFICE).is_live;
}

/* The node calls at once, however often it failed. */
static void hurry(void)
{
    struct tip_link_zmq_status status;

    tip_link_zmq_status(net.links[NODE], &status);
    if (status.call_ms > real_link_ms(&net)) {
        tip_link_zmq_retry(net.links[NODE]);
    }
}

static bool is_all_there(void)
{
    struct node_status node = star_status(&star, OFFICE);
    struct hub_device_status device = star_device(&star, OFFICE);

    hurry();
    return node.session == TIP_NODE_LIVE && node.decided == node.saved &&
           device.seq == node.saved && device.is_caught_up;
}

static int setup(void **state)
{
    (void)state;
    star_init(&star, 1);
    record = star_id(&star);
    OK(star_add(&star, OFFICE, &record, -1, THEIRS, 1));
    star_run(&star);
    star_cut(&star, OFFICE);
    use_real_link(&star.link);
    use_real_link(&star.nodes[OFFICE].link);
    open_line();
    until(is_all_there);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    star_deinit(&star);
    real_link_close(&net);
    weather_close(&weather);
    return 0;
}

/* How often the line was used so far. */
static unsigned long long connections(void)
{
    struct weather_stats stats;

    assert_true(weather_stats(&weather, &stats));
    return stats.connections;
}

static void arm(const char *way, unsigned bytes)
{
    char command[40];

    (void)snprintf(command, sizeof command, "cut-after %u %s", bytes, way);
    assert_true(weather_say(&weather, command));
}

static void expect_shown(uint32_t field, uint32_t code)
{
    size_t count;

    assert_int_equal(star_code(&star, OFFICE, &record, field, &count), code);
    assert_int_equal(count, 1);
    assert_int_equal(star_code(&star, SECRETARIAT, &record, field, &count),
                     code);
    assert_int_equal(count, 1);
}

/* The size of the frame that carries the office's newest change-set. */
static size_t newest_frame_bytes(uint64_t seq)
{
    struct tip_bytes frame;
    uint64_t last;

    OK(node_engine_export_frame(star.nodes[OFFICE].engine, seq, &frame, &last));
    return frame.size;
}

/* Save at both ends, break the line after @bytes, and see all arrive. False:
 * the session was over before. */
static bool breaks_after(const char *way, unsigned bytes)
{
    const uint32_t code = 1 + bytes % 500;
    struct node_status node = star_status(&star, OFFICE);
    struct hub_device_status device = star_device(&star, OFFICE);
    unsigned long long before;

    tip_link_zmq_rest(net.links[NODE], true);
    until(is_apart);
    OK(star_edit(&star, OFFICE, &record, THEIRS, code));
    OK(star_edit(&star, SECRETARIAT, &record, OURS, code));
    arm(way, bytes);
    before = connections();
    tip_link_zmq_rest(net.links[NODE], false);
    until(is_all_there);
    expect_shown(THEIRS, code);
    expect_shown(OURS, code);
    /* Two changes, two commits: nothing came twice. */
    assert_int_equal(star_status(&star, OFFICE).checkpoint,
                     node.checkpoint + 2);
    assert_int_equal(star_device(&star, OFFICE).edits, device.edits + 1);
    assert_int_equal(star_device(&star, OFFICE).bad_messages, 0);
    assert_int_equal(star_status(&star, OFFICE).bad_messages, 0);
    assert_in_range(star_status(&star, OFFICE).resent_bytes - node.resent_bytes,
                    0, newest_frame_bytes(node.saved + 1));
    assert_in_range(star_device(&star, OFFICE).resent_bytes -
                        device.resent_bytes,
                    0, DOWN_FRAME_BYTES_MAX);
    return connections() - before > 1;
}

static void break_everywhere(const char *way)
{
    const char *every = getenv("CUT_EVERY");
    unsigned step = every == NULL ? 1 : (unsigned)strtoul(every, NULL, 10);
    unsigned bytes = 1;
    unsigned count = 0;

    assert_true(step > 0);
    while (breaks_after(way, bytes)) {
        bytes += step;
        count++;
    }
    (void)printf("broken %u times %s, in a session of %u bytes\n", count, way,
                 bytes);
    assert_true(bytes > SESSION_BYTES_MIN);
}

static void test_breaks_after_any_byte_up(void **state)
{
    (void)state;
    break_everywhere("up");
}

static void test_breaks_after_any_byte_down(void **state)
{
    (void)state;
    break_everywhere("down");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(test_breaks_after_any_byte_up),
        TEST(test_breaks_after_any_byte_down),
    };

    if (argc > 1) {
        cmocka_set_test_filter(argv[1]);
    }
    return cmocka_run_group_tests_name("link_cuts", tests, NULL, NULL);
}
