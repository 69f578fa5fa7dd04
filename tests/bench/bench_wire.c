/*
 * How small and how fast are frames and rows? On synthetic data whose names are
 * invented, not those the dictionaries were trained on.
 *
 *     bench_wire [seconds per line]
 */
#include <stdio.h>
#include <time.h>

#include "tip_codec.h"
#include "tip_wire_header.h"
#include "tip_wire_record.h"
#include "tip_wire_set.h"
#include "tip_wire_up.h"
#include "wire_sample.h"

enum { ARENA_BYTES_MAX = 256 * 1024 * 1024, TAG_SIZE = 16, SEED = 987654321 };

static uint8_t body_memory[256 * 1024];
static double seconds = 1.0;

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static void must(enum tip_err err)
{
    if (err != TIP_OK) {
        (void)fprintf(stderr, "%s\n", tip_err_text(err));
        exit(EXIT_FAILURE);
    }
}

static struct tip_frame_header header_of(const struct tip_up_body *body,
                                         uint32_t dictionary)
{
    return (struct tip_frame_header){.origin = body->sets[0].origin,
                                     .first = body->sets[0].seq,
                                     .count = (uint32_t)body->set_count,
                                     .key_epoch = 1,
                                     .salt = {1, 2, 3, 4, 5, 6, 7, 8},
                                     .dictionary = dictionary,
                                     .catalogue = 12};
}

/* What the frame of a body of @body_size takes in all. */
static size_t frame_size(const struct tip_up_body *body, size_t body_size,
                         uint32_t dictionary)
{
    static uint8_t memory[64 * 1024];
    static uint8_t sealed[64 * 1024];
    static const uint8_t signature[TIP_WIRE_SIGNATURE_SIZE];
    struct tip_frame_header header = header_of(body, dictionary);
    uint8_t header_memory[TIP_WIRE_HEADER_BYTES_MAX];
    struct tip_buf header_buf, buf;
    struct tip_wire_frame frame;

    tip_buf_init(&header_buf, header_memory, sizeof header_memory);
    must(tip_wire_header_encode(&header, &header_buf));
    frame = (struct tip_wire_frame){
        .header = tip_bytes(header_memory, header_buf.size),
        .body = tip_bytes(sealed, body_size + TAG_SIZE),
        .signature = TIP_BYTES_OF(signature)};
    tip_buf_init(&buf, memory, sizeof memory);
    must(tip_wire_frame_join(&frame, &buf));
    return buf.size;
}

static struct tip_buf encode(struct tip_codec *codec,
                             const struct tip_up_body *body,
                             uint32_t *out_dictionary)
{
    struct tip_buf buf;

    tip_buf_init(&buf, body_memory, sizeof body_memory);
    must(tip_wire_up_encode(codec, body, &buf, out_dictionary));
    return buf;
}

static double encode_rate(struct tip_codec *codec,
                          const struct tip_up_body *body)
{
    double start = now();
    size_t count = 0;
    uint32_t dictionary;

    while (now() - start < seconds) {
        (void)encode(codec, body, &dictionary);
        count += body->set_count;
    }
    return (double)count / (now() - start);
}

static double decode_rate(struct tip_codec *codec,
                          const struct tip_up_body *body, size_t size,
                          uint32_t dictionary)
{
    struct tip_frame_header header = header_of(body, dictionary);
    struct tip_wire_sender sender = {.header = &header, .office = 7};
    struct tip_arena arena;
    struct tip_up_body back;
    double start = now();
    size_t count = 0;

    tip_arena_init(&arena, ARENA_BYTES_MAX);
    while (now() - start < seconds) {
        tip_arena_clear(&arena);
        must(tip_wire_up_decode(codec, &sender, tip_bytes(body_memory, size),
                                &arena, &back));
        count += back.set_count;
    }
    tip_arena_deinit(&arena);
    return (double)count / (now() - start);
}

static void bench_bodies(const char *what, bool is_records, size_t count,
                         int level)
{
    struct tip_arena arena;
    struct wire_sample sample;
    struct tip_codec *codec;
    struct tip_up_body body;
    uint32_t dictionary;
    struct tip_buf buf;
    size_t size;
    double encoded;

    tip_arena_init(&arena, ARENA_BYTES_MAX);
    sample = wire_sample(SEED, &arena);
    sample.invents = true;
    body = is_records ? wire_sample_records(&sample, count)
                      : wire_sample_edits(&sample, count);
    must(tip_codec_new(level, &codec));
    buf = encode(codec, &body, &dictionary);
    size = frame_size(&body, buf.size, dictionary);
    encoded = encode_rate(codec, &body);
    (void)printf("%-8s %5zu in a frame, level %2d: %6zu B, %6.1f B each, "
                 "encode %8.0f/s, decode %8.0f/s\n",
                 what, count, level, size, (double)size / (double)count,
                 encoded, decode_rate(codec, &body, buf.size, dictionary));
    tip_codec_free(codec);
    tip_arena_deinit(&arena);
}

/* The mean of many frames of one edit. */
static void bench_alone(void)
{
    struct tip_arena arena;
    struct wire_sample sample;
    struct tip_codec *codec;
    size_t sum = 0;
    size_t largest = 0;

    tip_arena_init(&arena, ARENA_BYTES_MAX);
    sample = wire_sample(SEED, &arena);
    sample.invents = true;
    must(tip_codec_new(TIP_CODEC_LEVEL, &codec));
    for (size_t i = 0; i < 2000; i++) {
        struct tip_up_body body = wire_sample_edits(&sample, 1);
        uint32_t dictionary;
        struct tip_buf buf = encode(codec, &body, &dictionary);
        size_t size = frame_size(&body, buf.size, dictionary);

        sum += size;
        largest = size > largest ? size : largest;
    }
    (void)printf("one edit alone in its frame: %.1f B, at most %zu B\n",
                 (double)sum / 2000, largest);
    tip_codec_free(codec);
    tip_arena_deinit(&arena);
}

static struct tip_wire_record record_of(struct wire_sample *sample)
{
    struct tip_change_set set = wire_sample_record(sample);
    struct tip_write write =
        tip_write_of(&set, tip_commit_make(1, 300000), TIP_VERDICT_GOOD);
    struct tip_wire_record value = {.overlay = NULL};
    struct tip_record dead;

    tip_record_init(&value.record, &set.records[0].id, 17, 7);
    value.record.birth_commit = write.commit;
    must(tip_record_apply(&value.record, &write, set.changes, set.change_count,
                          sample->arena, &dead));
    return value;
}

static double row_encode_rate(const struct tip_wire_record *value,
                              struct tip_buf *buf)
{
    double start = now();
    size_t count = 0;

    while (count % 64 != 0 || now() - start < seconds) {
        tip_buf_clear(buf);
        must(tip_wire_record_encode(value, buf));
        count++;
    }
    return (double)count / (now() - start);
}

static void bench_rows(void)
{
    struct tip_arena arena, scratch;
    struct wire_sample sample;
    struct tip_wire_record value, back;
    struct tip_wire_record_peek peek;
    struct tip_buf buf;
    double start, encoded, decoded;
    size_t count = 0;

    tip_arena_init(&arena, ARENA_BYTES_MAX);
    tip_arena_init(&scratch, ARENA_BYTES_MAX);
    sample = wire_sample(SEED, &arena);
    value = record_of(&sample);
    tip_buf_init(&buf, body_memory, sizeof body_memory);
    encoded = row_encode_rate(&value, &buf);
    start = now();
    while (count % 64 != 0 || now() - start < seconds) {
        tip_arena_clear(&scratch);
        must(tip_wire_record_decode(tip_bytes(body_memory, buf.size), &scratch,
                                    &back));
        count++;
    }
    decoded = (double)count / (now() - start);
    count = 0;
    start = now();
    while (count % 64 != 0 || now() - start < seconds) {
        must(tip_wire_record_peek(tip_bytes(body_memory, buf.size), &peek));
        count++;
    }
    (void)printf("record of 16 fields as a row: %zu B, encode %.0f/s, decode "
                 "%.0f/s, peek %.0f/s\n",
                 buf.size, encoded, decoded, (double)count / (now() - start));
    tip_arena_deinit(&scratch);
    tip_arena_deinit(&arena);
}

int main(int argc, char **argv)
{
    static const size_t record_counts[] = {1, 10, 100, 700};
    static const size_t edit_counts[] = {2, 5, 10, 30, 100, 500, 2000};
    static const int levels[] = {1, 3, 6, 9, 12};

    if (argc > 1) {
        seconds = strtod(argv[1], NULL);
    }
    for (size_t i = 0; i < sizeof record_counts / sizeof *record_counts; i++) {
        bench_bodies("records", true, record_counts[i], TIP_CODEC_LEVEL);
    }
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++) {
        bench_bodies("records", true, 700, levels[i]);
        bench_bodies("edits", false, 500, levels[i]);
    }
    for (size_t i = 0; i < sizeof edit_counts / sizeof *edit_counts; i++) {
        bench_bodies("edits", false, edit_counts[i], TIP_CODEC_LEVEL);
    }
    bench_alone();
    bench_rows();
    return EXIT_SUCCESS;
}
