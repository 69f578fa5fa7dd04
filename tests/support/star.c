#include "star.h"

#include <stdlib.h>
#include <string.h>

#include "fake_schema.h"
#include "hub_retire.h"
#include "tip_secret.h"
#include "tip_test.h"

#define OK(call) assert_int_equal((call), TIP_OK)

static void push(struct star_queue *queue, uint32_t peer,
                 struct tip_bytes message)
{
    size_t at = (queue->first + queue->count) % STAR_QUEUE_MAX;

    queue->messages[at].peer = peer;
    queue->messages[at].size = message.size;
    queue->messages[at].bytes = malloc(message.size);
    assert_non_null(queue->messages[at].bytes);
    memcpy(queue->messages[at].bytes, message.data, message.size);
    queue->count++;
}

static void pop(struct star_queue *queue)
{
    free(queue->messages[queue->first].bytes);
    queue->first = (queue->first + 1) % STAR_QUEUE_MAX;
    queue->count--;
}

static struct star_node *node_of(struct star *star, uint32_t origin)
{
    return &star->nodes[(origin - STAR_ORIGIN_FIRST) % STAR_ORIGINS_NEXT];
}

static enum tip_err star_send(struct tip_link *self, uint32_t peer,
                              struct tip_bytes message)
{
    struct star_link *link = (struct star_link *)self;
    struct star *star = link->star;
    uint32_t origin = link->self == 0 ? peer : link->self;
    struct star_queue *queue =
        link->self == 0 ? &node_of(star, origin)->inbox : &star->inbox;

    if (node_of(star, origin)->is_cut) {
        return TIP_ENOTFOUND;
    }
    if (queue->count == STAR_QUEUE_MAX) {
        return TIP_EAGAIN;
    }
    *(link->self == 0 ? &star->bytes_down : &star->bytes_up) += message.size;
    push(queue, origin, message);
    return TIP_OK;
}

static void star_receive(struct tip_link *self, int timeout_ms,
                         struct tip_link_event *out_event)
{
    (void)self;
    (void)timeout_ms;
    out_event->kind = TIP_LINK_NOTHING;
}

static void star_drop(struct tip_link *self, uint32_t peer)
{
    struct star_link *link = (struct star_link *)self;
    struct star *star = link->star;
    uint32_t origin = link->self == 0 ? peer : link->self;

    /* Down and up again at once. */
    node_engine_link_down(node_of(star, origin)->engine);
    hub_engine_link_down(star->hub, origin);
    hub_engine_link_up(star->hub, origin);
    node_engine_link_up(node_of(star, origin)->engine);
}

static struct star_link link_of(struct star *star, uint32_t self)
{
    return (struct star_link){
        .base = {.send = star_send, .receive = star_receive, .drop = star_drop},
        .star = star,
        .self = self};
}

static enum tip_err check_at_hub(const struct tip_schema *self, uint32_t type,
                                 uint32_t field, const struct tip_value *value)
{
    const struct star_hub_schema *schema = (const struct star_hub_schema *)self;

    return field == schema->unknown_field
               ? TIP_EUNKNOWN_FIELD
               : fake_schema_check(self, type, field, value);
}

static void open_node(struct star *star, struct star_node *node)
{
    struct node_engine_opts opts = {.store = &node->store->base,
                                    .link = &node->link.base,
                                    .clock = &node->clock.base,
                                    .random = &star->prng.base,
                                    .schema = &star->schema,
                                    .keys = node->keys,
                                    .identity = &node->identity,
                                    .version = tip_bytes_text("test"),
                                    .catalogue = 1};

    OK(node_engine_open(&opts, &node->engine));
}

enum tip_err star_open_hub(struct star *star)
{
    struct hub_engine_opts opts = {.store = &star->store->base,
                                   .link = &star->link.base,
                                   .clock = &star->clock.base,
                                   .random = &star->prng.base,
                                   .schema = &star->hub_schema.base,
                                   .keys = star->keys,
                                   .ref_secret = {{7}},
                                   .catalogue = 1,
                                   .restored_id = star->restores,
                                   .restored_count = star->restores,
                                   .quota = star->quota,
                                   .recovery_ms = star->recovery_ms};

    star->hub = NULL;
    return hub_engine_open(&opts, &star->hub);
}

/* Enrol a device with new keys and secrets as node @i. */
static void enrol(struct star *star, size_t i, struct hub_device *device)
{
    struct star_node *node = &star->nodes[i];
    const struct tip_device_public *hub = tip_device_keys_public(star->keys);

    node->store = fake_store_new(64 << 20);
    node->link = link_of(star, device->origin);
    OK(tip_device_keys_new(&star->prng.base, &node->keys));
    device->keys = *tip_device_keys_public(node->keys);
    node->identity =
        (struct node_identity){.origin = device->origin,
                               .office = device->office,
                               .key_epoch = device->key_epoch,
                               .office_secret = device->office_secret,
                               .ref_secret = {{7}},
                               .hub_origin = HUB_ORIGIN,
                               .hub_sign = hub->sign,
                               .hub_box = hub->box};
    OK(hub_engine_enrol(star->hub, device));
    OK(hub_engine_joined(star->hub, device->origin,
                         &node->identity.joined_generation,
                         &node->identity.joined));
    OK(hub_engine_flush(star->hub));
    open_node(star, node);
    node->is_cut = true;
}

static void make_node(struct star *star, size_t i)
{
    struct hub_device device = {.origin = STAR_ORIGIN_FIRST + (uint32_t)i,
                                .office = STAR_OFFICE_FIRST + (uint32_t)i,
                                .office_secret = {{(uint8_t)(i + 1)}}};

    star->nodes[i].clock = FAKE_CLOCK_AT(TIP_STAMP_EPOCH_MS + 1000000);
    enrol(star, i, &device);
    star_join(star, i);
}

void star_retire(struct star *star, size_t i)
{
    OK(hub_engine_retire(star->hub, star->nodes[i].identity.origin));
    OK(hub_engine_flush(star->hub));
    star_cut(star, i);
}

void star_replace(struct star *star, size_t i)
{
    struct star_node *node = &star->nodes[i];
    struct hub_device device = {.origin =
                                    node->identity.origin + STAR_ORIGINS_NEXT,
                                .office = node->identity.office,
                                .key_epoch = node->identity.key_epoch + 1,
                                .office_secret = node->identity.office_secret};

    device.office_secret.bytes[1]++;
    node_engine_close(node->engine);
    fake_store_free(node->store);
    tip_device_keys_free(node->keys);
    enrol(star, i, &device);
}

void star_init(struct star *star, size_t nodes)
{
    OK(tip_seal_init());
    *star = (struct star){.prng = TIP_PRNG_SEEDED(1),
                          .schema = FAKE_SCHEMA,
                          .hub_schema.base = FAKE_SCHEMA,
                          .clock = FAKE_CLOCK_AT(TIP_STAMP_EPOCH_MS + 1000000),
                          .store = fake_store_new(64 << 20),
                          .node_count = nodes};
    star->hub_schema.base.check = check_at_hub;
    star->link = link_of(star, 0);
    OK(tip_device_keys_new(&star->prng.base, &star->keys));
    OK(star_open_hub(star));
    for (size_t i = 0; i < nodes; i++) {
        make_node(star, i);
    }
}

static void drain(struct star_queue *queue)
{
    while (queue->count > 0) {
        pop(queue);
    }
}

void star_deinit(struct star *star)
{
    for (size_t i = 0; i < star->node_count; i++) {
        node_engine_close(star->nodes[i].engine);
        fake_store_free(star->nodes[i].store);
        tip_device_keys_free(star->nodes[i].keys);
        drain(&star->nodes[i].inbox);
    }
    hub_engine_close(star->hub);
    fake_store_free(star->store);
    tip_device_keys_free(star->keys);
    drain(&star->inbox);
}

/* Deliver what is in the inboxes; true if there was anything. */
static bool deliver(struct star *star)
{
    bool moved = star->inbox.count > 0;

    while (star->inbox.count > 0) {
        size_t at = star->inbox.first;

        hub_engine_receive(star->hub, star->inbox.messages[at].peer,
                           tip_bytes(star->inbox.messages[at].bytes,
                                     star->inbox.messages[at].size));
        pop(&star->inbox);
    }
    for (size_t i = 0; i < star->node_count; i++) {
        struct star_node *node = &star->nodes[i];

        moved = moved || node->inbox.count > 0;
        while (node->inbox.count > 0) {
            size_t at = node->inbox.first;

            node_engine_receive(node->engine,
                                tip_bytes(node->inbox.messages[at].bytes,
                                          node->inbox.messages[at].size));
            pop(&node->inbox);
        }
    }
    return moved;
}

static void assert_runs(enum tip_err err)
{
    assert_true(err == TIP_OK || err == TIP_ESTORE_FULL);
}

bool star_step(struct star *star)
{
    assert_runs(hub_engine_pump(star->hub));
    for (size_t i = 0; i < star->node_count; i++) {
        assert_runs(node_engine_pump(star->nodes[i].engine));
    }
    return deliver(star);
}

void star_run(struct star *star)
{
    while (star_step(star)) {
    }
}

void star_wait(struct star *star, uint64_t ms)
{
    star->clock.now_ms += ms;
    star->clock.elapsed_ms += ms;
    for (size_t i = 0; i < star->node_count; i++) {
        star->nodes[i].clock.now_ms += ms;
        star->nodes[i].clock.elapsed_ms += ms;
    }
}

void star_cut(struct star *star, size_t i)
{
    star->nodes[i].is_cut = true;
    drain(&star->nodes[i].inbox);
    node_engine_link_down(star->nodes[i].engine);
    hub_engine_link_down(star->hub, star->nodes[i].identity.origin);
}

void star_join(struct star *star, size_t i)
{
    star->nodes[i].is_cut = false;
    hub_engine_link_up(star->hub, star->nodes[i].identity.origin);
    node_engine_link_up(star->nodes[i].engine);
}

void star_crash_node(struct star *star, size_t i)
{
    struct star_node *node = &star->nodes[i];

    star_cut(star, i);
    node_engine_close(node->engine);
    fake_store_power_cut(node->store);
    open_node(star, node);
    star_join(star, i);
}

struct fake_store *star_back_up(struct star *star, size_t i)
{
    OK(node_engine_flush(star->nodes[i].engine));
    return fake_store_copy(star->nodes[i].store);
}

void star_restore(struct star *star, size_t i, struct fake_store *backup)
{
    struct star_node *node = &star->nodes[i];

    star_cut(star, i);
    node_engine_close(node->engine);
    fake_store_free(node->store);
    node->store = backup;
    open_node(star, node);
    star_join(star, i);
}

void star_crash_hub(struct star *star)
{
    hub_engine_close(star->hub);
    fake_store_power_cut(star->store);
    drain(&star->inbox);
    OK(star_open_hub(star));
    for (size_t i = 0; i < star->node_count; i++) {
        if (!star->nodes[i].is_cut) {
            star_cut(star, i);
            star_join(star, i);
        }
    }
}

struct fake_store *star_backup_hub(struct star *star)
{
    return fake_store_copy(star->store);
}

void star_restore_hub(struct star *star, struct fake_store *backup,
                      bool is_told)
{
    struct fake_store *lost = star->store;

    star->restores += is_told ? 1 : 0;
    hub_engine_close(star->hub);
    drain(&star->inbox);
    star->store = fake_store_copy(backup);
    OK(star_open_hub(star));
    fake_store_free(lost);
    for (size_t i = 0; i < star->node_count; i++) {
        if (!star->nodes[i].is_cut) {
            star_cut(star, i);
            star_join(star, i);
        }
    }
}

struct tip_id star_id(struct star *star)
{
    uint8_t random[TIP_ID_RANDOM_SIZE];

    star->prng.base.fill(&star->prng.base, random, sizeof random);
    return tip_id_make(TIP_STAMP_EPOCH_MS, random);
}
