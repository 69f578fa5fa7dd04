/*
 * Private to this folder: a catalogue while it is being built.
 *
 * Each load_*.c turns one file into part of it. They run in the order below,
 * because each needs what came before.
 */
#ifndef TIP_LOADER_H
#define TIP_LOADER_H

#include "tip_arena.h"
#include "tip_catalogue.h"
#include "tip_condition.h"
#include "tip_problems.h"
#include "tip_sheet.h"

/* The catalogue with the arena in which it lies itself. */
struct tip_catalogue_home {
    struct tip_catalogue catalogue; /* First member. */
    struct tip_arena arena;
};

const struct tip_arena *
tip_catalogue_arena(const struct tip_catalogue *catalogue);

struct tip_loader {
    struct tip_catalogue *catalogue;
    struct tip_arena *arena;   /* Of the catalogue. */
    struct tip_arena *scratch; /* Gone after loading. */
    struct tip_problems *problems;
    struct tip_sheet settings;
    struct tip_sheet survey;
    struct tip_sheet choices;
    struct tip_sheet indicators;
    struct tip_sheet roles;
    /* The row of survey.csv behind each field, for the second pass; indexed
     * like the fields, which lie in one array. */
    struct tip_field *fields;
    const struct tip_sheet_row **field_rows;
    size_t field_count;
};

/* TIP_OK whatever faults were found; TIP_ENOMEM and others end the load. */
TIP_MUST_USE enum tip_err tip_load_settings(struct tip_loader *loader);
TIP_MUST_USE enum tip_err tip_load_choices(struct tip_loader *loader);
TIP_MUST_USE enum tip_err tip_load_survey(struct tip_loader *loader);
TIP_MUST_USE enum tip_err tip_load_expressions(struct tip_loader *loader);
TIP_MUST_USE enum tip_err tip_load_indicators(struct tip_loader *loader);
TIP_MUST_USE enum tip_err tip_load_roles(struct tip_loader *loader);

/** A fault for each column of @sheet that is neither in @known (ends in NULL)
 * nor a text in a language that survey.csv has labels in. */
void tip_load_columns(struct tip_loader *loader, const struct tip_sheet *sheet,
                      const char *const *known);

/** Read "<prefix>::<language>" (and "draft::" for "label") of @row. */
TIP_MUST_USE enum tip_err tip_load_label(struct tip_loader *loader,
                                         const struct tip_sheet *sheet,
                                         const struct tip_sheet_row *row,
                                         const char *prefix,
                                         struct tip_label *out_label);

/** The language a column "label::fr" or "label::French (fr)" is in; empty if
 * its name does not start with @prefix and "::". */
struct tip_bytes tip_load_language(struct tip_bytes header, const char *prefix);

/** Whether @name may name a type, field, list, indicator or role; a fault in
 * column "name" if not. */
bool tip_load_name_is_good(struct tip_loader *loader,
                           const struct tip_sheet *sheet,
                           const struct tip_sheet_row *row,
                           struct tip_bytes name);

/** Which of @words (ends in NULL) the cell is; 0 and no fault if it is empty,
 * 0 and a fault if it is none. */
size_t tip_load_choice(struct tip_loader *loader, const struct tip_sheet *sheet,
                       const struct tip_sheet_row *row, const char *column,
                       const char *const *words);

/** Compile the cell of @row in @column; NULL where it is empty. */
TIP_MUST_USE enum tip_err
tip_load_condition(struct tip_loader *loader, const struct tip_sheet *sheet,
                   const struct tip_sheet_row *row, const char *column,
                   const struct tip_condition_scope *scope,
                   const struct tip_condition **out_condition);

/** Fill @field from @row of survey.csv: kind, list, class, merge, precision,
 * flags. Target and expressions follow in tip_load_expressions(). */
void tip_load_field_properties(struct tip_loader *loader,
                               const struct tip_sheet_row *row,
                               struct tip_field *field);

#endif /* TIP_LOADER_H */
