/* Rules of tip_goodput: what a line carries is learned from answers, whatever
 * the silence between them; what is under way stays small on a slow line. */
#include "tip_frame.h"
#include "tip_goodput.h"
#include "tip_prng.h"
#include "tip_test.h"

enum {
    START_MS = 100 * 1000,
    RTT_MS = 800,
    EDGE_BPS = 8000, /* 64 kbit/s. */
    HOUR_MS = 3600 * 1000,
    LAN_BPS = 10 * 1000 * 1000,
    FRAMES = 40
};

/* A line: a pipe with a round trip and a rate, and what we know of it. */
struct line {
    struct tip_goodput goodput;
    struct tip_flights flights;
    uint64_t now_ms, through_ms, rtt_ms, bps;
    uint64_t number;
};

static struct line line_of(uint64_t rtt_ms, uint64_t bps)
{
    struct line line = {.now_ms = START_MS, .rtt_ms = rtt_ms, .bps = bps};

    tip_goodput_open(&line.goodput, &line.flights);
    tip_goodput_answered(&line.goodput, rtt_ms);
    return line;
}

/* Send @bytes now; when its answer is back. */
static uint64_t send(struct line *line, size_t bytes)
{
    uint64_t start =
        line->through_ms > line->now_ms ? line->through_ms : line->now_ms;

    line->through_ms = start + bytes * 1000 / line->bps;
    tip_flights_sent(&line->flights, ++line->number, bytes, line->now_ms);
    return line->through_ms + line->rtt_ms;
}

static void answer(struct line *line, uint64_t number, uint64_t at_ms)
{
    line->now_ms = at_ms;
    tip_goodput_acked(&line->goodput, &line->flights, number, at_ms);
}

/* Send @count frames of the size it asks for, one after another, with
 * @silence_ms between. */
static void send_alone(struct line *line, int count, uint64_t silence_ms)
{
    for (int i = 0; i < count; i++) {
        uint64_t back = send(line, tip_goodput_frame_bytes(&line->goodput));

        answer(line, line->number, back);
        line->now_ms += silence_ms;
    }
}

static void assert_near(uint64_t value, uint64_t wanted, uint64_t percent)
{
    assert_in_range(value, wanted - wanted * percent / 100,
                    wanted + wanted * percent / 100);
}

static void test_an_unknown_line_starts_small(void **state)
{
    struct line line = line_of(RTT_MS, EDGE_BPS);

    (void)state;
    assert_int_equal(tip_goodput_bps(&line.goodput), 0);
    assert_int_equal(tip_goodput_frame_bytes(&line.goodput), 4096);
    assert_true(tip_goodput_room(&line.goodput, 0) >= TIP_FRAME_BYTES_MAX);
    assert_int_equal(tip_goodput_room(&line.goodput, 4096), 0);
    assert_int_equal(tip_goodput_eta_ms(&line.goodput, 1000), 0);
}

static void test_the_round_trip_and_silence_do_not_count(void **state)
{
    static const uint64_t silences[] = {0, 1, 500, HOUR_MS};

    (void)state;
    for (size_t i = 0; i < sizeof silences / sizeof *silences; i++) {
        struct line line = line_of(RTT_MS, EDGE_BPS);

        send_alone(&line, FRAMES, silences[i]);
        assert_near(tip_goodput_bps(&line.goodput), EDGE_BPS, 10);
        assert_near(tip_goodput_frame_bytes(&line.goodput), 16000, 10);
    }
}

static void test_answers_for_many_frames_at_once_count_as_many(void **state)
{
    struct line line = line_of(RTT_MS, EDGE_BPS);

    (void)state;
    for (int i = 0; i < FRAMES; i++) {
        uint64_t back = 0;

        for (int frame = 0; frame < 5; frame++) {
            back = send(&line, 2000);
        }
        answer(&line, line.number, back);
    }
    assert_near(tip_goodput_bps(&line.goodput), EDGE_BPS, 15);
}

static void test_frames_in_a_row_measure_the_line_and_not_the_wait(void **state)
{
    struct line line = line_of(RTT_MS, EDGE_BPS);
    uint64_t back[FRAMES];

    (void)state;
    for (int i = 0; i < FRAMES; i++) {
        back[i] = send(&line, 2000);
    }
    for (int i = 0; i < TIP_FLIGHTS_MAX - 1; i++) {
        answer(&line, (uint64_t)i + 1, back[i]);
        if (i > 0) {
            assert_near(tip_goodput_bps(&line.goodput), EDGE_BPS, 10);
        }
    }
}

static void test_frames_are_two_seconds_of_the_line(void **state)
{
    static const struct {
        uint64_t bps;
        size_t frame;
    } lines[] = {{300, 1024},  {1000, 2000},  {2000, 4000},
                 {4000, 8000}, {8000, 16000}, {1000000, TIP_FRAME_BYTES_MAX}};

    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct line line = line_of(RTT_MS, lines[i].bps);

        send_alone(&line, FRAMES, 100);
        assert_near(tip_goodput_frame_bytes(&line.goodput), lines[i].frame, 10);
    }
}

static void test_a_good_line_is_known_after_one_answer(void **state)
{
    struct line line = line_of(1, LAN_BPS);

    (void)state;
    answer(&line, 1, send(&line, 4096) + 5); /* …with 5 ms of its disk. */
    assert_int_equal(tip_goodput_frame_bytes(&line.goodput),
                     TIP_FRAME_BYTES_MAX);
    assert_true(tip_goodput_room(&line.goodput, TIP_FRAME_BYTES_MAX) >=
                (size_t)10 * TIP_FRAME_BYTES_MAX);
}

static void test_a_line_that_got_worse_is_known_after_some_frames(void **state)
{
    struct line line = line_of(RTT_MS, EDGE_BPS);

    (void)state;
    send_alone(&line, FRAMES, 0);
    line.bps = 1000;
    send_alone(&line, 4, 0);
    assert_near(tip_goodput_bps(&line.goodput), 1000, 25);
}

static void test_small_frames_on_a_quiet_line_say_nothing(void **state)
{
    struct line line = line_of(RTT_MS, EDGE_BPS);

    (void)state;
    for (int i = 0; i < FRAMES; i++) {
        answer(&line, line.number, send(&line, 150));
    }
    assert_int_equal(tip_goodput_bps(&line.goodput), 0);
}

static void test_a_new_connection_keeps_what_was_learned(void **state)
{
    struct line line = line_of(RTT_MS, EDGE_BPS);
    uint64_t bps;

    (void)state;
    send_alone(&line, FRAMES, 0);
    bps = tip_goodput_bps(&line.goodput);
    (void)send(&line, 16000);
    tip_goodput_open(&line.goodput, &line.flights);
    assert_int_equal(line.flights.bytes, 0);
    assert_int_equal(tip_goodput_bps(&line.goodput), bps);
    tip_goodput_answered(&line.goodput, RTT_MS + 1); /* By another way. */
    assert_int_equal(line.goodput.round_trip_ms, RTT_MS + 1);
}

/* On any line, whatever is sent: under way is one frame, or two seconds. */
static void test_under_way_is_one_frame_or_two_seconds(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 200; seed++) {
        struct tip_prng prng = {.state = seed};
        struct line line = line_of(tip_prng_below(&prng, 5000),
                                   300 + tip_prng_below(&prng, 20000));

        for (int i = 0; i < 200; i++) {
            size_t room = tip_goodput_room(&line.goodput, line.flights.bytes);
            size_t size = 100 + tip_prng_below(&prng, 32000);
            uint64_t seconds = tip_goodput_bps(&line.goodput) * 2;

            if (size <= room && tip_prng_below(&prng, 3) > 0) {
                (void)send(&line, size);
                assert_true(line.flights.count == 1 ||
                            line.flights.bytes <=
                                (seconds == 0 ? 4096 : seconds));
            } else if (line.flights.count > 0) {
                answer(&line, line.flights.items[0].number,
                       line.through_ms + line.rtt_ms);
            }
        }
    }
}

static void test_says_how_long_what_waits_will_take(void **state)
{
    struct line line = line_of(RTT_MS, EDGE_BPS);

    (void)state;
    assert_int_equal(tip_goodput_eta_ms(&line.goodput, 1000), 0);
    send_alone(&line, FRAMES, 0);
    assert_near(tip_goodput_eta_ms(&line.goodput, UINT64_C(10) * EDGE_BPS),
                10000, 10);
    assert_int_equal(
        tip_goodput_eta_ms(&line.goodput, 3 * tip_goodput_bps(&line.goodput)),
        3000);
}

/* The shortest answer that ever came is how far the hub is away. */
static void test_the_round_trip_is_learned_from_frames(void **state)
{
    struct line line = line_of(RTT_MS, EDGE_BPS);

    (void)state;
    answer(&line, 1, send(&line, 16));
    assert_int_equal(line.goodput.round_trip_ms, RTT_MS);
    line.goodput.round_trip_ms = UINT64_C(10) * RTT_MS;
    answer(&line, 2, send(&line, 16));
    assert_in_range(line.goodput.round_trip_ms, RTT_MS, RTT_MS + 2);
}

/* What the line is found to carry after one frame of @bytes. */
static uint64_t learnt(size_t bytes)
{
    struct line line = line_of(RTT_MS, EDGE_BPS / 8);

    answer(&line, 1, send(&line, bytes));
    return tip_goodput_bps(&line.goodput);
}

static void test_what_is_small_says_nothing_of_the_line(void **state)
{
    (void)state;
    assert_int_equal(learnt(TIP_GOODPUT_SAMPLE_BYTES - 1), learnt(1));
    assert_int_not_equal(learnt(TIP_GOODPUT_SAMPLE_BYTES), learnt(1));
}

/* Not for a crumb, and not only for a whole frame. */
static void test_room_for_a_fourth_of_a_frame_is_room(void **state)
{
    const struct tip_goodput goodput = {.busy_bytes = EDGE_BPS,
                                        .busy_ms = 1000};
    size_t frame = tip_goodput_frame_bytes(&goodput);

    (void)state;
    assert_int_equal(tip_goodput_room(&goodput, frame - frame / 4), frame / 4);
    assert_int_equal(tip_goodput_room(&goodput, frame - frame / 4 + 1), 0);
}

static void test_four_seconds_of_experience_are_kept_whole(void **state)
{
    struct line line = line_of(0, 1000);

    (void)state;
    answer(&line, 1, send(&line, 4000));
    assert_int_equal(line.goodput.busy_ms, 4000);
    assert_int_equal(line.goodput.busy_bytes, 4000);
    answer(&line, 2, send(&line, 1000));
    assert_in_range(line.goodput.busy_ms, 2000, 2500); /* Half of it. */
    assert_int_equal(line.goodput.busy_bytes, 2500);
    line = line_of(0, 1000);
    answer(&line, 1, send(&line, 4001));
    assert_int_equal(line.goodput.busy_ms, 2001);
}

/* It came again, late: what it was sent at is known no more. */
static void test_an_answer_for_nothing_teaches_nothing(void **state)
{
    struct line line = line_of(RTT_MS, EDGE_BPS);
    struct tip_goodput before;

    (void)state;
    answer(&line, 1, send(&line, 4000));
    before = line.goodput;
    answer(&line, 1, line.now_ms + 5);
    assert_memory_equal(&line.goodput, &before, sizeof before);
}

/* More are under way than there are places: the last stands for the rest. */
static void test_what_has_no_place_of_its_own_is_under_way_too(void **state)
{
    struct line line = line_of(RTT_MS, EDGE_BPS);

    (void)state;
    for (int i = 0; i < TIP_FLIGHTS_MAX + 2; i++) {
        (void)send(&line, 100);
    }
    assert_int_equal(line.flights.bytes, 100 * (TIP_FLIGHTS_MAX + 2));
    answer(&line, TIP_FLIGHTS_MAX - 1, line.now_ms + RTT_MS);
    assert_int_equal(line.flights.bytes, 100 * 3);
    answer(&line, TIP_FLIGHTS_MAX + 1, line.now_ms + RTT_MS);
    assert_int_equal(line.flights.bytes, 100 * 3);
    answer(&line, TIP_FLIGHTS_MAX + 2, line.now_ms + RTT_MS);
    assert_int_equal(line.flights.bytes, 0);
}

/* The round trip may be mistaken: that of another line, or of a better hour. */
static void test_a_frame_took_an_eighth_of_the_wait_at_least(void **state)
{
    struct line line = line_of(RTT_MS, LAN_BPS);

    (void)state;
    tip_flights_sent(&line.flights, 1, TIP_GOODPUT_SAMPLE_BYTES, START_MS);
    answer(&line, 1, START_MS + RTT_MS);
    assert_int_equal(line.goodput.busy_ms, RTT_MS / 8);
}

/* On a clock of milliseconds: it took less than one, not nothing. */
static void test_what_is_answered_at_once_took_a_moment(void **state)
{
    struct line line = line_of(0, LAN_BPS);

    (void)state;
    tip_flights_sent(&line.flights, 1, TIP_GOODPUT_SAMPLE_BYTES, START_MS);
    answer(&line, 1, START_MS);
    assert_int_equal(line.goodput.busy_ms, 1);
}

static void test_what_it_carries_is_said_by_the_second(void **state)
{
    const struct tip_goodput goodput = {.busy_bytes = 6000, .busy_ms = 1500};

    (void)state;
    assert_int_equal(tip_goodput_bps(&goodput), 4000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_unknown_line_starts_small),
        cmocka_unit_test(test_room_for_a_fourth_of_a_frame_is_room),
        cmocka_unit_test(test_four_seconds_of_experience_are_kept_whole),
        cmocka_unit_test(test_the_round_trip_and_silence_do_not_count),
        cmocka_unit_test(test_answers_for_many_frames_at_once_count_as_many),
        cmocka_unit_test(
            test_frames_in_a_row_measure_the_line_and_not_the_wait),
        cmocka_unit_test(test_frames_are_two_seconds_of_the_line),
        cmocka_unit_test(test_a_good_line_is_known_after_one_answer),
        cmocka_unit_test(test_a_line_that_got_worse_is_known_after_some_frames),
        cmocka_unit_test(test_small_frames_on_a_quiet_line_say_nothing),
        cmocka_unit_test(test_a_new_connection_keeps_what_was_learned),
        cmocka_unit_test(test_under_way_is_one_frame_or_two_seconds),
        cmocka_unit_test(test_says_how_long_what_waits_will_take),
        cmocka_unit_test(test_the_round_trip_is_learned_from_frames),
        cmocka_unit_test(test_an_answer_for_nothing_teaches_nothing),
        cmocka_unit_test(test_what_has_no_place_of_its_own_is_under_way_too),
        cmocka_unit_test(test_a_frame_took_an_eighth_of_the_wait_at_least),
        cmocka_unit_test(test_what_is_answered_at_once_took_a_moment),
        cmocka_unit_test(test_what_it_carries_is_said_by_the_second),
        cmocka_unit_test(test_what_is_small_says_nothing_of_the_line),
    };

    return cmocka_run_group_tests_name("goodput", tests, NULL, NULL);
}
