/*
 * Goal: make seeds for the fuzz targets whose inputs only a program can write.
 *
 *     make_corpus <folder>            writes <folder>/<target>/seed_<name>
 *     make_corpus --check <folder>    fails where another one lies there
 */
#include "make_corpus.h"

#include <stdio.h>
#include <string.h>

#include "fuzz_rows.h"
#include "tip_secret.h"
#include "tip_wire_channel.h"
#include "tip_wire_down.h"
#include "tip_wire_header.h"
#include "tip_wire_record.h"
#include "tip_wire_session.h"
#include "tip_wire_set.h"
#include "tip_wire_up.h"

enum { SEED_COUNT = 6, BYTES_MAX = 1 << 20, ARENA_BYTES_MAX = 1 << 26 };

static enum tip_err make_up(struct seed *seed)
{
    struct tip_up_body body = wire_random_up(&seed->random, 1 + seed->number);
    uint32_t dictionary;
    enum tip_err err;

    tip_buf_put_u8(&seed->buf, 0);
    tip_buf_put_u8(&seed->buf, (uint8_t)(body.set_count - 1));
    err = tip_wire_up_encode(seed->codec, &body, &seed->buf, &dictionary);
    seed->buf.data[0] = (uint8_t)dictionary;
    return err;
}

static enum tip_err make_down(struct seed *seed)
{
    struct tip_down_body body = wire_random_down(&seed->random, seed->number);
    uint32_t dictionary;
    enum tip_err err;

    tip_buf_put_u8(&seed->buf, 0);
    err = tip_wire_down_encode(seed->codec, &body, &seed->buf, &dictionary);
    seed->buf.data[0] = (uint8_t)dictionary;
    return err;
}

static enum tip_err make_header(struct seed *seed)
{
    struct tip_frame_header header = wire_random_header(&seed->random);

    return tip_wire_header_encode(&header, &seed->buf);
}

static enum tip_err make_session(struct seed *seed)
{
    static const uint8_t tag[TIP_WIRE_TAG_SIZE] = {1};
    struct tip_message message;
    enum tip_err err;

    do {
        message = wire_random_message(&seed->random);
    } while ((uint64_t)message.kind != seed->number + 1);
    err = tip_wire_message_encode(&message, &seed->buf);
    return err == TIP_OK && message.kind != TIP_MESSAGE_FRAME
               ? tip_wire_message_close(&seed->buf, 1, TIP_BYTES_OF(tag))
               : err;
}

static enum tip_err make_record(struct seed *seed)
{
    static const uint64_t overlay[] = {4, 9};
    struct tip_wire_record value = {.record = wire_random_record(&seed->random),
                                    .overlay = overlay,
                                    .overlay_count = seed->number % 3};
    struct tip_wire_dead dead = {
        .origin = 3, .seq = 4, .commit = 5, .record = value.record};

    return seed->number % 2 == 0 ? tip_wire_record_encode(&value, &seed->buf)
                                 : tip_wire_dead_encode(&dead, &seed->buf);
}

static enum tip_err make_set(struct seed *seed)
{
    struct tip_change_set set = wire_random_set(&seed->random);
    struct tip_item item = wire_random_item(&seed->random);

    return seed->number % 2 == 0 ? tip_wire_set_encode(&set, &seed->buf)
                                 : tip_wire_channel_encode(&item, &seed->buf);
}

static bool is_checking;

/* Is what is written in @path the same? */
static bool check_file(const char *path, struct tip_bytes seed)
{
    static uint8_t bytes[BYTES_MAX];
    FILE *file = fopen(path, "rb");
    size_t size = file == NULL ? 0 : fread(bytes, 1, sizeof bytes, file);

    if (file != NULL) {
        (void)fclose(file);
    }
    return file != NULL && tip_bytes_equal(tip_bytes(bytes, size), seed);
}

static bool write_file(const char *path, struct tip_bytes seed)
{
    FILE *file = fopen(path, "wb");
    bool good;

    if (file == NULL) {
        return false;
    }
    good = fwrite(seed.data, 1, seed.size, file) == seed.size;
    return fclose(file) == 0 && good;
}

static bool give_seed(const char *folder, const char *target, const char *name,
                      const struct tip_buf *buf)
{
    char path[512];
    struct tip_bytes seed = tip_bytes(buf->data, buf->size);
    bool good;

    (void)snprintf(path, sizeof path, "%s/%s/seed_%s", folder, target, name);
    good = !buf->failed &&
           (is_checking ? check_file(path, seed) : write_file(path, seed));
    if (!good) {
        (void)fprintf(stderr,
                      is_checking ? "%s is not what make_corpus makes now.\n"
                                  : "%s was not made.\n",
                      path);
    }
    return good;
}

/* The store that @rows makes, as fuzz_rows_open() reads it. */
static bool make_rows(const char *folder, const char *target,
                      const struct rows_seed *rows)
{
    static uint8_t bytes[BYTES_MAX];
    struct fake_store *store = fake_store_new(FUZZ_ROWS_STORE_BYTES);
    struct tip_arena arena;
    struct tip_txn *txn;
    struct tip_buf buf;
    bool good;

    tip_arena_init(&arena, ARENA_BYTES_MAX);
    tip_buf_init(&buf, bytes, sizeof bytes);
    good = tip_store_begin(&store->base, TIP_TXN_WRITE, &txn) == TIP_OK &&
           rows->put(txn, &arena) == TIP_OK;
    if (good) {
        fuzz_rows_write(txn, &buf);
        good = buf.size != 0 && give_seed(folder, target, rows->name, &buf);
    }
    tip_arena_deinit(&arena);
    fake_store_free(store);
    return good;
}

static bool make_all_rows(const char *folder, const char *target,
                          const struct rows_seed *rows)
{
    bool good = true;

    for (; rows->name != NULL; rows++) {
        good = make_rows(folder, target, rows) && good;
    }
    return good;
}

static bool make_seeds(const char *folder, const char *target,
                       enum tip_err (*make)(struct seed *seed), int level)
{
    static uint8_t bytes[BYTES_MAX];

    for (uint64_t i = 0; i < SEED_COUNT; i++) {
        struct tip_property property = {.prng = TIP_PRNG_SEEDED(i)};
        struct tip_arena arena;
        struct seed seed = {.number = i, .prng = TIP_PRNG_SEEDED(i)};
        char name[8];
        bool good;

        (void)snprintf(name, sizeof name, "%d", (int)i);
        tip_arena_init(&arena, ARENA_BYTES_MAX);
        seed.random = wire_random(&property, &arena);
        seed.random.change_max = 4;
        tip_buf_init(&seed.buf, bytes, sizeof bytes);
        /* Half of the bodies plain: a flipped bit goes further there. */
        good = tip_codec_new(i % 2 == 0 ? 0 : level, &seed.codec) == TIP_OK &&
               make(&seed) == TIP_OK &&
               give_seed(folder, target, name, &seed.buf);
        tip_codec_free(seed.codec);
        tip_arena_deinit(&arena);
        if (!good) {
            return false;
        }
    }
    return true;
}

int main(int argc, char **argv)
{
    static const struct {
        const char *target;
        enum tip_err (*make)(struct seed *seed);
    } makers[] = {
        {"wire_up", make_up},           {"wire_down", make_down},
        {"wire_header", make_header},   {"wire_session", make_session},
        {"wire_record", make_record},   {"wire_set", make_set},
        {"bundle", make_bundle},        {"letters", make_letter},
        {"seal_parts", make_seal_part}, {"link_talk", make_link_talk},
        {"control", make_control},
    };

    bool good = true;
    const char *folder;

    is_checking = argc == 3 && strcmp(argv[1], "--check") == 0;
    if (argc != 2 + is_checking || tip_seal_init() != TIP_OK) {
        (void)fputs("Usage: make_corpus [--check] <folder>\n", stderr);
        return EXIT_FAILURE;
    }
    folder = argv[argc - 1];
    for (size_t i = 0; i < sizeof makers / sizeof makers[0]; i++) {
        good = make_seeds(folder, makers[i].target, makers[i].make,
                          TIP_CODEC_LEVEL) &&
               good;
    }
    good = make_all_rows(folder, "rows_hub", make_rows_hub) && good;
    good = make_all_rows(folder, "rows_node", make_rows_node) && good;
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
