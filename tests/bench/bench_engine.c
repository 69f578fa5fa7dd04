/*
 * What do the engines cost, without network and processes between them? One
 * hub and a few offices in one thread, over real stores: save, frame, first
 * load, a backlog of single edits. An argument is the records per office.
 * Files go to $TMPDIR or the current folder.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "fake_schema.h"
#include "hub_engine.h"
#include "node_engine.h"
#include "tip_clock_posix.h"
#include "tip_link.h"
#include "tip_random_sodium.h"
#include "tip_secret.h"
#include "tip_store_lmdb.h"
#include "tip_vault.h"

enum {
    OFFICES = 3,
    RECORDS = 20000, /* Per office. */
    GROUP = 2000,    /* Saves per flush. */
    FIELDS = 16,
    ORIGIN_FIRST = 10,
    QUEUE_MAX = 64
};

#define LIMIT_BYTES (UINT64_C(2) << 30)

/* A failed call ends the bench. */
static void must(enum tip_err err, const char *what)
{
    if (err != TIP_OK) {
        (void)fprintf(stderr, "%s: %s\n", what, tip_err_text(err));
        exit(EXIT_FAILURE);
    }
}

struct message {
    uint32_t origin;
    size_t size;
    uint8_t bytes[TIP_LINK_MESSAGE_BYTES_MAX];
};

struct queue {
    struct message messages[QUEUE_MAX];
    size_t first, count;
};

struct bench;

struct end {
    struct tip_link base; /* First member, so the cast below is valid. */
    struct bench *bench;
    uint32_t self; /* 0: the hub. */
};

struct side {
    char dir[512];
    struct tip_store_lmdb *store;
    struct tip_device_keys *keys;
    struct end end;
    struct queue inbox;
};

struct bench {
    char dir[256];
    struct tip_vault *vault;
    struct tip_random *random;
    struct tip_clock clock;
    struct tip_schema schema;
    struct side hub_side, sides[OFFICES];
    struct hub_engine *hub;
    struct node_engine *nodes[OFFICES];
    uint64_t bytes_up, bytes_down;
    struct tip_id *ids; /* Of the records of all offices. */
};

static enum tip_err end_send(struct tip_link *self, uint32_t peer,
                             struct tip_bytes bytes)
{
    struct end *end = (struct end *)self;
    struct bench *bench = end->bench;
    uint32_t origin = end->self == 0 ? peer : end->self;
    struct queue *queue = end->self == 0
                              ? &bench->sides[origin - ORIGIN_FIRST].inbox
                              : &bench->hub_side.inbox;
    struct message *message;

    if (queue->count == QUEUE_MAX) {
        return TIP_EAGAIN;
    }
    message = &queue->messages[(queue->first + queue->count) % QUEUE_MAX];
    message->origin = origin;
    message->size = bytes.size;
    memcpy(message->bytes, bytes.data, bytes.size);
    queue->count++;
    *(end->self == 0 ? &bench->bytes_down : &bench->bytes_up) += bytes.size;
    return TIP_OK;
}

static void end_receive(struct tip_link *self, int timeout_ms,
                        struct tip_link_event *out_event)
{
    (void)self;
    (void)timeout_ms;
    out_event->kind = TIP_LINK_NOTHING;
}

static void end_drop(struct tip_link *self, uint32_t peer)
{
    (void)self;
    (void)peer;
    must(TIP_ETIMEOUT, "the line stalled");
}

static void open_side(struct bench *bench, struct side *side, uint32_t self)
{
    struct tip_store_lmdb_opts opts = {.dir = side->dir,
                                       .limit_bytes = LIMIT_BYTES,
                                       .sealer =
                                           tip_vault_sealer(bench->vault)};

    (void)snprintf(side->dir, sizeof side->dir, "%s/%u", bench->dir, self);
    side->end = (struct end){
        .base = {.send = end_send, .receive = end_receive, .drop = end_drop},
        .bench = bench,
        .self = self};
    must(tip_store_lmdb_open(&opts, &side->store), "open a store");
    must(tip_device_keys_new(bench->random, &side->keys), "make keys");
}

static void open_hub(struct bench *bench)
{
    struct hub_engine_opts opts = {.clock = &bench->clock,
                                   .random = bench->random,
                                   .schema = &bench->schema,
                                   .catalogue = 1};

    open_side(bench, &bench->hub_side, 0);
    opts.store = tip_store_lmdb_base(bench->hub_side.store);
    opts.link = &bench->hub_side.end.base;
    opts.keys = bench->hub_side.keys;
    must(hub_engine_open(&opts, &bench->hub), "open the hub");
}

static void open_node(struct bench *bench, size_t i)
{
    struct side *side = &bench->sides[i];
    const struct tip_device_public *hub =
        tip_device_keys_public(bench->hub_side.keys);
    struct hub_device device = {.origin = ORIGIN_FIRST + (uint32_t)i,
                                .office = 50 + (uint32_t)i,
                                .office_secret = {{(uint8_t)(i + 1)}}};
    struct node_identity identity = {.origin = device.origin,
                                     .office = device.office,
                                     .office_secret = device.office_secret,
                                     .hub_origin = HUB_ORIGIN,
                                     .hub_sign = hub->sign,
                                     .hub_box = hub->box};
    struct node_engine_opts opts = {.clock = &bench->clock,
                                    .random = bench->random,
                                    .schema = &bench->schema,
                                    .identity = &identity,
                                    .version = tip_bytes_text("bench"),
                                    .catalogue = 1};

    open_side(bench, side, device.origin);
    opts.store = tip_store_lmdb_base(side->store);
    opts.link = &side->end.base;
    opts.keys = side->keys;
    device.keys = *tip_device_keys_public(side->keys);
    must(hub_engine_enrol(bench->hub, &device), "enrol");
    must(hub_engine_flush(bench->hub), "enrol durably");
    must(node_engine_open(&opts, &bench->nodes[i]), "open a node");
}

static uint64_t draw(struct bench *bench, uint64_t below)
{
    return tip_random_below(bench->random, below);
}

/* A record of 16 fields: an office, codes, dates, numbers, a short text. */
static void save_record(struct bench *bench, size_t i, const struct tip_id *id,
                        uint32_t office)
{
    struct tip_change changes[FIELDS + 1] = {{.field = TIP_FIELD_OFFICES,
                                              .element = office,
                                              .value.kind = TIP_VALUE_MEMBER}};
    struct tip_draft_record record = {.id = *id,
                                      .is_new = true,
                                      .type = FAKE_TYPE,
                                      .changes = changes,
                                      .change_count = FIELDS + 1};
    struct tip_draft draft = {.records = &record,
                              .record_count = 1,
                              .author = tip_bytes_text("clerk")};
    struct tip_saved saved;
    char text[32];

    (void)snprintf(text, sizeof text, "dossier %llu",
                   (unsigned long long)draw(bench, 100000));
    for (uint32_t f = 0; f < FIELDS; f++) {
        struct tip_value *value = &changes[f + 1].value;

        changes[f + 1].field = 20 + f;
        if (f < 10) {
            value->kind = TIP_VALUE_CODE;
            value->code = (uint32_t)draw(bench, 3 + f);
        } else if (f < 13) {
            value->kind = TIP_VALUE_DATE;
            value->date.day = 19000 + (int32_t)draw(bench, 1500);
        } else if (f < 15) {
            value->kind = TIP_VALUE_INTEGER;
            value->integer = (int64_t)draw(bench, 60);
        } else {
            value->kind = TIP_VALUE_TEXT;
            value->bytes = tip_bytes_text(text);
        }
    }
    must(node_engine_save(bench->nodes[i], &draft, &saved), "save");
}

static void save_edit(struct bench *bench, size_t i, const struct tip_id *id)
{
    struct tip_change change = {.field = 20 + (uint32_t)draw(bench, 10),
                                .value = {.kind = TIP_VALUE_CODE}};
    struct tip_draft_record record = {.id = *id,
                                      .seen = node_engine_seen(bench->nodes[i]),
                                      .changes = &change,
                                      .change_count = 1};
    struct tip_draft draft = {.records = &record,
                              .record_count = 1,
                              .author = tip_bytes_text("clerk")};
    struct tip_saved saved;

    change.value.code = (uint32_t)draw(bench, 7);
    must(node_engine_save(bench->nodes[i], &draft, &saved), "edit");
}

static bool deliver(struct bench *bench)
{
    struct queue *inbox = &bench->hub_side.inbox;
    bool moved = inbox->count > 0;

    for (; inbox->count > 0; inbox->count--) {
        struct message *message = &inbox->messages[inbox->first];

        hub_engine_receive(bench->hub, message->origin,
                           tip_bytes(message->bytes, message->size));
        inbox->first = (inbox->first + 1) % QUEUE_MAX;
    }
    for (size_t i = 0; i < OFFICES; i++) {
        inbox = &bench->sides[i].inbox;
        moved = moved || inbox->count > 0;
        for (; inbox->count > 0; inbox->count--) {
            struct message *message = &inbox->messages[inbox->first];

            node_engine_receive(bench->nodes[i],
                                tip_bytes(message->bytes, message->size));
            inbox->first = (inbox->first + 1) % QUEUE_MAX;
        }
    }
    return moved;
}

static double now_s(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Let everything flow; print what it took. */
static void sync_all(struct bench *bench, const char *what, uint64_t count)
{
    double start = now_s();
    uint64_t up = bench->bytes_up, down = bench->bytes_down;
    bool moved;

    do {
        must(hub_engine_pump(bench->hub), "pump the hub");
        for (size_t i = 0; i < OFFICES; i++) {
            must(node_engine_pump(bench->nodes[i]), "pump a node");
        }
        moved = deliver(bench);
    } while (moved);
    (void)printf("%-24s %9.0f /s   %6.1f B up   %6.1f B down, each\n", what,
                 (double)count / (now_s() - start),
                 (double)(bench->bytes_up - up) / (double)count,
                 (double)(bench->bytes_down - down) / (double)count);
}

static void run(struct bench *bench, size_t records)
{
    uint64_t count = records * OFFICES;
    double start = now_s();

    bench->ids = calloc(count, sizeof *bench->ids);
    assert(bench->ids != NULL);
    for (size_t r = 0; r < count; r++) {
        uint8_t random[TIP_ID_RANDOM_SIZE];

        bench->random->fill(bench->random, random, sizeof random);
        bench->ids[r] = tip_id_make(bench->clock.now_ms(&bench->clock), random);
        save_record(bench, r % OFFICES, &bench->ids[r],
                    50 + (uint32_t)(r % OFFICES));
        if (r % GROUP == GROUP - 1) {
            for (size_t i = 0; i < OFFICES; i++) {
                must(node_engine_flush(bench->nodes[i]), "flush");
            }
        }
    }
    (void)printf("%-24s %9.0f /s\n", "save", (double)count / (now_s() - start));
    start = now_s();
    for (size_t i = 0; i < OFFICES; i++) {
        must(node_engine_cut_all(bench->nodes[i]), "cut");
        hub_engine_link_up(bench->hub, ORIGIN_FIRST + (uint32_t)i);
        node_engine_link_up(bench->nodes[i]);
    }
    (void)printf("%-24s %9.0f /s\n", "frame",
                 (double)count / (now_s() - start));
    sync_all(bench, "first load, both sides", count);
    start = now_s();
    for (size_t r = 0; r < count; r++) {
        save_edit(bench, r % OFFICES, &bench->ids[r]);
    }
    for (size_t i = 0; i < OFFICES; i++) {
        must(node_engine_cut_all(bench->nodes[i]), "cut");
    }
    (void)printf("%-24s %9.0f /s\n", "edit and frame",
                 (double)count / (now_s() - start));
    sync_all(bench, "backlog of edits", count);
}

int main(int argc, char **argv)
{
    static struct bench bench;
    size_t records = argc > 1 ? (size_t)strtoul(argv[1], NULL, 10) : RECORDS;
    const char *parent = getenv("TMPDIR") == NULL ? "." : getenv("TMPDIR");
    char key[512];

    must(tip_seal_init(), "start");
    (void)snprintf(bench.dir, sizeof bench.dir, "%s/bench-engine-XXXXXX",
                   parent);
    if (mkdtemp(bench.dir) == NULL) {
        must(TIP_EIO, "make a folder");
    }
    bench.random = tip_random_sodium();
    tip_clock_posix_init(&bench.clock);
    bench.schema = FAKE_SCHEMA;
    (void)snprintf(key, sizeof key, "%s/key", bench.dir);
    must(tip_vault_create_file(key, bench.random), "make a key");
    must(tip_vault_open_file(key, &bench.vault), "open the vault");
    open_hub(&bench);
    for (size_t i = 0; i < OFFICES; i++) {
        open_node(&bench, i);
    }
    run(&bench, records);
    return EXIT_SUCCESS;
}
