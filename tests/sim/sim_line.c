/*
 * Lines: what the engines hand to their links. A link knows only whether there
 * is a connection, and learns late that there is none.
 */
#include "sim_line.h"
#include "sim_absent.h"
#include "sim_liar.h"
#include "sim_machine.h"
#include "sim_party.h"
#include "sim_restored.h"
#include "tip_envelope.h"

enum {
    LINK_QUEUE_MS = 2000,   /* May wait in the link's own small queue. */
    FRAME_BYTES = 32 * 1024 /* As the design says, whatever engines believe. */
};

/* The world a link belongs to: links carry no pointer of their own. */
struct link_owner {
    struct tip_link base; /* First member, so the cast is valid. */
    struct sim *sim;
    uint32_t party;
};

static struct link_owner owners[SIM_PARTIES];

bool sim_line_is_open(const struct sim *sim, uint32_t party)
{
    const struct sim_line *line = &sim->offices[party].line;

    return !sim_absent_is(sim, party) &&
           line->up.blocked_until_ms <= sim->now_ms &&
           line->down.blocked_until_ms <= sim->now_ms;
}

/* A node sends a frame of @size again that went this way and that the hub had
 * when it was greeted: what nobody had heard of, in the first breath only. That
 * a stick has arrived it cannot know. */
static void note_resent(struct sim *sim, uint32_t party,
                        const struct tip_frame_header *header, size_t size)
{
    struct sim_line *line = &sim->offices[party].line;
    uint64_t last = header->first + header->count - 1;

    if (last <= line->known && last <= line->reached) {
        line->resent_bytes += size;
        sim_count(sim, SIM_TOTAL_RESENT);
        sim_require(sim, party, line->resent_bytes <= FRAME_BYTES,
                    "I16 after a cut no more is sent again than a frame");
    }
    line->reached = last > line->reached ? last : line->reached;
}

/* What a frame must be, if @message is one. */
static void check_frame(struct sim *sim, uint32_t party,
                        struct tip_bytes message)
{
    struct tip_frame_header header;
    struct tip_wire_frame parts;
    struct tip_bytes frame = tip_bytes(message.data + 1, message.size - 1);

    sim_require(sim, party, frame.size <= FRAME_BYTES,
                "I15 no message is longer than a frame may be");
    if (message.data[0] == TIP_MESSAGE_HELLO) {
        sim->offices[party].line.known = sim->hub.durable[party];
        sim->offices[party].line.resent_bytes = 0;
    }
    if (message.data[0] != TIP_MESSAGE_FRAME ||
        tip_envelope_read(frame, &parts, &header) != TIP_OK) {
        return;
    }
    sim_require(sim, party, sim_nonces_add(&sim->nonces, &header, frame),
                "I19 no nonce seals two frames");
    if (party != SIM_HUB && !header.is_down) { /* Else it hands it back. */
        note_resent(sim, party, &header, frame.size);
    }
}

static enum tip_err send(struct tip_link *self, uint32_t peer,
                         struct tip_bytes message)
{
    struct link_owner *owner = (struct link_owner *)self;
    struct sim *sim = owner->sim;
    bool to_hub = owner->party != SIM_HUB;
    uint32_t party =
        to_hub ? owner->party : sim_oracle_party_of(&sim->oracle, peer);
    struct sim_machine *machine = sim_machine_of(sim, owner->party);
    struct sim_line *line = &sim->offices[party].line;
    struct sim_way *way = to_hub ? &line->up : &line->down;

    if (sim_machine_is_dead(machine)) {
        return TIP_OK; /* Nobody is there any more to send it. */
    }
    if (sim_liar_is(sim, party)) {
        check_frame(sim, owner->party, message);
        sim_liar_hear(sim, message);
        return TIP_OK;
    }
    if (!(to_hub ? line->node_sees_it : line->hub_sees_it)) {
        return TIP_ENOTFOUND;
    }
    if (way->busy_until_ms > sim->now_ms + LINK_QUEUE_MS) {
        sim_count(sim, SIM_TOTAL_FULL_LINKS);
        machine->link_free_ms = way->busy_until_ms - LINK_QUEUE_MS;
        return TIP_EAGAIN;
    }
    check_frame(sim, owner->party, message);
    sim_line_transmit(sim, party, to_hub, message);
    return TIP_OK;
}

static void drop(struct tip_link *self, uint32_t peer)
{
    struct link_owner *owner = (struct link_owner *)self;
    bool at_hub = owner->party == SIM_HUB;
    uint32_t party =
        at_hub ? sim_oracle_party_of(&owner->sim->oracle, peer) : owner->party;

    sim_count(owner->sim, SIM_TOTAL_DROPS);
    sim_line_break(owner->sim, party, at_hub ? SIM_SECOND_MS : 0,
                   at_hub ? 0 : SIM_SECOND_MS);
}

void sim_line_init(struct sim *sim, uint32_t party)
{
    owners[party] = (struct link_owner){
        .base = {.send = send, .drop = drop}, .sim = sim, .party = party};
    if (party == SIM_HUB) {
        return;
    }
    sim->offices[party].line = (struct sim_line){.epoch = 0};
    sim_line_lay(sim, party);
    sim_line_redial(sim, party, SIM_SECOND_MS * party);
}

struct tip_link *sim_line_link(uint32_t party)
{
    return &owners[party].base;
}

static void hub_lost(struct sim *sim, uint32_t party)
{
    struct sim_line *line = &sim->offices[party].line;

    if (line->hub_sees_it) {
        line->hub_sees_it = false;
        if (sim->hub.machine.is_up) {
            hub_engine_link_down(sim->hub.engine, sim->oracle.links[party]);
            sim_machine_stir(sim, &sim->hub.machine);
        }
    }
}

static void node_lost(struct sim *sim, uint32_t party)
{
    struct sim_office *office = &sim->offices[party];

    if (office->line.node_sees_it) {
        office->line.node_sees_it = false;
        if (office->machine.is_up) {
            node_engine_link_down(office->engine);
            sim_machine_stir(sim, &office->machine);
        }
    }
}

/* Try to connect, if nothing else has meanwhile. */
static void connect(struct sim *sim, const struct sim_event *event)
{
    uint32_t party = event->party;
    struct sim_office *office = &sim->offices[party];
    struct sim_line *line = &office->line;

    line->connect_is_due = false;
    if (line->node_sees_it) {
        return;
    }
    if (!office->machine.is_up) {
        return; /* Boot tries again. */
    }
    if (sim_machine_is_stopped(sim, &sim->hub.machine) ||
        sim_machine_is_stopped(sim, &office->machine) ||
        !sim->hub.machine.is_up || !sim_line_is_open(sim, party)) {
        sim_line_redial(sim, party,
                        sim_random_between(&sim->streams[SIM_STREAM_LINES],
                                           SIM_MINUTE_MS, 10 * SIM_MINUTE_MS));
        return;
    }
    hub_lost(sim, party); /* A new connection tells it of the old one. */
    line->epoch++;
    line->node_sees_it = true;
    line->hub_sees_it = true;
    line->up.busy_until_ms = line->up.last_arrival_ms = sim->now_ms;
    line->down.busy_until_ms = line->down.last_arrival_ms = sim->now_ms;
    sim_count(sim, SIM_TOTAL_RECONNECTIONS);
    sim_note(sim, "connected", party, line->epoch, 0);
    sim_restored_connected(sim, party);
    node_engine_link_up(office->engine);
    hub_engine_link_up(sim->hub.engine, sim->oracle.links[party]);
    sim_machine_stir(sim, &office->machine);
    sim_machine_stir(sim, &sim->hub.machine);
}

void sim_line_redial(struct sim *sim, uint32_t party, uint64_t delay_ms)
{
    struct sim_line *line = &sim->offices[party].line;

    if (!line->connect_is_due) {
        line->connect_is_due = true;
        sim_later(sim, delay_ms, connect, party, 0);
    }
}

/* One end sees that a connection is dead; the event's number says which end and
 * which connection. */
static void lost(struct sim *sim, const struct sim_event *event)
{
    uint32_t party = event->party;
    bool at_hub = (event->number & 1) != 0;
    uint32_t epoch = (uint32_t)(event->number >> 1);
    struct sim_line *line = &sim->offices[party].line;

    if (epoch != line->epoch) {
        return; /* That connection is history. */
    }
    if (sim_machine_puts_off(sim, sim_machine_of(sim, at_hub ? SIM_HUB : party),
                             event)) {
        return;
    }
    sim_note(sim, at_hub ? "hub lost line" : "lost line", party, epoch, 0);
    if (at_hub) {
        hub_lost(sim, party);
    } else {
        node_lost(sim, party);
        sim_line_redial(sim, party,
                        sim_random_between(&sim->streams[SIM_STREAM_LINES],
                                           2 * SIM_SECOND_MS,
                                           30 * SIM_SECOND_MS));
    }
}

void sim_line_break(struct sim *sim, uint32_t party, uint64_t node_ms,
                    uint64_t hub_ms)
{
    uint32_t epoch = sim->offices[party].line.epoch;

    sim_later(sim, node_ms, lost, party, (uint64_t)epoch << 1);
    sim_later(sim, hub_ms, lost, party, (uint64_t)epoch << 1 | 1);
}
