#include "tip_catalogue_folder.h"

#include <stdio.h>
#include <stdlib.h>

enum { PATH_BYTES_MAX = 4096, CHUNK_BYTES = 64 * 1024 };

static enum tip_err read_stream(FILE *file, uint8_t **out_content,
                                size_t *out_size)
{
    size_t capacity = CHUNK_BYTES;
    size_t size = 0;
    uint8_t *content = malloc(capacity);

    while (content != NULL) {
        size_t got = fread(content + size, 1, capacity - size, file);
        uint8_t *larger;

        size += got;
        if (size < capacity) {
            break;
        }
        if (capacity > TIP_CATALOGUE_FILE_BYTES_MAX) {
            free(content);
            return TIP_ETOOBIG;
        }
        capacity *= 2;
        larger = realloc(content, capacity);
        if (larger == NULL) {
            free(content);
        }
        content = larger;
    }
    if (content == NULL) {
        return TIP_ENOMEM;
    }
    if (ferror(file)) {
        free(content);
        return TIP_EIO;
    }
    *out_content = content;
    *out_size = size;
    return TIP_OK;
}

static enum tip_err read_file(const char *path, const char *name,
                              struct tip_catalogue_folder *folder)
{
    char full[PATH_BYTES_MAX];
    size_t size = 0;
    FILE *file;
    enum tip_err err;

    if (snprintf(full, sizeof full, "%s/%s", path, name) >= (int)sizeof full) {
        return TIP_ETOOBIG;
    }
    file = fopen(full, "rb");
    if (file == NULL) {
        return TIP_OK; /* Loading says which one is missing. */
    }
    err = read_stream(file, &folder->contents[folder->file_count], &size);
    (void)fclose(file); /* It was only read. */
    if (err == TIP_OK) {
        folder->files[folder->file_count] = (struct tip_catalogue_file){
            .name = tip_bytes_text(name),
            .content = tip_bytes(folder->contents[folder->file_count], size)};
        folder->file_count++;
    }
    return err;
}

enum tip_err tip_catalogue_folder_read(const char *path,
                                       struct tip_catalogue_folder *out_folder)
{
    static const char *const names[TIP_CATALOGUE_FILES_MAX] = {
        "settings.csv", "survey.csv", "choices.csv", "indicators.csv",
        "roles.csv"};
    struct tip_catalogue_folder folder = {0};
    enum tip_err err = TIP_OK;

    for (size_t i = 0; i < TIP_CATALOGUE_FILES_MAX && err == TIP_OK; i++) {
        err = read_file(path, names[i], &folder);
    }
    if (err == TIP_OK && folder.file_count == 0) {
        err = TIP_ENOTFOUND;
    }
    if (err != TIP_OK) {
        tip_catalogue_folder_deinit(&folder);
        return err;
    }
    *out_folder = folder;
    return TIP_OK;
}

void tip_catalogue_folder_deinit(struct tip_catalogue_folder *folder)
{
    for (size_t i = 0; i < folder->file_count; i++) {
        free(folder->contents[i]);
    }
    folder->file_count = 0;
}
