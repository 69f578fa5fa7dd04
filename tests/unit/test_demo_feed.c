/* What the demo hands to `tipnode import`: lines that stand by themselves. */
#include "tip_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "demo_feed.h"
#include "tip_catalogue_folder.h"
#include "tip_json.h"

#define NATIONAL TIP_SOURCE_DIR "/common/catalogue/national"

enum { TODAY = 20780, OFFICES = 15, RECORDS = 500 };

static struct tip_catalogue *national;
static struct tip_id offices[OFFICES];
static struct demo_feed feed;

static int load_national(void **state)
{
    struct tip_catalogue_folder folder;
    struct tip_problems problems = {0};

    (void)state;
    assert_int_equal(tip_catalogue_folder_read(NATIONAL, &folder), TIP_OK);
    assert_int_equal(tip_catalogue_load(folder.files, folder.file_count,
                                        &problems, &national),
                     TIP_OK);
    tip_catalogue_folder_deinit(&folder);
    return 0;
}

static int free_national(void **state)
{
    (void)state;
    tip_catalogue_free(national);
    return 0;
}

static void feed_start(void)
{
    const struct demo_teller_opts opts = {.catalogue = national,
                                          .seed = 4,
                                          .office = 6,
                                          .office_count = OFFICES,
                                          .today = TODAY};

    demo_feed_ids(11, 1000, OFFICES, offices);
    assert_int_equal(demo_feed_init(&feed, &opts, offices, 1000, 11), TIP_OK);
}

/* The line at *@at, which moves behind it. */
static struct tip_json *parse_line(const char **at)
{
    size_t size = strcspn(*at, "\n");
    struct tip_json_place place;
    struct tip_json *root = NULL;

    assert_int_equal(tip_json_parse(tip_bytes(*at, size), &root, &place),
                     TIP_OK);
    *at += size + 1;
    return root;
}

static const char *member(struct tip_json *root, const char *name)
{
    static char text[64];
    struct tip_json *value = tip_json_member(root, name);

    text[0] = '\0';
    if (value != NULL && tip_json_kind(value) == TIP_JSON_TEXT) {
        struct tip_bytes bytes = tip_json_text(value);

        (void)snprintf(text, sizeof text, "%.*s", (int)bytes.size,
                       (const char *)bytes.data);
    }
    return text;
}

static void test_each_line_is_one_record_that_names_earlier_ones(void **state)
{
    char *text = NULL;
    size_t size = 0, lines = 0;
    FILE *file = open_memstream(&text, &size);
    const char *at;

    (void)state;
    feed_start();
    assert_int_equal(demo_feed_write(&feed, RECORDS, file), TIP_OK);
    (void)fclose(file);
    for (at = text; *at != '\0'; lines++) {
        const char *line = at;
        struct tip_json *root = parse_line(&at);
        char id[64], of_case[64];

        (void)snprintf(id, sizeof id, "%s", member(root, "_id"));
        assert_int_equal(strlen(id), 36);
        assert_null(memmem(text, (size_t)(line - text), id, 36));
        (void)snprintf(of_case, sizeof of_case, "%s", member(root, "case"));
        if (of_case[0] != '\0') {
            assert_non_null(memmem(text, (size_t)(line - text), of_case, 36));
        }
        tip_json_free(root);
    }
    assert_int_equal(lines, RECORDS);
    free(text);
}

static void test_the_office_itself_has_the_id_that_others_name(void **state)
{
    char *text = NULL, id[TIP_ID_TEXT_SIZE];
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    struct tip_json *root;
    const char *at;

    (void)state;
    feed_start();
    assert_int_equal(demo_feed_write_office(&feed, file), TIP_OK);
    (void)fclose(file);
    at = text;
    root = parse_line(&at);
    tip_id_format(&offices[6], id);
    assert_string_equal(member(root, "_id"), id);
    assert_string_equal(member(root, "wilaya"), "MR07");
    assert_int_equal(tip_json_integer(tip_json_member(root, "office_number")),
                     107);
    tip_json_free(root);
    free(text);
}

static void test_two_demos_of_one_seed_have_other_ids(void **state)
{
    struct tip_id other[OFFICES];

    (void)state;
    demo_feed_ids(11, 1000, OFFICES, offices);
    demo_feed_ids(12, 1000, OFFICES, other);
    for (size_t i = 0; i < OFFICES; i++) {
        assert_false(tip_id_equal(&offices[i], &other[i]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_line_is_one_record_that_names_earlier_ones),
        cmocka_unit_test(test_the_office_itself_has_the_id_that_others_name),
        cmocka_unit_test(test_two_demos_of_one_seed_have_other_ids),
    };

    return cmocka_run_group_tests(tests, load_national, free_national);
}
