/* Records at the desk: what may be written, what is shown, who reads what. */
#include "desk_offices.h"

#define OK(call) assert_int_equal((call), TIP_OK)

static struct tip_id added(void)
{
    assert_int_equal(rig.answer.id_count, 1);
    return rig.answer.ids[0];
}

/* The line @field of @id as @i shows it; the arena is the test's to end. */
static struct tip_desk_sheet sheet;
static struct tip_arena arena;

static const struct tip_desk_line *line(int i, const struct tip_id *id,
                                        const char *field)
{
    const struct tip_desk_line *found;

    desk_rig_sheet(&rig, i, id, &arena, &sheet);
    found = tip_desk_sheet_line(&sheet, tip_bytes_text(field));
    assert_non_null(found);
    return found;
}

static void end_line(void)
{
    tip_arena_deinit(&arena);
}

static void test_what_is_added_is_shown_and_travels(void **state)
{
    struct tip_id id;

    (void)state;
    OK(desk_rig_add(&rig, NEMA, RIG_CASE, "acts=recruitment transfer", NULL));
    id = added();
    assert_true(desk_rig_shows(&rig, NEMA, &id, "case_no", "MR01-1"));
    star_run(&rig.star);
    assert_true(desk_rig_shows(&rig, HUB, &id, "opened_on", "2023-11-20"));
    assert_true(desk_rig_shows(&rig, HUB, &id, "wilaya", "MR01"));
}

static void test_a_value_that_breaks_a_rule_is_refused_in_words(void **state)
{
    (void)state;
    assert_int_equal(desk_rig_add(&rig, NEMA, RIG_CASE, "began=2023-02-31",
                                  "tacheron=maybe", NULL),
                     TIP_EVALUE);
    assert_true(desk_rig_problem(&rig.answer.problems, 0, "began", "date"));
    assert_true(desk_rig_problem(&rig.answer.problems, 1, "tacheron",
                                 "yes, no, unknown or refused"));
}

static void test_a_record_is_checked_as_a_whole(void **state)
{
    (void)state;
    assert_int_equal(desk_rig_add(&rig, NEMA, "case", "case_no=1",
                                  "began=2023-05", "ended=2023-04", NULL),
                     TIP_EVALUE);
    assert_true(rig.answer.problems.count >= 4);
    assert_true(
        desk_rig_problem(&rig.answer.problems, 0, "opened_on", "filled in"));
}

static void test_an_unknown_name_is_told(void **state)
{
    (void)state;
    assert_int_equal(desk_rig_add(&rig, NEMA, "cases", "x=1", NULL),
                     TIP_EUNKNOWN_TYPE);
    assert_int_equal(desk_rig_add(&rig, NEMA, RIG_CASE, "colour=red", NULL),
                     TIP_EUNKNOWN_FIELD);
    assert_true(desk_rig_problem(&rig.answer.problems, 0, "colour",
                                 "has no field colour"));
}

static void test_an_edit_of_old_faults_is_not_held_against_it(void **state)
{
    struct tip_id id;

    (void)state;
    OK(desk_rig_add(&rig, NEMA, RIG_CASE, NULL));
    id = added();
    assert_int_equal(desk_rig_edit(&rig, NEMA, &id, NULL, "opened_on=", NULL),
                     TIP_EVALUE);
    OK(desk_rig_edit(&rig, NEMA, &id, NULL, "tacheron=unknown", NULL));
    assert_true(desk_rig_shows(&rig, NEMA, &id, "tacheron", "unknown"));
}

static void test_sets_change_by_element(void **state)
{
    struct tip_id id;

    (void)state;
    OK(desk_rig_add(&rig, NEMA, RIG_CASE, "exploitation=ForcedBegging", NULL));
    id = added();
    OK(desk_rig_edit(&rig, NEMA, &id, NULL, "exploitation+=Servitude", NULL));
    assert_true(desk_rig_shows(&rig, NEMA, &id, "exploitation",
                               "Servitude;ForcedBegging") ||
                desk_rig_shows(&rig, NEMA, &id, "exploitation",
                               "ForcedBegging;Servitude"));
    OK(desk_rig_edit(&rig, NEMA, &id, NULL, "exploitation-=ForcedBegging",
                     NULL));
    assert_true(desk_rig_shows(&rig, NEMA, &id, "exploitation", "Servitude"));
}

static void test_what_is_so_already_is_not_saved_again(void **state)
{
    struct tip_id id;

    (void)state;
    OK(desk_rig_add(&rig, NEMA, RIG_CASE, NULL));
    id = added();
    OK(desk_rig_edit(&rig, NEMA, &id, NULL, "wilaya=MR01", NULL));
    assert_true(rig.answer.is_unchanged);
}

static void test_states_are_shown_as_far_as_they_are_true(void **state)
{
    struct tip_id id;

    (void)state;
    star_cut(&rig.star, NEMA);
    OK(desk_rig_add(&rig, NEMA, RIG_CASE, NULL));
    id = added();
    (void)line(NEMA, &id, "wilaya");
    assert_int_equal(sheet.state, TIP_DESK_SAVED);
    end_line();
    star_join(&rig.star, NEMA);
    OK(node_engine_pump(rig.star.nodes[NEMA].engine));
    (void)line(NEMA, &id, "wilaya");
    assert_int_equal(sheet.state, TIP_DESK_SENT);
    end_line();
    star_run(&rig.star);
    assert_int_equal(line(NEMA, &id, "wilaya")->values[0].state,
                     TIP_DESK_MERGED);
    assert_int_equal(sheet.state, TIP_DESK_MERGED);
    end_line();
    (void)line(HUB, &id, "wilaya");
    assert_int_equal(sheet.state, TIP_DESK_MERGED);
    end_line();
}

static void test_an_identity_is_read_where_its_keys_are(void **state)
{
    const struct tip_desk_line *found;
    struct tip_id id;

    (void)state;
    OK(desk_rig_add(&rig, NEMA, RIG_CASE, "narrative=a shed near the old well",
                    NULL));
    id = added();
    star_run(&rig.star);
    assert_true(desk_rig_shows(&rig, NEMA, &id, "narrative",
                               "a shed near the old well"));
    found = line(HUB, &id, "narrative");
    assert_true(found->is_sealed);
    assert_true(tip_bytes_equal(found->text, tip_bytes_text("(sealed)")));
    end_line();
    assert_int_equal(desk_rig_edit(&rig, HUB, &id, NULL, "narrative=no", NULL),
                     TIP_ESEALED);
    assert_int_equal(desk_rig_add(&rig, HUB, RIG_CASE, "narrative=x", NULL),
                     TIP_ESEALED);
}

static void test_an_identity_is_shared_with_the_offices_named(void **state)
{
    struct tip_id id;

    (void)state;
    OK(desk_rig_add_shared(&rig, NEMA, ATAR, RIG_CASE, "place=behind the well",
                           NULL));
    id = added();
    star_run(&rig.star);
    assert_true(desk_rig_shows(&rig, ATAR, &id, "place", "behind the well"));
    OK(desk_rig_edit(&rig, ATAR, &id, NULL, "place=the other well", NULL));
    star_run(&rig.star);
    assert_true(desk_rig_shows(&rig, NEMA, &id, "place", "the other well"));
    assert_true(line(HUB, &id, "place")->is_sealed);
    assert_int_equal(sheet.office_count, 2);
    end_line();
}

static void test_an_edit_of_what_has_changed_shows_both(void **state)
{
    const struct tip_desk_line *changed;
    struct tip_seen seen;
    struct tip_id id;

    (void)state;
    OK(desk_rig_add(&rig, NEMA, RIG_CASE, NULL));
    id = added();
    star_run(&rig.star);
    OK(tip_seen_parse(tip_bytes_text(rig.answer.seen_text), &seen));
    OK(desk_rig_edit(&rig, NEMA, &id, NULL, "wilaya=MR03", NULL));
    assert_int_equal(desk_rig_edit(&rig, NEMA, &id, &seen, "wilaya=MR04", NULL),
                     TIP_ECHANGED);
    assert_int_equal(rig.answer.changed_count, 1);
    changed = rig.answer.changed[0];
    assert_true(tip_bytes_equal(changed->name, tip_bytes_text("wilaya")));
    assert_true(tip_bytes_equal(changed->text, tip_bytes_text("MR03")));
    assert_true(changed->values[0].is_new);
    assert_true(
        tip_bytes_equal(changed->values[0].author, tip_bytes_text("clerk")));
    seen = rig.answer.sheet.seen;
    OK(desk_rig_edit(&rig, NEMA, &id, &seen, "wilaya=MR04", NULL));
}

static void test_json_is_one_save_of_all_its_records(void **state)
{
    static const char good[] =
        "[{\"case_no\":\"A\",\"opened_on\":\"2023-11-20\",\"status\":"
        "\"open\",\"vector\":\"labour\",\"wilaya\":\"MR01\","
        "\"acts\":[\"recruitment\"],\"tacheron\":true},"
        "{\"_id\":\"018c0000-0000-7000-8000-000000000001\",\"_type\":\"case\","
        "\"case_no\":\"B\",\"opened_on\":\"2023-11-20\",\"status\":"
        "\"open\",\"vector\":\"labour\",\"wilaya\":\"MR02\"}]";
    static const char bad[] = "[{\"case_no\":\"A\"},\n{\"case_no\":1.5}]";
    struct tip_desk_new asked = {.type = tip_bytes_text("case")};
    struct tip_desk *desk = desk_rig_desk(&rig, NEMA);
    struct tip_id id;

    (void)state;
    OK(tip_desk_add_json(desk, &desk_rig_who, &asked, tip_bytes_text(good),
                         &rig.answer));
    OK(tip_desk_flush(desk));
    assert_int_equal(rig.answer.id_count, 2);
    id = rig.answer.ids[0];
    assert_true(desk_rig_shows(&rig, NEMA, &id, "tacheron", "yes"));
    OK(tip_id_parse(tip_bytes_text("018c0000-0000-7000-8000-000000000001"),
                    &id));
    assert_true(desk_rig_shows(&rig, NEMA, &id, "wilaya", "MR02"));
    desk_rig_forget_answer(&rig);
    assert_int_equal(tip_desk_add_json(desk, &desk_rig_who, &asked,
                                       tip_bytes_text(bad), &rig.answer),
                     TIP_EVALUE);
    assert_int_equal(rig.answer.problems.kept[0].row, 1);
    desk_rig_forget_answer(&rig);
    assert_int_equal(tip_desk_add_json(desk, &desk_rig_who, &asked,
                                       tip_bytes_text("{\"a\":\n]"),
                                       &rig.answer),
                     TIP_ETABLE_JSON);
    assert_int_equal(rig.answer.problems.kept[0].row, 2);
}

static void test_the_hub_says_who_holds_what_it_makes(void **state)
{
    struct tip_desk_input inputs[1];
    struct tip_desk_new asked = {.type = tip_bytes_text("case"),
                                 .inputs = inputs};

    (void)state;
    assert_int_equal(tip_desk_add(desk_rig_desk(&rig, HUB), &desk_rig_who,
                                  &asked, &rig.answer),
                     TIP_EOFFICE);
    OK(desk_rig_add(&rig, HUB, RIG_CASE, NULL));
    star_run(&rig.star);
    {
        struct tip_id id = added();

        assert_true(desk_rig_shows(&rig, NEMA, &id, "wilaya", "MR01"));
    }
}

static void test_deleting_needs_a_reason_and_can_be_undone(void **state)
{
    struct tip_desk *desk = desk_rig_desk(&rig, NEMA);
    struct tip_desk_change asked = {.seen = NULL};

    (void)state;
    OK(desk_rig_add(&rig, NEMA, RIG_CASE, NULL));
    asked.id = added();
    assert_int_equal(
        tip_desk_delete(desk, &desk_rig_who, &asked, true, &rig.answer),
        TIP_EREASON);
    OK(tip_desk_delete(desk, &desk_rig_who_says, &asked, true, &rig.answer));
    OK(tip_desk_flush(desk));
    (void)line(NEMA, &asked.id, "_deleted");
    assert_int_equal(sheet.presence, TIP_DELETED);
    end_line();
    OK(tip_desk_delete(desk, &desk_rig_who_says, &asked, false, &rig.answer));
    OK(tip_desk_flush(desk));
    star_run(&rig.star);
    (void)line(HUB, &asked.id, "wilaya");
    assert_int_equal(sheet.presence, TIP_PRESENT);
    end_line();
}

#define TEST(name) DESK_TEST(name)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_what_is_added_is_shown_and_travels),
        TEST(test_a_value_that_breaks_a_rule_is_refused_in_words),
        TEST(test_a_record_is_checked_as_a_whole),
        TEST(test_an_unknown_name_is_told),
        TEST(test_an_edit_of_old_faults_is_not_held_against_it),
        TEST(test_sets_change_by_element),
        TEST(test_what_is_so_already_is_not_saved_again),
        TEST(test_states_are_shown_as_far_as_they_are_true),
        TEST(test_an_identity_is_read_where_its_keys_are),
        TEST(test_an_identity_is_shared_with_the_offices_named),
        TEST(test_an_edit_of_what_has_changed_shows_both),
        TEST(test_json_is_one_save_of_all_its_records),
        TEST(test_the_hub_says_who_holds_what_it_makes),
        TEST(test_deleting_needs_a_reason_and_can_be_undone),
    };

    return cmocka_run_group_tests_name("desk", tests, NULL, NULL);
}
