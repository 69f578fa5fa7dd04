/*
 * Runs a fuzz target on files, for compilers without libFuzzer.
 *
 *     fuzz_<name> <file>...
 *
 * Each file is also tried cut at every length and with every bit flipped.
 */
#include <stdbool.h>

#include "fuzz.h"
#include "tip_flip.h"

enum { FILE_BYTES_MAX = 1 << 16 };

static uint8_t bytes[FILE_BYTES_MAX];

static bool replay(const char *path)
{
    FILE *file = fopen(path, "rb");
    size_t size;

    if (file == NULL) {
        (void)fprintf(stderr, "%s: cannot be read\n", path);
        return false;
    }
    size = fread(bytes, 1, sizeof bytes, file);
    if (fclose(file) != 0) {
        return false;
    }
    LLVMFuzzerTestOneInput(bytes, size);
    for (size_t cut = 0; cut < size; cut++) {
        LLVMFuzzerTestOneInput(bytes, cut);
    }
    TIP_FOR_EACH_FLIPPED_BIT(bytes, size)
    {
        LLVMFuzzerTestOneInput(bytes, size);
    }
    return true;
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (!replay(argv[i])) {
            return EXIT_FAILURE;
        }
    }
    (void)printf("%d files replayed.\n", argc - 1);
    return argc > 1 ? EXIT_SUCCESS : EXIT_FAILURE;
}
