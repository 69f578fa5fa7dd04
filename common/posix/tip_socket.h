/*
 * Unix stream sockets between a daemon and its command line.
 *
 * The kernel tells who is at the other end, so the author of a change is the
 * Unix account that made it, not what somebody typed.
 */
#ifndef TIP_SOCKET_H
#define TIP_SOCKET_H

#include <sys/types.h>

#include "tip_err.h"

enum { TIP_SOCKET_NAME_SIZE = 65 }; /* An account's name and the terminator. */

/** Who is at the other end. Plain data. */
struct tip_socket_peer {
    uid_t uid;
    gid_t gid;
    pid_t pid;
    char name[TIP_SOCKET_NAME_SIZE]; /* "#1000" when the account is gone. */
};

/**
 * Listen at @path, for the owner and the group of the process (mode 0660). A
 * socket left behind by a dead daemon is replaced. TIP_EEXISTS: a live daemon
 * answers there, or something that is no socket has that name. The descriptor
 * does not block and is the caller's.
 */
TIP_MUST_USE enum tip_err tip_socket_listen(const char *path, int *out_fd);

/** Take one caller; TIP_EAGAIN when nobody waits. @out_fd does not block. */
TIP_MUST_USE enum tip_err tip_socket_accept(int listener, int *out_fd,
                                            struct tip_socket_peer *out_peer);

/**
 * Call the daemon at @path; the descriptor blocks. TIP_ENOTRUNNING: nobody
 * listens there. TIP_EACCESS: this account may not.
 */
TIP_MUST_USE enum tip_err tip_socket_connect(const char *path, int *out_fd);

#endif /* TIP_SOCKET_H */
