#include "tip_desk_import.h"

#include <stdlib.h>
#include <string.h>

#include "tip_clock.h"
#include "tip_import_internal.h"
#include "tip_secret.h"

enum { GROW_BYTES = 256 * 1024, ROW_ARENA_BYTES_MAX = 16 * 1024 * 1024 };

static struct tip_desk_work work_of(struct tip_import *import)
{
    return (struct tip_desk_work){
        .desk = import->desk,
        .arena = &import->arena,
        .problems = import->problems,
        .place = {.file = import->opts.file == NULL ? "" : import->opts.file}};
}

static enum tip_err read_mapping(struct tip_import *import)
{
    const struct tip_import_opts *opts = &import->opts;
    enum tip_err err;

    if (opts->mapping.size == 0) {
        return TIP_OK;
    }
    if (import->desk->catalogue == NULL) {
        return TIP_EUNKNOWN_TYPE;
    }
    err = tip_mapping_load(import->desk->catalogue,
                           opts->mapping_file == NULL ? "" : opts->mapping_file,
                           opts->mapping, import->problems, &import->mapping);
    if (err == TIP_OK) {
        import->type = tip_mapping_type(import->mapping);
    }
    return err;
}

/* Check what does not depend on any row. */
static enum tip_err prepare(struct tip_import *import)
{
    struct tip_desk_work work = work_of(import);
    const struct tip_import_opts *opts = &import->opts;
    const uint32_t *offices;
    size_t office_count;
    enum tip_err err = read_mapping(import);

    if (err == TIP_OK && opts->type.size != 0) {
        err = tip_desk_find_type(&work, opts->type, &import->type);
    }
    if (err == TIP_OK && (opts->office_count != 0 || !import->desk->is_hub)) {
        err = tip_desk_offices(&work, opts->offices, opts->office_count,
                               &offices, &office_count);
    }
    if (err == TIP_OK) {
        err = tip_import_keys_init(&import->keys, import->desk);
    }
    import->asked = (struct tip_desk_new){.type = opts->type,
                                          .offices = opts->offices,
                                          .office_count = opts->office_count};
    if (import->type != NULL) {
        import->asked.type = import->type->name;
    }
    return err;
}

enum tip_err tip_import_new(struct tip_desk *desk,
                            const struct tip_import_opts *opts,
                            struct tip_problems *problems,
                            struct tip_import **out_import)
{
    struct tip_import *import = calloc(1, sizeof *import);
    enum tip_err err;

    if (import == NULL) {
        return TIP_ENOMEM;
    }
    import->desk = desk;
    import->opts = *opts;
    import->problems = problems;
    tip_arena_init(&import->arena, ROW_ARENA_BYTES_MAX);
    err = prepare(import);
    if (err != TIP_OK) {
        tip_import_free(import);
        return err;
    }
    *out_import = import;
    return TIP_OK;
}

static void close_source(struct tip_import *import)
{
    if (import->source != NULL) {
        import->source->free(import->source);
        import->source = NULL;
    }
}

void tip_import_free(struct tip_import *import)
{
    if (import == NULL) {
        return;
    }
    close_source(import);
    tip_mapping_free(import->mapping);
    tip_import_keys_deinit(&import->keys);
    tip_arena_deinit(&import->arena);
    if (import->bytes != NULL) {
        tip_secret_wipe(import->bytes, import->size);
    }
    free(import->bytes);
    free(import);
}

/* More room; the old is wiped, which realloc() would not do. */
static enum tip_err grow(struct tip_import *import, size_t needed)
{
    size_t capacity = import->capacity == 0 ? GROW_BYTES : import->capacity;
    uint8_t *grown;

    while (capacity < needed) {
        capacity *= 2;
    }
    if (capacity == import->capacity) {
        return TIP_OK;
    }
    grown = malloc(capacity);
    if (grown == NULL) {
        return TIP_ENOMEM;
    }
    if (import->size != 0) {
        memcpy(grown, import->bytes, import->size);
        tip_secret_wipe(import->bytes, import->size);
    }
    free(import->bytes);
    import->bytes = grown;
    import->capacity = capacity;
    return TIP_OK;
}

enum tip_err tip_import_feed(struct tip_import *import, struct tip_bytes bytes)
{
    enum tip_err err;

    if (bytes.size > TIP_IMPORT_BYTES_MAX - import->size) {
        return TIP_ETOOBIG;
    }
    err = grow(import, import->size + bytes.size);
    if (err == TIP_OK && bytes.size != 0) {
        memcpy(import->bytes + import->size, bytes.data, bytes.size);
        import->size += bytes.size;
    }
    return err;
}

void tip_import_end(struct tip_import *import)
{
    import->is_ended = true;
    import->tally.bytes_total = import->size;
}

void tip_import_tally(const struct tip_import *import,
                      struct tip_import_tally *out_tally)
{
    *out_tally = import->tally;
}

/* What the file is, by its first character. A file of several objects, one a
 * line, is told from one object over several lines by its first line. */
static enum tip_import_format guess(const struct tip_import *import)
{
    struct tip_bytes bytes = tip_bytes(import->bytes, import->size);
    struct tip_json_place place;
    struct tip_json *root = NULL;
    size_t at = 0;
    size_t end;
    bool is_whole;

    if (import->opts.format != TIP_IMPORT_GUESS || import->mapping != NULL) {
        return import->opts.format == TIP_IMPORT_GUESS ? TIP_IMPORT_CSV
                                                       : import->opts.format;
    }
    while (at < bytes.size &&
           (bytes.data[at] == ' ' || bytes.data[at] == '\n' ||
            bytes.data[at] == '\r')) {
        at++;
    }
    if (at == bytes.size || (bytes.data[at] != '{' && bytes.data[at] != '[')) {
        return TIP_IMPORT_CSV;
    }
    for (end = at; end < bytes.size && bytes.data[end] != '\n'; end++) {
    }
    is_whole = bytes.data[at] == '{' &&
               tip_json_parse(tip_bytes(bytes.data + at, end - at), &root,
                              &place) == TIP_OK;
    tip_json_free(root);
    return is_whole ? TIP_IMPORT_NDJSON : TIP_IMPORT_JSON;
}

/* Start at the first row. */
static enum tip_err open_source(struct tip_import *import)
{
    struct tip_import_input input = {.bytes =
                                         tip_bytes(import->bytes, import->size),
                                     .opts = &import->opts,
                                     .type = import->type,
                                     .mapping = import->mapping};
    struct tip_desk_work work = work_of(import);

    import->tally.rows = 0;
    import->tally.bytes = 0;
    tip_import_keys_clear(&import->keys);
    switch (guess(import)) {
    case TIP_IMPORT_JSON:
        return tip_import_json_new(&input, &work, &import->source);
    case TIP_IMPORT_NDJSON:
        return tip_import_ndjson_new(&input, &import->source);
    case TIP_IMPORT_GUESS:
    case TIP_IMPORT_CSV:
        break;
    }
    if (import->type == NULL) {
        tip_problems_add(
            import->problems, work.place,
            "Say which record type the rows are: --type, or --map.");
        return TIP_EUNKNOWN_TYPE;
    }
    return tip_import_csv_new(&input, &work, &import->source);
}

/* One slice of rows. TIP_ENOTFOUND: the pass is over. */
static enum tip_err take_rows(struct tip_import *import)
{
    const struct tip_clock *clock = import->desk->clock;
    uint64_t from_ms = clock->elapsed_ms(clock);
    enum tip_err err = TIP_OK;

    for (int i = 0; i < TIP_IMPORT_SLICE_ROWS && err == TIP_OK &&
                    clock->elapsed_ms(clock) - from_ms < TIP_IMPORT_SLICE_MS;
         i++) {
        struct tip_desk_work work = work_of(import);
        size_t problems = import->problems->count;

        tip_arena_clear(&import->arena);
        err = tip_import_take_row(import, &work);
        if (err != TIP_ENOTFOUND) {
            err = tip_import_count_row(import, &work, problems, err);
        }
    }
    import->tally.bytes = import->source->position(import->source);
    return err;
}

/* Nothing stays pending from one step to the next: if somebody else's flush
 * failed in between, we would not hear of it. */
static enum tip_err flush(struct tip_import *import)
{
    enum tip_err err = TIP_OK;

    if (import->pending != 0) {
        err = tip_desk_flush(import->desk);
    }
    if (err == TIP_OK) {
        import->tally.saved += import->pending;
    }
    import->pending = 0;
    return err;
}

/* The pass is over: is there another? */
static enum tip_err end_pass(struct tip_import *import)
{
    bool was_check = import->tally.phase == TIP_IMPORT_CHECKING;

    close_source(import);
    if (was_check && import->tally.refused == 0 && !import->opts.dry_run) {
        import->tally.phase = TIP_IMPORT_SAVING;
        import->tally.repeated = 0;
        *import->problems = (struct tip_problems){0};
        return TIP_EAGAIN;
    }
    import->tally.phase = TIP_IMPORT_DONE;
    if (import->tally.refused == 0) {
        return TIP_OK;
    }
    return was_check ? TIP_EALLROWS : TIP_EROWS;
}

enum tip_err tip_import_step(struct tip_import *import)
{
    enum tip_err err = TIP_OK;
    enum tip_err flushed;

    if (!import->is_ended || import->tally.phase == TIP_IMPORT_DONE) {
        return TIP_EINVAL;
    }
    if (import->tally.phase == TIP_IMPORT_READING) {
        import->tally.phase = import->opts.all_or_nothing ? TIP_IMPORT_CHECKING
                                                          : TIP_IMPORT_SAVING;
    }
    if (import->source == NULL) {
        err = open_source(import);
    }
    if (err == TIP_OK) {
        err = take_rows(import);
    }
    flushed = flush(import);
    if (flushed != TIP_OK && (err == TIP_OK || err == TIP_ENOTFOUND)) {
        err = flushed;
    }
    if (err == TIP_ENOTFOUND) {
        return end_pass(import);
    }
    return err == TIP_OK ? TIP_EAGAIN : err;
}
