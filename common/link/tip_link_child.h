/*
 * The other end of tip_link_zmq: the process that holds the sockets.
 *
 * It holds the ZeroMQ sockets, the CURVE key and nothing else: no store, no key
 * of the vault, no file. Whoever takes it over can drop, delay or invent
 * messages, as a bad network can; the main process believes none of them.
 */
#ifndef TIP_LINK_CHILD_H
#define TIP_LINK_CHILD_H

/**
 * Be a link child on @fd, the socket tip_link_zmq gave us, until the main
 * process goes away. A program calls this first thing in main() when its only
 * argument is "link-child", with TIP_PROCESS_CHILD_FD, and exits with the
 * result. Limits and closes the whole process: call it nowhere else.
 */
int tip_link_child_main(int fd);

#endif /* TIP_LINK_CHILD_H */
