/* Rules of tip_admit: what the hub believes, and what not. */
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

/* Write that Atar holds the record, or no more, as the hub at @commit. */
static void order_member(struct fixture *f, uint64_t commit, bool is_member)
{
    struct tip_change change = MEMBER_OF(ATAR_OFFICE);
    struct tip_write write = {.origin = HUB,
                              .office = HUB,
                              .seq = commit,
                              .commit = commit,
                              .base = commit - 1};
    struct tip_record dead;

    change.value.kind = is_member ? TIP_VALUE_MEMBER : TIP_VALUE_NONE;
    assert_int_equal(
        tip_record_apply(&f->record, &write, &change, 1, &f->arena, &dead),
        TIP_OK);
}

/* From the commit of the state it was sent up to, not including, its removal;
 * what is accepted beyond that proves no more than it held. */
static void test_membership_at_base(void **state)
{
    struct fixture *f = *state;
    struct tip_change birth[] = {MEMBER_OF(NEMA_OFFICE), CODE(FAKE_LATEST, 1)};

    make_record(f, birth, 2);
    assert_true(tip_admit_was_member(&f->record, NEMA_OFFICE, 0));
    assert_false(tip_admit_was_member(&f->record, ATAR_OFFICE, UINT64_MAX));
    assert_int_equal(tip_admit_proven(&f->record, ATAR_OFFICE, 50), 0);
    order_member(f, 20, true);
    assert_false(tip_admit_was_member(&f->record, ATAR_OFFICE, 19));
    assert_true(tip_admit_was_member(&f->record, ATAR_OFFICE, 20));
    assert_int_equal(tip_admit_proven(&f->record, ATAR_OFFICE, 19), 0);
    assert_int_equal(tip_admit_proven(&f->record, ATAR_OFFICE, 25), 25);
    order_member(f, 30, false);
    assert_true(tip_admit_was_member(&f->record, ATAR_OFFICE, 29));
    assert_false(tip_admit_was_member(&f->record, ATAR_OFFICE, 30));
    assert_int_equal(tip_admit_proven(&f->record, ATAR_OFFICE, 29), 29);
    assert_int_equal(tip_admit_proven(&f->record, ATAR_OFFICE, 40), 29);
    order_member(f, 40, true);
    assert_false(tip_admit_was_member(&f->record, ATAR_OFFICE, 29));
    assert_true(tip_admit_was_member(&f->record, ATAR_OFFICE, 40));
}

/* Said again by who had seen it, it is so from when it was said first. */
static void test_said_again_it_is_so_since_the_first_word(void **state)
{
    struct fixture *f = *state;

    make_record(f, (struct tip_change[]){MEMBER_OF(NEMA_OFFICE)}, 1);
    for (uint64_t commit = 20; commit < 40; commit++) {
        order_member(f, commit, commit < 30);
    }
    assert_true(tip_admit_was_member(&f->record, ATAR_OFFICE, 29));
    assert_false(tip_admit_was_member(&f->record, ATAR_OFFICE, 30));
    order_member(f, 40, true);
    assert_int_equal(tip_admit_member_since(&f->record, ATAR_OFFICE), 40);
}

/* Write that @office is in (or, @out, is not) at @commit. */
static void write_member(struct fixture *f, uint32_t origin, uint64_t commit,
                         uint32_t office, bool out)
{
    struct tip_write write = {.origin = origin, .seq = 9, .commit = commit};
    struct tip_change change = MEMBER_OF(office);
    struct tip_record dead;

    change.value.kind = out ? TIP_VALUE_NONE : TIP_VALUE_MEMBER;
    assert_int_equal(
        tip_record_apply(&f->record, &write, &change, 1, &f->arena, &dead),
        TIP_OK);
}

static void test_an_office_is_in_since_the_first_that_says_so(void **state)
{
    struct fixture *f = *state;
    struct tip_change birth[] = {MEMBER_OF(NEMA_OFFICE)};

    make_record(f, birth, 1);
    write_member(f, 3, 11, ATAR_OFFICE, true);
    write_member(f, NEMA, 15, ATAR_OFFICE, false);
    write_member(f, HUB + 6, 13, ATAR_OFFICE, false);
    assert_int_equal(tip_admit_member_since(&f->record, ATAR_OFFICE), 13);
}

static void test_a_base_is_proven_up_to_the_removal(void **state)
{
    struct fixture *f = *state;
    struct tip_change birth[] = {MEMBER_OF(NEMA_OFFICE)};

    make_record(f, birth, 1);
    assert_int_equal(tip_admit_proven(&f->record, ATAR_OFFICE, 30), 0);
    write_member(f, NEMA, 20, ATAR_OFFICE, true);
    write_member(f, HUB, 22, ATAR_OFFICE, true);
    assert_int_equal(tip_admit_proven(&f->record, ATAR_OFFICE, 30), 19);
    assert_int_equal(tip_admit_proven(&f->record, ATAR_OFFICE, 12), 12);
    write_member(f, HUB + 6, 40, ATAR_OFFICE, false);
    assert_int_equal(tip_admit_proven(&f->record, ATAR_OFFICE, 30), 0);
    assert_int_equal(tip_admit_proven(&f->record, ATAR_OFFICE, 41), 41);
}

static void test_the_hub_says_who_holds_what_it_makes(void **state)
{
    struct fixture *f = *state;
    struct tip_change nobody[] = {CODE(FAKE_LATEST, 1)};

    assert_int_equal(admit(f, &f->hub, 0, nobody, 1), TIP_HOLD_MEMBER);
}

static void test_offices_are_members_and_nothing_else(void **state)
{
    struct fixture *f = *state;
    struct tip_change birth[] = {MEMBER_OF(NEMA_OFFICE)};
    struct tip_change odd[] = {CODE(TIP_FIELD_OFFICES, 1)};

    make_record(f, birth, 1);
    odd[0].element = ATAR_OFFICE;
    assert_int_equal(admit(f, &f->nema, 10, odd, 1), TIP_HOLD_VALUE);
}

static void test_each_office_of_a_change_is_looked_at(void **state)
{
    struct fixture *f = *state;
    struct tip_change birth[] = {MEMBER_OF(NEMA_OFFICE),
                                 MEMBER_OF(ATAR_OFFICE)};
    struct tip_change moves[] = {MEMBER_OF(NEMA_OFFICE - 1),
                                 MEMBER_OF(NEMA_OFFICE),
                                 MEMBER_OF(ATAR_OFFICE)};

    make_record(f, birth, 2);
    moves[1].value.kind = TIP_VALUE_NONE;
    assert_int_equal(admit(f, &f->nema, 10, moves, 2), TIP_HOLD_NONE);
    moves[2].value.kind = TIP_VALUE_NONE;
    assert_int_equal(admit(f, &f->nema, 10, moves, 3), TIP_HOLD_CHANNEL);
    assert_int_equal(admit(f, &f->hub, 10, moves, 3), TIP_HOLD_NONE);
    assert_int_equal(admit(f, &f->hub, 10, moves + 1, 2), TIP_HOLD_OFFICES);
    write_member(f, NEMA + 1, 12, NEMA_OFFICE - 1, true);
    write_member(f, NEMA + 2, 13, NEMA_OFFICE - 1, true);
    assert_int_equal(admit(f, &f->nema, 10, moves, 1), TIP_HOLD_OFFICES);
    assert_int_equal(admit(f, &f->nema, 12, moves, 1), TIP_HOLD_OFFICES);
    assert_int_equal(admit(f, &f->nema, 13, moves, 1), TIP_HOLD_NONE);
}

static void test_a_record_may_be_filled_to_its_last_byte(void **state)
{
    static const uint8_t text[TIP_RECORD_BYTES_MAX];
    struct fixture *f = *state;
    struct tip_change birth[] = {MEMBER_OF(NEMA_OFFICE)};
    struct tip_change more = {
        .field = FAKE_LATEST,
        .value = {.kind = TIP_VALUE_OPAQUE, .bytes = tip_bytes(text, 0)}};
    struct tip_change_set set = {.origin = NEMA,
                                 .seq = 2,
                                 .author = tip_bytes_text("clerk"),
                                 .reason = tip_bytes_text("why")};

    make_record(f, birth, 1);
    more.value.bytes.size =
        TIP_RECORD_BYTES_MAX - tip_record_bytes(&f->record) -
        sizeof *f->record.writes - 5 - 3 - tip_value_bytes(&more.value);
    assert_int_equal(
        tip_admit_record(&f->nema, &set, &f->record, &more, 1, &f->schema),
        TIP_HOLD_NONE);
    more.value.bytes.size++;
    assert_int_equal(
        tip_admit_record(&f->nema, &set, &f->record, &more, 1, &f->schema),
        TIP_HOLD_TOO_LARGE);
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
        TEST(test_an_office_is_in_since_the_first_that_says_so),
        TEST(test_a_base_is_proven_up_to_the_removal),
        TEST(test_the_hub_says_who_holds_what_it_makes),
        TEST(test_offices_are_members_and_nothing_else),
        TEST(test_each_office_of_a_change_is_looked_at),
        TEST(test_a_record_may_be_filled_to_its_last_byte),
        TEST(test_membership_at_base),
        TEST(test_said_again_it_is_so_since_the_first_word),
        TEST(test_holds_earlier_work_after_later_work_is_in),
        TEST(test_holds_what_the_catalogue_does_not_know_or_forbids),
        TEST(test_holds_what_would_make_a_record_too_large),
    };

    return cmocka_run_group_tests_name("admit", tests, NULL, NULL);
}
