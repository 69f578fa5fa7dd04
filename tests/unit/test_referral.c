/* Referral: an office that is given a record says whether it takes it on. */
#include "star_offices.h"

static struct tip_change referral(size_t who, const struct tip_value *value)
{
    return (struct tip_change){.field = TIP_FIELD_REFERRAL,
                               .element = STAR_OFFICE_FIRST + who,
                               .value = *value};
}

static struct tip_change holder(size_t who, bool is_member)
{
    return (struct tip_change){.field = TIP_FIELD_OFFICES,
                               .element = STAR_OFFICE_FIRST + who,
                               .value.kind = is_member ? TIP_VALUE_MEMBER
                                                       : TIP_VALUE_NONE};
}

static enum tip_err save(struct star *star, size_t i, const struct tip_id *id,
                         const struct tip_change *changes, size_t count)
{
    struct tip_draft_record record = {
        .id = *id,
        .seen = node_engine_seen(star->nodes[i].engine),
        .changes = changes,
        .change_count = count};
    struct tip_draft draft = {.records = &record,
                              .record_count = 1,
                              .author = tip_bytes_text("mariem")};
    struct tip_saved saved;
    enum tip_err err = node_engine_save(star->nodes[i].engine, &draft, &saved);

    return err == TIP_OK ? node_engine_flush(star->nodes[i].engine) : err;
}

static const struct tip_value offered = {.kind = TIP_VALUE_ANSWER,
                                         .answer = TIP_ANSWER_UNKNOWN};
static const struct tip_value taken_on = {.kind = TIP_VALUE_ANSWER,
                                          .answer = TIP_ANSWER_YES};
static const struct tip_value to_atar = {.kind = TIP_VALUE_CODE,
                                         .code = STAR_OFFICE_FIRST + ATAR};

/* Néma hands the record over to Atar. */
static struct tip_id hand_over(struct star *star)
{
    struct tip_id id = star_edited_apart(star);
    struct tip_change changes[] = {holder(ATAR, true), referral(NEMA, &to_atar),
                                   referral(ATAR, &offered)};

    assert_int_equal(save(star, NEMA, &id, changes, 3), TIP_OK);
    star_run(star);
    return id;
}

static void test_each_office_answers_for_itself(void **state)
{
    struct star *star = *state;
    struct tip_id id = star_edited_apart(star);
    struct tip_change yes = referral(ATAR, &taken_on);
    struct tip_change offer[] = {holder(ATAR, true), referral(ATAR, &offered)};
    struct tip_change out[] = {holder(NEMA, false), referral(ATAR, &taken_on)};

    assert_int_equal(save(star, NEMA, &id, &yes, 1), TIP_EACCESS);
    assert_int_equal(save(star, NEMA, &id, offer, 2), TIP_OK);
    star_run(star);
    /* It was not handed over: nobody is put out by taking it on. */
    assert_int_equal(save(star, ATAR, &id, out, 2), TIP_EOFFICES);
    assert_int_equal(save(star, ATAR, &id, &yes, 1), TIP_OK);
    star_run(star);
    assert_true(star_has(star, NEMA, &id));
    star_assert_agreed(star);
}

static void test_who_hands_over_leaves_when_it_is_taken_on(void **state)
{
    struct star *star = *state;
    struct tip_id id = hand_over(star);
    struct tip_change out[] = {holder(NEMA, false), referral(ATAR, &taken_on)};

    assert_true(star_has(star, NEMA, &id));
    star_cut(star, NEMA);
    assert_int_equal(star_edit(star, NEMA, &id, FAKE_LATEST, 8), TIP_OK);
    assert_int_equal(save(star, ATAR, &id, out, 2), TIP_OK);
    star_run(star);
    star_join(star, NEMA);
    star_run(star);
    assert_false(star_has(star, NEMA, &id));
    ASSERT_SHOWS(star, ATAR, &id, FAKE_LATEST, 8, 1);
    star_assert_agreed(star);
}

static void test_who_declines_puts_nobody_out(void **state)
{
    static const struct tip_value declined = {.kind = TIP_VALUE_ANSWER,
                                              .answer = TIP_ANSWER_NO};
    struct star *star = *state;
    struct tip_id id = hand_over(star);
    struct tip_change out[] = {holder(NEMA, false), referral(ATAR, &declined)};

    assert_int_equal(save(star, ATAR, &id, out, 2), TIP_EACCESS);
    out[1].value =
        (struct tip_value){.kind = TIP_VALUE_CODE, .code = TIP_ANSWER_YES};
    assert_int_equal(save(star, ATAR, &id, out, 2), TIP_EACCESS);
    star_run(star);
    assert_true(star_has(star, NEMA, &id));
}

static void
test_a_handover_taken_back_meanwhile_waits_for_a_person(void **state)
{
    struct star *star = *state;
    struct tip_id id = hand_over(star);
    struct tip_change out[] = {holder(NEMA, false), referral(ATAR, &taken_on)};
    struct tip_change back = referral(NEMA, &(struct tip_value){0});
    struct hub_held held;
    struct hub_ruling ruling = {.origin = STAR_ORIGIN_FIRST + ATAR,
                                .is_accepted = true,
                                .by = tip_bytes_text("salma"),
                                .reason = tip_bytes_text("both agree")};
    struct hub_ruled ruled;

    star_cut(star, ATAR);
    assert_int_equal(save(star, ATAR, &id, out, 2), TIP_OK);
    assert_int_equal(save(star, NEMA, &id, &back, 1), TIP_OK);
    star_run(star);
    star_join(star, ATAR);
    star_run(star);
    assert_int_equal(hub_engine_held(star->hub, &held, 1), 1);
    assert_int_equal(held.reason, TIP_HOLD_OFFICES);
    assert_true(star_has(star, NEMA, &id));
    ruling.first = ruling.last = held.seq;
    assert_int_equal(hub_engine_rule(star->hub, &ruling, &ruled), TIP_OK);
    star_run(star);
    assert_false(star_has(star, NEMA, &id));
    assert_true(star_has(star, ATAR, &id));
    star_assert_agreed(star);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAR_TEST(test_each_office_answers_for_itself),
        STAR_TEST(test_who_hands_over_leaves_when_it_is_taken_on),
        STAR_TEST(test_who_declines_puts_nobody_out),
        STAR_TEST(test_a_handover_taken_back_meanwhile_waits_for_a_person),
    };

    return cmocka_run_group_tests_name("referral", tests, NULL, NULL);
}
