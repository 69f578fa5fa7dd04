/* Rule: a mapping and a table are refused with a fault named, or each row gives
 * entries for fields of the mapping's type. Input: the mapping, then the table,
 * a part each. */
#include "fuzz.h"
#include "fuzz_catalogue.h"
#include "fuzz_part.h"
#include "tip_csv_reader.h"
#include "tip_mapping.h"

static bool is_of_type(const struct tip_type *type,
                       const struct tip_field *field)
{
    return field >= type->fields && field < type->fields + type->field_count;
}

static void try_row(const struct tip_mapping *mapping,
                    const struct tip_csv_row *row)
{
    static struct tip_entry entries[TIP_MAPPING_ENTRIES_MAX];
    const struct tip_place place = {.file = "table.csv", .row = row->place.row};
    struct tip_problems problems = {0};
    size_t count;

    if (tip_mapping_apply(mapping, row->cells, row->cell_count, place,
                          &problems, entries, &count) != TIP_OK) {
        FUZZ_RULE(problems.count > 0);
        return;
    }
    FUZZ_RULE(count <= TIP_MAPPING_ENTRIES_MAX);
    for (size_t i = 0; i < count; i++) {
        FUZZ_RULE(is_of_type(tip_mapping_type(mapping), entries[i].field));
        FUZZ_RULE((entries[i].field->kind == TIP_KIND_SET) ==
                  (entries[i].value.kind == TIP_VALUE_MEMBER));
    }
}

static void try_table(struct tip_mapping *mapping, struct tip_bytes table)
{
    struct tip_problems problems = {0};
    struct tip_csv_reader *reader;
    struct tip_csv_row row;
    enum tip_err err;

    if (tip_csv_reader_new(table, 0, &reader) != TIP_OK) {
        return;
    }
    err = tip_csv_reader_next(reader, &row);
    if (err == TIP_OK) {
        err = tip_mapping_bind(mapping, row.cells, row.cell_count,
                               (struct tip_place){.file = "table.csv"},
                               &problems);
        FUZZ_RULE(err == TIP_OK || err == TIP_ENOMEM || problems.count > 0);
    }
    while (err == TIP_OK) {
        err = tip_csv_reader_next(reader, &row);
        if (err == TIP_OK) {
            try_row(mapping, &row);
        }
    }
    tip_csv_reader_free(reader);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tip_bytes table = tip_bytes(data, size);
    struct tip_bytes text = fuzz_take_part(&table);
    struct tip_problems problems = {0};
    struct tip_mapping *mapping;
    enum tip_err err;

    err = tip_mapping_load(fuzz_catalogue(), "import.csv", text, &problems,
                           &mapping);
    FUZZ_RULE((err == TIP_EMAPPING) == (problems.count > 0) ||
              err == TIP_ENOMEM);
    if (err == TIP_OK) {
        try_table(mapping, table);
        tip_mapping_free(mapping);
    }
    return 0;
}
