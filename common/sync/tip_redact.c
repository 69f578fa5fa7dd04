#include "tip_redact.h"

#include "tip_envelope.h"
#include "tip_random.h"
#include "tip_wire_down.h"
#include "tip_wire_record.h"
#include "tip_wire_up.h"

/* Which records of @set were erased, an array of its record_count. */
static enum tip_err find_erased(struct tip_redactor *redactor,
                                const struct tip_change_set *set,
                                bool **out_erased, size_t *out_count)
{
    bool *erased = tip_arena_alloc_array(redactor->arena, set->record_count,
                                         sizeof *erased);
    enum tip_err err = erased == NULL ? TIP_ENOMEM : TIP_OK;

    *out_count = 0;
    for (size_t i = 0; i < set->record_count && err == TIP_OK; i++) {
        err = redactor->is_erased(redactor, &set->records[i], &erased[i]);
        *out_count += err == TIP_OK && erased[i] ? 1 : 0;
    }
    *out_erased = erased;
    return err;
}

enum tip_err tip_redact_names(struct tip_redactor *redactor,
                              const struct tip_change_set *sets, size_t count,
                              bool *out_does)
{
    size_t named = 0;
    enum tip_err err = TIP_OK;

    for (size_t i = 0; i < count && named == 0 && err == TIP_OK; i++) {
        bool *erased;

        err = find_erased(redactor, &sets[i], &erased, &named);
    }
    *out_does = err == TIP_OK && named != 0;
    return err;
}

/* The changes of @set to records that were not erased. */
static enum tip_err keep_changes(struct tip_redactor *redactor,
                                 const struct tip_change_set *set,
                                 const bool *erased,
                                 struct tip_change_set *out_set)
{
    struct tip_change *changes = tip_arena_alloc_array(
        redactor->arena, set->change_count, sizeof *changes);

    if (changes == NULL) {
        return TIP_ENOMEM;
    }
    *out_set = *set;
    out_set->reason = TIP_BYTES_NONE;
    out_set->changes = changes;
    out_set->change_count = 0;
    for (size_t i = 0; i < set->change_count; i++) {
        if (!erased[set->changes[i].record]) {
            changes[out_set->change_count++] = set->changes[i];
        }
    }
    return TIP_OK;
}

enum tip_err tip_redact_set(struct tip_redactor *redactor,
                            const struct tip_change_set *set,
                            struct tip_change_set *out_set, bool *out_is_less)
{
    size_t count;
    bool *erased;
    enum tip_err err = find_erased(redactor, set, &erased, &count);

    *out_set = *set;
    *out_is_less = false;
    if (err == TIP_OK && count != 0) {
        err = keep_changes(redactor, set, erased, out_set);
        *out_is_less = out_set->change_count != set->change_count ||
                       out_set->reason.size != set->reason.size;
    }
    return err;
}

/* Take the records that were erased out of @set, which has lost its changes to
 * them. */
static enum tip_err drop_names(struct tip_redactor *redactor,
                               const bool *erased, struct tip_change_set *set)
{
    struct tip_record_ref *refs =
        tip_arena_alloc_array(redactor->arena, set->record_count, sizeof *refs);
    struct tip_change *changes = tip_arena_alloc_array(
        redactor->arena, set->change_count, sizeof *changes);
    size_t next = 0;
    size_t kept = 0;

    if (refs == NULL || changes == NULL) {
        return TIP_ENOMEM;
    }
    for (size_t i = 0; i < set->record_count; i++) {
        for (; next < set->change_count && set->changes[next].record == i;
             next++) {
            changes[next] = set->changes[next];
            changes[next].record = (uint32_t)kept;
        }
        if (!erased[i]) {
            refs[kept++] = set->records[i];
        }
    }
    set->records = refs;
    set->record_count = kept;
    set->changes = changes;
    return TIP_OK;
}

static enum tip_err redact_told(struct tip_redactor *redactor,
                                struct tip_item *item, bool *out_is_less,
                                bool *out_is_nothing)
{
    const struct tip_change_set told = item->set;
    size_t count;
    bool *erased;
    enum tip_err err = find_erased(redactor, &told, &erased, &count);

    *out_is_less = err == TIP_OK && count != 0;
    *out_is_nothing = err == TIP_OK && count == told.record_count;
    if (!*out_is_less || *out_is_nothing) {
        return err;
    }
    err = keep_changes(redactor, &told, erased, &item->set);
    return err == TIP_OK ? drop_names(redactor, erased, &item->set) : err;
}

static enum tip_err redact_state(struct tip_redactor *redactor,
                                 const struct tip_item *item,
                                 bool *out_is_nothing)
{
    struct tip_wire_record_peek peek;
    struct tip_record_ref ref = {.type = 0};
    enum tip_err err = TIP_OK;

    if (item->state.offset == 0) {
        redactor->carry.in_erased_state = false;
        err = tip_wire_record_peek(item->state.bytes, &peek);
        if (err == TIP_OK) {
            ref.id = peek.id;
            err = redactor->is_erased(redactor, &ref,
                                      &redactor->carry.in_erased_state);
        }
    }
    *out_is_nothing = redactor->carry.in_erased_state;
    if (!tip_state_part_is_open(&item->state)) {
        redactor->carry.in_erased_state = false;
    }
    return err;
}

static enum tip_err redact_ruling(struct tip_redactor *redactor,
                                  struct tip_ruling *ruling, bool *out_is_less)
{
    enum tip_err err = TIP_OK;

    if (ruling->reason.size != 0) {
        err = redactor->is_ruled(redactor, ruling, out_is_less);
    }
    if (*out_is_less) {
        ruling->reason = TIP_BYTES_NONE;
    }
    return err;
}

enum tip_err tip_redact_item(struct tip_redactor *redactor,
                             const struct tip_item *item,
                             struct tip_item *out_item, bool *out_is_less,
                             bool *out_is_nothing)
{
    enum tip_err err = TIP_OK;

    *out_item = *item;
    *out_is_less = false;
    *out_is_nothing = false;
    if (item->kind == TIP_ITEM_SET) {
        err = redact_told(redactor, out_item, out_is_less, out_is_nothing);
    } else if (item->kind == TIP_ITEM_STATE) {
        err = redact_state(redactor, item, out_is_nothing);
        *out_is_less = *out_is_nothing;
    } else if (item->kind == TIP_ITEM_RULING) {
        err = redact_ruling(redactor, &out_item->ruling, out_is_less);
    }
    return err;
}

static enum tip_err redact_up(struct tip_redactor *redactor,
                              struct tip_up_body *body, bool *out_is_less)
{
    struct tip_change_set *sets =
        tip_arena_alloc_array(redactor->arena, body->set_count, sizeof *sets);
    enum tip_err err = sets == NULL ? TIP_ENOMEM : TIP_OK;

    *out_is_less = false;
    for (size_t i = 0; i < body->set_count && err == TIP_OK; i++) {
        bool is_less = false;

        err = tip_redact_set(redactor, &body->sets[i], &sets[i], &is_less);
        *out_is_less = *out_is_less || is_less;
    }
    body->sets = sets;
    return err;
}

/* Without what is missing only who has erased it is up to the checkpoint. It
 * may stand in a later frame, of which nothing goes: that is written again. */
static void presume_erasures(struct tip_redactor *redactor,
                             struct tip_down_body *body, bool *is_less)
{
    struct tip_redact_carry *carry = &redactor->carry;

    carry->owes_control = carry->owes_control || *is_less;
    if (!carry->owes_control || !body->has_checkpoint) {
        return;
    }
    carry->owes_control = false;
    if (body->checkpoint.control < redactor->control) {
        body->checkpoint.control = redactor->control;
        *is_less = true;
    }
}

static enum tip_err redact_down(struct tip_redactor *redactor,
                                struct tip_down_body *body, bool *out_is_less)
{
    struct tip_item *items =
        tip_arena_alloc_array(redactor->arena, body->item_count, sizeof *items);
    enum tip_err err = items == NULL ? TIP_ENOMEM : TIP_OK;
    size_t kept = 0;

    *out_is_less = false;
    for (size_t i = 0; i < body->item_count && err == TIP_OK; i++) {
        bool is_less = false;
        bool is_nothing = false;

        err = tip_redact_item(redactor, &body->items[i], &items[kept], &is_less,
                              &is_nothing);
        *out_is_less = *out_is_less || is_less;
        kept += is_nothing ? 0 : 1;
    }
    body->items = items;
    body->item_count = kept;
    if (err == TIP_OK) {
        presume_erasures(redactor, body, out_is_less);
    }
    return err;
}

/* What is left of the body of a frame, packed, in @out; empty: all of it. */
static enum tip_err repack(struct tip_redactor *redactor,
                           struct tip_frame_header *header,
                           struct tip_bytes packed, struct tip_buf *out,
                           bool *out_is_less)
{
    const struct tip_wire_sender sender = {.header = header};
    struct tip_down_body down;
    struct tip_up_body up;
    enum tip_err err;

    if (header->is_down) {
        err = tip_wire_down_decode(redactor->codec, header, packed,
                                   redactor->arena, &down);
        if (err == TIP_OK) {
            err = redact_down(redactor, &down, out_is_less);
        }
        return err != TIP_OK || !*out_is_less
                   ? err
                   : tip_wire_down_encode(redactor->codec, &down, out,
                                          &header->dictionary);
    }
    err = tip_wire_up_decode(redactor->codec, &sender, packed, redactor->arena,
                             &up);
    if (err == TIP_OK) {
        err = redact_up(redactor, &up, out_is_less);
    }
    return err != TIP_OK || !*out_is_less
               ? err
               : tip_wire_up_encode(redactor->codec, &up, out,
                                    &header->dictionary);
}

enum tip_err tip_redact_frame(struct tip_redactor *redactor,
                              const struct tip_frame_key *key,
                              struct tip_bytes frame, struct tip_buf *out,
                              bool *out_is_less)
{
    uint8_t memory[TIP_FRAME_BYTES_MAX];
    struct tip_frame_header header;
    struct tip_wire_frame parts;
    struct tip_bytes packed, left;
    struct tip_buf buf;
    enum tip_err err = tip_envelope_read(frame, &parts, &header);

    tip_buf_init(&buf, memory, sizeof memory);
    *out_is_less = false;
    if (err == TIP_OK) {
        err = tip_envelope_open(key, &header, &parts, redactor->arena, &packed);
    }
    if (err == TIP_OK) {
        if (tip_wire_frame_is_redacted(&parts)) {
            redactor->carry.owes_control = true; /* By a sweep cut off? */
        }
        err = repack(redactor, &header, packed, &buf, out_is_less);
    }
    if (err != TIP_OK || !*out_is_less) {
        return err;
    }
    redactor->random->fill(redactor->random, header.salt, sizeof header.salt);
    err = tip_buf_finish(&buf, &left);
    return err == TIP_OK ? tip_envelope_redact(redactor->keys, key, &parts,
                                               &header, left, out)
                         : err;
}
