/* Rules of JSON in and out. */
#include "tip_json.h"
#include "tip_json_writer.h"
#include "tip_test.h"

#include <stdlib.h>

static struct tip_json *parse(const char *text)
{
    struct tip_json *root = NULL;
    struct tip_json_place place;

    assert_int_equal(tip_json_parse(tip_bytes_text(text), &root, &place),
                     TIP_OK);
    return root;
}

static void assert_refused(const char *text, enum tip_err err, size_t line)
{
    struct tip_json *root = NULL;
    struct tip_json_place place;

    assert_int_equal(tip_json_parse(tip_bytes_text(text), &root, &place), err);
    assert_null(root);
    assert_int_equal(place.line, line);
    assert_true(place.column > 0);
}

static void test_a_record_is_walked_in_the_order_of_the_text(void **state)
{
    struct tip_json *root =
        parse("{\"sex\": \"F\", \"age\": 12, \"acts\": [\"a\", \"b\"],"
              " \"minor\": true, \"note\": null}");
    struct tip_json_walk walk;
    static const char *const names[] = {"sex", "age", "acts", "minor", "note"};
    static const enum tip_json_kind kinds[] = {TIP_JSON_TEXT, TIP_JSON_INTEGER,
                                               TIP_JSON_ARRAY, TIP_JSON_BOOL,
                                               TIP_JSON_NULL};

    (void)state;
    assert_int_equal(tip_json_count(root), 5);
    tip_json_walk_init(&walk, root);
    for (size_t i = 0; i < 5; i++) {
        assert_true(tip_json_walk_next(&walk));
        assert_true(tip_bytes_equal(walk.name, tip_bytes_text(names[i])));
        assert_int_equal(tip_json_kind(walk.value), kinds[i]);
    }
    assert_false(tip_json_walk_next(&walk));
    tip_json_free(root);
}

static void test_values_come_out_as_written(void **state)
{
    struct tip_json *root = parse("[-9223372036854775808, \"N\\u00e9ma\","
                                  " false, 1.5, {\"a\": 1}, []]");

    (void)state;
    assert_int_equal(tip_json_count(root), 6);
    assert_true(tip_json_integer(tip_json_item(root, 0)) == INT64_MIN);
    assert_true(tip_bytes_equal(tip_json_text(tip_json_item(root, 1)),
                                tip_bytes_text("Néma")));
    assert_false(tip_json_bool(tip_json_item(root, 2)));
    assert_int_equal(tip_json_kind(tip_json_item(root, 3)), TIP_JSON_REAL);
    assert_int_equal(
        tip_json_integer(tip_json_member(tip_json_item(root, 4), "a")), 1);
    assert_null(tip_json_member(tip_json_item(root, 4), "b"));
    assert_int_equal(tip_json_count(tip_json_item(root, 5)), 0);
    assert_null(tip_json_item(root, 6));
    tip_json_free(root);
}

static void test_malformed_text_is_refused_with_its_line(void **state)
{
    (void)state;
    assert_refused("", TIP_ETABLE_JSON, 1);
    assert_refused("{\n \"a\": 1,\n}", TIP_ETABLE_JSON, 3);
    assert_refused("{\"a\": 1, \"a\": 2}", TIP_ETABLE_JSON, 1);
    assert_refused("[\"\xff\"]", TIP_ETABLE_JSON, 1);
    assert_refused("[\"\\u0000\"]", TIP_ETABLE_JSON, 1);
    assert_refused("[1] x", TIP_ETABLE_JSON, 1);
    assert_refused("\"alone\"", TIP_ETABLE_JSON, 1);
    assert_refused("[1e999]", TIP_ETOOBIG, 1);
    assert_refused("[92233720368547758080]", TIP_ETOOBIG, 1);
}

static void test_depth_and_count_are_limited_before_parsing(void **state)
{
    char deep[2 * TIP_JSON_DEPTH_MAX + 3] = {0};
    size_t size = (size_t)2 * TIP_JSON_VALUES_MAX;
    char *wide = malloc(size + 3);

    (void)state;
    memset(deep, '[', TIP_JSON_DEPTH_MAX);
    memset(deep + TIP_JSON_DEPTH_MAX, ']', TIP_JSON_DEPTH_MAX);
    tip_json_free(parse(deep));
    memset(deep, '[', TIP_JSON_DEPTH_MAX + 1);
    memset(deep + TIP_JSON_DEPTH_MAX + 1, ']', TIP_JSON_DEPTH_MAX + 1);
    assert_refused(deep, TIP_ETOOBIG, 1);

    assert_non_null(wide);
    memset(wide, '1', size + 2);
    for (size_t i = 1; i < size; i += 2) {
        wide[i + 1] = ',';
    }
    wide[0] = '[';
    wide[size + 1] = ']';
    wide[size + 2] = '\0';
    assert_refused(wide, TIP_ETOOBIG, 1);
    free(wide);
}

static void write_sample(struct tip_json_writer *writer)
{
    tip_json_begin_object(writer);
    tip_json_put_key(writer, "name");
    tip_json_put_text(writer, tip_bytes_text("a\"b\\c\nd\x1b\xe9z é\xc2\x9e"));
    tip_json_put_key(writer, "list");
    tip_json_begin_array(writer);
    tip_json_put_integer(writer, INT64_MIN);
    tip_json_put_bool(writer, true);
    tip_json_begin_object(writer);
    tip_json_end_object(writer);
    tip_json_end_array(writer);
    tip_json_put_key(writer, "last");
    tip_json_put_integer(writer, 7);
    tip_json_end_object(writer);
    tip_json_end_document(writer);
}

static void test_the_writer_separates_and_escapes(void **state)
{
    struct tip_sink_memory sink;
    struct tip_json_writer writer;

    (void)state;
    tip_sink_memory_init(&sink, 4096);
    tip_json_writer_init(&writer, &sink.base);
    write_sample(&writer);
    assert_int_equal(tip_json_writer_finish(&writer), TIP_OK);
    assert_true(tip_bytes_equal(
        tip_sink_memory_get(&sink),
        tip_bytes_text(
            "{\"name\":\"a\\\"b\\\\c\\nd\\u001b\\ufffdz é\\u009e\","
            "\"list\":[-9223372036854775808,true,{}],\"last\":7}\n")));
    tip_sink_memory_deinit(&sink);
}

static void test_documents_follow_each_other_one_per_line(void **state)
{
    struct tip_sink_memory sink;
    struct tip_json_writer writer;

    (void)state;
    tip_sink_memory_init(&sink, 4096);
    tip_json_writer_init(&writer, &sink.base);
    for (int i = 0; i < 2; i++) {
        tip_json_begin_array(&writer);
        tip_json_put_integer(&writer, i);
        tip_json_end_array(&writer);
        tip_json_end_document(&writer);
    }
    assert_true(tip_bytes_equal(tip_sink_memory_get(&sink),
                                tip_bytes_text("[0]\n[1]\n")));
    tip_sink_memory_deinit(&sink);
}

static void test_a_failed_sink_is_told_at_the_end(void **state)
{
    struct tip_sink_memory sink;
    struct tip_json_writer writer;

    (void)state;
    tip_sink_memory_init(&sink, 10);
    tip_json_writer_init(&writer, &sink.base);
    write_sample(&writer);
    assert_int_equal(tip_json_writer_finish(&writer), TIP_ETOOBIG);
    tip_sink_memory_deinit(&sink);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_record_is_walked_in_the_order_of_the_text),
        cmocka_unit_test(test_values_come_out_as_written),
        cmocka_unit_test(test_malformed_text_is_refused_with_its_line),
        cmocka_unit_test(test_depth_and_count_are_limited_before_parsing),
        cmocka_unit_test(test_the_writer_separates_and_escapes),
        cmocka_unit_test(test_documents_follow_each_other_one_per_line),
        cmocka_unit_test(test_a_failed_sink_is_told_at_the_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
