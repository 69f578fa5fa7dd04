#include "sim_save.h"

#include "sim_age.h"
#include "sim_check.h"
#include "sim_machine.h"
#include "sim_member.h"
#include "sim_people.h"

/* Was all that the author writes to as it was shown? Note the writes. */
static bool note_writes(struct sim *sim, uint32_t party,
                        const struct sim_entry *entry,
                        const struct tip_record *view)
{
    bool covered = true;

    for (size_t i = 0; i < entry->content.count; i++) {
        const struct tip_change *change = &entry->content.changes[i];
        struct tip_cell cell =
            tip_record_cell(view, change->field, change->element);

        covered =
            covered && (entry->form == NULL ||
                        sim_form_covers(sim, party, entry->form, view, cell));
        sim_oracle_add_write(&sim->oracle, entry->record, change, view, cell);
        if (change->field == TIP_FIELD_OFFICES &&
            change->element != TIP_OFFICE_ALL) {
            sim->oracle.records[entry->record].holders |=
                1U << sim_party_of_office(change->element);
        }
    }
    return covered;
}

/* What must become of an edit of @view, all of which its author had seen, for
 * who holds it? */
static enum tip_err answer_for_holders(uint32_t party,
                                       const struct sim_entry *entry,
                                       const struct tip_record *view)
{
    uint32_t holders = 0;
    bool writes_offices = false;

    for (uint32_t i = 1; i < SIM_PARTIES; i++) {
        holders |=
            tip_merge_contains(view, TIP_FIELD_OFFICES, sim_office_number(i))
                ? 1U << i
                : 0;
    }
    if (party != SIM_HUB && (holders >> party & 1) == 0) {
        return TIP_EACCESS;
    }
    for (size_t i = 0; i < entry->content.count; i++) {
        const struct tip_change *change = &entry->content.changes[i];

        if (change->field == TIP_FIELD_OFFICES) {
            uint32_t bit = 1U << sim_party_of_office(change->element);

            writes_offices = true;
            holders = change->value.kind == TIP_VALUE_NONE ? holders & ~bit
                                                           : holders | bit;
        }
    }
    return writes_offices && holders == 0 ? TIP_EOFFICES : TIP_OK;
}

static enum tip_err answer_for_fields(struct sim *sim, uint32_t party,
                                      const struct sim_entry *entry)
{
    return sim_age_is_unknown(sim, party, &entry->content) ? TIP_EUNKNOWN_FIELD
                                                           : TIP_OK;
}

/* Has @party come to the record since it was shown? What it was shown is then
 * not what others wrote upon. */
static bool has_come(const struct sim *sim, uint32_t party,
                     const struct sim_form *form, const struct tip_record *view)
{
    return party != SIM_HUB &&
           !sim_form_covers(sim, party, form, view,
                            tip_record_cell(view, TIP_FIELD_OFFICES,
                                            sim_office_number(party)));
}

/* Newest commit that people at @party can have been shown. */
static uint64_t shown_to(const struct sim *sim, uint32_t party)
{
    return party == SIM_HUB
               ? hub_engine_seen(sim->hub.engine).commit
               : node_engine_seen(sim->offices[party].engine).commit;
}

/* Have people at @party been told since they were shown @entry's record that a
 * person refused work of theirs in it, or let it in beside that of others? */
static bool was_ruled(const struct sim *sim, uint32_t party,
                      const struct sim_entry *entry)
{
    const struct sim_oracle *oracle = &sim->oracle;
    uint64_t since = entry->form->seen.commit;
    uint64_t until = shown_to(sim, party);

    for (uint32_t w = oracle->records[entry->record].newest;
         party != SIM_HUB && w != SIM_NONE; w = oracle->writes[w].next) {
        const struct sim_draft *draft =
            &oracle->drafts[oracle->writes[w].draft];
        bool is_lowered =
            draft->is_accepted && draft->proven < draft->checkpoint;
        uint64_t ruled = is_lowered ? draft->commit : draft->refused;

        if (sim_oracle_is_own(oracle, party, draft) && ruled > since &&
            ruled <= until) {
            return true;
        }
    }
    return false;
}

/* Note what @entry writes; what must the engine say to it? */
static enum tip_err note_entry(struct sim *sim, uint32_t party,
                               const struct sim_entry *entry)
{
    struct tip_record view = {.sibling_count = 0};
    enum tip_err err;

    if (entry->form == NULL) {
        (void)note_writes(sim, party, entry, &view);
        return answer_for_fields(sim, party, entry);
    }
    if (!sim_form_look(sim, party, entry->record, &view)) {
        sim_check_record(sim, party, entry->record);
        (void)note_writes(sim, party, entry, &view);
        return sim_form_is_stub(sim, party, entry->record) ? TIP_EERASED
                                                           : TIP_ENOTFOUND;
    }
    if (!note_writes(sim, party, entry, &view)) {
        return TIP_ECHANGED;
    }
    if (sim_member_is_for_all(&sim->oracle, entry->record)) {
        return answer_for_fields(sim, party, entry);
    }
    err = answer_for_holders(party, entry, &view);
    err = err == TIP_OK ? answer_for_fields(sim, party, entry) : err;
    return err == TIP_OK && (has_come(sim, party, entry->form, &view) ||
                             was_ruled(sim, party, entry))
               ? TIP_ECHANGED
               : err;
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
                       const struct sim_entry *entries, enum tip_err err)
{
    const struct sim_form *form = entries[0].form;

    if (form == NULL) {
        sim_count(sim, SIM_TOTAL_CREATIONS);
        return;
    }
    if (form->shown_ms < sim->now_ms &&
        (err == TIP_OK || err == TIP_ECHANGED)) {
        sim_count(sim, err == TIP_OK ? SIM_TOTAL_STILL_TRUE : SIM_TOTAL_STALE);
    }
    if (err == TIP_OK) {
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

/* May the record be one that is gone, or is to come again? Then it is said so,
 * and the form is shown again. */
static bool is_repair(struct sim *sim, uint32_t party,
                      const struct sim_entry *entries, size_t count,
                      enum tip_err err)
{
    struct node_status status;
    bool is_old = false;

    if (party == SIM_HUB || !sim->offices[party].is_rotten) {
        return false;
    }
    node_engine_status(sim->offices[party].engine, &status);
    for (size_t i = 0; i < count; i++) {
        is_old =
            is_old || (entries[i].form != NULL &&
                       entries[i].form->seen.mends !=
                           node_engine_seen(sim->offices[party].engine).mends);
    }
    return err == TIP_ESTORE_DAMAGED || (err == TIP_ECHANGED && is_old) ||
           (err == TIP_ESENT_AGAIN && status.is_sent_again);
}

static void count_refusal(struct sim *sim, enum tip_err err)
{
    if (err == TIP_EOFFICES) {
        sim_count(sim, SIM_TOTAL_LAST_HOLDERS);
    } else if (err == TIP_EACCESS || err == TIP_ENOTFOUND) {
        sim_count(sim, SIM_TOTAL_GONE_FORMS);
    } else if (err == TIP_EERASED) {
        sim_count(sim, SIM_TOTAL_ERASED_FORMS);
    } else if (err == TIP_EUNKNOWN_FIELD) {
        sim_count(sim, SIM_TOTAL_UNKNOWN_FIELDS);
    }
}

/* Note what is about to be saved; what must the engine say to it? */
static enum tip_err note_draft(struct sim *sim, uint32_t party,
                               const struct sim_entry *entries, size_t count,
                               uint64_t *out_seq)
{
    uint32_t number = sim_oracle_add_draft(&sim->oracle, party);
    enum tip_err due = TIP_OK;

    sim->oracle.drafts[number].checkpoint = shown_to(sim, party);
    *out_seq = sim->oracle.drafts[number].seq;
    for (size_t i = 0; i < count; i++) {
        enum tip_err err = note_entry(sim, party, &entries[i]);

        due = due == TIP_OK ? err : due;
    }
    return due;
}

/* Whoever holds a record no more is told that first, whatever a ruling let
 * appear under what they wrote. */
static bool is_told_first(const struct sim *sim, uint32_t party,
                          const struct sim_entry *entries, size_t count,
                          enum tip_err err)
{
    bool ruled = false;

    for (size_t i = 0; i < count && err == TIP_EACCESS; i++) {
        ruled = ruled ||
                (entries[i].form != NULL && was_ruled(sim, party, &entries[i]));
    }
    return ruled;
}

/* Was something shown before the office went on under another origin? What its
 * author had written last has another number now: it may be shown again. */
static bool is_from_before(const struct sim *sim, uint32_t party,
                           const struct sim_entry *entries, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (party != SIM_HUB && entries[i].form != NULL &&
            entries[i].form->shown_ms <= sim->offices[party].went_on_ms) {
            return true;
        }
    }
    return false;
}

bool sim_save(struct sim *sim, uint32_t party, const struct sim_entry *entries,
              size_t count, const char *reason)
{
    struct tip_saved saved = {.seq = 0};
    uint64_t seq;
    enum tip_err due = note_draft(sim, party, entries, count, &seq);
    enum tip_err err = save(sim, party, entries, count, reason, &saved);

    sim_note(sim, "save", party, seq, (uint64_t)err);
    if (err != TIP_OK) {
        sim_oracle_lose(&sim->oracle, party,
                        sim->oracle.feeds[party].count - 1);
    }
    if (is_disk(sim_machine_of(sim, party), err)) {
        return false;
    }
    if (is_repair(sim, party, entries, count, err)) {
        sim_count(sim, SIM_TOTAL_SAVES_WAITED);
        return false;
    }
    if (is_told_first(sim, party, entries, count, err) ||
        (err == TIP_ECHANGED && is_from_before(sim, party, entries, count))) {
        due = err;
    }
    sim_require(sim, party, due != TIP_ECHANGED || err == TIP_ECHANGED,
                "I7 a save over a value its author did not see is refused");
    sim_require(sim, party, due != TIP_OK || err == TIP_OK,
                "a save that saw everything is taken");
    sim_require(sim, party, due == err,
                "I11 nobody writes what they hold no more, leaves it to nobody "
                "or writes what their catalogue does not know");
    count_form(sim, party, entries, err);
    if (err != TIP_OK) {
        count_refusal(sim, err);
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
    if (is_repair(sim, party, entry, 1, err)) {
        sim_count(sim, SIM_TOTAL_SAVES_WAITED);
        return;
    }
    sim_require(sim, party, err == TIP_EACCESS || err == TIP_ECHANGED,
                "I2 nobody writes a record of others");
    sim_count(sim, SIM_TOTAL_FORBIDDEN);
}
