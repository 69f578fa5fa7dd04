#include "sim_save.h"

/* Compare what the author was shown with what is there now, and note the
 * writes; false if any cell was written meanwhile. */
static bool note_writes(struct sim *sim, uint32_t party,
                        const struct sim_entry *entry)
{
    struct tip_record view = {.sibling_count = 0};
    bool covered = true;

    if (entry->form != NULL) {
        sim_require(sim, party, sim_form_look(sim, party, entry->record, &view),
                    "I1 a record that was shown stays");
    }
    for (size_t i = 0; i < entry->content.count; i++) {
        const struct tip_change *change = &entry->content.changes[i];
        struct tip_cell cell =
            tip_record_cell(&view, change->field, change->element);

        covered = covered && (entry->form == NULL ||
                              sim_form_covers(entry->form, &view, cell));
        sim_oracle_add_write(&sim->oracle, entry->record, change, &view, cell);
    }
    return covered;
}

static enum tip_err save(struct sim *sim, uint32_t party,
                         const struct sim_entry *entries, size_t count,
                         const char *reason, struct tip_saved *out_saved)
{
    struct tip_draft_record records[SIM_DRAFT_RECORDS];
    struct tip_draft draft = {.records = records,
                              .record_count = count,
                              .author = tip_bytes_text("mariem"),
                              .reason = tip_bytes_text(reason)};

    for (size_t i = 0; i < count; i++) {
        const struct sim_record *record =
            &sim->oracle.records[entries[i].record];
        const struct sim_form *form = entries[i].form;

        records[i] =
            (struct tip_draft_record){.id = record->id,
                                      .is_new = form == NULL,
                                      .type = form == NULL ? record->type : 0,
                                      .changes = entries[i].content.changes,
                                      .change_count = entries[i].content.count};
        if (form != NULL) {
            records[i].seen = form->seen;
        }
    }
    return party == SIM_HUB
               ? hub_engine_save(sim->hub.engine, &draft, out_saved)
               : node_engine_save(sim->offices[party].engine, &draft,
                                  out_saved);
}

static void count_form(struct sim *sim, uint32_t party,
                       const struct sim_entry *entries, bool taken)
{
    const struct sim_form *form = entries[0].form;

    if (form == NULL) {
        sim_count(sim, SIM_TOTAL_CREATIONS);
        return;
    }
    if (form->shown_ms < sim->now_ms) {
        sim_count(sim, taken ? SIM_TOTAL_STILL_TRUE : SIM_TOTAL_STALE);
    }
    if (taken) {
        sim_count(sim,
                  party == SIM_HUB ? SIM_TOTAL_HUB_EDITS : SIM_TOTAL_EDITS);
    }
}

/* May the machine's disk be the reason of @err? */
static bool is_disk(const struct sim_machine *machine, enum tip_err err)
{
    return (err == TIP_ESTORE_FULL && machine->expects_full) ||
           (err == TIP_ESTORE_FAILED && machine->is_disk_failed);
}

bool sim_save(struct sim *sim, uint32_t party, const struct sim_entry *entries,
              size_t count, const char *reason)
{
    struct sim_machine *machine = sim_machine_of(sim, party);
    uint32_t number = sim_oracle_add_draft(&sim->oracle, party);
    uint64_t seq = sim->oracle.drafts[number].seq;
    struct tip_saved saved = {.seq = 0};
    bool covered = true;
    enum tip_err err;

    for (size_t i = 0; i < count; i++) {
        covered = note_writes(sim, party, &entries[i]) && covered;
    }
    err = save(sim, party, entries, count, reason, &saved);
    sim_note(sim, "save", party, seq, (uint64_t)err);
    if (err != TIP_OK) {
        sim_oracle_lose(&sim->oracle, party, seq - 1);
    }
    if (is_disk(machine, err)) {
        return false;
    }
    sim_require(sim, party, covered || err == TIP_ECHANGED,
                "I7 a save over a value its author did not see is refused");
    sim_require(sim, party, !covered || err == TIP_OK,
                "a save that saw everything is taken");
    count_form(sim, party, entries, err == TIP_OK);
    if (err != TIP_OK) {
        return false;
    }
    sim_require(sim, party, saved.seq == seq, "I3 seqs count 1, 2, 3");
    if (count > 1) {
        sim_count(sim, SIM_TOTAL_TWO_RECORDS);
    }
    for (size_t i = 0; i < count; i++) {
        sim_check_record(sim, party, entries[i].record);
    }
    return true;
}

void sim_save_forbidden(struct sim *sim, uint32_t party,
                        const struct sim_entry *entry)
{
    struct tip_saved saved;
    enum tip_err err = save(sim, party, entry, 1, "", &saved);

    if (is_disk(sim_machine_of(sim, party), err)) {
        return;
    }
    sim_require(sim, party, err == TIP_EACCESS || err == TIP_ECHANGED,
                "I2 nobody writes a record of others");
    sim_count(sim, SIM_TOTAL_FORBIDDEN);
}
