#include "tip_redact.h"

#include "tip_contents.h"
#include "tip_envelope.h"
#include "tip_random.h"
#include "tip_wire_down.h"
#include "tip_wire_record.h"
#include "tip_wire_up.h"

/* What is left of a body has so much room. */
enum {
    LEFT_BYTES_MAX = TIP_FRAME_BYTES_MAX - TIP_WIRE_FRAME_OVERHEAD_MAX -
                     TIP_WIRE_PAST_BYTES_MAX - TIP_FRAME_SEAL_OVERHEAD - 4
};

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
    const struct tip_down_body was = *body;
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
    return err == TIP_OK && *out_is_less
               ? tip_contents_lose(&was, redactor->arena, body)
               : err;
}

/* Pack @body. What is gone of it is not said where it leaves no room: then only
 * we prove what is left. */
static enum tip_err pack_down(struct tip_redactor *redactor,
                              struct tip_frame_header *header,
                              const struct tip_down_body *body,
                              struct tip_buf *out)
{
    struct tip_down_body bare = *body;
    enum tip_err err =
        tip_wire_down_encode(redactor->codec, body, out, &header->dictionary);

    if (err == TIP_ETOOBIG || (err == TIP_OK && out->size > LEFT_BYTES_MAX)) {
        tip_buf_clear(out);
        bare.gone = TIP_BYTES_NONE;
        err = tip_wire_down_encode(redactor->codec, &bare, out,
                                   &header->dictionary);
    }
    return err;
}

/* Of a frame: one of them. */
struct body {
    struct tip_down_body down;
    struct tip_up_body up;
};

/* What is left of what is in @packed. */
static enum tip_err redact_body(struct tip_redactor *redactor,
                                const struct tip_frame_header *header,
                                struct tip_bytes packed, struct body *out_body,
                                bool *out_is_less)
{
    const struct tip_wire_sender sender = {.header = header};
    enum tip_err err;

    if (header->is_down) {
        err = tip_wire_down_decode(redactor->codec, header, packed,
                                   redactor->arena, &out_body->down);
        return err == TIP_OK
                   ? redact_down(redactor, &out_body->down, out_is_less)
                   : err;
    }
    err = tip_wire_up_decode(redactor->codec, &sender, packed, redactor->arena,
                             &out_body->up);
    return err == TIP_OK ? redact_up(redactor, &out_body->up, out_is_less)
                         : err;
}

static enum tip_err pack(struct tip_redactor *redactor,
                         struct tip_frame_header *header,
                         const struct body *body, struct tip_buf *out)
{
    return header->is_down ? pack_down(redactor, header, &body->down, out)
                           : tip_wire_up_encode(redactor->codec, &body->up, out,
                                                &header->dictionary);
}

/* Room for a frame, or for what goes into one. */
static enum tip_err make_room(struct tip_redactor *redactor,
                              struct tip_buf *out_buf)
{
    uint8_t *memory = tip_arena_alloc(redactor->arena, TIP_FRAME_BYTES_MAX);

    if (memory == NULL) {
        return TIP_ENOMEM;
    }
    tip_buf_init(out_buf, memory, TIP_FRAME_BYTES_MAX);
    return TIP_OK;
}

/* Seal @body, which is left of the frame of @parts and @header. */
static enum tip_err
close_left(struct tip_redactor *redactor, const struct tip_frame_key *key,
           const struct tip_wire_frame *parts, struct tip_frame_header *header,
           const struct body *body, struct tip_bytes *out_left)
{
    struct tip_bytes packed;
    struct tip_buf buf, out;
    enum tip_err err = make_room(redactor, &buf);

    if (err == TIP_OK) {
        err = make_room(redactor, &out);
    }
    if (err == TIP_OK) {
        err = pack(redactor, header, body, &buf);
    }
    if (err == TIP_OK) {
        err = tip_buf_finish(&buf, &packed);
    }
    if (err == TIP_OK) {
        header->has_contents = false; /* The past says them. */
        redactor->random->fill(redactor->random, header->salt,
                               sizeof header->salt);
        err = tip_envelope_redact(redactor->keys, key, parts, header, packed,
                                  &out);
    }
    return err == TIP_OK ? tip_buf_finish(&out, out_left) : err;
}

enum tip_err tip_redact_frame(struct tip_redactor *redactor,
                              const struct tip_frame_key *key,
                              struct tip_bytes frame,
                              struct tip_bytes *out_left, bool *out_is_less)
{
    struct tip_frame_header header;
    struct tip_wire_frame parts;
    struct tip_bytes packed, left = frame;
    struct body body;
    bool is_less = false;
    enum tip_err err = tip_envelope_read(frame, &parts, &header);

    if (err == TIP_OK) {
        err = tip_envelope_open(key, &header, &parts, redactor->arena, &packed);
    }
    if (err == TIP_OK) {
        if (tip_wire_frame_is_redacted(&parts)) {
            redactor->carry.owes_control = true; /* By a sweep cut off? */
        }
        err = redact_body(redactor, &header, packed, &body, &is_less);
    }
    if (err == TIP_OK && is_less) {
        err = close_left(redactor, key, &parts, &header, &body, &left);
    }
    if (err == TIP_OK) {
        *out_is_less = is_less;
        *out_left = left;
    }
    return err;
}
