/* The writes and siblings of a record as rows. */
#include "tip_wire_row.h"

/* What a write has besides what every write has. */
enum {
    WRITE_IS_COMMITTED = 1 << 0,
    WRITE_IS_FUTURE = 1 << 1,
    WRITE_HAS_REASON = 1 << 2,
    WRITE_FLAGS = (1 << 3) - 1
};

/* The least a write takes: flags, origin, office, seq, base, stamp, author. */
enum { WRITE_BYTES_MIN = 1 + 1 + 1 + 1 + 2 + 8 + 2 };

static enum tip_err put_write(struct tip_buf *buf,
                              const struct tip_write *write)
{
    bool is_committed = write->commit != 0;
    bool is_future = write->verdict == TIP_VERDICT_FUTURE;
    bool has_reason = write->reason.size != 0;

    if (!tip_wire_author_is_sound(write->author) ||
        !tip_wire_reason_is_sound(write->reason) ||
        (unsigned)write->verdict > TIP_VERDICT_FUTURE) {
        return TIP_EINVAL;
    }
    tip_buf_put_u8(buf, (uint8_t)((is_committed ? WRITE_IS_COMMITTED : 0) |
                                  (is_future ? WRITE_IS_FUTURE : 0) |
                                  (has_reason ? WRITE_HAS_REASON : 0)));
    tip_buf_put_varint(buf, write->origin);
    tip_buf_put_varint(buf, write->office);
    tip_buf_put_varint(buf, write->seq);
    tip_wire_commit_put(buf, write->base);
    tip_buf_put_u64(buf, write->stamp.packed);
    tip_buf_put_sized(buf, write->author);
    if (is_committed) {
        tip_wire_commit_put(buf, write->commit);
    }
    if (has_reason) {
        tip_buf_put_sized(buf, write->reason);
    }
    return TIP_OK;
}

static struct tip_write get_write(struct tip_reader *reader)
{
    uint8_t flags = tip_reader_get_u8(reader);
    struct tip_write write = {.origin = tip_wire_u32_get(reader)};

    write.office = tip_wire_u32_get(reader);
    write.seq = tip_reader_get_varint(reader);
    write.base = tip_wire_commit_get(reader);
    write.stamp.packed = tip_reader_get_u64(reader);
    write.author = tip_reader_get_sized(reader);
    if ((flags & WRITE_IS_COMMITTED) != 0) {
        write.commit = tip_wire_commit_get(reader);
    }
    if ((flags & WRITE_HAS_REASON) != 0) {
        write.reason = tip_reader_get_sized(reader);
    }
    write.verdict =
        (flags & WRITE_IS_FUTURE) != 0 ? TIP_VERDICT_FUTURE : TIP_VERDICT_GOOD;
    /* One way to say each thing. */
    if ((flags & ~WRITE_FLAGS) != 0 ||
        ((flags & WRITE_IS_COMMITTED) != 0) != (write.commit != 0) ||
        ((flags & WRITE_HAS_REASON) != 0) != (write.reason.size != 0) ||
        !tip_wire_author_is_sound(write.author) ||
        !tip_wire_reason_is_sound(write.reason)) {
        reader->failed = true;
    }
    return write;
}

enum tip_err tip_wire_cells_put(struct tip_buf *buf,
                                const struct tip_record *record)
{
    struct tip_wire_cursor cursor = {.resets = false};
    enum tip_err err = TIP_OK;

    if (record->write_count > TIP_RECORD_WRITES_MAX ||
        record->sibling_count > TIP_RECORD_SIBLINGS_MAX) {
        return TIP_EINVAL;
    }
    tip_buf_put_varint(buf, record->write_count);
    tip_buf_put_varint(buf, record->sibling_count);
    for (size_t i = 0; i < record->write_count && err == TIP_OK; i++) {
        err = put_write(buf, &record->writes[i]);
    }
    for (size_t i = 0; i < record->sibling_count && err == TIP_OK; i++) {
        const struct tip_sibling *sibling = &record->siblings[i];
        struct tip_wire_cell cell = {.group = sibling->write,
                                     .field = sibling->field,
                                     .element = sibling->element,
                                     .value = sibling->value};

        err = sibling->write < record->write_count
                  ? tip_wire_cell_put(buf, &cursor, &cell)
                  : TIP_EINVAL;
        if (sibling->field == TIP_FIELD_OFFICES) {
            tip_wire_commit_put(buf, sibling->since);
        }
    }
    return err;
}

/* Do @a and @b stand in order, as two different siblings? */
static bool is_sorted(const struct tip_record *record,
                      const struct tip_sibling *a, const struct tip_sibling *b)
{
    const struct tip_write *first = tip_record_write(record, a);
    const struct tip_write *second = tip_record_write(record, b);

    if (a->field != b->field) {
        return a->field < b->field;
    }
    if (a->element != b->element) {
        return a->element < b->element;
    }
    if (first->origin != second->origin) {
        return first->origin < second->origin;
    }
    return first->seq < second->seq;
}

static enum tip_err get_siblings(struct tip_reader *reader,
                                 struct tip_record *record,
                                 struct tip_sibling *siblings)
{
    struct tip_wire_cursor cursor = {.resets = false};

    for (size_t i = 0; i < record->sibling_count; i++) {
        struct tip_wire_cell cell;
        enum tip_err err = tip_wire_cell_get(reader, &cursor, &cell);

        if (err != TIP_OK) {
            return err;
        }
        if (cell.group >= record->write_count || cell.field == 0) {
            return TIP_EMALFORMED;
        }
        siblings[i] = (struct tip_sibling){.field = cell.field,
                                           .element = cell.element,
                                           .write = cell.group,
                                           .value = cell.value};
        if (cell.field == TIP_FIELD_OFFICES) {
            siblings[i].since = tip_wire_commit_get(reader);
        }
        if (i > 0 && !is_sorted(record, &siblings[i - 1], &siblings[i])) {
            return TIP_EMALFORMED;
        }
    }
    return TIP_OK;
}

enum tip_err tip_wire_cells_get(struct tip_reader *reader,
                                struct tip_arena *arena,
                                struct tip_record *record)
{
    enum tip_err err;

    record->write_count =
        tip_wire_count_get(reader, WRITE_BYTES_MIN, TIP_RECORD_WRITES_MAX);
    record->sibling_count =
        tip_wire_count_get(reader, 1, TIP_RECORD_SIBLINGS_MAX);
    record->writes = tip_arena_alloc_array(arena, record->write_count,
                                           sizeof *record->writes);
    record->siblings = tip_arena_alloc_array(arena, record->sibling_count,
                                             sizeof *record->siblings);
    if (record->writes == NULL || record->siblings == NULL) {
        return TIP_ENOMEM;
    }
    for (size_t i = 0; i < record->write_count; i++) {
        record->writes[i] = get_write(reader);
    }
    if (reader->failed) {
        return TIP_EMALFORMED;
    }
    err = get_siblings(reader, record, record->siblings);
    return err == TIP_OK && reader->failed ? TIP_EMALFORMED : err;
}
