#include "tip_contents.h"

#include <assert.h>
#include <string.h>

#include "tip_buf.h"
#include "tip_hash.h"
#include "tip_reader.h"
#include "tip_wire_pieces.h"

enum {
    HASH_SIZE = 16,
    ENTRY_SIZE = 1 + TIP_ID_SIZE + 8 + 4 + HASH_SIZE, /* As it is hashed. */
    GONE_SIZE_MIN = 1 + 1 + HASH_SIZE,
    GONE_SIZE_MAX = 10 + 1 + TIP_ID_SIZE + 10 + 5 + HASH_SIZE,
    SCRATCH_BYTES_MAX = 1024 * 1024
};

/* In what is left, beside the kind of a piece. */
enum { HAS_ID = 8, HAS_BIRTH = 16, KIND_MASK = 7 };

struct entry {
    enum tip_wire_piece_kind kind;
    struct tip_record_ref record; /* Its id; else its birth; else nothing. */
    uint8_t hash[HASH_SIZE];
    bool is_gone;
    uint64_t before; /* Gone: how many stay between it and the last. */
};

struct table {
    struct entry *list;
    size_t count;
    uint64_t control; /* What the checkpoint presumed when it was made. */
};

static bool is_same(const struct entry *a, const struct entry *b)
{
    return a->kind == b->kind && tip_id_equal(&a->record.id, &b->record.id) &&
           a->record.birth_commit == b->record.birth_commit &&
           a->record.birth_index == b->record.birth_index &&
           memcmp(a->hash, b->hash, sizeof a->hash) == 0;
}

static struct entry entry_of(const struct tip_wire_piece *piece)
{
    struct entry entry = {.kind = piece->kind,
                          .record = {.id = piece->record.id}};
    struct tip_hash hash;

    if (tip_id_is_none(&entry.record.id)) {
        entry.record.birth_commit = piece->record.birth_commit;
        entry.record.birth_index = piece->record.birth_index;
    }

    tip_hash_make(TIP_HASH_PIECE, piece->bytes, &hash);
    memcpy(entry.hash, hash.bytes, sizeof entry.hash);
    return entry;
}

/* Room for all entries of @body, and of what is gone. */
static enum tip_err make_table(const struct tip_down_body *body,
                               struct tip_arena *arena, struct table *out)
{
    size_t max = 1 + body->gone.size / GONE_SIZE_MIN;

    for (size_t i = 0; i < body->item_count; i++) {
        max += 2 + (body->items[i].kind == TIP_ITEM_SET
                        ? body->items[i].set.record_count
                        : 0);
    }
    *out = (struct table){
        .list = tip_arena_alloc_array(arena, max, sizeof *out->list),
        .control = body->has_checkpoint ? body->checkpoint.control : 0};
    return out->list == NULL ? TIP_ENOMEM : TIP_OK;
}

/* Append the entries of what is there. */
static enum tip_err list_pieces(const struct tip_down_body *body,
                                struct tip_arena *arena, struct table *table)
{
    struct tip_wire_pieces at = {.body = body};
    struct tip_wire_piece piece;
    struct tip_arena scratch;
    struct tip_buf buf;
    uint8_t *memory = tip_arena_alloc(arena, TIP_WIRE_PIECE_BYTES_MAX);
    enum tip_err err = memory == NULL ? TIP_ENOMEM : TIP_OK;

    tip_buf_init(&buf, memory, TIP_WIRE_PIECE_BYTES_MAX);
    tip_arena_init(&scratch, SCRATCH_BYTES_MAX);
    while (err == TIP_OK) {
        tip_arena_clear(&scratch);
        err = tip_wire_pieces_next(&at, &scratch, &buf, &piece);
        if (err == TIP_OK) {
            table->list[table->count++] = entry_of(&piece);
        }
    }
    tip_arena_deinit(&scratch);
    return err == TIP_ENOTFOUND ? TIP_OK : err;
}

/* The next entry of what is gone; @reader fails if there is none. */
static struct entry get_gone(struct tip_reader *reader)
{
    struct entry entry = {.is_gone = true,
                          .before = tip_reader_get_varint(reader)};
    uint8_t first = tip_reader_get_u8(reader);

    entry.kind = (enum tip_wire_piece_kind)(first & KIND_MASK);
    if ((first & HAS_ID) != 0) {
        tip_reader_copy(reader, entry.record.id.bytes, TIP_ID_SIZE);
    }
    if ((first & HAS_BIRTH) != 0) {
        uint64_t index;

        entry.record.birth_commit = tip_reader_get_varint(reader);
        index = tip_reader_get_varint(reader);
        entry.record.birth_index = (uint32_t)index;
        reader->failed = reader->failed || index > UINT32_MAX;
    }
    tip_reader_copy(reader, entry.hash, sizeof entry.hash);
    reader->failed = reader->failed || first > (KIND_MASK | HAS_ID | HAS_BIRTH);
    return entry;
}

static void put_gone(struct tip_buf *buf, const struct entry *entry,
                     uint64_t before)
{
    bool has_id = !tip_id_is_none(&entry->record.id);
    bool has_birth = entry->record.birth_commit != 0;

    tip_buf_put_varint(buf, before);
    tip_buf_put_u8(buf, (uint8_t)((unsigned)entry->kind |
                                  (has_id ? (unsigned)HAS_ID : 0U) |
                                  (has_birth ? (unsigned)HAS_BIRTH : 0U)));
    if (has_id) {
        tip_buf_put(buf, TIP_BYTES_OF(entry->record.id.bytes));
    }
    if (has_birth) {
        tip_buf_put_varint(buf, entry->record.birth_commit);
        tip_buf_put_varint(buf, entry->record.birth_index);
    }
    tip_buf_put(buf, TIP_BYTES_OF(entry->hash));
}

/* Between the entries of @stays those that are @gone, each in its place. */
static enum tip_err merge(const struct table *stays, struct tip_bytes gone,
                          struct table *out)
{
    struct tip_reader reader;
    size_t next = 0;

    tip_reader_init(&reader, gone);
    if (gone.size != 0) {
        out->control = tip_reader_get_varint(&reader);
    }
    while (reader.rest.size != 0) {
        struct entry entry = get_gone(&reader);

        if (reader.failed || entry.before > stays->count - next) {
            return TIP_EMALFORMED;
        }
        for (uint64_t i = 0; i < entry.before; i++) {
            out->list[out->count++] = stays->list[next++];
        }
        out->list[out->count++] = entry;
    }
    while (next < stays->count) {
        out->list[out->count++] = stays->list[next++];
    }
    return reader.failed ? TIP_EMALFORMED : TIP_OK;
}

/* The table of @body and of what is gone of it. */
static enum tip_err list_all(const struct tip_down_body *body,
                             struct tip_arena *arena, struct table *out)
{
    struct table stays;
    enum tip_err err = make_table(body, arena, &stays);

    if (err == TIP_OK) {
        err = make_table(body, arena, out);
    }
    if (err == TIP_OK) {
        err = list_pieces(body, arena, &stays);
    }
    return err == TIP_OK ? merge(&stays, body->gone, out) : err;
}

static enum tip_err hash_table(const struct tip_frame_key *key,
                               const struct tip_frame_header *header,
                               const struct table *table,
                               struct tip_arena *arena,
                               uint8_t out[TIP_CONTENTS_SIZE])
{
    size_t size = 8 + table->count * ENTRY_SIZE;
    uint8_t *memory = tip_arena_alloc(arena, size);
    struct tip_buf buf;

    static_assert((int)TIP_CONTENTS_SIZE == (int)TIP_FRAME_TABLE_SIZE,
                  "one size");
    if (memory == NULL) {
        return TIP_ENOMEM;
    }
    tip_buf_init(&buf, memory, size);
    tip_buf_put_u64(&buf, table->control);
    for (size_t i = 0; i < table->count; i++) {
        const struct entry *entry = &table->list[i];

        tip_buf_put_u8(&buf, (uint8_t)entry->kind);
        tip_buf_put(&buf, TIP_BYTES_OF(entry->record.id.bytes));
        tip_buf_put_u64(&buf, entry->record.birth_commit);
        tip_buf_put_u32(&buf, entry->record.birth_index);
        tip_buf_put(&buf, TIP_BYTES_OF(entry->hash));
    }
    tip_frame_hash_table(key, header->salt, tip_bytes(memory, size), out);
    return TIP_OK;
}

/* What it takes to say that all of @table is gone. */
static size_t gone_bytes(const struct table *table)
{
    size_t bytes = GONE_SIZE_MIN; /* And what the checkpoint presumed. */

    for (size_t i = 0; i < table->count; i++) {
        uint8_t memory[GONE_SIZE_MAX];
        struct tip_buf buf;

        tip_buf_init(&buf, memory, sizeof memory);
        put_gone(&buf, &table->list[i], 0);
        bytes += buf.size;
    }
    return bytes;
}

enum tip_err tip_contents_note(const struct tip_frame_key *key,
                               const struct tip_down_body *body,
                               struct tip_arena *arena,
                               struct tip_frame_header *header,
                               size_t *out_gone_bytes)
{
    struct table table = {.count = 0};
    enum tip_err err;

    header->has_contents = tip_wire_pieces_may_go(body);
    *out_gone_bytes = 0;
    if (!header->has_contents) {
        return TIP_OK;
    }
    err = list_all(body, arena, &table);
    if (err == TIP_OK) {
        *out_gone_bytes = gone_bytes(&table);
        err = hash_table(key, header, &table, arena, header->contents);
    }
    return err;
}

/* The entries of @was that @stays has not. */
static enum tip_err subtract(const struct table *was, const struct table *stays,
                             struct tip_buf *buf)
{
    uint64_t before = 0;
    size_t next = 0;

    for (size_t i = 0; i < was->count; i++) {
        const struct entry *entry = &was->list[i];

        if (!entry->is_gone && next < stays->count &&
            is_same(entry, &stays->list[next])) {
            next++;
            before++;
        } else {
            put_gone(buf, entry, before);
            before = 0;
        }
    }
    return next == stays->count ? TIP_OK : TIP_EMALFORMED;
}

enum tip_err tip_contents_lose(const struct tip_down_body *was,
                               struct tip_arena *arena,
                               struct tip_down_body *left)
{
    struct table all, stays;
    uint8_t *memory;
    struct tip_buf buf;
    enum tip_err err = list_all(was, arena, &all);

    if (err == TIP_OK) {
        err = make_table(left, arena, &stays);
    }
    if (err == TIP_OK) {
        err = list_pieces(left, arena, &stays);
    }
    if (err != TIP_OK) {
        return err;
    }
    memory = tip_arena_alloc_array(arena, 1 + all.count, GONE_SIZE_MAX);
    if (memory == NULL) {
        return TIP_ENOMEM;
    }
    tip_buf_init(&buf, memory, (1 + all.count) * GONE_SIZE_MAX);
    tip_buf_put_varint(&buf, all.control);
    err = subtract(&all, &stays, &buf);
    return err == TIP_OK ? tip_buf_finish(&buf, &left->gone) : err;
}

/* May @entry be gone? @in_state: a state that is not was begun before it. */
static enum tip_err may_be_gone(struct tip_redactor *redactor,
                                const struct entry *entry, bool in_state)
{
    bool may = entry->kind == TIP_WIRE_PIECE_REASON ||
               (entry->kind == TIP_WIRE_PIECE_REST && !in_state);
    enum tip_err err = TIP_OK;

    if (entry->kind == TIP_WIRE_PIECE_RECORD ||
        entry->kind == TIP_WIRE_PIECE_STATE) {
        err = redactor->is_erased(redactor, &entry->record, &may);
    }
    return err == TIP_OK && !may ? TIP_ESIGNATURE : err;
}

static enum tip_err judge_gone(struct tip_redactor *redactor,
                               const struct table *table)
{
    bool in_state = false;
    enum tip_err err = TIP_OK;

    for (size_t i = 0; i < table->count && err == TIP_OK; i++) {
        const struct entry *entry = &table->list[i];

        if (entry->is_gone) {
            err = may_be_gone(redactor, entry, in_state);
        }
        if (entry->kind == TIP_WIRE_PIECE_STATE) {
            in_state = !entry->is_gone;
        }
    }
    return err;
}

/* May the checkpoint of @body presume what it does, when it was made with
 * @control? We raise that to erasures; nobody may to what does not exist, for
 * which whoever follows would wait for ever. */
static bool may_presume(const struct tip_redactor *redactor,
                        const struct tip_down_body *body, uint64_t control)
{
    const uint64_t now = body->checkpoint.control;

    return !body->has_checkpoint || now == control ||
           (now > control && now <= redactor->control);
}

enum tip_err tip_contents_prove(struct tip_redactor *redactor,
                                const struct tip_frame_key *key,
                                const struct tip_wire_frame *parts,
                                const struct tip_down_body *body)
{
    struct tip_frame_header past;
    struct table table;
    uint8_t contents[TIP_CONTENTS_SIZE];
    enum tip_err err = tip_wire_header_decode(parts->past.header, &past);

    if (err == TIP_OK && !past.has_contents) {
        err = TIP_ESIGNATURE;
    }
    if (err == TIP_OK) {
        err = list_all(body, redactor->arena, &table);
    }
    if (err == TIP_OK && !may_presume(redactor, body, table.control)) {
        err = TIP_ESIGNATURE;
    }
    if (err == TIP_OK) {
        err = hash_table(key, &past, &table, redactor->arena, contents);
    }
    if (err == TIP_OK &&
        memcmp(contents, past.contents, sizeof contents) != 0) {
        err = TIP_ESIGNATURE;
    }
    return err == TIP_OK ? judge_gone(redactor, &table) : err;
}
