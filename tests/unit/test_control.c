/* Rules of the control protocol: whatever arrives, in whatever pieces. */
#include "sample_program.h"
#include "tip_control.h"
#include "tip_control_server.h"
#include "tip_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct fixture {
    struct sample_engine engine;
    struct tip_control_service service;
    struct tip_control_server *server;
    struct tip_control_decoder decoder;
    struct tip_buf out; /* What a client sends. */
    uint8_t bytes[256 * 1024];
};

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);

    if (f == NULL) {
        return -1;
    }
    f->service =
        (struct tip_control_service){&sample_program, NULL, &f->engine};
    f->server = tip_control_server_new(&f->service, 1000, "fatimetou");
    tip_buf_init(&f->out, f->bytes, sizeof f->bytes);
    *state = f;
    return f->server == NULL ? -1 : 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    tip_control_server_free(f->server);
    free(f);
    return 0;
}

#define WORDS(...) ((const char *const[]){__VA_ARGS__})
#define ASK(f, ...)                                                          \
    assert_int_equal(                                                        \
        tip_control_put_request(&(f)->out, WORDS(__VA_ARGS__),               \
                                sizeof WORDS(__VA_ARGS__) / sizeof(char *)), \
        TIP_OK)

/* Hand @bytes to the server, at most @piece at once; returns what it took. */
static size_t hand_over(struct fixture *f, struct tip_bytes bytes, size_t piece)
{
    size_t taken = 0;

    while (taken < bytes.size) {
        struct tip_control_space space = tip_control_server_space(f->server);
        size_t size = bytes.size - taken < piece ? bytes.size - taken : piece;

        size = size < space.size ? size : space.size;
        if (size == 0) {
            break;
        }
        memcpy(space.data, bytes.data + taken, size);
        tip_control_server_filled(f->server, size);
        taken += size;
    }
    return taken;
}

/* What the client sent so far, all at once. */
static void send_all(struct fixture *f)
{
    struct tip_bytes bytes;

    assert_int_equal(tip_buf_finish(&f->out, &bytes), TIP_OK);
    (void)hand_over(f, bytes, SIZE_MAX);
    tip_buf_clear(&f->out);
}

/* The next event of the server; TIP_EAGAIN when it has said all. */
static enum tip_err event_next(struct fixture *f, struct tip_reply_event *event)
{
    struct tip_bytes output = tip_control_server_output(f->server);
    struct tip_control_message message;
    size_t fed = tip_control_decoder_feed(&f->decoder, output);
    enum tip_err err;

    tip_control_server_sent(f->server, fed);
    err = tip_control_decoder_take(&f->decoder, &message);
    return err == TIP_OK ? tip_control_get_event(&message, event) : err;
}

/* Skip to the end and return its exit code. */
static int end_of(struct fixture *f)
{
    struct tip_reply_event event = {.kind = TIP_REPLY_FIELD};

    while (event.kind != TIP_REPLY_END) {
        assert_int_equal(event_next(f, &event), TIP_OK);
    }
    return (int)event.number;
}

static void assert_broken(struct fixture *f)
{
    assert_true(tip_control_server_is_done(f->server));
    assert_int_equal(tip_control_server_output(f->server).size, 0);
    assert_int_equal(tip_control_server_space(f->server).size, 0);
}

static void test_a_request_is_answered(void **state)
{
    struct fixture *f = *state;
    struct tip_reply_event event = {.kind = TIP_REPLY_FIELD};

    ASK(f, "status");
    send_all(f);
    assert_int_equal(event_next(f, &event), TIP_OK);
    assert_int_equal(event.kind, TIP_REPLY_FIELD);
    assert_true(tip_bytes_equal(event.text, tip_bytes_text("NDB")));
    assert_int_equal(end_of(f), TIP_EXIT_DEGRADED);
    assert_true(tip_control_server_is_done(f->server));
    assert_int_equal(f->engine.uid, 1000);
}

/* A server takes any split of the same bytes for the same request. */
static void test_every_split_of_the_bytes_gives_the_same(void **state)
{
    struct fixture *f = *state;
    struct tip_bytes bytes;

    ASK(f, "import", "FILE", "--map", "x");
    assert_int_equal(
        tip_control_put_input(&f->out, "map", tip_bytes_text("abc"), true),
        TIP_OK);
    assert_int_equal(
        tip_control_put_input(&f->out, "FILE", tip_bytes_text("defg"), true),
        TIP_OK);
    assert_int_equal(tip_control_put_signal(&f->out, TIP_CONTROL_INPUTS_END),
                     TIP_OK);
    assert_int_equal(tip_buf_finish(&f->out, &bytes), TIP_OK);
    for (size_t split = 0; split <= bytes.size; split++) {
        tip_control_server_free(f->server);
        f->server = tip_control_server_new(&f->service, 1, "");
        f->decoder = (struct tip_control_decoder){.size = 0};
        f->engine = (struct sample_engine){.inputs = 0};
        (void)hand_over(f, tip_bytes(bytes.data, split), SIZE_MAX);
        (void)hand_over(f, tip_bytes(bytes.data + split, bytes.size - split),
                        SIZE_MAX);
        assert_int_equal(end_of(f), TIP_EXIT_OK);
        assert_int_equal(f->engine.input_bytes, 7);
        assert_int_equal(f->engine.freed_jobs, 1);
    }
}

static void test_single_bytes_give_the_same_as_all_at_once(void **state)
{
    struct fixture *f = *state;
    struct tip_bytes bytes;

    ASK(f, "status");
    assert_int_equal(tip_buf_finish(&f->out, &bytes), TIP_OK);
    assert_int_equal(hand_over(f, bytes, 1), bytes.size);
    assert_int_equal(end_of(f), TIP_EXIT_DEGRADED);
}

static void test_a_stream_cut_anywhere_is_no_request(void **state)
{
    struct fixture *f = *state;
    struct tip_bytes bytes;

    ASK(f, "status");
    assert_int_equal(tip_buf_finish(&f->out, &bytes), TIP_OK);
    for (size_t cut = 0; cut < bytes.size; cut++) {
        tip_control_server_free(f->server);
        f->server = tip_control_server_new(&f->service, 1, "");
        (void)hand_over(f, tip_bytes(bytes.data, cut), SIZE_MAX);
        assert_false(tip_control_server_is_done(f->server));
        assert_int_equal(tip_control_server_output(f->server).size, 0);
    }
}

static void test_no_length_is_believed(void **state)
{
    static const uint8_t lengths[][4] = {
        {0, 0, 0, 0}, {0, 1, 0, 1}, {0xff, 0xff, 0xff, 0xff}, {0x40, 0, 0, 0}};
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        tip_control_server_free(f->server);
        f->server = tip_control_server_new(&f->service, 1, "");
        (void)hand_over(f, TIP_BYTES_OF(lengths[i]), SIZE_MAX);
        assert_broken(f);
    }
}

static void test_a_message_that_may_not_come_breaks_off(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(
        tip_control_put_input(&f->out, "map", TIP_BYTES_NONE, true), TIP_OK);
    send_all(f);
    assert_broken(f);
}

static void test_a_second_request_breaks_off(void **state)
{
    struct fixture *f = *state;

    ASK(f, "sync");
    ASK(f, "sync");
    send_all(f);
    assert_broken(f);
}

/* Every byte of a request changed to every value: no crash, no hang. */
static void test_a_flipped_byte_does_no_harm(void **state)
{
    struct fixture *f = *state;
    uint8_t copy[128];
    struct tip_bytes bytes;

    ASK(f, "record", "list", "--count=3");
    assert_int_equal(tip_buf_finish(&f->out, &bytes), TIP_OK);
    assert_true(bytes.size < sizeof copy);
    for (size_t i = 0; i < bytes.size * 256; i++) {
        memcpy(copy, bytes.data, bytes.size);
        copy[i / 256] = (uint8_t)i;
        tip_control_server_free(f->server);
        f->server = tip_control_server_new(&f->service, 1, "");
        (void)hand_over(f, tip_bytes(copy, bytes.size), SIZE_MAX);
    }
}

static void test_wrong_words_are_answered_not_cut_off(void **state)
{
    struct fixture *f = *state;
    struct tip_reply_event event = {.kind = TIP_REPLY_FIELD};

    ASK(f, "satus");
    send_all(f);
    assert_int_equal(event_next(f, &event), TIP_OK);
    assert_int_equal(event.number, TIP_EUSAGE);
    if (event.context.data == NULL) {
        fail_msg("the error says nothing about the words");
        return;
    }
    assert_non_null(
        memmem(event.context.data, event.context.size, "status", 6));
    assert_int_equal(end_of(f), TIP_EXIT_USAGE);
}

static void test_the_daemon_runs_only_its_own_commands(void **state)
{
    struct fixture *f = *state;

    ASK(f, "serve");
    send_all(f);
    assert_int_equal(end_of(f), TIP_EXIT_USAGE);
}

static void test_another_version_is_told_so(void **state)
{
    static const uint8_t request[] = {0, 0, 0, 3, TIP_CONTROL_REQUEST, 99, 0};
    struct fixture *f = *state;
    struct tip_reply_event event = {.kind = TIP_REPLY_FIELD};

    (void)hand_over(f, TIP_BYTES_OF(request), SIZE_MAX);
    assert_int_equal(event_next(f, &event), TIP_OK);
    assert_int_equal(event.number, TIP_EUNSUPPORTED);
}

static void test_more_words_than_allowed_break_off(void **state)
{
    static const uint8_t request[] = {
        0, 0, 0, 8, TIP_CONTROL_REQUEST, 1, 0xff, 0xff, 0xff, 0xff, 0x0f, 0};
    struct fixture *f = *state;

    (void)hand_over(f, TIP_BYTES_OF(request), SIZE_MAX);
    assert_broken(f);
}

static void test_a_waiting_handler_goes_on_when_the_program_does(void **state)
{
    struct fixture *f = *state;
    struct tip_reply_event event = {.kind = TIP_REPLY_FIELD};

    ASK(f, "sync");
    send_all(f);
    assert_int_equal(event_next(f, &event), TIP_EAGAIN);
    f->engine.is_ready = true;
    tip_control_server_step(f->server);
    assert_int_equal(end_of(f), TIP_EXIT_OK);
}

static void test_a_waiting_client_is_told_that_all_is_well(void **state)
{
    struct fixture *f = *state;
    struct tip_control_message message;

    ASK(f, "sync");
    send_all(f);
    tip_control_server_tick(f->server);
    tip_control_server_tick(f->server);
    (void)tip_control_decoder_feed(&f->decoder,
                                   tip_control_server_output(f->server));
    assert_int_equal(tip_control_decoder_take(&f->decoder, &message), TIP_OK);
    assert_int_equal(message.kind, TIP_CONTROL_ALIVE);
    assert_int_equal(tip_control_server_output(f->server).size, 5);
}

static void test_a_caller_that_says_nothing_loses_its_place(void **state)
{
    struct fixture *f = *state;

    tip_control_server_tick(f->server);
    assert_false(tip_control_server_is_done(f->server));
    tip_control_server_tick(f->server);
    assert_true(tip_control_server_is_done(f->server));
}

/* 100,000 rows are some megabytes; the server holds 256 KiB. */
static void test_a_handler_waits_for_a_slow_reader(void **state)
{
    struct fixture *f = *state;
    struct tip_reply_event event = {.kind = TIP_REPLY_FIELD};
    size_t rows = 0;

    ASK(f, "record", "list", "--count=100000");
    send_all(f);
    while (event.kind != TIP_REPLY_END) {
        assert_int_equal(event_next(f, &event), TIP_OK);
        rows += event.kind == TIP_REPLY_ROW_END ? 1 : 0;
    }
    assert_int_equal(event.number, TIP_EXIT_OK);
    assert_int_equal(rows, 100000);
}

static void test_a_caller_that_goes_away_frees_the_job(void **state)
{
    struct fixture *f = *state;

    ASK(f, "import", "FILE");
    send_all(f);
    tip_control_server_free(f->server);
    f->server = NULL;
    assert_int_equal(f->engine.freed_jobs, 1);
}

static void test_a_request_too_large_is_not_sent(void **state)
{
    struct fixture *f = *state;
    char *word = calloc(1, TIP_CONTROL_MESSAGE_BYTES_MAX + 1);

    assert_non_null(word);
    memset(word, 'x', TIP_CONTROL_MESSAGE_BYTES_MAX);
    assert_int_equal(tip_control_put_request(&f->out, WORDS(word), 1),
                     TIP_ETOOBIG);
    assert_int_equal(f->out.size, 0);
    free(word);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_request_is_answered),
        TEST(test_every_split_of_the_bytes_gives_the_same),
        TEST(test_single_bytes_give_the_same_as_all_at_once),
        TEST(test_a_stream_cut_anywhere_is_no_request),
        TEST(test_no_length_is_believed),
        TEST(test_a_message_that_may_not_come_breaks_off),
        TEST(test_a_second_request_breaks_off),
        TEST(test_a_flipped_byte_does_no_harm),
        TEST(test_wrong_words_are_answered_not_cut_off),
        TEST(test_the_daemon_runs_only_its_own_commands),
        TEST(test_another_version_is_told_so),
        TEST(test_more_words_than_allowed_break_off),
        TEST(test_a_waiting_handler_goes_on_when_the_program_does),
        TEST(test_a_waiting_client_is_told_that_all_is_well),
        TEST(test_a_caller_that_says_nothing_loses_its_place),
        TEST(test_a_handler_waits_for_a_slow_reader),
        TEST(test_a_caller_that_goes_away_frees_the_job),
        TEST(test_a_request_too_large_is_not_sent),
    };

    return cmocka_run_group_tests_name("control", tests, NULL, NULL);
}
