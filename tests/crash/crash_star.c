#include "crash_star.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zstd.h>

#include "crash_calls.h"
#include "crash_memory.h"
#include "fake_schema.h"

#define HOUR_MS UINT64_C(3600000)

static struct crash_star rig;

const struct crash_save crash_saves[CRASH_SAVES] = {
    {1, 0, 1, true, false},  {2, 1, 2, true, false},  {1, 0, 3, false, false},
    {0, 1, 4, false, false}, {2, 0, 5, false, false}, {1, 2, 6, true, true},
    {1, 2, 7, false, true},  {1, 1, 8, false, false}, {0, 2, 9, false, false},
};

static struct fake_store *fake_of(int place)
{
    return place == CRASH_HUB ? rig.star.store
                              : rig.star.nodes[place - 1].store;
}

static int place_of(const struct tip_store *fake)
{
    int place = 0;

    while (&fake_of(place)->base != fake) {
        place++;
        assert_true(place < CRASH_PLACES);
    }
    return place;
}

/* What the engines believe to be their store passes on to the real one. */
static enum tip_err begin_on_disk(struct tip_store *self,
                                  enum tip_txn_mode mode,
                                  struct tip_txn **out_txn)
{
    return tip_store_begin(tip_store_lmdb_base(rig.disks[place_of(self)]), mode,
                           out_txn);
}

static struct tip_store_usage usage_of_disk(struct tip_store *self)
{
    struct tip_store *store = tip_store_lmdb_base(rig.disks[place_of(self)]);

    return store->usage(store);
}

static void open_disk(int place)
{
    const struct tip_store_lmdb_opts opts = crash_rig_opts(rig.paths[place]);

    ASSERT_OK(tip_store_lmdb_open(&opts, &rig.disks[place]));
}

/* star.c cuts the power of its store between closing an engine and opening the
 * next: the linker brings it here.
 * NOLINTBEGIN(readability-identifier-naming,bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp)
 */
void __wrap_fake_store_power_cut(struct fake_store *fake);
void __wrap_fake_store_power_cut(struct fake_store *fake)
{
    const int place = place_of(&fake->base);

    tip_store_lmdb_close(rig.disks[place]);
    open_disk(place);
}

/* libzstd 1.5.4 reads through NULL when it has no memory for this. So it fails
 * as a whole, or not at all. */
ZSTD_CDict *__real_ZSTD_createCDict(const void *bytes, size_t size, int level);
ZSTD_CDict *__wrap_ZSTD_createCDict(const void *bytes, size_t size, int level);
ZSTD_CDict *__wrap_ZSTD_createCDict(const void *bytes, size_t size, int level)
{
    void *probe = malloc(1);
    ZSTD_CDict *dictionary = NULL;

    if (probe != NULL) {
        free(probe);
        crash_memory_pause();
        dictionary = __real_ZSTD_createCDict(bytes, size, level);
        crash_memory_resume();
    }
    return dictionary;
}
/* NOLINTEND(readability-identifier-naming,bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp)
 */

void crash_star_restart(int place)
{
    if (place == CRASH_HUB) {
        star_crash_hub(&rig.star);
    } else {
        star_crash_node(&rig.star, (size_t)place - 1);
    }
}

/* From now on the engine at @place works on a real store. */
static void move_to_disk(int place, const char *name)
{
    struct tip_store *fake = &fake_of(place)->base;
    struct tip_txn *from;
    struct tip_txn *to;

    crash_rig_folder(name, rig.paths[place]);
    open_disk(place);
    ASSERT_OK(tip_store_begin(fake, TIP_TXN_READ, &from));
    ASSERT_OK(tip_store_begin(tip_store_lmdb_base(rig.disks[place]),
                              TIP_TXN_WRITE, &to));
    ASSERT_OK(fake_store_pour(from, to));
    ASSERT_OK(tip_txn_commit(to));
    tip_txn_abort(from);
    fake->begin = begin_on_disk;
    fake->usage = usage_of_disk;
    crash_star_restart(place);
}

/* The line is the test's own and never fails. */
static enum tip_err send_unharmed(struct tip_link *self, uint32_t peer,
                                  struct tip_bytes message)
{
    enum tip_err err;

    crash_calls_pause();
    crash_memory_pause();
    err = rig.send(self, peer, message);
    crash_memory_resume();
    crash_calls_resume();
    return err;
}

struct crash_star *crash_star_init(const char *const names[CRASH_PLACES])
{
    (void)crash_rig_root();
    memset(&rig, 0, sizeof rig);
    star_init(&rig.star, CRASH_NODES);
    star_run(&rig.star);
    rig.send = rig.star.link.base.send;
    rig.star.link.base.send = send_unharmed;
    for (size_t i = 0; i < CRASH_NODES; i++) {
        rig.star.nodes[i].link.base.send = send_unharmed;
    }
    for (int place = 0; place < CRASH_PLACES; place++) {
        move_to_disk(place, names[place]);
    }
    star_run(&rig.star);
    return &rig;
}

void crash_star_deinit(void)
{
    star_deinit(&rig.star);
    for (int place = 0; place < CRASH_PLACES; place++) {
        tip_store_lmdb_close(rig.disks[place]);
    }
}

void crash_star_pass_time(void)
{
    for (int i = 0; i < 8; i++) {
        rig.star.clock.elapsed_ms += HOUR_MS;
        for (size_t n = 0; n < CRASH_NODES; n++) {
            rig.star.nodes[n].clock.elapsed_ms += HOUR_MS;
        }
        star_run(&rig.star);
    }
}

enum tip_err crash_star_save(struct crash_saved *saved, int n)
{
    const struct crash_save *save = &crash_saves[n];
    struct tip_id *id = &saved->ids[save->record];
    const int node = save->place - 1;

    if (save->is_new) {
        *id = star_id(&rig.star);
        return star_add(&rig.star, node, id, node == 0 ? 1 : 0, FAKE_LATEST,
                        save->code);
    }
    return star_edit(&rig.star, node, id, FAKE_LATEST, save->code);
}

/* Whether @code may be what is shown of @record: the last kept save of it, or
 * one after it that may have been kept untold. */
static bool may_show(const struct crash_saved *saved, int record, uint32_t code)
{
    bool may = code == 0;

    for (int n = 0; n < CRASH_SAVES; n++) {
        if (crash_saves[n].record == record) {
            may = crash_saves[n].code == code || (may && !saved->is_kept[n]);
        }
    }
    return may;
}

static void check_record(const struct crash_saved *saved, int record)
{
    const struct tip_id *id = &saved->ids[record];
    size_t count;
    const uint32_t code = star_code(&rig.star, -1, id, FAKE_LATEST, &count);

    if (!may_show(saved, record, code)) {
        for (int n = 0; n < CRASH_SAVES; n++) {
            print_message("save %d of record %d was %s\n", n,
                          crash_saves[n].record,
                          saved->is_kept[n] ? "acknowledged" : "refused");
        }
        fail_msg("record %d shows %u", record, code);
    }
    assert_true(count <= 2);
    for (int node = 0; node < CRASH_NODES; node++) {
        size_t node_count;

        assert_int_equal(
            star_code(&rig.star, node, id, FAKE_LATEST, &node_count), code);
        assert_int_equal(node_count, count);
    }
}

static void check_statuses(void)
{
    for (size_t n = 0; n < CRASH_NODES; n++) {
        struct node_status status;

        node_engine_status(rig.star.nodes[n].engine, &status);
        assert_int_equal(status.session, TIP_NODE_LIVE);
        assert_int_equal(status.trouble, TIP_OK);
        assert_int_equal(status.confirmed, status.saved);
        assert_int_equal(status.decided, status.saved);
    }
}

void crash_star_check(const struct crash_saved *saved)
{
    struct tip_id id;
    size_t count;

    crash_star_pass_time();
    for (int record = 0; record < CRASH_RECORDS; record++) {
        check_record(saved, record);
    }
    check_statuses();
    id = star_id(&rig.star);
    ASSERT_OK(star_add(&rig.star, 0, &id, 1, FAKE_LATEST, 77));
    crash_star_pass_time();
    assert_int_equal(star_code(&rig.star, 1, &id, FAKE_LATEST, &count), 77);
    check_statuses();
}
