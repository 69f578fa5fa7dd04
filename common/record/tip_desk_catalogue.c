#include "tip_desk_catalogue.h"

#include <stdlib.h>
#include <string.h>

#include "tip_desk_layout.h"
#include "tip_hash.h"
#include "tip_merge.h"

enum { SCRATCH_BYTES_MAX = 64 * 1024 * 1024 };

/* A version as it was announced. */
struct announced {
    uint32_t version;
    uint64_t size;
    struct tip_hash hash;
};

/* An id for whoever has the same @words: no time and no secret in it, only the
 * mark of UUID version 8. */
static struct tip_id id_of(struct tip_bytes words)
{
    struct tip_hash hash;
    struct tip_id id;

    tip_hash_make(TIP_HASH_CATALOGUE, words, &hash);
    memcpy(id.bytes, hash.bytes, sizeof id.bytes);
    id.bytes[6] = (uint8_t)((id.bytes[6] & 0x0f) | 0x80);
    id.bytes[8] = (uint8_t)((id.bytes[8] & 0x3f) | 0x80);
    return id;
}

static struct tip_id head_id(void)
{
    return id_of(tip_bytes_text("catalogue head"));
}

static struct tip_id piece_id(const struct tip_hash *hash, size_t index)
{
    uint8_t words[TIP_HASH_SIZE + 4];
    struct tip_buf buf;

    tip_buf_init(&buf, words, sizeof words);
    tip_buf_put(&buf, TIP_BYTES_OF(hash->bytes));
    tip_buf_put_u32(&buf, (uint32_t)index);
    return id_of(TIP_BYTES_OF(words));
}

static size_t piece_count(uint64_t size)
{
    return (size_t)((size + TIP_CATALOGUE_PIECE_BYTES_MAX - 1) /
                    TIP_CATALOGUE_PIECE_BYTES_MAX);
}

/* The value shown in one cell; none if nobody wrote it. These fields are
 * written by the hub alone, so the newest sibling is the only one. */
static struct tip_value value_of(const struct tip_record *record,
                                 uint32_t field, uint64_t element)
{
    struct tip_cell cell = tip_record_cell(record, field, element);

    return cell.count == 0 ? (struct tip_value){.kind = TIP_VALUE_NONE}
                           : cell.siblings[cell.count - 1].value;
}

/* What @head says of @version; false if that makes no sense. */
static bool read_announced(const struct tip_record *head, uint64_t version,
                           struct announced *out_announced)
{
    struct tip_value size = value_of(head, TIP_CATALOGUE_FIELD_SIZE, version);
    struct tip_value hash = value_of(head, TIP_CATALOGUE_FIELD_HASH, version);

    if (version == 0 || version > UINT32_MAX ||
        size.kind != TIP_VALUE_INTEGER || size.integer <= 0 ||
        size.integer > TIP_CATALOGUE_PACK_BYTES_MAX ||
        hash.kind != TIP_VALUE_OPAQUE || hash.bytes.size != TIP_HASH_SIZE) {
        return false;
    }
    out_announced->version = (uint32_t)version;
    out_announced->size = (uint64_t)size.integer;
    memcpy(out_announced->hash.bytes, hash.bytes.data, TIP_HASH_SIZE);
    return true;
}

/* Append piece @index of @announced to @pack. */
static enum tip_err read_piece(struct tip_desk *desk,
                               const struct announced *announced, size_t index,
                               struct tip_buf *pack)
{
    struct tip_id id = piece_id(&announced->hash, index);
    struct tip_desk_found found;
    struct tip_arena arena;
    enum tip_err err;

    tip_arena_init(&arena, SCRATCH_BYTES_MAX);
    err = tip_desk_find(desk, &id, &arena, &found);
    if (err == TIP_OK) {
        struct tip_value piece =
            value_of(&found.view, TIP_CATALOGUE_FIELD_PIECE, 0);

        if (piece.kind == TIP_VALUE_OPAQUE) {
            tip_buf_put(pack, piece.bytes);
        } else {
            err = TIP_ENOTFOUND;
        }
    }
    tip_arena_deinit(&arena);
    return err;
}

/* Put @announced together. TIP_ENOTFOUND: it is not complete, or not what was
 * announced. */
static enum tip_err read_pack(struct tip_desk *desk,
                              const struct announced *announced,
                              struct tip_arena *arena,
                              struct tip_bytes *out_pack)
{
    uint8_t *memory = tip_arena_alloc(arena, (size_t)announced->size);
    struct tip_bytes pack;
    struct tip_hash hash;
    struct tip_buf buf;
    enum tip_err err = TIP_OK;

    if (memory == NULL) {
        return TIP_ENOMEM;
    }
    tip_buf_init(&buf, memory, (size_t)announced->size);
    for (size_t i = 0; i < piece_count(announced->size) && err == TIP_OK; i++) {
        err = read_piece(desk, announced, i, &buf);
    }
    if (err != TIP_OK) {
        return err;
    }
    if (tip_buf_finish(&buf, &pack) != TIP_OK || pack.size != announced->size) {
        return TIP_ENOTFOUND;
    }
    tip_hash_make(TIP_HASH_CATALOGUE, pack, &hash);
    if (memcmp(hash.bytes, announced->hash.bytes, sizeof hash.bytes) != 0) {
        return TIP_ENOTFOUND;
    }
    *out_pack = pack;
    return TIP_OK;
}

/* Load @pack; TIP_ENOTFOUND: this program cannot make sense of it. */
static enum tip_err load_pack(struct tip_bytes pack,
                              struct tip_catalogue **out_catalogue)
{
    struct tip_catalogue_file files[TIP_CATALOGUE_FILES_MAX];
    struct tip_problems problems = {0};
    size_t file_count;
    enum tip_err err = tip_catalogue_unpack(pack, files, &file_count);

    if (err == TIP_OK) {
        err = tip_catalogue_load(files, file_count, &problems, out_catalogue);
    }
    return err == TIP_ENOMEM || err == TIP_OK ? err : TIP_ENOTFOUND;
}

/* The newest good version: its pack in @arena and the catalogue in it. */
static enum tip_err find_latest(struct tip_desk *desk, struct tip_arena *arena,
                                struct tip_bytes *out_pack,
                                struct tip_catalogue **out_catalogue)
{
    struct tip_id id = head_id();
    struct tip_desk_found head;
    struct tip_cell versions;
    enum tip_err err = tip_desk_find(desk, &id, arena, &head);

    if (err != TIP_OK) {
        return err;
    }
    versions = tip_record_field(&head.view, TIP_CATALOGUE_FIELD_SIZE);
    err = TIP_ENOTFOUND;
    for (size_t i = versions.count; i > 0 && err == TIP_ENOTFOUND; i--) {
        struct announced announced;

        if (!read_announced(&head.view, versions.siblings[i - 1].element,
                            &announced)) {
            continue;
        }
        err = read_pack(desk, &announced, arena, out_pack);
        if (err == TIP_OK) {
            err = load_pack(*out_pack, out_catalogue);
        }
    }
    return err;
}

enum tip_err tip_desk_catalogue_latest(struct tip_desk *desk,
                                       struct tip_catalogue **out_catalogue)
{
    struct tip_arena arena;
    struct tip_bytes pack;
    enum tip_err err;

    tip_arena_init(&arena, SCRATCH_BYTES_MAX);
    err = find_latest(desk, &arena, &pack, out_catalogue);
    tip_arena_deinit(&arena);
    return err;
}

/* Save one record of a publication. */
static enum tip_err save(struct tip_desk *desk, const struct tip_desk_who *who,
                         const struct tip_draft_record *record)
{
    struct tip_draft draft = {.records = record,
                              .record_count = 1,
                              .author = who->author,
                              .reason = who->reason};
    struct tip_saved saved;

    return desk->save(desk, &draft, &saved);
}

static struct tip_change held_by_all(void)
{
    return (struct tip_change){.field = TIP_FIELD_OFFICES,
                               .element = TIP_OFFICE_ALL,
                               .value = {.kind = TIP_VALUE_MEMBER}};
}

/* Save the pieces that are not there from an earlier attempt. */
static enum tip_err save_pieces(struct tip_desk *desk,
                                const struct tip_desk_who *who,
                                const struct announced *announced,
                                struct tip_bytes pack)
{
    enum tip_err err = TIP_OK;

    for (size_t i = 0; i < piece_count(pack.size) && err == TIP_OK; i++) {
        size_t from = i * TIP_CATALOGUE_PIECE_BYTES_MAX;
        size_t left = pack.size - from;
        struct tip_change changes[] = {
            held_by_all(),
            {.field = TIP_CATALOGUE_FIELD_PIECE,
             .value = {.kind = TIP_VALUE_OPAQUE,
                       .bytes = tip_bytes(
                           pack.data + from,
                           left < TIP_CATALOGUE_PIECE_BYTES_MAX
                               ? left
                               : (size_t)TIP_CATALOGUE_PIECE_BYTES_MAX)}}};
        struct tip_draft_record record = {.id = piece_id(&announced->hash, i),
                                          .is_new = true,
                                          .type = TIP_TYPE_CATALOGUE,
                                          .changes = changes,
                                          .change_count = 2};

        err = save(desk, who, &record);
        err = err == TIP_EEXISTS ? TIP_OK : err;
    }
    return err;
}

/* Announce it, last of all: who reads the head finds the rest. */
static enum tip_err save_head(struct tip_desk *desk,
                              const struct tip_desk_who *who,
                              const struct announced *announced)
{
    struct tip_change changes[] = {
        held_by_all(),
        {.field = TIP_CATALOGUE_FIELD_SIZE,
         .element = announced->version,
         .value = {.kind = TIP_VALUE_INTEGER,
                   .integer = (int64_t)announced->size}},
        {.field = TIP_CATALOGUE_FIELD_HASH,
         .element = announced->version,
         .value = {.kind = TIP_VALUE_OPAQUE,
                   .bytes = TIP_BYTES_OF(announced->hash.bytes)}}};
    struct tip_draft_record record = {.id = head_id(),
                                      .is_new = true,
                                      .type = TIP_TYPE_CATALOGUE,
                                      .changes = changes,
                                      .change_count = 3};
    enum tip_err err = save(desk, who, &record);

    if (err != TIP_EEXISTS) {
        return err;
    }
    record.is_new = false;
    record.seen = desk->seen(desk);
    record.changes = changes + 1; /* Who holds it was said at its birth. */
    record.change_count = 2;
    return save(desk, who, &record);
}

/* May @next be published after what the store has? TIP_EEXISTS: it is out. */
static enum tip_err check_next(struct tip_desk *desk,
                               const struct tip_catalogue *next,
                               struct tip_bytes pack,
                               struct tip_problems *problems)
{
    struct tip_catalogue *now = NULL;
    struct tip_arena arena;
    struct tip_bytes now_pack;
    enum tip_err err;

    tip_arena_init(&arena, SCRATCH_BYTES_MAX);
    err = find_latest(desk, &arena, &now_pack, &now);
    if (err == TIP_OK) {
        err = tip_bytes_equal(now_pack, pack)
                  ? TIP_EEXISTS
                  : tip_catalogue_check_successor(now, next, problems);
    } else if (err == TIP_ENOTFOUND) {
        err = TIP_OK;
    }
    tip_catalogue_free(now);
    tip_arena_deinit(&arena);
    return err;
}

static enum tip_err publish(struct tip_desk *desk,
                            const struct tip_desk_who *who,
                            struct tip_bytes pack,
                            const struct tip_catalogue *next,
                            struct tip_problems *problems)
{
    struct announced announced = {.version = next->version, .size = pack.size};
    enum tip_err err = check_next(desk, next, pack, problems);

    tip_hash_make(TIP_HASH_CATALOGUE, pack, &announced.hash);
    if (err == TIP_OK) {
        err = save_pieces(desk, who, &announced, pack);
    }
    return err == TIP_OK ? save_head(desk, who, &announced) : err;
}

enum tip_err tip_desk_catalogue_publish(struct tip_desk *desk,
                                        const struct tip_desk_who *who,
                                        const struct tip_catalogue_file *files,
                                        size_t file_count,
                                        struct tip_problems *problems,
                                        uint32_t *out_version)
{
    struct tip_catalogue *next;
    struct tip_bytes pack;
    struct tip_buf buf;
    uint8_t *memory;
    enum tip_err err = tip_catalogue_load(files, file_count, problems, &next);

    if (err != TIP_OK) {
        return err;
    }
    memory = malloc(TIP_CATALOGUE_PACK_BYTES_MAX);
    err = memory == NULL ? TIP_ENOMEM : TIP_OK;
    if (err == TIP_OK) {
        tip_buf_init(&buf, memory, TIP_CATALOGUE_PACK_BYTES_MAX);
        err = tip_catalogue_pack(files, file_count, &buf);
    }
    if (err == TIP_OK) {
        err = tip_buf_finish(&buf, &pack);
    }
    if (err == TIP_OK) {
        err = publish(desk, who, pack, next, problems);
    }
    if (err == TIP_OK || err == TIP_EEXISTS) {
        *out_version = next->version;
    }
    free(memory);
    tip_catalogue_free(next);
    return err;
}
