/* The lines of the demo lose nothing while they are up, and everything that is
 * on its way when they break. */
#include "tip_test.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "demo_relay.h"
#include "tip_clock_posix.h"

enum { LINES = 2, PATIENCE_MS = 10000 };

/* A hub that only listens, and nodes that call it through the relay. */
struct rig {
    struct tip_clock clock;
    struct tip_loop *loop;
    struct demo_relay *relay;
    int hub;
};

static struct sockaddr_in loopback(uint16_t port)
{
    return (struct sockaddr_in){.sin_family = AF_INET,
                                .sin_port = htons(port),
                                .sin_addr = {htonl(INADDR_LOOPBACK)}};
}

static void rig_init(struct rig *rig)
{
    struct sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;

    tip_clock_posix_init(&rig->clock);
    rig->loop = tip_loop_new(&rig->clock);
    assert_non_null(rig->loop);
    rig->hub = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    assert_int_equal(
        bind(rig->hub, (const struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(rig->hub, 8), 0);
    assert_int_equal(getsockname(rig->hub, (struct sockaddr *)&address, &size),
                     0);
    assert_int_equal(demo_relay_new(rig->loop, &rig->clock, LINES, &rig->relay),
                     TIP_OK);
    demo_relay_aim(rig->relay, ntohs(address.sin_port));
}

static void rig_deinit(struct rig *rig)
{
    demo_relay_free(rig->relay);
    tip_loop_free(rig->loop);
    (void)close(rig->hub);
}

static int rig_call(const struct rig *rig, size_t line)
{
    struct sockaddr_in address = loopback(demo_relay_port(rig->relay, line));
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

    assert_true(fd >= 0);
    assert_true(
        connect(fd, (const struct sockaddr *)&address, sizeof address) == 0 ||
        errno == EINPROGRESS);
    return fd;
}

/* The hub's end of the call. */
static int rig_answer(const struct rig *rig)
{
    uint64_t end = rig->clock.elapsed_ms(&rig->clock) + PATIENCE_MS;
    int fd = -1;

    while (fd < 0 && rig->clock.elapsed_ms(&rig->clock) < end) {
        tip_loop_turn(rig->loop, 5);
        fd = accept4(rig->hub, NULL, NULL, SOCK_NONBLOCK);
    }
    assert_true(fd >= 0);
    return fd;
}

static uint8_t byte_at(size_t at)
{
    return (uint8_t)(at * 31 + at / 251);
}

/* Send @size bytes from @from, receive them at @to, in order and whole. */
static void carry(const struct rig *rig, int from, int to, size_t size)
{
    uint64_t end = rig->clock.elapsed_ms(&rig->clock) + PATIENCE_MS;
    size_t sent = 0, received = 0;
    uint8_t bytes[3000];

    while (received < size && rig->clock.elapsed_ms(&rig->clock) < end) {
        size_t piece = size - sent < sizeof bytes ? size - sent : sizeof bytes;
        ssize_t moved;

        for (size_t i = 0; i < piece; i++) {
            bytes[i] = byte_at(sent + i);
        }
        moved = piece == 0 ? 0 : send(from, bytes, piece, MSG_NOSIGNAL);
        sent += moved > 0 ? (size_t)moved : 0;
        tip_loop_turn(rig->loop, 1);
        moved = recv(to, bytes, sizeof bytes, 0);
        for (ssize_t i = 0; i < moved; i++) {
            assert_int_equal(bytes[i], byte_at(received));
            received++;
        }
    }
    assert_int_equal(received, size);
}

static bool is_cut(const struct rig *rig, int fd)
{
    uint64_t end = rig->clock.elapsed_ms(&rig->clock) + PATIENCE_MS;
    uint8_t byte;

    while (rig->clock.elapsed_ms(&rig->clock) < end) {
        ssize_t got = recv(fd, &byte, 1, 0);

        if (got == 0 || (got < 0 && errno != EAGAIN)) {
            return true;
        }
        tip_loop_turn(rig->loop, 5);
    }
    return false;
}

static void test_a_line_that_is_up_loses_nothing_either_way(void **state)
{
    const size_t bytes = 2097152;
    struct rig rig;
    struct demo_traffic traffic;
    int node, hub;

    (void)state;
    rig_init(&rig);
    node = rig_call(&rig, 0);
    hub = rig_answer(&rig);
    carry(&rig, node, hub, bytes);
    carry(&rig, hub, node, bytes / 2);
    traffic = demo_relay_traffic(rig.relay, 0);
    assert_int_equal(traffic.up_bytes, bytes);
    assert_int_equal(traffic.down_bytes, bytes / 2);
    assert_int_equal(traffic.breaks, 0);
    assert_int_equal(demo_relay_traffic(rig.relay, 1).up_bytes, 0);
    (void)close(node);
    (void)close(hub);
    rig_deinit(&rig);
}

static void test_a_slow_line_loses_nothing_and_is_slow(void **state)
{
    const struct demo_air air = {
        .is_up = true, .latency_ms = 60, .bytes_per_s = 200 * 1024};
    struct rig rig;
    uint64_t start;
    int node, hub;

    (void)state;
    rig_init(&rig);
    demo_relay_set(rig.relay, 1, &air);
    node = rig_call(&rig, 1);
    hub = rig_answer(&rig);
    start = rig.clock.elapsed_ms(&rig.clock);
    carry(&rig, node, hub, 1);
    assert_true(rig.clock.elapsed_ms(&rig.clock) - start >= 59);
    start = rig.clock.elapsed_ms(&rig.clock);
    carry(&rig, node, hub, 61440);
    assert_true(rig.clock.elapsed_ms(&rig.clock) - start >= 250);
    (void)close(node);
    (void)close(hub);
    rig_deinit(&rig);
}

static void test_what_was_said_before_hanging_up_still_arrives(void **state)
{
    struct rig rig;
    uint8_t bytes[8] = {0};
    int node, hub;

    (void)state;
    rig_init(&rig);
    node = rig_call(&rig, 0);
    hub = rig_answer(&rig);
    assert_int_equal(send(node, "goodbye", 8, 0), 8);
    (void)close(node);
    for (int i = 0; i < 20; i++) {
        tip_loop_turn(rig.loop, 5);
    }
    assert_int_equal(recv(hub, bytes, sizeof bytes, 0), 8);
    assert_string_equal((const char *)bytes, "goodbye");
    assert_true(is_cut(&rig, hub));
    (void)close(hub);
    rig_deinit(&rig);
}

static void
test_a_line_that_goes_down_breaks_its_call_at_both_ends(void **state)
{
    struct rig rig;
    int node, hub;

    (void)state;
    rig_init(&rig);
    node = rig_call(&rig, 0);
    hub = rig_answer(&rig);
    demo_relay_set(rig.relay, 0, &(struct demo_air){.is_up = false});
    assert_true(is_cut(&rig, node));
    assert_true(is_cut(&rig, hub));
    assert_int_equal(demo_relay_traffic(rig.relay, 0).breaks, 1);
    (void)close(node);
    (void)close(hub);
    rig_deinit(&rig);
}

static void test_nobody_gets_through_while_a_line_is_down(void **state)
{
    struct rig rig;
    int node;

    (void)state;
    rig_init(&rig);
    demo_relay_set(rig.relay, 0, &(struct demo_air){.is_up = false});
    node = rig_call(&rig, 0);
    assert_true(is_cut(&rig, node));
    assert_int_equal(accept4(rig.hub, NULL, NULL, SOCK_NONBLOCK), -1);
    (void)close(node);
    rig_deinit(&rig);
}

static void test_a_line_that_comes_back_carries_the_next_call(void **state)
{
    struct rig rig;
    int node, hub;

    (void)state;
    rig_init(&rig);
    for (int round = 0; round < 5; round++) {
        node = rig_call(&rig, 0);
        hub = rig_answer(&rig);
        carry(&rig, node, hub, 5000);
        demo_relay_set(rig.relay, 0, &(struct demo_air){.is_up = false});
        assert_true(is_cut(&rig, node));
        (void)close(node);
        (void)close(hub);
        demo_relay_set(rig.relay, 0, &(struct demo_air){.is_up = true});
    }
    assert_int_equal(demo_relay_traffic(rig.relay, 0).breaks, 5);
    rig_deinit(&rig);
}

static void test_the_newest_call_takes_the_line(void **state)
{
    struct rig rig;
    int old, old_hub, node, hub;

    (void)state;
    rig_init(&rig);
    old = rig_call(&rig, 0);
    old_hub = rig_answer(&rig);
    node = rig_call(&rig, 0);
    hub = rig_answer(&rig);
    assert_true(is_cut(&rig, old));
    carry(&rig, node, hub, 100);
    (void)close(old);
    (void)close(old_hub);
    (void)close(node);
    (void)close(hub);
    rig_deinit(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_line_that_is_up_loses_nothing_either_way),
        cmocka_unit_test(test_a_slow_line_loses_nothing_and_is_slow),
        cmocka_unit_test(test_what_was_said_before_hanging_up_still_arrives),
        cmocka_unit_test(
            test_a_line_that_goes_down_breaks_its_call_at_both_ends),
        cmocka_unit_test(test_nobody_gets_through_while_a_line_is_down),
        cmocka_unit_test(test_a_line_that_comes_back_carries_the_next_call),
        cmocka_unit_test(test_the_newest_call_takes_the_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
