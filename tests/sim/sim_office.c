/* An office: the node's engine on its machine, and what it is believed of. */
#include <string.h>

#include "fake_store.h"
#include "sim_age.h"
#include "sim_check.h"
#include "sim_erase.h"
#include "sim_line.h"
#include "sim_machine.h"
#include "sim_member.h"
#include "sim_party.h"
#include "sim_people.h"
#include "sim_program.h"
#include "sim_restored.h"
#include "tip_wire_record.h"

/* What an engine says of itself, to see that nothing of it changed. */
static struct node_status status_of(const struct sim_office *office)
{
    struct node_status status;

    node_engine_status(office->engine, &status);
    return status;
}

static void draw_identity(struct sim *sim, uint32_t party)
{
    struct sim_office *office = &sim->offices[party];
    struct tip_random *random = &office->machine.entropy.base;
    const struct tip_device_public *hub =
        tip_device_keys_public(sim->hub.machine.keys);

    office->identity =
        (struct node_identity){.origin = sim_origin_of(party),
                               .office = sim_office_number(party),
                               .key_epoch = 1,
                               .ref_secret = sim->hub.ref_secret,
                               .hub_origin = HUB_ORIGIN,
                               .hub_sign = hub->sign,
                               .hub_box = hub->box};
    random->fill(random, office->identity.office_secret.bytes,
                 sizeof office->identity.office_secret.bytes);
}

void sim_office_init(struct sim *sim, uint32_t party)
{
    struct sim_office *office = &sim->offices[party];
    struct sim_known known = office->known;
    struct sim_known busy = office->busy;

    known.count = 0;
    busy.count = 0;
    *office = (struct sim_office){.known = known, .busy = busy};
    sim_machine_init(sim, &office->machine, party);
    sim_line_init(sim, party);
    draw_identity(sim, party);
    for (size_t i = 0; i < SIM_FORMS; i++) {
        office->forms[i].record = SIM_NONE;
    }
    office->machine.is_up = true;
    office->machine.incarnation = 1;
    sim_office_open(sim, office);
}

void sim_office_close(struct sim_office *office)
{
    node_engine_close(office->engine);
    office->engine = NULL;
}

/* Nothing of what matters has changed. */
static bool is_same(const struct node_status *a, const struct node_status *b)
{
    return a->session == b->session && a->saved == b->saved &&
           a->framed == b->framed && a->confirmed == b->confirmed &&
           a->decided == b->decided && a->checkpoint == b->checkpoint &&
           a->generation == b->generation;
}

/* A frame that a full, failed or rotten disk could not keep ends the session at
 * once, each time it comes, until there is room or a row is mended. */
static bool is_disk_in_the_way(const struct sim_machine *machine,
                               const struct node_status *before,
                               const struct node_status *after)
{
    return (machine->is_disk_full || machine->is_disk_failed ||
            after->trouble == TIP_ESTORE_DAMAGED) &&
           before->session == TIP_NODE_LIVE && after->session == TIP_NODE_DOWN;
}

void sim_office_receive(struct sim *sim, struct sim_office *office,
                        struct sim_packet *packet)
{
    struct sim_machine *machine = &office->machine;
    struct node_status before = status_of(office);
    struct node_status after;

    sim_line_note(sim, "receive", machine->party, packet);
    node_engine_receive(office->engine, tip_bytes(packet->bytes, packet->size));
    if (!sim_machine_is_dead(machine)) {
        sim_restored_look(sim, office);
    }
    after = status_of(office);
    if (packet->is_tampered) {
        sim_count(sim, SIM_TOTAL_TAMPER_CHECKS);
        sim_require(sim, machine->party, is_same(&before, &after),
                    "I19 a changed byte changes nothing");
    } else if (packet->taken_by == machine->incarnation) {
        sim_count(sim, SIM_TOTAL_REPEAT_CHECKS);
        sim_require(sim, machine->party, is_same(&before, &after),
                    "I5 a repeated message changes nothing");
    } else if (is_disk_in_the_way(machine, &before, &after)) {
        machine->incarnation++; /* What it had taken in is gone. */
    } else if (!is_same(&before, &after)) {
        packet->taken_by = machine->incarnation;
    }
    sim_require(sim, machine->party,
                after.session != TIP_NODE_STOPPED || office->is_restored,
                "I4 an honest node sees no fork");
    sim_require(sim, machine->party,
                after.feed == before.feed || before.is_recovering,
                "I21 an office on its way back from a backup says why");
    sim_machine_stir(sim, machine);
}

/* Is @record, new here, so large that it came in several parts? */
static bool came_in_parts(struct sim *sim, uint32_t party, uint32_t record)
{
    static uint8_t memory[TIP_STATE_BYTES_MAX];
    struct tip_wire_record whole = {.overlay_count = 0};
    struct tip_buf buf;

    tip_buf_init(&buf, memory, sizeof memory);
    return sim_form_look(sim, party, record, &whole.record) &&
           tip_wire_record_encode(&whole, &buf) == TIP_OK &&
           buf.size > TIP_STATE_PART_BYTES_MAX;
}

/* @draft, now visible here, changed whether @party holds @record. */
static void note_move(struct sim *sim, uint32_t party, uint32_t record,
                      const struct sim_draft *draft, bool is_member)
{
    struct tip_record copy;

    if (!is_member) {
        sim_count(sim, sim_form_look(sim, party, record, &copy)
                           ? SIM_TOTAL_COPIES_KEPT
                           : SIM_TOTAL_COPIES_GONE);
        return;
    }
    if (&sim->oracle.drafts[sim->oracle.records[record].birth] != draft) {
        sim_count(sim, SIM_TOTAL_HANDED_ON);
        if (came_in_parts(sim, party, record)) {
            sim_count(sim, SIM_TOTAL_MANY_PARTS);
        }
    }
}

/* A commit of @record has become visible here. */
static void learn_record(struct sim *sim, uint32_t party, uint32_t record,
                         const struct sim_draft *draft)
{
    const struct sim_oracle *oracle = &sim->oracle;
    bool is_for_all = sim_member_is_for_all(oracle, record);
    bool is_member =
        is_for_all ||
        sim_member_stay(oracle, record, party, draft->commit).is_member;
    bool was_member =
        is_for_all ||
        sim_member_stay(oracle, record, party, draft->commit - 1).is_member;

    sim_check_record(sim, party, record);
    if (was_member != is_member) {
        note_move(sim, party, record, draft, is_member);
    }
    if (is_member &&
        (draft->party != party || !sim_oracle_is_on_disk(oracle, draft))) {
        sim_people_learn(sim, party, record);
    }
}

/* Records whose commits have become visible here. */
static void learn(struct sim *sim, struct sim_office *office,
                  uint64_t checkpoint)
{
    struct sim_oracle *oracle = &sim->oracle;
    uint32_t party = office->machine.party;

    while (office->order_seen < sim->hub.durable_order) {
        const struct sim_draft *draft =
            &oracle->drafts[oracle->order[office->order_seen]];

        if (draft->commit > checkpoint) {
            return;
        }
        sim_age_shown(sim, party, draft);
        for (uint32_t i = 0; i < draft->record_count; i++) {
            if ((oracle->records[draft->records[i]].holders >> party & 1) ==
                0) {
                continue;
            }
            if (sim_erase_is_done(sim, party, draft->records[i])) {
                sim_check_record(sim, party, draft->records[i]);
            } else {
                learn_record(sim, party, draft->records[i], draft);
            }
        }
        office->order_seen++;
    }
}

/* What is durable there has just been made so, or was read anew. */
static void note_checkpoint(struct sim *sim, struct sim_office *office,
                            uint64_t checkpoint)
{
    sim_require(sim, office->machine.party, checkpoint >= office->checkpoint,
                "I6 a checkpoint never falls");
    sim_erase_note(sim, office, checkpoint);
    if (checkpoint != office->checkpoint) {
        office->checkpoint = checkpoint;
        learn(sim, office, checkpoint);
    }
}

void sim_office_open(struct sim *sim, struct sim_office *office)
{
    struct sim_machine *machine = &office->machine;
    struct node_engine_opts opts = {.store = &machine->store->base,
                                    .link = sim_line_link(machine->party),
                                    .clock = &machine->clock.base,
                                    .random = &machine->entropy.base,
                                    .schema = &machine->catalogue.base,
                                    .keys = machine->keys,
                                    .identity = &office->identity,
                                    .version = tip_bytes_text("sim"),
                                    .catalogue = sim_age_number(machine),
                                    .frame_bytes =
                                        sim->weather.is_size_blind ? 1 : 0};
    struct node_status status;

    sim_program_opens(sim, machine->party);
    sim_require(sim, machine->party,
                node_engine_open(&opts, &office->engine) == TIP_OK,
                "I1 a node opens over what it has stored");
    sim_restored_look(sim, office);
    status = status_of(office);
    sim_machine_reconcile(sim, machine, status.saved);
    note_checkpoint(sim, office, status.checkpoint);
    office->progress_ms = sim->now_ms;
}

void sim_office_flushed(struct sim *sim, struct sim_office *office,
                        enum tip_err err)
{
    struct node_status status = status_of(office);

    sim_machine_reconcile(sim, &office->machine, status.saved);
    if (err == TIP_OK) {
        note_checkpoint(sim, office, status.checkpoint);
    }
}
