/*
 * The office in other hands: when that happens, how it talks, and what the
 * oracle is told of what it gives.
 */
#include "sim_liar.h"

#include "sim_absent.h"
#include "sim_lies.h"
#include "sim_machine.h"
#include "sim_party.h"
#include "tip_envelope.h"
#include "tip_wire_down.h"

enum {
    SEEDS_WITH_A_LIAR = 33, /* Percent; of what it gives, so much is on… */
    BY_STICK = 15           /* …sticks. */
};

#define RETRY_MS (6 * SIM_HOUR_MS)
#define PAUSE_MS (3 * SIM_HOUR_MS)

bool sim_liar_is(const struct sim *sim, uint32_t party)
{
    return sim->liar.is_on && sim->liar.party == party;
}

static struct sim_office *office_of(struct sim *sim)
{
    return &sim->offices[sim->liar.party];
}

/* How far its feed is at the hub, durable or not. */
static uint64_t head_at_hub(struct sim *sim)
{
    struct tip_head head;
    uint32_t generation;

    sim_require(sim, SIM_HUB,
                hub_engine_feed(sim->hub.engine,
                                office_of(sim)->identity.origin, &generation,
                                &head) == TIP_OK,
                "the hub knows its offices");
    return head.number;
}

/* Is all that honest people saved there with the hub for good? What is not
 * would be lost with them. */
static bool can_be_taken(struct sim *sim)
{
    const struct sim_office *office = office_of(sim);
    const struct sim_machine *machine = &office->machine;
    uint64_t count = sim->oracle.feeds[machine->party].count;
    struct node_status status;

    if (!sim_machine_is_well(machine) || machine->recovers ||
        machine->crash_due != SIM_CRASH_NONE ||
        sim_machine_is_stopped(sim, machine) ||
        !sim_machine_is_there(sim, &sim->hub.machine)) {
        return false;
    }
    node_engine_status(office->engine, &status);
    return status.feed == office->identity.origin && status.saved == count &&
           status.confirmed == count && machine->acknowledged == count &&
           sim->hub.durable[machine->party] == count;
}

/* Nobody hears of its line any more but those who have it now. */
static void take_line(struct sim *sim)
{
    struct sim_line *line = &office_of(sim)->line;

    if (line->hub_sees_it) {
        hub_engine_link_down(sim->hub.engine, sim_origin_of(sim->liar.party));
    }
    line->hub_sees_it = false;
    line->node_sees_it = false;
    line->epoch++;
}

static void take(struct sim *sim)
{
    struct sim_office *office = office_of(sim);
    struct sim_liar *liar = &sim->liar;
    struct tip_head head;

    sim_count(sim, SIM_TOTAL_TAKEN_OVER);
    sim_note(sim, "taken over", liar->party, 0, 0);
    node_engine_position(office->engine, &head, liar->positions, NULL);
    liar->heard = node_engine_seen(office->engine).commit;
    take_line(sim);
    sim_office_close(office);
    office->machine.is_up = false;
    sim_require(sim, liar->party,
                tip_talk_init(&liar->talk, office->machine.keys,
                              TIP_SESSION_NODE,
                              &office->identity.hub_box) == TIP_OK,
                "whoever has the keys can talk");
    liar->is_on = true;
}

/* What an administrator is shown of it. */
static struct hub_device_status status_of(struct sim *sim)
{
    struct hub_device_status devices[SIM_PARTIES];
    size_t count = hub_engine_devices(sim->hub.engine, devices, SIM_PARTIES);
    size_t i = 0;

    while (i < count && devices[i].origin != sim_origin_of(sim->liar.party)) {
        i++;
    }
    sim_require(sim, SIM_HUB, i < count, "the hub knows its offices");
    return devices[i];
}

bool sim_liar_say(struct sim *sim, const struct tip_message *message)
{
    static uint8_t memory[2 * TIP_FRAME_BYTES_MAX];
    struct tip_bytes said;
    struct tip_buf buf;

    tip_buf_init(&buf, memory, sizeof memory);
    if (tip_talk_write(&sim->liar.talk, message, &buf) != TIP_OK ||
        tip_buf_finish(&buf, &said) != TIP_OK) {
        return false;
    }
    sim_note(sim, "lies", sim->liar.party, (uint64_t)message->kind, 0);
    sim_hub_hear(sim, sim->liar.party, said);
    return true;
}

/* What the hub has of its feed is what it was given? Not after it has lost
 * something, until that is settled. */
static bool is_settled(struct sim *sim)
{
    return head_at_hub(sim) == sim->oracle.feeds[sim->liar.party].count;
}

/* The hub has had time to answer: lie to it. */
static void lie(struct sim *sim, const struct sim_event *event)
{
    (void)event;
    if (!sim->is_healing && sim_machine_is_there(sim, &sim->hub.machine) &&
        is_settled(sim) && status_of(sim).is_live) {
        sim_lies_tell(sim);
        sim_machine_stir(sim, &sim->hub.machine);
    }
}

/* Greet the hub truthfully, so that it listens. */
static void greet(struct sim *sim)
{
    struct tip_message message;

    sim_lies_greeting(sim, &message);
    hub_engine_link_up(sim->hub.engine, sim_origin_of(sim->liar.party));
    sim_require(sim, sim->liar.party, sim_liar_say(sim, &message),
                "a greeting can always be said");
}

static void act(struct sim *sim, const struct sim_event *event)
{
    struct tip_prng *prng = &sim->streams[SIM_STREAM_LIES];

    if (sim->is_healing) {
        return;
    }
    sim_later(sim, sim_random_about(prng, PAUSE_MS), act, event->party, 0);
    if (sim_machine_is_there(sim, &sim->hub.machine)) {
        greet(sim);
        sim_machine_stir(sim, &sim->hub.machine);
        sim_later(sim, SIM_SECOND_MS, lie, event->party, 0);
    }
}

/* Whose day has come is taken over, as soon as nothing is lost with it. */
static void try_to_take(struct sim *sim, const struct sim_event *event)
{
    if (sim->is_healing) {
        return;
    }
    /* A hub that was put back would wait for it. */
    if (sim->hub.is_recovering || sim_absent_is_near(sim) ||
        !can_be_taken(sim)) {
        sim_later(sim, RETRY_MS, try_to_take, event->party, 0);
        return;
    }
    take(sim);
    sim_later(sim, 0, act, event->party, 0);
}

void sim_liar_begin(struct sim *sim)
{
    struct tip_prng *prng = &sim->streams[SIM_STREAM_LIES];

    sim->liar =
        (struct sim_liar){.party = 1 + tip_prng_below(prng, SIM_OFFICES)};
    sim_lies_draw(sim);
    if (!sim->weather.is_size_blind &&
        tip_prng_chance(prng, SEEDS_WITH_A_LIAR)) {
        sim_later(sim, sim_random_about(prng, sim->weather.storm_ms / 4),
                  try_to_take, sim->liar.party, 0);
    }
}

void sim_liar_end(struct sim *sim)
{
    if (sim->liar.is_on) {
        tip_talk_deinit(&sim->liar.talk);
    }
    sim->liar.is_on = false;
}

/* The channel of a frame it was sent. */
static struct tip_channel_position *
position_of(struct sim *sim, const struct tip_frame_header *header)
{
    for (size_t i = 0; i < NODE_CHANNELS; i++) {
        struct tip_channel_position *position = &sim->liar.positions[i];

        if (header->is_down && header->channel == position->channel &&
            header->first == position->head.number + 1) {
            return position;
        }
    }
    return NULL;
}

/* Read the checkpoint of a frame of its own channel. */
static void read_checkpoint(struct sim *sim,
                            const struct tip_frame_header *header,
                            const struct tip_wire_frame *parts,
                            struct tip_channel_position *position)
{
    struct tip_codec *codec;
    struct tip_down_body body;
    struct tip_frame_key key;
    struct tip_bytes packed;

    tip_frame_key_derive(&office_of(sim)->identity.office_secret,
                         TIP_CHAIN_DOWN, &key);
    sim_require(sim, sim->liar.party, tip_codec_new(0, &codec) == TIP_OK,
                "there is memory");
    sim_require(sim, SIM_HUB,
                tip_envelope_open(&key, header, parts, &sim->arena, &packed) ==
                        TIP_OK &&
                    tip_wire_down_decode(codec, header, packed, &sim->arena,
                                         &body) == TIP_OK,
                "what an office is sent it can read");
    tip_codec_free(codec);
    if (body.has_checkpoint) {
        position->checkpoint = body.checkpoint.commit;
        sim->liar.heard = body.checkpoint.commit;
    }
}

static void hear_frame(struct sim *sim, struct tip_bytes frame)
{
    const struct tip_sign_public *hub = &office_of(sim)->identity.hub_sign;
    struct tip_channel_position *position;
    struct tip_frame_header header;
    struct tip_wire_frame parts;
    struct tip_head head;

    if (tip_envelope_read(frame, &parts, &header) != TIP_OK ||
        (position = position_of(sim, &header)) == NULL ||
        tip_envelope_verify_left(hub, hub, &header, &parts, &position->head,
                                 &head) != TIP_OK) {
        return; /* Not what comes next. */
    }
    position->head = head;
    position->generation = header.generation;
    if (header.channel == sim_office_number(sim->liar.party)) {
        read_checkpoint(sim, &header, &parts, position);
    }
}

void sim_liar_hear(struct sim *sim, struct tip_bytes message)
{
    struct tip_message said;

    tip_arena_clear(&sim->arena);
    if (tip_talk_read(&sim->liar.talk, message, &sim->arena, &said) == TIP_OK &&
        said.kind == TIP_MESSAGE_FRAME) {
        hear_frame(sim, said.frame);
    }
}

void sim_liar_settle(struct sim *sim)
{
    if (sim->liar.is_on) {
        uint64_t head = head_at_hub(sim);

        sim_require(sim, SIM_HUB,
                    head <= sim->oracle.feeds[sim->liar.party].count,
                    "I2 the hub has of a feed what it was given");
        sim_oracle_lose(&sim->oracle, sim->liar.party, head);
    }
}

/* Have the hub take @forged, from the line or from a stick; why it did not:
 * what it says itself, or what an administrator is shown. */
static enum tip_err hand_over(struct sim *sim, const struct sim_forged *forged)
{
    uint64_t bad = status_of(sim).bad_messages;
    enum tip_err err;

    if (tip_prng_chance(&sim->streams[SIM_STREAM_LIES], BY_STICK)) {
        sim_count(sim, SIM_TOTAL_LIES_BY_STICK);
        err = sim_hub_import(sim, sim->liar.party,
                             tip_bytes(forged->message + 1, forged->size - 1));
        return err == TIP_EEXISTS || err == TIP_EBUNDLE_GAP ? TIP_OK : err;
    }
    sim_hub_hear(sim, sim->liar.party,
                 tip_bytes(forged->message, forged->size));
    return status_of(sim).bad_messages == bad ? TIP_OK : status_of(sim).trouble;
}

void sim_liar_give(struct sim *sim, const struct sim_forged *forged,
                   const struct sim_lie *lies, size_t count)
{
    uint64_t last = forged->header.first + count - 1;

    for (size_t i = 0; i < count; i++) {
        sim_liar_note(sim, &lies[i]);
    }
    sim_note(sim, "gives", sim->liar.party, forged->header.first, count);
    (void)hand_over(sim, forged);
    sim_require(sim, sim->liar.party,
                head_at_hub(sim) == last ||
                    !sim_machine_is_sound(&sim->hub.machine),
                "what is signed and in its place is taken, or waits");
}

void sim_liar_try(struct sim *sim, const struct sim_forged *forged,
                  enum tip_err trouble)
{
    uint64_t seq = status_of(sim).seq;
    size_t order = sim->oracle.order_count;
    enum tip_err err;

    sim_note(sim, "tries", sim->liar.party, forged->header.first,
             (uint64_t)trouble);
    err = hand_over(sim, forged);
    sim_require(sim, SIM_HUB,
                status_of(sim).seq == seq && sim->oracle.order_count == order,
                "what is not in its place, or not readable, changes nothing");
    sim_require(sim, SIM_HUB,
                err == trouble || !sim_machine_is_sound(&sim->hub.machine),
                "what a liar does is named");
}
