/* A mapping, from its file. */
#include "tip_field_text.h"
#include "tip_mapping_rules.h"
#include "tip_sheet.h"

struct reading {
    struct tip_mapping *mapping;
    const struct tip_sheet *sheet;
    const struct tip_sheet_row *row;
    struct tip_problems *problems;
};

static struct tip_bytes cell(const struct reading *reading, const char *column)
{
    return tip_sheet_cell(reading->sheet, reading->row, column);
}

static void add_fault(const struct reading *reading, const char *column,
                      const char *sentence)
{
    tip_problems_add(reading->problems,
                     tip_sheet_place(reading->sheet, reading->row, column),
                     "%s", sentence);
}

/* The type stands in every row or in the first alone, and is one. */
static void take_type(const struct reading *reading)
{
    struct tip_mapping *mapping = reading->mapping;
    struct tip_bytes name = cell(reading, "type");
    const struct tip_type *type =
        tip_catalogue_type_named(mapping->catalogue, name);

    if (name.size == 0 && mapping->type != NULL) {
        return;
    }
    if (type == NULL || (mapping->type != NULL && mapping->type != type)) {
        add_fault(reading, "type",
                  "Name one record type of the catalogue, the same in all "
                  "rows.");
        return;
    }
    mapping->type = type;
}

static void take_separator(const struct reading *reading,
                           struct tip_mapping_rule *rule)
{
    struct tip_bytes text = cell(reading, "separator");

    rule->separator = ';';
    if (text.size == 0) {
        return;
    }
    rule->separator = text.data[0];
    if (text.size != 1 || rule->field->kind != TIP_KIND_SET) {
        add_fault(reading, "separator",
                  "A separator is one character, for a select_multiple.");
    }
}

static void take_style(const struct reading *reading,
                       struct tip_mapping_rule *rule)
{
    struct tip_bytes text = cell(reading, "format");

    if (tip_bytes_is(text, "dmy")) {
        rule->style = TIP_DATE_DMY;
    } else if (tip_bytes_is(text, "mdy")) {
        rule->style = TIP_DATE_MDY;
    } else if (text.size != 0 && !tip_bytes_is(text, "iso")) {
        add_fault(reading, "format", "Write iso, dmy or mdy.");
    }
    if (text.size != 0 && rule->field->kind != TIP_KIND_DATE) {
        add_fault(reading, "format", "A format is for a date.");
    }
}

/* One column may fill several fields; one field, unless a set, takes one. */
static void check_field_is_free(const struct reading *reading,
                                const struct tip_mapping_rule *rule)
{
    const struct tip_mapping *mapping = reading->mapping;

    if (rule->field->calculation != NULL) {
        add_fault(reading, "field", "This field is calculated.");
    }
    for (size_t i = 0; i < mapping->rule_count; i++) {
        if (mapping->rules[i].field == rule->field &&
            rule->field->kind != TIP_KIND_SET) {
            add_fault(reading, "field",
                      "Another row already fills this field.");
        }
    }
}

/* The rule for source and field of this row, added if it is new; NULL and a
 * fault if there is no such field. */
static struct tip_mapping_rule *find_rule(const struct reading *reading)
{
    struct tip_mapping *mapping = reading->mapping;
    struct tip_bytes source = cell(reading, "source");
    struct tip_mapping_rule *rule = &mapping->rules[mapping->rule_count];
    const struct tip_field *field =
        mapping->type == NULL
            ? NULL
            : tip_type_field_named(mapping->type, cell(reading, "field"));

    if (field == NULL) {
        add_fault(reading, "field", "The record type has no such field.");
        return NULL;
    }
    for (size_t i = 0; i < mapping->rule_count; i++) {
        if (mapping->rules[i].field == field &&
            tip_bytes_equal(mapping->rules[i].source, source)) {
            return &mapping->rules[i];
        }
    }
    *rule = (struct tip_mapping_rule){
        .source = source, .field = field, .column = TIP_SHEET_NONE};
    take_separator(reading, rule);
    take_style(reading, rule);
    check_field_is_free(reading, rule);
    mapping->rule_count++;
    return rule;
}

static void check_target(const struct reading *reading,
                         const struct tip_field *field, struct tip_bytes to)
{
    struct tip_value value;
    enum tip_rule rule = TIP_RULE_KEPT;

    if (field->kind == TIP_KIND_SET) {
        if (to.size != 0 && tip_list_code_named(field->list, to) == NULL) {
            rule = TIP_RULE_CODE;
        }
    } else {
        rule = tip_field_parse(reading->mapping->catalogue, field, to, &value);
    }
    if (rule != TIP_RULE_KEPT) {
        tip_problems_add(reading->problems,
                         tip_sheet_place(reading->sheet, reading->row, "to"),
                         "\"%.*s\": %s", TIP_SHOWN(to), tip_rule_text(rule));
    }
}

static void take_row(const struct reading *reading)
{
    struct tip_mapping *mapping = reading->mapping;
    struct tip_bytes from = cell(reading, "from");
    struct tip_bytes to = cell(reading, "to");
    struct tip_mapping_rule *rule;

    take_type(reading);
    rule = find_rule(reading);
    if (rule == NULL) {
        return;
    }
    check_target(reading, rule->field, to);
    if (rule->source.size == 0) {
        rule->constant = to;
        if (to.size == 0 || from.size != 0) {
            add_fault(reading, "to",
                      "Without a source, write under to what every record "
                      "gets, and nothing under from.");
        }
    } else if (from.size != 0) {
        mapping->pairs[mapping->pair_count++] =
            (struct tip_mapping_pair){.rule = rule, .from = from, .to = to};
    } else if (to.size != 0) {
        add_fault(reading, "from", "Write which value of the source this is.");
    }
}

static enum tip_err fill(struct tip_mapping *mapping, const char *file,
                         struct tip_bytes bytes, struct tip_problems *problems)
{
    static const char *const known[] = {
        "type", "source", "field", "separator", "format", "from", "to", NULL};
    static const char *const prefixes[] = {NULL};
    struct tip_sheet sheet;
    struct reading reading = {
        .mapping = mapping, .sheet = &sheet, .problems = problems};
    size_t before = problems->count;
    enum tip_err err =
        tip_sheet_read(&mapping->arena, file, bytes, problems, &sheet);

    if (err != TIP_OK) {
        return err;
    }
    tip_sheet_check_columns(&sheet, known, prefixes, problems);
    mapping->rules = tip_arena_alloc_array(&mapping->arena, sheet.row_count,
                                           sizeof *mapping->rules);
    mapping->pairs = tip_arena_alloc_array(&mapping->arena, sheet.row_count,
                                           sizeof *mapping->pairs);
    if (mapping->rules == NULL || mapping->pairs == NULL) {
        return TIP_ENOMEM;
    }
    for (size_t i = 0; i < sheet.row_count; i++) {
        reading.row = &sheet.rows[i];
        take_row(&reading);
    }
    if (mapping->rule_count == 0) {
        tip_problems_add(problems, (struct tip_place){.file = file},
                         "This file maps no column.");
    }
    return problems->count == before ? TIP_OK : TIP_EMAPPING;
}

enum tip_err tip_mapping_load(const struct tip_catalogue *catalogue,
                              const char *file, struct tip_bytes bytes,
                              struct tip_problems *problems,
                              struct tip_mapping **out_mapping)
{
    struct tip_arena arena;
    struct tip_mapping *mapping;
    enum tip_err err;

    tip_arena_init(&arena, TIP_MAPPING_BYTES_MAX);
    mapping = tip_arena_alloc(&arena, sizeof *mapping);
    if (mapping == NULL) {
        return TIP_ENOMEM;
    }
    mapping->arena = arena;
    mapping->catalogue = catalogue;
    err = fill(mapping, file, bytes, problems);
    if (err != TIP_OK) {
        tip_mapping_free(mapping);
        return err;
    }
    *out_mapping = mapping;
    return TIP_OK;
}

void tip_mapping_free(struct tip_mapping *mapping)
{
    if (mapping != NULL) {
        struct tip_arena arena = mapping->arena; /* It lies in it itself. */

        tip_arena_deinit(&arena);
    }
}

const struct tip_type *tip_mapping_type(const struct tip_mapping *mapping)
{
    return mapping->type;
}
