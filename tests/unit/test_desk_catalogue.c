/* A catalogue published at the hub is the one that nodes use. */
#include "tip_test.h"

#include "catalogue_fixture.h"
#include "desk_rig.h"
#include "tip_desk_catalogue.h"

#define OK(call) assert_int_equal((call), TIP_OK)

enum { HUB = RIG_HUB, NEMA = 0 };

static struct desk_rig rig;

/* Nobody has a catalogue yet. */
static int setup(void **state)
{
    (void)state;
    desk_rig_init(&rig, NULL, 1);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    desk_rig_deinit(&rig);
    return 0;
}

static enum tip_err publish(const struct tip_catalogue_file *files,
                            size_t count, struct tip_problems *problems)
{
    uint32_t version = 0;
    enum tip_err err =
        tip_desk_catalogue_publish(desk_rig_desk(&rig, HUB), &desk_rig_who,
                                   files, count, problems, &version);

    if (err == TIP_OK) {
        OK(tip_desk_flush(desk_rig_desk(&rig, HUB)));
        star_run(&rig.star);
    }
    return err;
}

/* The version that @i would use; 0: none. */
static uint32_t latest(int i)
{
    struct tip_catalogue *catalogue;
    enum tip_err err =
        tip_desk_catalogue_latest(desk_rig_desk(&rig, i), &catalogue);
    uint32_t version;

    if (err == TIP_ENOTFOUND) {
        return 0;
    }
    OK(err);
    version = catalogue->version;
    tip_catalogue_free(catalogue);
    return version;
}

/* The small catalogue as version @version. */
static enum tip_err publish_small(const char *version,
                                  struct tip_problems *problems)
{
    struct tip_catalogue_file files[FIXTURE_FILES];
    char *settings = fixture_replace(fixture_settings, "small,3,", version);
    enum tip_err err;

    fixture_files(files);
    files[0].content = tip_bytes_text(settings);
    err = publish(files, FIXTURE_FILES, problems);
    free(settings);
    return err;
}

static void test_the_national_catalogue_arrives_whole(void **state)
{
    struct tip_catalogue_folder folder;
    struct tip_problems problems = {0};
    struct tip_catalogue *catalogue;

    (void)state;
    assert_int_equal(latest(NEMA), 0);
    OK(tip_catalogue_folder_read(RIG_NATIONAL, &folder));
    OK(publish(folder.files, folder.file_count, &problems));
    assert_true(node_engine_take_catalogue_news(rig.star.nodes[NEMA].engine));
    OK(tip_desk_catalogue_latest(desk_rig_desk(&rig, NEMA), &catalogue));
    assert_non_null(
        tip_catalogue_type_named(catalogue, tip_bytes_text("victim")));
    tip_catalogue_free(catalogue);
    assert_int_equal(publish(folder.files, folder.file_count, &problems),
                     TIP_EEXISTS);
    tip_catalogue_folder_deinit(&folder);
}

static void test_a_successor_replaces_what_was(void **state)
{
    struct tip_problems problems = {0};

    (void)state;
    OK(publish_small("small,3,", &problems));
    assert_int_equal(latest(NEMA), 3);
    OK(publish_small("small,5,", &problems));
    assert_int_equal(latest(NEMA), 5);
    assert_int_equal(latest(HUB), 5);
    assert_int_equal(publish_small("small,4,", &problems), TIP_ECATALOGUE);
    assert_true(problems.count > 0);
    assert_int_equal(latest(NEMA), 5);
}

static void test_a_faulty_catalogue_is_not_published(void **state)
{
    struct tip_catalogue_file files[FIXTURE_FILES];
    struct tip_problems problems = {0};

    (void)state;
    fixture_files(files);
    files[2].content = tip_bytes_text("list_name,name,number\nx,y,z\n");
    assert_int_equal(publish(files, FIXTURE_FILES, &problems), TIP_ECATALOGUE);
    assert_int_equal(latest(HUB), 0);
}

static void test_a_version_that_does_not_verify_is_passed_over(void **state)
{
    struct tip_value size = {.kind = TIP_VALUE_INTEGER, .integer = 40};
    uint8_t hash[32] = {1};
    struct tip_value value = {.kind = TIP_VALUE_OPAQUE,
                              .bytes = TIP_BYTES_OF(hash)};
    struct tip_change changes[] = {
        {.field = TIP_CATALOGUE_FIELD_SIZE, .element = 9, .value = size},
        {.field = TIP_CATALOGUE_FIELD_HASH, .element = 9, .value = value}};
    struct tip_draft_record record = {.changes = changes, .change_count = 2};
    struct tip_draft draft = {
        .records = &record, .record_count = 1, .author = tip_bytes_text("x")};
    struct tip_desk *hub = desk_rig_desk(&rig, HUB);
    struct tip_problems problems = {0};
    struct tip_wire_record_peek head = {.type = 0};
    struct tip_bytes bytes;
    struct tip_saved saved;
    struct tip_txn *txn;
    struct tip_key key = TIP_KEY(0, 0);

    (void)state;
    OK(publish_small("small,3,", &problems));
    OK(hub->txn(hub, &txn)); /* The head is the last record that was made. */
    OK(tip_txn_seek(txn, TIP_TABLE_RECORD, TIP_SEEK_AT_OR_BEFORE,
                    TIP_KEY(UINT64_MAX, 0), &key, &bytes));
    OK(tip_wire_record_peek(bytes, &head));
    record.id = head.id;
    record.seen = hub->seen(hub);
    OK(hub->save(hub, &draft, &saved));
    OK(tip_desk_flush(hub));
    star_run(&rig.star);
    assert_int_equal(latest(NEMA), 3);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_the_national_catalogue_arrives_whole),
        TEST(test_a_successor_replaces_what_was),
        TEST(test_a_faulty_catalogue_is_not_published),
        TEST(test_a_version_that_does_not_verify_is_passed_over),
    };

    return cmocka_run_group_tests_name("desk_catalogue", tests, NULL, NULL);
}
