/*
 * The loop of a daemon: commands, link, signals, time, and one flush for
 * everything that came together.
 *
 *     turn      what the link and the callers brought goes into the engine, of
 *               the link no more than 50 ms take: a caller waits for the flush
 *     gather    as long as more comes, some milliseconds at most
 *     flush     one fsync for all of it
 *     pump      what is durable is acknowledged, what is due is sent
 *     step      handlers that wait are called again: their save is durable
 *
 * A handler that saved takes a ticket and returns TIP_EAGAIN until the ticket
 * is settled: nobody hears "saved" before the disk has it.
 *
 *     if (job->ticket == 0) { err = save(…); job->ticket = tip_daemon_ticket();
 *     } return tip_daemon_settled(daemon, job->ticket);
 *
 * One thread.
 */
#ifndef TIP_DAEMON_H
#define TIP_DAEMON_H

#include <stdint.h>

#include "tip_cli.h"
#include "tip_clock.h"
#include "tip_err.h"
#include "tip_link.h"
#include "tip_loop.h"

struct tip_store_lmdb;

/** What the program does; it embeds this as its first member. */
struct tip_daemon_work {
    /** Something came over the link. */
    void (*hear)(struct tip_daemon_work *self,
                 const struct tip_link_event *event);

    /** Make durable what came since the last call. An error: all of it is
     * lost, or some of it was before this call. */
    enum tip_err (*flush)(struct tip_daemon_work *self);

    /** Acknowledge, send, do what is due by the clock. */
    enum tip_err (*pump)(struct tip_daemon_work *self);
};

/** How to run; all borrowed until close. */
struct tip_daemon_opts {
    const struct tip_clock *clock;
    struct tip_daemon_work *work;
    const struct tip_cli_program *program;
    const struct tip_cli_call *call; /* Of "serve": where the configuration
                                        comes from. */
    const struct tip_conf *conf;
    void *handlers;               /* Given to handlers as their program. */
    struct tip_link *link;        /* NULL: none. */
    int link_fd;                  /* Readable when it has something. */
    struct tip_store_lmdb *store; /* NULL: none. */
};

struct tip_daemon;

/** Listen for commands. TIP_EEXISTS: a daemon answers at that socket already.
 * Errors of the listener. Signals are blocked from here on. */
TIP_MUST_USE enum tip_err tip_daemon_open(const struct tip_daemon_opts *opts,
                                          struct tip_daemon **out_daemon);

/** Serve until SIGTERM, SIGINT or tip_daemon_stop(); flushes at the end. The
 * error of that flush. */
TIP_MUST_USE enum tip_err tip_daemon_run(struct tip_daemon *daemon);
void tip_daemon_stop(struct tip_daemon *daemon);

/** Ends all commands. Accepts NULL. */
void tip_daemon_close(struct tip_daemon *daemon);

/** Something was written into the batch that is open: its number, above 0. */
uint64_t tip_daemon_ticket(struct tip_daemon *daemon);

/** TIP_EAGAIN: not durable yet; TIP_OK: it is; else why it was lost. */
TIP_MUST_USE enum tip_err tip_daemon_settled(const struct tip_daemon *daemon,
                                             uint64_t ticket);

/** Call waiting handlers again soon although nothing came: one has more to do.
 */
void tip_daemon_again(struct tip_daemon *daemon);

/** Pump again in @ms although nothing came; replaces an earlier call. */
void tip_daemon_wake(struct tip_daemon *daemon, uint64_t ms);

/** The configuration in force: SIGHUP replaces it, so ask each time. */
const struct tip_conf *tip_daemon_conf(const struct tip_daemon *daemon);

/** Why the newest flush or pump failed; TIP_OK: it did not. */
enum tip_err tip_daemon_trouble(const struct tip_daemon *daemon);

/** Has the disk failed since open, even if the store was copied since and goes
 * on? */
bool tip_daemon_disk_failed(const struct tip_daemon *daemon);

/** Milliseconds since open. */
uint64_t tip_daemon_uptime_ms(const struct tip_daemon *daemon);

/** Write one line for the journal to standard error. No secret, nobody's name.
 */
void tip_daemon_say(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

#endif /* TIP_DAEMON_H */
