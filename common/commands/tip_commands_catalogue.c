/* catalogue check. Publishing is the hub's. */
#include <stdlib.h>

#include "tip_catalogue_folder.h"
#include "tip_catalogue_load.h"
#include "tip_commands_say.h"
#include "tip_file.h"

void tip_command_say_catalogue(struct tip_reply *reply,
                               const struct tip_catalogue *catalogue)
{
    tip_reply_bytes(reply, "name", catalogue->id);
    tip_reply_integer(reply, "version", catalogue->version);
    tip_reply_integer(reply, "types", (int64_t)catalogue->type_count);
    tip_reply_integer(reply, "indicators", (int64_t)catalogue->indicator_count);
}

static enum tip_err write_pack(const struct tip_catalogue_folder *folder,
                               const char *path)
{
    uint8_t *memory = malloc(TIP_CATALOGUE_FILE_BYTES_MAX);
    struct tip_bytes pack;
    struct tip_buf buf;
    enum tip_err err;

    if (memory == NULL) {
        return TIP_ENOMEM;
    }
    tip_buf_init(&buf, memory, TIP_CATALOGUE_FILE_BYTES_MAX);
    err = tip_catalogue_pack(folder->files, folder->file_count, &buf);
    if (err == TIP_OK) {
        err = tip_buf_finish(&buf, &pack);
    }
    if (err == TIP_OK) {
        err = tip_file_write(path, pack, 0644);
    }
    free(memory);
    return err;
}

/* Load what is in @folder and say what was found, good or bad. */
static enum tip_err check_folder(const struct tip_catalogue_folder *folder,
                                 struct tip_reply *reply)
{
    struct tip_problems *problems = calloc(1, sizeof *problems);
    struct tip_catalogue *catalogue = NULL;
    enum tip_err err;

    if (problems == NULL) {
        return TIP_ENOMEM;
    }
    err = tip_catalogue_load(folder->files, folder->file_count, problems,
                             &catalogue);
    if (err == TIP_OK) {
        tip_command_say_catalogue(reply, catalogue);
    }
    tip_command_say_problems(reply, problems);
    tip_catalogue_free(catalogue);
    free(problems);
    return err;
}

enum tip_err tip_command_catalogue_check(void *program,
                                         struct tip_request *request,
                                         struct tip_reply *reply)
{
    const char *pack = tip_cli_option(request->call, "pack")->text;
    struct tip_catalogue_folder folder;
    enum tip_err err =
        tip_catalogue_folder_read(tip_cli_argument(request->call, 0), &folder);

    (void)program;
    if (err != TIP_OK) {
        tip_reply_explain(reply, "no catalogue in %s",
                          tip_cli_argument(request->call, 0));
        return err;
    }
    err = check_folder(&folder, reply);
    if (err == TIP_OK && pack != NULL) {
        err = write_pack(&folder, pack);
    }
    tip_catalogue_folder_deinit(&folder);
    return err;
}
