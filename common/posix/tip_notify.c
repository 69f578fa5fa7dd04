#include "tip_notify.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

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
