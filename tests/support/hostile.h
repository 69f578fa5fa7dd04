/*
 * Two offices at a hub, the first of them taken over: its feed is written by
 * hand. Included by the tests of what that can do to the others.
 */
#ifndef HOSTILE_H
#define HOSTILE_H

#include "fake_schema.h"
#include "forge.h"
#include "tip_test.h"

enum { HUB = -1, NEMA = 0, ATAR = 1, NONE = -1, FLOOD = 4096 };

static struct forge nema; /* Writes the feed of Néma by hand. */

static inline int setup(void **state)
{
    static struct star star;

    star_init(&star, 2);
    star_run(&star);
    forge_feed(&nema, &star, NEMA);
    *state = &star;
    return 0;
}

static inline int teardown(void **state)
{
    forge_deinit(&nema);
    star_deinit(*state);
    return 0;
}

static inline struct tip_change code(uint32_t record, uint32_t field,
                                     uint32_t value)
{
    return (struct tip_change){
        .record = record,
        .field = field,
        .value = {.kind = TIP_VALUE_CODE, .code = value}};
}

static inline struct tip_change office(uint32_t record, uint64_t number)
{
    return (struct tip_change){.record = record,
                               .field = TIP_FIELD_OFFICES,
                               .element = number,
                               .value = {.kind = TIP_VALUE_MEMBER}};
}

static inline struct tip_record_ref by_id(const struct tip_id *id)
{
    return (struct tip_record_ref){.id = *id, .type = FAKE_TYPE};
}

static inline struct tip_change_set set_of(const struct tip_record_ref *records,
                                           size_t record_count,
                                           const struct tip_change *changes,
                                           size_t change_count)
{
    return (struct tip_change_set){.author = tip_bytes_text("clerk"),
                                   .records = records,
                                   .record_count = record_count,
                                   .changes = changes,
                                   .change_count = change_count};
}

static inline void send_set(struct tip_change_set set)
{
    forge_sets(&nema, &set, 1);
    forge_to_hub(&nema, NEMA);
}

/* Let Néma make @id, for Atar too if @shares. */
static inline void make_record(const struct tip_id *id, bool shares)
{
    struct tip_record_ref ref = by_id(id);
    struct tip_change changes[] = {office(0, STAR_OFFICE_FIRST),
                                   office(0, STAR_OFFICE_FIRST + ATAR),
                                   code(0, FAKE_LATEST, 1)};

    if (shares) {
        send_set(set_of(&ref, 1, changes, 3));
    } else {
        changes[1] = changes[2];
        send_set(set_of(&ref, 1, changes, 2));
    }
}

/* Why the newest change-set that is held back is. */
static inline enum tip_hold held_for(struct star *star)
{
    static struct hub_held held[64];
    size_t count = hub_engine_held(star->hub, held, 64);

    return count == 0 ? TIP_HOLD_NONE : held[count - 1].reason;
}

static inline struct hub_device_status device(struct star *star, size_t i)
{
    struct hub_device_status devices[STAR_NODES_MAX];

    assert_true(hub_engine_devices(star->hub, devices, STAR_NODES_MAX) > i);
    return devices[i];
}

/* Whatever was done before: Atar and the hub go on, now and after a restart. */
static inline void assert_others_go_on(struct star *star)
{
    for (int round = 0; round < 2; round++) {
        struct tip_id id = star_id(star);
        size_t count;

        assert_int_equal(star_add(star, ATAR, &id, NONE, FAKE_LATEST, 5),
                         TIP_OK);
        star_run(star);
        assert_int_equal(star_code(star, HUB, &id, FAKE_LATEST, &count), 5);
        assert_int_equal(star_edit(star, HUB, &id, FAKE_LATEST, 6), TIP_OK);
        star_run(star);
        assert_int_equal(star_code(star, ATAR, &id, FAKE_LATEST, &count), 6);
        star_cut(star, NEMA);
        star_crash_hub(star);
    }
}

#endif /* HOSTILE_H */
