#include "tip_socket.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "tip_file.h"

enum {
    BACKLOG = 16,           /* People at one office. */
    PASSWD_BYTES_MAX = 4096 /* A line of passwd(5), from any directory. */
};

static enum tip_err make_address(const char *path, struct sockaddr_un *out)
{
    size_t size = strlen(path);

    *out = (struct sockaddr_un){.sun_family = AF_UNIX};
    if (size == 0 || size >= sizeof out->sun_path) {
        return TIP_EINVAL;
    }
    memcpy(out->sun_path, path, size);
    return TIP_OK;
}

enum tip_err tip_socket_connect(const char *path, int *out_fd)
{
    struct sockaddr_un address;
    enum tip_err err = make_address(path, &address);
    int fd;

    if (err != TIP_OK) {
        return err;
    }
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return tip_file_err(errno);
    }
    if (connect(fd, (const struct sockaddr *)&address, sizeof address) != 0) {
        err = errno == ECONNREFUSED || errno == ENOENT ? TIP_ENOTRUNNING
                                                       : tip_file_err(errno);
        (void)close(fd);
        return err;
    }
    *out_fd = fd;
    return TIP_OK;
}

/* Remove the socket of a daemon that is no more, and nothing else. */
static enum tip_err clear_path(const char *path)
{
    struct stat st;
    int fd = -1;

    if (lstat(path, &st) != 0) {
        return errno == ENOENT ? TIP_OK : tip_file_err(errno);
    }
    if (!S_ISSOCK(st.st_mode)) {
        return TIP_EEXISTS;
    }
    if (tip_socket_connect(path, &fd) != TIP_ENOTRUNNING) {
        if (fd >= 0) {
            (void)close(fd);
        }
        return TIP_EEXISTS;
    }
    return unlink(path) == 0 || errno == ENOENT ? TIP_OK : tip_file_err(errno);
}

enum tip_err tip_socket_listen(const char *path, int *out_fd)
{
    struct sockaddr_un address;
    enum tip_err err = make_address(path, &address);
    int fd;

    if (err == TIP_OK) {
        err = clear_path(path);
    }
    if (err != TIP_OK) {
        return err;
    }
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) {
        return tip_file_err(errno);
    }
    if (bind(fd, (const struct sockaddr *)&address, sizeof address) != 0 ||
        chmod(path, S_IRUSR | S_IWUSR | S_IRGRP | S_IWGRP) != 0 ||
        listen(fd, BACKLOG) != 0) {
        err = errno == EADDRINUSE ? TIP_EEXISTS : tip_file_err(errno);
        (void)close(fd);
        return err;
    }
    *out_fd = fd;
    return TIP_OK;
}

static void name_account(struct tip_socket_peer *peer)
{
    char buffer[PASSWD_BYTES_MAX];
    struct passwd entry;
    struct passwd *found = NULL;

    if (getpwuid_r(peer->uid, &entry, buffer, sizeof buffer, &found) == 0 &&
        found != NULL && strlen(found->pw_name) < sizeof peer->name) {
        memcpy(peer->name, found->pw_name, strlen(found->pw_name) + 1);
        return;
    }
    (void)snprintf(peer->name, sizeof peer->name, "#%lu",
                   (unsigned long)peer->uid);
}

enum tip_err tip_socket_accept(int listener, int *out_fd,
                               struct tip_socket_peer *out_peer)
{
    struct ucred who;
    socklen_t size = sizeof who;
    int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

    if (fd < 0) {
        return errno == EAGAIN || errno == EINTR || errno == ECONNABORTED
                   ? TIP_EAGAIN
                   : tip_file_err(errno);
    }
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &size) != 0) {
        (void)close(fd);
        return TIP_EIO;
    }
    *out_peer = (struct tip_socket_peer){
        .uid = who.uid, .gid = who.gid, .pid = who.pid};
    name_account(out_peer);
    *out_fd = fd;
    return TIP_OK;
}
