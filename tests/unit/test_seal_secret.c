/* Rules of tip_secret and tip_nonce: secrets lie behind walls, and no nonce
 * comes twice, whoever draws. */
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tip_nonce.h"
#include "tip_secret.h"
#include "tip_test.h"

static int setup(void **state)
{
    (void)state;
    return tip_seal_init() == TIP_OK ? 0 : -1;
}

enum { DRAWN = 300 };

struct nonces {
    uint8_t drawn[DRAWN][TIP_AEAD_NONCE_SIZE];
};

static void *draw_nonces(void *argument)
{
    struct nonces *nonces = argument;

    for (size_t i = 0; i < DRAWN; i++) {
        tip_nonce_draw(nonces->drawn[i]);
    }
    return nonces;
}

static int compare_nonces(const void *a, const void *b)
{
    return memcmp(a, b, TIP_AEAD_NONCE_SIZE);
}

static void assert_all_differ(uint8_t nonces[][TIP_AEAD_NONCE_SIZE],
                              size_t count)
{
    qsort(nonces, count, TIP_AEAD_NONCE_SIZE, compare_nonces);
    for (size_t i = 1; i < count; i++) {
        assert_memory_not_equal(nonces[i - 1], nonces[i], TIP_AEAD_NONCE_SIZE);
    }
}

static void test_no_nonce_comes_twice_in_any_thread(void **state)
{
    enum { THREADS = 4 };
    static struct nonces of[THREADS];
    static uint8_t all[THREADS * DRAWN][TIP_AEAD_NONCE_SIZE];
    pthread_t threads[THREADS];
    void *result;

    (void)state;
    for (size_t i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, draw_nonces, &of[i]),
                         0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(threads[i], &result), 0);
        assert_non_null(result);
        memcpy(all[i * DRAWN], of[i].drawn, sizeof of[i].drawn);
    }
    assert_all_differ(all, (size_t)THREADS * DRAWN);
}

/* In the child: send what it draws to @fd. */
static _Noreturn void draw_in_child(int fd)
{
    static struct nonces nonces;
    bool sent;

    (void)draw_nonces(&nonces);
    sent = write(fd, nonces.drawn, sizeof nonces.drawn) ==
           (ssize_t)sizeof nonces.drawn;
    _exit(sent ? 0 : 1);
}

static void read_nonces(int fd, uint8_t *out, size_t size)
{
    size_t got = 0;

    while (got < size) {
        ssize_t part = read(fd, out + got, size - got);

        assert_true(part > 0);
        got += (size_t)part;
    }
}

static void test_a_forked_child_draws_no_nonce_of_its_parent(void **state)
{
    static uint8_t all[2 * DRAWN][TIP_AEAD_NONCE_SIZE];
    static struct nonces own;
    int ends[2], status;
    pid_t child;

    (void)state;
    assert_int_equal(pipe(ends), 0);
    /* So that there is a pool for the child to inherit. */
    tip_nonce_draw(all[0]);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        draw_in_child(ends[1]);
    }
    assert_non_null(draw_nonces(&own));
    memcpy(all[0], own.drawn, sizeof own.drawn);
    read_nonces(ends[0], all[DRAWN], sizeof own.drawn);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_int_equal(close(ends[0]), 0);
    assert_int_equal(close(ends[1]), 0);
    assert_all_differ(all, (size_t)2 * DRAWN);
}

/* Run @act on a new secret in a child; returns the signal that ended it. */
static int signal_of(void (*act)(uint8_t *secret))
{
    pid_t child = fork();
    int status;

    assert_true(child >= 0);
    if (child == 0) {
        uint8_t *secret = tip_secret_new(16);

        /* No report by a sanitizer: dying is what is asked for. */
        (void)signal(SIGSEGV, SIG_DFL);
        act(secret);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static void write_inside(uint8_t *secret)
{
    ((volatile uint8_t *)secret)[15] = 1;
}

static void write_behind(uint8_t *secret)
{
    ((volatile uint8_t *)secret)[16] = 1;
}

static void write_protected(uint8_t *secret)
{
    tip_secret_protect(secret);
    write_inside(secret);
}

static void test_a_stray_write_to_a_secret_ends_the_program(void **state)
{
    (void)state;
    assert_int_equal(signal_of(write_inside), 0);
    assert_int_equal(signal_of(write_behind), SIGSEGV);
    assert_int_equal(signal_of(write_protected), SIGSEGV);
}

static void test_a_new_secret_is_zero_and_a_wiped_one_too(void **state)
{
    const uint8_t zero[20] = {0};
    uint8_t *secret = tip_secret_new(sizeof zero);

    (void)state;
    assert_non_null(secret);
    assert_memory_equal(secret, zero, sizeof zero);
    memset(secret, 7, sizeof zero);
    tip_secret_wipe(secret, sizeof zero);
    assert_memory_equal(secret, zero, sizeof zero);
    tip_secret_free(secret);
    tip_secret_free(NULL);
    assert_null(tip_secret_new(SIZE_MAX));
}

enum { SAID_SO = 0, SAID_NOTHING = 1, NO_LIMIT = 2 };

/* In a child that may lock no memory: does a new secret say so? */
static _Noreturn void make_unlocked_secret(void)
{
    const struct rlimit none = {0, 0};
    enum { NOBODY = 65534 };
    static uint8_t page[1];

    /* Root may lock whatever the limit says, and under AddressSanitizer
     * everybody seems to. */
    if (setrlimit(RLIMIT_MEMLOCK, &none) != 0 ||
        (geteuid() == 0 && setuid(NOBODY) != 0) ||
        mlock(page, sizeof page) == 0) {
        _exit(NO_LIMIT);
    }
    _exit(tip_secret_is_locked() && tip_secret_new(16) != NULL &&
                  !tip_secret_is_locked()
              ? SAID_SO
              : SAID_NOTHING);
}

static void test_says_when_a_secret_may_reach_the_swap(void **state)
{
    pid_t child = fork();
    int status;

    (void)state;
    assert_true(child >= 0);
    if (child == 0) {
        make_unlocked_secret();
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == NO_LIMIT) {
        print_message("skipped: locking memory cannot be made to fail here\n");
        skip();
    }
    assert_int_equal(WEXITSTATUS(status), SAID_SO);
}

#define TEST(name) cmocka_unit_test_setup(name, setup)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_no_nonce_comes_twice_in_any_thread),
        TEST(test_a_forked_child_draws_no_nonce_of_its_parent),
        TEST(test_says_when_a_secret_may_reach_the_swap),
        TEST(test_a_stray_write_to_a_secret_ends_the_program),
        TEST(test_a_new_secret_is_zero_and_a_wiped_one_too),
    };

    return cmocka_run_group_tests_name("seal_secret", tests, NULL, NULL);
}
