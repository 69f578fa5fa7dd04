/* The catalogues in the tree load, and the one of CTDC counts as CTDC does. */
#include "tip_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tip_catalogue_folder.h"
#include "tip_csv_reader.h"
#include "tip_field_text.h"
#include "tip_mapping.h"

#define NATIONAL TIP_SOURCE_DIR "/common/catalogue/national"
#define CTDC     TIP_SOURCE_DIR "/tests/data/catalogue/ctdc"

static void print_problems(const struct tip_problems *problems)
{
    for (size_t i = 0; i < problems->count && i < TIP_PROBLEMS_KEPT; i++) {
        char text[512];
        struct tip_buf buf;

        tip_buf_init(&buf, text, sizeof text);
        tip_problem_format(&problems->kept[i], &buf);
        print_message("%.*s\n", (int)buf.size, text);
    }
}

static struct tip_catalogue *load_folder(const char *path)
{
    struct tip_catalogue_folder folder;
    struct tip_problems problems = {0};
    struct tip_catalogue *catalogue = NULL;
    enum tip_err err;

    assert_int_equal(tip_catalogue_folder_read(path, &folder), TIP_OK);
    err = tip_catalogue_load(folder.files, folder.file_count, &problems,
                             &catalogue);
    print_problems(&problems);
    assert_int_equal(err, TIP_OK);
    tip_catalogue_folder_deinit(&folder);
    return catalogue;
}

static const struct tip_list *list(const struct tip_catalogue *catalogue,
                                   const char *name)
{
    const struct tip_list *found =
        tip_catalogue_list_named(catalogue, tip_bytes_text(name));

    assert_non_null(found);
    return found;
}

static void test_the_national_catalogue_holds_the_country(void **state)
{
    struct tip_catalogue *catalogue = load_folder(NATIONAL);
    const struct tip_list *moughataas = list(catalogue, "moughataa");

    (void)state;
    assert_int_equal(catalogue->type_count, 8);
    assert_int_equal(list(catalogue, "wilaya")->code_count, 15);
    assert_int_equal(moughataas->code_count, 63);
    for (size_t i = 0; i < moughataas->code_count; i++) {
        const struct tip_code *code = &moughataas->codes[i];

        assert_ptr_equal(code->parent_of, list(catalogue, "wilaya"));
        assert_int_equal(code->parent->number, code->number / 10);
    }
    tip_catalogue_free(catalogue);
}

static void assert_labelled(const struct tip_catalogue *catalogue,
                            const struct tip_label *label,
                            struct tip_bytes name)
{
    static const char *const languages[] = {"ar", "fr", "en"};

    for (size_t i = 0; i < 3; i++) {
        size_t language =
            tip_catalogue_language(catalogue, tip_bytes_text(languages[i]));

        if (label->texts[language].size == 0) {
            fail_msg("%.*s has no label in %s", TIP_SHOWN(name), languages[i]);
        }
        assert_int_equal(label->drafts >> language & 1, 0);
    }
}

static void test_the_national_catalogue_speaks_three_languages(void **state)
{
    struct tip_catalogue *catalogue = load_folder(NATIONAL);

    (void)state;
    for (size_t t = 0; t < catalogue->type_count; t++) {
        const struct tip_type *type = &catalogue->types[t];

        assert_labelled(catalogue, &type->label, type->name);
        for (size_t f = 0; f < type->field_count; f++) {
            assert_labelled(catalogue, &type->fields[f].label,
                            type->fields[f].name);
        }
    }
    for (size_t i = 0; i < catalogue->indicator_count; i++) {
        assert_labelled(catalogue, &catalogue->indicators[i].label,
                        catalogue->indicators[i].name);
    }
    tip_catalogue_free(catalogue);
}

static void test_what_names_a_person_never_reaches_the_hub(void **state)
{
    static const char *const words[] = {"given_name", "family_name", "phone",
                                        "address",    "birth",       "nni",
                                        "narrative",  "place"};
    struct tip_catalogue *catalogue = load_folder(NATIONAL);
    const struct tip_type *victim =
        tip_catalogue_type_named(catalogue, tip_bytes_text("victim"));

    (void)state;
    for (size_t f = 0; f < victim->field_count; f++) {
        const struct tip_field *field = &victim->fields[f];
        char name[64];

        (void)snprintf(name, sizeof name, "%.*s", TIP_SHOWN(field->name));
        for (size_t w = 0; w < sizeof words / sizeof *words; w++) {
            if (strncmp(name, words[w], strlen(words[w])) == 0 &&
                strcmp(name, "birth_registered") != 0) {
                assert_int_equal(field->class, TIP_CLASS_IDENTITY);
            }
        }
    }
    tip_catalogue_free(catalogue);
}

static void test_the_national_catalogue_loads_in_milliseconds(void **state)
{
    struct tip_catalogue_folder folder;
    clock_t start;
    double ms;

    (void)state;
    assert_int_equal(tip_catalogue_folder_read(NATIONAL, &folder), TIP_OK);
    start = clock();
    for (int i = 0; i < 10; i++) {
        struct tip_problems problems = {0};
        struct tip_catalogue *catalogue = NULL;

        assert_int_equal(tip_catalogue_load(folder.files, folder.file_count,
                                            &problems, &catalogue),
                         TIP_OK);
        tip_catalogue_free(catalogue);
    }
    ms = (double)(clock() - start) * 1000 / CLOCKS_PER_SEC / 10;
    print_message("the national catalogue loads in %.2f ms\n", ms);
    tip_catalogue_folder_deinit(&folder);
}

/* One line of the frequency table: what CTDC counted, what we count. */
struct frequency {
    const struct tip_field *field;
    char value[96];
    unsigned long expected;
    unsigned long counted;
};

enum { FREQUENCIES_MAX = 128 };

struct frequencies {
    struct frequency lines[FREQUENCIES_MAX];
    size_t count;
};

static char *read_whole(const char *path, size_t *out_size)
{
    FILE *file = fopen(path, "rb");
    char *text = malloc(8 << 20);

    assert_non_null(file);
    assert_non_null(text);
    *out_size = fread(text, 1, 8 << 20, file);
    assert_int_equal(fclose(file), 0);
    return text;
}

static void read_frequencies(const struct tip_type *type, const char *path,
                             struct frequencies *frequencies)
{
    size_t size;
    char *text = read_whole(path, &size);
    struct tip_csv_reader *reader = NULL;
    struct tip_csv_row row;

    assert_int_equal(tip_csv_reader_new(tip_bytes(text, size), ',', &reader),
                     TIP_OK);
    assert_int_equal(tip_csv_reader_next(reader, &row), TIP_OK);
    while (tip_csv_reader_next(reader, &row) == TIP_OK) {
        struct frequency *line = &frequencies->lines[frequencies->count++];
        char number[16];

        line->field = tip_type_field_named(type, row.cells[0]);
        assert_non_null(line->field);
        (void)snprintf(line->value, sizeof line->value, "%.*s",
                       TIP_SHOWN(row.cells[1]));
        (void)snprintf(number, sizeof number, "%.*s", TIP_SHOWN(row.cells[2]));
        line->expected = strtoul(number, NULL, 10);
    }
    tip_csv_reader_free(reader);
    free(text);
}

static void count(struct frequencies *frequencies,
                  const struct tip_field *field, const char *value)
{
    for (size_t i = 0; i < frequencies->count; i++) {
        struct frequency *line = &frequencies->lines[i];

        if (line->field == field && strcmp(line->value, value) == 0) {
            line->counted++;
            return;
        }
    }
    fail_msg("%.*s has no line for %s", TIP_SHOWN(field->name), value);
}

/* What an indicator per combination would call this record. */
static void count_record(const struct tip_catalogue *catalogue,
                         const struct tip_type *type,
                         const struct tip_entry *entries, size_t entry_count,
                         struct frequencies *frequencies)
{
    for (size_t f = 0; f < type->field_count; f++) {
        const struct tip_field *field = &type->fields[f];
        uint32_t codes[TIP_FIELD_ELEMENTS_MAX];
        size_t code_count = 0;
        char name[96] = "";
        struct tip_buf buf;

        tip_buf_init(&buf, name, sizeof name - 1);
        for (size_t i = 0; i < entry_count; i++) {
            if (entries[i].field != field) {
                continue;
            }
            if (field->kind == TIP_KIND_SET) {
                codes[code_count++] = entries[i].element;
            } else {
                tip_field_format(catalogue, field, &entries[i].value, &buf);
            }
        }
        tip_field_format_set(field, codes, code_count, &buf);
        count(frequencies, field, buf.size == 0 ? "(missing)" : name);
        count(frequencies, field, "(all)");
    }
}

static void count_file(const struct tip_catalogue *catalogue,
                       struct tip_mapping *mapping, const char *path,
                       struct frequencies *frequencies)
{
    static struct tip_entry entries[TIP_MAPPING_ENTRIES_MAX];
    struct tip_problems problems = {0};
    struct tip_place place = {.file = "condensed.csv"};
    struct tip_csv_reader *reader = NULL;
    struct tip_csv_row row;
    FILE *file = fopen(path, "rb");

    assert_non_null(file);
    assert_int_equal(tip_csv_reader_new_file(file, 0, &reader), TIP_OK);
    assert_int_equal(tip_csv_reader_next(reader, &row), TIP_OK);
    assert_int_equal(
        tip_mapping_bind(mapping, row.cells, row.cell_count, place, &problems),
        TIP_OK);
    while (tip_csv_reader_next(reader, &row) == TIP_OK) {
        size_t entry_count = 0;

        assert_int_equal(tip_mapping_apply(mapping, row.cells, row.cell_count,
                                           place, &problems, entries,
                                           &entry_count),
                         TIP_OK);
        count_record(catalogue, tip_mapping_type(mapping), entries, entry_count,
                     frequencies);
    }
    tip_csv_reader_free(reader);
    assert_int_equal(fclose(file), 0);
}

static struct tip_mapping *load_mapping(const struct tip_catalogue *catalogue)
{
    size_t size;
    char *text = read_whole(CTDC "/import.csv", &size);
    struct tip_problems problems = {0};
    struct tip_mapping *mapping = NULL;
    enum tip_err err = tip_mapping_load(
        catalogue, "import.csv", tip_bytes(text, size), &problems, &mapping);

    print_problems(&problems);
    assert_int_equal(err, TIP_OK);
    free(text);
    return mapping;
}

static void test_ctdc_has_one_indicator_a_column(void **state)
{
    struct tip_catalogue *catalogue = load_folder(CTDC);
    struct tip_mapping *mapping = load_mapping(catalogue);
    const struct tip_type *type = tip_mapping_type(mapping);

    (void)state;
    assert_int_equal(type->field_count, 16);
    assert_int_equal(catalogue->indicator_count, 16);
    for (size_t i = 0; i < 16; i++) {
        const struct tip_indicator *indicator = &catalogue->indicators[i];

        assert_int_equal(indicator->dimension_count, 1);
        assert_ptr_equal(indicator->dimensions[0].field, type->in_order[i]);
        assert_int_equal(indicator->dimensions[0].per_combination,
                         type->in_order[i]->kind == TIP_KIND_SET);
    }
    tip_mapping_free(mapping);
    tip_catalogue_free(catalogue);
}

static void test_ctdc_counts_as_its_frequency_table(void **state)
{
    static struct frequencies frequencies;
    const char *folder = getenv("TIP_SHARED_DATA");
    struct tip_catalogue *catalogue;
    struct tip_mapping *mapping;
    char path[4096];

    (void)state;
    if (folder == NULL) {
        print_message("skipped: TIP_SHARED_DATA is not set\n");
        skip();
    }
    catalogue = load_folder(CTDC);
    mapping = load_mapping(catalogue);
    (void)snprintf(path, sizeof path,
                   "%s/ctdc/CTDC_VPsynthetic_frequencies.csv", folder);
    read_frequencies(tip_mapping_type(mapping), path, &frequencies);
    (void)snprintf(path, sizeof path, "%s/ctdc/CTDC_VPsynthetic_condensed.csv",
                   folder);
    count_file(catalogue, mapping, path, &frequencies);
    assert_int_equal(frequencies.count, 85);
    for (size_t i = 0; i < frequencies.count; i++) {
        assert_int_equal(frequencies.lines[i].counted,
                         frequencies.lines[i].expected);
    }
    tip_mapping_free(mapping);
    tip_catalogue_free(catalogue);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_national_catalogue_holds_the_country),
        cmocka_unit_test(test_the_national_catalogue_speaks_three_languages),
        cmocka_unit_test(test_what_names_a_person_never_reaches_the_hub),
        cmocka_unit_test(test_the_national_catalogue_loads_in_milliseconds),
        cmocka_unit_test(test_ctdc_has_one_indicator_a_column),
        cmocka_unit_test(test_ctdc_counts_as_its_frequency_table),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
