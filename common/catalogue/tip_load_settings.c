/* settings.csv: which catalogue this is; and what all files share: labels in
 * languages, names, words of a fixed list. */
#include <stdio.h>
#include <string.h>

#include "tip_loader.h"

enum { NAME_BYTES_MAX = 48 };

struct tip_bytes tip_load_language(struct tip_bytes header, const char *prefix)
{
    size_t prefix_size = strlen(prefix);
    struct tip_bytes language;

    if (header.size < prefix_size + 2 ||
        memcmp(header.data, prefix, prefix_size) != 0 ||
        memcmp(header.data + prefix_size, "::", 2) != 0) {
        return TIP_BYTES_NONE;
    }
    language =
        tip_bytes(header.data + prefix_size + 2, header.size - prefix_size - 2);
    /* XLSForm also writes "French (fr)". */
    if (language.size > 1 && language.data[language.size - 1] == ')') {
        size_t open = language.size - 1;

        while (open > 0 && language.data[open - 1] != '(') {
            open--;
        }
        language = tip_bytes(language.data + open, language.size - 1 - open);
    }
    return language;
}

static bool language_is_good(struct tip_bytes language)
{
    for (size_t i = 0; i < language.size; i++) {
        if (language.data[i] < 'a' || language.data[i] > 'z') {
            return false;
        }
    }
    return language.size == 2 || language.size == 3;
}

static bool has_language(const struct tip_catalogue *catalogue,
                         struct tip_bytes language)
{
    for (size_t i = 0; i < catalogue->language_count; i++) {
        if (tip_bytes_equal(catalogue->languages[i], language)) {
            return true;
        }
    }
    return false;
}

static enum tip_err add_language(struct tip_loader *loader,
                                 const struct tip_sheet *sheet, size_t column,
                                 struct tip_bytes language)
{
    struct tip_catalogue *catalogue = loader->catalogue;
    struct tip_place place = {
        .file = sheet->file, .row = 1, .column = sheet->headers[column]};

    if (has_language(catalogue, language)) {
        return TIP_OK;
    }
    if (!language_is_good(language)) {
        tip_problems_add(loader->problems, place,
                         "Write the language as its ISO 639 code, as in "
                         "label::fr.");
        return TIP_OK;
    }
    if (catalogue->language_count == TIP_CATALOGUE_LANGUAGES_MAX) {
        tip_problems_add(loader->problems, place,
                         "There are more than %d languages.",
                         TIP_CATALOGUE_LANGUAGES_MAX);
        return TIP_OK;
    }
    return tip_arena_copy(loader->arena, language,
                          &catalogue->languages[catalogue->language_count++]);
}

/* A language with drafts alone is one too. */
static enum tip_err find_languages(struct tip_loader *loader,
                                   const struct tip_sheet *sheet)
{
    for (size_t i = 0; i < sheet->column_count; i++) {
        struct tip_bytes language =
            tip_load_language(sheet->headers[i], "label");
        enum tip_err err = TIP_OK;

        if (language.size == 0) {
            language = tip_load_language(sheet->headers[i], "draft");
        }
        if (language.size != 0) {
            err = add_language(loader, sheet, i, language);
        }
        if (err != TIP_OK) {
            return err;
        }
    }
    return TIP_OK;
}

void tip_load_columns(struct tip_loader *loader, const struct tip_sheet *sheet,
                      const char *const *known)
{
    static const char *const prefixes[] = {
        "label::", "draft::", "hint::", "constraint_message::", NULL};

    tip_sheet_check_columns(sheet, known, prefixes, loader->problems);
    for (size_t i = 0; i < sheet->column_count; i++) {
        struct tip_place place = {
            .file = sheet->file, .row = 1, .column = sheet->headers[i]};

        for (const char *const *prefix = prefixes; *prefix != NULL; prefix++) {
            char word[32];
            struct tip_bytes language;

            (void)snprintf(word, sizeof word, "%.*s", (int)strlen(*prefix) - 2,
                           *prefix);
            language = tip_load_language(sheet->headers[i], word);
            if (language.size != 0 &&
                !has_language(loader->catalogue, language)) {
                tip_problems_add(loader->problems, place,
                                 "survey.csv has no column label::%.*s.",
                                 TIP_SHOWN(language));
            }
        }
    }
}

enum tip_err tip_load_label(struct tip_loader *loader,
                            const struct tip_sheet *sheet,
                            const struct tip_sheet_row *row, const char *prefix,
                            struct tip_label *out_label)
{
    const struct tip_catalogue *catalogue = loader->catalogue;
    bool is_label = strcmp(prefix, "label") == 0;
    struct tip_bytes *texts = tip_arena_alloc_array(
        loader->arena, catalogue->language_count, sizeof *texts);
    uint32_t drafts = 0;

    if (texts == NULL) {
        return TIP_ENOMEM;
    }
    for (size_t i = 0; i < sheet->column_count; i++) {
        struct tip_bytes header = sheet->headers[i];
        struct tip_bytes language = tip_load_language(header, prefix);
        bool draft = language.size == 0 && is_label;
        size_t index;

        if (draft) {
            language = tip_load_language(header, "draft");
        }
        if (row->cells[i].size == 0 || !has_language(catalogue, language)) {
            continue;
        }
        index = tip_catalogue_language(catalogue, language);
        if (draft && texts[index].size != 0) {
            continue; /* The final text stands beside its draft. */
        }
        drafts = draft ? drafts | UINT32_C(1) << index
                       : drafts & ~(UINT32_C(1) << index);
        if (tip_arena_copy(loader->arena, row->cells[i], &texts[index]) !=
            TIP_OK) {
            return TIP_ENOMEM;
        }
    }
    *out_label = (struct tip_label){.texts = texts, .drafts = drafts};
    return TIP_OK;
}

static bool is_name_byte(uint8_t byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || byte == '_' || byte == '-';
}

bool tip_load_name_is_good(struct tip_loader *loader,
                           const struct tip_sheet *sheet,
                           const struct tip_sheet_row *row,
                           struct tip_bytes name)
{
    bool good = name.size != 0 && name.size <= NAME_BYTES_MAX &&
                is_name_byte(name.data[0]) && name.data[0] != '-' &&
                (name.data[0] < '0' || name.data[0] > '9');

    for (size_t i = 0; i < name.size && good; i++) {
        good = is_name_byte(name.data[i]);
    }
    if (!good) {
        tip_problems_add(loader->problems, tip_sheet_place(sheet, row, "name"),
                         "A name is a letter, then letters, digits, _ or -, "
                         "%d at most.",
                         NAME_BYTES_MAX);
    }
    return good;
}

size_t tip_load_choice(struct tip_loader *loader, const struct tip_sheet *sheet,
                       const struct tip_sheet_row *row, const char *column,
                       const char *const *words)
{
    struct tip_bytes cell = tip_sheet_cell(sheet, row, column);
    char list[128] = "";
    struct tip_buf buf;

    if (cell.size == 0) {
        return 0;
    }
    tip_buf_init(&buf, list, sizeof list - 1);
    for (size_t i = 0; words[i] != NULL; i++) {
        if (tip_bytes_is(cell, words[i])) {
            return i;
        }
        tip_buf_put(&buf, tip_bytes_text(i == 0 ? "" : ", "));
        tip_buf_put(&buf, tip_bytes_text(words[i]));
    }
    tip_problems_add(loader->problems, tip_sheet_place(sheet, row, column),
                     "\"%.*s\" is not one of: %s.", TIP_SHOWN(cell), list);
    return 0;
}

static void choose_default_language(struct tip_loader *loader,
                                    const struct tip_sheet_row *row)
{
    struct tip_catalogue *catalogue = loader->catalogue;
    struct tip_bytes wanted =
        tip_sheet_cell(&loader->settings, row, "default_language");

    if (catalogue->language_count == 0) {
        tip_problems_add(loader->problems,
                         (struct tip_place){.file = "survey.csv", .row = 1},
                         "There is no column label::LANGUAGE, as label::fr.");
    } else if (!has_language(catalogue, wanted)) {
        tip_problems_add(
            loader->problems,
            tip_sheet_place(&loader->settings, row, "default_language"),
            "No column label::%.*s is in survey.csv.", TIP_SHOWN(wanted));
    } else {
        catalogue->default_language = tip_catalogue_language(catalogue, wanted);
    }
}

enum tip_err tip_load_settings(struct tip_loader *loader)
{
    static const char *const known[] = {"name", "version", "default_language",
                                        NULL};
    const struct tip_sheet *sheet = &loader->settings;
    struct tip_catalogue *catalogue = loader->catalogue;
    const struct tip_sheet_row *row = sheet->rows;
    enum tip_err err = find_languages(loader, &loader->survey);

    if (err != TIP_OK || sheet->headers == NULL) {
        return err;
    }
    tip_load_columns(loader, sheet, known);
    if (sheet->row_count != 1) {
        tip_problems_add(loader->problems,
                         (struct tip_place){.file = sheet->file},
                         "Exactly one row is needed below the header.");
        return TIP_OK;
    }
    choose_default_language(loader, row);
    catalogue->version =
        tip_sheet_number(sheet, row, "version", true, loader->problems);
    (void)tip_load_name_is_good(loader, sheet, row,
                                tip_sheet_cell(sheet, row, "name"));
    err = tip_arena_copy(loader->arena, tip_sheet_cell(sheet, row, "name"),
                         &catalogue->id);
    return err != TIP_OK
               ? err
               : tip_load_label(loader, sheet, row, "label", &catalogue->label);
}
