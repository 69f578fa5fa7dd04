/* The daemon's loop: nobody hears "saved" before the flush that made it so. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "fake_clock.h"
#include "sample_program.h"
#include "tip_clock_posix.h"
#include "tip_daemon.h"
#include "tip_socket.h"
#include "tip_test.h"

enum { WAKE_MS = 20, HEAR_MS = 20, BATCH_MS = 50 };

/* Work that counts, and fails when it is told to. */
struct work {
    struct tip_daemon_work base; /* First member, so the cast is valid. */
    struct tip_daemon *daemon;
    unsigned flushes;
    unsigned stop_at; /* The flush that ends the loop. */
    enum tip_err failure;
    uint64_t ticket; /* Taken in the pump before the last. */
    enum tip_err seen_open, seen_settled;
};

static struct work work;
static struct tip_clock posix_clock;
static struct tip_conf conf;
static struct tip_cli_call call;
static char dir[64];

static enum tip_err flush(struct tip_daemon_work *self)
{
    struct work *mine = (struct work *)self;

    mine->flushes++;
    if (mine->ticket != 0 && mine->seen_settled == TIP_EAGAIN) {
        mine->seen_open = tip_daemon_settled(mine->daemon, mine->ticket);
    }
    if (mine->flushes >= mine->stop_at) {
        tip_daemon_stop(mine->daemon);
    }
    return mine->ticket != 0 ? mine->failure : TIP_OK;
}

static enum tip_err pump(struct tip_daemon_work *self)
{
    struct work *mine = (struct work *)self;

    tip_daemon_again(mine->daemon); /* Not to wait for the clock. */
    if (mine->ticket == 0) {
        mine->ticket = tip_daemon_ticket(mine->daemon);
    } else if (mine->seen_settled == TIP_EAGAIN) {
        mine->seen_settled = tip_daemon_settled(mine->daemon, mine->ticket);
    }
    return TIP_OK;
}

static void hear(struct tip_daemon_work *self,
                 const struct tip_link_event *event)
{
    (void)self;
    (void)event;
}

static int setup(void **state)
{
    const char *base = getenv("TMPDIR");
    char path[sizeof dir + sizeof "/ctl.sock"];

    (void)state;
    (void)snprintf(dir, sizeof dir, "%s/tip-daemon-XXXXXX",
                   base == NULL ? "/tmp" : base);
    if (mkdtemp(dir) == NULL) {
        return -1;
    }
    tip_clock_posix_init(&posix_clock);
    tip_conf_init(&conf, &sample_conf);
    work = (struct work){.base = {.hear = hear, .flush = flush, .pump = pump},
                         .stop_at = 4,
                         .seen_open = TIP_OK,
                         .seen_settled = TIP_EAGAIN};
    (void)snprintf(path, sizeof path, "%s/ctl.sock", dir);
    return tip_conf_override(&conf, SAMPLE_SOCKET, "--dir", path) == TIP_OK
               ? 0
               : -1;
}

static int teardown(void **state)
{
    (void)state;
    tip_daemon_close(work.daemon);
    tip_conf_deinit(&conf);
    return rmdir(dir);
}

static enum tip_err open_daemon(struct tip_daemon **out_daemon)
{
    const struct tip_daemon_opts opts = {.clock = &posix_clock,
                                         .work = &work.base,
                                         .program = &sample_program,
                                         .call = &call,
                                         .conf = &conf,
                                         .handlers = &work};

    enum tip_err err = tip_daemon_open(&opts, out_daemon);

    if (err == TIP_OK) {
        tip_daemon_again(*out_daemon);
    }
    return err;
}

static void test_a_ticket_is_settled_by_the_flush_after_it(void **state)
{
    (void)state;
    assert_int_equal(open_daemon(&work.daemon), TIP_OK);
    assert_int_equal(tip_daemon_run(work.daemon), TIP_OK);
    assert_int_equal(work.seen_open, TIP_EAGAIN);
    assert_int_equal(work.seen_settled, TIP_OK);
}

static void test_a_ticket_tells_why_its_batch_was_lost(void **state)
{
    (void)state;
    work.failure = TIP_ESTORE_FULL;
    assert_int_equal(open_daemon(&work.daemon), TIP_OK);
    assert_int_equal(tip_daemon_run(work.daemon), TIP_ESTORE_FULL);
    assert_int_equal(work.seen_settled, TIP_ESTORE_FULL);
    assert_int_equal(tip_daemon_trouble(work.daemon), TIP_ESTORE_FULL);
}

/* The disk, once; the flushes before and after are well. */
static enum tip_err fail_once(struct tip_daemon_work *self)
{
    struct work *mine = (struct work *)self;

    mine->flushes++;
    if (mine->flushes >= mine->stop_at) {
        tip_daemon_stop(mine->daemon);
    }
    return mine->flushes == 2 ? mine->failure : TIP_OK;
}

static void test_that_the_disk_failed_is_known_when_it_is_over(void **state)
{
    (void)state;
    work.base.flush = fail_once;
    work.failure = TIP_ESTORE_FAILED;
    work.stop_at = 4;
    assert_int_equal(open_daemon(&work.daemon), TIP_OK);
    assert_false(tip_daemon_disk_failed(work.daemon));
    assert_int_equal(tip_daemon_run(work.daemon), TIP_OK);
    assert_int_equal(tip_daemon_trouble(work.daemon), TIP_OK);
    assert_true(tip_daemon_disk_failed(work.daemon));
}

static void test_a_full_store_is_no_disk_that_failed(void **state)
{
    (void)state;
    work.failure = TIP_ESTORE_FULL;
    assert_int_equal(open_daemon(&work.daemon), TIP_OK);
    assert_int_equal(tip_daemon_run(work.daemon), TIP_ESTORE_FULL);
    assert_false(tip_daemon_disk_failed(work.daemon));
}

static void test_everything_is_flushed_before_the_loop_ends(void **state)
{
    (void)state;
    work.stop_at = 1;
    assert_int_equal(open_daemon(&work.daemon), TIP_OK);
    assert_int_equal(tip_daemon_run(work.daemon), TIP_OK);
    assert_true(work.flushes >= 2);
}

static enum tip_err pump_that_wakes(struct tip_daemon_work *self)
{
    tip_daemon_wake(((struct work *)self)->daemon, WAKE_MS);
    return TIP_OK;
}

static void test_it_pumps_again_when_it_was_told_to(void **state)
{
    uint64_t start_ms = posix_clock.elapsed_ms(&posix_clock);

    (void)state;
    work.base.pump = pump_that_wakes;
    assert_int_equal(open_daemon(&work.daemon), TIP_OK);
    assert_int_equal(tip_daemon_run(work.daemon), TIP_OK);
    /* One turn at once, then the alarms; the tick would take a second each. */
    assert_in_range(posix_clock.elapsed_ms(&posix_clock) - start_ms,
                    (uint64_t)(work.stop_at - 2) * WAKE_MS, 900);
}

static void test_a_second_daemon_does_not_take_the_socket(void **state)
{
    struct tip_daemon *second;

    (void)state;
    assert_int_equal(open_daemon(&work.daemon), TIP_OK);
    assert_int_equal(open_daemon(&second), TIP_EEXISTS);
}

/* A link that never falls silent, and work to which each message is toil. */
static struct fake_clock slow_clock;
static unsigned heard, heard_most;

static void receive_always(struct tip_link *self, int timeout_ms,
                           struct tip_link_event *out_event)
{
    (void)self;
    (void)timeout_ms;
    *out_event = (struct tip_link_event){.kind = TIP_LINK_MESSAGE, .peer = 7};
}

static void hear_slowly(struct tip_daemon_work *self,
                        const struct tip_link_event *event)
{
    (void)self;
    (void)event;
    slow_clock.elapsed_ms += HEAR_MS;
    heard++;
}

static enum tip_err flush_heard(struct tip_daemon_work *self)
{
    heard_most = heard > heard_most ? heard : heard_most;
    heard = 0;
    return flush(self);
}

static void test_a_busy_link_does_not_hold_a_batch_open(void **state)
{
    struct tip_link link = {.receive = receive_always};
    struct tip_daemon_opts opts = {.clock = &slow_clock.base,
                                   .work = &work.base,
                                   .program = &sample_program,
                                   .call = &call,
                                   .conf = &conf,
                                   .link = &link};
    int fds[2];

    (void)state;
    assert_int_equal(pipe(fds), 0);
    assert_int_equal(write(fds[1], "!", 1), 1); /* Readable for good. */
    opts.link_fd = fds[0];
    slow_clock = FAKE_CLOCK_AT(0);
    heard_most = 0;
    work.base.hear = hear_slowly;
    work.base.flush = flush_heard;
    assert_int_equal(tip_daemon_open(&opts, &work.daemon), TIP_OK);
    assert_int_equal(tip_daemon_run(work.daemon), TIP_OK);
    assert_int_equal(heard_most, BATCH_MS / HEAR_MS + 1);
    assert_int_equal(close(fds[0]), 0);
    assert_int_equal(close(fds[1]), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            test_a_ticket_is_settled_by_the_flush_after_it, setup, teardown),
        cmocka_unit_test_setup_teardown(
            test_a_ticket_tells_why_its_batch_was_lost, setup, teardown),
        cmocka_unit_test_setup_teardown(
            test_that_the_disk_failed_is_known_when_it_is_over, setup,
            teardown),
        cmocka_unit_test_setup_teardown(
            test_a_full_store_is_no_disk_that_failed, setup, teardown),
        cmocka_unit_test_setup_teardown(
            test_everything_is_flushed_before_the_loop_ends, setup, teardown),
        cmocka_unit_test_setup_teardown(test_it_pumps_again_when_it_was_told_to,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(
            test_a_busy_link_does_not_hold_a_batch_open, setup, teardown),
        cmocka_unit_test_setup_teardown(
            test_a_second_daemon_does_not_take_the_socket, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
