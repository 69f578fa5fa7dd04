#include "tip_wire_record.h"

#include "tip_merge.h"
#include "tip_wire_row.h"

enum {
    RECORD_HAS_BIRTH = 1 << 0,
    RECORD_HAS_OVERLAY = 1 << 1,
    RECORD_IS_CONTESTED = 1 << 2,
    RECORD_IS_ERASED = 1 << 3,
    RECORD_FLAGS = (1 << 4) - 1
};

static bool is_contested(const struct tip_record *record)
{
    for (size_t i = 0; i < record->sibling_count; i++) {
        const struct tip_sibling *a = &record->siblings[i > 0 ? i - 1 : 0];
        const struct tip_sibling *b = &record->siblings[i];

        if (b->write >= record->write_count) {
            return false; /* Not sound: refused with its cells. */
        }
        if (a != b && a->field == b->field && a->element == b->element) {
            return true;
        }
    }
    return tip_merge_presence(record) == TIP_DELETED_EDITED;
}

/* What a peek can read; the same begins rows of records and of the dead. */
static void put_start(struct tip_buf *buf, const struct tip_record *record,
                      bool has_overlay)
{
    bool has_birth = record->birth_commit != 0;
    bool is_erased = record->erased != 0;

    tip_buf_put_u8(buf,
                   (uint8_t)((has_birth ? RECORD_HAS_BIRTH : 0) |
                             (has_overlay ? RECORD_HAS_OVERLAY : 0) |
                             (is_contested(record) ? RECORD_IS_CONTESTED : 0) |
                             (is_erased ? RECORD_IS_ERASED : 0)));
    tip_wire_id_put(buf, &record->id);
    tip_buf_put_varint(buf, record->type);
    tip_buf_put_varint(buf, record->maker);
    if (has_birth) {
        tip_wire_commit_put(buf, record->birth_commit);
        tip_buf_put_varint(buf, record->birth_index);
    }
    if (is_erased) {
        tip_wire_commit_put(buf, record->erased);
        tip_buf_put_varint(buf, record->erased_ms);
    }
}

static struct tip_wire_record_peek get_start(struct tip_reader *reader)
{
    uint8_t flags = tip_reader_get_u8(reader);
    struct tip_wire_record_peek peek = {
        .has_overlay = (flags & RECORD_HAS_OVERLAY) != 0,
        .is_contested = (flags & RECORD_IS_CONTESTED) != 0};

    peek.id = tip_wire_id_get(reader);
    peek.type = tip_wire_u32_get(reader);
    peek.maker = tip_wire_u32_get(reader);
    if ((flags & RECORD_HAS_BIRTH) != 0) {
        peek.birth_commit = tip_wire_commit_get(reader);
        peek.birth_index = tip_wire_u32_get(reader);
    }
    if ((flags & RECORD_IS_ERASED) != 0) {
        peek.erased = tip_wire_commit_get(reader);
        peek.erased_ms = tip_reader_get_varint(reader);
    }
    if ((flags & ~RECORD_FLAGS) != 0 ||
        ((flags & RECORD_HAS_BIRTH) != 0 && peek.birth_commit == 0) ||
        ((flags & RECORD_IS_ERASED) != 0 && peek.erased == 0)) {
        reader->failed = true;
    }
    return peek;
}

static struct tip_record record_of(const struct tip_wire_record_peek *peek)
{
    return (struct tip_record){.id = peek->id,
                               .birth_commit = peek->birth_commit,
                               .birth_index = peek->birth_index,
                               .type = peek->type,
                               .maker = peek->maker,
                               .erased = peek->erased,
                               .erased_ms = peek->erased_ms};
}

/* Of a record that was erased nothing else is left. */
static bool is_sound(const struct tip_wire_record *value)
{
    const struct tip_record *record = &value->record;

    return record->erased == 0 ||
           (record->type == 0 && record->maker == 0 &&
            record->write_count == 0 && record->sibling_count == 0 &&
            value->overlay_count == 0);
}

static enum tip_err put_overlay(struct tip_buf *buf,
                                const struct tip_wire_record *value)
{
    uint64_t last = 0;

    if (value->overlay_count > TIP_WIRE_OVERLAY_MAX) {
        return TIP_EINVAL;
    }
    tip_buf_put_varint(buf, value->overlay_count);
    for (size_t i = 0; i < value->overlay_count; i++) {
        if (value->overlay[i] <= last) {
            return TIP_EINVAL;
        }
        tip_buf_put_varint(buf, value->overlay[i] - last);
        last = value->overlay[i];
    }
    return TIP_OK;
}

static enum tip_err get_overlay(struct tip_reader *reader,
                                struct tip_arena *arena,
                                struct tip_wire_record *value)
{
    uint64_t last = 0;
    uint64_t *overlay;

    value->overlay_count = tip_wire_count_get(reader, 1, TIP_WIRE_OVERLAY_MAX);
    overlay =
        tip_arena_alloc_array(arena, value->overlay_count, sizeof *overlay);
    if (overlay == NULL) {
        return TIP_ENOMEM;
    }
    for (size_t i = 0; i < value->overlay_count; i++) {
        uint64_t step = tip_reader_get_varint(reader);

        if (step == 0 || step > UINT64_MAX - last) {
            return TIP_EMALFORMED;
        }
        last += step;
        overlay[i] = last;
    }
    value->overlay = overlay;
    return TIP_OK;
}

/* Give @buf back as it was if @err says so. */
static enum tip_err finish(struct tip_buf *buf, size_t before, enum tip_err err)
{
    struct tip_bytes done;

    if (err == TIP_OK) {
        err = tip_buf_finish(buf, &done);
    }
    if (err != TIP_OK) {
        buf->size = before;
    }
    return err;
}

enum tip_err tip_wire_record_encode(const struct tip_wire_record *value,
                                    struct tip_buf *buf)
{
    size_t before = buf->size;
    enum tip_err err = is_sound(value) ? TIP_OK : TIP_EINVAL;

    tip_buf_put_u8(buf, TIP_WIRE_ROW_RECORD);
    put_start(buf, &value->record, value->overlay_count != 0);
    if (err == TIP_OK && value->overlay_count != 0) {
        err = put_overlay(buf, value);
    }
    if (err == TIP_OK) {
        err = tip_wire_cells_put(buf, &value->record);
    }
    return finish(buf, before, err);
}

enum tip_err tip_wire_record_decode(struct tip_bytes bytes,
                                    struct tip_arena *arena,
                                    struct tip_wire_record *out_value)
{
    struct tip_wire_record value = {.overlay = NULL};
    struct tip_wire_record_peek peek;
    struct tip_reader reader;
    enum tip_err err = tip_wire_row_open(&reader, bytes, TIP_WIRE_ROW_RECORD);

    if (err != TIP_OK) {
        return err;
    }
    peek = get_start(&reader);
    value.record = record_of(&peek);
    if (peek.has_overlay) {
        err = get_overlay(&reader, arena, &value);
    }
    if (err == TIP_OK) {
        err = tip_wire_cells_get(&reader, arena, &value.record);
    }
    if (err == TIP_OK) {
        err = tip_reader_finish(&reader);
    }
    if (err == TIP_OK && !is_sound(&value)) {
        err = TIP_EMALFORMED;
    }
    if (err == TIP_OK) {
        *out_value = value;
    }
    return err;
}

enum tip_err tip_wire_record_peek(struct tip_bytes bytes,
                                  struct tip_wire_record_peek *out_peek)
{
    struct tip_wire_record_peek peek;
    struct tip_reader reader;
    enum tip_err err = tip_wire_row_open(&reader, bytes, TIP_WIRE_ROW_RECORD);

    if (err != TIP_OK) {
        return err;
    }
    peek = get_start(&reader);
    if (reader.failed) {
        return TIP_EMALFORMED;
    }
    *out_peek = peek;
    return TIP_OK;
}

enum tip_err tip_wire_dead_encode(const struct tip_wire_dead *dead,
                                  struct tip_buf *buf)
{
    size_t before = buf->size;
    enum tip_err err;

    if (dead->refused_by.size != 0 &&
        (!tip_wire_author_is_sound(dead->refused_by) ||
         !tip_wire_reason_is_sound(dead->reason))) {
        return TIP_EINVAL;
    }
    tip_buf_put_u8(buf, TIP_WIRE_ROW_DEAD);
    tip_buf_put_varint(buf, dead->origin);
    tip_buf_put_varint(buf, dead->seq);
    tip_wire_commit_put(buf, dead->commit);
    put_start(buf, &dead->record, false);
    err = tip_wire_cells_put(buf, &dead->record);
    if (err == TIP_OK && dead->refused_by.size != 0) {
        tip_buf_put_sized(buf, dead->refused_by);
        tip_buf_put_sized(buf, dead->reason);
    }
    return finish(buf, before, err);
}

/* They are there if anything is. */
static enum tip_err get_refusal(struct tip_reader *reader,
                                struct tip_wire_dead *dead)
{
    if (reader->failed || reader->rest.size == 0) {
        return TIP_OK;
    }
    dead->refused_by = tip_reader_get_sized(reader);
    dead->reason = tip_reader_get_sized(reader);
    return reader->failed || !tip_wire_author_is_sound(dead->refused_by) ||
                   !tip_wire_reason_is_sound(dead->reason)
               ? TIP_EMALFORMED
               : TIP_OK;
}

enum tip_err tip_wire_dead_decode(struct tip_bytes bytes,
                                  struct tip_arena *arena,
                                  struct tip_wire_dead *out_dead)
{
    struct tip_wire_dead dead = {.origin = 0};
    struct tip_wire_record_peek peek;
    struct tip_reader reader;
    enum tip_err err = tip_wire_row_open(&reader, bytes, TIP_WIRE_ROW_DEAD);

    if (err != TIP_OK) {
        return err;
    }
    dead.origin = tip_wire_u32_get(&reader);
    dead.seq = tip_reader_get_varint(&reader);
    dead.commit = tip_wire_commit_get(&reader);
    peek = get_start(&reader);
    if (peek.has_overlay || peek.erased != 0) {
        return TIP_EMALFORMED;
    }
    dead.record = record_of(&peek);
    err = tip_wire_cells_get(&reader, arena, &dead.record);
    if (err == TIP_OK) {
        err = get_refusal(&reader, &dead);
    }
    if (err == TIP_OK) {
        err = tip_reader_finish(&reader);
    }
    if (err == TIP_OK) {
        *out_dead = dead;
    }
    return err;
}
