/* The process is killed, or the power goes, at any moment: what a commit has
 * acknowledged is there, whole, and nothing else is half there. */
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "disk_log.h"
#include "store_lmdb_rig.h"
#include "tip_prng.h"
#include "tip_store_verify.h"

enum { KILLS = 40, CUTS = 120, CALLS_MAX = 250, VERIFY_TIMEOUT_MS = 20000 };

/* What the child has been told is durable, in memory it shares with us. */
struct said {
    _Atomic uint64_t last;
};

static struct said *said_new(void)
{
    struct said *said = mmap(NULL, sizeof *said, PROT_READ | PROT_WRITE,
                             MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    assert_true(said != MAP_FAILED);
    return said;
}

/* What entry @n holds: some have pages of their own. */
static struct tip_bytes content(uint64_t n)
{
    static uint8_t memory[6000];
    const size_t size = n % 7 == 0 ? sizeof memory : 50 + n % 600;

    memset(memory, (int)(n & 0xff), size);
    memcpy(memory, &n, sizeof n);
    return tip_bytes(memory, size);
}

/* Commit @n: an entry appended, one at random, one removed, the number. */
static enum tip_err commit_number(struct lmdb_rig *rig, uint64_t n)
{
    const uint64_t scattered = n * UINT64_C(0x9e3779b97f4a7c15) >> 50;
    struct tip_txn *txn;
    enum tip_err err = tip_store_begin(rig->base.store, TIP_TXN_WRITE, &txn);

    if (err != TIP_OK) {
        return err;
    }
    err = tip_txn_append(txn, TIP_TABLE_OUTBOX, TIP_KEY(n, 0), content(n));
    if (err == TIP_OK) {
        err = tip_txn_put(txn, TIP_TABLE_HISTORY, TIP_KEY(scattered, 1),
                          content(n));
    }
    if (err == TIP_OK && n > 50) {
        err = tip_txn_remove(txn, TIP_TABLE_OUTBOX, TIP_KEY(n - 50, 0));
    }
    if (err == TIP_OK) {
        err = tip_txn_put(txn, TIP_TABLE_META, TIP_KEY(1, 0),
                          tip_bytes(&n, sizeof n));
    }
    if (err != TIP_OK) {
        tip_txn_abort(txn);
        return err;
    }
    return tip_txn_commit(txn);
}

/* In a child: commit numbers after said->last until something ends it. */
static void write_numbers(struct lmdb_rig *rig, struct said *said)
{
    if (lmdb_rig_open(rig) != TIP_OK) {
        _exit(1);
    }
    for (uint64_t n = said->last + 1;; n++) {
        if (commit_number(rig, n) != TIP_OK) {
            _exit(2);
        }
        said->last = n;
    }
}

/* Open the store; require what was said, in whole commits; set said to it. */
static void check(struct lmdb_rig *rig, struct said *said)
{
    struct tip_store_verify_report report;
    struct tip_txn *txn;
    struct tip_bytes found;
    uint64_t last = 0;

    ASSERT_OK(tip_store_verify(rig->dir, rig->opts.sealer, VERIFY_TIMEOUT_MS,
                               &report));
    ASSERT_OK(lmdb_rig_open(rig));
    txn = rig_begin(&rig->base, TIP_TXN_READ);
    if (tip_txn_get(txn, TIP_TABLE_META, TIP_KEY(1, 0), &found) == TIP_OK) {
        memcpy(&last, found.data, sizeof last);
    }
    assert_true(last >= said->last);
    assert_true(last <= said->last + 1);
    for (uint64_t n = last > 50 ? last - 49 : 1; n <= last; n++) {
        ASSERT_OK(tip_txn_get(txn, TIP_TABLE_OUTBOX, TIP_KEY(n, 0), &found));
        ASSERT_BYTES(found, content(n));
    }
    assert_int_equal(
        tip_txn_get(txn, TIP_TABLE_OUTBOX, TIP_KEY(last + 1, 0), &found),
        TIP_ENOTFOUND);
    tip_txn_abort(txn);
    lmdb_rig_close(rig);
    said->last = last;
}

static void test_a_killed_writer_loses_nothing_it_acknowledged(void **state)
{
    struct lmdb_rig *rig = *state;
    struct tip_prng prng = TIP_PRNG_SEEDED(1);
    struct said *said = said_new();

    lmdb_rig_close(rig);
    for (int round = 0; round < KILLS; round++) {
        const pid_t pid = fork();

        if (pid == 0) {
            write_numbers(rig, said);
        }
        (void)usleep(3000 + tip_prng_below(&prng, 30000));
        (void)kill(pid, SIGKILL);
        assert_int_equal(waitpid(pid, NULL, 0), pid);
        check(rig, said);
    }
    print_message("killed %d times, %llu commits kept\n", KILLS,
                  (unsigned long long)said->last);
    (void)munmap(said, sizeof *said);
}

/* A child writes until it ends itself at a write or a sync; then the power is
 * gone too. Returns how many sectors that cost. */
static size_t cut_power(struct lmdb_rig *rig, struct said *said,
                        struct disk_log *log, struct tip_prng *prng)
{
    const unsigned int die_at = 1 + tip_prng_below(prng, CALLS_MAX);
    const pid_t pid = fork();
    int status = 0;

    if (pid == 0) {
        disk_log_start(log, lmdb_rig_path(rig, "store.mdb"), die_at);
        write_numbers(rig, said);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 9);
    return disk_log_lose(log, lmdb_rig_path(rig, "store.mdb"), prng);
}

static void test_a_power_cut_loses_nothing_acknowledged(void **state)
{
    struct lmdb_rig *rig = *state;
    struct tip_prng prng = TIP_PRNG_SEEDED(2);
    struct said *said = said_new();
    struct disk_log *log = disk_log_new();
    size_t lost_count = 0;

    lmdb_rig_close(rig);
    for (int round = 0; round < CUTS; round++) {
        lost_count += cut_power(rig, said, log, &prng);
        check(rig, said);
    }
    /* Cuts that cost nothing prove nothing. */
    assert_true(lost_count > CUTS);
    assert_true(said->last > CUTS);
    print_message("%d power cuts, %zu sectors lost, %llu commits kept\n", CUTS,
                  lost_count, (unsigned long long)said->last);
    disk_log_free(log);
    (void)munmap(said, sizeof *said);
}

#define TEST(function) \
    cmocka_unit_test_setup_teardown(function, lmdb_rig_setup, lmdb_rig_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_killed_writer_loses_nothing_it_acknowledged),
        TEST(test_a_power_cut_loses_nothing_acknowledged),
    };

    return cmocka_run_group_tests_name("store_lmdb_power", tests, NULL, NULL);
}
