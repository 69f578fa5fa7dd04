#include "tip_wire_decode.h"
#include "tip_wire_row.h"

/* A table of texts that is being read. */
struct table {
    struct tip_bytes *texts;
    size_t count;
};

/* Each text is used by a set, so there are no more than those. */
static enum tip_err read_table(struct tip_wire_decode *decode,
                               enum tip_wire_column column,
                               bool (*is_sound)(struct tip_bytes),
                               struct table *out_table)
{
    struct tip_reader *bytes = &decode->in->columns[column];
    struct table table = {.count = 0};
    struct tip_bytes copy;
    struct tip_reader reader;
    enum tip_err err = tip_arena_copy(decode->memory->keep, bytes->rest, &copy);

    table.texts = tip_arena_alloc_array(
        decode->memory->scratch, decode->out->count, sizeof *table.texts);
    if (err != TIP_OK || table.texts == NULL) {
        return TIP_ENOMEM;
    }
    tip_reader_init(&reader, copy);
    while (reader.rest.size != 0) {
        struct tip_bytes text = tip_reader_get_sized(&reader);

        if (reader.failed || table.count == decode->out->count ||
            !is_sound(text)) {
            return TIP_EMALFORMED;
        }
        table.texts[table.count++] = text;
    }
    bytes->rest = TIP_BYTES_NONE;
    *out_table = table;
    return TIP_OK;
}

static enum tip_err read_texts(struct tip_wire_decode *decode)
{
    struct table authors, reasons;
    enum tip_err err = read_table(decode, TIP_WIRE_AUTHORS,
                                  tip_wire_author_is_sound, &authors);

    if (err == TIP_OK) {
        err = read_table(decode, TIP_WIRE_REASONS, tip_wire_reason_is_sound,
                         &reasons);
    }
    for (size_t i = 0; i < decode->out->count && err == TIP_OK; i++) {
        uint64_t author = tip_wire_read(decode->in, TIP_WIRE_AUTHOR_INDEXES);
        uint64_t reason = tip_wire_read(decode->in, TIP_WIRE_REASON_INDEXES);

        if (author >= authors.count || reason > reasons.count) {
            return TIP_EMALFORMED;
        }
        decode->out->sets[i].author = authors.texts[author];
        if (reason != 0) {
            decode->out->sets[i].reason = reasons.texts[reason - 1];
        }
    }
    return err;
}

/* @last and @step, or -1 where that is outside 0 to @max. */
static int64_t add_step(int64_t last, int64_t step, int64_t max)
{
    int64_t sum;

    if (__builtin_add_overflow(last, step, &sum) || sum < 0 || sum > max) {
        return -1;
    }
    return sum;
}

static enum tip_err read_stamps(struct tip_wire_decode *decode)
{
    const int64_t ms_max = (INT64_C(1) << (64 - TIP_STAMP_TICK_BITS)) - 1;
    int64_t last_ms = 0;
    int64_t last_tick = -1;

    for (size_t i = 0; i < decode->out->count; i++) {
        int64_t ms = add_step(
            last_ms, tip_wire_read_signed(decode->in, TIP_WIRE_STAMPS), ms_max);
        int64_t tick =
            add_step(ms == last_ms ? last_tick + 1 : 0,
                     tip_wire_read_signed(decode->in, TIP_WIRE_TICKS),
                     TIP_STAMP_TICK_MAX);

        if (ms < 0 || tick < 0) {
            return TIP_EMALFORMED;
        }
        decode->out->sets[i].stamp.packed =
            (uint64_t)ms << TIP_STAMP_TICK_BITS | (uint64_t)tick;
        last_ms = ms;
        last_tick = tick;
    }
    return TIP_OK;
}

enum {
    GENERATION_MAX = (1 << (64 - TIP_COMMIT_NUMBER_BITS)) - 1,
};
#define NUMBER_MAX ((INT64_C(1) << TIP_COMMIT_NUMBER_BITS) - 1)

static enum tip_err read_bases(struct tip_wire_decode *decode)
{
    int64_t generation = decode->in->body.base_generation;
    int64_t number;

    if (decode->in->body.base_number > NUMBER_MAX) {
        return TIP_EMALFORMED;
    }
    number = (int64_t)decode->in->body.base_number;
    for (size_t i = 0; i < decode->out->count; i++) {
        number =
            add_step(number, tip_wire_read_signed(decode->in, TIP_WIRE_BASES),
                     NUMBER_MAX);
        generation = add_step(
            generation,
            tip_wire_read_signed(decode->in, TIP_WIRE_BASE_GENERATIONS),
            GENERATION_MAX);
        if (number < 0 || generation < 0) {
            return TIP_EMALFORMED;
        }
        decode->out->sets[i].base =
            tip_commit_make((uint32_t)generation, (uint64_t)number);
    }
    return TIP_OK;
}

enum tip_err tip_wire_decode_id(struct tip_wire_decode *decode, uint64_t back,
                                struct tip_stamp stamp, struct tip_id *out_id)
{
    struct tip_wire_ids *ids = &decode->ids;
    struct tip_bytes tail;
    struct tip_id id;
    uint64_t time;

    if (back > ids->count) {
        return TIP_EMALFORMED;
    }
    if (back != 0) {
        *out_id = ids->ids[ids->count - back];
        return TIP_OK;
    }
    time = (uint64_t)tip_wire_read_signed(decode->in, TIP_WIRE_ID_TIMES) +
           tip_stamp_unix_ms(stamp);
    tail = tip_reader_get(&decode->in->id_tails, TIP_WIRE_ID_TAIL_SIZE);
    if (tail.size == 0 || time >> 48 != 0 || ids->count == ids->count_max) {
        return TIP_EMALFORMED;
    }
    for (unsigned i = 0; i < 6; i++) {
        id.bytes[i] = (uint8_t)(time >> (40 - 8 * i));
    }
    memcpy(id.bytes + 6, tail.data, TIP_WIRE_ID_TAIL_SIZE);
    ids->ids[ids->count++] = id;
    *out_id = id;
    return TIP_OK;
}

static void read_birth(struct tip_wire_decode *decode, uint64_t near,
                       struct tip_record_ref *ref)
{
    uint64_t number = tip_wire_read(decode->in, TIP_WIRE_BIRTHS);
    uint64_t generation = tip_wire_read(decode->in, TIP_WIRE_BIRTH_GENERATIONS);

    if (number > NUMBER_MAX || generation > GENERATION_MAX) {
        decode->in->columns[TIP_WIRE_BIRTHS].failed = true;
    }
    ref->birth_commit = tip_commit_make(
        (tip_commit_generation(near) - (uint32_t)generation) & GENERATION_MAX,
        (tip_commit_number(near) - number) & NUMBER_MAX);
    ref->birth_index = tip_wire_read_u32(decode->in, TIP_WIRE_BIRTH_INDEXES);
    if (ref->birth_commit == 0) {
        decode->in->columns[TIP_WIRE_BIRTHS].failed = true;
    }
}

static enum tip_err read_ref(struct tip_wire_decode *decode, size_t set,
                             int64_t *type, struct tip_record_ref *ref)
{
    const struct tip_change_set *of = &decode->out->sets[set];
    uint64_t name = tip_wire_read(decode->in, TIP_WIRE_NAMES);
    enum tip_err err = TIP_OK;

    if (name > TIP_WIRE_NAME_BOTH ||
        (name == TIP_WIRE_NAME_BOTH && decode->out->commits == NULL)) {
        return TIP_EMALFORMED;
    }
    if (name != TIP_WIRE_NAME_BIRTH) {
        err = tip_wire_decode_id(decode,
                                 tip_wire_read(decode->in, TIP_WIRE_RECORD_IDS),
                                 of->stamp, &ref->id);
        *type =
            add_step(*type, tip_wire_read_signed(decode->in, TIP_WIRE_TYPES),
                     UINT32_MAX);
        if (*type < 0) {
            return TIP_EMALFORMED;
        }
        ref->type = (uint32_t)*type;
    }
    if (name != TIP_WIRE_NAME_ID) {
        read_birth(decode,
                   name == TIP_WIRE_NAME_BOTH ? decode->out->commits[set]
                                              : of->base,
                   ref);
    }
    return err;
}

/* How many records there are, and how many in each set. */
static enum tip_err count_records(struct tip_wire_decode *decode)
{
    for (size_t i = 0; i < decode->out->count; i++) {
        uint64_t more = tip_wire_read(decode->in, TIP_WIRE_RECORD_COUNTS);

        if (more >= TIP_CHANGE_SET_RECORDS_MAX) {
            return TIP_EMALFORMED;
        }
        decode->out->sets[i].record_count = (size_t)more + 1;
        decode->record_count += (size_t)more + 1;
    }
    return decode->record_count > TIP_WIRE_BODY_RECORDS_MAX ? TIP_EMALFORMED
                                                            : TIP_OK;
}

static enum tip_err read_records(struct tip_wire_decode *decode)
{
    struct tip_record_ref *refs;
    int64_t type = 0;
    enum tip_err err = count_records(decode);

    if (err != TIP_OK) {
        return err;
    }
    refs = tip_arena_alloc_array(decode->memory->keep, decode->record_count,
                                 sizeof *refs);
    if (refs == NULL) {
        return TIP_ENOMEM;
    }
    for (size_t i = 0; i < decode->out->count; i++) {
        struct tip_change_set *set = &decode->out->sets[i];

        set->records = refs;
        for (size_t j = 0; j < set->record_count; j++) {
            err = read_ref(decode, i, &type, refs++);
            if (err != TIP_OK) {
                return err;
            }
        }
    }
    return TIP_OK;
}

enum tip_err tip_wire_sets_decode(struct tip_wire_reader *reader,
                                  const struct tip_wire_memory *memory,
                                  struct tip_wire_sets_out *out)
{
    struct tip_wire_decode decode = {
        .in = reader, .memory = memory, .out = out};
    enum tip_err err = tip_wire_ids_init(
        &decode.ids, reader->body.id_tails.size / TIP_WIRE_ID_TAIL_SIZE, false,
        memory->scratch);

    if (err == TIP_OK) {
        err = read_stamps(&decode);
    }
    if (err == TIP_OK) {
        err = read_bases(&decode);
    }
    if (err == TIP_OK) {
        err = read_texts(&decode);
    }
    if (err == TIP_OK) {
        err = read_records(&decode);
    }
    return err == TIP_OK ? tip_wire_decode_changes(&decode) : err;
}
