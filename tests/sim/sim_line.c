/*
 * Lines: what the engines hand to their links, and what becomes of it.
 *
 * A message takes the time its bytes take, then its delay. On the way it may be
 * lost, repeated, overtaken or changed; on a cut line it is lost. The link
 * itself knows only whether there is a connection, and learns late that there
 * is none.
 */
#include <stdlib.h>
#include <string.h>

#include "sim_line.h"
#include "sim_machine.h"
#include "sim_memory.h"
#include "sim_party.h"
#include "tip_envelope.h"

enum {
    LINK_QUEUE_MS = 2000, /* What may wait in the link's own small queue. */
    /* Kind, and of a frame's header as far as into its salt: the same bytes at
     * the same place, whatever the stamps in the body. */
    HEAD_BYTES = 16
};

/* The world a link belongs to: links carry no pointer of their own. */
struct link_owner {
    struct tip_link base; /* First member, so the cast is valid. */
    struct sim *sim;
    uint32_t party;
};

static struct link_owner owners[SIM_PARTIES];

void sim_packet_release(struct sim_packet *packet)
{
    if (packet != NULL && --packet->copies == 0) {
        free(packet);
    }
}

bool sim_line_is_open(const struct sim *sim, uint32_t party)
{
    const struct sim_line *line = &sim->offices[party].line;

    return line->up.blocked_until_ms <= sim->now_ms &&
           line->down.blocked_until_ms <= sim->now_ms;
}

/* When a message of @size that leaves now is there. */
static uint64_t arrival_ms(struct sim *sim, struct sim_line *line,
                           struct sim_way *way, size_t size)
{
    struct tip_prng *prng = &sim->streams[SIM_STREAM_LINES];
    uint64_t start =
        way->busy_until_ms > sim->now_ms ? way->busy_until_ms : sim->now_ms;
    uint64_t arrival;

    way->busy_until_ms =
        sim->weather.is_size_blind
            ? sim->now_ms
            : start + 1 + size * SIM_SECOND_MS / line->bytes_per_s;
    arrival = way->busy_until_ms + line->latency_ms +
              sim_random_between(prng, 0, line->jitter_ms);
    if (arrival < way->last_arrival_ms) {
        if (tip_prng_chance(prng, sim->weather.reorder)) {
            sim_count(sim, SIM_TOTAL_REORDERINGS);
            return arrival;
        }
        arrival = way->last_arrival_ms;
    }
    way->last_arrival_ms = arrival;
    if (arrival - sim->now_ms > 5 * SIM_SECOND_MS) {
        sim_count(sim, SIM_TOTAL_DELAYS);
    }
    return arrival;
}

void sim_line_note(struct sim *sim, const char *what, uint32_t party,
                   const struct sim_packet *packet)
{
    sim_note(sim, what, party, packet->bytes[0],
             sim->weather.is_size_blind ? 0 : packet->size);
}

/* A packet is there. */
static void arrive(struct sim *sim, const struct sim_event *event)
{
    uint32_t party = event->party;
    struct sim_packet *packet = event->packet;
    struct sim_office *office = &sim->offices[party];
    const struct sim_line *line = &office->line;
    const struct sim_way *way = packet->to_hub ? &line->up : &line->down;
    bool is_seen = packet->to_hub ? line->hub_sees_it : line->node_sees_it;

    if (packet->epoch != line->epoch || !is_seen) {
        return;
    }
    if (way->blocked_until_ms > sim->now_ms) {
        sim_count(sim, SIM_TOTAL_LOSSES);
        return;
    }
    if (packet->to_hub && sim->hub.machine.is_up) {
        sim_hub_receive(sim, party, packet);
    } else if (!packet->to_hub && office->machine.is_up) {
        sim_office_receive(sim, office, packet);
    }
}

static void dispatch(struct sim *sim, uint32_t party, struct sim_packet *packet,
                     uint64_t at_ms)
{
    packet->copies++;
    sim_queue_add(&sim->queue, (struct sim_event){.at_ms = at_ms,
                                                  .happens = arrive,
                                                  .party = party,
                                                  .packet = packet});
}

static struct sim_packet *packet_new(const struct sim_line *line, bool to_hub,
                                     struct tip_bytes message)
{
    struct sim_packet *packet = calloc(1, sizeof *packet + message.size);

    if (packet == NULL) {
        perror("tip_sim");
        exit(EXIT_FAILURE);
    }
    packet->epoch = line->epoch;
    packet->to_hub = to_hub;
    packet->size = message.size;
    memcpy(packet->bytes, message.data, message.size);
    return packet;
}

static void tamper(struct sim *sim, struct sim_packet *packet)
{
    struct tip_prng *prng = &sim->streams[SIM_STREAM_LINES];
    size_t bound = packet->size;
    uint32_t at;

    if (sim->weather.is_size_blind && bound > HEAD_BYTES) {
        bound = HEAD_BYTES;
    }
    at = tip_prng_below(prng, (uint32_t)bound);
    sim_count(sim, SIM_TOTAL_TAMPERINGS);
    packet->is_tampered = true;
    packet->bytes[at] ^= (uint8_t)(1U << tip_prng_below(prng, 8));
}

/* Put one message on the line, with what the weather does to it. */
static void transmit(struct sim *sim, uint32_t party, bool to_hub,
                     struct tip_bytes message)
{
    struct tip_prng *prng = &sim->streams[SIM_STREAM_LINES];
    struct sim_line *line = &sim->offices[party].line;
    struct sim_way *way = to_hub ? &line->up : &line->down;
    uint64_t at_ms = arrival_ms(sim, line, way, message.size);
    struct sim_packet *packet;

    if (!sim->is_healing && tip_prng_chance(prng, sim->weather.loss)) {
        sim_count(sim, SIM_TOTAL_LOSSES);
        return;
    }
    packet = packet_new(line, to_hub, message);
    if (!sim->is_healing && tip_prng_chance(prng, sim->weather.tamper)) {
        tamper(sim, packet);
    }
    dispatch(sim, party, packet, at_ms);
    if (!sim->is_healing && tip_prng_chance(prng, sim->weather.repeat)) {
        sim_count(sim, SIM_TOTAL_REPEATS);
        dispatch(sim, party, packet,
                 at_ms + sim_random_about(prng, 10 * SIM_SECOND_MS));
    }
}

/* Note the nonce of @message if it is a frame. */
static void note_nonce(struct sim *sim, uint32_t party,
                       struct tip_bytes message)
{
    struct tip_frame_header header;
    struct tip_wire_frame parts;
    struct tip_bytes frame = tip_bytes(message.data + 1, message.size - 1);

    if (message.data[0] != TIP_MESSAGE_FRAME ||
        tip_envelope_read(frame, &parts, &header) != TIP_OK) {
        return;
    }
    sim_require(sim, party, sim_nonces_add(&sim->nonces, &header, frame),
                "I19 no nonce seals two frames");
}

static enum tip_err send(struct tip_link *self, uint32_t peer,
                         struct tip_bytes message)
{
    struct link_owner *owner = (struct link_owner *)self;
    struct sim *sim = owner->sim;
    bool to_hub = owner->party != SIM_HUB;
    uint32_t party = to_hub ? owner->party : sim_party_of(peer);
    struct sim_machine *machine = sim_machine_of(sim, owner->party);
    struct sim_line *line = &sim->offices[party].line;
    struct sim_way *way = to_hub ? &line->up : &line->down;

    if (sim_machine_is_dead(machine)) {
        return TIP_OK; /* Nobody is there any more to send it. */
    }
    if (!(to_hub ? line->node_sees_it : line->hub_sees_it)) {
        return TIP_ENOTFOUND;
    }
    if (way->busy_until_ms > sim->now_ms + LINK_QUEUE_MS) {
        sim_count(sim, SIM_TOTAL_FULL_LINKS);
        machine->link_free_ms = way->busy_until_ms - LINK_QUEUE_MS;
        return TIP_EAGAIN;
    }
    note_nonce(sim, owner->party, message);
    transmit(sim, party, to_hub, message);
    return TIP_OK;
}

static void drop(struct tip_link *self, uint32_t peer)
{
    struct link_owner *owner = (struct link_owner *)self;
    bool at_hub = owner->party == SIM_HUB;
    uint32_t party = at_hub ? sim_party_of(peer) : owner->party;

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
            hub_engine_link_down(sim->hub.engine, sim_origin_of(party));
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
    if (!sim->hub.machine.is_up || !sim_line_is_open(sim, party)) {
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
    node_engine_link_up(office->engine);
    hub_engine_link_up(sim->hub.engine, sim_origin_of(party));
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
