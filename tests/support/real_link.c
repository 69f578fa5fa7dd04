#include "real_link.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#include "tip_clock_posix.h"

void real_link_make_keys(struct real_link_keys *out_keys)
{
    char public_text[41];
    char secret_text[41];
    int rc = zmq_curve_keypair(public_text, secret_text);

    assert(rc == 0);
    (void)rc;
    (void)zmq_z85_decode(out_keys->public_key, public_text);
    (void)zmq_z85_decode(out_keys->secret_key, secret_text);
}

static struct tip_clock machine;

static uint64_t now_ms(const struct tip_clock *self)
{
    return machine.now_ms(&machine) +
           ((const struct real_link_clock *)self)->ahead_ms;
}

static uint64_t elapsed_ms(const struct tip_clock *self)
{
    return machine.elapsed_ms(&machine) +
           ((const struct real_link_clock *)self)->ahead_ms;
}

uint64_t real_link_ms(const struct real_link *net)
{
    return net->clock.base.elapsed_ms(&net->clock.base);
}

static struct tip_link_zmq_opts make_opts(struct real_link *net,
                                          uint32_t number)
{
    static char name[] = "link-child";
    static char *const argv[] = {name, NULL};

    return (struct tip_link_zmq_opts){
        .clock = &net->clock.base,
        .public_key = net->keys[number].public_key,
        .secret_key = net->keys[number].secret_key,
        .endpoint_count = 1,
        .reconnect_ms_min = 50,
        .reconnect_ms_max = 400,
        .heartbeat_ms = net->heartbeat_ms,
        .child_path = TIP_LINK_CHILD,
        .child_argv = argv,
    };
}

enum tip_err real_link_open(struct real_link *net, const char *fault)
{
    static char name[] = "link-child";
    static char word[32];
    static char *const argv[] = {name, word, NULL};
    struct tip_link_zmq_opts opts;

    *net = (struct real_link){0};
    net->heartbeat_ms = 1000;
    tip_clock_posix_init(&machine);
    net->clock.base =
        (struct tip_clock){.now_ms = now_ms, .elapsed_ms = elapsed_ms};
    for (uint32_t i = 0; i <= REAL_LINK_NODES_MAX; i++) {
        real_link_make_keys(&net->keys[i]);
    }
    opts = make_opts(net, 0);
    opts.role = TIP_LINK_HUB;
    opts.endpoints[0] = "tcp://127.0.0.1:*";
    if (fault != NULL) {
        (void)snprintf(word, sizeof word, "%s", fault);
        opts.child_path = TIP_LINK_CHILD_FAULTY;
        opts.child_argv = argv;
    }
    return tip_link_zmq_open(&opts, &net->links[0]);
}

enum tip_err real_link_listen(struct real_link *net, uint16_t listen_port,
                              struct tip_link_zmq **out_link)
{
    struct tip_link_zmq_opts opts = make_opts(net, 0);
    char endpoint[48];

    (void)snprintf(endpoint, sizeof endpoint, "tcp://127.0.0.1:%u",
                   listen_port);
    opts.role = TIP_LINK_HUB;
    opts.endpoints[0] = endpoint;
    return tip_link_zmq_open(&opts, out_link);
}

void real_link_close(struct real_link *net)
{
    for (uint32_t i = 0; i <= REAL_LINK_NODES_MAX; i++) {
        tip_link_zmq_close(net->links[i]);
        net->links[i] = NULL;
    }
}

enum tip_err real_link_start(struct real_link *net, uint32_t number)
{
    struct tip_link_zmq_opts opts = make_opts(net, number);
    struct tip_link_zmq_status status;
    char endpoint[48];

    tip_link_zmq_status(net->links[0], &status);
    (void)snprintf(endpoint, sizeof endpoint, "tcp://127.0.0.1:%u",
                   net->node_port != 0 ? net->node_port : status.port);
    opts.role = TIP_LINK_NODE;
    opts.endpoints[0] = endpoint;
    opts.hub_key = net->keys[0].public_key;
    return tip_link_zmq_open(&opts, &net->links[number]);
}

enum tip_err real_link_allow(struct real_link *net, uint32_t number)
{
    return tip_link_zmq_allow(net->links[0], number,
                              net->keys[number].public_key);
}

struct tip_link *real_link_port(struct real_link *net, uint32_t number)
{
    return tip_link_zmq_base(net->links[number]);
}

pid_t real_link_pid(const struct real_link *net, uint32_t number)
{
    struct tip_link_zmq_status status;

    tip_link_zmq_status(net->links[number], &status);
    return status.child_pid;
}

bool real_link_await(struct real_link *net, uint32_t number,
                     enum tip_link_event_kind kind,
                     struct tip_link_event *out_event)
{
    uint64_t end_ms = real_link_ms(net) + REAL_LINK_WAIT_MS;

    while (real_link_ms(net) < end_ms) {
        tip_link_receive(real_link_port(net, number), 50, out_event);
        if (out_event->kind == kind) {
            return true;
        }
    }
    return false;
}

long real_link_rss_kib(pid_t pid)
{
    char line[128];
    long kib = 0;
    FILE *file;

    (void)snprintf(line, sizeof line, "/proc/%d/status", (int)pid);
    file = fopen(line, "re");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, "RssAnon:", 8) == 0) {
            kib = strtol(line + 8, NULL, 10);
        }
    }
    if (file != NULL) {
        (void)fclose(file);
    }
    return kib;
}
