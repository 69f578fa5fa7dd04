#include "tip_notify.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { STATUS_BYTES_MAX = 256 }; /* One line on a terminal, in any script. */

static void send_to(const char *path, const char *text)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t size = strlen(path);
    socklen_t address_size;
    int fd;

    if (size < 2 || size >= sizeof address.sun_path) {
        return;
    }
    memcpy(address.sun_path, path, size);
    if (path[0] == '@') { /* systemd's way to write an abstract name. */
        address.sun_path[0] = '\0';
    }
    address_size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + size);
    fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd >= 0) {
        (void)sendto(fd, text, strlen(text), MSG_NOSIGNAL | MSG_DONTWAIT,
                     (const struct sockaddr *)&address, address_size);
        (void)close(fd);
    }
}

static void notify(const char *text)
{
    const char *path = secure_getenv("NOTIFY_SOCKET");

    if (path != NULL && (path[0] == '/' || path[0] == '@')) {
        send_to(path, text);
    }
}

void tip_notify_ready(void)
{
    notify("READY=1");
}

void tip_notify_stopping(void)
{
    notify("STOPPING=1");
}

void tip_notify_watchdog(void)
{
    notify("WATCHDOG=1");
}

void tip_notify_status(const char *text)
{
    char line[STATUS_BYTES_MAX];

    (void)snprintf(line, sizeof line, "STATUS=%s", text);
    for (char *at = line; *at != '\0'; at++) {
        if (*at == '\n') { /* A second line would be read as a command. */
            *at = ' ';
        }
    }
    notify(line);
}

/* The environment variable @name as a whole number; 0 when it is not one. */
static uint64_t number(const char *name)
{
    const char *text = secure_getenv(name);
    char *end = NULL;
    unsigned long long value;

    if (text == NULL || text[0] < '0' || text[0] > '9') {
        return 0;
    }
    errno = 0;
    value = strtoull(text, &end, 10);
    return errno == 0 && *end == '\0' ? value : 0;
}

uint64_t tip_notify_watchdog_ms(void)
{
    uint64_t pid = number("WATCHDOG_PID");

    /* Inherited by a child of ours, the variables mean its parent. */
    if (pid != 0 && pid != (uint64_t)getpid()) {
        return 0;
    }
    return number("WATCHDOG_USEC") / 1000;
}
