/* What a codec need not do twice. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "sim_memo_internal.h"

enum { TABLES = 8 };

/* Tables made from a dictionary, for each of the few there are. */
struct tables {
    const void *dictionary;
    size_t size;
    int level;
    void *made;
};

struct shared {
    struct tables tables[TABLES];
    size_t count;
};

static struct shared packers, expanders;

/* The linker's names.
 * NOLINTBEGIN(bugprone-reserved-identifier,readability-identifier-naming) */
struct ZSTD_CDict_s *__real_ZSTD_createCDict(const void *dictionary,
                                             size_t size, int level);
struct ZSTD_CDict_s *__wrap_ZSTD_createCDict(const void *dictionary,
                                             size_t size, int level);
size_t __wrap_ZSTD_freeCDict(struct ZSTD_CDict_s *tables);
struct ZSTD_DDict_s *__real_ZSTD_createDDict(const void *dictionary,
                                             size_t size);
struct ZSTD_DDict_s *__wrap_ZSTD_createDDict(const void *dictionary,
                                             size_t size);
size_t __wrap_ZSTD_freeDDict(struct ZSTD_DDict_s *tables);
struct ZSTD_DCtx_s;
size_t __real_ZSTD_decompress_usingDDict(struct ZSTD_DCtx_s *expander,
                                         void *out, size_t capacity,
                                         const void *packed, size_t size,
                                         const struct ZSTD_DDict_s *tables);
size_t __wrap_ZSTD_decompress_usingDDict(struct ZSTD_DCtx_s *expander,
                                         void *out, size_t capacity,
                                         const void *packed, size_t size,
                                         const struct ZSTD_DDict_s *tables);

/* The place of what is made from a dictionary; NULL in it: nothing yet. Made
 * once and kept to the end: engines only read it. */
static void **place_of(struct shared *shared, const void *dictionary,
                       size_t size, int level)
{
    for (size_t i = 0; i < shared->count; i++) {
        struct tables *tables = &shared->tables[i];

        if (tables->dictionary == dictionary && tables->size == size &&
            tables->level == level) {
            return &tables->made;
        }
    }
    assert(shared->count < TABLES);
    shared->tables[shared->count] =
        (struct tables){.dictionary = dictionary, .size = size, .level = level};
    return &shared->tables[shared->count++].made;
}

struct ZSTD_CDict_s *__wrap_ZSTD_createCDict(const void *dictionary,
                                             size_t size, int level)
{
    void **place = place_of(&packers, dictionary, size, level);

    if (*place == NULL) {
        *place = __real_ZSTD_createCDict(dictionary, size, level);
    }
    return *place;
}

size_t __wrap_ZSTD_freeCDict(struct ZSTD_CDict_s *tables)
{
    (void)tables;
    return 0;
}

struct ZSTD_DDict_s *__wrap_ZSTD_createDDict(const void *dictionary,
                                             size_t size)
{
    void **place = place_of(&expanders, dictionary, size, 0);

    if (*place == NULL) {
        *place = __real_ZSTD_createDDict(dictionary, size);
    }
    return *place;
}

size_t __wrap_ZSTD_freeDDict(struct ZSTD_DDict_s *tables)
{
    (void)tables;
    return 0;
}

/* Engines give it as much room as the frame says it takes, no more: what it
 * writes is all of that, or an error. */
size_t __wrap_ZSTD_decompress_usingDDict(struct ZSTD_DCtx_s *expander,
                                         void *out, size_t capacity,
                                         const void *packed, size_t size,
                                         const struct ZSTD_DDict_s *tables)
{
    struct sim_print print = sim_print_of(SIM_MEMO_EXPAND);
    struct sim_result result;
    size_t written;

    sim_print_number(&print, (uintptr_t)tables);
    sim_print_number(&print, capacity);
    sim_print_bytes(&print, tip_bytes(packed, size));
    if (sim_memo_find(&print, &result)) {
        memcpy(out, result.bytes.data, result.bytes.size);
        return result.bytes.size;
    }
    written = __real_ZSTD_decompress_usingDDict(expander, out, capacity, packed,
                                                size, tables);
    if (written == capacity) {
        sim_memo_keep(&print, out, written);
    }
    return written;
}
/* NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming) */
