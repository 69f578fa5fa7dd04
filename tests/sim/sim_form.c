/* Forms: what somebody was shown, and reading records as people see them. */
#include "sim_erase.h"
#include "sim_people.h"
#include "sim_rot.h"

static bool find(struct sim *sim, uint32_t party, const struct tip_id *id,
                 uint32_t *out_ordinal)
{
    struct tip_record_ref ref = {.id = *id};
    const struct tip_record_table *table;
    struct tip_txn *txn;
    enum tip_err err;

    if (party == SIM_HUB) {
        table = hub_engine_records(sim->hub.engine);
        err = hub_engine_txn(sim->hub.engine, &txn);
    } else {
        table = node_engine_records(sim->offices[party].engine);
        err = node_engine_txn(sim->offices[party].engine, &txn);
    }
    sim_require(sim, party, err == TIP_OK, "a store can always be read");
    err = tip_record_table_find(table, txn, &ref, out_ordinal);
    sim_require(sim, party,
                err == TIP_OK || err == TIP_ENOTFOUND ||
                    (err == TIP_ESTORE_DAMAGED && party != SIM_HUB &&
                     sim->offices[party].is_rotten),
                "records can be found");
    return err == TIP_OK;
}

bool sim_form_read(struct sim *sim, uint32_t party, uint32_t record,
                   struct tip_record *out_view)
{
    struct tip_wire_record stored;
    uint32_t ordinal;
    enum tip_err err;

    tip_arena_clear(&sim->arena);
    if (!find(sim, party, &sim->oracle.records[record].id, &ordinal)) {
        return false;
    }
    err = party == SIM_HUB
              ? hub_engine_view(sim->hub.engine, ordinal, &sim->arena, out_view)
              : node_engine_view(sim->offices[party].engine, ordinal,
                                 &sim->arena, &stored, out_view);
    if (err == TIP_ESTORE_DAMAGED && sim_rot_excuses(sim, party, record)) {
        return false;
    }
    sim_require(sim, party, err == TIP_OK, "a record that is there is read");
    return true;
}

bool sim_form_look(struct sim *sim, uint32_t party, uint32_t record,
                   struct tip_record *out_view)
{
    bool is_done = sim_erase_is_done(sim, party, record);

    if (party == SIM_HUB && sim->hub.is_recovering) {
        return sim_form_read(sim, party, record, out_view) &&
               out_view->erased == 0;
    }
    if (!sim_form_read(sim, party, record, out_view)) {
        sim_require(sim, party,
                    !is_done ||
                        (party != SIM_HUB && sim->offices[party].is_rotten),
                    "I9 of what was erased the name is kept");
        return false;
    }
    sim_require(sim, party, is_done == (out_view->erased != 0),
                "I9 what was erased never comes back");
    sim_require(sim, party, !is_done || out_view->sibling_count == 0,
                "I9 of what was erased nothing is left");
    return !is_done;
}

bool sim_form_is_stub(struct sim *sim, uint32_t party, uint32_t record)
{
    struct tip_record view;

    return sim_form_read(sim, party, record, &view) && view.erased != 0;
}

bool sim_form_open(struct sim *sim, uint32_t party, uint32_t record,
                   struct sim_form *form)
{
    struct tip_record view;

    if (!sim_form_look(sim, party, record, &view) ||
        view.sibling_count > SIM_FORM_CELLS) {
        return false;
    }
    form->record = record;
    form->shown_ms = sim->now_ms;
    form->seen = party == SIM_HUB
                     ? hub_engine_seen(sim->hub.engine)
                     : node_engine_seen(sim->offices[party].engine);
    form->cell_count = view.sibling_count;
    for (size_t i = 0; i < view.sibling_count; i++) {
        const struct tip_sibling *sibling = &view.siblings[i];

        form->cells[i] = (struct sim_form_cell){
            .field = sibling->field,
            .element = sibling->element,
            .write = sim_oracle_find_write(&sim->oracle, party, record,
                                           tip_record_write(&view, sibling),
                                           sibling)};
    }
    return true;
}

static bool is_shown(const struct sim_form *form, uint32_t write)
{
    for (size_t i = 0; i < form->cell_count; i++) {
        if (form->cells[i].write == write) {
            return true;
        }
    }
    return false;
}

bool sim_form_covers(const struct sim *sim, uint32_t party,
                     const struct sim_form *form, const struct tip_record *view,
                     struct tip_cell cell)
{
    for (size_t i = 0; i < cell.count; i++) {
        const struct tip_sibling *sibling = &cell.siblings[i];
        uint32_t write =
            sim_oracle_find_write(&sim->oracle, party, form->record,
                                  tip_record_write(view, sibling), sibling);

        if (!is_shown(form, write)) {
            return false;
        }
    }
    return true;
}
