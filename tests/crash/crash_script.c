#include "crash_script.h"

#include <string.h>

#include "crash_calls.h"
#include "crash_copy.h"
#include "crash_memory.h"
#include "crash_rig.h"

/* One write. */
struct step {
    enum { PUT, APPEND, REMOVE } kind;
    enum tip_table table;
    struct tip_key key;
    size_t size;
};

/* What a value holds tells which write it is of. */
static struct tip_bytes content(uint64_t seed, size_t size)
{
    static uint8_t memory[128 * 1024];

    assert_true(size <= sizeof memory);
    memset(memory, (int)(seed * 37 & 0xff), size);
    if (size >= sizeof seed) {
        memcpy(memory, &seed, sizeof seed);
    }
    return tip_bytes(memory, size);
}

/* Nothing fails meanwhile. */
static void note_state(struct crash_work *work)
{
    crash_calls_pause();
    crash_memory_pause();
    work->sums[work->done] = crash_store_sum(tip_store_lmdb_base(work->store));
    crash_memory_resume();
    crash_calls_resume();
}

static void begin(struct crash_work *work, struct tip_txn **out_txn)
{
    if (work->err == TIP_OK) {
        work->err = tip_store_begin(tip_store_lmdb_base(work->store),
                                    TIP_TXN_WRITE, out_txn);
    }
}

static void step(struct crash_work *work, struct tip_txn *txn,
                 const struct step *step)
{
    const struct tip_bytes value =
        content(work->done * 1000 + step->key.lo, step->size);

    if (work->err != TIP_OK) {
        return;
    }
    switch (step->kind) {
    case PUT:
        work->err = tip_txn_put(txn, step->table, step->key, value);
        break;
    case APPEND:
        work->err = tip_txn_append(txn, step->table, step->key, value);
        break;
    case REMOVE:
        work->err = tip_txn_remove(txn, step->table, step->key);
        break;
    }
    if (work->err != TIP_OK) {
        tip_txn_abort(txn);
    }
}

static void mark(struct crash_work *work, bool early)
{
    if (work->tape != NULL && work->marks_early == early) {
        crash_tape_mark(work->tape, work->done + 1);
    }
}

static void commit(struct crash_work *work, struct tip_txn *txn)
{
    if (work->err != TIP_OK) {
        return;
    }
    mark(work, true);
    work->err = tip_txn_commit(txn);
    if (work->err == TIP_OK) {
        mark(work, false);
        work->done++;
        assert_true(work->done < CRASH_STATES_MAX);
        note_state(work);
    }
}

/* A save of one field, as nodes do all day. */
static void save_small(struct crash_work *work)
{
    const uint64_t n = work->done + 1;
    const uint64_t scattered = n * UINT64_C(0x9e3779b97f4a7c15) >> 55;
    const struct step steps[] = {
        {APPEND, TIP_TABLE_OUTBOX, TIP_KEY(1, n), 90},
        {PUT, TIP_TABLE_RECORD, TIP_KEY(scattered, 0), 300},
        {PUT, TIP_TABLE_META, TIP_KEY(1, 0), 40},
    };
    struct tip_txn *txn = NULL;

    begin(work, &txn);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        step(work, txn, &steps[i]);
    }
    commit(work, txn);
}

static void run_small(struct crash_work *work)
{
    for (int i = 0; i < 16; i++) {
        save_small(work);
    }
}

static void run_append(struct crash_work *work)
{
    uint64_t lo = 0;

    for (int round = 0; round < 4; round++) {
        struct tip_txn *txn = NULL;

        begin(work, &txn);
        for (int i = 0; i < 60; i++) {
            const struct step one = {APPEND, TIP_TABLE_HISTORY,
                                     TIP_KEY(1, ++lo), 700};

            step(work, txn, &one);
        }
        commit(work, txn);
    }
}

/* Values grow, shrink, need pages of their own and go. */
static void run_replace(struct crash_work *work)
{
    static const size_t sizes[] = {100, 9000, 0, 5000, 60000, 30, 2100};

    for (uint64_t round = 0; round < 12; round++) {
        struct tip_txn *txn = NULL;

        begin(work, &txn);
        for (uint64_t i = 0; i < 6; i++) {
            const struct step put = {PUT, TIP_TABLE_RECORD,
                                     TIP_KEY(i * 7 % 5, i),
                                     sizes[(round + i) % 7]};

            step(work, txn, &put);
        }
        if (round > 2) {
            const struct step gone = {REMOVE, TIP_TABLE_RECORD,
                                      TIP_KEY(round % 6 * 7 % 5, round % 6), 0};

            step(work, txn, &gone);
        }
        commit(work, txn);
    }
}

/* More than the file has, twice, once ahead of time. */
static void run_grow(struct crash_work *work)
{
    uint64_t lo = 0;

    for (int round = 0; round < 5; round++) {
        struct tip_txn *txn = NULL;

        begin(work, &txn);
        for (int i = 0; i < 5; i++) {
            const struct step big = {APPEND, TIP_TABLE_FRAME_UP,
                                     TIP_KEY(1, ++lo), 90000};

            step(work, txn, &big);
        }
        commit(work, txn);
        if (work->err == TIP_OK && round == 3) {
            work->err = tip_store_lmdb_tend(work->store);
        }
    }
    save_small(work);
}

/* Closed and opened between saves. */
static void run_reopen(struct crash_work *work)
{
    for (int i = 0; i < 4; i++) {
        save_small(work);
        if (work->err == TIP_OK) {
            tip_store_lmdb_close(work->store);
            work->store = NULL;
            work->err = tip_store_lmdb_open(&work->opts, &work->store);
        }
    }
}

/* The disk fails a call of a commit; the store is copied to fresh blocks, and
 * the same is saved again. */
static void run_recover(struct crash_work *work)
{
    for (unsigned int nth = 1; nth <= 3; nth++) {
        save_small(work);
        save_small(work);
        if (work->err != TIP_OK) {
            return;
        }
        crash_calls_arm(CRASH_FAULT_EIO, nth, true);
        save_small(work);
        (void)crash_calls_clear();
        if (work->err != TIP_ESTORE_FAILED) {
            return;
        }
        work->err = tip_store_lmdb_recover(work->store);
        save_small(work);
    }
}

/* What was removed is to be found nowhere any more. */
static void run_purge(struct crash_work *work)
{
    for (int i = 0; i < 2 && work->err == TIP_OK; i++) {
        save_small(work);
        save_small(work);
        if (work->err == TIP_OK) {
            work->err = tip_store_purge(tip_store_lmdb_base(work->store));
        }
        save_small(work);
    }
}

/* The store as it was two saves ago is put in its place. */
static void restore(struct crash_work *work, const struct crash_copy *copy)
{
    tip_store_lmdb_close(work->store);
    work->store = NULL;
    mark(work, true);
    work->err = crash_copy_restore(copy, &work->opts);
    if (work->err != TIP_OK) {
        return;
    }
    mark(work, false);
    work->done++;
    work->restored = work->done;
    work->err = tip_store_lmdb_open(&work->opts, &work->store);
    if (work->err == TIP_OK) {
        note_state(work);
    }
}

static void run_restore(struct crash_work *work)
{
    static struct crash_copy copy;

    save_small(work);
    save_small(work);
    if (work->err == TIP_OK) {
        work->err = crash_copy_take(work->store, &copy);
    }
    save_small(work);
    save_small(work);
    if (work->err == TIP_OK) {
        restore(work, &copy);
    }
    save_small(work);
}

const struct crash_script crash_scripts[] = {
    {"small saves", run_small},
    {"bulk append", run_append},
    {"replace, remove", run_replace},
    {"growth", run_grow},
    {"close, open", run_reopen},
    {"recovery", run_recover},
    {"purge", run_purge},
    {"restore", run_restore},
};
const size_t crash_script_count =
    sizeof crash_scripts / sizeof crash_scripts[0];

void crash_work_run(struct crash_work *work, const struct crash_script *script)
{
    work->err = tip_store_lmdb_open(&work->opts, &work->store);
    if (work->err == TIP_OK) {
        note_state(work);
        script->run(work);
    }
}

void crash_work_close(struct crash_work *work)
{
    tip_store_lmdb_close(work->store);
    work->store = NULL;
}
