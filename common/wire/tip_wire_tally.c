#include "tip_wire_tally.h"

#include "tip_wire_row.h"

enum { VARINT_SIZE_MAX = 10 };

static void tally_value(struct tip_wire_tally *tally,
                        const struct tip_value *value)
{
    switch (value->kind) {
    case TIP_VALUE_NONE:
    case TIP_VALUE_MEMBER:
        break;
    case TIP_VALUE_ANSWER:
    case TIP_VALUE_INTEGER:
    case TIP_VALUE_DATE:
    case TIP_VALUE_CODE:
        tally->numbers++;
        break;
    case TIP_VALUE_AMOUNT:
        tally->numbers += 2;
        break;
    case TIP_VALUE_TEXT:
        tally->lengths++;
        tally->text_bytes += value->bytes.size;
        break;
    case TIP_VALUE_OPAQUE:
        tally->lengths++;
        tally->opaque_bytes += value->bytes.size;
        break;
    case TIP_VALUE_REFERENCE:
        tally->numbers++;
        tally->ids++;
        break;
    }
}

static enum tip_err tally_set(struct tip_wire_tally *tally,
                              const struct tip_change_set *set)
{
    if (!tip_wire_author_is_sound(set->author) ||
        !tip_wire_reason_is_sound(set->reason)) {
        return TIP_EINVAL;
    }
    tally->records += set->record_count;
    tally->changes += set->change_count;
    tally->author_bytes += set->author.size + VARINT_SIZE_MAX;
    tally->reason_bytes += set->reason.size + VARINT_SIZE_MAX;
    for (size_t i = 0; i < set->change_count; i++) {
        const struct tip_change *change = &set->changes[i];

        if (!tip_wire_value_is_sound(&change->value)) {
            return TIP_EINVAL;
        }
        tally->elements += change->element != 0;
        tally_value(tally, &change->value);
    }
    return TIP_OK;
}

enum tip_err tip_wire_tally_take(const struct tip_wire_sets *sets,
                                 struct tip_wire_tally *out_tally)
{
    struct tip_wire_tally tally = {.records = 0};

    for (size_t i = 0; i < sets->count; i++) {
        enum tip_err err = tally_set(&tally, sets->sets[i]);

        if (err != TIP_OK) {
            return err;
        }
    }
    tally.ids += tally.records;
    if (tally.records > TIP_WIRE_BODY_RECORDS_MAX ||
        tally.changes > TIP_WIRE_BODY_CHANGES_MAX ||
        tally.opaque_bytes > TIP_FRAME_BODY_BYTES_MAX) {
        return TIP_ETOOBIG;
    }
    *out_tally = tally;
    return TIP_OK;
}

static enum tip_err make_raw(const struct tip_wire_tally *tally,
                             struct tip_arena *arena,
                             struct tip_wire_writer *writer)
{
    size_t tails = tally->ids * TIP_WIRE_ID_TAIL_SIZE;
    uint8_t *tail_memory = tip_arena_alloc(arena, tails);
    uint8_t *opaque_memory = tip_arena_alloc(arena, tally->opaque_bytes);

    if (tail_memory == NULL || opaque_memory == NULL) {
        return TIP_ENOMEM;
    }
    tip_buf_init(&writer->id_tails, tail_memory, tails);
    tip_buf_init(&writer->opaque, opaque_memory, tally->opaque_bytes);
    return TIP_OK;
}

enum tip_err tip_wire_tally_make(const struct tip_wire_tally *tally,
                                 size_t set_count, struct tip_arena *arena,
                                 struct tip_wire_writer *writer)
{
    const size_t sets = set_count * VARINT_SIZE_MAX;
    const size_t records = tally->records * VARINT_SIZE_MAX;
    const struct {
        enum tip_wire_column column;
        size_t size;
    } columns[] = {
        {TIP_WIRE_STAMPS, sets},
        {TIP_WIRE_TICKS, sets},
        {TIP_WIRE_BASES, sets},
        {TIP_WIRE_BASE_GENERATIONS, sets},
        {TIP_WIRE_AUTHORS, tally->author_bytes},
        {TIP_WIRE_AUTHOR_INDEXES, sets},
        {TIP_WIRE_REASONS, tally->reason_bytes},
        {TIP_WIRE_REASON_INDEXES, sets},
        {TIP_WIRE_RECORD_COUNTS, sets},
        {TIP_WIRE_NAMES, records},
        {TIP_WIRE_TYPES, records},
        {TIP_WIRE_BIRTHS, records},
        {TIP_WIRE_BIRTH_GENERATIONS, records},
        {TIP_WIRE_BIRTH_INDEXES, records},
        {TIP_WIRE_RECORD_IDS, records},
        {TIP_WIRE_PART_SHAPES, records},
        {TIP_WIRE_ID_TIMES, tally->ids * VARINT_SIZE_MAX},
        {TIP_WIRE_COLUMNS, tally->changes * VARINT_SIZE_MAX},
        {TIP_WIRE_SHAPES, (tally->records + tally->changes) * VARINT_SIZE_MAX},
        {TIP_WIRE_ELEMENTS, tally->elements * VARINT_SIZE_MAX},
        {TIP_WIRE_NUMBERS, tally->numbers * VARINT_SIZE_MAX},
        {TIP_WIRE_LENGTHS, tally->lengths * VARINT_SIZE_MAX},
        {TIP_WIRE_TEXT, tally->text_bytes},
    };

    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        enum tip_err err = tip_wire_writer_make(writer, columns[i].column,
                                                columns[i].size, arena);

        if (err != TIP_OK) {
            return err;
        }
    }
    return make_raw(tally, arena, writer);
}
