/* The files of a catalogue folder, for the command line and for tests. */
#ifndef TIP_CATALOGUE_FOLDER_H
#define TIP_CATALOGUE_FOLDER_H

#include "tip_catalogue_load.h"

/** Caller-allocated; owns the contents. */
struct tip_catalogue_folder {
    struct tip_catalogue_file files[TIP_CATALOGUE_FILES_MAX];
    size_t file_count;
    uint8_t *contents[TIP_CATALOGUE_FILES_MAX];
};

/**
 * Read the files of a catalogue in folder @path; those that are not there are
 * left out, others are not looked at. TIP_ENOTFOUND: none is there. TIP_EIO,
 * TIP_ETOOBIG, TIP_ENOMEM. On any error there is nothing to deinit.
 */
TIP_MUST_USE enum tip_err
tip_catalogue_folder_read(const char *path,
                          struct tip_catalogue_folder *out_folder);

void tip_catalogue_folder_deinit(struct tip_catalogue_folder *folder);

#endif /* TIP_CATALOGUE_FOLDER_H */
