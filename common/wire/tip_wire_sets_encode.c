#include "tip_wire_ids.h"
#include "tip_wire_sets.h"
#include "tip_wire_shapes.h"
#include "tip_wire_tally.h"
#include "tip_wire_value.h"

enum {
    /* How far back a text is looked for: an office has few authors, and a
     * reason that comes again comes soon. */
    TABLE_LOOK_BACK = 16
};

/* One change, on its way to its column. */
struct place {
    const struct tip_change *change;
    const struct tip_change_set *set;
};

struct encode {
    const struct tip_wire_sets *in;
    struct tip_arena *arena;
    struct tip_wire_writer *out;
    struct tip_wire_tally tally;
    struct tip_wire_ids ids;
    struct tip_wire_shapes shapes;
};

/* A table of texts that is being written. */
struct table {
    struct tip_bytes recent[TABLE_LOOK_BACK]; /* A ring. */
    size_t count;
};

/* The number of @text in @table, whose bytes are in @buf. */
static size_t table_find(struct table *table, struct tip_buf *buf,
                         struct tip_bytes text)
{
    size_t oldest =
        table->count > TABLE_LOOK_BACK ? table->count - TABLE_LOOK_BACK : 0;

    for (size_t i = table->count; i > oldest; i--) {
        if (tip_bytes_equal(table->recent[(i - 1) % TABLE_LOOK_BACK], text)) {
            return i - 1;
        }
    }
    table->recent[table->count % TABLE_LOOK_BACK] = text;
    tip_buf_put_sized(buf, text);
    return table->count++;
}

static void put_texts(struct encode *encode)
{
    struct tip_wire_writer *out = encode->out;
    struct table authors = {.count = 0};
    struct table reasons = {.count = 0};

    for (size_t i = 0; i < encode->in->count; i++) {
        const struct tip_change_set *set = encode->in->sets[i];

        tip_wire_write(
            out, TIP_WIRE_AUTHOR_INDEXES,
            table_find(&authors, &out->columns[TIP_WIRE_AUTHORS], set->author));
        tip_wire_write(out, TIP_WIRE_REASON_INDEXES,
                       set->reason.size == 0
                           ? 0
                           : 1 + table_find(&reasons,
                                            &out->columns[TIP_WIRE_REASONS],
                                            set->reason));
    }
}

static void put_stamps(struct encode *encode)
{
    int64_t last_ms = 0;
    int64_t last_tick = -1;

    for (size_t i = 0; i < encode->in->count; i++) {
        uint64_t packed = encode->in->sets[i]->stamp.packed;
        int64_t ms = (int64_t)(packed >> TIP_STAMP_TICK_BITS);
        int64_t tick = (int64_t)(packed & TIP_STAMP_TICK_MAX);

        /* A clock ticks within a millisecond and starts again with the next. */
        tip_wire_write_signed(encode->out, TIP_WIRE_STAMPS, ms - last_ms);
        tip_wire_write_signed(encode->out, TIP_WIRE_TICKS,
                              tick - (ms == last_ms ? last_tick + 1 : 0));
        last_ms = ms;
        last_tick = tick;
    }
}

static void put_bases(struct encode *encode)
{
    uint64_t first = encode->in->sets[0]->base;
    int64_t number = (int64_t)tip_commit_number(first);
    int64_t generation = tip_commit_generation(first);

    encode->out->body.base_number = tip_commit_number(first);
    encode->out->body.base_generation = tip_commit_generation(first);
    for (size_t i = 0; i < encode->in->count; i++) {
        uint64_t base = encode->in->sets[i]->base;
        int64_t next_number = (int64_t)tip_commit_number(base);
        int64_t next_generation = tip_commit_generation(base);

        tip_wire_write_signed(encode->out, TIP_WIRE_BASES,
                              next_number - number);
        tip_wire_write_signed(encode->out, TIP_WIRE_BASE_GENERATIONS,
                              next_generation - generation);
        number = next_number;
        generation = next_generation;
    }
}

/* Say @id once in full, later as a distance; the number goes to @column. */
static void put_id(struct encode *encode, enum tip_wire_column column,
                   const struct tip_id *id, struct tip_stamp stamp)
{
    size_t back = tip_wire_ids_find(&encode->ids, id);

    tip_wire_write(encode->out, column, back);
    if (back == 0) {
        tip_wire_write_signed(
            encode->out, TIP_WIRE_ID_TIMES,
            (int64_t)(tip_wire_id_time(id) - tip_stamp_unix_ms(stamp)));
        tip_buf_put(&encode->out->id_tails, tip_wire_id_tail(id));
    }
}

static void put_birth(struct tip_wire_writer *out,
                      const struct tip_record_ref *ref, uint64_t near)
{
    const uint64_t numbers = (UINT64_C(1) << TIP_COMMIT_NUMBER_BITS) - 1;
    const uint32_t generations =
        (UINT32_C(1) << (64 - TIP_COMMIT_NUMBER_BITS)) - 1;

    /* Records that are edited were mostly born a short while before. */
    tip_wire_write(out, TIP_WIRE_BIRTHS, (near - ref->birth_commit) & numbers);
    tip_wire_write(out, TIP_WIRE_BIRTH_GENERATIONS,
                   (tip_commit_generation(near) -
                    tip_commit_generation(ref->birth_commit)) &
                       generations);
    tip_wire_write(out, TIP_WIRE_BIRTH_INDEXES, ref->birth_index);
}

static void put_records(struct encode *encode)
{
    struct tip_wire_writer *out = encode->out;
    int64_t type = 0;

    for (size_t i = 0; i < encode->in->count; i++) {
        const struct tip_change_set *set = encode->in->sets[i];

        tip_wire_write(out, TIP_WIRE_RECORD_COUNTS, set->record_count - 1);
        for (size_t j = 0; j < set->record_count; j++) {
            const struct tip_record_ref *ref = &set->records[j];
            bool has_id = !tip_id_is_none(&ref->id);
            bool has_birth = ref->birth_commit != 0;

            tip_wire_write(
                out, TIP_WIRE_NAMES,
                !has_id ? TIP_WIRE_NAME_BIRTH
                        : (has_birth ? TIP_WIRE_NAME_BOTH : TIP_WIRE_NAME_ID));
            if (has_id) {
                put_id(encode, TIP_WIRE_RECORD_IDS, &ref->id, set->stamp);
                tip_wire_write_signed(out, TIP_WIRE_TYPES, ref->type - type);
                type = ref->type;
            }
            if (has_birth) {
                put_birth(out, ref,
                          has_id ? encode->in->commits[i] : set->base);
            }
        }
    }
}

/* Find the shapes of all parts; afterwards there is a step for each change. */
static void put_shapes(struct encode *encode)
{
    struct tip_wire_writer *out = encode->out;

    for (size_t i = 0; i < encode->in->count; i++) {
        const struct tip_change_set *set = encode->in->sets[i];
        size_t at = 0;

        for (size_t j = 0; j < set->record_count; j++) {
            size_t first = at;

            while (at < set->change_count && set->changes[at].record == j) {
                at++;
            }
            tip_wire_write(out, TIP_WIRE_PART_SHAPES,
                           tip_wire_shapes_find(&encode->shapes,
                                                set->changes + first,
                                                at - first));
        }
    }
    tip_wire_shapes_put(&encode->shapes, &out->columns[TIP_WIRE_COLUMNS],
                        &out->columns[TIP_WIRE_SHAPES]);
}

static void put_value(struct encode *encode, const struct place *place)
{
    const struct tip_value *value = &place->change->value;
    struct tip_wire_writer *out = encode->out;

    switch (value->kind) {
    case TIP_VALUE_NONE:
    case TIP_VALUE_MEMBER:
        break;
    case TIP_VALUE_ANSWER:
        tip_wire_write(out, TIP_WIRE_NUMBERS, (uint64_t)value->answer);
        break;
    case TIP_VALUE_INTEGER:
        tip_wire_write_signed(out, TIP_WIRE_NUMBERS, value->integer);
        break;
    case TIP_VALUE_DATE:
        /* What is recorded has mostly happened a short while before. */
        tip_wire_write(
            out, TIP_WIRE_NUMBERS,
            tip_wire_date_pack(value, tip_wire_day(place->set->stamp)));
        break;
    case TIP_VALUE_AMOUNT:
        tip_wire_write_signed(out, TIP_WIRE_NUMBERS, value->amount.minor);
        tip_wire_write(out, TIP_WIRE_NUMBERS, value->amount.currency);
        break;
    case TIP_VALUE_CODE:
        tip_wire_write(out, TIP_WIRE_NUMBERS, value->code);
        break;
    case TIP_VALUE_TEXT:
        tip_wire_write(out, TIP_WIRE_LENGTHS, value->bytes.size);
        tip_buf_put(&out->columns[TIP_WIRE_TEXT], value->bytes);
        break;
    case TIP_VALUE_OPAQUE:
        tip_wire_write(out, TIP_WIRE_LENGTHS, value->bytes.size);
        tip_buf_put(&out->opaque, value->bytes);
        break;
    case TIP_VALUE_REFERENCE:
        put_id(encode, TIP_WIRE_NUMBERS, &value->reference, place->set->stamp);
        break;
    }
}

/* Sort the changes of all sets by column, keeping their order within. */
static struct place *sort_places(const struct encode *encode)
{
    const struct tip_wire_shapes *shapes = &encode->shapes;
    struct place *places = tip_arena_alloc_array(
        encode->arena, shapes->step_count, sizeof *places);
    size_t *next = tip_arena_alloc_array(
        encode->arena, shapes->column_count + 1, sizeof *next);
    size_t step = 0;

    if (places == NULL || next == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < shapes->step_count; i++) {
        next[shapes->steps[i] + 1]++;
    }
    for (size_t i = 0; i < shapes->column_count; i++) {
        next[i + 1] += next[i];
    }
    for (size_t i = 0; i < encode->in->count; i++) {
        const struct tip_change_set *set = encode->in->sets[i];

        for (size_t j = 0; j < set->change_count; j++) {
            places[next[shapes->steps[step++]]++] =
                (struct place){.change = &set->changes[j], .set = set};
        }
    }
    return places;
}

static enum tip_err put_values(struct encode *encode)
{
    const struct place *places = sort_places(encode);

    if (places == NULL) {
        return TIP_ENOMEM;
    }
    for (size_t i = 0; i < encode->shapes.step_count; i++) {
        const struct place *place = &places[i];

        if (place->change->element != 0) {
            tip_wire_write(encode->out, TIP_WIRE_ELEMENTS,
                           place->change->element);
        }
        put_value(encode, place);
    }
    return TIP_OK;
}

enum tip_err tip_wire_sets_encode(const struct tip_wire_sets *sets,
                                  struct tip_arena *arena,
                                  struct tip_wire_writer *writer)
{
    struct encode encode = {.in = sets, .arena = arena, .out = writer};
    enum tip_err err = tip_wire_tally_take(sets, &encode.tally);

    if (err == TIP_OK) {
        err = tip_wire_tally_make(&encode.tally, sets->count, arena, writer);
    }
    if (err == TIP_OK) {
        err = tip_wire_ids_init(&encode.ids, encode.tally.ids, true, arena);
    }
    if (err == TIP_OK) {
        err = tip_wire_shapes_init(&encode.shapes, encode.tally.records,
                                   encode.tally.changes, arena);
    }
    if (err != TIP_OK || sets->count == 0) {
        return err;
    }
    put_stamps(&encode);
    put_bases(&encode);
    put_texts(&encode);
    put_records(&encode);
    put_shapes(&encode);
    return put_values(&encode);
}
