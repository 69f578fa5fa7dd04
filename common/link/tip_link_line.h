/*
 * The line from the main process to its link child: process, socket, alarm.
 *
 * Knows packets, not what is in them.
 */
#ifndef TIP_LINK_LINE_H
#define TIP_LINK_LINE_H

#include <sys/types.h>

#include "tip_link_talk.h"

/** Caller-allocated. */
struct tip_link_line {
    int fd;       /* To the child; -1 while there is none. */
    pid_t pid;    /* The child; 0 while there is none. */
    int wake_fd;  /* Readable when there is something to do; see below. */
    int alarm_fd; /* Its alarm clock. */
    uint8_t packet[TIP_LINK_TALK_BYTES_MAX]; /* The last one received. */
};

/** Prepare a line without a child. TIP_ENOMEM, TIP_EIO. */
TIP_MUST_USE enum tip_err tip_link_line_open(struct tip_link_line *line);

/** End the child and release everything. */
void tip_link_line_close(struct tip_link_line *line);

/** Start a child of program @path with @argv, see tip_process_spawn(). */
TIP_MUST_USE enum tip_err tip_link_line_start(struct tip_link_line *line,
                                              const char *path,
                                              char *const argv[]);

/** Kill the child, if there is one, and wait until it is gone. */
void tip_link_line_stop(struct tip_link_line *line);

/** Send one packet. TIP_EAGAIN: no room now. TIP_EIO: the child is gone. */
TIP_MUST_USE enum tip_err tip_link_line_put(struct tip_link_line *line,
                                            struct tip_bytes packet);

/** Take one packet, borrowed until the next call. TIP_EAGAIN: none now.
 * TIP_EIO: the child is gone. TIP_EMALFORMED: larger than any of ours. */
TIP_MUST_USE enum tip_err tip_link_line_get(struct tip_link_line *line,
                                            struct tip_bytes *out_packet);

/** Make wake_fd readable in @delay_ms, at once for 0, or when a packet comes;
 * replaces the alarm set before. */
void tip_link_line_alarm(struct tip_link_line *line, uint64_t delay_ms);

/** Wait until wake_fd is readable, @timeout_ms at most. */
void tip_link_line_wait(struct tip_link_line *line, int timeout_ms);

#endif /* TIP_LINK_LINE_H */
