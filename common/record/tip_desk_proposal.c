#include "tip_desk_proposal.h"

#include "tip_desk_layout.h"

/* Proposals while they are laid out. */
struct proposing {
    struct tip_desk *desk;
    const struct tip_change_set *set;
    struct tip_arena *arena;
    struct tip_desk_proposal *made;
    size_t count;
};

/* One record of it: as it stands, and as it would with the change-set. */
struct target {
    struct tip_record now;
    struct tip_record with;
    struct tip_desk_lens lens;
    struct tip_desk_ring ring;
    bool is_new;
};

static enum tip_err find(struct proposing *proposing, size_t i,
                         struct target *target)
{
    const struct tip_record_ref *ref = &proposing->set->records[i];
    struct tip_desk *desk = proposing->desk;
    struct tip_wire_record stored;
    struct tip_txn *txn;
    uint32_t ordinal;
    enum tip_err err = desk->txn(desk, &txn);

    if (err == TIP_OK) {
        err = tip_record_table_find(desk->records(desk), txn, ref, &ordinal);
    }
    target->is_new = err == TIP_ENOTFOUND;
    if (target->is_new) {
        tip_record_init(&target->now, &ref->id, ref->type,
                        proposing->set->office);
        return TIP_OK;
    }
    if (err == TIP_OK) {
        err =
            desk->view(desk, ordinal, proposing->arena, &stored, &target->with);
    }
    if (err == TIP_OK) {
        target->now = stored.record; /* Without what nobody has decided. */
    }
    return err;
}

/* Its keys may come with it, so values are opened as it would leave them. */
static enum tip_err add_changes(struct proposing *proposing, size_t i,
                                struct target *target)
{
    struct tip_write write = tip_write_of(proposing->set, 0, TIP_VERDICT_GOOD);
    struct tip_record dead;
    size_t count;
    const struct tip_change *changes =
        tip_change_set_part(proposing->set, i, &count);

    target->with = target->now;
    return tip_record_apply(&target->with, &write, changes, count,
                            proposing->arena, &dead);
}

static void begin(struct proposing *proposing, struct target *target)
{
    struct tip_desk *desk = proposing->desk;

    tip_desk_ring_init(&target->ring, desk, &target->with, proposing->arena);
    target->lens = (struct tip_desk_lens){.desk = desk,
                                          .ring = &target->ring,
                                          .since = desk->seen(desk),
                                          .arena = proposing->arena};
    if (desk->catalogue != NULL) {
        target->lens.type =
            tip_catalogue_type(desk->catalogue, target->with.type);
    }
}

/* What @change would write, as if nothing else were there. */
static enum tip_err show_value(struct proposing *proposing,
                               struct target *target,
                               const struct tip_change *change,
                               struct tip_desk_value *out_value)
{
    struct tip_write write = tip_write_of(proposing->set, 0, TIP_VERDICT_GOOD);
    struct tip_sibling sibling = {.field = change->field,
                                  .element = change->element,
                                  .value = change->value};
    struct tip_record alone = {.type = target->with.type,
                               .writes = &write,
                               .write_count = 1,
                               .siblings = &sibling,
                               .sibling_count = 1};

    return tip_desk_value_show(&target->lens, &alone, &sibling, out_value);
}

static enum tip_err show_now(struct proposing *proposing, struct target *target,
                             const struct tip_change *change,
                             struct tip_desk_proposal *proposal)
{
    struct tip_reading reading = tip_merge_read(
        &target->now,
        tip_record_cell(&target->now, change->field, change->element),
        proposing->desk->schema);

    proposal->has_now = reading.shown != NULL;
    return proposal->has_now
               ? tip_desk_value_show(&target->lens, &target->now, reading.shown,
                                     &proposal->now)
               : TIP_OK;
}

static enum tip_err propose(struct proposing *proposing, struct target *target,
                            const struct tip_change *change)
{
    struct tip_desk_proposal proposal = {
        .id = target->with.id,
        .type_name = target->lens.type == NULL ? TIP_BYTES_NONE
                                               : target->lens.type->name,
        .is_new = target->is_new};
    struct tip_desk_title title;
    enum tip_err err = tip_desk_title(&target->lens, change->field, &title);

    if (err != TIP_OK || title.is_hidden) {
        return err;
    }
    proposal.name = title.name;
    proposal.label = title.label;
    err = show_value(proposing, target, change, &proposal.value);
    if (err == TIP_OK) {
        err = show_now(proposing, target, change, &proposal);
    }
    if (err == TIP_OK) {
        proposing->made[proposing->count++] = proposal;
    }
    return err;
}

static enum tip_err propose_record(struct proposing *proposing, size_t i)
{
    struct target target;
    size_t count;
    const struct tip_change *changes =
        tip_change_set_part(proposing->set, i, &count);
    enum tip_err err = find(proposing, i, &target);

    if (err == TIP_OK) {
        err = add_changes(proposing, i, &target);
    }
    if (err != TIP_OK) {
        return err;
    }
    begin(proposing, &target);
    for (size_t c = 0; c < count && err == TIP_OK; c++) {
        err = propose(proposing, &target, &changes[c]);
    }
    tip_desk_ring_wipe(&target.ring);
    return err;
}

enum tip_err tip_desk_propose(struct tip_desk *desk,
                              const struct tip_change_set *set,
                              struct tip_arena *arena,
                              const struct tip_desk_proposal **out_proposals,
                              size_t *out_count)
{
    struct proposing proposing = {.desk = desk, .set = set, .arena = arena};
    enum tip_err err = TIP_OK;

    proposing.made =
        tip_arena_alloc_array(arena, set->change_count, sizeof *proposing.made);
    if (proposing.made == NULL) {
        return TIP_ENOMEM;
    }
    for (size_t i = 0; i < set->record_count && err == TIP_OK; i++) {
        err = propose_record(&proposing, i);
    }
    if (err == TIP_OK) {
        *out_proposals = proposing.made;
        *out_count = proposing.count;
    }
    return err;
}
