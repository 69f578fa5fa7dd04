/* Rule: whatever was done to a store's file, verify reports and lives on, and
 * no read gives a wrong value; what verify calls sound reads whole. LMDB may
 * die of such a file: the one who reads is a child. Input: a length to cut the
 * file to (0: whole), then patches: place (24 bits), length, bytes. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fuzz.h"
#include "fuzz_part.h"
#include "tip_prng.h"
#include "tip_secret.h"
#include "tip_store_lmdb.h"
#include "tip_store_verify.h"
#include "tip_vault.h"

enum {
    ENTRY_COUNT = 40, /* In each of two tables. */
    VALUE_BYTES_MAX = 6000,
    STEP_BYTES = 256 * 1024,
    VERIFY_TIMEOUT_MS = 3000,
    PATCHES_MAX = 32,
    PATH_SIZE = 160
};

static const enum tip_table tables[] = {TIP_TABLE_META, TIP_TABLE_OUTBOX};
static const char *const names[] = {"store.mdb", "store.mdb-lock", "store.last",
                                    "lock", "key"};

static char dir[PATH_SIZE / 2];
static struct tip_vault *vault;
static uint8_t *image;
static size_t image_size;

static const char *path_of(const char *name)
{
    static char path[PATH_SIZE];

    (void)snprintf(path, sizeof path, "%s/%s", dir, name);
    return path;
}

static void clean_up(void)
{
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        (void)unlink(path_of(names[i]));
    }
    (void)rmdir(dir);
}

static struct tip_bytes content(enum tip_table table, uint64_t i)
{
    static uint8_t memory[VALUE_BYTES_MAX];
    size_t size = i % 16 == 0 ? VALUE_BYTES_MAX : 90;

    for (size_t at = 0; at < size; at++) {
        memory[at] = (uint8_t)(i * 7 + at * 13 + (size_t)table);
    }
    return tip_bytes(memory, size);
}

static enum tip_err open_store(struct tip_store_lmdb **out_store)
{
    const struct tip_store_lmdb_opts opts = {.dir = dir,
                                             .limit_bytes =
                                                 TIP_STORE_LMDB_LIMIT_BYTES_MIN,
                                             .step_bytes = STEP_BYTES,
                                             .sealer = tip_vault_sealer(vault)};

    return tip_store_lmdb_open(&opts, out_store);
}

static void fill(struct tip_store_lmdb *store)
{
    struct tip_txn *txn;

    for (size_t t = 0; t < 2; t++) {
        FUZZ_RULE(tip_store_begin(tip_store_lmdb_base(store), TIP_TXN_WRITE,
                                  &txn) == TIP_OK);
        for (uint64_t i = 0; i < ENTRY_COUNT; i++) {
            FUZZ_RULE(tip_txn_put(txn, tables[t], TIP_KEY(i, 1),
                                  content(tables[t], i)) == TIP_OK);
        }
        FUZZ_RULE(tip_txn_commit(txn) == TIP_OK);
    }
}

static void load_image(void)
{
    struct stat status;
    int fd = open(path_of("store.mdb"), O_RDONLY | O_CLOEXEC);

    FUZZ_RULE(fd >= 0 && fstat(fd, &status) == 0);
    image_size = (size_t)status.st_size;
    image = malloc(image_size);
    FUZZ_RULE(image != NULL);
    FUZZ_RULE(read(fd, image, image_size) == (ssize_t)image_size);
    (void)close(fd);
}

static void make_store(void)
{
    struct tip_prng prng = TIP_PRNG_SEEDED(1);
    struct tip_store_lmdb *store;

    (void)snprintf(dir, sizeof dir, "%s/tip-fuzz-XXXXXX",
                   access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    FUZZ_RULE(mkdtemp(dir) != NULL && atexit(clean_up) == 0);
    FUZZ_RULE(tip_seal_init() == TIP_OK);
    FUZZ_RULE(tip_vault_create_file(path_of("key"), &prng.base) == TIP_OK);
    FUZZ_RULE(tip_vault_open_file(path_of("key"), &vault) == TIP_OK);
    FUZZ_RULE(open_store(&store) == TIP_OK);
    fill(store);
    tip_store_lmdb_close(store);
    load_image();
}

/* The file as the input has it. */
static void store_image(struct tip_bytes rest)
{
    uint64_t cut = fuzz_take_u64(&rest) * 512;
    uint8_t *changed = malloc(image_size);
    int fd = open(path_of("store.mdb"), O_WRONLY | O_CLOEXEC);

    FUZZ_RULE(changed != NULL && fd >= 0);
    memcpy(changed, image, image_size);
    for (int i = 0; i < PATCHES_MAX && rest.size > 0; i++) {
        size_t at = (size_t)fuzz_take_u16(&rest) << 8 | fuzz_take_u8(&rest);
        struct tip_bytes patch = fuzz_take(&rest, fuzz_take_u8(&rest));

        at %= image_size - UINT8_MAX;
        memcpy(changed + at, patch.data, patch.size);
    }
    FUZZ_RULE(pwrite(fd, changed, image_size, 0) == (ssize_t)image_size);
    if (cut > 0 && cut < image_size) {
        FUZZ_RULE(ftruncate(fd, (off_t)cut) == 0);
    }
    (void)close(fd);
    free(changed);
}

/* Exit code of the child: 1 for a wrong value, 2 if one of a sound file does
 * not read. */
static int read_all(bool is_sound)
{
    struct tip_store_lmdb *store;
    struct tip_txn *txn;

    if (open_store(&store) != TIP_OK ||
        tip_store_begin(tip_store_lmdb_base(store), TIP_TXN_READ, &txn) !=
            TIP_OK) {
        return is_sound ? 2 : 0;
    }
    for (size_t t = 0; t < 2; t++) {
        for (uint64_t i = 0; i < ENTRY_COUNT; i++) {
            struct tip_bytes found;
            enum tip_err err =
                tip_txn_get(txn, tables[t], TIP_KEY(i, 1), &found);

            if (err == TIP_OK &&
                !tip_bytes_equal(found, content(tables[t], i))) {
                return 1;
            }
            if (err != TIP_OK && is_sound) {
                return 2;
            }
        }
    }
    return 0;
}

/* libFuzzer's own timer interrupts a wait every few seconds. */
static int wait_for(pid_t pid)
{
    int status = 0;
    pid_t ended;

    do {
        ended = waitpid(pid, &status, 0);
    } while (ended < 0 && errno == EINTR);
    FUZZ_RULE(ended == pid);
    return status;
}

static void read_in_a_child(bool is_sound)
{
    int status;
    pid_t pid = fork();

    FUZZ_RULE(pid >= 0);
    if (pid == 0) {
        /* libFuzzer catches these; the child, which may read for ever, must
         * die of its alarm. */
        static const int deaths[] = {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGALRM};

        for (size_t i = 0; i < sizeof deaths / sizeof deaths[0]; i++) {
            (void)signal(deaths[i], SIG_DFL);
        }
        (void)close(STDERR_FILENO);
        (void)alarm(2);
        _exit(read_all(is_sound));
    }
    status = wait_for(pid);
    FUZZ_RULE(!is_sound || WIFEXITED(status));
    FUZZ_RULE(!WIFEXITED(status) || WEXITSTATUS(status) != 1);
    FUZZ_RULE(!WIFEXITED(status) || WEXITSTATUS(status) != 2);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tip_store_verify_report report;
    enum tip_err err;

    if (image == NULL) {
        make_store();
    }
    store_image(tip_bytes(data, size));
    err = tip_store_verify(dir, tip_vault_sealer(vault), VERIFY_TIMEOUT_MS,
                           &report);
    FUZZ_RULE(err != TIP_OK || report.damaged_count == 0);
    read_in_a_child(err == TIP_OK);
    return 0;
}
