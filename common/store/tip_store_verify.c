#include "tip_store_verify.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <lmdb.h>

#include "tip_lmdb_err.h"
#include "tip_lmdb_file.h"
#include "tip_lmdb_image.h"
#include "tip_lmdb_map.h"
#include "tip_lmdb_pages.h"
#include "tip_lmdb_walk.h"
#include "tip_lmdb_witness.h"

/* Memory both processes see: the child writes, the parent reads when the child
 * is gone, and believes no more of it than its type. */
struct board {
    struct tip_store_verify_report report;
    enum tip_err err; /* Why the child saw nothing. */
    bool is_done;     /* The child came to its end. */
};

/* What the child works with. */
struct verifier {
    struct board *board;
    struct tip_sealer *sealer;      /* Borrowed. */
    const struct tip_lmdb_dir *dir; /* Borrowed. */
    struct tip_lmdb_map map;
    struct tip_lmdb_pages pages;
    MDB_txn *txn;
};

static uint64_t hash_of(struct tip_bytes bytes)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);

    for (size_t i = 0; i < bytes.size; i++) {
        hash = (hash ^ bytes.data[i]) * UINT64_C(0x100000001b3);
    }
    return hash;
}

static void before_entry(void *context, enum tip_table table,
                         struct tip_bytes key)
{
    struct verifier *verifier = context;

    verifier->board->report.last =
        (struct tip_store_place){.table = table, .key_hash = hash_of(key)};
}

static enum tip_err look_at_entry(void *context, enum tip_table table,
                                  const struct tip_lmdb_entry *entry)
{
    struct verifier *verifier = context;
    struct tip_store_verify_report *report = &verifier->board->report;

    if (entry->state == TIP_OK) {
        report->sound_count++;
        tip_lmdb_pages_note(&verifier->pages, entry->sealed);
        return TIP_OK;
    }
    report->damaged_count++;
    report->is_table_damaged[table] = true;
    if (report->named_count < TIP_STORE_VERIFY_NAMED_MAX) {
        report->named[report->named_count++] = report->last;
    }
    return TIP_OK;
}

static enum tip_err look_at_tables(struct verifier *verifier)
{
    struct tip_store_verify_report *report = &verifier->board->report;
    const struct tip_lmdb_walker walker = {
        .before = before_entry,
        .entry = look_at_entry,
        .context = verifier,
    };
    uint64_t count, seen;
    enum tip_err err;

    for (int i = 0; i < TIP_TABLE_COUNT; i++) {
        report->last = (struct tip_store_place){.table = (enum tip_table)i};
        if (tip_lmdb_walk(&verifier->map, verifier->txn, (enum tip_table)i,
                          verifier->sealer, &walker) != TIP_OK) {
            report->is_table_damaged[i] = true;
        }
    }
    report->is_free_list_damaged =
        tip_lmdb_pages_check_free(&verifier->pages, verifier->txn) != TIP_OK;
    err = tip_lmdb_count_get(&verifier->map, verifier->txn, verifier->sealer,
                             &count);
    if (err == TIP_OK) {
        err = tip_lmdb_witness_read(verifier->dir, verifier->sealer, &seen);
    }
    report->went_back = err == TIP_OK && count < seen;
    return err;
}

static enum tip_err look(struct verifier *verifier, const char *path)
{
    enum tip_err err = tip_lmdb_map_open(
        &verifier->map, path, TIP_LMDB_MAP_STILL, 0, verifier->sealer);

    if (err != TIP_OK) {
        return err;
    }
    err = tip_lmdb_pages_init(&verifier->pages, &verifier->map);
    if (err == TIP_OK) {
        err = tip_lmdb_err(
            mdb_txn_begin(verifier->map.env, NULL, MDB_RDONLY, &verifier->txn));
    }
    if (err == TIP_OK) {
        err = look_at_tables(verifier);
    }
    /* Nothing is given back: the process ends here, and tearing down what a
     * damaged file has bent is one more way to die. */
    return err;
}

/* Make this process one that may die: no core file with values in it, no
 * handler of the parent's, and not alive without the parent. */
static void be_expendable(void)
{
    static const int deadly[] = {SIGSEGV, SIGBUS,  SIGABRT, SIGFPE,
                                 SIGILL,  SIGTERM, SIGINT};
    const struct rlimit none = {0, 0};

    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    (void)setrlimit(RLIMIT_CORE, &none);
    for (size_t i = 0; i < sizeof deadly / sizeof deadly[0]; i++) {
        (void)signal(deadly[i], SIG_DFL);
    }
}

static void run_child(struct verifier *verifier, const char *path)
{
    be_expendable();
    verifier->board->err = look(verifier, path);
    verifier->board->is_done = true;
    _exit(0);
}

/* Wait until @pid, which alone holds the other end of @line, is gone, or kill
 * it; false when it took too long. */
static bool wait_for(pid_t pid, int line, int timeout_ms)
{
    struct pollfd gone = {.fd = line, .events = POLLIN};
    int ready;

    do {
        ready = poll(&gone, 1, timeout_ms);
    } while (ready < 0 && errno == EINTR);
    if (ready != 1) {
        (void)kill(pid, SIGKILL);
    }
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) {
    }
    return ready == 1;
}

static bool is_sound(const struct tip_store_verify_report *report)
{
    for (int i = 0; i < TIP_TABLE_COUNT; i++) {
        if (report->is_table_damaged[i]) {
            return false;
        }
    }
    return report->end == TIP_STORE_VERIFY_DONE && !report->went_back &&
           report->damaged_count == 0 && !report->is_free_list_damaged;
}

/* Whether @err means that the store could not be looked at. Anything else that
 * is not TIP_OK comes from what the file says: a wild size, say, is TIP_ENOMEM
 * to the child. */
static bool is_refusal(enum tip_err err)
{
    return err == TIP_ESTORE_KEY || err == TIP_ESTORE_NEWER ||
           err == TIP_EMALFORMED || err == TIP_EACCESS || err == TIP_EIO;
}

/* What the child's word is worth: a wild pointer may have written it. */
static enum tip_err judge(const struct board *board, bool in_time,
                          struct tip_store_verify_report *out_report)
{
    struct tip_store_verify_report report = board->report;

    if (board->is_done && is_refusal(board->err)) {
        return board->err;
    }
    report.end = TIP_STORE_VERIFY_DONE;
    if (!board->is_done) {
        report.end =
            in_time ? TIP_STORE_VERIFY_CRASHED : TIP_STORE_VERIFY_TIMED_OUT;
    }
    if (report.named_count > TIP_STORE_VERIFY_NAMED_MAX) {
        report.named_count = 0;
    }
    *out_report = report;
    return board->err == TIP_OK && is_sound(&report) ? TIP_OK
                                                     : TIP_ESTORE_DAMAGED;
}

/* Let a child look at the file, and judge what it says. */
static enum tip_err ask_child(struct verifier *verifier, const char *path,
                              int timeout_ms,
                              struct tip_store_verify_report *out_report)
{
    int line[2];
    bool in_time;
    pid_t pid;

    /* Not a pidfd: old kernels, and valgrind, have none. */
    if (pipe2(line, O_CLOEXEC) != 0) {
        return tip_lmdb_err(errno);
    }
    pid = fork();
    if (pid == 0) {
        run_child(verifier, path);
    }
    (void)close(line[1]);
    if (pid < 0) {
        (void)close(line[0]);
        return TIP_ENOMEM;
    }
    in_time = wait_for(pid, line[0], timeout_ms);
    (void)close(line[0]);
    return judge(verifier->board, in_time, out_report);
}

static enum tip_err verify_locked(const struct tip_lmdb_dir *dir,
                                  struct tip_sealer *sealer, int timeout_ms,
                                  struct tip_store_verify_report *out_report)
{
    struct verifier verifier = {.sealer = sealer, .dir = dir};
    char path[TIP_LMDB_PATH_SIZE];
    uint64_t bytes;
    enum tip_err err = tip_lmdb_image_settle(dir);

    if (err == TIP_OK) {
        err = tip_lmdb_dir_size(dir, TIP_LMDB_FILE_NAME, &bytes);
    }
    if (err == TIP_OK) {
        err = tip_lmdb_dir_path(dir, TIP_LMDB_FILE_NAME, path);
    }
    if (err != TIP_OK) {
        return err;
    }
    verifier.board = mmap(NULL, sizeof *verifier.board, PROT_READ | PROT_WRITE,
                          MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (verifier.board == MAP_FAILED) {
        return TIP_ENOMEM;
    }
    err = ask_child(&verifier, path, timeout_ms, out_report);
    (void)munmap(verifier.board, sizeof *verifier.board);
    return err;
}

enum tip_err tip_store_verify(const char *dir, struct tip_sealer *sealer,
                              int timeout_ms,
                              struct tip_store_verify_report *out_report)
{
    struct tip_lmdb_dir held;
    enum tip_err err = tip_lmdb_dir_open(&held, dir);

    if (err == TIP_OK) {
        err = verify_locked(&held, sealer, timeout_ms, out_report);
        tip_lmdb_dir_close(&held);
    }
    return err;
}
