#include "tip_catalogue.h"

#include <stdlib.h>

#include "tip_check.h"
#include "tip_find.h"
#include "tip_loader.h"

const char *const tip_kind_words[] = {[TIP_KIND_TEXT] = "text",
                                      [TIP_KIND_INTEGER] = "integer",
                                      [TIP_KIND_DATE] = "date",
                                      [TIP_KIND_ANSWER] = "yesno",
                                      [TIP_KIND_AMOUNT] = "amount",
                                      [TIP_KIND_CODE] = "select_one",
                                      [TIP_KIND_SET] = "select_multiple",
                                      [TIP_KIND_REFERENCE] = "reference",
                                      NULL};

const char *const tip_class_words[] = {[TIP_CLASS_FACT] = "fact",
                                       [TIP_CLASS_IDENTITY] = "identity",
                                       [TIP_CLASS_SEALED] = "sealed",
                                       NULL};

const char *const tip_merge_words[] = {[TIP_MERGE_LATEST] = "latest",
                                       [TIP_MERGE_REVIEW] = "review",
                                       [TIP_MERGE_RANKED] = "ranked",
                                       [TIP_MERGE_SET] = "set",
                                       NULL};

void tip_catalogue_free(struct tip_catalogue *catalogue)
{
    if (catalogue != NULL) {
        /* The catalogue lies in its own arena, behind which it stands. */
        struct tip_arena arena = *tip_catalogue_arena(catalogue);

        tip_arena_deinit(&arena);
    }
}

const struct tip_type *tip_catalogue_type(const struct tip_catalogue *catalogue,
                                          uint32_t number)
{
    return tip_find_number(catalogue->types, catalogue->type_count,
                           sizeof *catalogue->types, number);
}

const struct tip_type *
tip_catalogue_type_named(const struct tip_catalogue *catalogue,
                         struct tip_bytes name)
{
    for (size_t i = 0; i < catalogue->type_count; i++) {
        if (tip_bytes_equal(catalogue->types[i].name, name)) {
            return &catalogue->types[i];
        }
    }
    return NULL;
}

const struct tip_field *tip_type_field(const struct tip_type *type,
                                       uint32_t number)
{
    return tip_find_number(type->fields, type->field_count,
                           sizeof *type->fields, number);
}

const struct tip_field *tip_type_field_named(const struct tip_type *type,
                                             struct tip_bytes name)
{
    for (size_t i = 0; i < type->field_count; i++) {
        if (tip_bytes_equal(type->fields[i].name, name)) {
            return &type->fields[i];
        }
    }
    return NULL;
}

const struct tip_list *
tip_catalogue_list_named(const struct tip_catalogue *catalogue,
                         struct tip_bytes name)
{
    for (size_t i = 0; i < catalogue->list_count; i++) {
        if (tip_bytes_equal(catalogue->lists[i].name, name)) {
            return &catalogue->lists[i];
        }
    }
    return NULL;
}

const struct tip_code *tip_list_code(const struct tip_list *list,
                                     uint32_t number)
{
    return tip_find_number(list->codes, list->code_count, sizeof *list->codes,
                           number);
}

const struct tip_code *tip_list_code_named(const struct tip_list *list,
                                           struct tip_bytes name)
{
    size_t low = 0;
    size_t high = list->code_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = tip_bytes_compare(list->by_name[middle]->name, name);

        if (order == 0) {
            return list->by_name[middle];
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return NULL;
}

const struct tip_indicator *
tip_catalogue_indicator(const struct tip_catalogue *catalogue, uint32_t number)
{
    return tip_find_number(catalogue->indicators, catalogue->indicator_count,
                           sizeof *catalogue->indicators, number);
}

const struct tip_indicator *
tip_catalogue_indicator_named(const struct tip_catalogue *catalogue,
                              struct tip_bytes name)
{
    for (size_t i = 0; i < catalogue->indicator_count; i++) {
        if (tip_bytes_equal(catalogue->indicators[i].name, name)) {
            return &catalogue->indicators[i];
        }
    }
    return NULL;
}

const struct tip_role *
tip_catalogue_role_named(const struct tip_catalogue *catalogue,
                         struct tip_bytes name)
{
    for (size_t i = 0; i < catalogue->role_count; i++) {
        if (tip_bytes_equal(catalogue->roles[i].name, name)) {
            return &catalogue->roles[i];
        }
    }
    return NULL;
}

static bool has_type(const struct tip_type *const *types, size_t count,
                     const struct tip_type *type)
{
    for (size_t i = 0; i < count; i++) {
        if (types[i] == type) {
            return true;
        }
    }
    return false;
}

bool tip_role_reads(const struct tip_role *role, const struct tip_type *type)
{
    return has_type(role->reads, role->read_count, type);
}

size_t tip_catalogue_language(const struct tip_catalogue *catalogue,
                              struct tip_bytes language)
{
    for (size_t i = 0; i < catalogue->language_count; i++) {
        if (tip_bytes_equal(catalogue->languages[i], language)) {
            return i;
        }
    }
    return catalogue->default_language;
}

struct tip_bytes tip_label_text(const struct tip_catalogue *catalogue,
                                const struct tip_label *label, size_t language,
                                struct tip_bytes name)
{
    if (label->texts == NULL) {
        return name;
    }
    if (label->texts[language].size != 0) {
        return label->texts[language];
    }
    if (label->texts[catalogue->default_language].size != 0) {
        return label->texts[catalogue->default_language];
    }
    for (size_t i = 0; i < catalogue->language_count; i++) {
        if (label->texts[i].size != 0) {
            return label->texts[i];
        }
    }
    return name;
}

static const struct tip_field *find_field(const struct tip_catalogue *catalogue,
                                          uint32_t type, uint32_t field)
{
    const struct tip_type *found =
        catalogue == NULL ? NULL : tip_catalogue_type(catalogue, type);

    return found == NULL ? NULL : tip_type_field(found, field);
}

enum tip_merge_rule
tip_catalogue_merge_of(const struct tip_catalogue *catalogue, uint32_t type,
                       uint32_t field)
{
    const struct tip_field *found = find_field(catalogue, type, field);

    return found == NULL ? TIP_MERGE_LATEST : found->merge;
}

uint32_t tip_catalogue_rank(const struct tip_catalogue *catalogue,
                            uint32_t type, uint32_t field, uint32_t code)
{
    const struct tip_field *found = find_field(catalogue, type, field);
    const struct tip_code *of = NULL;

    if (found != NULL && found->list != NULL) {
        of = tip_list_code(found->list, code);
    }
    return of == NULL ? 0 : of->rank;
}

static const struct tip_catalogue *behind(const struct tip_schema *self)
{
    return ((const struct tip_catalogue_schema *)self)->catalogue;
}

static enum tip_merge_rule schema_rule(const struct tip_schema *self,
                                       uint32_t type, uint32_t field)
{
    return tip_catalogue_merge_of(behind(self), type, field);
}

static uint32_t schema_rank(const struct tip_schema *self, uint32_t type,
                            uint32_t field, const struct tip_value *value)
{
    return value->kind != TIP_VALUE_CODE
               ? 0
               : tip_catalogue_rank(behind(self), type, field, value->code);
}

/* How a catalogue comes is said by no catalogue: the first could not come. */
static enum tip_err check_published(uint32_t field,
                                    const struct tip_value *value)
{
    enum tip_value_kind kind = TIP_VALUE_OPAQUE;

    if (field == TIP_CATALOGUE_FIELD_SIZE) {
        kind = TIP_VALUE_INTEGER;
    } else if (field != TIP_CATALOGUE_FIELD_HASH &&
               field != TIP_CATALOGUE_FIELD_PIECE) {
        return TIP_EUNKNOWN_FIELD;
    }
    return value->kind == kind || value->kind == TIP_VALUE_NONE ? TIP_OK
                                                                : TIP_EVALUE;
}

static enum tip_err schema_check(const struct tip_schema *self, uint32_t type,
                                 uint32_t field, const struct tip_value *value)
{
    const struct tip_catalogue *catalogue = behind(self);
    const struct tip_type *of =
        catalogue == NULL ? NULL : tip_catalogue_type(catalogue, type);
    const struct tip_field *found;

    if (type == TIP_TYPE_CATALOGUE) {
        return check_published(field, value);
    }
    if (of == NULL) {
        return TIP_EUNKNOWN_TYPE;
    }
    found = tip_type_field(of, field);
    if (found == NULL) {
        return TIP_EUNKNOWN_FIELD;
    }
    return tip_check_stored(found, value) == TIP_RULE_KEPT ? TIP_OK
                                                           : TIP_EVALUE;
}

void tip_catalogue_schema_init(struct tip_catalogue_schema *schema,
                               const struct tip_catalogue *catalogue)
{
    *schema = (struct tip_catalogue_schema){.base = {.rule = schema_rule,
                                                     .rank = schema_rank,
                                                     .check = schema_check},
                                            .catalogue = catalogue};
}
