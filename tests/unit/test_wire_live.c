/* Rules of what is hashed of a record: all that is live, within its bound. */
#include <string.h>

#include "tip_test.h"
#include "tip_wire_live.h"
#include "wire_random.h"

enum { ROOM = 1 << 18, ARENA_BYTES_MAX = 1 << 24 };

static struct tip_buf live_of(const struct tip_record *record, uint8_t *memory)
{
    struct tip_buf buf;

    tip_buf_init(&buf, memory, tip_wire_live_bytes_max(record));
    tip_wire_live_put(&buf, record);
    return buf;
}

static bool differs(const struct tip_record *record, struct tip_bytes usual)
{
    static uint8_t memory[ROOM];
    struct tip_buf buf = live_of(record, memory);

    return !tip_bytes_equal(usual, tip_bytes(memory, buf.size));
}

/* Is each part of sibling @i, and of who wrote it, in the bytes? */
static bool names_all(struct tip_record *record, size_t i,
                      struct tip_bytes usual)
{
    struct tip_sibling *sibling = &record->siblings[i];
    struct tip_write *write = &record->writes[sibling->write];
    const struct tip_sibling kept = *sibling;
    const struct tip_write kept_write = *write;
    bool all;

    sibling->field++;
    all = differs(record, usual);
    *sibling = kept;
    sibling->element++;
    all = all && differs(record, usual);
    sibling->element = kept.element;
    sibling->value = (struct tip_value){
        .kind = TIP_VALUE_CODE,
        .code = kept.value.kind == TIP_VALUE_CODE ? kept.value.code + 1 : 1};
    all = all && differs(record, usual);
    *sibling = kept;
    write->origin++;
    all = all && differs(record, usual);
    *write = kept_write;
    write->seq++;
    all = all && differs(record, usual);
    *write = kept_write;
    write->commit++;
    all = all && differs(record, usual);
    *write = kept_write;
    write->verdict = write->verdict == TIP_VERDICT_GOOD ? TIP_VERDICT_FUTURE
                                                        : TIP_VERDICT_GOOD;
    all = all && differs(record, usual);
    *write = kept_write;
    return all;
}

static const char *live_is_whole(struct tip_property *property)
{
    static uint8_t memory[ROOM];
    const char *broken = NULL;
    struct tip_arena arena;
    struct wire_random random;
    struct tip_record record;
    struct tip_buf buf;

    tip_arena_init(&arena, ARENA_BYTES_MAX);
    random = wire_random(property, &arena);
    record = wire_random_record(&random);
    buf = live_of(&record, memory);
    if (buf.failed) {
        broken = "it is longer than its bound";
    }
    for (size_t i = 0; i < record.sibling_count && broken == NULL; i++) {
        if (!names_all(&record, i, tip_bytes(memory, buf.size))) {
            broken = "a part of a sibling is not in it";
        }
    }
    record.id.bytes[TIP_ID_SIZE - 1]++;
    if (!differs(&record, tip_bytes(memory, buf.size))) {
        broken = "the id is not in it";
    }
    tip_arena_deinit(&arena);
    return broken;
}

static void test_every_part_of_every_sibling_is_hashed(void **state)
{
    (void)state;
    assert_true(tip_property_holds("live", 300, live_is_whole));
}

/* Kinds are told apart even where their values are the same bytes. */
static void test_what_is_empty_and_what_is_a_member_differ(void **state)
{
    static const struct tip_id id = {{1}};
    static uint8_t empty[256], member[256];
    struct tip_write write = {.origin = 1, .seq = 1};
    struct tip_sibling sibling = {.field = 20,
                                  .value = {.kind = TIP_VALUE_NONE}};
    struct tip_record record;
    struct tip_buf a, b;

    (void)state;
    tip_record_init(&record, &id, 20, 1);
    record.writes = &write;
    record.write_count = 1;
    record.siblings = &sibling;
    record.sibling_count = 1;
    a = live_of(&record, empty);
    sibling.value.kind = TIP_VALUE_MEMBER;
    b = live_of(&record, member);
    assert_false(
        tip_bytes_equal(tip_bytes(empty, a.size), tip_bytes(member, b.size)));
}

static void test_there_is_room_for_the_largest_numbers(void **state)
{
    enum { SIBLINGS = 40 };
    static const struct tip_id id = {{1}};
    static struct tip_sibling siblings[SIBLINGS];
    static uint8_t memory[ROOM];
    struct tip_write write = {.origin = UINT32_MAX,
                              .seq = UINT64_MAX,
                              .commit = UINT64_MAX,
                              .verdict = TIP_VERDICT_FUTURE};
    struct tip_record record;

    (void)state;
    for (size_t i = 0; i < SIBLINGS; i++) {
        siblings[i] = (struct tip_sibling){
            .field = UINT32_MAX,
            .element = UINT64_MAX - SIBLINGS + i,
            .value = {.kind = TIP_VALUE_AMOUNT,
                      .amount = {.minor = INT64_MIN, .currency = UINT32_MAX}}};
    }
    tip_record_init(&record, &id, 20, 1);
    record.writes = &write;
    record.write_count = 1;
    record.siblings = siblings;
    record.sibling_count = SIBLINGS;
    assert_false(live_of(&record, memory).failed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_part_of_every_sibling_is_hashed),
        cmocka_unit_test(test_there_is_room_for_the_largest_numbers),
        cmocka_unit_test(test_what_is_empty_and_what_is_a_member_differ),
    };

    return cmocka_run_group_tests_name("wire_live", tests, NULL, NULL);
}
