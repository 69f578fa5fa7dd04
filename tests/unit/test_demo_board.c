/* The demo's table of offices, and the weather it shows. */
#include "tip_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "demo_board.h"

/* What was written. */
struct page {
    char *text;
    size_t size;
    struct tip_out out;
};

static void page_open(struct page *page)
{
    page->out =
        (struct tip_out){.file = open_memstream(&page->text, &page->size)};
    assert_non_null(page->out.file);
}

static void page_close(struct page *page)
{
    (void)fclose(page->out.file);
    free(page->text);
}

static size_t count_of(const char *text, const char *part)
{
    size_t count = 0;

    for (const char *at = strstr(text, part); at != NULL;
         at = strstr(at + 1, part)) {
        count++;
    }
    return count;
}

static struct demo_office office(const char *code, const char *name,
                                 enum demo_office_state state, uint64_t waiting)
{
    return (struct demo_office){.code = tip_bytes_text(code),
                                .name = tip_bytes_text(name),
                                .state = state,
                                .saved = 40,
                                .waiting = waiting,
                                .at_hub = 40 - waiting,
                                .heard_ms = 2000};
}

static void test_on_a_screen_the_table_is_drawn_over_itself(void **state)
{
    struct demo_office offices[] = {
        office("MR01", "Hodh Ech Chargui", DEMO_OFFICE_ONLINE, 0),
        office("MR08", "Dakhlet Nouadhibou", DEMO_OFFICE_OFFLINE, 12)};
    struct demo_board board;
    struct page page;

    (void)state;
    page_open(&page);
    demo_board_init(&board, &page.out, true, false);
    demo_board_show(&board, "stormy", 65000, offices, 2);
    assert_null(strstr(page.text, "\033[5A"));
    assert_non_null(strstr(page.text, "01:05  stormy"));
    assert_non_null(strstr(page.text, "○ MR08 Dakhlet Nouadhibou"));
    assert_non_null(strstr(page.text, " 1 of 2"));
    demo_board_show(&board, "stormy", 66000, offices, 2);
    assert_non_null(strstr(page.text, "\033[5A")); /* Title, head, 2, total. */
    assert_int_equal(count_of(page.text, "\n"), 10);
    page_close(&page);
}

static void test_what_follows_the_table_stands_below_it(void **state)
{
    struct demo_office one =
        office("MR01", "Hodh Ech Chargui", DEMO_OFFICE_ONLINE, 0);
    struct demo_board board;
    struct page page;

    (void)state;
    page_open(&page);
    demo_board_init(&board, &page.out, true, true);
    demo_board_show(&board, "calm", 0, &one, 1);
    assert_non_null(strstr(page.text, "\033[32m"));
    demo_board_leave(&board);
    demo_board_show(&board, "calm", 0, &one, 1);
    assert_null(strstr(page.text, "\033[4A"));
    page_close(&page);
}

static void test_columns_stay_in_line_under_arabic_names(void **state)
{
    struct demo_office offices[] = {
        office("MR13", "Nouakchott Ouest", DEMO_OFFICE_ONLINE, 0),
        office("MR13", "نواكشوط الغربية", DEMO_OFFICE_ONLINE, 0)};
    struct demo_board board;
    struct page page;

    (void)state;
    page_open(&page);
    demo_board_init(&board, &page.out, true, false);
    demo_board_show(&board, "calm", 0, offices, 2);
    /* 16 cells of Latin, 15 of Arabic: padded to the same column. */
    assert_non_null(strstr(page.text, "Nouakchott Ouest      connected"));
    assert_non_null(
        strstr(page.text, "نواكشوط الغربية\xE2\x81\xA9       connected"));
    page_close(&page);
}

static void test_elsewhere_there_is_one_line_per_change(void **state)
{
    struct demo_office offices[] = {
        office("MR01", "Hodh Ech Chargui", DEMO_OFFICE_ONLINE, 0),
        office("MR08", "Dakhlet Nouadhibou", DEMO_OFFICE_ONLINE, 0)};
    struct demo_board board;
    struct page page;

    (void)state;
    page_open(&page);
    demo_board_init(&board, &page.out, false, true);
    demo_board_show(&board, "stormy", 0, offices, 2);
    assert_int_equal(count_of(page.text, "\n"), 2);
    demo_board_show(&board, "stormy", 500, offices, 2);
    assert_int_equal(count_of(page.text, "\n"), 2);
    offices[1].state = DEMO_OFFICE_OFFLINE;
    demo_board_show(&board, "stormy", 1000, offices, 2);
    assert_int_equal(count_of(page.text, "\n"), 3);
    assert_non_null(strstr(page.text, "00:01 MR08 Dakhlet Nouadhibou: no link, "
                                      "saved 40, waiting 0, at hub 40, "
                                      "conflicts 0"));
    assert_null(strchr(page.text, '\033'));
    page_close(&page);
}

static void test_numbers_that_only_grow_are_no_news(void **state)
{
    struct demo_office one =
        office("MR01", "Hodh Ech Chargui", DEMO_OFFICE_ONLINE, 3);
    struct demo_board board;
    struct page page;

    (void)state;
    page_open(&page);
    demo_board_init(&board, &page.out, false, false);
    demo_board_show(&board, "calm", 0, &one, 1);
    one.saved = 41;
    one.waiting = 4;
    demo_board_show(&board, "calm", 100, &one, 1);
    assert_int_equal(count_of(page.text, "\n"), 1);
    one.waiting = 0;
    demo_board_show(&board, "calm", 200, &one, 1);
    one.conflicts = 1;
    demo_board_show(&board, "calm", 300, &one, 1);
    assert_int_equal(count_of(page.text, "\n"), 3);
    page_close(&page);
}

static void test_a_calm_sky_leaves_every_link_up(void **state)
{
    struct demo_weather weather;

    (void)state;
    demo_weather_init(&weather, DEMO_SKY_CALM, 1, DEMO_LINES_MAX, 500);
    for (uint64_t now_ms = 500; now_ms < 60000; now_ms += 100) {
        assert_true(demo_weather_air(&weather, 14, now_ms)->is_up);
    }
    assert_true(demo_weather_has_passed(&weather, 500));
}

static void test_in_a_storm_each_link_comes_and_goes_by_itself(void **state)
{
    struct demo_weather weather;
    size_t changes[DEMO_LINES_MAX] = {0}, apart = 0;
    bool was_up[DEMO_LINES_MAX];

    (void)state;
    memset(was_up, 1, sizeof was_up);
    demo_weather_init(&weather, DEMO_SKY_STORMY, 7, DEMO_LINES_MAX, 0);
    for (uint64_t now_ms = 0; now_ms < 20000; now_ms += 50) {
        for (size_t i = 0; i < DEMO_LINES_MAX; i++) {
            bool is_up = demo_weather_air(&weather, i, now_ms)->is_up;

            changes[i] += is_up != was_up[i];
            apart += is_up != was_up[0];
            was_up[i] = is_up;
        }
    }
    for (size_t i = 0; i < DEMO_LINES_MAX; i++) {
        assert_in_range(changes[i], 4, 40);
    }
    assert_true(apart > 400);
    assert_true(demo_weather_has_passed(&weather, 20000));
    assert_false(demo_weather_has_passed(&weather, 1000));
}

static void test_the_same_seed_makes_the_same_storm(void **state)
{
    struct demo_weather first, again;

    (void)state;
    demo_weather_init(&first, DEMO_SKY_STORMY, 7, 3, 0);
    demo_weather_init(&again, DEMO_SKY_STORMY, 7, 3, 0);
    for (uint64_t now_ms = 0; now_ms < 20000; now_ms += 50) {
        const struct demo_air *a = demo_weather_air(&first, 2, now_ms);
        const struct demo_air *b = demo_weather_air(&again, 2, now_ms);

        assert_int_equal(a->is_up, b->is_up);
        assert_int_equal(a->latency_ms, b->latency_ms);
    }
}

static void test_a_blackout_takes_all_links_and_gives_them_back(void **state)
{
    struct demo_weather weather;

    (void)state;
    demo_weather_init(&weather, DEMO_SKY_BLACKOUT, 7, 15, 100);
    for (size_t i = 0; i < 15; i++) {
        assert_true(demo_weather_air(&weather, i, 1000)->is_up);
        assert_false(demo_weather_air(&weather, i, 5000)->is_up);
        assert_true(demo_weather_air(&weather, i, 9200)->is_up);
    }
    assert_false(demo_weather_has_passed(&weather, 5000));
    assert_true(demo_weather_has_passed(&weather, 9200));
}

static void test_once_it_has_cleared_up_it_stays_so(void **state)
{
    struct demo_weather weather;

    (void)state;
    demo_weather_init(&weather, DEMO_SKY_BLACKOUT, 7, 2, 0);
    assert_false(demo_weather_air(&weather, 1, 5000)->is_up);
    demo_weather_clear_up(&weather);
    assert_true(demo_weather_air(&weather, 1, 5001)->is_up);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_on_a_screen_the_table_is_drawn_over_itself),
        cmocka_unit_test(test_what_follows_the_table_stands_below_it),
        cmocka_unit_test(test_columns_stay_in_line_under_arabic_names),
        cmocka_unit_test(test_elsewhere_there_is_one_line_per_change),
        cmocka_unit_test(test_numbers_that_only_grow_are_no_news),
        cmocka_unit_test(test_a_calm_sky_leaves_every_link_up),
        cmocka_unit_test(test_in_a_storm_each_link_comes_and_goes_by_itself),
        cmocka_unit_test(test_the_same_seed_makes_the_same_storm),
        cmocka_unit_test(test_a_blackout_takes_all_links_and_gives_them_back),
        cmocka_unit_test(test_once_it_has_cleared_up_it_stays_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
