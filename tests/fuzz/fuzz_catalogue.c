/* Rule: five files are a catalogue or at least one fault is named; a pack is
 * what packing its files gives again. Input: 0 and a pack; or 1 and the files
 * settings, survey, choices, indicators and roles, a part each. */
#include "fuzz.h"
#include "fuzz_part.h"
#include "tip_catalogue_load.h"

static void try_load(const struct tip_catalogue_file *files, size_t count)
{
    struct tip_problems problems = {0};
    struct tip_catalogue *catalogue;
    char text[512];
    enum tip_err err;

    err = tip_catalogue_load(files, count, &problems, &catalogue);
    FUZZ_RULE((err == TIP_ECATALOGUE) == (problems.count > 0) ||
              err == TIP_ENOMEM);
    if (err == TIP_OK) {
        /* Its version does not rise. */
        FUZZ_RULE(tip_catalogue_check_successor(catalogue, catalogue,
                                                &problems) == TIP_ECATALOGUE);
        tip_catalogue_free(catalogue);
    }
    for (size_t i = 0; i < problems.count && i < TIP_PROBLEMS_KEPT; i++) {
        struct tip_buf buf;

        tip_buf_init(&buf, text, sizeof text);
        tip_problem_format(&problems.kept[i], &buf);
    }
}

static void try_pack(struct tip_bytes pack)
{
    static uint8_t memory[1 << 20];
    struct tip_catalogue_file files[TIP_CATALOGUE_FILES_MAX];
    struct tip_buf buf;
    size_t count;

    if (tip_catalogue_unpack(pack, files, &count) != TIP_OK) {
        return;
    }
    tip_buf_init(&buf, memory, sizeof memory);
    FUZZ_RULE(tip_catalogue_pack(files, count, &buf) == TIP_OK);
    FUZZ_RULE(tip_bytes_equal(pack, tip_bytes(memory, buf.size)));
    try_load(files, count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = {"settings.csv", "survey.csv",
                                        "choices.csv", "indicators.csv",
                                        "roles.csv"};
    struct tip_catalogue_file files[TIP_CATALOGUE_FILES_MAX];
    struct tip_bytes rest = tip_bytes(data, size);
    size_t count = 0;

    if (fuzz_take_u8(&rest) % 2 == 0) {
        try_pack(rest);
        return 0;
    }
    while (rest.size > 0 && count < TIP_CATALOGUE_FILES_MAX) {
        files[count].name = tip_bytes_text(names[count]);
        files[count].content = fuzz_take_part(&rest);
        count++;
    }
    try_load(files, count);
    return 0;
}
