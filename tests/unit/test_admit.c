/* Rules of tip_admit and tip_change: what the hub believes, and what not. */
#include "fake_schema.h"
#include "tip_admit.h"
#include "tip_arena.h"
#include "tip_test.h"

enum { HUB = 1, NEMA = 5, ATAR = 6, NEMA_OFFICE = 25, ATAR_OFFICE = 26 };

struct fixture {
    struct tip_arena arena;
    struct tip_schema schema;
    struct tip_admission nema, atar, hub;
    struct tip_record record; /* Made by Nema at commit 10, given 10 to both. */
};

static const struct tip_id some_id = {{1}};

#define MEMBER_OF(office)                                           \
    {                                                               \
        .field = TIP_FIELD_OFFICES, .element = (office), .value = { \
            .kind = TIP_VALUE_MEMBER                                \
        }                                                           \
    }
#define CODE(field_, code_)                                                    \
    {                                                                          \
        .field = (field_), .value = {.kind = TIP_VALUE_CODE, .code = (code_) } \
    }

/* Apply @changes as a write of Nema at commit 10. */
static void make_record(struct fixture *f, const struct tip_change *changes,
                        size_t count)
{
    struct tip_write write = {
        .origin = NEMA, .office = NEMA_OFFICE, .seq = 1, .commit = 10};
    struct tip_record dead;

    tip_record_init(&f->record, &some_id, FAKE_TYPE, NEMA_OFFICE);
    assert_int_equal(
        tip_record_apply(&f->record, &write, changes, count, &f->arena, &dead),
        TIP_OK);
    f->record.birth_commit = 10;
}

static int setup(void **state)
{
    static struct fixture f;

    tip_arena_init(&f.arena, 1 << 20);
    f.schema = FAKE_SCHEMA;
    f.nema = (struct tip_admission){
        .origin = NEMA, .office = NEMA_OFFICE, .given = 10};
    f.atar = (struct tip_admission){
        .origin = ATAR, .office = ATAR_OFFICE, .given = 10};
    f.hub = (struct tip_admission){
        .origin = HUB, .office = HUB, .is_hub = true, .given = 10};
    tip_record_init(&f.record, &some_id, FAKE_TYPE, NEMA_OFFICE);
    *state = &f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    tip_arena_deinit(&f->arena);
    return 0;
}

static enum tip_hold admit(struct fixture *f,
                           const struct tip_admission *admission, uint64_t base,
                           const struct tip_change *changes, size_t count)
{
    struct tip_change_set set = {
        .origin = admission->origin, .seq = 2, .base = base};

    return tip_admit_record(admission, &set, &f->record, changes, count,
                            &f->schema);
}

static void test_believes_a_base_it_has_given(void **state)
{
    struct fixture *f = *state;
    struct tip_change_set set = {.origin = NEMA, .base = 10};

    assert_int_equal(tip_admit_base(&f->nema, &set), TIP_HOLD_NONE);
    assert_int_equal(f->nema.base, 10);
}

static void test_holds_a_base_it_has_not_given(void **state)
{
    struct fixture *f = *state;
    struct tip_change_set set = {.origin = NEMA, .base = 11};

    assert_int_equal(tip_admit_base(&f->nema, &set), TIP_HOLD_BASE);
    assert_int_equal(f->nema.base, 0);
}

static void test_holds_a_base_that_falls(void **state)
{
    struct fixture *f = *state;
    struct tip_change_set set = {.origin = NEMA, .base = 7};

    assert_int_equal(tip_admit_base(&f->nema, &set), TIP_HOLD_NONE);
    set.base = 6;
    assert_int_equal(tip_admit_base(&f->nema, &set), TIP_HOLD_BASE);
    assert_int_equal(f->nema.base, 7);
}

static void test_a_record_is_born_held_by_its_maker(void **state)
{
    struct fixture *f = *state;
    struct tip_change with[] = {MEMBER_OF(NEMA_OFFICE), CODE(FAKE_LATEST, 1)};

    assert_int_equal(admit(f, &f->nema, 0, with, 2), TIP_HOLD_NONE);
    assert_int_equal(admit(f, &f->nema, 0, with + 1, 1), TIP_HOLD_MEMBER);
    assert_int_equal(admit(f, &f->atar, 0, with, 2), TIP_HOLD_MEMBER);
}

static void test_only_the_hub_writes_for_everybody(void **state)
{
    struct fixture *f = *state;
    struct tip_change all[] = {MEMBER_OF(TIP_OFFICE_ALL),
                               MEMBER_OF(NEMA_OFFICE), CODE(FAKE_LATEST, 1)};

    assert_int_equal(admit(f, &f->nema, 0, all, 3), TIP_HOLD_CHANNEL);
    assert_int_equal(admit(f, &f->hub, 0, all, 3), TIP_HOLD_NONE);
}

static void test_an_office_that_does_not_hold_it_may_not_write(void **state)
{
    struct fixture *f = *state;
    struct tip_change birth[] = {MEMBER_OF(NEMA_OFFICE)};
    struct tip_change edit[] = {CODE(FAKE_LATEST, 1)};

    make_record(f, birth, 1);
    assert_int_equal(admit(f, &f->nema, 0, edit, 1), TIP_HOLD_NONE);
    assert_int_equal(admit(f, &f->atar, 10, edit, 1), TIP_HOLD_MEMBER);
    assert_int_equal(admit(f, &f->hub, 0, edit, 1), TIP_HOLD_NONE);
}

static void test_a_second_office_writes_from_when_it_was_sent_it(void **state)
{
    struct fixture *f = *state;
    struct tip_change birth[] = {MEMBER_OF(NEMA_OFFICE),
                                 MEMBER_OF(ATAR_OFFICE)};
    struct tip_change edit[] = {CODE(FAKE_LATEST, 1)};

    make_record(f, birth, 2);
    assert_int_equal(admit(f, &f->atar, 9, edit, 1), TIP_HOLD_MEMBER);
    assert_int_equal(admit(f, &f->atar, 10, edit, 1), TIP_HOLD_NONE);
    assert_int_equal(tip_admit_member_since(&f->record, NEMA_OFFICE), 0);
    assert_int_equal(tip_admit_member_since(&f->record, ATAR_OFFICE), 10);
    assert_true(tip_admit_member_since(&f->record, 99) == UINT64_MAX);
}

static void test_holds_earlier_work_after_later_work_is_in(void **state)
{
    struct fixture *f = *state;
    struct tip_change birth[] = {MEMBER_OF(NEMA_OFFICE)};
    struct tip_change edit[] = {CODE(FAKE_LATEST, 1)};
    struct tip_change_set set = {.origin = NEMA, .seq = 1};

    make_record(f, birth, 1);
    assert_int_equal(
        tip_admit_record(&f->nema, &set, &f->record, edit, 1, &f->schema),
        TIP_HOLD_ORDER);
}

static void test_holds_what_the_catalogue_does_not_know_or_forbids(void **state)
{
    struct fixture *f = *state;
    struct tip_change birth[] = {MEMBER_OF(NEMA_OFFICE)};
    struct tip_change unknown[] = {CODE(FAKE_FIELD_END, 1)};
    struct tip_change reserved[] = {CODE(TIP_FIELD_FIRST - 1, 1)};
    struct tip_change bad[] = {CODE(FAKE_LATEST, FAKE_CODE_BAD)};
    struct tip_change deleted[] = {CODE(TIP_FIELD_DELETED, 1)};

    make_record(f, birth, 1);
    assert_int_equal(admit(f, &f->nema, 0, unknown, 1), TIP_HOLD_TOO_NEW);
    assert_int_equal(admit(f, &f->nema, 0, reserved, 1), TIP_HOLD_TOO_NEW);
    assert_int_equal(admit(f, &f->nema, 0, bad, 1), TIP_HOLD_VALUE);
    assert_int_equal(admit(f, &f->nema, 0, deleted, 1), TIP_HOLD_VALUE);
    f->record.type = FAKE_TYPE + 1;
    assert_int_equal(admit(f, &f->nema, 0, bad, 1), TIP_HOLD_TOO_NEW);
}

static void test_holds_what_would_make_a_record_too_large(void **state)
{
    static const uint8_t text[20 * 1024];
    struct fixture *f = *state;
    struct tip_change birth[30] = {MEMBER_OF(NEMA_OFFICE)};
    struct tip_change more[] = {
        {.field = FAKE_FIELD_END - 1,
         .value = {.kind = TIP_VALUE_TEXT, .bytes = TIP_BYTES_OF(text)}}};

    for (uint32_t i = 1; i < 26; i++) {
        birth[i] = more[0];
        birth[i].field = FAKE_LATEST + i;
    }
    make_record(f, birth, 25);
    assert_int_equal(admit(f, &f->nema, 0, more, 1), TIP_HOLD_NONE);
    make_record(f, birth, 26);
    assert_int_equal(admit(f, &f->nema, 0, more, 1), TIP_HOLD_TOO_LARGE);
}

static void test_a_frame_has_one_place_on_a_chain(void **state)
{
    struct tip_frame_header header = {.first = 11, .count = 5};

    (void)state;
    assert_int_equal(tip_feed_place(10, &header), TIP_FEED_NEXT);
    assert_int_equal(tip_feed_place(9, &header), TIP_FEED_GAP);
    assert_int_equal(tip_feed_place(15, &header), TIP_FEED_DUPLICATE);
    assert_int_equal(tip_feed_place(99, &header), TIP_FEED_DUPLICATE);
    assert_int_equal(tip_feed_place(11, &header), TIP_FEED_FORK);
    assert_int_equal(tip_feed_place(14, &header), TIP_FEED_FORK);
}

/* A change-set that is well formed, to break in one place at a time. */
struct good_set {
    struct tip_record_ref records[2];
    struct tip_change changes[3];
    struct tip_change_set set;
};

static void make_good_set(struct good_set *good)
{
    *good = (struct good_set){
        .records = {{.id = some_id, .type = FAKE_TYPE},
                    {.birth_commit = 4, .birth_index = 2}},
        .changes = {{.record = 0, .field = FAKE_LATEST},
                    {.record = 0, .field = FAKE_SET, .element = 3},
                    {.record = 1, .field = FAKE_LATEST}},
        .set = {.origin = NEMA,
                .seq = 1,
                .author = tip_bytes_text("clerk"),
                .record_count = 2,
                .change_count = 3}};
    good->set.records = good->records;
    good->set.changes = good->changes;
}

#define ASSERT_REFUSES(breakage)                                           \
    do {                                                                   \
        struct good_set good;                                              \
        make_good_set(&good);                                              \
        breakage;                                                          \
        assert_int_equal(tip_change_set_check(&good.set), TIP_EMALFORMED); \
    } while (0)

static void test_a_change_set_is_refused_for_each_fault(void **state)
{
    struct good_set whole;

    (void)state;
    make_good_set(&whole);
    assert_int_equal(tip_change_set_check(&whole.set), TIP_OK);
    ASSERT_REFUSES(good.set.origin = 0);
    ASSERT_REFUSES(good.set.seq = 0);
    ASSERT_REFUSES(good.set.author.size = 0);
    ASSERT_REFUSES(good.set.author.size = TIP_AUTHOR_BYTES_MAX + 1);
    ASSERT_REFUSES(good.set.reason.size = TIP_REASON_BYTES_MAX + 1);
    ASSERT_REFUSES(good.set.record_count = 0);
    ASSERT_REFUSES(good.set.record_count = 1);
    ASSERT_REFUSES(good.records[0].type = 0);
    ASSERT_REFUSES(good.records[1].type = FAKE_TYPE);
    ASSERT_REFUSES(good.records[1].birth_commit = 0);
    ASSERT_REFUSES(good.records[1] = good.records[0]);
    ASSERT_REFUSES(good.changes[0].field = 0);
    ASSERT_REFUSES(good.changes[1].field = FAKE_LATEST - 1);
    ASSERT_REFUSES(good.changes[1] = good.changes[0]);
    ASSERT_REFUSES(good.changes[1].record = 1);
}

static void test_only_what_the_hub_tells_must_write_something(void **state)
{
    struct good_set good;

    (void)state;
    make_good_set(&good);
    good.set.change_count = 0;
    assert_int_equal(tip_change_set_check(&good.set), TIP_OK);
    assert_int_equal(tip_change_part_check(&good.set), TIP_EMALFORMED);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_believes_a_base_it_has_given),
        TEST(test_holds_a_base_it_has_not_given),
        TEST(test_holds_a_base_that_falls),
        TEST(test_a_record_is_born_held_by_its_maker),
        TEST(test_only_the_hub_writes_for_everybody),
        TEST(test_an_office_that_does_not_hold_it_may_not_write),
        TEST(test_a_second_office_writes_from_when_it_was_sent_it),
        TEST(test_holds_earlier_work_after_later_work_is_in),
        TEST(test_holds_what_the_catalogue_does_not_know_or_forbids),
        TEST(test_holds_what_would_make_a_record_too_large),
        TEST(test_a_frame_has_one_place_on_a_chain),
        TEST(test_a_change_set_is_refused_for_each_fault),
        TEST(test_only_what_the_hub_tells_must_write_something),
    };

    return cmocka_run_group_tests_name("admit", tests, NULL, NULL);
}
