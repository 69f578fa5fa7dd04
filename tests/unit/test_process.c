/* Rules of tip_process: nothing leaks into a child or out of a core. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tip_process.h"
#include "tip_test.h"

/* What a hardened process looks like; it runs in a child, for it is final. */
static int look_hardened(void)
{
    struct rlimit core;

    if (tip_process_harden() != TIP_OK || getrlimit(RLIMIT_CORE, &core) != 0) {
        return 1;
    }
    return core.rlim_max == 0 && prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0 &&
                   prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 &&
                   umask(0) == 077
               ? 0
               : 2;
}

static void test_a_hardened_process_dumps_nothing(void **state)
{
    int status = -1;
    pid_t pid = fork();

    (void)state;
    if (pid == 0) {
        _exit(look_hardened());
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

static int spawn_shell(const char *script, int fd, pid_t *out_pid)
{
    char name[] = "sh";
    char option[] = "-c";
    char text[200];
    char *argv[] = {name, option, text, NULL};

    (void)snprintf(text, sizeof text, "%s", script);
    return (int)tip_process_spawn("/bin/sh", argv, fd, out_pid);
}

static void test_a_child_gets_one_descriptor_and_no_environment(void **state)
{
    char answer[300] = "";
    int pair[2];
    pid_t pid = -1;
    int other = open("/dev/null", O_RDONLY); /* Not close-on-exec. */

    (void)state;
    assert_true(other >= 0);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair),
                     0);
    assert_int_equal(setenv("TIP_SECRET", "x", 1), 0);
    assert_int_equal(
        spawn_shell("exec >&3; for n in 0 1 2 3 4 5 6 7 8 9; do "
                    "[ -e /proc/$$/fd/$n ] && printf '%s ' $n; done; "
                    "printf '%s' \"$TIP_SECRET\"",
                    pair[1], &pid),
        TIP_OK);
    (void)close(pair[1]);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
    assert_true(read(pair[0], answer, sizeof answer - 1) > 0);
    assert_string_equal(answer, "0 1 2 3 ");
    (void)close(pair[0]);
    (void)close(other);
    (void)unsetenv("TIP_SECRET");
}

static void test_says_why_a_child_did_not_start(void **state)
{
    char name[] = "nothing";
    char *argv[] = {name, NULL};
    pid_t pid = -1;

    (void)state;
    assert_int_equal(tip_process_spawn("/nonexistent", argv, 0, &pid),
                     TIP_ENOTFOUND);
    assert_int_equal(pid, -1);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); /* No zombie. */
}
int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_hardened_process_dumps_nothing),
        cmocka_unit_test(test_a_child_gets_one_descriptor_and_no_environment),
        cmocka_unit_test(test_says_why_a_child_did_not_start),
    };

    return cmocka_run_group_tests_name("process", tests, NULL, NULL);
}
