#include "tip_wire_up.h"

#include "tip_wire_sets.h"

/* The sets one by one; TIP_EINVAL unless they are a run of one origin. */
static enum tip_err list_sets(const struct tip_up_body *body,
                              const struct tip_change_set **list)
{
    for (size_t i = 0; i < body->set_count; i++) {
        const struct tip_change_set *set = &body->sets[i];
        enum tip_err err = tip_change_set_check(set);

        if (err != TIP_OK) {
            return err;
        }
        if (set->origin != body->sets[0].origin ||
            set->seq != body->sets[0].seq + i) {
            return TIP_EINVAL;
        }
        list[i] = set;
    }
    return TIP_OK;
}

static enum tip_err encode(struct tip_codec *codec,
                           const struct tip_up_body *body, struct tip_buf *buf,
                           enum tip_dictionary *out_dictionary)
{
    struct tip_arena *scratch = tip_codec_scratch(codec);
    const struct tip_change_set **list =
        /* NOLINTNEXTLINE(bugprone-sizeof-expression): a list of pointers. */
        tip_arena_alloc_array(scratch, body->set_count, sizeof *list);
    struct tip_wire_writer *writer = tip_arena_alloc(scratch, sizeof *writer);
    struct tip_wire_sets sets = {.sets = list, .count = body->set_count};
    struct tip_wire_body columns;
    enum tip_err err;

    if (list == NULL || writer == NULL) {
        return TIP_ENOMEM;
    }
    err = list_sets(body, list);
    if (err == TIP_OK) {
        err = tip_wire_sets_encode(&sets, scratch, writer);
    }
    if (err == TIP_OK) {
        writer->body.more_sets = (uint32_t)body->set_count - 1;
        err = tip_wire_writer_finish(writer, &columns);
    }
    if (err == TIP_OK) {
        err = tip_wire_body_encode(codec, TIP_DICTIONARY_UP, &columns, buf,
                                   out_dictionary);
    }
    return err;
}

enum tip_err tip_wire_up_encode(struct tip_codec *codec,
                                const struct tip_up_body *body,
                                struct tip_buf *buf, uint32_t *out_dictionary)
{
    size_t before = buf->size;
    enum tip_dictionary dictionary = TIP_DICTIONARY_PLAIN;
    enum tip_err err;

    if (body->set_count == 0 || body->set_count > TIP_FRAME_SETS_MAX) {
        return body->set_count == 0 ? TIP_EINVAL : TIP_ETOOBIG;
    }
    tip_arena_clear(tip_codec_scratch(codec));
    err = encode(codec, body, buf, &dictionary);
    if (err != TIP_OK) {
        buf->size = before;
        return err;
    }
    *out_dictionary = dictionary;
    return TIP_OK;
}

/* A body of a node has nothing that only the hub says. */
static bool is_upwards(const struct tip_wire_body *body)
{
    for (size_t i = TIP_WIRE_COLUMN_DOWN; i < TIP_WIRE_COLUMN_COUNT; i++) {
        if (body->columns[i].size != 0) {
            return false;
        }
    }
    return body->item_count == 0;
}

/* Number the sets as the header says. */
static struct tip_change_set *make_sets(const struct tip_wire_sender *sender,
                                        struct tip_arena *arena)
{
    const struct tip_frame_header *header = sender->header;
    struct tip_change_set *sets =
        tip_arena_alloc_array(arena, header->count, sizeof *sets);

    for (size_t i = 0; sets != NULL && i < header->count; i++) {
        sets[i].origin = header->origin;
        sets[i].office = sender->office;
        sets[i].seq = header->first + i;
    }
    return sets;
}

static enum tip_err decode(struct tip_wire_reader *reader,
                           const struct tip_wire_memory *memory,
                           struct tip_wire_sets_out *out)
{
    enum tip_err err = tip_wire_sets_decode(reader, memory, out);

    if (err == TIP_OK) {
        err = tip_wire_reader_finish(reader);
    }
    for (size_t i = 0; i < out->count && err == TIP_OK; i++) {
        err = tip_change_set_check(&out->sets[i]);
    }
    return err;
}

enum tip_err tip_wire_up_decode(struct tip_codec *codec,
                                const struct tip_wire_sender *sender,
                                struct tip_bytes bytes, struct tip_arena *arena,
                                struct tip_up_body *out_body)
{
    struct tip_wire_memory memory = {.keep = arena,
                                     .scratch = tip_codec_scratch(codec)};
    struct tip_wire_sets_out out = {.count = sender->header->count};
    struct tip_wire_reader reader;
    struct tip_wire_body body;
    enum tip_err err;

    tip_arena_clear(memory.scratch);
    err = tip_wire_body_decode(codec, sender->header->dictionary, bytes, &body);
    if (err != TIP_OK) {
        return err;
    }
    if (sender->header->is_down || !is_upwards(&body) ||
        out.count > TIP_FRAME_SETS_MAX ||
        (uint64_t)body.more_sets + 1 != out.count) {
        return TIP_EMALFORMED;
    }
    out.sets = make_sets(sender, arena);
    if (out.sets == NULL) {
        return TIP_ENOMEM;
    }
    tip_wire_reader_init(&reader, &body);
    err = decode(&reader, &memory, &out);
    if (err == TIP_OK) {
        *out_body =
            (struct tip_up_body){.sets = out.sets, .set_count = out.count};
    }
    return err;
}
