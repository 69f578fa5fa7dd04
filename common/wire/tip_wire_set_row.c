#include "tip_wire_row.h"

/* How a change-set names a record. */
enum { REF_HAS_ID = 1 << 0, REF_HAS_BIRTH = 1 << 1 };

static void put_ref(struct tip_buf *buf, const struct tip_record_ref *ref)
{
    bool has_id = !tip_id_is_none(&ref->id);
    bool has_birth = ref->birth_commit != 0;

    tip_buf_put_u8(buf, (uint8_t)((has_id ? REF_HAS_ID : 0) |
                                  (has_birth ? REF_HAS_BIRTH : 0)));
    if (has_id) {
        tip_wire_id_put(buf, &ref->id);
        tip_buf_put_varint(buf, ref->type);
    }
    if (has_birth) {
        tip_wire_commit_put(buf, ref->birth_commit);
        tip_buf_put_varint(buf, ref->birth_index);
    }
}

static struct tip_record_ref get_ref(struct tip_reader *reader)
{
    uint8_t flags = tip_reader_get_u8(reader);
    struct tip_record_ref ref = {.type = 0};

    if ((flags & ~(REF_HAS_ID | REF_HAS_BIRTH)) != 0) {
        reader->failed = true;
    }
    if ((flags & REF_HAS_ID) != 0) {
        ref.id = tip_wire_id_get(reader);
        ref.type = tip_wire_u32_get(reader);
    }
    if ((flags & REF_HAS_BIRTH) != 0) {
        ref.birth_commit = tip_wire_commit_get(reader);
        ref.birth_index = tip_wire_u32_get(reader);
        if (ref.birth_commit == 0) {
            reader->failed = true;
        }
    }
    return ref;
}

static enum tip_err put_changes(struct tip_buf *buf,
                                const struct tip_change_set *set)
{
    struct tip_wire_cursor cursor = {.resets = true};

    tip_buf_put_varint(buf, set->change_count);
    for (size_t i = 0; i < set->change_count; i++) {
        const struct tip_change *change = &set->changes[i];
        struct tip_wire_cell cell = {.group = change->record,
                                     .field = change->field,
                                     .element = change->element,
                                     .value = change->value};
        enum tip_err err = tip_wire_cell_put(buf, &cursor, &cell);

        if (err != TIP_OK) {
            return err;
        }
    }
    return TIP_OK;
}

enum tip_err tip_wire_set_put(struct tip_buf *buf,
                              const struct tip_change_set *set)
{
    if (!tip_wire_author_is_sound(set->author) ||
        !tip_wire_reason_is_sound(set->reason)) {
        return TIP_EINVAL;
    }
    tip_buf_put_varint(buf, set->origin);
    tip_buf_put_varint(buf, set->office);
    tip_buf_put_varint(buf, set->seq);
    tip_wire_commit_put(buf, set->base);
    tip_buf_put_u64(buf, set->stamp.packed);
    tip_buf_put_sized(buf, set->author);
    tip_buf_put_sized(buf, set->reason);
    tip_buf_put_varint(buf, set->record_count);
    for (size_t i = 0; i < set->record_count; i++) {
        put_ref(buf, &set->records[i]);
    }
    return put_changes(buf, set);
}

static enum tip_err get_records(struct tip_reader *reader,
                                struct tip_arena *arena,
                                struct tip_change_set *set)
{
    struct tip_record_ref *refs;

    set->record_count =
        tip_wire_count_get(reader, 1, TIP_CHANGE_SET_RECORDS_MAX);
    refs = tip_arena_alloc_array(arena, set->record_count, sizeof *refs);
    if (refs == NULL) {
        return TIP_ENOMEM;
    }
    for (size_t i = 0; i < set->record_count; i++) {
        refs[i] = get_ref(reader);
    }
    set->records = refs;
    return TIP_OK;
}

static enum tip_err get_changes(struct tip_reader *reader,
                                struct tip_arena *arena,
                                struct tip_change_set *set)
{
    struct tip_wire_cursor cursor = {.resets = true};
    struct tip_change *changes;

    set->change_count =
        tip_wire_count_get(reader, 1, TIP_CHANGE_SET_CHANGES_MAX);
    changes = tip_arena_alloc_array(arena, set->change_count, sizeof *changes);
    if (changes == NULL) {
        return TIP_ENOMEM;
    }
    for (size_t i = 0; i < set->change_count; i++) {
        struct tip_wire_cell cell;
        enum tip_err err = tip_wire_cell_get(reader, &cursor, &cell);

        if (err != TIP_OK) {
            return err;
        }
        changes[i] = (struct tip_change){.record = cell.group,
                                         .field = cell.field,
                                         .element = cell.element,
                                         .value = cell.value};
    }
    set->changes = changes;
    return TIP_OK;
}

enum tip_err tip_wire_set_get(struct tip_reader *reader,
                              struct tip_arena *arena,
                              struct tip_change_set *out_set)
{
    struct tip_change_set set = {.origin = tip_wire_u32_get(reader)};
    enum tip_err err;

    set.office = tip_wire_u32_get(reader);
    set.seq = tip_reader_get_varint(reader);
    set.base = tip_wire_commit_get(reader);
    set.stamp.packed = tip_reader_get_u64(reader);
    set.author = tip_reader_get_sized(reader);
    set.reason = tip_reader_get_sized(reader);
    if (reader->failed || !tip_wire_author_is_sound(set.author) ||
        !tip_wire_reason_is_sound(set.reason)) {
        return TIP_EMALFORMED;
    }
    err = get_records(reader, arena, &set);
    if (err == TIP_OK) {
        err = get_changes(reader, arena, &set);
    }
    if (err == TIP_OK) {
        *out_set = set;
    }
    return err;
}
