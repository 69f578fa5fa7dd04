/* Rules of tip_admit and tip_quota: each change and each sibling counts,
 * wherever it stands among others. */
#include "fake_schema.h"
#include "tip_admit.h"
#include "tip_arena.h"
#include "tip_quota.h"
#include "tip_test.h"

enum { HUB = 1, NEMA = 5, ATAR = 6, NEMA_OFFICE = 25, ATAR_OFFICE = 26 };

static const struct tip_id some_id = {{1}};
static const struct tip_schema schema = {.rule = fake_schema_rule,
                                         .rank = fake_schema_rank,
                                         .check = fake_schema_check};
static const struct tip_admission nema = {
    .origin = NEMA, .office = NEMA_OFFICE, .given = 100};
static const struct tip_admission hub = {
    .origin = HUB, .office = HUB, .is_hub = true, .given = 100};

static struct tip_arena arena;
static struct tip_record record;

/* A record of Nema's that nothing was written to yet. */
static int setup(void **state)
{
    (void)state;
    tip_arena_init(&arena, 8 << 20);
    tip_record_init(&record, &some_id, FAKE_TYPE, NEMA_OFFICE);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    tip_arena_deinit(&arena);
    return 0;
}

static struct tip_change member(uint32_t office, bool is_in)
{
    return (struct tip_change){.field = TIP_FIELD_OFFICES,
                               .element = office,
                               .value.kind =
                                   is_in ? TIP_VALUE_MEMBER : TIP_VALUE_NONE};
}

static struct tip_change code(uint32_t field, uint32_t number)
{
    return (struct tip_change){
        .field = field, .value = {.kind = TIP_VALUE_CODE, .code = number}};
}

static struct tip_change text(uint32_t field, size_t size)
{
    static const uint8_t bytes[TIP_RECORD_BYTES_MAX];

    return (struct tip_change){
        .field = field,
        .value = {.kind = TIP_VALUE_TEXT, .bytes = tip_bytes(bytes, size)}};
}

/* Write @changes at @commit, by who had seen nothing of it. */
static void write_as(uint32_t origin, uint32_t office, uint64_t commit,
                     const struct tip_change *changes, size_t count)
{
    struct tip_write write = {
        .origin = origin, .office = office, .seq = 1, .commit = commit};
    struct tip_record dead;

    assert_int_equal(
        tip_record_apply(&record, &write, changes, count, &arena, &dead),
        TIP_OK);
}

static enum tip_hold admit(const struct tip_admission *by,
                           const struct tip_change *changes, size_t count)
{
    const struct tip_change_set set = {
        .origin = by->origin, .seq = 2, .base = 100};

    return tip_admit_record(by, &set, &record, changes, count, &schema);
}

static void test_who_never_held_it_held_it_at_no_base(void **state)
{
    const struct tip_change birth = member(NEMA_OFFICE, true);

    (void)state;
    write_as(NEMA, NEMA_OFFICE, 10, &birth, 1);
    assert_false(tip_admit_was_member(&record, ATAR_OFFICE, 0));
    assert_false(tip_admit_was_member(&record, ATAR_OFFICE, 10));
}

static void test_an_office_is_in_since_the_earliest_word(void **state)
{
    const struct tip_change in = member(ATAR_OFFICE, true);

    const struct tip_change out = member(ATAR_OFFICE, false);

    (void)state;
    write_as(NEMA + 2, NEMA_OFFICE, 11, &out, 1);
    write_as(NEMA, NEMA_OFFICE, 13, &in, 1);
    write_as(NEMA + 1, NEMA_OFFICE, 15, &in, 1);
    assert_int_equal(tip_admit_member_since(&record, ATAR_OFFICE), 13);
}

/* What stands behind the changes of this record is another's. */
static void test_who_holds_a_record_is_said_in_it(void **state)
{
    const struct tip_change changes[] = {member(ATAR_OFFICE, true),
                                         member(NEMA_OFFICE, true)};
    const struct tip_change made[] = {code(FAKE_LATEST, 1),
                                      member(NEMA_OFFICE, true)};

    (void)state;
    assert_int_equal(admit(&nema, changes, 1), TIP_HOLD_MEMBER);
    assert_int_equal(admit(&nema, changes, 2), TIP_HOLD_NONE);
    assert_int_equal(admit(&hub, made, 1), TIP_HOLD_MEMBER);
    assert_int_equal(admit(&hub, made, 2), TIP_HOLD_NONE);
}

static void test_any_office_that_stays_or_comes_holds_it(void **state)
{
    const struct tip_change both[] = {member(NEMA_OFFICE, true),
                                      member(ATAR_OFFICE, true)};
    struct tip_change moves[] = {member(NEMA_OFFICE, false),
                                 member(ATAR_OFFICE, false),
                                 member(ATAR_OFFICE + 1, true)};

    (void)state;
    write_as(NEMA, NEMA_OFFICE, 10, both, 2);
    assert_int_equal(admit(&hub, moves, 1), TIP_HOLD_NONE);
    assert_int_equal(admit(&hub, moves + 1, 1), TIP_HOLD_NONE);
    assert_int_equal(admit(&hub, moves, 2), TIP_HOLD_OFFICES);
    assert_int_equal(admit(&hub, moves, 3), TIP_HOLD_NONE);
}

static void test_each_answers_a_referral_for_itself(void **state)
{
    const struct tip_change birth = member(NEMA_OFFICE, true);
    struct tip_change answers[2] = {{.field = TIP_FIELD_REFERRAL}};

    (void)state;
    write_as(NEMA, NEMA_OFFICE, 10, &birth, 1);
    for (size_t i = 0; i < 2; i++) {
        answers[i] = (struct tip_change){
            .field = TIP_FIELD_REFERRAL,
            .element = NEMA_OFFICE + i,
            .value = {.kind = TIP_VALUE_ANSWER, .answer = TIP_ANSWER_YES}};
    }
    assert_int_equal(admit(&nema, answers, 1), TIP_HOLD_NONE);
    assert_int_equal(admit(&nema, answers, 2), TIP_HOLD_CHANNEL);
    assert_int_equal(admit(&hub, answers, 2), TIP_HOLD_NONE);
}

/* May a field of ours hold a value of @kind? */
static bool may_hold(uint32_t field, enum tip_value_kind kind)
{
    bool is_sealed = field == TIP_FIELD_KEY_SALT || field == TIP_FIELD_KEY_WRAP;

    return kind == TIP_VALUE_NONE ||
           kind == (is_sealed ? TIP_VALUE_OPAQUE : TIP_VALUE_ANSWER) ||
           (field == TIP_FIELD_REFERRAL && kind == TIP_VALUE_CODE);
}

static void test_each_field_of_ours_holds_its_own_kind_of_value(void **state)
{
    static const uint32_t fields[] = {TIP_FIELD_DELETED, TIP_FIELD_KEY_SALT,
                                      TIP_FIELD_KEY_WRAP, TIP_FIELD_REFERRAL};
    const struct tip_change birth = member(NEMA_OFFICE, true);

    (void)state;
    write_as(NEMA, NEMA_OFFICE, 10, &birth, 1);
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        for (int kind = 0; kind < TIP_VALUE_KIND_COUNT; kind++) {
            const struct tip_change change = {.field = fields[i],
                                              .element = NEMA_OFFICE,
                                              .value.kind =
                                                  (enum tip_value_kind)kind};

            assert_int_equal(admit(&nema, &change, 1),
                             may_hold(fields[i], change.value.kind)
                                 ? TIP_HOLD_NONE
                                 : TIP_HOLD_VALUE);
        }
    }
}

/* It came to more than the limit by what others wrote. */
static void test_what_leaves_a_record_as_large_is_let_in(void **state)
{
    const size_t size = TIP_RECORD_BYTES_MAX / 2 + 1;
    const struct tip_change birth[] = {member(NEMA_OFFICE, true),
                                       text(FAKE_LATEST, size),
                                       text(FAKE_LATEST + 1, size)};
    /* A write takes room too. */
    const size_t same = size - sizeof *record.writes;
    const struct tip_change as_large = text(FAKE_LATEST, same);
    const struct tip_change larger = text(FAKE_LATEST, same + 1);

    (void)state;
    write_as(NEMA, NEMA_OFFICE, 10, birth, 3);
    assert_true(tip_record_bytes(&record) > TIP_RECORD_BYTES_MAX);
    assert_int_equal(admit(&nema, &as_large, 1), TIP_HOLD_NONE);
    assert_int_equal(admit(&nema, &larger, 1), TIP_HOLD_TOO_LARGE);
}

/* What Nema overwrites with @changes, after it has seen all. */
static uint32_t overwritten(const struct tip_change *changes, size_t count)
{
    const struct tip_change_set set = {
        .origin = NEMA, .office = NEMA_OFFICE, .seq = 2, .base = 100};
    struct tip_quota_cost cost = {.deletions = 0};

    tip_quota_count(&record, &set, changes, count, 0, &cost);
    return cost.overwrites;
}

static void test_each_value_of_others_that_is_lost_counts(void **state)
{
    const struct tip_change own = code(FAKE_LATEST, 1);
    const struct tip_change theirs[] = {code(FAKE_LATEST, 2),
                                        code(FAKE_LATEST + 1, 2)};
    const struct tip_change over[] = {code(FAKE_LATEST, 3),
                                      code(FAKE_LATEST + 1, 3)};

    (void)state;
    write_as(NEMA, NEMA_OFFICE, 10, &own, 1);
    assert_int_equal(overwritten(over, 1), 0);
    /* In the cell there are two, and the first is its own. */
    write_as(ATAR, ATAR_OFFICE, 11, theirs, 2);
    assert_int_equal(overwritten(over, 1), 1);
    assert_int_equal(overwritten(over, 2), 2);
}

static void test_only_a_deletion_is_counted_as_one(void **state)
{
    static const uint32_t fields[] = {TIP_FIELD_DELETED, FAKE_LATEST};
    const struct tip_change_set set = {
        .origin = NEMA, .office = NEMA_OFFICE, .seq = 2, .base = 100};
    const struct tip_change birth = member(NEMA_OFFICE, true);

    (void)state;
    write_as(NEMA, NEMA_OFFICE, 10, &birth, 1);
    for (size_t i = 0; i < 2; i++) {
        for (int answer = TIP_ANSWER_NO; answer <= TIP_ANSWER_YES; answer++) {
            const struct tip_change change = {
                .field = fields[i],
                .value = {.kind = TIP_VALUE_ANSWER,
                          .answer = (enum tip_answer)answer}};
            struct tip_quota_cost cost = {.deletions = 0};

            tip_quota_count(&record, &set, &change, 1, 0, &cost);
            assert_int_equal(cost.deletions,
                             i == 0 && answer == TIP_ANSWER_YES ? 1 : 0);
        }
    }
}

static void test_a_flood_is_over_with_its_day(void **state)
{
    const struct tip_quota_limits limits = {.change_sets = 10, .bytes = 100};
    struct tip_quota_use use = {.day = 0};

    (void)state;
    assert_true(tip_quota_note(&use, &limits, 20000, 10, 100));
    assert_false(tip_quota_note(&use, &limits, 20000, 1, 0));
    assert_false(tip_quota_note(&use, &limits, 20000, 0, 1));
    assert_true(tip_quota_note(&use, &limits, 20001, 10, 100));
    assert_int_equal(use.day, 20001);
    assert_true(tip_quota_note(&use, &limits, 20002, 1, 60));
    assert_false(tip_quota_note(&use, &limits, 20002, 1, 60));
    assert_true(tip_quota_note(&use, &limits, 20003, 1, 40));
    assert_true(tip_quota_note(&use, &limits, 20003, 1, 40));
}

static void test_on_its_first_day_nothing_is_old(void **state)
{
    static struct tip_calendar calendars[2];
    struct tip_calendar *calendar = &calendars[1];

    (void)state;
    assert_true(tip_calendar_note(calendar, 20000, 7));
    assert_int_equal(tip_calendar_old(calendar, 1), 0);
    assert_true(tip_calendar_note(calendar, 20001, 9));
    assert_int_equal(tip_calendar_old(calendar, 1), 9);
}

static void test_each_change_makes_a_record_larger(void **state)
{
    const struct tip_change birth = member(NEMA_OFFICE, true);
    const struct tip_change both[] = {
        text(FAKE_LATEST, TIP_RECORD_BYTES_MAX / 2),
        text(FAKE_LATEST + 1, TIP_RECORD_BYTES_MAX / 2)};

    (void)state;
    write_as(NEMA, NEMA_OFFICE, 10, &birth, 1);
    assert_int_equal(admit(&nema, both, 1), TIP_HOLD_NONE);
    assert_int_equal(admit(&nema, both + 1, 1), TIP_HOLD_NONE);
    assert_int_equal(admit(&nema, both, 2), TIP_HOLD_TOO_LARGE);
}

/* It would go to all on a channel that nobody else may read. */
static void test_what_an_office_holds_never_becomes_everybodys(void **state)
{
    const struct tip_change birth = member(NEMA_OFFICE, true);
    const struct tip_change all = member(TIP_OFFICE_ALL, true);

    (void)state;
    write_as(NEMA, NEMA_OFFICE, 10, &birth, 1);
    assert_int_equal(admit(&nema, &all, 1), TIP_HOLD_CHANNEL);
    assert_int_equal(admit(&hub, &all, 1), TIP_HOLD_CHANNEL);
}

/* However much smaller a write makes it: there is no room for its row. */
static void test_a_record_of_too_many_parts_takes_no_more(void **state)
{
    static struct tip_write writes[TIP_RECORD_WRITES_MAX];
    static struct tip_sibling siblings[TIP_RECORD_SIBLINGS_MAX];
    const struct tip_change smaller[] = {code(FAKE_LATEST, 1),
                                         code(FAKE_LATEST + 1, 1)};

    (void)state;
    for (size_t i = 0; i < TIP_RECORD_WRITES_MAX; i++) {
        writes[i] = (struct tip_write){.origin = HUB, .commit = 10};
    }
    for (size_t i = 0; i < TIP_RECORD_SIBLINGS_MAX; i++) {
        siblings[i] = (struct tip_sibling){.field = FAKE_SET, .element = i};
    }
    siblings[0].field = TIP_FIELD_OFFICES;
    siblings[0].element = NEMA_OFFICE;
    siblings[0].value.kind = TIP_VALUE_MEMBER;
    siblings[1].field = FAKE_LATEST;
    siblings[1].element = 0;
    siblings[1].value = text(FAKE_LATEST, 1000).value;
    record.writes = writes;
    record.siblings = siblings;
    record.write_count = TIP_RECORD_WRITES_MAX - 1;
    record.sibling_count = TIP_RECORD_SIBLINGS_MAX - 2;
    assert_int_equal(admit(&nema, smaller, 2), TIP_HOLD_NONE);
    record.write_count++;
    assert_int_equal(admit(&nema, smaller, 2), TIP_HOLD_TOO_LARGE);
    record.write_count--;
    record.sibling_count++;
    assert_int_equal(admit(&nema, smaller, 2), TIP_HOLD_TOO_LARGE);
    assert_int_equal(admit(&nema, smaller, 1), TIP_HOLD_NONE);
}

/* It is destroyed, whoever wrote it: what waited for ever would be kept. */
static void test_what_is_written_to_an_erased_record_does_not_wait(void **state)
{
    const struct tip_admission atar = {
        .origin = ATAR, .office = ATAR_OFFICE, .given = 100};
    const struct tip_change change = code(FAKE_LATEST, FAKE_CODE_BAD);
    const struct tip_change_set set = {.origin = ATAR, .seq = 2};

    (void)state;
    assert_int_not_equal(
        tip_admit_record(&atar, &set, &record, &change, 1, &schema),
        TIP_HOLD_NONE);
    tip_record_erase(&record, 30, 1);
    assert_int_equal(
        tip_admit_record(&atar, &set, &record, &change, 1, &schema),
        TIP_HOLD_NONE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_who_never_held_it_held_it_at_no_base),
        TEST(test_an_office_is_in_since_the_earliest_word),
        TEST(test_who_holds_a_record_is_said_in_it),
        TEST(test_any_office_that_stays_or_comes_holds_it),
        TEST(test_each_answers_a_referral_for_itself),
        TEST(test_each_field_of_ours_holds_its_own_kind_of_value),
        TEST(test_what_leaves_a_record_as_large_is_let_in),
        TEST(test_only_a_deletion_is_counted_as_one),
        TEST(test_a_flood_is_over_with_its_day),
        TEST(test_on_its_first_day_nothing_is_old),
        TEST(test_each_change_makes_a_record_larger),
        TEST(test_what_an_office_holds_never_becomes_everybodys),
        TEST(test_a_record_of_too_many_parts_takes_no_more),
        TEST(test_what_is_written_to_an_erased_record_does_not_wait),
        TEST(test_each_value_of_others_that_is_lost_counts),
    };

    return cmocka_run_group_tests_name("admit each", tests, NULL, NULL);
}
