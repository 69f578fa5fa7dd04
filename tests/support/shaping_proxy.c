/*
 * A bad line between two programs on this machine: slow, far, stalling, broken.
 *
 *   shaping_proxy --listen PORT --to PORT [--rate-bps UP,DOWN] [--rtt-ms N]
 *                 [--cut-after BYTES] [--control SOCKET]
 *
 * Ports are on 127.0.0.1; --listen 0 takes any. The first line it prints is
 * "listening PORT". Up is from who calls to who is called. On SIGUSR1 and at
 * the end it prints "up BYTES down BYTES connections N open N".
 *
 * While it runs, a datagram to the control socket changes the line:
 *   rate UP DOWN | rtt MS | stall up | stall down | stall | resume
 *   cut            break every connection
 *   cut-after N    the same when N more bytes have gone through
 *   cut-after N up | cut-after N down    …one way
 *   down | up      break every connection and refuse new ones | stop refusing
 *   stats          print the line of SIGUSR1
 *
 * TCP's own handshake is not slowed by the kernel on loopback, so the first
 * bytes of a connection are held for one more round trip.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "shaping_pairs.h"

enum { COMMAND_BYTES_MAX = 80 };

static struct {
    int listener;
    int control;
    int signals;
    bool is_done;
    struct shaping_net net;
} proxy = {.control = -1};

static void fail(const char *what)
{
    (void)fprintf(stderr, "shaping_proxy: %s: %s\n", what, strerror(errno));
    exit(EXIT_FAILURE);
}

static void print_stats(void)
{
    unsigned open = 0;

    for (size_t i = 0; i < SHAPING_PAIRS_MAX; i++) {
        open += proxy.net.pairs[i].fds[0] >= 0;
    }
    (void)printf("up %llu down %llu connections %llu open %u\n",
                 (unsigned long long)proxy.net.lines[SHAPING_UP].bytes,
                 (unsigned long long)proxy.net.lines[SHAPING_DOWN].bytes,
                 (unsigned long long)proxy.net.connection_count, open);
    (void)fflush(stdout);
}

static void set_rtt(uint64_t ms)
{
    proxy.net.lines[SHAPING_UP].delay_us = ms * 500;
    proxy.net.lines[SHAPING_DOWN].delay_us = ms * 500;
}

static void stall(const char *way, bool is_stalled)
{
    if (strcmp(way, "down") != 0) {
        proxy.net.lines[SHAPING_UP].is_stalled = is_stalled;
    }
    if (strcmp(way, "up") != 0) {
        proxy.net.lines[SHAPING_DOWN].is_stalled = is_stalled;
    }
}

static void cut_after(uint64_t bytes, const char *way)
{
    struct shaping_net *net = &proxy.net;

    net->cut_way = strcmp(way, "up") == 0     ? SHAPING_UP
                   : strcmp(way, "down") == 0 ? SHAPING_DOWN
                                              : SHAPING_BOTH;
    net->cut_at_bytes = shaping_net_bytes(net, net->cut_way) + bytes;
}

/* Obey one command; false when it is none. */
static bool obey(const char *verb, const char *first, const char *second)
{
    uint64_t number = strtoull(first, NULL, 10);

    if (strcmp(verb, "rate") == 0) {
        proxy.net.lines[SHAPING_UP].rate_bps = number;
        proxy.net.lines[SHAPING_DOWN].rate_bps = strtoull(second, NULL, 10);
    } else if (strcmp(verb, "rtt") == 0) {
        set_rtt(number);
    } else if (strcmp(verb, "stall") == 0) {
        stall(first, true);
    } else if (strcmp(verb, "resume") == 0) {
        stall("", false);
    } else if (strcmp(verb, "cut-after") == 0) {
        cut_after(number, second);
    } else if (strcmp(verb, "cut") == 0) {
        shaping_net_break(&proxy.net);
    } else if (strcmp(verb, "down") == 0) {
        proxy.net.is_down = true;
        shaping_net_break(&proxy.net);
    } else if (strcmp(verb, "up") == 0) {
        proxy.net.is_down = false;
    } else if (strcmp(verb, "stats") == 0) {
        print_stats();
    } else {
        return false;
    }
    return true;
}

/* Cut the next word off @text; empty when there is none. */
static const char *next_word(char **text)
{
    char *word = *text + strspn(*text, " \n");
    size_t size = strcspn(word, " \n");

    *text = word[size] == '\0' ? word + size : word + size + 1;
    word[size] = '\0';
    return word;
}

static void hear_control(void)
{
    char text[COMMAND_BYTES_MAX + 1] = "";
    char *rest = text;

    if (recv(proxy.control, text, COMMAND_BYTES_MAX, MSG_DONTWAIT) > 0) {
        const char *verb = next_word(&rest);
        const char *first = next_word(&rest);

        if (!obey(verb, first, next_word(&rest))) {
            (void)fprintf(stderr, "shaping_proxy: unknown command: %s\n", verb);
        }
    }
}

static void hear_signal(void)
{
    struct signalfd_siginfo info;

    if (read(proxy.signals, &info, sizeof info) == (ssize_t)sizeof info) {
        if (info.ssi_signo == SIGUSR1) {
            print_stats();
        } else {
            proxy.is_done = true;
        }
    }
}

static void listen_on(uint16_t port)
{
    struct sockaddr_in address = shaping_net_loopback(port);
    socklen_t size = sizeof address;
    const int on = 1;

    proxy.listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    (void)setsockopt(proxy.listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(proxy.listener, (const struct sockaddr *)&address, size) != 0 ||
        listen(proxy.listener, SHAPING_PAIRS_MAX) != 0 ||
        getsockname(proxy.listener, (struct sockaddr *)&address, &size) != 0) {
        fail("--listen");
    }
    (void)printf("listening %u\n", ntohs(address.sin_port));
    (void)fflush(stdout);
}

static void open_control(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    if (strlen(path) >= sizeof address.sun_path) {
        errno = ENAMETOOLONG;
        fail("--control");
    }
    memcpy(address.sun_path, path, strlen(path) + 1);
    (void)unlink(path);
    proxy.control = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (bind(proxy.control, (const struct sockaddr *)&address,
             sizeof address) != 0) {
        fail("--control");
    }
}

static void open_signals(void)
{
    sigset_t set;

    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGUSR1);
    (void)sigaddset(&set, SIGTERM);
    (void)sigaddset(&set, SIGINT);
    (void)sigprocmask(SIG_BLOCK, &set, NULL);
    proxy.signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static int wait_ms(uint64_t next_us)
{
    uint64_t now = shaping_net_now_us();

    if (next_us == UINT64_MAX) {
        return -1;
    }
    return next_us <= now ? 0 : (int)((next_us - now + 999) / 1000);
}

static void wait_and_hear(void)
{
    struct pollfd fds[3 + 2 * SHAPING_PAIRS_MAX] = {
        {.fd = proxy.listener, .events = POLLIN},
        {.fd = proxy.control, .events = POLLIN},
        {.fd = proxy.signals, .events = POLLIN},
    };
    uint64_t next_us = UINT64_MAX;

    for (size_t i = 0; i < SHAPING_PAIRS_MAX; i++) {
        uint64_t pair_us =
            shaping_net_watch(&proxy.net, &proxy.net.pairs[i], &fds[3 + 2 * i]);

        next_us = pair_us < next_us ? pair_us : next_us;
    }
    if (poll(fds, 3 + 2 * SHAPING_PAIRS_MAX, wait_ms(next_us)) <= 0) {
        return;
    }
    if (fds[0].revents != 0) {
        shaping_net_accept(&proxy.net, proxy.listener);
    }
    if (fds[1].revents != 0) {
        hear_control();
    }
    if (fds[2].revents != 0) {
        hear_signal();
    }
}

static void run(void)
{
    size_t first = 0; /* Who gets the line first, in turn. */

    while (!proxy.is_done) {
        wait_and_hear();
        for (size_t i = 0; i < SHAPING_PAIRS_MAX; i++) {
            struct shaping_pair *pair =
                &proxy.net.pairs[(first + i) % SHAPING_PAIRS_MAX];

            if (pair->fds[0] >= 0) {
                shaping_net_move(&proxy.net, pair);
            }
        }
        first++;
        if (proxy.net.cut_at_bytes != 0 &&
            shaping_net_bytes(&proxy.net, proxy.net.cut_way) >=
                proxy.net.cut_at_bytes) {
            proxy.net.cut_at_bytes = 0;
            shaping_net_break(&proxy.net);
        }
    }
}

int main(int argc, char **argv)
{
    const char *listen_port = "0";
    const char *control = NULL;

    shaping_net_init(&proxy.net);
    for (int i = 1; i + 1 < argc; i += 2) {
        const char *name = argv[i];
        char *value = argv[i + 1];

        if (strcmp(name, "--listen") == 0) {
            listen_port = value;
        } else if (strcmp(name, "--to") == 0) {
            proxy.net.target = (uint16_t)strtoul(value, NULL, 10);
        } else if (strcmp(name, "--rate-bps") == 0) {
            char *comma = strchr(value, ',');

            (void)obey("rate", value, comma == NULL ? value : comma + 1);
        } else if (strcmp(name, "--rtt-ms") == 0) {
            (void)obey("rtt", value, "");
        } else if (strcmp(name, "--cut-after") == 0) {
            (void)obey("cut-after", value, "");
        } else if (strcmp(name, "--control") == 0) {
            control = value;
        } else {
            errno = EINVAL;
            fail(name);
        }
    }
    open_signals();
    if (control != NULL) {
        open_control(control);
    }
    listen_on((uint16_t)strtoul(listen_port, NULL, 10));
    run();
    print_stats();
    return EXIT_SUCCESS;
}
