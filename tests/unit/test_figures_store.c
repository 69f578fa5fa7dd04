/* Figures in a store: another catalogue, doubt, damage. */
#include "tip_test.h"

#include "figures_random.h"

static struct rig rig;
static uint64_t bases[RIG_ORIGINS];

#define HEAD                                                           \
    "number,name,type,condition,measure,numerator,denominator,period," \
    "period_field,dimensions,retired\n"

static const char one_changed[] =
    HEAD "1,cases,case,,count,,,quarter,opened,kind minor,\n"
         "2,acts,case,,count,,,none,,acts per combination,\n"
         "6,people,case,,distinct victim,,,quarter,opened,kind minor,yes\n"
         "20,new,case,${minor} = 'yes',count,,,none,,,\n";

static void fill(void)
{
    struct tip_property p = {.prng = TIP_PRNG_SEEDED(11)};

    memset(bases, 0, sizeof bases);
    rig_init(&rig, NULL, 3);
    for (size_t i = 0; i < 40; i++) {
        figures_random_write(&p, &rig, bases);
    }
    rig_commit(&rig);
}

static void test_a_new_catalogue_recounts_what_it_defines_anew(void **state)
{
    struct tip_property p = {.prng = TIP_PRNG_SEEDED(12)};

    (void)state;
    fill();
    rig_replace(&rig, one_changed);
    assert_int_equal(rig_verify(&rig), 0);
    rig_commit(&rig);
    assert_true(rig_is_stored(&rig));
    figures_random_write(&p, &rig, bases);
    rig_commit(&rig);
    assert_true(rig_is_stored(&rig));
    /* And back: retired ones return, counted from the records. */
    rig_replace(&rig, NULL);
    figures_random_write(&p, &rig, bases);
    rig_commit(&rig);
    assert_true(rig_is_stored(&rig));
    rig_deinit(&rig);
}

static void test_an_object_told_of_nothing_leaves_a_long_log_alone(void **state)
{
    static const char nothing[] = HEAD "30,none,other,,count,,,none,,,\n";
    struct tip_change change;
    uint32_t record;
    size_t rows;

    (void)state;
    fill();
    change = rig_code(CASE_KIND, 1);
    record = rig_add(&rig, 1, &change, 1);
    for (uint32_t i = 0; i < 800; i++) {
        change = rig_code(CASE_KIND, 1 + i % 3);
        rig_edit(&rig, record, 1, &change, 1);
        rig_commit(&rig);
    }
    /* All these rows are of definitions that are gone now. */
    rig_replace(&rig, nothing);
    rig_commit(&rig);
    rows = rig_count_rows(&rig);
    assert_true(rows > 500);
    rig_reopen(&rig);
    rig_commit(&rig);
    assert_int_equal(rig_count_rows(&rig), rows);
    rig_write(&rig, 0, OTHER_TYPE, 1, rig.commit, &change, 1);
    rig_commit(&rig);
    assert_true(rig_count_rows(&rig) < rows);
    assert_true(rig_is_stored(&rig));
    rig_deinit(&rig);
}

static void test_a_lost_change_of_catalogue_leaves_the_old_one(void **state)
{
    struct tip_catalogue *next = figures_catalogue(one_changed);
    const struct tip_figures_opts opts = {.catalogue = next,
                                          .random = &rig.prng.base};
    struct tip_figures *second;

    (void)state;
    fill();
    assert_int_equal(tip_figures_open(&opts, rig.txn, &second), TIP_OK);
    tip_figures_close(second);
    rig_lose(&rig, false);
    assert_int_equal(rig_verify(&rig), 0);
    assert_true(rig_is_stored(&rig));
    tip_catalogue_free(next);
    rig_deinit(&rig);
}

static void test_reading_only_refuses_figures_of_another_catalogue(void **state)
{
    struct tip_catalogue *next = figures_catalogue(one_changed);
    const struct tip_figures_opts opts = {
        .catalogue = next, .random = &rig.prng.base, .reads_only = true};
    struct tip_figures *second;

    (void)state;
    fill();
    assert_int_equal(tip_figures_open(&opts, rig.txn, &second),
                     TIP_EFIGURES_STALE);
    tip_catalogue_free(next);
    rig_deinit(&rig);
}

struct witness {
    struct tip_figures_witness base;
    size_t count;
    uint32_t indicator;
    uint64_t kept;
    uint64_t counted;
    uint32_t office;
};

static void note(struct tip_figures_witness *self,
                 const struct tip_indicator *indicator,
                 const struct tip_figures_row *kept,
                 const struct tip_figures_row *counted)
{
    struct witness *witness = (struct witness *)self;

    assert_int_equal(kept->office, counted->office);
    assert_int_equal(kept->period, counted->period);
    if (indicator->number == witness->indicator) {
        witness->kept += kept->count;
        witness->counted += counted->count;
        witness->office = kept->office;
    }
    witness->count++;
}

static void test_verify_tells_of_each_cell_that_differs(void **state)
{
    struct witness witness = {.base = {.differs = note},
                              .indicator = FIGURE_CASES};
    const struct tip_change change = rig_code(CASE_KIND, 1);
    const struct tip_change other = rig_code(CASE_KIND, 2);
    struct tip_wire_record stored;
    size_t count;
    uint32_t record;

    (void)state;
    rig_init(&rig, NULL, 3);
    record = rig_add(&rig, 2, &change, 1);
    rig_commit(&rig);
    /* Somebody changes the record and forgets the figures. */
    assert_int_equal(tip_record_table_load(&rig.records, rig.txn, record,
                                           &rig.arena, &stored),
                     TIP_OK);
    stored.record.siblings[0].value = other.value;
    assert_int_equal(
        tip_record_table_put(&rig.records, rig.txn, record, &stored, true),
        TIP_OK);
    assert_int_equal(
        tip_figures_verify(rig.figures, rig.txn, &witness.base, &count),
        TIP_OK);
    assert_int_equal(count, witness.count);
    assert_int_equal(witness.kept, 1);
    assert_int_equal(witness.counted, 1);
    assert_int_equal(witness.office, 2);
    rig_deinit(&rig);
}

static void test_verify_compares_who_was_counted_not_only_how_many(void **state)
{
    const struct tip_change person = rig_person(1);
    struct tip_wire_record stored;
    uint32_t record;

    (void)state;
    rig_init(&rig, NULL, 3);
    record = rig_add(&rig, 2, &person, 1);
    assert_int_equal(tip_record_table_load(&rig.records, rig.txn, record,
                                           &rig.arena, &stored),
                     TIP_OK);
    stored.record.siblings[0].value = rig_person(2).value;
    assert_int_equal(
        tip_record_table_put(&rig.records, rig.txn, record, &stored, true),
        TIP_OK);
    assert_int_equal(rig_verify(&rig), 1);
    rig_deinit(&rig);
}

static void test_recounting_mends_what_differs(void **state)
{
    struct tip_figures_opts opts = {.random = &rig.prng.base, .recounts = true};
    const struct tip_change change = rig_code(CASE_KIND, 1);
    struct tip_wire_record stored;

    (void)state;
    fill();
    assert_int_equal(
        tip_record_table_load(&rig.records, rig.txn, 1, &rig.arena, &stored),
        TIP_OK);
    /* A change that no record has seen. */
    assert_int_equal(
        tip_figures_changed(rig.figures, &stored.record, &stored.record),
        TIP_OK);
    assert_int_equal(rig_verify(&rig), 0);
    stored.record.sibling_count = 0;
    assert_int_equal(tip_figures_changed(rig.figures, NULL, &stored.record),
                     TIP_OK);
    assert_true(rig_verify(&rig) > 0);
    rig_commit(&rig);
    tip_figures_close(rig.figures);
    opts.catalogue = rig.catalogue;
    assert_int_equal(tip_figures_open(&opts, rig.txn, &rig.figures), TIP_OK);
    assert_int_equal(rig_verify(&rig), 0);
    (void)rig_add(&rig, 1, &change, 1);
    rig_commit(&rig);
    assert_true(rig_is_stored(&rig));
    rig_deinit(&rig);
}

static void test_taking_out_what_was_never_put_in_is_noticed(void **state)
{
    struct tip_record never;
    struct tip_record gone;
    const struct tip_id id = {{1}};

    (void)state;
    rig_init(&rig, NULL, 3);
    tip_record_init(&never, &id, CASE_TYPE, 1);
    gone = never;
    gone.writes = &(struct tip_write){.origin = 1, .seq = 1};
    gone.write_count = 1;
    gone.siblings = &(struct tip_sibling){
        .field = TIP_FIELD_DELETED,
        .value = {.kind = TIP_VALUE_ANSWER, .answer = TIP_ANSWER_YES}};
    gone.sibling_count = 1;
    assert_false(tip_figures_is_suspect(rig.figures));
    assert_int_equal(tip_figures_changed(rig.figures, &never, &gone), TIP_OK);
    assert_true(tip_figures_is_suspect(rig.figures));
    rig_deinit(&rig);
}

static void test_a_damaged_row_is_refused_at_open(void **state)
{
    static const uint8_t rows[][4] = {
        {1, 200, 0, 0}, {1, 2, 7, 0}, {1, 2, 0, 1}, {1, 3, 0, 1}};
    const struct tip_figures_opts opts = {.random = &rig.prng.base};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct tip_figures_opts own = opts;
        struct tip_figures *opened;

        fill();
        own.catalogue = rig.catalogue;
        assert_int_equal(tip_txn_put(rig.txn, TIP_TABLE_FIGURE,
                                     TIP_KEY(1, 1000),
                                     tip_bytes(rows[i], sizeof rows[i])),
                         TIP_OK);
        assert_int_equal(tip_figures_open(&own, rig.txn, &opened),
                         TIP_ESTORE_DAMAGED);
        rig_deinit(&rig);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_new_catalogue_recounts_what_it_defines_anew),
        cmocka_unit_test(
            test_an_object_told_of_nothing_leaves_a_long_log_alone),
        cmocka_unit_test(test_a_lost_change_of_catalogue_leaves_the_old_one),
        cmocka_unit_test(
            test_reading_only_refuses_figures_of_another_catalogue),
        cmocka_unit_test(test_verify_tells_of_each_cell_that_differs),
        cmocka_unit_test(
            test_verify_compares_who_was_counted_not_only_how_many),
        cmocka_unit_test(test_recounting_mends_what_differs),
        cmocka_unit_test(test_taking_out_what_was_never_put_in_is_noticed),
        cmocka_unit_test(test_a_damaged_row_is_refused_at_open),
    };

    return cmocka_run_group_tests_name("figures store", tests, NULL, NULL);
}
