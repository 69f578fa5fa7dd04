#include "sim_program.h"

#include "fake_schema.h"
#include "sim_age.h"
#include "sim_machine.h"
#include "sim_rules.h"
#include "tip_codec.h"
#include "tip_wire_down.h"
#include "tip_wire_up.h"

enum {
    SEEDS_PERCENT = 25, /* Of the seeds have a newer program; … */
    OLD_PERCENT = 50,   /* …of their machines do not have it yet; … */
    WRITTEN = 10,       /* …of the edits need it to be read. */
    FIELD_NEWER = FAKE_LATEST + 9
};

#define AGAIN_MS (6 * SIM_HOUR_MS)

/* Whose codec each is: decoders are given nothing else of their engine. */
static struct {
    struct sim *sim;
    uint32_t opening; /* Whose engine is being opened. */
    const struct tip_codec *codecs[SIM_PARTIES];
} world = {.opening = SIM_NONE};

static struct tip_prng *prng_of(struct sim *sim)
{
    return &sim->streams[SIM_STREAM_PROGRAMS];
}

void sim_program_draw(struct sim *sim)
{
    world.sim = sim;
    sim->weather.has_newer_program =
        tip_prng_chance(prng_of(sim), SEEDS_PERCENT);
}

void sim_program_init(struct sim *sim, struct sim_machine *machine)
{
    machine->has_old_program = sim->weather.has_newer_program &&
                               tip_prng_chance(prng_of(sim), OLD_PERCENT);
}

void sim_program_opens(struct sim *sim, uint32_t party)
{
    world.sim = sim;
    world.opening = party;
}

void sim_program_write(struct sim *sim, uint32_t party,
                       struct sim_content *content)
{
    if (sim->weather.has_newer_program &&
        !sim_machine_of(sim, party)->has_old_program &&
        tip_prng_chance(prng_of(sim), WRITTEN)) {
        sim_content_add_field(content, prng_of(sim), FIELD_NEWER, 0);
    }
}

bool sim_program_is_unread(const struct sim *sim, const struct sim_draft *draft)
{
    return sim->hub.machine.has_old_program && draft->is_unread;
}

/* The newer program is there: it takes the place of the other. */
static void upgrade(struct sim *sim, const struct sim_event *event)
{
    struct sim_machine *machine = sim_machine_of(sim, event->party);
    bool is_hub = event->party == SIM_HUB;
    bool is_there = sim_machine_is_there(sim, machine) &&
                    !(is_hub && sim->hub.is_recovering);

    if (!is_there || is_hub) {
        sim_later(sim, AGAIN_MS, upgrade, event->party, 0);
    }
    if (!is_there) {
        return;
    }
    if (machine->has_old_program) {
        sim_note(sim, "new program", machine->party, 0, 0);
        sim_count(sim, is_hub ? SIM_TOTAL_PROGRAMS_HUB : SIM_TOTAL_PROGRAMS);
        machine->has_old_program = false;
        sim_machine_crash(sim, machine);
    } else if (is_hub) {
        sim_age_release(sim); /* If a disk that failed took it back. */
    }
}

void sim_program_begin(struct sim *sim)
{
    for (uint32_t party = 0; party < SIM_PARTIES; party++) {
        if (sim_machine_of(sim, party)->has_old_program) {
            sim_later(
                sim, sim_random_between(prng_of(sim), 0, sim->weather.storm_ms),
                upgrade, party, 0);
        }
    }
}

static bool is_newer(const struct tip_change_set *set)
{
    for (size_t i = 0; i < set->change_count; i++) {
        if (set->changes[i].field == FIELD_NEWER) {
            return true;
        }
    }
    return false;
}

/* Is @codec that of @party, in a seed in which that matters? */
static bool is_of(const struct tip_codec *codec, uint32_t party)
{
    return world.sim != NULL && world.sim->weather.has_newer_program &&
           world.codecs[party] == codec;
}

/* Can the hub read @body? Note the answer. */
static bool reads(struct sim *sim, const struct tip_up_body *body)
{
    bool is_unread = false;

    for (size_t i = 0; i < body->set_count; i++) {
        is_unread = is_unread || is_newer(&body->sets[i]);
    }
    is_unread = is_unread && sim->hub.machine.has_old_program;
    for (size_t i = 0; i < body->set_count; i++) {
        struct sim_draft *draft = sim_oracle_find(
            &sim->oracle, SIM_HUB, body->sets[i].origin, body->sets[i].seq);

        if (draft != NULL) {
            draft->is_unread = is_unread;
        }
    }
    return !is_unread;
}

/* Can the office whose codec @codec is read @body? */
static bool office_reads(const struct tip_codec *codec,
                         const struct tip_down_body *body)
{
    uint32_t party = 1;

    while (party < SIM_PARTIES && !is_of(codec, party)) {
        party++;
    }
    if (party == SIM_PARTIES ||
        !sim_machine_of(world.sim, party)->has_old_program) {
        return true;
    }
    for (size_t i = 0; i < body->item_count; i++) {
        if (body->items[i].kind == TIP_ITEM_SET &&
            is_newer(&body->items[i].set)) {
            sim_count(world.sim, SIM_TOTAL_UNREAD_DOWN);
            return false;
        }
    }
    return true;
}

/* The linker's names.
 * NOLINTBEGIN(bugprone-reserved-identifier,readability-identifier-naming) */
enum tip_err __real_tip_codec_new(int level, struct tip_codec **out_codec);
enum tip_err __wrap_tip_codec_new(int level, struct tip_codec **out_codec);
enum tip_err __real_tip_wire_up_decode(struct tip_codec *codec,
                                       const struct tip_wire_sender *sender,
                                       struct tip_bytes bytes,
                                       struct tip_arena *arena,
                                       struct tip_up_body *out_body);
enum tip_err __wrap_tip_wire_up_decode(struct tip_codec *codec,
                                       const struct tip_wire_sender *sender,
                                       struct tip_bytes bytes,
                                       struct tip_arena *arena,
                                       struct tip_up_body *out_body);
enum tip_err __real_tip_wire_down_decode(struct tip_codec *codec,
                                         const struct tip_frame_header *header,
                                         struct tip_bytes bytes,
                                         struct tip_arena *arena,
                                         struct tip_down_body *out_body);
enum tip_err __wrap_tip_wire_down_decode(struct tip_codec *codec,
                                         const struct tip_frame_header *header,
                                         struct tip_bytes bytes,
                                         struct tip_arena *arena,
                                         struct tip_down_body *out_body);

enum tip_err __wrap_tip_codec_new(int level, struct tip_codec **out_codec)
{
    enum tip_err err = __real_tip_codec_new(level, out_codec);

    if (err != TIP_OK) {
        return err;
    }
    for (uint32_t party = 0; party < SIM_PARTIES; party++) {
        if (world.codecs[party] == *out_codec) {
            world.codecs[party] = NULL; /* In the place of one that is gone. */
        }
    }
    if (world.opening != SIM_NONE) {
        world.codecs[world.opening] = *out_codec;
        world.opening = SIM_NONE;
    }
    return TIP_OK;
}

enum tip_err __wrap_tip_wire_up_decode(struct tip_codec *codec,
                                       const struct tip_wire_sender *sender,
                                       struct tip_bytes bytes,
                                       struct tip_arena *arena,
                                       struct tip_up_body *out_body)
{
    enum tip_err err =
        __real_tip_wire_up_decode(codec, sender, bytes, arena, out_body);

    return err == TIP_OK && is_of(codec, SIM_HUB) && !reads(world.sim, out_body)
               ? TIP_EUNSUPPORTED
               : err;
}

enum tip_err __wrap_tip_wire_down_decode(struct tip_codec *codec,
                                         const struct tip_frame_header *header,
                                         struct tip_bytes bytes,
                                         struct tip_arena *arena,
                                         struct tip_down_body *out_body)
{
    enum tip_err err =
        __real_tip_wire_down_decode(codec, header, bytes, arena, out_body);

    return err == TIP_OK && !office_reads(codec, out_body) ? TIP_EUNSUPPORTED
                                                           : err;
}
/* NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming) */
