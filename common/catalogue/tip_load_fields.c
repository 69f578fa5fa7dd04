/* survey.csv: what one field is: type, class, merge, precision. */
#include <string.h>

#include "tip_loader.h"

/* A type of XLSForm that is not kept, and what to do instead. */
struct refused {
    const char *type;
    const char *sentence;
};

static const struct refused refusals[] = {
    {"decimal", "Decimal numbers are not kept, because sums of them drift: "
                "use integer with a smaller unit, or amount for money."},
    {"calculate", "Give this row the type of its result and keep the formula "
                  "under calculation."},
    {"start", "Remove this row: time and author of every change are kept."},
    {"end", "Remove this row: time and author of every change are kept."},
    {"today", "Remove this row: time and author of every change are kept."},
    {"username", "Remove this row: the author of every change is kept."},
    {"deviceid", "Remove this row: the origin of every change is kept."},
    {"note", "Remove this row: put the text under hint of a field."},
    {"datetime", "Use date: times of day are not kept."},
    {"time", "Use date: times of day are not kept."},
    {"image", "Files are not kept: use text for where the paper lies."},
    {"audio", "Files are not kept: use text for where the paper lies."},
    {"video", "Files are not kept: use text for where the paper lies."},
    {"file", "Files are not kept: use text for where the paper lies."},
    {"geopoint", "Positions are not kept: use select_one of places, or text "
                 "of class identity."},
    {"begin repeat", "Repeats are records: make a record type of its own with "
                     "a reference to this one."},
    {"begin_repeat", "Repeats are records: make a record type of its own with "
                     "a reference to this one."}};

static void refuse(struct tip_loader *loader, const struct tip_sheet_row *row,
                   struct tip_bytes type)
{
    struct tip_place place = tip_sheet_place(&loader->survey, row, "type");

    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        if (tip_bytes_is(type, refusals[i].type)) {
            tip_problems_add(loader->problems, place, "%s",
                             refusals[i].sentence);
            return;
        }
    }
    tip_problems_add(loader->problems, place,
                     "\"%.*s\" is not a type: use text, integer, date, yesno, "
                     "amount, select_one LIST, select_multiple LIST or "
                     "reference TYPE.",
                     TIP_SHOWN(type));
}

static void take_list(struct tip_loader *loader,
                      const struct tip_sheet_row *row, struct tip_bytes name,
                      struct tip_field *field)
{
    field->list = tip_catalogue_list_named(loader->catalogue, name);
    if (field->list == NULL) {
        tip_problems_add(loader->problems,
                         tip_sheet_place(&loader->survey, row, "type"),
                         "choices.csv has no list \"%.*s\".", TIP_SHOWN(name));
    }
}

/* The target of a reference is looked up in the second pass: it may follow. */
static void take_kind(struct tip_loader *loader,
                      const struct tip_sheet_row *row, struct tip_field *field)
{
    struct tip_bytes type = tip_sheet_cell(&loader->survey, row, "type");
    struct tip_bytes rest = type;
    struct tip_bytes word = tip_sheet_word(&rest);
    struct tip_bytes list = tip_sheet_word(&rest);
    bool takes_word = false;
    size_t k = 0;

    while (tip_kind_words[k] != NULL &&
           !tip_bytes_is(word, tip_kind_words[k])) {
        k++;
    }
    if (tip_kind_words[k] != NULL) {
        field->kind = (enum tip_kind)k;
        takes_word = field->kind == TIP_KIND_CODE ||
                     field->kind == TIP_KIND_SET ||
                     field->kind == TIP_KIND_REFERENCE;
    }
    if (tip_kind_words[k] == NULL || (list.size != 0 && !takes_word) ||
        tip_sheet_word(&rest).size != 0) {
        refuse(loader, row, type);
        return;
    }
    if (field->kind == TIP_KIND_CODE || field->kind == TIP_KIND_SET) {
        take_list(loader, row, list, field);
    }
}

static void take_class(struct tip_loader *loader,
                       const struct tip_sheet_row *row, struct tip_field *field)
{
    struct tip_place place = tip_sheet_place(&loader->survey, row, "class");
    struct tip_bytes cell = tip_sheet_cell(&loader->survey, row, "class");

    field->class = (enum tip_class)tip_load_choice(loader, &loader->survey, row,
                                                   "class", tip_class_words);
    if (cell.size == 0 && field->kind == TIP_KIND_TEXT) {
        tip_problems_add(loader->problems, place,
                         "Free text may name people: say fact, identity or "
                         "sealed.");
    }
    if (field->class != TIP_CLASS_FACT && field->kind == TIP_KIND_SET) {
        tip_problems_add(loader->problems, place,
                         "A select_multiple is kept element by element and "
                         "can only be a fact.");
    }
}

static bool list_has_ranks(const struct tip_list *list)
{
    for (size_t i = 0; i < list->code_count; i++) {
        if (list->codes[i].rank == 0) {
            return false;
        }
    }
    return true;
}

static void check_ranked(struct tip_loader *loader, struct tip_place place,
                         const struct tip_field *field)
{
    if (field->kind != TIP_KIND_CODE || field->class != TIP_CLASS_FACT) {
        tip_problems_add(loader->problems, place,
                         "ranked is for a select_one of class fact.");
    } else if (field->list != NULL && !list_has_ranks(field->list)) {
        tip_problems_add(loader->problems, place,
                         "ranked needs a rank for every code of the list "
                         "\"%.*s\" in choices.csv.",
                         TIP_SHOWN(field->list->name));
    }
}

static void take_merge(struct tip_loader *loader,
                       const struct tip_sheet_row *row, struct tip_field *field)
{
    struct tip_place place = tip_sheet_place(&loader->survey, row, "merge");
    struct tip_bytes cell = tip_sheet_cell(&loader->survey, row, "merge");
    size_t word =
        tip_load_choice(loader, &loader->survey, row, "merge", tip_merge_words);

    field->merge = (enum tip_merge_rule)word;
    if (field->kind == TIP_KIND_SET) {
        field->merge = TIP_MERGE_SET;
        if (cell.size != 0 && word != TIP_MERGE_SET) {
            tip_problems_add(loader->problems, place,
                             "A select_multiple merges as set: leave this "
                             "empty.");
        }
    } else if (word == TIP_MERGE_SET) {
        tip_problems_add(loader->problems, place,
                         "set is for select_multiple alone.");
    } else if (word == TIP_MERGE_RANKED) {
        check_ranked(loader, place, field);
    }
}

static void take_precision(struct tip_loader *loader,
                           const struct tip_sheet_row *row,
                           struct tip_field *field)
{
    static const char *const words[] = {"day", "month", "year", NULL};
    struct tip_bytes cell = tip_sheet_cell(&loader->survey, row, "precision");

    field->precision = (enum tip_date_precision)tip_load_choice(
        loader, &loader->survey, row, "precision", words);
    if (cell.size == 0) {
        field->precision = TIP_DATE_YEAR;
    } else if (field->kind != TIP_KIND_DATE) {
        tip_problems_add(loader->problems,
                         tip_sheet_place(&loader->survey, row, "precision"),
                         "precision is for dates: the coarsest that is "
                         "accepted.");
    }
}

void tip_load_field_properties(struct tip_loader *loader,
                               const struct tip_sheet_row *row,
                               struct tip_field *field)
{
    take_kind(loader, row, field);
    take_class(loader, row, field);
    take_merge(loader, row, field);
    take_precision(loader, row, field);
    field->required =
        tip_sheet_flag(&loader->survey, row, "required", loader->problems);
    field->indexed =
        tip_sheet_flag(&loader->survey, row, "index", loader->problems);
    field->retired =
        tip_sheet_flag(&loader->survey, row, "retired", loader->problems);
    if (field->kind == TIP_KIND_AMOUNT &&
        tip_catalogue_list_named(loader->catalogue,
                                 tip_bytes_text("currency")) == NULL) {
        tip_problems_add(loader->problems,
                         tip_sheet_place(&loader->survey, row, "type"),
                         "An amount needs a list \"currency\" in choices.csv.");
    }
}
