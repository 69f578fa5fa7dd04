/* What people write apart stands side by side until one of them decides. */
#include "desk_offices.h"
#include "tip_desk_disputed.h"

#define OK(call) assert_int_equal((call), TIP_OK)
#define TEXT(bytes, text) \
    assert_true(tip_bytes_equal((bytes), tip_bytes_text(text)))

/* A case of Néma and Atar that both and the hub have. */
static struct tip_id shared_case(void)
{
    OK(desk_rig_add_shared(&rig, NEMA, ATAR, RIG_CASE, NULL));
    star_run(&rig.star);
    return rig.answer.ids[0];
}

static enum tip_err resolve(int i, const struct tip_id *id, const char *field,
                            char take, const char *value,
                            const struct tip_desk_who *who)
{
    struct tip_desk_decision asked = {.id = *id,
                                      .field = tip_bytes_text(field),
                                      .take = take,
                                      .value = tip_bytes_text(value)};
    enum tip_err err;

    desk_rig_forget_answer(&rig);
    err = tip_desk_resolve(desk_rig_desk(&rig, i), who, &asked, &rig.answer);
    return err == TIP_OK ? tip_desk_flush(desk_rig_desk(&rig, i)) : err;
}

static size_t count_conflicts(int i)
{
    struct tip_desk_query query = {.conflicts_only = true};
    struct tip_problems problems = {0};
    struct tip_desk_sheet sheet;
    struct tip_desk_walk *walk;
    enum tip_err err;
    size_t count = 0;

    OK(tip_desk_walk_new(desk_rig_desk(&rig, i), &query, &problems, &walk));
    while ((err = tip_desk_walk_next(walk, &sheet)) != TIP_ENOTFOUND) {
        assert_true(err == TIP_OK || err == TIP_EAGAIN);
        count += err == TIP_OK;
    }
    tip_desk_walk_free(walk);
    return count;
}

static void write_apart(const struct tip_id *id)
{
    star_cut(&rig.star, NEMA);
    OK(desk_rig_edit(&rig, NEMA, id, NULL, "status=screening", NULL));
    OK(desk_rig_edit(&rig, HUB, id, NULL, "status=reported", NULL));
    star_join(&rig.star, NEMA);
    star_run(&rig.star);
}

static void test_both_values_are_shown_with_who_and_where(void **state)
{
    const struct tip_desk_line *line;
    struct tip_desk_sheet sheet;
    struct tip_arena arena;
    struct tip_id id = shared_case();

    (void)state;
    write_apart(&id);
    for (int i = HUB; i <= ATAR; i++) {
        desk_rig_sheet(&rig, i, &id, &arena, &sheet);
        assert_true(sheet.is_conflict);
        line = tip_desk_sheet_line(&sheet, tip_bytes_text("status"));
        assert_true(line->is_conflict);
        assert_int_equal(line->value_count, 2);
        /* Lettered alike everywhere: by origin. */
        assert_int_equal(line->values[0].origin, HUB_ORIGIN);
        TEXT(line->values[0].text, "reported");
        assert_int_equal(line->values[1].office, STAR_OFFICE_FIRST);
        TEXT(line->values[1].author, "clerk");
        tip_arena_deinit(&arena);
        assert_int_equal(count_conflicts(i), 1);
    }
}

/* What waits at @i: the count of kinds, the first of which is checked to be of
 * @field in the records of Néma. */
static size_t disputed(int i, const char *field, bool is_for_hub)
{
    struct tip_desk *desk = desk_rig_desk(&rig, i);
    struct tip_disputes *disputes = calloc(1, sizeof *disputes);
    const struct tip_dispute *first = &disputes->items[0];
    struct tip_contested all;
    size_t count;

    OK(tip_desk_disputed(desk, disputes, &all));
    count = disputes->count;
    assert_int_equal(all.count, count == 0 ? 0 : 1);
    if (count > 0) {
        assert_int_equal(first->office, STAR_OFFICE_FIRST);
        assert_int_equal(first->count, 1);
        assert_int_equal(first->oldest_ms, all.oldest_ms);
        TEXT(tip_dispute_type(desk, first), "case");
        TEXT(tip_dispute_field(desk, first), field);
        assert_int_equal(tip_dispute_is_for_hub(desk, first), is_for_hub);
    }
    free(disputes);
    return count;
}

static void test_the_field_and_the_offices_are_named(void **state)
{
    struct tip_id id = shared_case();

    (void)state;
    assert_int_equal(disputed(HUB, "", false), 0);
    write_apart(&id);
    star_wait(&rig.star, 5000);
    for (int i = HUB; i <= ATAR; i++) {
        assert_int_equal(disputed(i, "status", true), 2);
    }
    OK(resolve(HUB, &id, "status", 'A', "", &desk_rig_who_says));
    assert_int_equal(disputed(HUB, "", false), 0);
}

/* Who holds it no more has nothing to decide. */
static void test_an_office_that_gave_it_up_is_not_named(void **state)
{
    struct tip_desk_change asked = {.id = shared_case()};

    (void)state;
    write_apart(&asked.id);
    desk_rig_forget_answer(&rig);
    OK(tip_desk_hold(desk_rig_desk(&rig, HUB), &desk_rig_who_says, &asked,
                     tip_bytes_text("51"), false, &rig.answer));
    OK(tip_desk_flush(desk_rig_desk(&rig, HUB)));
    assert_int_equal(disputed(HUB, "status", true), 1);
}

/* The hub counts what it cannot read, and says that an office decides. */
static void test_what_the_hub_cannot_read_is_for_an_office(void **state)
{
    struct tip_id id = shared_case();

    (void)state;
    star_cut(&rig.star, NEMA);
    OK(desk_rig_edit(&rig, NEMA, &id, NULL, "narrative=heard at Néma", NULL));
    OK(desk_rig_edit(&rig, ATAR, &id, NULL, "narrative=heard at Atar", NULL));
    star_join(&rig.star, NEMA);
    star_run(&rig.star);
    for (int i = HUB; i <= ATAR; i++) {
        assert_int_equal(disputed(i, "narrative", false), 2);
    }
}

static void test_one_decision_closes_it_everywhere(void **state)
{
    struct tip_id id = shared_case();

    (void)state;
    write_apart(&id);
    assert_int_equal(resolve(ATAR, &id, "status", 'A', "", &desk_rig_who),
                     TIP_EREASON);
    assert_int_equal(resolve(ATAR, &id, "status", 'C', "", &desk_rig_who_says),
                     TIP_EINVAL);
    OK(resolve(ATAR, &id, "", 'A', "", &desk_rig_who_says));
    star_run(&rig.star);
    for (int i = HUB; i <= ATAR; i++) {
        assert_true(desk_rig_shows(&rig, i, &id, "status", "reported"));
        assert_int_equal(count_conflicts(i), 0);
    }
    assert_int_equal(resolve(HUB, &id, "status", 'A', "", &desk_rig_who_says),
                     TIP_ENOCONFLICT);
}

static void test_a_decision_may_be_a_third_value(void **state)
{
    struct tip_id id = shared_case();

    (void)state;
    write_apart(&id);
    assert_int_equal(
        resolve(HUB, &id, "status", 0, "nonsense", &desk_rig_who_says),
        TIP_EVALUE);
    OK(resolve(HUB, &id, "status", 0, "open", &desk_rig_who_says));
    star_run(&rig.star);
    assert_true(desk_rig_shows(&rig, NEMA, &id, "status", "open"));
    assert_int_equal(count_conflicts(NEMA), 0);
}

static void test_history_names_who_where_when_and_why(void **state)
{
    struct tip_desk_history life;
    struct tip_arena arena;
    size_t status = 0;
    struct tip_id id = shared_case();

    (void)state;
    write_apart(&id);
    OK(resolve(NEMA, &id, "status", 'B', "", &desk_rig_who_says));
    for (int round = 0; round < 2; round++) {
        tip_arena_init(&arena, TIP_DESK_ARENA_BYTES_MAX);
        OK(tip_desk_history(desk_rig_desk(&rig, NEMA), &id, &arena, &life));
        assert_int_equal(life.unread_count, 0);
        status = 0;
        for (size_t i = 0; i < life.event_count; i++) {
            const struct tip_desk_event *event = &life.events[i];

            if (!tip_bytes_equal(event->name, tip_bytes_text("status"))) {
                continue;
            }
            status++;
            assert_true(event->is_live == (status == 4));
            if (event->is_live) {
                TEXT(event->value.author, "judge");
                TEXT(event->value.reason, "PV 118/2026");
                assert_int_equal(event->value.office, STAR_OFFICE_FIRST);
            } else {
                assert_int_not_equal(event->ended_seq, 0);
            }
        }
        assert_int_equal(status, 4);
        tip_arena_deinit(&arena);
        star_run(&rig.star); /* The same once Nouakchott has merged it. */
    }
}

static void test_a_deleted_record_that_was_edited_waits(void **state)
{
    struct tip_desk_change asked = {.seen = NULL};
    struct tip_desk_sheet sheet;
    struct tip_arena arena;

    (void)state;
    asked.id = shared_case();
    star_cut(&rig.star, NEMA);
    OK(desk_rig_edit(&rig, NEMA, &asked.id, NULL, "tacheron=yes", NULL));
    desk_rig_forget_answer(&rig);
    OK(tip_desk_delete(desk_rig_desk(&rig, HUB), &desk_rig_who_says, &asked,
                       true, &rig.answer));
    star_join(&rig.star, NEMA);
    star_run(&rig.star);
    desk_rig_sheet(&rig, HUB, &asked.id, &arena, &sheet);
    assert_int_equal(sheet.presence, TIP_DELETED_EDITED);
    assert_true(sheet.is_conflict);
    TEXT(sheet.lines[0].name, "_deleted");
    assert_true(sheet.lines[0].is_conflict);
    tip_arena_deinit(&arena);
    assert_int_equal(count_conflicts(NEMA), 1);
    OK(resolve(NEMA, &asked.id, "_deleted", 0, "no", &desk_rig_who_says));
    star_run(&rig.star);
    desk_rig_sheet(&rig, HUB, &asked.id, &arena, &sheet);
    assert_int_equal(sheet.presence, TIP_PRESENT);
    tip_arena_deinit(&arena);
    assert_int_equal(count_conflicts(HUB), 0);
}

static void test_a_deletion_may_be_upheld(void **state)
{
    struct tip_desk_change asked = {.seen = NULL};
    struct tip_desk_sheet sheet;
    struct tip_arena arena;

    (void)state;
    asked.id = shared_case();
    star_cut(&rig.star, NEMA);
    OK(desk_rig_edit(&rig, NEMA, &asked.id, NULL, "tacheron=yes", NULL));
    OK(tip_desk_delete(desk_rig_desk(&rig, HUB), &desk_rig_who_says, &asked,
                       true, &rig.answer));
    star_join(&rig.star, NEMA);
    star_run(&rig.star);
    OK(resolve(HUB, &asked.id, "", 'A', "", &desk_rig_who_says));
    star_run(&rig.star);
    desk_rig_sheet(&rig, NEMA, &asked.id, &arena, &sheet);
    assert_int_equal(sheet.presence, TIP_DELETED);
    tip_arena_deinit(&arena);
    assert_int_equal(count_conflicts(HUB), 0);
    assert_int_equal(count_conflicts(NEMA), 0);
}

static void test_an_identity_is_decided_at_an_office_alone(void **state)
{
    struct tip_id id = shared_case();

    (void)state;
    star_cut(&rig.star, NEMA);
    OK(desk_rig_edit(&rig, NEMA, &id, NULL, "narrative=heard at Néma", NULL));
    OK(desk_rig_edit(&rig, ATAR, &id, NULL, "narrative=heard at Atar", NULL));
    star_join(&rig.star, NEMA);
    star_run(&rig.star);
    assert_int_equal(count_conflicts(HUB), 1);
    assert_int_equal(
        resolve(HUB, &id, "narrative", 'A', "", &desk_rig_who_says),
        TIP_ESEALED);
    OK(resolve(NEMA, &id, "narrative", 'B', "", &desk_rig_who_says));
    star_run(&rig.star);
    assert_true(desk_rig_shows(&rig, ATAR, &id, "narrative", "heard at Atar"));
    assert_int_equal(count_conflicts(HUB), 0);
}

#define TEST(name) DESK_TEST(name)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_both_values_are_shown_with_who_and_where),
        TEST(test_the_field_and_the_offices_are_named),
        TEST(test_an_office_that_gave_it_up_is_not_named),
        TEST(test_what_the_hub_cannot_read_is_for_an_office),
        TEST(test_one_decision_closes_it_everywhere),
        TEST(test_a_decision_may_be_a_third_value),
        TEST(test_history_names_who_where_when_and_why),
        TEST(test_a_deleted_record_that_was_edited_waits),
        TEST(test_a_deletion_may_be_upheld),
        TEST(test_an_identity_is_decided_at_an_office_alone),
    };

    return cmocka_run_group_tests_name("desk_conflict", tests, NULL, NULL);
}
