/* A file that a command makes is in its place when the disk gives it back. */
#include "tip_made.h"
#include "tip_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[32];
static char path[64], beside[64];

static int setup(void **state)
{
    (void)state;
    (void)snprintf(folder, sizeof folder, "/tmp/tip-made-XXXXXX");
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/out", folder);
    (void)snprintf(beside, sizeof beside, "%s/out.new", folder);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    (void)unlink(path);
    assert_int_equal(access(beside, F_OK), -1);
    return rmdir(folder);
}

static void write_to(const char *name, const char *mode, const char *text)
{
    FILE *file = fopen(name, mode);

    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void assert_holds(const char *text)
{
    char content[64] = "";
    FILE *file = fopen(path, "r");

    assert_non_null(file);
    assert_int_equal(fread(content, 1, sizeof content - 1, file), strlen(text));
    assert_int_equal(fclose(file), 0);
    assert_string_equal(content, text);
}

/* Begun in the place of "before", with "seven" in it. */
static void begin(struct tip_made *made)
{
    write_to(path, "w", "before");
    assert_int_equal(tip_made_open(made, path), TIP_OK);
    tip_out_text(&made->out, "se");
    tip_out_text(&made->out, "ven");
    assert_holds("before");
}

static void test_what_is_whole_takes_its_place(void **state)
{
    struct tip_made made = {.path = ""};

    (void)state;
    begin(&made);
    assert_int_equal(tip_made_keep(&made), TIP_OK);
    assert_holds("seven");
    tip_made_drop(&made);
    assert_holds("seven");
}

static void test_what_the_disk_does_not_give_back_is_not_kept(void **state)
{
    struct tip_made made = {.path = ""};

    (void)state;
    begin(&made);
    write_to(beside, "a", "xxxxx+"); /* Of which the end stays. */
    assert_int_equal(tip_made_keep(&made), TIP_EREADBACK);
    assert_holds("before");
}

static void test_bytes_that_changed_are_not_kept(void **state)
{
    struct tip_made made = {.path = ""};

    (void)state;
    begin(&made);
    assert_int_equal(tip_out_finish(&made.out), TIP_OK);
    write_to(beside, "r+", "sevem");
    assert_int_equal(tip_made_keep(&made), TIP_EREADBACK);
    assert_holds("before");
}

/* A stick that is full is no broken one. */
static void test_that_there_is_no_room_is_told_from_a_disk_that_fails(void **s)
{
    struct tip_made made = {.path = ""};

    (void)s;
    begin(&made);
    assert_non_null(freopen("/dev/full", "w", made.out.file));
    tip_out_text(&made.out, "more");
    assert_int_equal(tip_made_keep(&made), TIP_ENOROOM);
    assert_holds("before");
}

static void test_what_is_dropped_leaves_nothing(void **state)
{
    struct tip_made made = {.path = ""};

    (void)state;
    begin(&made);
    tip_made_drop(&made);
    assert_holds("before");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_what_is_whole_takes_its_place),
        TEST(test_what_the_disk_does_not_give_back_is_not_kept),
        TEST(test_bytes_that_changed_are_not_kept),
        TEST(test_that_there_is_no_room_is_told_from_a_disk_that_fails),
        TEST(test_what_is_dropped_leaves_nothing),
    };

    return cmocka_run_group_tests_name("made", tests, NULL, NULL);
}
