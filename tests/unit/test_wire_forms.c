/*
 * Rules of everything that has bytes (support/wire_forms.h).
 *
 * golden/neighbours.txt has samples of each form and, for each, what is said of
 * it when one byte at a time is changed: one letter a byte, `test_wire_forms
 * --write` makes it anew. A letter that changes is a rule of a reader that
 * changed: what may be read, or how it is refused.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tip_codec_internal.h"
#include "tip_test.h"
#include "wire_forms.h"

enum {
    SAMPLE_BYTES_MAX = 400,
    SAMPLES_OF_EACH = 14,
    ARENA_BYTES_MAX = 1 << 26,
    TEXT_BYTES_MAX = 1 << 20,
    BYTES_MAX = 1 << 16,
    PREFIX = 3
};

static struct tip_codec *codec;
static struct tip_arena arena;
static struct wire_desk desk;

static int setup(void **state)
{
    (void)state;
    tip_arena_init(&arena, ARENA_BYTES_MAX);
    if (tip_codec_new(0, &codec) != TIP_OK) {
        return -1;
    }
    desk = (struct wire_desk){.codec = codec, .arena = &arena};
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    tip_codec_free(codec);
    tip_arena_deinit(&arena);
    return 0;
}

/* One sample: what it is of, and its bytes. */
struct sample {
    const struct wire_form *form;
    uint8_t bytes[SAMPLE_BYTES_MAX];
    size_t size;
};

/* Read and write @bytes into @memory, which has BYTES_MAX. */
static enum tip_err again(const struct wire_form *form, struct tip_bytes bytes,
                          uint8_t *memory, size_t *out_size, bool *out_is_read)
{
    struct tip_buf buf;
    enum tip_err err;

    tip_arena_clear(&arena);
    tip_buf_init(&buf, memory, BYTES_MAX);
    err = form->again(&desk, bytes, &buf, out_is_read);
    *out_size = buf.size;
    return err;
}

/* What is said of @bytes: m and u and b are errors, '.' they are read and
 * written the same, '~' they are read and written in another way. */
static char verdict(const struct wire_form *form, struct tip_bytes bytes)
{
    static uint8_t first[BYTES_MAX], second[BYTES_MAX];
    size_t first_size, second_size;
    bool is_read;
    enum tip_err err = again(form, bytes, first, &first_size, &is_read);

    if (is_read) {
        /* What is read may be written, and then says the same for ever. */
        assert_int_equal(err, TIP_OK);
        assert_int_equal(again(form, tip_bytes(first, first_size), second,
                               &second_size, &is_read),
                         TIP_OK);
        assert_int_equal(first_size, second_size);
        assert_memory_equal(first, second, first_size);
        return tip_bytes_equal(tip_bytes(first, first_size), bytes) ? '.' : '~';
    }
    if (err == TIP_EMALFORMED) {
        return 'm';
    }
    if (err == TIP_EUNSUPPORTED) {
        return 'u';
    }
    assert_int_equal(err, TIP_ETOOBIG);
    return 'b';
}

/* How byte @at of @size in @bytes is changed; returns the new size. */
static size_t change_cut(uint8_t *bytes, size_t size, size_t at)
{
    (void)size;
    bytes[at] = 0;
    return at;
}

static size_t change_less(uint8_t *bytes, size_t size, size_t at)
{
    bytes[at]--;
    return size;
}

static size_t change_more(uint8_t *bytes, size_t size, size_t at)
{
    bytes[at]++;
    return size;
}

static size_t change_flip(uint8_t *bytes, size_t size, size_t at)
{
    bytes[at] ^= 0x80;
    return size;
}

static size_t change_zero(uint8_t *bytes, size_t size, size_t at)
{
    bytes[at] = 0;
    return size;
}

static size_t change_drop(uint8_t *bytes, size_t size, size_t at)
{
    memmove(bytes + at, bytes + at + 1, size - at - 1);
    return size - 1;
}

static size_t change_twice(uint8_t *bytes, size_t size, size_t at)
{
    memmove(bytes + at + 1, bytes + at, size - at);
    return size + 1;
}

static const struct {
    const char *name;
    size_t (*change)(uint8_t *bytes, size_t size, size_t at);
} changes[] = {
    {"cut", change_cut},     {"less", change_less}, {"more", change_more},
    {"flip", change_flip},   {"zero", change_zero}, {"drop", change_drop},
    {"twice", change_twice},
};

/* Write @sample and what is said of its neighbours to @out. */
static void describe(const struct sample *sample, FILE *out)
{
    uint8_t bytes[SAMPLE_BYTES_MAX + 1];

    (void)fprintf(out, "%s ", sample->form->name);
    for (size_t i = 0; i < sample->size; i++) {
        (void)fprintf(out, "%02x", sample->bytes[i]);
    }
    for (size_t c = 0; c < sizeof changes / sizeof *changes; c++) {
        (void)fprintf(out, "\n  %-5s ", changes[c].name);
        for (size_t at = 0; at < sample->size; at++) {
            size_t size;

            memcpy(bytes, sample->bytes, sample->size);
            size = changes[c].change(bytes, sample->size, at);
            (void)fputc(verdict(sample->form, tip_bytes(bytes, size)), out);
        }
    }
    (void)fputc('\n', out);
}

static unsigned nibble(char digit)
{
    const char *digits = "0123456789abcdef";
    const char *found = strchr(digits, digit);

    assert_true(digit != 0 && found != NULL);
    return (unsigned)(found - digits);
}

/* Read the line that begins a sample. */
static bool read_sample(const char *line, struct sample *sample)
{
    for (size_t i = 0; i < WIRE_FORM_COUNT; i++) {
        size_t size = strlen(wire_forms[i].name);

        if (strncmp(line, wire_forms[i].name, size) == 0 && line[size] == ' ') {
            sample->form = &wire_forms[i];
            sample->size = 0;
            for (line += size + 1; *line != '\n'; line += 2) {
                assert_true(sample->size < SAMPLE_BYTES_MAX);
                sample->bytes[sample->size++] =
                    (uint8_t)(nibble(line[0]) << 4 | nibble(line[1]));
            }
            return true;
        }
    }
    return false;
}

/* Do with every golden sample what @act says; returns how many there are. */
static size_t each_sample(void (*act)(const struct sample *sample, FILE *out),
                          FILE *out)
{
    static char line[4 * SAMPLE_BYTES_MAX];
    struct sample sample;
    size_t count = 0;
    FILE *file = fopen(TIP_GOLDEN_DIR "/neighbours.txt", "r");

    assert_non_null(file);
    while (fgets(line, sizeof line, file) != NULL) {
        if (read_sample(line, &sample)) {
            act(&sample, out);
            count++;
        }
    }
    assert_int_equal(fclose(file), 0);
    return count;
}

static void test_every_neighbour_is_judged_as_before(void **state)
{
    static char said[TEXT_BYTES_MAX], expected[TEXT_BYTES_MAX];
    FILE *out = fmemopen(said, sizeof said, "w");
    FILE *file = fopen(TIP_GOLDEN_DIR "/neighbours.txt", "r");
    size_t size;

    (void)state;
    assert_non_null(out);
    assert_non_null(file);
    size = fread(expected, 1, sizeof expected - 1, file);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(each_sample(describe, out),
                     WIRE_FORM_COUNT * SAMPLES_OF_EACH);
    assert_int_equal(fclose(out), 0);
    assert_true(size < sizeof expected - 1);
    assert_string_equal(said, expected);
}

static void read_unchanged(const struct sample *sample, FILE *out)
{
    (void)out;
    assert_int_equal(
        verdict(sample->form, tip_bytes(sample->bytes, sample->size)), '.');
}

static void test_every_sample_is_read_and_written_the_same(void **state)
{
    (void)state;
    assert_true(each_sample(read_unchanged, NULL) > 0);
}

static void write_without_room(const struct sample *sample, FILE *out)
{
    uint8_t memory[PREFIX + SAMPLE_BYTES_MAX];

    (void)out;
    for (size_t room = 0; room <= sample->size; room++) {
        bool is_whole = room == sample->size;
        struct tip_buf buf;
        bool is_read;

        tip_arena_clear(&arena);
        tip_buf_init(&buf, memory, PREFIX + room);
        tip_buf_put(&buf, tip_bytes("abc", PREFIX));
        assert_int_equal(
            sample->form->again(&desk, tip_bytes(sample->bytes, sample->size),
                                &buf, &is_read),
            is_whole ? TIP_OK : TIP_ETOOBIG);
        assert_true(is_read);
        assert_int_equal(buf.size, PREFIX + (is_whole ? room : 0));
        assert_memory_equal(memory, "abc", PREFIX);
    }
}

static void test_where_there_is_no_room_nothing_is_written(void **state)
{
    (void)state;
    assert_true(each_sample(write_without_room, NULL) > 0);
}

/* Let @limited have no more than it needs, then ever less. */
static void starve(const struct sample *sample, struct tip_arena *limited)
{
    static uint8_t memory[BYTES_MAX];
    size_t usual = limited->used_bytes_max;
    enum tip_err err = TIP_OK;
    size_t size;
    bool is_read;

    for (size_t room = 0; err != TIP_OK || room == 0; room += 16) {
        limited->used_bytes_max = room;
        err = again(sample->form, tip_bytes(sample->bytes, sample->size),
                    memory, &size, &is_read);
        assert_true(err == TIP_OK || err == TIP_ENOMEM);
    }
    limited->used_bytes_max = usual;
    assert_true(tip_bytes_equal(tip_bytes(memory, size),
                                tip_bytes(sample->bytes, sample->size)));
}

static void read_without_memory(const struct sample *sample, FILE *out)
{
    (void)out;
    starve(sample, &arena);
    starve(sample, tip_codec_scratch(codec));
}

static void test_where_there_is_no_memory_it_is_said(void **state)
{
    (void)state;
    assert_true(each_sample(read_without_memory, NULL) > 0);
}

/* Random samples of @form that are not too long, to @out. */
static void write_samples(const struct wire_form *form, FILE *out)
{
    static uint8_t memory[BYTES_MAX];
    struct tip_property property = {.prng = TIP_PRNG_SEEDED(1)};
    struct tip_arena made;
    struct sample sample = {.form = form};
    size_t count = 0;

    tip_arena_init(&made, ARENA_BYTES_MAX);
    while (count < SAMPLES_OF_EACH) {
        struct wire_random random = wire_random(&property, &made);
        struct tip_buf buf;

        random.record_max = 3;
        random.change_max = 5;
        tip_buf_init(&buf, memory, sizeof memory);
        form->make(&desk, &random, &buf);
        if (!buf.failed && buf.size <= SAMPLE_BYTES_MAX) {
            memcpy(sample.bytes, memory, buf.size);
            sample.size = buf.size;
            describe(&sample, out);
            count++;
        }
        tip_arena_clear(&made);
    }
    tip_arena_deinit(&made);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_sample_is_read_and_written_the_same),
        cmocka_unit_test(test_every_neighbour_is_judged_as_before),
        cmocka_unit_test(test_where_there_is_no_room_nothing_is_written),
        cmocka_unit_test(test_where_there_is_no_memory_it_is_said),
    };

    if (argc == 2 && strcmp(argv[1], "--write") == 0) {
        FILE *out = fopen(TIP_GOLDEN_DIR "/neighbours.txt", "w");

        if (out == NULL || setup(NULL) != 0) {
            return EXIT_FAILURE;
        }
        for (size_t i = 0; i < WIRE_FORM_COUNT; i++) {
            write_samples(&wire_forms[i], out);
        }
        return fclose(out) == 0 ? teardown(NULL) : EXIT_FAILURE;
    }
    return cmocka_run_group_tests_name("wire_forms", tests, setup, teardown);
}
