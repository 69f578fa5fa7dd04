#include "tip_wire_checkpoint.h"
#include "tip_wire_down.h"
#include "tip_wire_items.h"

enum { VARINT_SIZE_MAX = 10 };

/* The origins a body has said: those of the sets and echoes in it. */
struct origins {
    struct origin {
        uint32_t origin;
        uint32_t office;
        uint64_t seq_next; /* After the newest item of it. */
    } * list;
    size_t count;
};

struct encode {
    const struct tip_down_body *in;
    struct tip_arena *arena;
    struct tip_wire_writer *writer;
    struct origins origins;
    uint64_t number_next; /* Of commits. */
    uint32_t generation;
    uint64_t *commits; /* One for each set. */
    const struct tip_change_set **sets;
    size_t set_count;
};

/* Columns of bytes that are said once for an item of that kind. */
static enum tip_err make_bytes(struct encode *encode)
{
    size_t states = 0, rulings = 0, controls = 0;
    enum tip_err err = TIP_OK;

    for (size_t i = 0; i < encode->in->item_count; i++) {
        const struct tip_item *item = &encode->in->items[i];

        if (item->kind == TIP_ITEM_STATE) {
            states += (size_t)3 * VARINT_SIZE_MAX + item->state.bytes.size;
        } else if (item->kind == TIP_ITEM_RULING) {
            rulings += TIP_WIRE_RULING_BYTES_MAX;
        } else if (item->kind == TIP_ITEM_CONTROL) {
            controls += VARINT_SIZE_MAX + item->control.size;
        } else if (item->kind == TIP_ITEM_ROLL) {
            states += TIP_WIRE_ROLL_BYTES_MAX;
        }
    }
    if (states != 0) {
        err = tip_wire_writer_make(encode->writer, TIP_WIRE_STATES, states,
                                   encode->arena);
    }
    if (rulings != 0 && err == TIP_OK) {
        err = tip_wire_writer_make(encode->writer, TIP_WIRE_RULINGS, rulings,
                                   encode->arena);
    }
    if (controls != 0 && err == TIP_OK) {
        err = tip_wire_writer_make(encode->writer, TIP_WIRE_CONTROLS, controls,
                                   encode->arena);
    }
    return err;
}

static enum tip_err make_columns(struct encode *encode)
{
    static const enum tip_wire_column columns[] = {
        TIP_WIRE_ITEM_KINDS, TIP_WIRE_ORIGINS,    TIP_WIRE_ORIGIN_INDEXES,
        TIP_WIRE_SEQS,       TIP_WIRE_COMMITS,    TIP_WIRE_COMMIT_GENERATIONS,
        TIP_WIRE_VERDICTS,   TIP_WIRE_ECHO_COUNTS};
    size_t count = encode->in->item_count;
    /* Two numbers for an origin, one elsewhere. */
    size_t size = count * VARINT_SIZE_MAX * 2;

    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        enum tip_err err = tip_wire_writer_make(encode->writer, columns[i],
                                                size, encode->arena);

        if (err != TIP_OK) {
            return err;
        }
    }
    encode->origins.list = tip_arena_alloc_array(encode->arena, count,
                                                 sizeof *encode->origins.list);
    encode->commits =
        tip_arena_alloc_array(encode->arena, count, sizeof *encode->commits);
    encode->sets =
        /* NOLINTNEXTLINE(bugprone-sizeof-expression): a list of pointers. */
        tip_arena_alloc_array(encode->arena, count, sizeof *encode->sets);
    if (make_bytes(encode) != TIP_OK) {
        return TIP_ENOMEM;
    }
    return encode->origins.list == NULL || encode->commits == NULL ||
                   encode->sets == NULL
               ? TIP_ENOMEM
               : TIP_OK;
}

/* The place of (@origin, @office), new or not: an office has few devices, and
 * few others write its records. */
static size_t find_origin(struct encode *encode, uint32_t origin,
                          uint32_t office)
{
    struct origins *origins = &encode->origins;
    size_t i = 0;

    while (i < origins->count && (origins->list[i].origin != origin ||
                                  origins->list[i].office != office)) {
        i++;
    }
    if (i == origins->count) {
        tip_wire_write(encode->writer, TIP_WIRE_ORIGINS, origin);
        tip_wire_write(encode->writer, TIP_WIRE_ORIGINS, office);
        origins->list[origins->count++] =
            (struct origin){.origin = origin, .office = office};
    }
    return i;
}

static void put_commit(struct encode *encode, uint64_t commit, uint64_t count)
{
    uint64_t number = tip_commit_number(commit);
    uint32_t generation = tip_commit_generation(commit);

    tip_wire_write_signed(encode->writer, TIP_WIRE_COMMITS,
                          (int64_t)(number - encode->number_next));
    tip_wire_write_signed(encode->writer, TIP_WIRE_COMMIT_GENERATIONS,
                          (int64_t)generation - encode->generation);
    encode->number_next = number + count;
    encode->generation = generation;
}

static void put_seq(struct encode *encode, size_t place, uint64_t seq,
                    uint64_t count)
{
    struct origin *origin = &encode->origins.list[place];

    tip_wire_write(encode->writer, TIP_WIRE_ORIGIN_INDEXES, place);
    tip_wire_write_signed(encode->writer, TIP_WIRE_SEQS,
                          (int64_t)(seq - origin->seq_next));
    origin->seq_next = seq + count;
}

static enum tip_err put_echo(struct encode *encode, const struct tip_echo *echo)
{
    if (!tip_wire_echo_is_sound(echo)) {
        return TIP_EINVAL;
    }
    put_seq(encode, find_origin(encode, echo->origin, 0), echo->first_seq,
            echo->count);
    put_commit(encode, echo->first_commit, echo->count);
    tip_wire_write(encode->writer, TIP_WIRE_VERDICTS, (uint64_t)echo->verdict);
    tip_wire_write(encode->writer, TIP_WIRE_ECHO_COUNTS, echo->count - 1);
    return TIP_OK;
}

static enum tip_err put_set(struct encode *encode, const struct tip_item *item)
{
    const struct tip_change_set *set = &item->set;
    enum tip_err err = tip_change_part_check(set);

    if (err != TIP_OK) {
        return err;
    }
    if (item->commit == 0 || !tip_wire_verdict_is_sound(item->verdict)) {
        return TIP_EINVAL;
    }
    put_seq(encode, find_origin(encode, set->origin, set->office), set->seq, 1);
    put_commit(encode, item->commit, 1);
    tip_wire_write(encode->writer, TIP_WIRE_VERDICTS, (uint64_t)item->verdict);
    encode->commits[encode->set_count] = item->commit;
    encode->sets[encode->set_count++] = set;
    return TIP_OK;
}

static enum tip_err put_state(struct encode *encode,
                              const struct tip_item *item)
{
    if (item->commit == 0 || !tip_wire_state_is_sound(&item->state)) {
        return TIP_EINVAL;
    }
    put_commit(encode, item->commit, 1);
    tip_wire_state_put(&encode->writer->columns[TIP_WIRE_STATES], &item->state);
    return TIP_OK;
}

static enum tip_err put_ruling(struct encode *encode,
                               const struct tip_item *item)
{
    if (item->commit == 0 || !tip_wire_verdict_is_sound(item->verdict) ||
        !tip_wire_ruling_is_sound(&item->ruling)) {
        return TIP_EINVAL;
    }
    put_commit(encode, item->commit, 1);
    tip_wire_write(encode->writer, TIP_WIRE_VERDICTS, (uint64_t)item->verdict);
    tip_wire_ruling_put(&encode->writer->columns[TIP_WIRE_RULINGS],
                        &item->ruling);
    return TIP_OK;
}

static enum tip_err put_control(struct encode *encode,
                                const struct tip_item *item)
{
    if (item->commit == 0 || !tip_wire_ctl_is_sound(item->control)) {
        return TIP_EINVAL;
    }
    put_commit(encode, item->commit, 1);
    tip_buf_put_sized(&encode->writer->columns[TIP_WIRE_CONTROLS],
                      item->control);
    return TIP_OK;
}

static enum tip_err put_roll(struct encode *encode, const struct tip_item *item)
{
    if (item->commit == 0) {
        return TIP_EINVAL;
    }
    put_commit(encode, item->commit, 1);
    tip_wire_roll_put(&encode->writer->columns[TIP_WIRE_STATES], &item->roll);
    return TIP_OK;
}

static enum tip_err put_item(struct encode *encode, const struct tip_item *item)
{
    switch (item->kind) {
    case TIP_ITEM_ECHO:
        tip_wire_write(encode->writer, TIP_WIRE_ITEM_KINDS, TIP_WIRE_KIND_ECHO);
        return put_echo(encode, &item->echo);
    case TIP_ITEM_SET:
        tip_wire_write(encode->writer, TIP_WIRE_ITEM_KINDS, TIP_WIRE_KIND_SET);
        return put_set(encode, item);
    case TIP_ITEM_STATE:
        tip_wire_write(encode->writer, TIP_WIRE_ITEM_KINDS,
                       TIP_WIRE_KIND_STATE);
        return put_state(encode, item);
    case TIP_ITEM_RULING:
        tip_wire_write(encode->writer, TIP_WIRE_ITEM_KINDS,
                       TIP_WIRE_KIND_RULING);
        return put_ruling(encode, item);
    case TIP_ITEM_CONTROL:
        tip_wire_write(encode->writer, TIP_WIRE_ITEM_KINDS,
                       TIP_WIRE_KIND_CONTROL);
        return put_control(encode, item);
    case TIP_ITEM_ROLL:
        tip_wire_write(encode->writer, TIP_WIRE_ITEM_KINDS, TIP_WIRE_KIND_ROLL);
        return put_roll(encode, item);
    }
    return TIP_EINVAL;
}

static enum tip_err put_checkpoint(struct encode *encode)
{
    const struct tip_checkpoint *checkpoint = &encode->in->checkpoint;
    enum tip_err err;

    if (!encode->in->has_checkpoint) {
        return TIP_OK;
    }
    err = tip_wire_writer_make(encode->writer, TIP_WIRE_CHECKPOINT,
                               tip_wire_checkpoint_bytes_max(checkpoint),
                               encode->arena);
    return err == TIP_OK
               ? tip_wire_checkpoint_put(
                     &encode->writer->columns[TIP_WIRE_CHECKPOINT], checkpoint)
               : err;
}

static enum tip_err put_items(struct encode *encode)
{
    enum tip_err err = make_columns(encode);
    struct tip_wire_sets sets;

    for (size_t i = 0; i < encode->in->item_count && err == TIP_OK; i++) {
        err = put_item(encode, &encode->in->items[i]);
    }
    if (err == TIP_OK) {
        err = put_checkpoint(encode);
    }
    if (err == TIP_OK && encode->in->gone.size != 0) {
        err = tip_wire_writer_make(encode->writer, TIP_WIRE_GONE,
                                   encode->in->gone.size, encode->arena);
        tip_buf_put(&encode->writer->columns[TIP_WIRE_GONE], encode->in->gone);
    }
    if (err != TIP_OK) {
        return err;
    }
    sets = (struct tip_wire_sets){.sets = encode->sets,
                                  .commits = encode->commits,
                                  .count = encode->set_count};
    return tip_wire_sets_encode(&sets, encode->arena, encode->writer);
}

static enum tip_err encode_body(struct tip_codec *codec,
                                const struct tip_down_body *body,
                                struct tip_buf *buf,
                                enum tip_dictionary *out_dictionary)
{
    struct encode encode = {.in = body, .arena = tip_codec_scratch(codec)};
    struct tip_wire_body columns;
    enum tip_err err;

    encode.writer = tip_arena_alloc(encode.arena, sizeof *encode.writer);
    if (encode.writer == NULL) {
        return TIP_ENOMEM;
    }
    err = put_items(&encode);
    if (err == TIP_OK) {
        encode.writer->body.item_count = (uint32_t)body->item_count;
        err = tip_wire_writer_finish(encode.writer, &columns);
    }
    return err == TIP_OK ? tip_wire_body_encode(codec, TIP_DICTIONARY_DOWN,
                                                &columns, buf, out_dictionary)
                         : err;
}

enum tip_err tip_wire_down_encode(struct tip_codec *codec,
                                  const struct tip_down_body *body,
                                  struct tip_buf *buf, uint32_t *out_dictionary)
{
    size_t before = buf->size;
    enum tip_dictionary dictionary = TIP_DICTIONARY_PLAIN;
    enum tip_err err;

    if (body->item_count > TIP_FRAME_SETS_MAX) {
        return TIP_ETOOBIG;
    }
    tip_arena_clear(tip_codec_scratch(codec));
    err = encode_body(codec, body, buf, &dictionary);
    if (err != TIP_OK) {
        buf->size = before;
        return err;
    }
    *out_dictionary = dictionary;
    return TIP_OK;
}
