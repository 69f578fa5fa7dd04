/* Rules of common/posix: files whole or not at all, callers known by name. */
#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tip_clock_posix.h"
#include "tip_file.h"
#include "tip_notify.h"
#include "tip_signals.h"
#include "tip_socket.h"
#include "tip_test.h"

enum { ARENA_BYTES = 4096, PATH_SIZE = 128 };

struct fixture {
    char folder[32];
    char path[PATH_SIZE]; /* A name in the folder; nothing is there yet. */
    struct tip_arena arena;
};

static int setup(void **state)
{
    static struct fixture f;

    f = (struct fixture){.folder = "/tmp/tip_posix_XXXXXX"};
    if (mkdtemp(f.folder) == NULL) {
        return -1;
    }
    (void)snprintf(f.path, sizeof f.path, "%s/thing", f.folder);
    tip_arena_init(&f.arena, ARENA_BYTES);
    *state = &f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    tip_arena_deinit(&f->arena);
    (void)unlink(f->path);
    (void)rmdir(f->path);
    return rmdir(f->folder);
}

static enum tip_err read_file(struct fixture *f, enum tip_file_trust trust,
                              struct tip_bytes *out)
{
    return tip_file_read(f->path, trust, 100, &f->arena, out);
}

static void put_file(struct fixture *f, const char *text, mode_t mode)
{
    assert_int_equal(tip_file_write(f->path, tip_bytes_text(text), mode),
                     TIP_OK);
}

static void test_reads_what_was_written(void **state)
{
    struct fixture *f = *state;
    struct tip_bytes content;
    struct stat st;

    put_file(f, "first", 0600);
    put_file(f, "second, longer", 0640);
    assert_int_equal(read_file(f, TIP_FILE_ANY, &content), TIP_OK);
    assert_true(tip_bytes_equal(content, tip_bytes_text("second, longer")));
    assert_int_equal(stat(f->path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0640);
}

static void test_creates_a_file_only_where_there_is_none(void **state)
{
    struct fixture *f = *state;
    struct tip_bytes content;

    assert_int_equal(tip_file_create(f->path, tip_bytes_text("first"), 0600),
                     TIP_OK);
    assert_int_equal(tip_file_create(f->path, tip_bytes_text("second"), 0600),
                     TIP_EEXISTS);
    assert_int_equal(read_file(f, TIP_FILE_PRIVATE, &content), TIP_OK);
    assert_true(tip_bytes_equal(content, tip_bytes_text("first")));
}

static void test_refuses_a_file_above_the_bound(void **state)
{
    struct fixture *f = *state;
    struct tip_bytes content;
    char text[102] = "";

    memset(text, 'x', 101);
    put_file(f, text, 0600);
    assert_int_equal(read_file(f, TIP_FILE_ANY, &content), TIP_ETOOBIG);
    text[100] = '\0';
    put_file(f, text, 0600);
    assert_int_equal(read_file(f, TIP_FILE_ANY, &content), TIP_OK);
}

static void test_refuses_a_secret_that_others_may_read(void **state)
{
    struct fixture *f = *state;
    struct tip_bytes content;

    put_file(f, "secret", 0640);
    assert_int_equal(read_file(f, TIP_FILE_PRIVATE, &content), TIP_EEXPOSED);
    put_file(f, "secret", 0600);
    assert_int_equal(read_file(f, TIP_FILE_PRIVATE, &content), TIP_OK);
}

static void test_does_not_wait_for_a_fifo(void **state)
{
    struct fixture *f = *state;
    struct tip_bytes content;

    assert_int_equal(mkfifo(f->path, 0600), 0);
    assert_int_equal(read_file(f, TIP_FILE_ANY, &content), TIP_EINVAL);
}

static void test_names_a_missing_file(void **state)
{
    struct fixture *f = *state;
    struct tip_bytes content;

    assert_int_equal(read_file(f, TIP_FILE_ANY, &content), TIP_ENOTFOUND);
}

static void test_leaves_no_half_written_file_behind(void **state)
{
    struct fixture *f = *state;
    struct tip_bytes content;

    /* The name is a folder, so the last step, the rename, fails. */
    assert_int_equal(tip_file_mkdir(f->path, 0700), TIP_OK);
    assert_int_not_equal(tip_file_write(f->path, tip_bytes_text("new"), 0600),
                         TIP_OK);
    assert_int_equal(read_file(f, TIP_FILE_ANY, &content), TIP_EINVAL);
    /* teardown: the folder is empty but for f->path. */
}

static void test_makes_a_folder_once(void **state)
{
    struct fixture *f = *state;
    struct stat st;

    assert_int_equal(tip_file_mkdir(f->path, 0750), TIP_OK);
    assert_int_equal(stat(f->path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0750);
    assert_int_equal(tip_file_mkdir(f->path, 0750), TIP_OK);
    assert_int_equal(rmdir(f->path), 0);
    put_file(f, "a file", 0600);
    assert_int_equal(tip_file_mkdir(f->path, 0750), TIP_EINVAL);
}

static void test_knows_its_caller_by_name(void **state)
{
    struct fixture *f = *state;
    struct tip_socket_peer peer;
    struct stat st;
    int listener = -1;
    int client = -1;
    int server = -1;

    assert_int_equal(tip_socket_listen(f->path, &listener), TIP_OK);
    assert_int_equal(stat(f->path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0660);
    assert_int_equal(tip_socket_accept(listener, &server, &peer), TIP_EAGAIN);
    assert_int_equal(tip_socket_connect(f->path, &client), TIP_OK);
    assert_int_equal(tip_socket_accept(listener, &server, &peer), TIP_OK);
    assert_int_equal(peer.uid, geteuid());
    assert_int_equal(peer.pid, getpid());
    assert_string_equal(peer.name, getpwuid(geteuid())->pw_name);
    (void)close(server);
    (void)close(client);
    (void)close(listener);
}

static void test_replaces_the_socket_of_a_dead_daemon_only(void **state)
{
    struct fixture *f = *state;
    int first = -1;
    int second = -1;

    assert_int_equal(tip_socket_connect(f->path, &first), TIP_ENOTRUNNING);
    assert_int_equal(tip_socket_listen(f->path, &first), TIP_OK);
    assert_int_equal(tip_socket_listen(f->path, &second), TIP_EEXISTS);
    (void)close(first);
    assert_int_equal(tip_socket_connect(f->path, &first), TIP_ENOTRUNNING);
    assert_int_equal(tip_socket_listen(f->path, &second), TIP_OK);
    (void)close(second);
}

static void test_does_not_remove_a_file_to_listen(void **state)
{
    struct fixture *f = *state;
    int fd = -1;

    put_file(f, "somebody's work", 0600);
    assert_int_equal(tip_socket_listen(f->path, &fd), TIP_EEXISTS);
    assert_int_equal(access(f->path, F_OK), 0);
}

static void test_turns_signals_into_reads(void **state)
{
    int fd = -1;

    (void)state;
    assert_int_equal(tip_signals_open(&fd), TIP_OK);
    assert_int_equal(tip_signals_next(fd), TIP_SIGNAL_NONE);
    assert_int_equal(raise(SIGHUP), 0);
    assert_int_equal(tip_signals_next(fd), TIP_SIGNAL_RELOAD);
    assert_int_equal(raise(SIGTERM), 0);
    assert_int_equal(tip_signals_next(fd), TIP_SIGNAL_STOP);
    assert_int_equal(raise(SIGCHLD), 0);
    assert_int_equal(tip_signals_next(fd), TIP_SIGNAL_CHILD);
    assert_int_equal(tip_signals_next(fd), TIP_SIGNAL_NONE);
    (void)close(fd);
}

/* A socket that stands for systemd. */
static int listen_as_systemd(const struct fixture *f)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);

    memcpy(address.sun_path, f->path, strlen(f->path) + 1);
    assert_int_equal(
        bind(fd, (const struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(setenv("NOTIFY_SOCKET", f->path, 1), 0);
    return fd;
}

static void expect_line(int fd, const char *want)
{
    char line[300] = "";

    assert_true(read(fd, line, sizeof line - 1) > 0);
    assert_string_equal(line, want);
}

static void test_tells_systemd_how_it_is(void **state)
{
    struct fixture *f = *state;
    int fd = listen_as_systemd(f);

    tip_notify_ready();
    expect_line(fd, "READY=1");
    tip_notify_watchdog();
    expect_line(fd, "WATCHDOG=1");
    tip_notify_stopping();
    expect_line(fd, "STOPPING=1");
    (void)close(fd);
    (void)unsetenv("NOTIFY_SOCKET");
    tip_notify_ready(); /* Nobody listens: nothing happens. */
}

static void test_the_stopwatch_never_goes_back(void **state)
{
    struct tip_clock clock;
    uint64_t before_ms;

    (void)state;
    tip_clock_posix_init(&clock);
    before_ms = clock.elapsed_ms(&clock);
    assert_true(clock.elapsed_ms(&clock) >= before_ms);
    assert_true(clock.now_ms(&clock) > UINT64_C(1704067200000));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_reads_what_was_written),
        TEST(test_creates_a_file_only_where_there_is_none),
        TEST(test_refuses_a_file_above_the_bound),
        TEST(test_refuses_a_secret_that_others_may_read),
        TEST(test_does_not_wait_for_a_fifo),
        TEST(test_names_a_missing_file),
        TEST(test_leaves_no_half_written_file_behind),
        TEST(test_makes_a_folder_once),
        TEST(test_knows_its_caller_by_name),
        TEST(test_replaces_the_socket_of_a_dead_daemon_only),
        TEST(test_does_not_remove_a_file_to_listen),
        TEST(test_turns_signals_into_reads),
        TEST(test_tells_systemd_how_it_is),
        TEST(test_the_stopwatch_never_goes_back),
    };

    return cmocka_run_group_tests_name("posix", tests, NULL, NULL);
}
