#include "tip_wire_checkpoint.h"
#include "tip_wire_down.h"
#include "tip_wire_items.h"

/* The origins a body says. */
struct origins {
    struct origin {
        uint32_t origin;
        uint32_t office;
        uint64_t seq_next;
    } * list;
    size_t count;
};

struct decode {
    struct tip_wire_reader *in;
    const struct tip_wire_memory *memory;
    struct origins origins;
    uint64_t number_next;
    int64_t generation;
    struct tip_item *items;
    size_t item_count;
    struct tip_change_set *sets; /* Those of the items, in order. */
    uint64_t *commits;
    size_t set_count;
};

/* Each origin has an item at least: what is left is refused at the end. */
static enum tip_err read_origins(struct decode *decode)
{
    struct tip_reader *reader = &decode->in->columns[TIP_WIRE_ORIGINS];
    struct origins *origins = &decode->origins;

    origins->list = tip_arena_alloc_array(
        decode->memory->scratch, decode->item_count, sizeof *origins->list);
    if (origins->list == NULL) {
        return TIP_ENOMEM;
    }
    while (reader->rest.size != 0 && origins->count < decode->item_count) {
        uint32_t origin = tip_wire_read_u32(decode->in, TIP_WIRE_ORIGINS);
        uint32_t office = tip_wire_read_u32(decode->in, TIP_WIRE_ORIGINS);

        origins->list[origins->count++] =
            (struct origin){.origin = origin, .office = office};
    }
    return TIP_OK;
}

/* The first of @count commits; 0: there is no such place. */
static uint64_t read_commit(struct decode *decode, uint64_t count)
{
    const uint64_t number_max = (UINT64_C(1) << TIP_COMMIT_NUMBER_BITS) - 1;
    const int64_t generation_max =
        (INT64_C(1) << (64 - TIP_COMMIT_NUMBER_BITS)) - 1;
    uint64_t number = decode->number_next + (uint64_t)tip_wire_read_signed(
                                                decode->in, TIP_WIRE_COMMITS);

    if (__builtin_add_overflow(
            decode->generation,
            tip_wire_read_signed(decode->in, TIP_WIRE_COMMIT_GENERATIONS),
            &decode->generation) ||
        decode->generation < 0 || decode->generation > generation_max ||
        number > number_max) {
        return 0;
    }
    decode->number_next = number + count;
    return tip_commit_make((uint32_t)decode->generation, number);
}

/* What items of both kinds have. */
struct common {
    struct origin *origin;
    uint64_t seq;
    uint64_t commit;
    enum tip_verdict verdict;
};

static enum tip_err read_common(struct decode *decode, uint64_t count,
                                struct common *out)
{
    uint64_t place = tip_wire_read(decode->in, TIP_WIRE_ORIGIN_INDEXES);
    uint64_t step = (uint64_t)tip_wire_read_signed(decode->in, TIP_WIRE_SEQS);
    uint64_t verdict = tip_wire_read(decode->in, TIP_WIRE_VERDICTS);

    if (place >= decode->origins.count) {
        return TIP_EMALFORMED;
    }
    if (verdict > TIP_VERDICT_FUTURE) {
        return TIP_EUNSUPPORTED;
    }
    out->origin = &decode->origins.list[place];
    out->seq = out->origin->seq_next + step;
    out->origin->seq_next = out->seq + count;
    out->verdict = (enum tip_verdict)verdict;
    out->commit = read_commit(decode, count);
    return out->commit != 0 ? TIP_OK : TIP_EMALFORMED;
}

static enum tip_err read_echo(struct decode *decode, struct tip_echo *echo)
{
    /* 0 if it overflows, which is not sound. */
    uint32_t count = tip_wire_read_u32(decode->in, TIP_WIRE_ECHO_COUNTS) + 1;
    struct common common;
    enum tip_err err = read_common(decode, count, &common);

    if (err != TIP_OK) {
        return err;
    }
    *echo = (struct tip_echo){.origin = common.origin->origin,
                              .first_seq = common.seq,
                              .count = count,
                              .first_commit = common.commit,
                              .verdict = common.verdict};
    return common.origin->office == 0 && tip_wire_echo_is_sound(echo)
               ? TIP_OK
               : TIP_EMALFORMED;
}

static enum tip_err read_set(struct decode *decode, struct tip_item *item)
{
    struct tip_change_set *set = &decode->sets[decode->set_count];
    struct common common;
    enum tip_err err = read_common(decode, 1, &common);

    if (err != TIP_OK) {
        return err;
    }
    set->origin = common.origin->origin;
    set->office = common.origin->office;
    set->seq = common.seq;
    item->commit = common.commit;
    item->verdict = common.verdict;
    decode->commits[decode->set_count++] = common.commit;
    return TIP_OK;
}

static enum tip_err read_state(struct decode *decode, struct tip_item *item)
{
    struct tip_state_part part =
        tip_wire_state_get(&decode->in->columns[TIP_WIRE_STATES]);
    enum tip_err err;

    item->commit = read_commit(decode, 1);
    if (item->commit == 0 || !tip_wire_state_is_sound(&part)) {
        return TIP_EMALFORMED;
    }
    err = tip_arena_copy(decode->memory->keep, part.bytes, &part.bytes);
    if (err == TIP_OK) {
        item->state = part;
    }
    return err;
}

/* Its texts are borrowed from the body, so they are copied. */
static enum tip_err read_ruling(struct decode *decode, struct tip_item *item)
{
    struct tip_ruling *ruling = &item->ruling;
    uint64_t verdict = tip_wire_read(decode->in, TIP_WIRE_VERDICTS);
    enum tip_err err =
        tip_wire_ruling_get(&decode->in->columns[TIP_WIRE_RULINGS], ruling);

    item->commit = read_commit(decode, 1);
    if (err == TIP_OK && verdict > TIP_VERDICT_FUTURE) {
        err = TIP_EUNSUPPORTED;
    }
    if (err == TIP_OK && item->commit == 0) {
        err = TIP_EMALFORMED;
    }
    if (err == TIP_OK) {
        item->verdict = (enum tip_verdict)verdict;
        err = tip_arena_copy(decode->memory->keep, ruling->by, &ruling->by);
    }
    return err == TIP_OK ? tip_arena_copy(decode->memory->keep, ruling->reason,
                                          &ruling->reason)
                         : err;
}

static enum tip_err read_control(struct decode *decode, struct tip_item *item)
{
    struct tip_bytes bytes =
        tip_reader_get_sized(&decode->in->columns[TIP_WIRE_CONTROLS]);

    item->commit = read_commit(decode, 1);
    return item->commit != 0 && tip_wire_ctl_is_sound(bytes)
               ? tip_arena_copy(decode->memory->keep, bytes, &item->control)
               : TIP_EMALFORMED;
}

static enum tip_err read_roll(struct decode *decode, struct tip_item *item)
{
    bool is_sound =
        tip_wire_roll_get(&decode->in->columns[TIP_WIRE_STATES], &item->roll);

    item->commit = read_commit(decode, 1);
    return item->commit != 0 && is_sound ? TIP_OK : TIP_EMALFORMED;
}

static enum tip_err read_item(struct decode *decode, struct tip_item *item)
{
    switch (tip_wire_read(decode->in, TIP_WIRE_ITEM_KINDS)) {
    case TIP_WIRE_KIND_ECHO:
        item->kind = TIP_ITEM_ECHO;
        return read_echo(decode, &item->echo);
    case TIP_WIRE_KIND_SET:
        item->kind = TIP_ITEM_SET;
        return read_set(decode, item);
    case TIP_WIRE_KIND_STATE:
        item->kind = TIP_ITEM_STATE;
        return read_state(decode, item);
    case TIP_WIRE_KIND_RULING:
        item->kind = TIP_ITEM_RULING;
        return read_ruling(decode, item);
    case TIP_WIRE_KIND_CONTROL:
        item->kind = TIP_ITEM_CONTROL;
        return read_control(decode, item);
    case TIP_WIRE_KIND_ROLL:
        item->kind = TIP_ITEM_ROLL;
        return read_roll(decode, item);
    default:
        return TIP_EUNSUPPORTED;
    }
}

static enum tip_err make_items(struct decode *decode)
{
    size_t count = decode->item_count;
    struct tip_arena *scratch = decode->memory->scratch;

    decode->items = tip_arena_alloc_array(decode->memory->keep, count,
                                          sizeof *decode->items);
    decode->sets = tip_arena_alloc_array(scratch, count, sizeof *decode->sets);
    decode->commits =
        tip_arena_alloc_array(scratch, count, sizeof *decode->commits);
    return decode->items == NULL || decode->sets == NULL ||
                   decode->commits == NULL
               ? TIP_ENOMEM
               : TIP_OK;
}

/* Give each item of a set what was read of it. */
static enum tip_err place_sets(struct decode *decode)
{
    size_t next = 0;

    for (size_t i = 0; i < decode->item_count; i++) {
        struct tip_item *item = &decode->items[i];
        enum tip_err err;

        if (item->kind != TIP_ITEM_SET) {
            continue;
        }
        item->set = decode->sets[next++];
        err = tip_change_part_check(&item->set);
        if (err != TIP_OK) {
            return err;
        }
    }
    return TIP_OK;
}

static enum tip_err read_items(struct decode *decode)
{
    struct tip_wire_sets_out out;
    enum tip_err err = make_items(decode);

    if (err == TIP_OK) {
        err = read_origins(decode);
    }
    for (size_t i = 0; i < decode->item_count && err == TIP_OK; i++) {
        err = read_item(decode, &decode->items[i]);
    }
    if (err != TIP_OK) {
        return err;
    }
    out = (struct tip_wire_sets_out){.sets = decode->sets,
                                     .commits = decode->commits,
                                     .count = decode->set_count};
    err = tip_wire_sets_decode(decode->in, decode->memory, &out);
    return err == TIP_OK ? place_sets(decode) : err;
}

static enum tip_err read_checkpoint(struct decode *decode,
                                    struct tip_down_body *body)
{
    struct tip_reader *reader = &decode->in->columns[TIP_WIRE_CHECKPOINT];
    enum tip_err err;

    if (reader->rest.size == 0) {
        return TIP_OK;
    }
    err = tip_wire_checkpoint_get(reader->rest, decode->memory->keep,
                                  &body->checkpoint);
    reader->rest = TIP_BYTES_NONE;
    body->has_checkpoint = true;
    return err;
}

/* It lies in memory of the codec. */
static enum tip_err read_gone(struct decode *decode, struct tip_down_body *body)
{
    struct tip_reader *reader = &decode->in->columns[TIP_WIRE_GONE];
    struct tip_bytes gone = reader->rest;

    reader->rest = TIP_BYTES_NONE;
    return gone.size == 0
               ? TIP_OK
               : tip_arena_copy(decode->memory->keep, gone, &body->gone);
}

enum tip_err tip_wire_down_decode(struct tip_codec *codec,
                                  const struct tip_frame_header *header,
                                  struct tip_bytes bytes,
                                  struct tip_arena *arena,
                                  struct tip_down_body *out_body)
{
    struct tip_wire_memory memory = {.keep = arena,
                                     .scratch = tip_codec_scratch(codec)};
    struct tip_wire_reader reader;
    struct decode decode = {.in = &reader, .memory = &memory};
    struct tip_down_body down = {.has_checkpoint = false};
    struct tip_wire_body body;
    enum tip_err err;

    tip_arena_clear(memory.scratch);
    err = tip_wire_body_decode(codec, header->dictionary, bytes, &body);
    if (err != TIP_OK) {
        return err;
    }
    if (!header->is_down || body.more_sets != 0 ||
        body.item_count > TIP_FRAME_SETS_MAX) {
        return TIP_EMALFORMED;
    }
    tip_wire_reader_init(&reader, &body);
    decode.item_count = body.item_count;
    err = read_items(&decode);
    if (err == TIP_OK) {
        err = read_checkpoint(&decode, &down);
    }
    if (err == TIP_OK) {
        err = read_gone(&decode, &down);
    }
    if (err == TIP_OK) {
        err = tip_wire_reader_finish(&reader);
    }
    if (err == TIP_OK) {
        down.items = decode.items;
        down.item_count = decode.item_count;
        *out_body = down;
    }
    return err;
}
