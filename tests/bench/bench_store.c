/*
 * What does the store cost beside LMDB as it comes? One line per kind of
 * load: operations a second of each, and the ratio, both on the same disk in
 * the same run, one after the other in turns. Files go to $TMPDIR or the
 * current folder. An argument is the number of records; the default takes half
 * a minute.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "plain_lmdb.h"
#include "tip_random_sodium.h"
#include "tip_secret.h"
#include "tip_store_lmdb.h"
#include "tip_vault.h"

enum {
    RECORD_COUNT = 200000,
    VALUE_SIZE = 300, /* A stored record's typical state. */
    GROUP = 2000      /* Records a bulk transaction holds. */
};

#define LIMIT_BYTES (UINT64_C(4) << 30)

/* One load on one subject. */
struct load {
    const char *name;
    uint64_t count; /* Operations. */
    uint64_t group; /* Operations per transaction. */
    bool writes;
    bool at_end;
    uint64_t key_mask; /* Keys are drawn below this; 0: in order. */
};

struct bench {
    char dir[256];
    char path[512];
    struct tip_vault *vault;
    struct tip_store_lmdb *opened;
    struct tip_store *store;
    struct tip_txn *txn;
    struct plain_lmdb *plain;
    uint8_t value[VALUE_SIZE];
    unsigned int sum; /* Keeps reads from being optimised away. */
};

static void must(enum tip_err err)
{
    if (err != TIP_OK) {
        (void)fprintf(stderr, "bench_store: %s\n", tip_err_text(err));
        exit(1);
    }
}

static double now_s(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static const char *path_of(struct bench *bench, const char *name)
{
    (void)snprintf(bench->path, sizeof bench->path, "%s/%s", bench->dir, name);
    return bench->path;
}

/* Numbers that visit a power of two of keys without order (an odd factor). */
static uint64_t key_of(const struct load *load, uint64_t i)
{
    return load->key_mask == 0
               ? i
               : (i * UINT64_C(0x9e3779b97f4a7c15) >> 20) & load->key_mask;
}

static void ours_group(struct bench *bench, const struct load *load,
                       uint64_t from, uint64_t to)
{
    const struct tip_bytes value = TIP_BYTES_OF(bench->value);

    must(tip_store_begin(bench->store,
                         load->writes ? TIP_TXN_WRITE : TIP_TXN_READ,
                         &bench->txn));
    for (uint64_t i = from; i < to; i++) {
        const struct tip_key key = TIP_KEY(key_of(load, i), 1);
        struct tip_bytes found;

        if (!load->writes) {
            must(tip_txn_get(bench->txn, TIP_TABLE_RECORD, key, &found));
            bench->sum += found.data[0];
        } else if (load->at_end) {
            must(tip_txn_append(bench->txn, TIP_TABLE_RECORD, key, value));
        } else {
            must(tip_txn_put(bench->txn, TIP_TABLE_HISTORY, key, value));
        }
    }
    must(tip_txn_commit(bench->txn));
}

static void plain_group(struct bench *bench, const struct load *load,
                        uint64_t from, uint64_t to)
{
    plain_lmdb_begin(bench->plain, load->writes);
    for (uint64_t i = from; i < to; i++) {
        const uint64_t hi = key_of(load, i);

        if (!load->writes) {
            bench->sum += plain_lmdb_get(bench->plain, hi, 1);
        } else {
            /* Random keys sort behind those appended, as in a table of
             * their own. */
            plain_lmdb_put(bench->plain, load->at_end ? hi : hi | 1ULL << 63, 1,
                           TIP_BYTES_OF(bench->value), load->at_end);
        }
    }
    plain_lmdb_commit(bench->plain);
}

/* Seconds that @load takes on one subject. */
static double
measure(struct bench *bench, const struct load *load, uint64_t first,
        void (*group)(struct bench *bench, const struct load *load,
                      uint64_t from, uint64_t to))
{
    const double start_s = now_s();

    for (uint64_t i = 0; i < load->count; i += load->group) {
        const uint64_t end =
            i + load->group < load->count ? i + load->group : load->count;

        group(bench, load, first + i, first + end);
    }
    return now_s() - start_s;
}

static void run(struct bench *bench, const struct load *load, uint64_t first)
{
    const double plain_s = measure(bench, load, first, plain_group);
    const double ours_s = measure(bench, load, first, ours_group);
    const double count = (double)load->count;

    (void)printf("%-34s %10.0f /s   plain LMDB %10.0f /s   ratio %.2f\n",
                 load->name, count / ours_s, count / plain_s, plain_s / ours_s);
    (void)fflush(stdout);
}

static void open_both(struct bench *bench)
{
    const char *parent = getenv("TMPDIR");
    struct tip_store_lmdb_opts opts = {.limit_bytes = LIMIT_BYTES};

    (void)snprintf(bench->dir, sizeof bench->dir, "%s/bench_store_XXXXXX",
                   parent == NULL ? "." : parent);
    if (mkdtemp(bench->dir) == NULL) {
        must(TIP_EIO);
    }
    must(tip_seal_init());
    must(tip_vault_create_file(path_of(bench, "vault.key"),
                               tip_random_sodium()));
    must(tip_vault_open_file(bench->path, &bench->vault));
    bench->plain = plain_lmdb_open(path_of(bench, "plain.mdb"), LIMIT_BYTES);
    opts.dir = bench->dir;
    opts.sealer = tip_vault_sealer(bench->vault);
    must(tip_store_lmdb_open(&opts, &bench->opened));
    bench->store = tip_store_lmdb_base(bench->opened);
}

static void close_both(struct bench *bench)
{
    static const char *const names[] = {
        "store.mdb", "store.mdb-lock", "store.last", "lock",
        "plain.mdb", "plain.mdb-lock", "vault.key"};

    tip_store_lmdb_close(bench->opened);
    plain_lmdb_close(bench->plain);
    tip_vault_close(bench->vault);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        (void)unlink(path_of(bench, names[i]));
    }
    (void)rmdir(bench->dir);
}

int main(int argc, char **argv)
{
    static struct bench bench;
    const uint64_t count =
        argc > 1 ? strtoull(argv[1], NULL, 10) : RECORD_COUNT;
    const struct load loads[] = {
        {"append, 2,000 a commit", count, GROUP, true, true, 0},
        {"append, 1 a commit", 1000, 1, true, true, 0},
        {"random keys, 2,000 a commit", count / 2, GROUP, true, false,
         (1 << 20) - 1},
        {"random keys, 64 a commit", 32000, 64, true, false, (1 << 20) - 1},
        {"random keys, 1 a commit", 1000, 1, true, false, (1 << 20) - 1},
        {"get in order, 2,000 a reader", count, GROUP, false, false, 0},
        {"get at random, 2,000 a reader", count, GROUP, false, false,
         (1 << 16) - 1},
        {"get at random, 1 a reader", count / 4, 1, false, false,
         (1 << 16) - 1},
    };
    uint64_t appended = 0;

    if (count <= 1 << 16) {
        (void)fprintf(stderr, "bench_store: at least 65537 records\n");
        return 2;
    }
    open_both(&bench);
    for (size_t i = 0; i < sizeof bench.value; i++) {
        bench.value[i] = (uint8_t)(i * 7);
    }
    for (size_t i = 0; i < sizeof loads / sizeof loads[0]; i++) {
        run(&bench, &loads[i], loads[i].at_end ? appended : 0);
        appended += loads[i].at_end ? loads[i].count : 0;
    }
    close_both(&bench);
    return bench.sum == 1 ? 1 : 0;
}
