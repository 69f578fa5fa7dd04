/*
 * What becomes of a message.
 *
 * It takes the time its bytes take, then its delay. On the way it may be lost,
 * repeated, overtaken or changed; on a cut line it is lost.
 */
#include <stdlib.h>
#include <string.h>

#include "sim_absent.h"
#include "sim_line.h"
#include "sim_machine.h"
#include "sim_party.h"

enum {
    /* Kind, and of a frame's header as far as into its salt: the same bytes at
     * the same place, whatever the stamps in the body. */
    HEAD_BYTES = 16,
    SHORT_BYTES = 1200, /* What fits one packet of a network, about. */
    GARBAGE_BYTES_MAX = 200
};

void sim_packet_release(struct sim_packet *packet)
{
    if (packet != NULL && --packet->copies == 0) {
        free(packet);
    }
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
    if (sim_machine_puts_off(
            sim, packet->to_hub ? &sim->hub.machine : &office->machine,
            event)) {
        return;
    }
    if (way->blocked_until_ms > sim->now_ms || sim_absent_is(sim, party)) {
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

struct sim_packet *sim_packet_new(const struct sim_line *line, bool to_hub,
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

/* Instead of what was sent, something else comes: another program answers. */
static struct sim_packet *garbage_new(struct sim *sim, uint32_t party,
                                      bool to_hub)
{
    struct tip_prng *prng = &sim->streams[SIM_STREAM_LINES];
    uint8_t bytes[GARBAGE_BYTES_MAX] = {0};
    uint32_t size = 1 + tip_prng_below(prng, GARBAGE_BYTES_MAX);
    struct sim_packet *packet;

    for (uint32_t i = 0; i < size; i++) {
        bytes[i] = (uint8_t)tip_prng_next(prng);
    }
    if (tip_prng_chance(prng, 50)) {
        bytes[0] = (uint8_t)(bytes[0] % (TIP_MESSAGE_BYE + 1));
    }
    sim_count(sim, SIM_TOTAL_GARBAGE);
    packet = sim_packet_new(&sim->offices[party].line, to_hub,
                            tip_bytes(bytes, size));
    packet->is_tampered = true;
    return packet;
}

/* Is the message lost on the way? */
static bool is_lost(struct sim *sim, const struct sim_line *line, size_t size)
{
    if (sim->is_healing) {
        return false;
    }
    if (size > SHORT_BYTES && line->short_until_ms > sim->now_ms) {
        sim_count(sim, SIM_TOTAL_BLACK_HOLES);
        return true;
    }
    if (tip_prng_chance(&sim->streams[SIM_STREAM_LINES], sim->weather.loss)) {
        sim_count(sim, SIM_TOTAL_LOSSES);
        return true;
    }
    return false;
}

void sim_line_transmit(struct sim *sim, uint32_t party, bool to_hub,
                       struct tip_bytes message)
{
    struct tip_prng *prng = &sim->streams[SIM_STREAM_LINES];
    struct sim_line *line = &sim->offices[party].line;
    struct sim_way *way = to_hub ? &line->up : &line->down;
    uint64_t at_ms = arrival_ms(sim, line, way, message.size);
    struct sim_packet *packet;

    if (is_lost(sim, line, message.size)) {
        return;
    }
    if (!sim->is_healing && tip_prng_chance(prng, sim->weather.garbage)) {
        dispatch(sim, party, garbage_new(sim, party, to_hub), at_ms);
        return;
    }
    packet = sim_packet_new(line, to_hub, message);
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
