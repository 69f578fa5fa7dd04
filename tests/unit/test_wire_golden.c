/*
 * Rule: what format 0 wrote is read the same for ever.
 *
 * For each golden body <name> there are <name>.bin, packed as it travels,
 * <name>.plain, the same not compressed, and <name>.json, what they say.
 * `test_wire_golden --write` makes them anew: only while the format may change.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tip_test.h"
#include "tip_wire_down.h"
#include "tip_wire_up.h"
#include "wire_dump.h"
#include "wire_random.h"
#include "wire_sample.h"

enum { FILE_BYTES_MAX = 256 * 1024, ARENA_BYTES_MAX = 1 << 26 };

/* How a golden body is made, once. */
struct golden {
    const char *name;
    size_t count;
    uint64_t seed;
    bool is_down;
    bool is_random; /* Odd values of every kind; else believable ones. */
    bool is_edits;
};

static const struct golden goldens[] = {
    {"up_one_edit", 1, 1, false, false, true},
    {"up_edits", 12, 2, false, false, true},
    {"up_import", 6, 3, false, false, false},
    {"up_kinds", 8, 4, false, true, false},
    {"down_import", 6, 5, true, false, false},
    {"down_kinds", 9, 8, true, true, false},
};

enum { GOLDEN_COUNT = sizeof goldens / sizeof *goldens };

/* A golden file in memory. */
struct content {
    uint8_t bytes[FILE_BYTES_MAX];
    size_t size;
};

static FILE *open_file(const struct golden *golden, const char *ending,
                       const char *mode)
{
    char path[512];

    (void)snprintf(path, sizeof path, "%s/%s.%s", TIP_GOLDEN_DIR, golden->name,
                   ending);
    return fopen(path, mode);
}

static void load(const struct golden *golden, const char *ending,
                 struct content *out)
{
    FILE *file = open_file(golden, ending, "rb");

    assert_non_null(file);
    out->size = fread(out->bytes, 1, sizeof out->bytes, file);
    assert_int_equal(fclose(file), 0);
}

static struct tip_frame_header header_of(const struct golden *golden,
                                         uint32_t dictionary)
{
    return (struct tip_frame_header){
        .origin = 212,
        .is_down = golden->is_down,
        .first = 20000,
        .count = golden->is_down ? 1 : (uint32_t)golden->count,
        .dictionary = dictionary};
}

/* What @bytes say, written to @json. */
static void say(const struct golden *golden, struct tip_codec *codec,
                struct tip_bytes bytes, uint32_t dictionary, FILE *json)
{
    struct tip_frame_header header = header_of(golden, dictionary);
    struct tip_wire_sender sender = {.header = &header, .office = 7};
    struct tip_arena arena;
    struct tip_up_body up;
    struct tip_down_body down;

    tip_arena_init(&arena, ARENA_BYTES_MAX);
    if (golden->is_down) {
        assert_int_equal(
            tip_wire_down_decode(codec, &header, bytes, &arena, &down), TIP_OK);
        wire_dump_down(json, &down);
    } else {
        assert_int_equal(tip_wire_up_decode(codec, &sender, bytes, &arena, &up),
                         TIP_OK);
        wire_dump_up(json, &up);
    }
    tip_arena_deinit(&arena);
}

static void assert_says(const struct golden *golden, const char *ending,
                        uint32_t dictionary)
{
    static struct content bytes, expected;
    static char said[FILE_BYTES_MAX];
    struct tip_codec *codec;
    FILE *json;
    size_t size;

    load(golden, ending, &bytes);
    load(golden, "json", &expected);
    assert_int_equal(tip_codec_new(TIP_CODEC_LEVEL, &codec), TIP_OK);
    json = fmemopen(said, sizeof said, "w");
    assert_non_null(json);
    say(golden, codec, tip_bytes(bytes.bytes, bytes.size), dictionary, json);
    size = (size_t)ftell(json);
    assert_int_equal(fclose(json), 0);
    tip_codec_free(codec);
    assert_int_equal(size, expected.size);
    assert_memory_equal(said, expected.bytes, size);
}

static void test_what_was_packed_is_read_the_same(void **state)
{
    (void)state;
    for (size_t i = 0; i < GOLDEN_COUNT; i++) {
        assert_says(&goldens[i], "bin", goldens[i].is_down ? 2 : 1);
    }
}

static void test_what_was_not_packed_is_read_the_same(void **state)
{
    (void)state;
    for (size_t i = 0; i < GOLDEN_COUNT; i++) {
        assert_says(&goldens[i], "plain", 0);
    }
}

/* Read <name>.plain, write it again with @codec into @buf. */
static void rewrite(const struct golden *golden, struct tip_codec *codec,
                    const struct content *plain, struct tip_buf *buf)
{
    struct tip_frame_header header = header_of(golden, 0);
    struct tip_wire_sender sender = {.header = &header, .office = 7};
    struct tip_bytes bytes = tip_bytes(plain->bytes, plain->size);
    struct tip_arena arena;
    struct tip_up_body up;
    struct tip_down_body down;
    uint32_t dictionary;

    tip_arena_init(&arena, ARENA_BYTES_MAX);
    if (golden->is_down) {
        assert_int_equal(
            tip_wire_down_decode(codec, &header, bytes, &arena, &down), TIP_OK);
        assert_int_equal(tip_wire_down_encode(codec, &down, buf, &dictionary),
                         TIP_OK);
    } else {
        assert_int_equal(tip_wire_up_decode(codec, &sender, bytes, &arena, &up),
                         TIP_OK);
        assert_int_equal(tip_wire_up_encode(codec, &up, buf, &dictionary),
                         TIP_OK);
    }
    tip_arena_deinit(&arena);
}

static void test_what_is_read_is_written_the_same(void **state)
{
    static struct content plain;
    static uint8_t memory[FILE_BYTES_MAX];
    struct tip_codec *codec;

    (void)state;
    assert_int_equal(tip_codec_new(0, &codec), TIP_OK);
    for (size_t i = 0; i < GOLDEN_COUNT; i++) {
        struct tip_buf buf;

        load(&goldens[i], "plain", &plain);
        tip_buf_init(&buf, memory, sizeof memory);
        rewrite(&goldens[i], codec, &plain, &buf);
        assert_int_equal(buf.size, plain.size);
        assert_memory_equal(memory, plain.bytes, plain.size);
    }
    tip_codec_free(codec);
}

/* The body a golden file is made of. */
static struct tip_up_body make_up(const struct golden *golden,
                                  struct tip_arena *arena,
                                  struct tip_property *property)
{
    struct wire_sample sample = wire_sample(golden->seed, arena);
    struct wire_random random = wire_random(property, arena);
    struct tip_up_body body;
    struct tip_change_set *sets;

    if (!golden->is_random) {
        return golden->is_edits ? wire_sample_edits(&sample, golden->count)
                                : wire_sample_records(&sample, golden->count);
    }
    body = wire_random_up(&random, golden->count);
    sets = tip_arena_alloc_array(arena, golden->count, sizeof *sets);
    assert_non_null(sets);
    for (size_t i = 0; i < golden->count; i++) {
        sets[i] = body.sets[i];
        sets[i].origin = 212;
        sets[i].office = 7;
        sets[i].seq = 20000 + i;
    }
    body.sets = sets;
    return body;
}

static enum tip_err make(const struct golden *golden, struct tip_codec *codec,
                         struct tip_buf *buf)
{
    struct tip_property property = {.prng = TIP_PRNG_SEEDED(golden->seed)};
    struct tip_arena arena;
    struct tip_up_body up;
    uint32_t dictionary;
    enum tip_err err;

    tip_arena_init(&arena, ARENA_BYTES_MAX);
    up = make_up(golden, &arena, &property);
    if (golden->is_down) {
        struct wire_sample sample = wire_sample(golden->seed, &arena);
        struct wire_random random = wire_random(&property, &arena);
        struct tip_down_body down =
            golden->is_random ? wire_random_down(&random, golden->count)
                              : wire_sample_down(&sample, &up);

        err = tip_wire_down_encode(codec, &down, buf, &dictionary);
    } else {
        err = tip_wire_up_encode(codec, &up, buf, &dictionary);
    }
    tip_arena_deinit(&arena);
    return err;
}

static void write_body(const struct golden *golden, const char *ending,
                       int level)
{
    static uint8_t memory[FILE_BYTES_MAX];
    FILE *file = open_file(golden, ending, "wb");
    struct tip_codec *codec;
    struct tip_buf buf;

    tip_buf_init(&buf, memory, sizeof memory);
    if (file == NULL || tip_codec_new(level, &codec) != TIP_OK ||
        make(golden, codec, &buf) != TIP_OK ||
        fwrite(memory, 1, buf.size, file) != buf.size || fclose(file) != 0) {
        exit(EXIT_FAILURE);
    }
    if (level == 0) {
        FILE *json = open_file(golden, "json", "wb");

        if (json == NULL) {
            exit(EXIT_FAILURE);
        }
        say(golden, codec, tip_bytes(memory, buf.size), 0, json);
        if (fclose(json) != 0) {
            exit(EXIT_FAILURE);
        }
    }
    tip_codec_free(codec);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_was_packed_is_read_the_same),
        cmocka_unit_test(test_what_was_not_packed_is_read_the_same),
        cmocka_unit_test(test_what_is_read_is_written_the_same),
    };

    if (argc == 2 && strcmp(argv[1], "--write") == 0) {
        for (size_t i = 0; i < GOLDEN_COUNT; i++) {
            write_body(&goldens[i], "bin", TIP_CODEC_LEVEL);
            write_body(&goldens[i], "plain", 0);
        }
        return EXIT_SUCCESS;
    }
    return cmocka_run_group_tests_name("wire_golden", tests, NULL, NULL);
}
