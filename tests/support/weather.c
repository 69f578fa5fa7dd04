#include "weather.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LINE_BYTES_MAX = 160, PATIENCE_MS = 20000 };

/* Read one line the proxy prints, without its end. */
static bool read_line(struct weather *weather, char line[LINE_BYTES_MAX])
{
    struct pollfd polled = {.fd = weather->out_fd, .events = POLLIN};

    for (size_t size = 0; size + 1 < LINE_BYTES_MAX; size++) {
        if (poll(&polled, 1, PATIENCE_MS) != 1 ||
            read(weather->out_fd, line + size, 1) != 1) {
            return false;
        }
        if (line[size] == '\n') {
            line[size] = '\0';
            return true;
        }
    }
    return false;
}

static bool spawn(struct weather *weather, char *const argv[], int out_fd)
{
    char *const environment[] = {NULL};
    posix_spawn_file_actions_t actions;
    bool done;

    if (posix_spawn_file_actions_init(&actions) != 0) {
        return false;
    }
    done = posix_spawn_file_actions_adddup2(&actions, out_fd, STDOUT_FILENO) ==
               0 &&
           posix_spawn(&weather->pid, SHAPING_PROXY, &actions, NULL, argv,
                       environment) == 0;
    (void)posix_spawn_file_actions_destroy(&actions);
    return done;
}

bool weather_open(struct weather *weather, uint16_t target)
{
    char target_text[8];
    char name[] = "shaping_proxy";
    char to[] = "--to";
    char control[] = "--control";
    char *const argv[] = {name, to, target_text, control, weather->control,
                          NULL};
    char line[LINE_BYTES_MAX];
    int ends[2];
    bool started;

    *weather = (struct weather){.out_fd = -1};
    (void)snprintf(target_text, sizeof target_text, "%u", target);
    (void)snprintf(weather->control, sizeof weather->control,
                   "/tmp/tip_weather_%d_%u", (int)getpid(), target);
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return false;
    }
    started = spawn(weather, argv, ends[1]);
    (void)close(ends[1]);
    weather->out_fd = ends[0];
    if (!started || !read_line(weather, line) ||
        strncmp(line, "listening ", 10) != 0) {
        return false;
    }
    weather->port = (uint16_t)strtoul(line + 10, NULL, 10);
    return true;
}

bool weather_say(struct weather *weather, const char *command)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    ssize_t put;

    memcpy(address.sun_path, weather->control, sizeof weather->control);
    put = sendto(fd, command, strlen(command), 0,
                 (const struct sockaddr *)&address, sizeof address);
    (void)close(fd);
    return put > 0;
}

/* Read the number behind @name, which comes next in *@line. */
static bool read_number(char **line, const char *name,
                        unsigned long long *out_number)
{
    size_t size = strlen(name);

    if (strncmp(*line, name, size) != 0) {
        return false;
    }
    *out_number = strtoull(*line + size, line, 10);
    return true;
}

bool weather_stats(struct weather *weather, struct weather_stats *out_stats)
{
    char line[LINE_BYTES_MAX];
    char *rest = line;

    return weather_say(weather, "stats") && read_line(weather, line) &&
           read_number(&rest, "up ", &out_stats->up) &&
           read_number(&rest, " down ", &out_stats->down) &&
           read_number(&rest, " connections ", &out_stats->connections);
}

void weather_close(struct weather *weather)
{
    if (weather->pid > 0) {
        (void)kill(weather->pid, SIGTERM);
        (void)waitpid(weather->pid, NULL, 0);
        (void)unlink(weather->control);
    }
    if (weather->out_fd >= 0) {
        (void)close(weather->out_fd);
    }
}
