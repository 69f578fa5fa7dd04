#include "crash_copy.h"

#include <assert.h>
#include <string.h>

#include "tip_store_build.h"
#include "tip_store_dump.h"

enum { FILE_BYTES = 256 * 1024 };

static void add(struct crash_copy *copy, const struct tip_store_entry *entry)
{
    assert(copy->count < CRASH_COPY_ENTRIES_MAX);
    assert(entry->sealed.size <= CRASH_COPY_BYTES_MAX - copy->bytes_used);
    copy->entries[copy->count].table = entry->table;
    copy->entries[copy->count].key = entry->key;
    copy->entries[copy->count].at = copy->bytes_used;
    copy->entries[copy->count].size = entry->sealed.size;
    memcpy(copy->bytes + copy->bytes_used, entry->sealed.data,
           entry->sealed.size);
    copy->bytes_used += entry->sealed.size;
    copy->count++;
}

enum tip_err crash_copy_take(struct tip_store_lmdb *store,
                             struct crash_copy *out_copy)
{
    struct tip_store_entry entry;
    struct tip_store_dump *dump;
    enum tip_err err = tip_store_dump_open(store, &dump);

    if (err != TIP_OK) {
        return err;
    }
    out_copy->count = 0;
    out_copy->bytes_used = 0;
    out_copy->commit_count = tip_store_dump_commit_count(dump);
    while ((err = tip_store_dump_next(dump, &entry)) == TIP_OK) {
        add(out_copy, &entry);
    }
    tip_store_dump_close(dump);
    return err == TIP_ENOTFOUND ? TIP_OK : err;
}

enum tip_err crash_copy_restore(const struct crash_copy *copy,
                                const struct tip_store_lmdb_opts *opts)
{
    char before[TIP_STORE_BEFORE_SIZE];
    struct tip_store_build *build = NULL;
    enum tip_err err = tip_store_build_open(opts, FILE_BYTES, &build);

    for (size_t i = 0; i < copy->count && err == TIP_OK; i++) {
        const struct tip_store_entry entry = {
            .table = copy->entries[i].table,
            .key = copy->entries[i].key,
            .sealed = tip_bytes(copy->bytes + copy->entries[i].at,
                                copy->entries[i].size)};

        err = tip_store_build_add(build, &entry);
    }
    if (err == TIP_OK) {
        err = tip_store_build_publish(build, copy->commit_count, before);
    }
    tip_store_build_close(build);
    return err;
}
