/* Random items of a channel, and bodies of the hub. */
#include <assert.h>

#include "wire_random.h"

static struct tip_echo random_echo(struct wire_random *random)
{
    struct tip_property *p = random->property;
    struct tip_echo echo = {
        .origin = (uint32_t)(1 + tip_property_number(p, 31)),
        .first_seq = 1 + tip_property_number(p, 62),
        .count = (uint32_t)(1 + tip_property_number(p, 16)),
        .verdict = (enum tip_verdict)tip_property_below(p, 2)};
    uint32_t generation = (uint32_t)(1 + tip_property_number(p, 19));

    echo.first_commit =
        tip_commit_make(generation, 1 + tip_property_number(p, 42));
    return echo;
}

static struct tip_state_part random_state(struct wire_random *random)
{
    struct tip_property *p = random->property;
    size_t size = (size_t)(1 + tip_property_below(p, 300));
    uint32_t offset = (uint32_t)tip_property_number(p, 19);
    uint8_t *bytes = tip_arena_alloc(random->arena, size);

    assert(bytes != NULL);
    for (size_t i = 0; i < size; i++) {
        bytes[i] = (uint8_t)tip_property_number(p, 8);
    }
    return (struct tip_state_part){
        .total =
            offset + (uint32_t)size +
            (uint32_t)(tip_property_once_in(p, 2) ? tip_property_number(p, 18)
                                                  : 0),
        .offset = offset,
        .bytes = tip_bytes(bytes, size)};
}

static struct tip_ruling random_ruling(struct wire_random *random)
{
    struct tip_property *p = random->property;
    bool is_accepted = tip_property_once_in(p, 2);

    return (struct tip_ruling){
        .kind = is_accepted ? TIP_RULING_ACCEPTED : TIP_RULING_REFUSED,
        .hold = (enum tip_hold)(1 + tip_property_below(p, TIP_HOLD_COUNT - 1)),
        .origin = (uint32_t)(1 + tip_property_number(p, 31)),
        .first_seq = 1 + tip_property_number(p, 62),
        .count = is_accepted ? 1 : 1 + tip_property_number(p, 20),
        .base = is_accepted ? wire_random_commit(random) : 0,
        .unix_ms = tip_property_number(p, 48),
        .by = tip_bytes_text("salma"),
        .reason = tip_bytes_text("the office asked for it")};
}

/* Any bytes: what nobody knows is carried like the rest. */
static struct tip_bytes random_control(struct wire_random *random)
{
    struct tip_property *p = random->property;
    size_t size = (size_t)(1 + tip_property_below(p, TIP_CTL_BYTES_MAX));
    uint8_t *bytes = tip_arena_alloc(random->arena, size);

    assert(bytes != NULL);
    for (size_t i = 0; i < size; i++) {
        bytes[i] = (uint8_t)tip_property_number(p, 8);
    }
    return tip_bytes(bytes, size);
}

struct tip_item wire_random_item(struct wire_random *random)
{
    struct tip_item item = {.kind = TIP_ITEM_ECHO};

    if (tip_property_once_in(random->property, 3)) {
        item.echo = random_echo(random);
        return item;
    }
    if (tip_property_once_in(random->property, 6)) {
        item.kind = TIP_ITEM_STATE;
        item.commit = wire_random_commit(random);
        item.state = random_state(random);
        return item;
    }
    if (tip_property_once_in(random->property, 8)) {
        item.kind = TIP_ITEM_RULING;
        item.commit = wire_random_commit(random);
        item.verdict =
            (enum tip_verdict)tip_property_below(random->property, 2);
        item.ruling = random_ruling(random);
        return item;
    }
    if (tip_property_once_in(random->property, 8)) {
        item.kind = TIP_ITEM_CONTROL;
        item.commit = wire_random_commit(random);
        item.control = random_control(random);
        return item;
    }
    if (tip_property_once_in(random->property, 12)) {
        item.kind = TIP_ITEM_ROLL;
        item.commit = wire_random_commit(random);
        item.roll.is_end = tip_property_once_in(random->property, 2);
        item.roll.count = tip_property_number(random->property, 40);
        wire_random_fill(random, item.roll.parts, sizeof item.roll.parts);
        return item;
    }
    item.kind = TIP_ITEM_SET;
    item.commit = wire_random_commit(random);
    item.verdict = (enum tip_verdict)tip_property_below(random->property, 2);
    item.set = wire_random_set(random);
    return item;
}

static struct tip_decided random_decided(struct wire_random *random)
{
    struct tip_property *p = random->property;
    size_t count = (size_t)tip_property_below(p, 4);
    struct tip_held_run *runs =
        tip_arena_alloc_array(random->arena, count, sizeof *runs);
    uint64_t seq = 0;
    uint64_t unnamed =
        tip_property_once_in(p, 4) ? tip_property_number(p, 40) : 0;

    assert(runs != NULL);
    for (size_t i = 0; i < count; i++) {
        runs[i] = (struct tip_held_run){
            .first = seq + 1 + tip_property_number(p, 40),
            .count = 1 + tip_property_number(p, 40),
            .reason = (enum tip_hold)(1 + tip_property_below(p, 8))};
        seq = runs[i].first + runs[i].count - 1;
    }
    return (struct tip_decided){.origin = (uint32_t)tip_property_number(p, 32),
                                .bound =
                                    seq + unnamed + tip_property_number(p, 40),
                                .runs = runs,
                                .run_count = count,
                                .unnamed = unnamed};
}

enum { GONE_SIZE = 20 };

struct tip_down_body wire_random_down(struct wire_random *random, size_t count)
{
    struct tip_item *items =
        tip_arena_alloc_array(random->arena, count, sizeof *items);
    struct tip_decided *decided =
        tip_arena_alloc_array(random->arena, 3, sizeof *decided);
    struct tip_down_body body = {.items = items, .item_count = count};

    assert(items != NULL && decided != NULL);
    random->is_down = true;
    for (size_t i = 0; i < count; i++) {
        items[i] = wire_random_item(random);
    }
    if (tip_property_once_in(random->property, 2)) {
        body.has_checkpoint = true;
        body.checkpoint.commit = wire_random_commit(random);
        body.checkpoint.control = tip_property_number(random->property, 20);
        body.checkpoint.decided = decided;
        body.checkpoint.has_digest = tip_property_once_in(random->property, 2);
        for (size_t i = 0; i < sizeof body.checkpoint.digest; i++) {
            body.checkpoint.digest[i] =
                (uint8_t)tip_property_number(random->property, 8);
        }
        body.checkpoint.decided_count =
            (size_t)tip_property_below(random->property, 4);
        for (size_t i = 0; i < body.checkpoint.decided_count; i++) {
            decided[i] = random_decided(random);
        }
    }
    if (tip_property_once_in(random->property, 2)) {
        uint8_t *gone = tip_arena_alloc(random->arena, GONE_SIZE);

        assert(gone != NULL);
        wire_random_fill(random, gone, GONE_SIZE);
        body.gone = tip_bytes(gone, GONE_SIZE);
    }
    return body;
}

static struct tip_ctl random_open(struct wire_random *random)
{
    struct tip_property *p = random->property;
    struct tip_ctl control = {
        .kind = TIP_CTL_OPEN,
        .open = {.origin = (uint32_t)(1 + tip_property_number(p, 31)),
                 .office = (uint32_t)tip_property_number(p, 16)}};

    if (tip_property_once_in(p, 2)) {
        control.open.continues = control.open.origin + 1;
        control.open.up_to = tip_property_number(p, 40);
        control.open.start = control.open.up_to + tip_property_number(p, 2);
    }
    wire_random_fill(random, control.open.sign, TIP_CTL_KEY_SIZE);
    wire_random_fill(random, control.open.box, TIP_CTL_KEY_SIZE);
    wire_random_fill(random, control.open.curve, TIP_CTL_KEY_SIZE);
    return control;
}

struct tip_ctl wire_random_ctl(struct wire_random *random)
{
    struct tip_property *p = random->property;
    uint32_t origin = (uint32_t)(1 + tip_property_number(p, 31));
    struct tip_ctl control = {.kind = TIP_CTL_CLOSE};

    switch (tip_property_below(p, 6)) {
    case 0:
        return random_open(random);
    case 1:
        control.close.origin = origin;
        control.close.head.number = tip_property_number(p, 64);
        wire_random_fill(random, control.close.head.hash, TIP_HEAD_SIZE);
        break;
    case 2:
        control.kind = TIP_CTL_REVOKE;
        control.revoke.origin = origin;
        control.revoke.seq = tip_property_number(p, 64);
        break;
    case 3:
        control.kind = TIP_CTL_ERASE;
        control.erase.record = wire_random_id(random);
        control.erase.decided_ms = tip_property_number(p, 43);
        control.erase.birth_commit = wire_random_commit(random);
        control.erase.birth_index = (uint32_t)tip_property_number(p, 4);
        break;
    case 4:
        control.kind = TIP_CTL_RETIRE;
        control.retire.origin = origin;
        break;
    default:
        control.kind = TIP_CTL_GENERATION;
        control.generation.follows = wire_random_commit(random);
        control.generation.generation =
            tip_commit_generation(control.generation.follows) + 1;
        break;
    }
    return control;
}
