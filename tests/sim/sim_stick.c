/*
 * Sticks: an office that has no line writes its frames into a file, which
 * somebody carries to the hub; days later, perhaps twice, perhaps a newer one
 * first. What the hub has for the office goes back the same way. On the way a
 * byte may change: then nothing of the file is taken.
 */
#include "sim_bundle.h"
#include "sim_faults.h"
#include "sim_frames.h"
#include "sim_liar.h"
#include "sim_line.h"
#include "sim_machine.h"
#include "sim_party.h"
#include "sim_retired.h"

enum {
    TWICE = 30,  /* Percent of the sticks that are read twice… */
    SPOILT = 10, /* …or of which a bad copy comes too… */
    ALL = 15,    /* …that have all frames, from the first… */
    PULLED = 10  /* …or after which the power goes at once. */
};

#define WAY_MS    (18 * SIM_HOUR_MS)
#define ANSWER_MS (6 * SIM_HOUR_MS)
#define WAIT_MS   SIM_HOUR_MS

/* What is being written, and for or by whom. */
static struct {
    uint32_t party;
    bool is_written;
    struct sim_bundle bundle;
} job;

static struct tip_prng *prng_of(struct sim *sim)
{
    return &sim->streams[SIM_STREAM_LINES];
}

/* Come again later if @machine is not there, or the office is away. */
static bool puts_off(struct sim *sim, const struct sim_machine *machine,
                     const struct sim_event *event)
{
    struct sim_event again = *event;

    if (sim_machine_is_there(sim, machine) && !sim->hub.is_recovering &&
        sim->absent.party != event->party) {
        return false;
    }
    if (again.packet != NULL) {
        again.packet->copies++;
    }
    again.at_ms = sim->now_ms + WAIT_MS;
    sim_queue_add(&sim->queue, again);
    return true;
}

/* Somebody carries @packet, which is owned by who sends it. */
static void carry(struct sim *sim, sim_happening *arrive,
                  struct sim_packet *packet)
{
    packet->copies++;
    sim_queue_add(
        &sim->queue,
        (struct sim_event){.at_ms = sim->now_ms + SIM_HOUR_MS +
                                    sim_random_about(prng_of(sim), WAY_MS),
                           .happens = arrive,
                           .party = job.party,
                           .packet = packet});
}

/* Carry what was written, and what becomes of it. */
static void carry_all(struct sim *sim, bool to_hub, sim_happening *arrive)
{
    const struct sim_line *line = &sim->offices[job.party].line;
    struct tip_prng *prng = prng_of(sim);
    struct tip_bytes file = tip_bytes(job.bundle.bytes, job.bundle.buf.size);
    struct sim_packet *packet = sim_packet_new(line, to_hub, file);

    packet->epoch = sim_retired_age(sim, job.party);
    carry(sim, arrive, packet);
    if (tip_prng_chance(prng, TWICE)) {
        carry(sim, arrive, packet);
    }
    if (tip_prng_chance(prng, SPOILT)) {
        packet = sim_packet_new(line, to_hub, file);
        packet->epoch = sim_retired_age(sim, job.party);
        packet->is_tampered = true;
        packet->bytes[tip_prng_below(prng, (uint32_t)packet->size)] ^=
            (uint8_t)(1U << tip_prng_below(prng, 8));
        carry(sim, arrive, packet);
    }
}

/* Is the file of @packet what its maker wrote? One with a byte changed is not
 * believed. */
static bool is_believed(struct sim *sim, const struct sim_packet *packet,
                        const struct sim_machine *reader,
                        const struct tip_device_keys *maker,
                        struct tip_bundle_head *out_head)
{
    bool good =
        sim_bundle_prove(reader->keys, tip_bytes(packet->bytes, packet->size),
                         packet->to_hub ? TIP_SESSION_NODE : TIP_SESSION_HUB,
                         &tip_device_keys_public(maker)->box, out_head);

    if (packet->is_tampered) {
        sim_count(sim, SIM_TOTAL_STICKS_SPOILT);
    }
    sim_require(sim, reader->party, good != packet->is_tampered,
                "I19 a stick is taken as it was written, or not at all");
    return good;
}

/* @machine goes on, or loses power as soon as the stick is drawn. */
static void go_on(struct sim *sim, struct sim_machine *machine)
{
    if (!sim->is_healing && tip_prng_chance(prng_of(sim), PULLED)) {
        sim_machine_crash(sim, machine);
    } else {
        sim_machine_stir(sim, machine);
    }
}

static enum tip_err take_at_office(struct sim *sim, uint32_t party,
                                   struct tip_bytes frame)
{
    enum tip_err err =
        node_engine_import_frame(sim->offices[party].engine, frame);

    if (err == TIP_OK) {
        sim_count(sim, SIM_TOTAL_STICK_FRAMES_BACK);
    }
    return err;
}

/* A stick of the hub has come to an office. */
static void arrive_down(struct sim *sim, const struct sim_event *event)
{
    struct sim_office *office = &sim->offices[event->party];
    struct sim_machine *machine = &office->machine;
    struct tip_bundle_head head;
    enum tip_err err;

    if (sim_liar_is(sim, event->party) ||
        !sim_retired_is_for(sim, event->party, event->packet->epoch) ||
        puts_off(sim, machine, event) ||
        !is_believed(sim, event->packet, machine, sim->hub.machine.keys,
                     &head)) {
        return;
    }
    sim_note(sim, "stick", event->party, 0, head.feed.number);
    sim_count(sim, SIM_TOTAL_STICKS_BACK);
    err = node_engine_import_head(office->engine, head.generation, &head.feed);
    if (err == TIP_OK) {
        err = sim_bundle_take(
            sim, event->party, machine->keys,
            tip_bytes(event->packet->bytes, event->packet->size),
            take_at_office);
    }
    sim_require(sim, event->party,
                err == TIP_OK || err == TIP_EBUNDLE_GAP ||
                    !sim_machine_is_sound(machine) || office->is_rotten ||
                    (err == TIP_ESTORE_DAMAGED &&
                     sim_frames_are_lost(sim, event->party)) ||
                    (office->is_restored && err == TIP_EFORK) ||
                    (sim->hub.restores != 0 && err == TIP_EBUNDLE_RESTORED),
                "what the hub has on a stick is taken");
    if (err != TIP_OK) {
        machine->incarnation++; /* What it had taken in may be gone. */
    }
    sim_machine_stir(sim, machine);
}

/* Add what there is of @channel. */
static enum tip_err add_channel(struct sim *sim, uint32_t channel)
{
    enum tip_err err = TIP_OK;

    for (uint64_t i = sim_bundle_known(sim, job.party, channel) + 1;
         err == TIP_OK && sim_bundle_has_room(&job.bundle); i++) {
        struct tip_bytes frame;

        err = hub_engine_export_frame(sim->hub.engine, channel, i, &frame);
        if (err == TIP_OK) {
            err = tip_bundle_add(&job.bundle.writer, frame, &job.bundle.buf);
        }
    }
    return err == TIP_ENOTFOUND ? TIP_OK : err;
}

static enum tip_err write_down(struct sim *sim,
                               const struct sim_machine *machine)
{
    /* The others presume the control log. */
    const uint32_t channels[] = {TIP_CHANNEL_CTL, TIP_CHANNEL_REF,
                                 sim_office_number(job.party)};
    const struct tip_clock *clock = &machine->clock.base;
    struct sim_machine *hub = &sim->hub.machine;
    struct tip_bundle_head head = {.side = TIP_SESSION_HUB,
                                   .origin = sim->oracle.links[job.party],
                                   .made_ms = clock->now_ms(clock)};
    enum tip_err err = hub_engine_flush(sim->hub.engine);

    if (err == TIP_OK) {
        err = hub_engine_feed(sim->hub.engine, head.origin, &head.generation,
                              &head.feed);
    }
    if (err == TIP_OK) {
        err = sim_bundle_begin(
            &job.bundle, hub, &head,
            &tip_device_keys_public(sim->offices[job.party].machine.keys)->box);
    }
    for (size_t i = 0; i < sizeof channels / sizeof *channels && err == TIP_OK;
         i++) {
        err = add_channel(sim, channels[i]);
    }
    if (err == TIP_OK) {
        err = tip_bundle_end(&job.bundle.writer, &job.bundle.buf);
    }
    job.is_written = err == TIP_OK;
    /* Of what the hub has lost for good there is no stick. */
    return err == TIP_ESTORE_DAMAGED && sim->gone.count != 0 ? TIP_OK : err;
}

/* The hub writes what it has for an office. */
static void answer(struct sim *sim, const struct sim_event *event)
{
    struct sim_machine *hub = &sim->hub.machine;

    if (sim->offices[event->party].machine.keys == NULL ||
        puts_off(sim, hub, event)) {
        return;
    }
    job.party = event->party;
    job.is_written = false;
    if (sim_machine_does(sim, hub, write_down) && job.is_written) {
        carry_all(sim, false, arrive_down);
        go_on(sim, hub);
    }
}

static enum tip_err take_at_hub(struct sim *sim, uint32_t device,
                                struct tip_bytes frame)
{
    size_t order = sim->oracle.order_count;
    enum tip_err err = sim_hub_import(sim, device, frame);

    if (err == TIP_OK) {
        sim_count(sim, device >= SIM_RETIRED ? SIM_TOTAL_LATE_FRAMES
                                             : SIM_TOTAL_STICK_FRAMES);
    } else if (err == TIP_EEXISTS) {
        sim_count(sim, SIM_TOTAL_STICK_FRAMES_AGAIN);
        sim_require(sim, SIM_HUB, sim->oracle.order_count == order,
                    "I5 a frame that comes again by stick changes nothing");
    }
    return err;
}

/* A stick has come to the hub. */
static void arrive_up(struct sim *sim, const struct sim_event *event)
{
    struct sim_machine *hub = &sim->hub.machine;
    uint32_t device = SIM_NONE;
    const struct tip_device_keys *maker =
        sim_retired_maker(sim, event->party, event->packet->epoch, &device);
    uint64_t came = sim->totals.counts[SIM_TOTAL_STICK_FRAMES];
    struct tip_bundle_head head;
    enum tip_err err;

    /* What a later self of a restored office wrote is lost with its disk:
     * unit/test_hostile_frames.c has it come. */
    if (maker == NULL || puts_off(sim, hub, event) ||
        !is_believed(sim, event->packet, hub, maker, &head)) {
        return;
    }
    sim_note(sim, "stick at hub", event->party, 0, head.feed.number);
    sim_count(sim, SIM_TOTAL_STICKS);
    hub_engine_hear(sim->hub.engine, head.origin, head.made_ms,
                    head.feed.number);
    err = device >= SIM_RETIRED ? TIP_OK : sim_bundle_hear(sim, device, &head);
    if (err == TIP_OK) {
        err = sim_bundle_take(
            sim, device, hub->keys,
            tip_bytes(event->packet->bytes, event->packet->size), take_at_hub);
    }
    if (sim->totals.counts[SIM_TOTAL_STICK_FRAMES] == came) {
        sim_count(sim, SIM_TOTAL_STICKS_LATE);
    }
    sim_require(sim, event->party, err == TIP_OK || !sim_machine_is_sound(hub),
                "what an office has on a stick is taken");
    if (err != TIP_OK) {
        hub->incarnation++; /* What it had taken in may be gone. */
    }
    sim_machine_stir(sim, hub);
    if (device < SIM_RETIRED) {
        sim_later(sim, sim_random_about(prng_of(sim), ANSWER_MS), answer,
                  event->party, 0);
    }
}

/* Add the frames behind what the hub has, as the office was told. */
static enum tip_err add_feed(struct node_engine *engine, uint64_t after,
                             uint64_t last)
{
    enum tip_err err = TIP_OK;

    while (err == TIP_OK && after < last && sim_bundle_has_room(&job.bundle)) {
        struct tip_bytes frame;

        err = node_engine_export_frame(engine, after + 1, &frame, &after);
        if (err == TIP_OK) {
            err = tip_bundle_add(&job.bundle.writer, frame, &job.bundle.buf);
        }
    }
    return err;
}

static enum tip_err write_up(struct sim *sim, const struct sim_machine *machine)
{
    struct sim_office *office = &sim->offices[machine->party];
    const struct tip_clock *clock = &machine->clock.base;
    bool has_all = tip_prng_chance(prng_of(sim), ALL);
    struct tip_bundle_head head = {.side = TIP_SESSION_NODE,
                                   .origin = office->identity.origin,
                                   .made_ms = clock->now_ms(clock),
                                   .channel_count = NODE_CHANNELS};
    struct node_status status;
    enum tip_err err;

    node_engine_status(office->engine, &status);
    node_engine_position(office->engine, &head.feed, head.channels, head.parts);
    head.generation = status.generation;
    err = sim_bundle_begin(&job.bundle, &office->machine, &head,
                           &office->identity.hub_box);
    if (err == TIP_OK) {
        err = add_feed(office->engine,
                       has_all ? status.feed_start : status.confirmed,
                       status.saved);
    }
    if (err == TIP_OK) {
        err = tip_bundle_end(&job.bundle.writer, &job.bundle.buf);
    }
    job.is_written = err == TIP_OK;
    return err == TIP_ESTORE_DAMAGED && sim_frames_are_lost(sim, machine->party)
               ? TIP_OK /* The people are told, and write none. */
               : err;
}

bool sim_stick_write(struct sim *sim, uint32_t party)
{
    job.party = party;
    job.is_written = false;
    if (!sim_machine_does(sim, sim_machine_of(sim, party), write_up) ||
        !job.is_written) {
        return false;
    }
    sim_note(sim, "stick written", party, job.bundle.buf.size, 0);
    carry_all(sim, true, arrive_up);
    return true;
}

/* Nobody at the office can call: they write a stick. */
void sim_strike_stick(struct sim *sim, uint32_t party)
{
    struct sim_machine *machine = sim_machine_of(sim, party);

    if (sim_machine_is_there(sim, machine) &&
        !sim->offices[party].line.node_sees_it &&
        !sim->offices[party].is_restored && sim_stick_write(sim, party)) {
        go_on(sim, machine);
    }
}
