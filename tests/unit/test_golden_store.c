/*
 * Rule: a store that format 0 wrote opens, verifies, is read and goes on.
 *
 * data/golden/format-0 has the store of a hub and of one of its two nodes, as
 * an earlier program left them; `test_golden_store --write` makes them anew:
 * only while the format may change. Of a frozen format the folder stays, and
 * the next one is written into a folder of its own.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fake_schema.h"
#include "star.h"
#include "tip_frame_row.h"
#include "tip_store.h"
#include "tip_store_lmdb.h"
#include "tip_store_verify.h"
#include "tip_test.h"
#include "tip_vault.h"

enum {
    HUB = -1,
    NEMA = 0,
    ATAR = 1,
    SAVED = 5,  /* By Néma, then… */
    EDITED = 6, /* …by Atar. */
    KEY_SEED = 97,
    LIMIT_BYTES = 24 * 1024 * 1024,
    STEP_BYTES = 256 * 1024,
    VERIFY_MS = 60000,
    PATH_BYTES = 512
};

/* One store of ours, open. */
struct place {
    char dir[PATH_BYTES];
    struct tip_vault *vault;
    struct tip_store_lmdb *store;
};

static void path_in(const char *dir, const char *name, char out[PATH_BYTES])
{
    int size = snprintf(out, PATH_BYTES, "%s/%s", dir, name);

    assert_true(size > 0 && size < PATH_BYTES);
}

/* The key is always the same: it is made from numbers that are. */
static void open_vault(struct place *place)
{
    struct tip_prng prng = TIP_PRNG_SEEDED(KEY_SEED);
    char path[PATH_BYTES];

    path_in(place->dir, "vault.key", path);
    assert_int_equal(tip_vault_create_file(path, &prng.base), TIP_OK);
    assert_int_equal(tip_vault_open_file(path, &place->vault), TIP_OK);
}

static void open_place(struct place *place)
{
    struct tip_store_lmdb_opts opts = {.dir = place->dir,
                                       .limit_bytes = LIMIT_BYTES,
                                       .step_bytes = STEP_BYTES,
                                       .sealer =
                                           tip_vault_sealer(place->vault)};

    assert_int_equal(tip_store_lmdb_open(&opts, &place->store), TIP_OK);
}

static void remove_files(const char *dir, bool all)
{
    static const char *const names[] = {"vault.key", "store.mdb-lock", "lock",
                                        "store.mdb", "store.last"};

    for (size_t i = 0; i < (all ? 5 : 3); i++) {
        char path[PATH_BYTES];

        path_in(dir, names[i], path);
        (void)unlink(path);
    }
}

static void close_place(struct place *place)
{
    tip_store_lmdb_close(place->store);
    tip_vault_close(place->vault);
}

/* What both stores hold: one record of two offices, edited once. */
static void work(struct star *star, struct tip_id *out_id)
{
    star_init(star, 2);
    *out_id = star_id(star);
    assert_int_equal(star_add(star, NEMA, out_id, ATAR, FAKE_LATEST, SAVED),
                     TIP_OK);
    star_run(star);
    assert_int_equal(star_edit(star, ATAR, out_id, FAKE_LATEST, EDITED),
                     TIP_OK);
    star_run(star);
}

/* Write what @fake holds into the golden folder of @name. */
static void write_store(const char *name, struct tip_store *fake)
{
    struct place place = {.store = NULL};
    struct tip_txn *from, *to;

    path_in(TIP_GOLDEN_STORE_DIR, name, place.dir);
    (void)mkdir(place.dir, 0700);
    remove_files(place.dir, true);
    open_vault(&place);
    open_place(&place);
    assert_int_equal(tip_store_begin(fake, TIP_TXN_READ, &from), TIP_OK);
    assert_int_equal(
        tip_store_begin(tip_store_lmdb_base(place.store), TIP_TXN_WRITE, &to),
        TIP_OK);
    assert_int_equal(fake_store_pour(from, to), TIP_OK);
    assert_int_equal(tip_txn_commit(to), TIP_OK);
    tip_txn_abort(from);
    close_place(&place);
    remove_files(place.dir, false);
}

static void copy_file(const char *from, const char *to)
{
    static uint8_t bytes[LIMIT_BYTES];
    FILE *in = fopen(from, "rb");
    FILE *out = fopen(to, "wb");
    size_t size;

    assert_non_null(in);
    assert_non_null(out);
    size = fread(bytes, 1, sizeof bytes, in);
    assert_int_equal(fwrite(bytes, 1, size, out), size);
    assert_int_equal(fclose(in), 0);
    assert_int_equal(fclose(out), 0);
}

/* Open a copy of the golden store of @name. */
static void open_golden(const char *name, struct place *place)
{
    static const char *const files[] = {"store.mdb", "store.last"};
    char golden[PATH_BYTES];
    struct tip_store_verify_report report;

    (void)snprintf(place->dir, sizeof place->dir, "/tmp/tip_golden_XXXXXX");
    assert_non_null(mkdtemp(place->dir));
    path_in(TIP_GOLDEN_STORE_DIR, name, golden);
    for (size_t i = 0; i < 2; i++) {
        char from[PATH_BYTES], to[PATH_BYTES];

        path_in(golden, files[i], from);
        path_in(place->dir, files[i], to);
        copy_file(from, to);
    }
    open_vault(place);
    assert_int_equal(tip_store_verify(place->dir,
                                      tip_vault_sealer(place->vault), VERIFY_MS,
                                      &report),
                     TIP_OK);
    assert_int_equal(report.end, TIP_STORE_VERIFY_DONE);
    assert_int_equal(report.damaged_count, 0);
    assert_true(report.sound_count > 0);
    open_place(place);
}

static void remove_place(struct place *place)
{
    close_place(place);
    remove_files(place->dir, true);
    assert_int_equal(rmdir(place->dir), 0);
}

/* A star whose hub and first node have the golden stores. */
struct golden {
    struct star star;
    struct place hub, node;
    struct tip_id id;
};

static void use_hub(struct golden *golden)
{
    struct star *star = &golden->star;
    struct hub_engine_opts opts = {.store =
                                       tip_store_lmdb_base(golden->hub.store),
                                   .link = &star->link.base,
                                   .clock = &star->clock.base,
                                   .random = &star->prng.base,
                                   .schema = &star->hub_schema.base,
                                   .keys = star->keys,
                                   .ref_secret = {{7}},
                                   .catalogue = 1};

    hub_engine_close(star->hub);
    assert_int_equal(hub_engine_open(&opts, &star->hub), TIP_OK);
}

static void use_node(struct golden *golden)
{
    struct star_node *node = &golden->star.nodes[NEMA];
    struct node_engine_opts opts = {.store =
                                        tip_store_lmdb_base(golden->node.store),
                                    .link = &node->link.base,
                                    .clock = &node->clock.base,
                                    .random = &golden->star.prng.base,
                                    .schema = &golden->star.schema,
                                    .keys = node->keys,
                                    .identity = &node->identity,
                                    .version = tip_bytes_text("test"),
                                    .catalogue = 1};

    node_engine_close(node->engine);
    assert_int_equal(node_engine_open(&opts, &node->engine), TIP_OK);
}

static int setup(void **state)
{
    static struct golden golden;

    /* Keys come from the star; what lies in its stores is not used. */
    work(&golden.star, &golden.id);
    for (size_t i = 0; i < 2; i++) {
        star_cut(&golden.star, i);
    }
    star_run(&golden.star);
    open_golden("hub", &golden.hub);
    open_golden("node", &golden.node);
    use_hub(&golden);
    use_node(&golden);
    *state = &golden;
    return 0;
}

static int teardown(void **state)
{
    struct golden *golden = *state;

    star_deinit(&golden->star);
    remove_place(&golden->hub);
    remove_place(&golden->node);
    return 0;
}

static void test_what_was_stored_is_read_the_same(void **state)
{
    struct golden *golden = *state;

    for (int i = HUB; i <= NEMA; i++) {
        size_t count;

        assert_int_equal(
            star_code(&golden->star, i, &golden->id, FAKE_LATEST, &count),
            EDITED);
        assert_int_equal(count, 1);
    }
    assert_string_equal(star_device(&golden->star, NEMA).version, "test");
    assert_true(star_device(&golden->star, NEMA).said_ms != 0);
}

static void test_frames_are_there_with_the_same_bytes(void **state)
{
    struct golden *golden = *state;
    struct tip_bytes at_node, at_hub;
    struct tip_head head;
    struct tip_txn *txn;
    uint64_t first;

    assert_int_equal(node_engine_txn(golden->star.nodes[NEMA].engine, &txn),
                     TIP_OK);
    assert_int_equal(
        tip_frame_row_find(txn, STAR_ORIGIN_FIRST, 1, &first, &head, &at_node),
        TIP_OK);
    assert_int_equal(hub_engine_txn(golden->star.hub, &txn), TIP_OK);
    assert_int_equal(
        tip_frame_row_find(txn, STAR_ORIGIN_FIRST, 1, &first, &head, &at_hub),
        TIP_OK);
    assert_true(at_node.size > 0 && tip_bytes_equal(at_node, at_hub));
}

static void test_both_go_on_from_there(void **state)
{
    struct golden *golden = *state;
    struct star *star = &golden->star;
    struct node_status status;
    size_t count;

    star_join(star, NEMA);
    star_run(star);
    assert_int_equal(star_edit(star, NEMA, &golden->id, FAKE_LATEST, 9),
                     TIP_OK);
    star_run(star);
    assert_int_equal(star_code(star, HUB, &golden->id, FAKE_LATEST, &count), 9);
    assert_int_equal(star_edit(star, HUB, &golden->id, FAKE_LATEST, 8), TIP_OK);
    star_run(star);
    assert_int_equal(star_code(star, NEMA, &golden->id, FAKE_LATEST, &count),
                     8);
    node_engine_status(star->nodes[NEMA].engine, &status);
    assert_int_equal(status.agreement, TIP_AGREEMENT_EQUAL);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_what_was_stored_is_read_the_same,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(
            test_frames_are_there_with_the_same_bytes, setup, teardown),
        cmocka_unit_test_setup_teardown(test_both_go_on_from_there, setup,
                                        teardown),
    };

    if (argc == 2 && strcmp(argv[1], "--write") == 0) {
        static struct star star;
        struct tip_id id;

        work(&star, &id);
        write_store("hub", &star.store->base);
        write_store("node", &star.nodes[NEMA].store->base);
        star_deinit(&star);
        return EXIT_SUCCESS;
    }
    return cmocka_run_group_tests_name("golden_store", tests, NULL, NULL);
}
