#include "fake_link.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static void clear(struct fake_link_queue *queue)
{
    for (size_t i = 0; i < queue->count; i++) {
        free(queue->data[i]);
    }
    queue->count = 0;
}

static enum tip_err push(struct fake_link_queue *queue,
                         struct tip_bytes message)
{
    uint8_t *copy;

    if (queue->count == FAKE_LINK_QUEUE_MAX) {
        return TIP_EAGAIN;
    }
    copy = malloc(message.size);
    if (copy == NULL) {
        return TIP_ENOMEM;
    }
    memcpy(copy, message.data, message.size);
    queue->data[queue->count] = copy;
    queue->sizes[queue->count] = message.size;
    queue->count++;
    return TIP_OK;
}

/* Take the oldest message; its memory is the caller's. */
static uint8_t *pop(struct fake_link_queue *queue, size_t *out_size)
{
    uint8_t *first = queue->data[0];

    *out_size = queue->sizes[0];

    queue->count--;
    memmove(&queue->data[0], &queue->data[1],
            queue->count * sizeof queue->data[0]);
    memmove(&queue->sizes[0], &queue->sizes[1],
            queue->count * sizeof queue->sizes[0]);
    return first;
}

static void end(struct fake_link_end *end, enum tip_link_cause cause)
{
    clear(&end->inbox);
    if (end->is_up) {
        end->is_up = false;
        end->owed = cause;
    }
}

/* The line breaks: each side hears why from its own point of view. */
static void break_line(struct fake_link_line *line, enum tip_link_cause at_hub,
                       enum tip_link_cause at_node)
{
    end(&line->at_hub, at_hub);
    end(&line->at_node, at_node);
}

static struct fake_link_end *end_of(struct fake_link_port *port, uint32_t node)
{
    struct fake_link_line *line = &port->net->lines[node];

    return port->number == 0 ? &line->at_hub : &line->at_node;
}

/* The node whose line leads from @port to @peer; 0: there is none. */
static uint32_t line_to(const struct fake_link_port *port, uint32_t peer)
{
    if (port->number != 0) {
        return peer == 0 ? port->number : 0;
    }
    return peer <= FAKE_LINK_NODES_MAX ? peer : 0;
}

static enum tip_err fake_send(struct tip_link *self, uint32_t peer,
                              struct tip_bytes message)
{
    struct fake_link_port *port = (struct fake_link_port *)self;
    uint32_t node = line_to(port, peer);
    struct fake_link_line *line = &port->net->lines[node];

    assert(message.size > 0);
    if (message.size > TIP_LINK_MESSAGE_BYTES_MAX) {
        return TIP_ETOOBIG;
    }
    if (node == 0 || !end_of(port, node)->is_up) {
        return TIP_ENOTFOUND;
    }
    return push(port->number == 0 ? &line->at_node.inbox : &line->at_hub.inbox,
                message);
}

static bool take_event(struct fake_link_port *port, uint32_t node,
                       struct tip_link_event *out)
{
    struct fake_link_line *line = &port->net->lines[node];
    struct fake_link_end *here = end_of(port, node);
    bool may_come = port->number == 0 ? here->inbox.count > 0
                                      : line->is_allowed && line->has_route;

    *out = (struct tip_link_event){.peer = port->number == 0 ? node : 0};
    if (here->owed != TIP_LINK_CAUSE_NONE) {
        out->kind = TIP_LINK_DOWN;
        out->cause = here->owed;
        here->owed = TIP_LINK_CAUSE_NONE;
    } else if (!here->is_up && may_come) {
        out->kind = TIP_LINK_UP;
        here->is_up = true;
    } else if (here->is_up && here->inbox.count > 0) {
        out->kind = TIP_LINK_MESSAGE;
        port->last = pop(&here->inbox, &out->message.size);
        out->message.data = port->last;
    }
    return out->kind != TIP_LINK_NOTHING;
}

static void fake_receive(struct tip_link *self, int timeout_ms,
                         struct tip_link_event *out_event)
{
    struct fake_link_port *port = (struct fake_link_port *)self;

    (void)timeout_ms; /* Nobody else runs while we would wait. */
    free(port->last);
    port->last = NULL;
    for (uint32_t node = 1; node <= FAKE_LINK_NODES_MAX; node++) {
        if ((port->number == 0 || port->number == node) &&
            take_event(port, node, out_event)) {
            return;
        }
    }
}

static void fake_drop(struct tip_link *self, uint32_t peer)
{
    struct fake_link_port *port = (struct fake_link_port *)self;
    uint32_t node = line_to(port, peer);

    if (node != 0 && port->number == 0) {
        break_line(&port->net->lines[node], TIP_LINK_CAUSE_DROPPED,
                   TIP_LINK_CAUSE_LOST);
    } else if (node != 0) {
        break_line(&port->net->lines[node], TIP_LINK_CAUSE_LOST,
                   TIP_LINK_CAUSE_DROPPED);
    }
}

void fake_link_init(struct fake_link *net)
{
    *net = (struct fake_link){0};
    for (uint32_t i = 0; i <= FAKE_LINK_NODES_MAX; i++) {
        net->ports[i] = (struct fake_link_port){
            .base = {.send = fake_send,
                     .receive = fake_receive,
                     .drop = fake_drop},
            .net = net,
            .number = i,
        };
        net->lines[i].has_route = true;
    }
}

void fake_link_deinit(struct fake_link *net)
{
    for (uint32_t i = 0; i <= FAKE_LINK_NODES_MAX; i++) {
        free(net->ports[i].last);
        clear(&net->lines[i].at_hub.inbox);
        clear(&net->lines[i].at_node.inbox);
    }
}

struct tip_link *fake_link_port(struct fake_link *net, uint32_t number)
{
    assert(number <= FAKE_LINK_NODES_MAX);
    return &net->ports[number].base;
}

void fake_link_allow(struct fake_link *net, uint32_t number)
{
    net->lines[number].is_allowed = true;
}

void fake_link_deny(struct fake_link *net, uint32_t number)
{
    net->lines[number].is_allowed = false;
    break_line(&net->lines[number], TIP_LINK_CAUSE_DROPPED,
               TIP_LINK_CAUSE_LOST);
}

void fake_link_route(struct fake_link *net, uint32_t number, bool has_route)
{
    net->lines[number].has_route = has_route;
    if (!has_route) {
        break_line(&net->lines[number], TIP_LINK_CAUSE_LOST,
                   TIP_LINK_CAUSE_LOST);
    }
}

void fake_link_restart(struct fake_link *net, uint32_t number)
{
    for (uint32_t i = 1; i <= FAKE_LINK_NODES_MAX; i++) {
        if (number == 0) {
            break_line(&net->lines[i], TIP_LINK_CAUSE_RESTARTED,
                       TIP_LINK_CAUSE_LOST);
        } else if (number == i) {
            break_line(&net->lines[i], TIP_LINK_CAUSE_LOST,
                       TIP_LINK_CAUSE_RESTARTED);
        }
    }
}
