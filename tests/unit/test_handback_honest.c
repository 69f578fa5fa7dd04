/* What an honest office has left of the frames of a hub that was put back is
 * taken, though nobody else hands anything back. */
#include "erasing.h"
#include "hub_engine_internal.h"
#include "star_offices.h"

#define OK(call) assert_int_equal((call), TIP_OK)

enum { RECORDS = 120, LETTERS = 12950 };

/* How far Néma has its own channel. */
static uint64_t last_of_nema(struct star *star)
{
    struct tip_channel_position have[3];
    struct tip_head feed;

    node_engine_position(star->nodes[NEMA].engine, &feed, have, NULL);
    assert_int_equal(have[0].channel, STAR_OFFICE_FIRST);
    return have[0].head.number;
}

/* Néma, alone, and honest. */
static void assert_nema_hands_all_back(struct star *star)
{
    star_join(star, NEMA);
    star_run(star);
    assert_int_equal(star_status(star, NEMA).trouble, TIP_OK);
    assert_int_equal(
        hub_engine_channel(star->hub, STAR_OFFICE_FIRST)->row.head.number,
        last_of_nema(star));
}

/* A change-set of the hub with many small records of Néma's. */
static void add_many(struct star *star, struct tip_id *out, size_t count)
{
    struct tip_draft_record records[RECORDS];
    struct tip_change changes[RECORDS][2];
    const struct tip_draft draft = {.records = records,
                                    .record_count = count,
                                    .author = tip_bytes_text("hub")};
    struct tip_saved saved;

    for (size_t i = 0; i < count; i++) {
        out[i] = star_id(star);
        changes[i][0] =
            (struct tip_change){.field = TIP_FIELD_OFFICES,
                                .element = STAR_OFFICE_FIRST,
                                .value = {.kind = TIP_VALUE_MEMBER}};
        changes[i][1] = (struct tip_change){
            .field = FAKE_LATEST, .value = {.kind = TIP_VALUE_CODE, .code = 1}};
        records[i] = (struct tip_draft_record){.id = out[i],
                                               .is_new = true,
                                               .type = FAKE_TYPE,
                                               .changes = changes[i],
                                               .change_count = 2};
    }
    OK(hub_engine_save(star->hub, &draft, &saved));
    OK(hub_engine_flush(star->hub));
}

/* @id is written @size random letters. */
static void write_much(struct star *star, const struct tip_id *id,
                       uint32_t field, size_t size)
{
    static char text[16 * 1024];

    assert_true(size < sizeof text);
    for (size_t i = 0; i < size; i++) {
        text[i] = (char)('0' + tip_prng_below(&star->prng, 64));
    }
    text[size] = '\0';
    OK(erasing_write(star, HUB, id, field, text));
}

/* What says what is gone takes more room than that did. */
static void test_a_frame_has_room_to_say_what_is_gone(void **state)
{
    static uint8_t memory[TIP_FRAME_BYTES_MAX];
    struct star *star = *state;
    struct tip_id other = erasing_somebody(star, "Salka");
    struct fake_store *backup = star_backup_hub(star);
    struct tip_id many[RECORDS];
    uint64_t next = last_of_nema(star) + 1;
    uint64_t commit;

    star_cut(star, NEMA);
    write_much(star, &other, FAKE_LATEST + 1, LETTERS);
    (void)erasing_export(star, STAR_OFFICE_FIRST, next++, memory);
    add_many(star, many, RECORDS);
    for (uint32_t i = 1; i <= 3; i++) {
        write_much(star, &other, FAKE_LATEST + i, LETTERS);
    }
    (void)erasing_export(star, STAR_OFFICE_FIRST, next, memory);
    star_join(star, NEMA);
    star_run(star);
    for (size_t i = 1; i < RECORDS; i++) {
        OK(hub_engine_erase(star->hub, &many[i], 0, &commit));
    }
    erasing_then_restore(star, &many[0], backup);
    assert_nema_hands_all_back(star);
}

/* Nobody else says what was erased. */
static void test_an_office_alone_hands_back_what_it_has_left(void **state)
{
    struct star *star = *state;
    struct tip_id id = erasing_somebody(star, "Mariem");
    struct tip_id other = erasing_somebody(star, "Salka");
    struct fake_store *backup = star_backup_hub(star);

    erasing_write_behind(star, &id, "Mariem", &other);
    erasing_then_restore(star, &id, backup);
    assert_nema_hands_all_back(star);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAR_TEST(test_a_frame_has_room_to_say_what_is_gone),
        STAR_TEST(test_an_office_alone_hands_back_what_it_has_left),
    };

    return cmocka_run_group_tests_name("handback_honest", tests, NULL, NULL);
}
