/* The hub's engine on its machine. */
#include <string.h>

#include "fake_store.h"
#include "sim_absent.h"
#include "sim_age.h"
#include "sim_hub_feed.h"
#include "sim_liar.h"
#include "sim_line.h"
#include "sim_machine.h"
#include "sim_party.h"
#include "sim_people.h"
#include "sim_program.h"
#include "sim_put_back.h"
#include "sim_quota.h"
#include "sim_rot.h"

/* How far the feed of @origin is at the hub. */
static uint64_t head_of(struct sim *sim, uint32_t origin)
{
    struct tip_head head = {.number = 0};
    uint32_t generation;

    sim_require(sim, SIM_HUB,
                hub_engine_feed(sim->hub.engine, origin, &generation, &head) ==
                    TIP_OK,
                "the hub knows its offices");
    return head.number;
}

void sim_hub_seqs(struct sim *sim, uint64_t out_seqs[SIM_DEVICES])
{
    const struct hub_device *device = hub_engine_device(sim->hub.engine, 0);

    memset(out_seqs, 0, SIM_DEVICES * sizeof *out_seqs);
    for (size_t i = 1; device != NULL; i++) {
        out_seqs[sim_oracle_device_of(&sim->oracle, device->origin)] =
            head_of(sim, device->origin);
        device = hub_engine_device(sim->hub.engine, i);
    }
}

/* What is durable has just been made so, or was read anew. */
static void note_durable(struct sim *sim)
{
    uint64_t seqs[SIM_DEVICES];

    sim_hub_seqs(sim, seqs);
    for (uint32_t device = 1; device < SIM_DEVICES; device++) {
        sim_require(sim, SIM_HUB, seqs[device] >= sim->hub.durable[device],
                    "I1 what is durable at the hub stays");
        sim->hub.durable[device] = seqs[device];
    }
}

static void reconcile(struct sim *sim)
{
    uint64_t seq = hub_engine_seen(sim->hub.engine).seq;

    sim_machine_reconcile(sim, &sim->hub.machine,
                          sim_hub_feed_count(&sim->oracle, seq));
}

void sim_hub_open(struct sim *sim)
{
    struct sim_hub *hub = &sim->hub;
    struct hub_engine_opts opts = {
        .store = &hub->machine.store->base,
        .link = sim_line_link(SIM_HUB),
        .clock = &hub->machine.clock.base,
        .random = &hub->machine.entropy.base,
        .schema = &hub->machine.catalogue.base,
        .keys = hub->machine.keys,
        .ref_secret = hub->ref_secret,
        .watcher = &hub->watcher,
        .catalogue = sim_age_number(&hub->machine),
        .quota = {.deletions = sim->weather.deletions,
                  .overwrites = sim->weather.overwrites,
                  .old_days = SIM_OLD_DAYS},
        .restored_id = hub->restores,
        .restored_count = hub->restores,
        .frame_bytes = sim->weather.is_size_blind ? TIP_FRAME_BYTES_MAX : 0};
    struct tip_seen seen;

    sim_program_opens(sim, SIM_HUB);
    sim_require(sim, SIM_HUB, hub_engine_open(&opts, &hub->engine) == TIP_OK,
                "I1 the hub opens over what it has stored");
    seen = hub_engine_seen(hub->engine);
    sim_rot_mended(sim);
    note_durable(sim);
    if (hub->is_recovering) {
        sim_put_back_open(sim);
        sim_put_back_look(sim);
        return;
    }
    sim_watch_reopened(sim, seen.commit);
    reconcile(sim);
    sim_liar_settle(sim);
    sim_age_release(sim);
}

void sim_hub_init(struct sim *sim)
{
    struct sim_hub *hub = &sim->hub;
    struct sim_known known = hub->known;
    struct sim_known held = hub->held;
    struct sim_known erased = hub->erased;

    fake_store_free(hub->backup);
    known.count = 0;
    held.count = 0;
    erased.count = 0;
    *hub = (struct sim_hub){.known = known,
                            .held = held,
                            .erased = erased,
                            .erasing = SIM_NONE,
                            .ruling = {.party = SIM_NONE}};
    sim_machine_init(sim, &hub->machine, SIM_HUB);
    sim_line_init(sim, SIM_HUB);
    sim_watch_init(sim);
    hub->machine.entropy.base.fill(&hub->machine.entropy.base,
                                   hub->ref_secret.bytes,
                                   sizeof hub->ref_secret.bytes);
    for (size_t i = 0; i < SIM_FORMS; i++) {
        hub->forms[i].record = SIM_NONE;
    }
    hub->machine.is_up = true;
    hub->machine.incarnation = 1;
    sim_hub_open(sim);
}

void sim_hub_enrol(struct sim *sim)
{
    for (uint32_t party = 1; party < SIM_PARTIES; party++) {
        const struct sim_office *office = &sim->offices[party];
        struct hub_device device = {
            .origin = office->identity.origin,
            .office = office->identity.office,
            .keys = *tip_device_keys_public(office->machine.keys),
            .key_epoch = office->identity.key_epoch,
            .office_secret = office->identity.office_secret};

        sim_require(sim, party,
                    hub_engine_enrol(sim->hub.engine, &device) == TIP_OK,
                    "an office is enrolled");
    }
    sim_require(sim, SIM_HUB, hub_engine_flush(sim->hub.engine) == TIP_OK,
                "the enrolments are kept");
}

static uint64_t seq_of(struct sim *sim, uint32_t device)
{
    return head_of(sim, sim->oracle.links[device]);
}

/* What a frame of @device did, whose feed was at @seq, must be right. */
static void note_frame(struct sim *sim, uint32_t device, uint64_t seq)
{
    if (seq_of(sim, device) > seq) {
        sim_quota_turn(sim, device);
    }
    if (!sim_machine_is_dead(&sim->hub.machine)) {
        sim_held_note(sim);
    }
}

void sim_hub_hear(struct sim *sim, uint32_t party, struct tip_bytes message)
{
    uint64_t seq = seq_of(sim, party);

    hub_engine_receive(sim->hub.engine, sim->oracle.links[party], message);
    if (message.data[0] == TIP_MESSAGE_FRAME) {
        note_frame(sim, party, seq);
    }
}

enum tip_err sim_hub_import(struct sim *sim, uint32_t device,
                            struct tip_bytes frame)
{
    uint64_t seq = seq_of(sim, device);
    enum tip_err err = hub_engine_import_frame(
        sim->hub.engine, sim->oracle.links[device], frame);

    note_frame(sim, device, seq);
    return err;
}

void sim_hub_receive(struct sim *sim, uint32_t party, struct sim_packet *packet)
{
    struct sim_machine *machine = &sim->hub.machine;
    uint64_t before[SIM_DEVICES] = {0};
    uint64_t after[SIM_DEVICES] = {0};
    size_t order = sim->oracle.order_count;
    bool matters = packet->is_tampered || packet->copies > 1 ||
                   packet->taken_by == machine->incarnation;
    bool is_same;

    if (matters) {
        sim_hub_seqs(sim, before);
    }
    sim_line_note(sim, "hub receives", party, packet);
    sim_hub_hear(sim, party, tip_bytes(packet->bytes, packet->size));
    if (matters) {
        sim_hub_seqs(sim, after);
    }
    is_same = memcmp(before, after, sizeof before) == 0 &&
              sim->oracle.order_count == order;
    if (packet->is_tampered) {
        sim_count(sim, SIM_TOTAL_TAMPER_CHECKS);
        sim_require(sim, SIM_HUB, is_same,
                    "I19 a changed byte changes nothing");
    } else if (packet->taken_by == machine->incarnation) {
        sim_count(sim, SIM_TOTAL_REPEAT_CHECKS);
        sim_require(sim, SIM_HUB, is_same,
                    "I5 a repeated message changes nothing");
    } else if (!is_same) {
        packet->taken_by = machine->incarnation;
    }
    sim_machine_stir(sim, machine);
}

void sim_hub_flushed(struct sim *sim, enum tip_err err)
{
    struct sim_hub *hub = &sim->hub;

    if (!hub->is_recovering) {
        reconcile(sim);
    }
    if (err != TIP_OK) {
        return;
    }
    sim_liar_settle(sim);
    if (hub->machine.store->commit_count != hub->commits_seen) {
        hub->commits_seen = hub->machine.store->commit_count;
        note_durable(sim);
    }
    if (hub->is_recovering) {
        sim_put_back_look(sim);
    }
    sim_absent_look(sim);
    for (; hub->durable_order < sim->oracle.order_count; hub->durable_order++) {
        const struct sim_draft *draft =
            &sim->oracle.drafts[sim->oracle.order[hub->durable_order]];

        if (draft->seq == 0) {
            sim_count(sim, SIM_TOTAL_ERASURES);
            continue;
        }
        sim_require(
            sim, SIM_HUB,
            draft->committed_records ==
                sim_oracle_survivors(&sim->oracle, draft, draft->commit),
            "I17 a change-set is merged whole");
        sim_moves_count(sim, draft);
        for (uint32_t i = 0; i < draft->record_count; i++) {
            sim_people_learn(sim, SIM_HUB, draft->records[i]);
        }
    }
}
