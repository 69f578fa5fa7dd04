/* Rule: whatever a device does that was taken over, with all its keys, in what
 * order cuts, crashes and clocks come: the hub goes on, and what the other
 * office saved and did not share arrives with its value. Input: operations. */
#include "fake_schema.h"
#include "fuzz_forge.h"
#include "tip_test.h"
#include "tip_wire_up.h"

enum { HUB = -1, TAKEN = 0, OTHER = 1, OPS_MAX = 24, RECORDS_MAX = 6 };

struct world {
    struct star star;
    struct forge forge; /* Of the device that was taken over. */
    struct tip_talk talk;
    struct tip_id ids[RECORDS_MAX];
    uint32_t codes[RECORDS_MAX]; /* The last one the other office saved. */
    bool is_shared[RECORDS_MAX];
    size_t count;
};

static void hand_over(struct world *world)
{
    uint32_t generation;
    struct tip_head head;

    forge_to_hub(&world->forge, TAKEN);
    if (hub_engine_feed(world->star.hub, STAR_ORIGIN_FIRST + TAKEN, &generation,
                        &head) == TIP_OK) {
        fuzz_forge_stand(&world->forge, &head);
    }
}

static void save_other(struct world *world, struct tip_bytes *rest)
{
    uint32_t code = 1U + fuzz_take_u8(rest);
    size_t i = fuzz_take_u8(rest) % RECORDS_MAX;
    bool is_new = i >= world->count;
    enum tip_err err;

    i = is_new ? world->count : i;
    if (i == RECORDS_MAX) {
        return;
    }
    if (is_new) {
        world->ids[i] = star_id(&world->star);
        err = star_add(&world->star, OTHER, &world->ids[i], -1, FAKE_LATEST,
                       code);
    } else {
        err = star_edit(&world->star, OTHER, &world->ids[i], FAKE_LATEST, code);
    }
    /* A record that was shared may have been deleted or taken over. */
    FUZZ_RULE(err == TIP_OK || (!is_new && world->is_shared[i]));
    world->count += is_new;
    world->codes[i] = err == TIP_OK ? code : world->codes[i];
}

static void share(struct world *world, struct tip_bytes *rest)
{
    size_t i = fuzz_take_u8(rest) % RECORDS_MAX;

    if (i < world->count) {
        world->is_shared[i] = true;
        (void)!star_member(&world->star, OTHER, &world->ids[i], TAKEN,
                           fuzz_take_u8(rest) % 4 != 0);
    }
}

static struct tip_value some_value(struct tip_bytes *rest)
{
    struct tip_value value = {.kind = (enum tip_value_kind)(
                                  fuzz_take_u8(rest) % TIP_VALUE_KIND_COUNT)};

    if (value.kind == TIP_VALUE_CODE) {
        value.code = fuzz_take_u8(rest);
    } else if (value.kind == TIP_VALUE_INTEGER) {
        value.integer = (int64_t)fuzz_take_u64(rest);
    }
    return value;
}

/* A change-set to records that are, or are not, with a base of its own. */
static void forge_set(struct world *world, struct tip_bytes *rest)
{
    struct tip_change changes[4];
    struct tip_record_ref ref = {.type = FAKE_TYPE};
    size_t i = fuzz_take_u8(rest) % RECORDS_MAX;
    struct tip_change_set set = {.author = tip_bytes_text("clerk"),
                                 .records = &ref,
                                 .record_count = 1,
                                 .changes = changes};

    ref.id = i < world->count ? world->ids[i] : star_id(&world->star);
    if (fuzz_take_u8(rest) % 4 == 0) {
        ref = (struct tip_record_ref){
            .birth_commit = tip_commit_make(1, fuzz_take_u64(rest))};
    }
    set.base = tip_commit_make(fuzz_take_u8(rest) % 3, fuzz_take_u8(rest));
    set.stamp.packed = fuzz_take_u64(rest);
    for (size_t at = 0; at <= fuzz_take_u8(rest) % 4; at++) {
        changes[set.change_count++] =
            (struct tip_change){.field = fuzz_take_u8(rest) % FAKE_FIELD_END,
                                .element = fuzz_take_u64(rest),
                                .value = some_value(rest)};
    }
    if (tip_change_set_check(&set) == TIP_OK || fuzz_take_u8(rest) % 2 == 0) {
        static uint8_t memory[TIP_FRAME_BYTES_MAX];
        struct tip_up_body body = {.sets = &set, .set_count = 1};
        struct tip_bytes packed;
        struct tip_buf buf;

        set.origin = world->forge.header.origin;
        set.seq = world->forge.header.first;
        tip_buf_init(&buf, memory, sizeof memory);
        world->forge.header.count = 1;
        if (tip_wire_up_encode(world->forge.codec, &body, &buf,
                               &world->forge.header.dictionary) == TIP_OK &&
            tip_buf_finish(&buf, &packed) == TIP_OK) {
            forge_body(&world->forge, packed);
            hand_over(world);
        }
    }
}

/* Greet as that device would, and hear the hub's answer for its key. */
static void greet(struct world *world, struct tip_bytes *rest)
{
    struct tip_message message = {
        .kind = TIP_MESSAGE_HELLO,
        .hello = {.origin = STAR_ORIGIN_FIRST + TAKEN,
                  .nonce = {fuzz_take_u8(rest), 1},
                  .version = tip_bytes_text("test"),
                  .credit_bytes = fuzz_take_u64(rest)}};
    struct star_queue *inbox = &world->star.nodes[TAKEN].inbox;
    struct tip_arena arena;

    forge_say(&world->forge, &world->talk, &message);
    forge_to_hub(&world->forge, TAKEN);
    FUZZ_RULE(hub_engine_pump(world->star.hub) == TIP_OK);
    tip_arena_init(&arena, FUZZ_FORGE_ARENA_BYTES);
    for (size_t i = 0; i < inbox->count; i++) {
        size_t at = (inbox->first + i) % STAR_QUEUE_MAX;

        (void)!tip_talk_read(
            &world->talk,
            tip_bytes(inbox->messages[at].bytes, inbox->messages[at].size),
            &arena, &message);
    }
    tip_arena_deinit(&arena);
}

static void weather(struct world *world, struct tip_bytes *rest)
{
    struct star *star = &world->star;

    switch (fuzz_take_u8(rest) % 5) {
    case 0:
        star_run(star);
        break;
    case 1:
        star_crash_hub(star);
        break;
    case 2:
        star_crash_node(star, OTHER);
        break;
    case 3:
        star_cut(star, fuzz_take_u8(rest) % 2);
        break;
    default:
        star->clock.elapsed_ms += fuzz_take_u16(rest) * UINT64_C(100);
        star->clock.now_ms += fuzz_take_u16(rest);
        break;
    }
}

static void operate(struct world *world, struct tip_bytes *rest)
{
    switch (fuzz_take_u8(rest) % 8) {
    case 0:
        save_other(world, rest);
        break;
    case 1:
        share(world, rest);
        break;
    case 2:
        weather(world, rest);
        break;
    case 3:
        greet(world, rest);
        break;
    case 4:
        if (fuzz_forge_say(&world->forge, &world->talk, rest)) {
            hand_over(world);
        }
        break;
    case 5:
        world->forge.header.count = 1U + fuzz_take_u8(rest) % 8;
        fuzz_forge_frame(&world->forge, rest);
        hand_over(world);
        break;
    case 6:
        forge_set(world, rest);
        break;
    default:
        hub_engine_receive(world->star.hub,
                           STAR_ORIGIN_FIRST + fuzz_take_u8(rest) % 2U * 5U,
                           fuzz_take(rest, fuzz_take_u16(rest)));
        break;
    }
}

/* Heal everything; then nothing of the other office may be missing. */
static void check(struct world *world)
{
    struct star *star = &world->star;
    struct node_status status;
    size_t siblings;

    star_crash_hub(star);
    star_cut(star, TAKEN);
    star_join(star, OTHER);
    star_run(star);
    node_engine_status(star->nodes[OTHER].engine, &status);
    FUZZ_RULE(status.trouble == TIP_OK);
    FUZZ_RULE(status.confirmed == status.saved);
    FUZZ_RULE(status.agreement != TIP_AGREEMENT_DIFFERS);
    for (size_t i = 0; i < world->count; i++) {
        if (!world->is_shared[i]) {
            FUZZ_RULE(star_code(star, HUB, &world->ids[i], FAKE_LATEST,
                                &siblings) == world->codes[i]);
            FUZZ_RULE(siblings == 1);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct world world;
    struct tip_bytes rest = tip_bytes(data, size);

    memset(&world, 0, sizeof world);
    star_init(&world.star, 2);
    star_run(&world.star);
    star_cut(&world.star, TAKEN);
    hub_engine_link_up(world.star.hub, STAR_ORIGIN_FIRST + TAKEN);
    world.star.nodes[TAKEN].is_cut = false;
    forge_feed(&world.forge, &world.star, TAKEN);
    FUZZ_RULE(tip_talk_init(
                  &world.talk, world.star.nodes[TAKEN].keys, TIP_SESSION_NODE,
                  &tip_device_keys_public(world.star.keys)->box) == TIP_OK);
    for (int i = 0; i < OPS_MAX && rest.size > 0; i++) {
        operate(&world, &rest);
    }
    check(&world);
    tip_talk_deinit(&world.talk);
    forge_deinit(&world.forge);
    star_deinit(&world.star);
    return 0;
}
