#include "tip_backup_look.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tip_store_build.h"

enum { TELL_EVERY = 4096, BESIDE_MAX = 4096 };

enum tip_err tip_backup_vault(const struct tip_home_opts *opts,
                              struct tip_reply *reply,
                              struct tip_vault **out_vault)
{
    enum tip_err err = tip_home_vault(opts, out_vault);

    if (err != TIP_OK) {
        tip_reply_explain(reply,
                          "the vault key of the backup has to be in its place "
                          "first: vault.key in %s, or the systemd credential "
                          "%s",
                          opts->dir, opts->credential);
    }
    return err;
}

void tip_backup_tell(const struct tip_backup_reader *reader,
                     struct tip_reply *reply)
{
    if (reader->count % TELL_EVERY == 0) {
        tip_reply_progress(reply, "values", (int64_t)reader->count,
                           (int64_t)reader->head.entry_count);
    }
}

enum tip_err tip_backup_prove(struct tip_backup_reader *reader,
                              struct tip_reply *reply,
                              struct tip_backup_damage *damage)
{
    struct tip_store_entry entry;
    struct tip_store_opener opener;
    enum tip_err err;

    tip_store_opener_init(&opener, reader->sealer);
    while ((err = tip_backup_next(reader, &entry)) == TIP_OK) {
        err =
            entry.is_damaged ? TIP_OK : tip_store_opener_look(&opener, &entry);
        if (err != TIP_OK) {
            break;
        }
        tip_backup_damage_note(damage, &entry);
        tip_backup_tell(reader, reply);
    }
    tip_store_opener_deinit(&opener);
    return err == TIP_ENOTFOUND ? TIP_OK : err;
}

static bool is_regular(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

/* Raise @latest by the backup @path, if it is one of the same device. */
static void look_at(struct tip_backup_reader *reader, const char *path,
                    const struct tip_backup_head *head,
                    struct tip_sealer *sealer, struct tip_backup_point *latest)
{
    if (!is_regular(path) || tip_backup_open(reader, path, sealer) != TIP_OK) {
        return;
    }
    if (tip_bytes_equal(TIP_BYTES_OF(reader->head.device.bytes),
                        TIP_BYTES_OF(head->device.bytes)) &&
        tip_backup_is_later(reader->head.point, *latest)) {
        *latest = reader->head.point;
    }
    tip_backup_close(reader);
}

/* The folder of @path, in @out. */
static bool folder_of(const char *path, char out[TIP_HOME_PATH_SIZE])
{
    const char *slash = strrchr(path, '/');
    const int length = slash == NULL ? 1 : (int)(slash - path) + 1;
    const int size = snprintf(out, TIP_HOME_PATH_SIZE, "%.*s", length,
                              slash == NULL ? "." : path);

    return size > 0 && size < TIP_HOME_PATH_SIZE;
}

struct tip_backup_point
tip_backup_latest_beside(const char *path, const struct tip_backup_head *head,
                         struct tip_sealer *sealer)
{
    struct tip_backup_reader *reader = calloc(1, sizeof *reader);
    struct tip_backup_point latest = head->point;
    char folder[TIP_HOME_PATH_SIZE], name[TIP_HOME_PATH_SIZE];
    DIR *dir = folder_of(path, folder) ? opendir(folder) : NULL;
    const struct dirent *entry;

    for (int i = 0; i < BESIDE_MAX && dir != NULL && reader != NULL; i++) {
        entry = readdir(dir); /* NOLINT(concurrency-mt-unsafe): our own. */
        if (entry == NULL) {
            break;
        }
        if (tip_home_path(folder, entry->d_name, name) == TIP_OK) {
            look_at(reader, name, head, sealer, &latest);
        }
    }
    if (dir != NULL) {
        (void)closedir(dir);
    }
    free(reader);
    return latest;
}
