/*
 * Frames and messages of a liar that say nothing new: out of place, not
 * readable, of somebody else; and greetings, receipts and requests that are
 * not true.
 */
#include <string.h>

#include "sim_liar.h"
#include "sim_lie.h"
#include "sim_lies.h"
#include "tip_wire_header.h"

enum { NOISE_BYTES_MAX = 400, DAMAGED_BYTES_MAX = 3, PLACES = 4 };

static uint64_t some_number(struct sim *sim)
{
    static const uint64_t odd[] = {0, 1, 1000, INT64_MAX, UINT64_MAX};
    struct tip_prng *prng = sim_lie_prng(sim);

    return tip_prng_chance(prng, 50)
               ? odd[tip_prng_below(prng, sizeof odd / sizeof *odd)]
               : tip_prng_below(prng, 1000);
}

static void fill(struct sim *sim, void *bytes, size_t size)
{
    sim_lie_prng(sim)->base.fill(&sim_lie_prng(sim)->base, bytes, size);
}

/* A frame of its own the hub has for good. */
static bool find_durable(struct sim *sim, struct sim_forged *out)
{
    uint64_t durable = sim->hub.durable[sim->liar.party];

    return durable != 0 &&
           sim_forge_find(
               sim, 1 + tip_prng_below(sim_lie_prng(sim), (uint32_t)durable),
               out);
}

/* The body of an ordinary change-set. */
static bool pack_some(struct sim *sim, struct sim_forged *forged,
                      struct tip_buf *buf)
{
    struct sim_lie lie = {.count = 1};

    lie.parts[0].ref.birth_commit = 1;
    sim_content_add_some(&lie.parts[0].content, sim_lie_prng(sim));
    return sim_forge_pack(sim, forged, &lie, 1, buf);
}

static bool close_over_some(struct sim *sim, struct sim_forged *forged)
{
    static uint8_t memory[TIP_FRAME_BYTES_MAX];
    struct tip_bytes body;
    struct tip_buf buf;

    tip_buf_init(&buf, memory, sizeof memory);
    return pack_some(sim, forged, &buf) &&
           tip_buf_finish(&buf, &body) == TIP_OK &&
           sim_forge_close(sim, forged, body);
}

/* Other work where the hub has some already: equivocation. */
bool sim_lie_fork(struct sim *sim)
{
    static struct sim_forged forged;

    if (!find_durable(sim, &forged)) {
        return false;
    }
    if (!close_over_some(sim, &forged)) {
        return false;
    }
    sim_liar_try(sim, &forged, TIP_EFORK);
    return true;
}

bool sim_lie_replay(struct sim *sim)
{
    static struct sim_forged forged;

    if (!find_durable(sim, &forged)) {
        return false;
    }
    sim_liar_try(sim, &forged, TIP_OK);
    return true;
}

bool sim_lie_gap(struct sim *sim)
{
    static struct sim_forged forged;

    sim_forge_begin(sim, &forged);
    forged.header.first += 1 + tip_prng_below(sim_lie_prng(sim), 1000);
    if (!close_over_some(sim, &forged)) {
        return false;
    }
    sim_liar_try(sim, &forged, TIP_OK);
    return true;
}

/* Give the hub @body, which cannot be read, unless it can. */
static bool try_body(struct sim *sim, struct sim_forged *forged,
                     struct tip_bytes body)
{
    enum tip_err err = sim_forge_read(sim, forged, body);

    if (err == TIP_OK || tip_wire_is_too_new(err) ||
        !sim_forge_close(sim, forged, body)) {
        return false;
    }
    sim_liar_try(sim, forged, err);
    return true;
}

bool sim_lie_noise(struct sim *sim)
{
    static struct sim_forged forged;
    uint8_t bytes[NOISE_BYTES_MAX];
    size_t size = tip_prng_below(sim_lie_prng(sim), sizeof bytes);

    sim_forge_begin(sim, &forged);
    fill(sim, bytes, size);
    return try_body(sim, &forged, tip_bytes(bytes, size));
}

/* The body of an ordinary change-set with a few bytes changed. */
bool sim_lie_mutation(struct sim *sim)
{
    static struct sim_forged forged;
    static uint8_t memory[TIP_FRAME_BYTES_MAX];
    struct tip_prng *prng = sim_lie_prng(sim);
    struct tip_bytes body;
    struct tip_buf buf;

    sim_forge_begin(sim, &forged);
    tip_buf_init(&buf, memory, sizeof memory);
    if (!pack_some(sim, &forged, &buf) ||
        tip_buf_finish(&buf, &body) != TIP_OK) {
        return false;
    }
    for (uint32_t i = tip_prng_below(prng, DAMAGED_BYTES_MAX) + 1; i > 0; i--) {
        uint32_t at = tip_prng_below(prng, (uint32_t)body.size);

        memory[at] ^= (uint8_t)(1U << tip_prng_below(prng, 8));
    }
    return try_body(sim, &forged, body);
}

/* Of another key epoch, another office, another way, or of a chain nobody has.
 */
bool sim_lie_elsewhere(struct sim *sim)
{
    static struct sim_forged forged;
    enum tip_err named = TIP_EPROTOCOL;

    sim_forge_begin(sim, &forged);
    switch (tip_prng_below(sim_lie_prng(sim), PLACES)) {
    case 0:
        forged.header.key_epoch++;
        named = TIP_EUNSUPPORTED;
        break;
    case 1:
        forged.header.origin = sim_origin_of(1 + sim->liar.party % SIM_OFFICES);
        break;
    case 2:
        forged.header.is_down = true;
        forged.header.channel = sim_office_number(sim->liar.party);
        forged.header.generation = 1;
        break;
    default:
        fill(sim, forged.previous.hash, sizeof forged.previous.hash);
        named = TIP_ESIGNATURE;
        break;
    }
    if (!close_over_some(sim, &forged)) {
        return false;
    }
    sim_liar_try(sim, &forged, named);
    return true;
}

void sim_lies_greeting(struct sim *sim, struct tip_message *out_message)
{
    struct tip_clock *clock = &sim->hub.machine.clock.base;
    struct sim_forged forged;
    struct tip_hello *hello = &out_message->hello;

    sim_forge_begin(sim, &forged);
    out_message->kind = TIP_MESSAGE_HELLO;
    *hello = (struct tip_hello){
        .origin = forged.header.origin,
        .generation = sim->liar.positions[0].generation,
        .confirmed = forged.previous,
        .newest = forged.previous,
        .channel_count = NODE_CHANNELS,
        .health = {.clock_ms = clock->now_ms(clock), .catalogue = 1},
        .version = tip_bytes_text("sim"),
        .credit_bytes = TIP_NODE_WINDOW_BYTES};
    memcpy(hello->channels, sim->liar.positions, sizeof sim->liar.positions);
    fill(sim, hello->nonce, sizeof hello->nonce);
}

/* What it has of its channels, its feed, its clock, of erasures, or who it is:
 * one of it is not true. */
bool sim_lie_false_greeting(struct sim *sim)
{
    struct tip_prng *prng = sim_lie_prng(sim);
    struct tip_message message;
    struct tip_hello *hello = &message.hello;
    struct tip_channel_position *position =
        &hello->channels[tip_prng_below(prng, NODE_CHANNELS)];

    sim_lies_greeting(sim, &message);
    switch (tip_prng_below(prng, 10)) {
    case 0:
        position->head.number = some_number(sim);
        fill(sim, position->head.hash, sizeof position->head.hash);
        break;
    case 1:
        position->generation = (uint32_t)some_number(sim);
        break;
    case 2:
        position->agreement = TIP_AGREEMENT_DIFFERS;
        position->checkpoint = some_number(sim);
        break;
    case 3:
        hello->newest.number = some_number(sim);
        fill(sim, hello->newest.hash, sizeof hello->newest.hash);
        break;
    case 4:
        hello->confirmed.number = some_number(sim);
        break;
    case 5:
        hello->origin = sim_origin_of(1 + sim->liar.party % SIM_OFFICES);
        break;
    case 6:
        hello->health.erased = some_number(sim);
        break;
    case 7:
        hello->generation = (uint32_t)some_number(sim);
        break;
    case 8:
        hello->credit_bytes = some_number(sim);
        hello->health.saved = some_number(sim);
        break;
    default:
        hello->channels[0].channel =
            sim_office_number(1 + sim->liar.party % SIM_OFFICES);
        break;
    }
    return sim_liar_say(sim, &message);
}

/* It says to have frames it was not sent, of channels it may not have. */
bool sim_lie_receipt(struct sim *sim)
{
    struct tip_prng *prng = sim_lie_prng(sim);
    struct tip_message message = {
        .kind = TIP_MESSAGE_GOT,
        .got = {.position =
                    sim->liar.positions[tip_prng_below(prng, NODE_CHANNELS)],
                .credit_bytes = some_number(sim),
                .resend = tip_prng_chance(prng, 30)}};

    if (tip_prng_chance(prng, 70)) {
        message.got.position.head.number = some_number(sim);
    }
    if (tip_prng_chance(prng, 20)) {
        message.got.position.channel =
            sim_office_number(1 + tip_prng_below(prng, SIM_OFFICES));
    }
    if (tip_prng_chance(prng, 30)) {
        message.got.position.agreement = TIP_AGREEMENT_DIFFERS;
    }
    return sim_liar_say(sim, &message);
}

/* It says to hold something else than the hub believes, and wants it sent
 * again; also what everybody reads. */
bool sim_lie_parts(struct sim *sim)
{
    struct tip_prng *prng = sim_lie_prng(sim);
    const struct tip_channel_position *position =
        &sim->liar.positions[tip_prng_below(prng, NODE_CHANNELS)];
    struct tip_message message = {.kind = TIP_MESSAGE_PARTS,
                                  .parts = {.channel = position->channel,
                                            .number = position->head.number}};

    fill(sim, message.parts.sums, sizeof message.parts.sums);
    if (tip_prng_chance(prng, 20)) {
        message.parts.channel =
            sim_office_number(1 + tip_prng_below(prng, SIM_OFFICES));
    }
    return sim_liar_say(sim, &message);
}

/* A restored device's words, how it is, a farewell, or the hub's own. */
bool sim_lie_other_word(struct sim *sim)
{
    static const enum tip_message_kind hubs[] = {
        TIP_MESSAGE_WELCOME, TIP_MESSAGE_ACK, TIP_MESSAGE_CONTINUED};
    struct tip_prng *prng = sim_lie_prng(sim);
    struct tip_message message = {.kind = TIP_MESSAGE_BYE,
                                  .bye = TIP_ESTORE_FULL};

    switch (tip_prng_below(prng, 6)) {
    case 0:
        message = (struct tip_message){.kind = TIP_MESSAGE_RECALL,
                                       .recall = {.seq = some_number(sim)}};
        break;
    case 1:
        message =
            (struct tip_message){.kind = TIP_MESSAGE_CONTINUE,
                                 .go_on = {.head.number = some_number(sim),
                                           .up_to = some_number(sim)}};
        fill(sim, message.go_on.head.hash, sizeof message.go_on.head.hash);
        fill(sim, message.go_on.token, sizeof message.go_on.token);
        break;
    case 2:
        message = (struct tip_message){
            .kind = hubs[tip_prng_below(prng, sizeof hubs / sizeof *hubs)]};
        break;
    case 3:
        message = (struct tip_message){.kind = TIP_MESSAGE_HEALTH};
        message.health.saved = some_number(sim);
        message.health.erased = some_number(sim);
        break;
    case 4:
        message = (struct tip_message){.kind = TIP_MESSAGE_LOST};
        message.lost.is_feed = tip_prng_chance(prng, 50);
        message.lost.channel = (uint32_t)some_number(sim);
        message.lost.number = some_number(sim);
        break;
    default:
        break;
    }
    return sim_liar_say(sim, &message);
}
