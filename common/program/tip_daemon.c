#include "tip_daemon.h"

#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tip_cli_main.h"
#include "tip_conf.h"
#include "tip_control_listener.h"
#include "tip_notify.h"
#include "tip_signals.h"
#include "tip_store_lmdb.h"

enum {
    GATHER_MS = 4, /* Shorter than the fsync it saves. */
    GATHER_TURNS_MAX = 256,
    EVENTS_MAX = 256, /* Of the link in one turn: callers get theirs… */
    HEAR_MS = 50,     /* …and of one batch: they wait until it is durable. */
    TICK_MS = 1000,
    TEND_MS = 60 * 1000,
    HEAL_MS = 60 * 1000, /* A copy of the store is no small thing. */
    RESULTS_MAX = 64
};

struct tip_daemon {
    struct tip_daemon_opts opts;
    struct tip_loop *loop;
    struct tip_control_listener *listener;
    struct tip_control_service service;
    int signal_fd;
    struct tip_loop_timer tick;
    struct tip_loop_timer alarm; /* Only to end the wait for something. */
    struct tip_conf conf; /* In force; what was read again replaces it. */
    bool conf_is_own;
    uint64_t opened_ms;
    uint64_t tended_ms;
    uint64_t healed_ms;  /* When it was last tried; 0: never. */
    uint64_t batch;      /* Number of the open one. */
    uint64_t hearing_ms; /* Went into hearing the link for it. */
    bool has_moved;      /* This turn brought something to write. */
    bool is_due;         /* The open batch has something in it. */
    bool is_wanted;      /* A handler has more to do. */
    bool is_stopping;
    enum tip_err results[RESULTS_MAX]; /* Of the newest batches. */
    enum tip_err trouble;
    bool disk_failed; /* At any time. */
};

void tip_daemon_say(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    (void)vfprintf(stderr, format, args);
    va_end(args);
    (void)fputc('\n', stderr);
}

static uint64_t elapsed_ms(const struct tip_daemon *daemon)
{
    return daemon->opts.clock->elapsed_ms(daemon->opts.clock);
}

static void link_ready(void *context, int fd, short events)
{
    struct tip_daemon *daemon = context;
    const uint64_t start = elapsed_ms(daemon) - daemon->hearing_ms;
    struct tip_link_event event;

    (void)fd;
    (void)events;
    for (int i = 0; i < EVENTS_MAX && daemon->hearing_ms < HEAR_MS; i++) {
        tip_link_receive(daemon->opts.link, 0, &event);
        if (event.kind == TIP_LINK_NOTHING) {
            return;
        }
        daemon->opts.work->hear(daemon->opts.work, &event);
        daemon->hearing_ms = elapsed_ms(daemon) - start;
        daemon->has_moved = true;
        daemon->is_due = true;
    }
}

/* Take the file again; what is wrong in it changes nothing. */
static void reload(struct tip_daemon *daemon)
{
    struct tip_conf fresh;
    enum tip_err err;

    tip_conf_init(&fresh, daemon->opts.program->conf);
    err = tip_cli_conf_load(daemon->opts.program, daemon->opts.call, &fresh);
    if (err != TIP_OK) {
        tip_daemon_say("configuration not taken: %s\n%s", tip_err_text(err),
                       fresh.problems);
        tip_conf_deinit(&fresh);
        return;
    }
    if (daemon->conf_is_own) {
        tip_conf_deinit(&daemon->conf);
    }
    daemon->conf = fresh;
    daemon->conf_is_own = true;
    tip_daemon_say("configuration read again; addresses, folders and sizes "
                   "count from the next start");
}

static void signal_ready(void *context, int fd, short events)
{
    struct tip_daemon *daemon = context;
    enum tip_signal signal;

    (void)events;
    while ((signal = tip_signals_next(fd)) != TIP_SIGNAL_NONE) {
        if (signal == TIP_SIGNAL_STOP) {
            daemon->is_stopping = true;
        } else if (signal == TIP_SIGNAL_RELOAD) {
            reload(daemon);
        }
    }
}

static void tick(void *context)
{
    struct tip_daemon *daemon = context;
    uint64_t now = elapsed_ms(daemon);

    tip_notify_watchdog();
    if (daemon->opts.store != NULL && !daemon->is_due &&
        now - daemon->tended_ms >= TEND_MS) {
        enum tip_err err = tip_store_lmdb_tend(daemon->opts.store);

        daemon->tended_ms = now;
        if (err != TIP_OK) {
            daemon->trouble = err;
        }
    }
    tip_loop_timer_set(daemon->loop, &daemon->tick, TICK_MS, tick, daemon);
}

static enum tip_err watch_all(struct tip_daemon *daemon)
{
    enum tip_err err = tip_signals_open(&daemon->signal_fd);

    if (err == TIP_OK) {
        err = tip_loop_watch(daemon->loop, daemon->signal_fd, POLLIN,
                             signal_ready, daemon);
    }
    if (err == TIP_OK && daemon->opts.link != NULL) {
        err = tip_loop_watch(daemon->loop, daemon->opts.link_fd, POLLIN,
                             link_ready, daemon);
    }
    tip_loop_timer_set(daemon->loop, &daemon->tick, TICK_MS, tick, daemon);
    return err;
}

static enum tip_err listen_for_commands(struct tip_daemon *daemon)
{
    const struct tip_cli_program *program = daemon->opts.program;

    daemon->service = (struct tip_control_service){program, &daemon->conf,
                                                   daemon->opts.handlers};
    return tip_control_listener_open(
        daemon->loop, tip_conf_text(&daemon->conf, program->conf_key_socket),
        &daemon->service, &daemon->listener);
}

enum tip_err tip_daemon_open(const struct tip_daemon_opts *opts,
                             struct tip_daemon **out_daemon)
{
    struct tip_daemon *daemon = calloc(1, sizeof *daemon);
    enum tip_err err;

    if (daemon == NULL) {
        return TIP_ENOMEM;
    }
    daemon->opts = *opts;
    daemon->conf = *opts->conf; /* Its memory stays the caller's. */
    daemon->signal_fd = -1;
    daemon->batch = 1;
    daemon->opened_ms = elapsed_ms(daemon);
    daemon->loop = tip_loop_new(opts->clock);
    err = daemon->loop == NULL ? TIP_ENOMEM : watch_all(daemon);
    if (err == TIP_OK) {
        err = listen_for_commands(daemon);
    }
    if (err != TIP_OK) {
        tip_daemon_close(daemon);
        return err;
    }
    *out_daemon = daemon;
    return TIP_OK;
}

void tip_daemon_close(struct tip_daemon *daemon)
{
    if (daemon == NULL) {
        return;
    }
    tip_control_listener_close(daemon->listener);
    tip_loop_free(daemon->loop);
    if (daemon->signal_fd >= 0) {
        (void)close(daemon->signal_fd);
    }
    if (daemon->conf_is_own) {
        tip_conf_deinit(&daemon->conf);
    }
    free(daemon);
}

/* Let what is on its way into the batch that is open. */
static void gather(struct tip_daemon *daemon)
{
    uint64_t until = elapsed_ms(daemon) + GATHER_MS;

    for (int i = 0; i < GATHER_TURNS_MAX && daemon->has_moved; i++) {
        daemon->has_moved = false;
        tip_loop_turn(daemon->loop, 0);
        if (elapsed_ms(daemon) >= until) {
            return;
        }
    }
}

static void note_trouble(struct tip_daemon *daemon, enum tip_err err)
{
    if (err != daemon->trouble && err != TIP_OK) {
        tip_daemon_say("%s (%s)", tip_err_text(err), tip_err_name(err));
    }
    daemon->trouble = err;
}

/* An fsync failed, so the store takes no more writes. Copy it to blocks that
 * are sound, unless that was tried a moment ago. */
static void heal(struct tip_daemon *daemon)
{
    uint64_t now = elapsed_ms(daemon);
    enum tip_err err;

    if (daemon->opts.store == NULL ||
        (daemon->healed_ms != 0 && now - daemon->healed_ms < HEAL_MS)) {
        return;
    }
    daemon->healed_ms = now;
    /* The engine looked at what is left of its batch; that must end first. */
    err = daemon->opts.work->flush(daemon->opts.work);
    if (err == TIP_OK) {
        err = tip_store_lmdb_recover(daemon->opts.store);
    }
    if (err == TIP_OK) {
        tip_daemon_say("the store was copied to a new file and goes on; "
                       "change the disk soon");
    } else {
        tip_daemon_say("the store could not be copied: %s", tip_err_text(err));
    }
}

/* End the batch. Also when nothing was written: an engine may hold a reader
 * open for a handler that looked at something. */
static enum tip_err settle(struct tip_daemon *daemon)
{
    struct tip_daemon_work *work = daemon->opts.work;
    enum tip_err err = work->flush(work);
    enum tip_err pumped;

    daemon->results[daemon->batch % RESULTS_MAX] = err;
    daemon->batch++;
    daemon->hearing_ms = 0;
    daemon->is_due = false;
    daemon->is_wanted = false;
    pumped = work->pump(work);
    note_trouble(daemon, err == TIP_OK ? pumped : err);
    if (daemon->trouble == TIP_ESTORE_FAILED) {
        daemon->disk_failed = true;
        heal(daemon);
    }
    tip_control_listener_step(daemon->listener);
    return err;
}

enum tip_err tip_daemon_run(struct tip_daemon *daemon)
{
    tip_notify_ready();
    while (!daemon->is_stopping) {
        bool is_busy = daemon->is_due || daemon->is_wanted;

        tip_loop_turn(daemon->loop, is_busy ? 0 : -1);
        gather(daemon);
        (void)settle(daemon);
    }
    tip_notify_stopping();
    tip_daemon_say("stopping");
    return settle(daemon);
}

void tip_daemon_stop(struct tip_daemon *daemon)
{
    daemon->is_stopping = true;
}

uint64_t tip_daemon_ticket(struct tip_daemon *daemon)
{
    daemon->is_due = true;
    daemon->has_moved = true;
    return daemon->batch;
}

enum tip_err tip_daemon_settled(const struct tip_daemon *daemon,
                                uint64_t ticket)
{
    if (ticket >= daemon->batch) {
        return TIP_EAGAIN;
    }
    /* A handler is called after every batch; one that slept through so many
     * does not know, and says so. */
    return daemon->batch - ticket > RESULTS_MAX
               ? TIP_EDAEMON_LOST
               : daemon->results[ticket % RESULTS_MAX];
}

void tip_daemon_again(struct tip_daemon *daemon)
{
    daemon->is_wanted = true;
}

/* Every turn ends with a pump. */
static void ring(void *context)
{
    (void)context;
}

void tip_daemon_wake(struct tip_daemon *daemon, uint64_t ms)
{
    tip_loop_timer_set(daemon->loop, &daemon->alarm, ms, ring, NULL);
}

const struct tip_conf *tip_daemon_conf(const struct tip_daemon *daemon)
{
    return &daemon->conf;
}

enum tip_err tip_daemon_trouble(const struct tip_daemon *daemon)
{
    return daemon->trouble;
}

bool tip_daemon_disk_failed(const struct tip_daemon *daemon)
{
    return daemon->disk_failed;
}

uint64_t tip_daemon_uptime_ms(const struct tip_daemon *daemon)
{
    return elapsed_ms(daemon) - daemon->opened_ms;
}
