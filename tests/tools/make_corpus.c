/*
 * Goal: make seeds for the fuzz targets whose inputs only a program can write.
 *
 *     make_corpus <folder>    writes <folder>/<target>/seed_<n>
 */
#include "make_corpus.h"

#include <stdio.h>

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

static bool write_seed(const char *folder, const char *target,
                       const struct seed *seed)
{
    char path[512];
    FILE *file;
    bool good;

    (void)snprintf(path, sizeof path, "%s/%s/seed_%d", folder, target,
                   (int)seed->number);
    file = fopen(path, "wb");
    if (file == NULL) {
        return false;
    }
    good = fwrite(seed->buf.data, 1, seed->buf.size, file) == seed->buf.size;
    return fclose(file) == 0 && good;
}

static bool make_seeds(const char *folder, const char *target,
                       enum tip_err (*make)(struct seed *seed), int level)
{
    static uint8_t bytes[BYTES_MAX];

    for (uint64_t i = 0; i < SEED_COUNT; i++) {
        struct tip_property property = {.prng = TIP_PRNG_SEEDED(i)};
        struct tip_arena arena;
        struct seed seed = {.number = i, .prng = TIP_PRNG_SEEDED(i)};
        bool good;

        tip_arena_init(&arena, ARENA_BYTES_MAX);
        seed.random = wire_random(&property, &arena);
        seed.random.change_max = 4;
        tip_buf_init(&seed.buf, bytes, sizeof bytes);
        /* Half of the bodies plain: a flipped bit goes further there. */
        good = tip_codec_new(i % 2 == 0 ? 0 : level, &seed.codec) == TIP_OK &&
               make(&seed) == TIP_OK && write_seed(folder, target, &seed);
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

    if (argc != 2 || tip_seal_init() != TIP_OK) {
        (void)fputs("Usage: make_corpus <folder>\n", stderr);
        return EXIT_FAILURE;
    }
    for (size_t i = 0; i < sizeof makers / sizeof makers[0]; i++) {
        if (!make_seeds(argv[1], makers[i].target, makers[i].make,
                        TIP_CODEC_LEVEL)) {
            (void)fprintf(stderr, "A seed of %s was not made.\n",
                          makers[i].target);
            return EXIT_FAILURE;
        }
    }
    return EXIT_SUCCESS;
}
