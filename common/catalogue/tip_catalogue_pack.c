/* A catalogue as one byte string, for signing and for the store. */
#include <stdlib.h>
#include <string.h>

#include "tip_catalogue_load.h"
#include "tip_reader.h"

/* Names the format; the last byte is its version. */
static const uint8_t magic[] = {'T', 'I', 'P', 'C', 'A', 'T', '0'};

static int compare_files(const void *left, const void *right)
{
    const struct tip_catalogue_file *a = left;
    const struct tip_catalogue_file *b = right;

    return tip_bytes_compare(a->name, b->name);
}

static bool files_are_good(const struct tip_catalogue_file *files,
                           size_t file_count)
{
    for (size_t i = 0; i < file_count; i++) {
        if (!tip_catalogue_file_is_known(files[i].name) ||
            (i != 0 && compare_files(&files[i - 1], &files[i]) >= 0)) {
            return false;
        }
    }
    return true;
}

enum tip_err tip_catalogue_pack(const struct tip_catalogue_file *files,
                                size_t file_count, struct tip_buf *buf)
{
    struct tip_catalogue_file sorted[TIP_CATALOGUE_FILES_MAX];
    struct tip_bytes written;

    if (file_count == 0 || file_count > TIP_CATALOGUE_FILES_MAX) {
        return TIP_EINVAL;
    }
    memcpy(sorted, files, file_count * sizeof *files);
    qsort(sorted, file_count, sizeof *sorted, compare_files);
    if (!files_are_good(sorted, file_count)) {
        return TIP_EINVAL;
    }
    tip_buf_put(buf, TIP_BYTES_OF(magic));
    tip_buf_put_varint(buf, file_count);
    for (size_t i = 0; i < file_count; i++) {
        tip_buf_put_sized(buf, sorted[i].name);
        tip_buf_put_sized(buf, sorted[i].content);
    }
    return tip_buf_finish(buf, &written);
}

enum tip_err
tip_catalogue_unpack(struct tip_bytes pack,
                     struct tip_catalogue_file files[TIP_CATALOGUE_FILES_MAX],
                     size_t *out_file_count)
{
    struct tip_reader reader;
    uint64_t count;
    enum tip_err err;

    tip_reader_init(&reader, pack);
    if (!tip_bytes_equal(tip_reader_get(&reader, sizeof magic),
                         TIP_BYTES_OF(magic))) {
        return TIP_EMALFORMED;
    }
    count = tip_reader_get_varint(&reader);
    if (count == 0 || count > TIP_CATALOGUE_FILES_MAX) {
        return TIP_EMALFORMED;
    }
    for (uint64_t i = 0; i < count; i++) {
        files[i].name = tip_reader_get_sized(&reader);
        files[i].content = tip_reader_get_sized(&reader);
    }
    err = tip_reader_finish(&reader);
    if (err != TIP_OK) {
        return err;
    }
    if (!files_are_good(files, count)) {
        return TIP_EMALFORMED;
    }
    *out_file_count = count;
    return TIP_OK;
}
