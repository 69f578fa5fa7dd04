#include "tip_wire_row.h"

#include "tip_utf8.h"

enum { FORMAT_BITS = 0x0f };

/* The number before a cell: field delta, kind, and two flags. */
enum {
    CELL_HAS_GROUP = 1 << 0, /* Another group than the last cell's. */
    CELL_HAS_ELEMENT = 1 << 1,
    CELL_KIND_SHIFT = 2,
    CELL_KIND_BITS = 0x0f,
    CELL_FIELD_SHIFT = 6
};

enum tip_err tip_wire_row_open(struct tip_reader *reader,
                               struct tip_bytes bytes, enum tip_wire_row row)
{
    uint8_t first;

    tip_reader_init(reader, bytes);
    first = tip_reader_get_u8(reader);
    if (reader->failed || (first & ~FORMAT_BITS) != (int)row) {
        return TIP_EMALFORMED;
    }
    return first == (uint8_t)row ? TIP_OK : TIP_EUNSUPPORTED;
}

uint32_t tip_wire_u32_get(struct tip_reader *reader)
{
    uint64_t number = tip_reader_get_varint(reader);

    if (number > UINT32_MAX) {
        reader->failed = true;
        return 0;
    }
    return (uint32_t)number;
}

size_t tip_wire_count_get(struct tip_reader *reader, size_t bytes_min,
                          size_t count_max)
{
    uint64_t count = tip_reader_get_varint(reader);

    if (count > count_max || count > reader->rest.size / bytes_min) {
        reader->failed = true;
        return 0;
    }
    return (size_t)count;
}

void tip_wire_commit_put(struct tip_buf *buf, uint64_t commit)
{
    tip_buf_put_varint(buf, tip_commit_generation(commit));
    tip_buf_put_varint(buf, tip_commit_number(commit));
}

uint64_t tip_wire_commit_get(struct tip_reader *reader)
{
    uint64_t generation = tip_reader_get_varint(reader);
    uint64_t number = tip_reader_get_varint(reader);

    if (generation >> (64 - TIP_COMMIT_NUMBER_BITS) != 0 ||
        number >> TIP_COMMIT_NUMBER_BITS != 0) {
        reader->failed = true;
        return 0;
    }
    return tip_commit_make((uint32_t)generation, number);
}

void tip_wire_id_put(struct tip_buf *buf, const struct tip_id *id)
{
    tip_buf_put(buf, TIP_BYTES_OF(id->bytes));
}

struct tip_id tip_wire_id_get(struct tip_reader *reader)
{
    struct tip_id id = {{0}};

    tip_reader_copy(reader, id.bytes, sizeof id.bytes);
    return id;
}

bool tip_wire_author_is_sound(struct tip_bytes author)
{
    return author.size != 0 && author.size <= TIP_AUTHOR_BYTES_MAX &&
           tip_utf8_valid(author, TIP_UTF8_LINE);
}

bool tip_wire_reason_is_sound(struct tip_bytes reason)
{
    return reason.size <= TIP_REASON_BYTES_MAX &&
           tip_utf8_valid(reason, TIP_UTF8_LF);
}

enum tip_err tip_wire_cell_put(struct tip_buf *buf,
                               struct tip_wire_cursor *cursor,
                               const struct tip_wire_cell *cell)
{
    bool has_group = cell->group != cursor->group;
    bool has_element = cell->element != 0;

    if (has_group && cursor->resets) {
        cursor->field = 0;
    }
    if (cell->field < cursor->field || !tip_wire_value_is_sound(&cell->value)) {
        return TIP_EINVAL;
    }
    tip_buf_put_varint(buf, (uint64_t)(cell->field - cursor->field)
                                    << CELL_FIELD_SHIFT |
                                (uint64_t)cell->value.kind << CELL_KIND_SHIFT |
                                (has_element ? CELL_HAS_ELEMENT : 0) |
                                (has_group ? CELL_HAS_GROUP : 0));
    if (has_group) {
        tip_buf_put_varint(buf, cell->group);
    }
    if (has_element) {
        tip_buf_put_varint(buf, cell->element);
    }
    tip_wire_value_put(buf, &cell->value);
    cursor->group = cell->group;
    cursor->field = cell->field;
    return TIP_OK;
}

enum tip_err tip_wire_cell_get(struct tip_reader *reader,
                               struct tip_wire_cursor *cursor,
                               struct tip_wire_cell *out_cell)
{
    uint64_t start = tip_reader_get_varint(reader);
    uint64_t delta = start >> CELL_FIELD_SHIFT;
    struct tip_wire_cell cell = {.group = cursor->group};
    enum tip_value_kind kind;
    enum tip_err err =
        tip_wire_value_kind(start >> CELL_KIND_SHIFT & CELL_KIND_BITS, &kind);

    if (err != TIP_OK) {
        return err;
    }
    if ((start & CELL_HAS_GROUP) != 0) {
        cell.group = tip_wire_u32_get(reader);
        if (cursor->resets) {
            cursor->field = 0;
        }
    }
    if ((start & CELL_HAS_ELEMENT) != 0) {
        cell.element = tip_reader_get_varint(reader);
    }
    if (delta > UINT32_MAX - cursor->field) {
        return TIP_EMALFORMED;
    }
    cell.field = cursor->field + (uint32_t)delta;
    cell.value = tip_wire_value_get(reader, kind);
    if (reader->failed) {
        return TIP_EMALFORMED;
    }
    cursor->group = cell.group;
    cursor->field = cell.field;
    *out_cell = cell;
    return TIP_OK;
}
