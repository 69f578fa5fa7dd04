#include "tip_catalogue_load.h"

#include <string.h>

#include "tip_loader.h"

const struct tip_arena *
tip_catalogue_arena(const struct tip_catalogue *catalogue)
{
    return &((const struct tip_catalogue_home *)catalogue)->arena;
}

static struct tip_sheet *sheet_of(struct tip_loader *loader,
                                  struct tip_bytes name)
{
    if (tip_bytes_is(name, "settings.csv")) {
        return &loader->settings;
    }
    if (tip_bytes_is(name, "survey.csv")) {
        return &loader->survey;
    }
    if (tip_bytes_is(name, "choices.csv")) {
        return &loader->choices;
    }
    if (tip_bytes_is(name, "indicators.csv")) {
        return &loader->indicators;
    }
    return tip_bytes_is(name, "roles.csv") ? &loader->roles : NULL;
}

bool tip_catalogue_file_is_known(struct tip_bytes name)
{
    struct tip_loader any = {0};

    return sheet_of(&any, name) != NULL;
}

static enum tip_err read_sheets(struct tip_loader *loader,
                                const struct tip_catalogue_file *files,
                                size_t file_count)
{
    static const char *const names[] = {"settings.csv", "survey.csv",
                                        "choices.csv", "indicators.csv",
                                        "roles.csv"};

    for (size_t n = 0; n < TIP_CATALOGUE_FILES_MAX; n++) {
        struct tip_sheet *sheet = sheet_of(loader, tip_bytes_text(names[n]));

        sheet->file = names[n];
        for (size_t i = 0; i < file_count; i++) {
            enum tip_err err;

            if (!tip_bytes_is(files[i].name, names[n])) {
                continue;
            }
            err = tip_sheet_read(loader->scratch, names[n], files[i].content,
                                 loader->problems, sheet);
            if (err != TIP_OK) {
                return err;
            }
        }
        if (n < 3 && sheet->headers == NULL) {
            tip_problems_add(loader->problems,
                             (struct tip_place){.file = names[n]},
                             "This file is missing or empty.");
        }
    }
    return TIP_OK;
}

static bool sizes_are_good(const struct tip_catalogue_file *files,
                           size_t file_count)
{
    size_t size = 0;

    for (size_t i = 0; i < file_count; i++) {
        if (files[i].content.size > TIP_CATALOGUE_FILE_BYTES_MAX - size) {
            return false;
        }
        size += files[i].content.size;
    }
    return true;
}

static enum tip_err build(struct tip_loader *loader,
                          const struct tip_catalogue_file *files,
                          size_t file_count)
{
    static enum tip_err (*const steps[])(struct tip_loader *) = {
        tip_load_settings,    tip_load_choices,    tip_load_survey,
        tip_load_expressions, tip_load_indicators, tip_load_roles};
    enum tip_err err = read_sheets(loader, files, file_count);

    for (size_t i = 0; i < sizeof steps / sizeof *steps && err == TIP_OK; i++) {
        err = steps[i](loader);
    }
    if (err == TIP_OK && loader->problems->count != 0) {
        return TIP_ECATALOGUE;
    }
    return err;
}

enum tip_err tip_catalogue_load(const struct tip_catalogue_file *files,
                                size_t file_count,
                                struct tip_problems *problems,
                                struct tip_catalogue **out_catalogue)
{
    struct tip_arena arena;
    struct tip_arena scratch;
    struct tip_catalogue_home *home;
    struct tip_loader loader;
    enum tip_err err;

    if (!sizes_are_good(files, file_count)) {
        return TIP_ETOOBIG;
    }
    tip_arena_init(&arena, TIP_CATALOGUE_BYTES_MAX);
    tip_arena_init(&scratch, TIP_CATALOGUE_BYTES_MAX);
    home = tip_arena_alloc(&arena, sizeof *home);
    if (home == NULL) {
        return TIP_ENOMEM;
    }
    loader = (struct tip_loader){.catalogue = &home->catalogue,
                                 .arena = &arena,
                                 .scratch = &scratch,
                                 .problems = problems};
    err = build(&loader, files, file_count);
    tip_arena_deinit(&scratch);
    if (err != TIP_OK) {
        tip_arena_deinit(&arena);
        return err;
    }
    home->arena = arena;
    *out_catalogue = &home->catalogue;
    return TIP_OK;
}
