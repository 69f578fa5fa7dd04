/* A mapping at work: rows of the source to values of ours. */
#include "tip_mapping.h"

#include <stdio.h>

#include "tip_field_text.h"
#include "tip_mapping_rules.h"
#include "tip_sheet.h"

/* A row on its way. */
struct row {
    const struct tip_mapping *mapping;
    struct tip_place place;
    struct tip_problems *problems;
    struct tip_entry *entries;
    size_t entry_count;
};

static struct tip_bytes trim(struct tip_bytes text)
{
    while (text.size != 0 && text.data[0] == ' ') {
        text = tip_bytes(text.data + 1, text.size - 1);
    }
    while (text.size != 0 && text.data[text.size - 1] == ' ') {
        text.size--;
    }
    return text;
}

enum tip_err tip_mapping_bind(struct tip_mapping *mapping,
                              const struct tip_bytes *header,
                              size_t header_count, struct tip_place place,
                              struct tip_problems *problems)
{
    size_t before = problems->count;

    for (size_t r = 0; r < mapping->rule_count; r++) {
        struct tip_mapping_rule *rule = &mapping->rules[r];

        rule->column = TIP_SHEET_NONE;
        for (size_t i = 0; i < header_count; i++) {
            if (tip_bytes_equal(trim(header[i]), rule->source)) {
                rule->column = i;
            }
        }
        if (rule->column == TIP_SHEET_NONE && rule->source.size != 0) {
            place.column = rule->source;
            tip_problems_add(problems, place,
                             "The mapping reads this column, and the table "
                             "does not have it.");
        }
    }
    return problems->count == before ? TIP_OK : TIP_EMAPPING;
}

/* What @text of the source means: itself, unless a pair says otherwise. */
static struct tip_bytes translate(const struct tip_mapping *mapping,
                                  const struct tip_mapping_rule *rule,
                                  struct tip_bytes text)
{
    struct tip_bytes other = text;

    for (size_t i = 0; i < mapping->pair_count; i++) {
        const struct tip_mapping_pair *pair = &mapping->pairs[i];

        if (pair->rule != rule) {
            continue;
        }
        if (tip_bytes_equal(pair->from, text)) {
            return pair->to;
        }
        if (tip_bytes_is(pair->from, "*")) {
            other = pair->to;
        }
    }
    return other;
}

/* The run of digits at *@at as a number, and past it; -1 if none or long. */
static int digits(struct tip_bytes text, size_t *at)
{
    int number = 0;
    size_t start = *at;

    while (*at < text.size && text.data[*at] >= '0' && text.data[*at] <= '9' &&
           *at - start < 4) {
        number = number * 10 + (text.data[*at] - '0');
        ++*at;
    }
    return *at == start ? -1 : number;
}

/* "23/11/2026", "11/2026" or "2026" to the form the catalogue reads; text that
 * is none of them stays as it is, and is refused there. */
static struct tip_bytes to_iso(struct tip_bytes text, enum tip_date_style style,
                               char iso[16])
{
    int parts[3] = {0};
    size_t count = 0;
    size_t at = 0;
    int size = 0;

    do {
        at += count != 0;
        parts[count] = digits(text, &at);
        if (parts[count++] < 0) {
            return text;
        }
    } while (
        count < 3 && at < text.size &&
        (text.data[at] == '/' || text.data[at] == '.' || text.data[at] == '-'));
    if (at != text.size || parts[count - 1] < 1000) {
        return text;
    }
    if (count == 3) {
        bool dmy = style == TIP_DATE_DMY;

        size = snprintf(iso, 16, "%04d-%02d-%02d", parts[2],
                        dmy ? parts[1] : parts[0], dmy ? parts[0] : parts[1]);
    } else if (count == 2) {
        size = snprintf(iso, 16, "%04d-%02d", parts[1], parts[0]);
    } else {
        size = snprintf(iso, 16, "%04d", parts[0]);
    }
    return tip_bytes(iso, size < 16 ? (size_t)size : 15);
}

static void add_entry(struct row *row, const struct tip_field *field,
                      uint32_t element, struct tip_value value)
{
    if (row->entry_count == TIP_MAPPING_ENTRIES_MAX) {
        tip_problems_add(row->problems, row->place,
                         "This row has more than %d values.",
                         TIP_MAPPING_ENTRIES_MAX);
        return;
    }
    row->entries[row->entry_count++] =
        (struct tip_entry){.field = field, .element = element, .value = value};
}

static void add_breach(struct row *row, enum tip_rule rule)
{
    tip_problems_add(row->problems, row->place, "%s", tip_rule_text(rule));
}

static void take_element(struct row *row, const struct tip_field *field,
                         struct tip_bytes name)
{
    const struct tip_code *code = tip_list_code_named(field->list, name);

    if (name.size == 0) {
        return;
    }
    if (code == NULL) {
        add_breach(row, TIP_RULE_CODE);
        return;
    }
    for (size_t i = 0; i < row->entry_count; i++) {
        if (row->entries[i].field == field &&
            row->entries[i].element == code->number) {
            return; /* Named twice is in it once. */
        }
    }
    add_entry(row, field, code->number,
              (struct tip_value){.kind = TIP_VALUE_MEMBER});
}

static void take_set(struct row *row, const struct tip_mapping_rule *rule,
                     struct tip_bytes text)
{
    size_t start = 0;

    for (size_t i = 0; i <= text.size; i++) {
        if (i == text.size || text.data[i] == rule->separator) {
            struct tip_bytes part =
                trim(tip_bytes(text.data + start, i - start));

            if (part.size != 0) {
                take_element(row, rule->field,
                             translate(row->mapping, rule, part));
            }
            start = i + 1;
        }
    }
}

static void take_single(struct row *row, const struct tip_mapping_rule *rule,
                        struct tip_bytes text)
{
    struct tip_bytes ours = translate(row->mapping, rule, text);
    struct tip_value value = {.kind = TIP_VALUE_NONE};
    char iso[16];
    enum tip_rule broken;

    if (rule->style != TIP_DATE_ISO) {
        ours = to_iso(ours, rule->style, iso);
    }
    broken =
        tip_field_parse(row->mapping->catalogue, rule->field, ours, &value);
    if (broken != TIP_RULE_KEPT) {
        add_breach(row, broken);
    } else if (value.kind != TIP_VALUE_NONE) {
        add_entry(row, rule->field, 0, value);
    }
}

enum tip_err tip_mapping_apply(
    const struct tip_mapping *mapping, const struct tip_bytes *cells,
    size_t cell_count, struct tip_place place, struct tip_problems *problems,
    struct tip_entry entries[TIP_MAPPING_ENTRIES_MAX], size_t *out_entry_count)
{
    struct row row = {.mapping = mapping,
                      .place = place,
                      .problems = problems,
                      .entries = entries};
    size_t before = problems->count;

    for (size_t i = 0; i < mapping->rule_count; i++) {
        const struct tip_mapping_rule *rule = &mapping->rules[i];
        struct tip_bytes text = rule->constant;

        row.place.column = rule->source;
        if (rule->source.size != 0) {
            text = rule->column < cell_count ? trim(cells[rule->column])
                                             : TIP_BYTES_NONE;
        }
        if (text.size == 0) {
            continue;
        }
        if (rule->field->kind == TIP_KIND_SET) {
            take_set(&row, rule, text);
        } else {
            take_single(&row, rule, text);
        }
    }
    *out_entry_count = row.entry_count;
    return problems->count == before ? TIP_OK : TIP_EMAPPING;
}
