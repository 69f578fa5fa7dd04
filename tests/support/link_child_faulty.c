/*
 * A link child on a libzmq with one fault, named by its first argument:
 *
 *   deaf       the ZAP handler is not there, though its bind seemed to work
 *   nameless   messages come without their User-Id
 *   lax=N      option N is accepted and ignored
 *   blind      the kernel does not say how much a connection has received
 *   liar       the child itself says what no child of ours says
 *
 * The linker puts the functions below between the child and libzmq, so the
 * product has no switch for this.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zmq.h>

#include "tip_link_child.h"
#include "tip_process.h"

/* The linker fixes these names. NOLINTBEGIN(bugprone-reserved-identifier,
   cert-dcl37-c, cert-dcl51-cpp, readability-identifier-naming) */
int __real_zmq_bind(void *socket, const char *endpoint);
const char *__real_zmq_msg_gets(const zmq_msg_t *message, const char *name);
int __real_getsockopt(int fd, int level, int name, void *value,
                      socklen_t *size);
int __wrap_getsockopt(int fd, int level, int name, void *value,
                      socklen_t *size);
int __real_zmq_setsockopt(void *socket, int name, const void *value,
                          size_t size);
int __wrap_zmq_bind(void *socket, const char *endpoint);
const char *__wrap_zmq_msg_gets(const zmq_msg_t *message, const char *name);
int __wrap_zmq_setsockopt(void *socket, int name, const void *value,
                          size_t size);

static const char *fault = "";

int __wrap_zmq_bind(void *socket, const char *endpoint)
{
    if (strcmp(fault, "deaf") == 0 &&
        strcmp(endpoint, "inproc://zeromq.zap.01") == 0) {
        return 0;
    }
    return __real_zmq_bind(socket, endpoint);
}

const char *__wrap_zmq_msg_gets(const zmq_msg_t *message, const char *name)
{
    return strcmp(fault, "nameless") == 0 ? NULL
                                          : __real_zmq_msg_gets(message, name);
}

int __wrap_zmq_setsockopt(void *socket, int name, const void *value,
                          size_t size)
{
    if (strncmp(fault, "lax=", 4) == 0 && strtol(fault + 4, NULL, 10) == name) {
        return 0;
    }
    return __real_zmq_setsockopt(socket, name, value, size);
}

int __wrap_getsockopt(int fd, int level, int name, void *value, socklen_t *size)
{
    return strcmp(fault, "blind") == 0
               ? -1
               : __real_getsockopt(fd, level, name, value, size);
}

/* NOLINTEND(bugprone-reserved-identifier, cert-dcl37-c, cert-dcl51-cpp,
   readability-identifier-naming) */

int main(int argc, char **argv)
{
    if (argc > 1) {
        fault = argv[1];
    }
    if (strcmp(fault, "liar") == 0) {
        (void)send(TIP_PROCESS_CHILD_FD, "hello", 5, 0);
        return pause();
    }
    return tip_link_child_main(TIP_PROCESS_CHILD_FD);
}
