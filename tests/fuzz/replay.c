/*
 * Runs a fuzz target on files, for compilers without libFuzzer.
 *
 *     fuzz_<name> <file>...
 *
 * Each file is also tried cut at every length and with every bit flipped; of a
 * long one, or with FUZZ_TRIES of a target that takes its time, at evenly
 * spread places.
 */
#include <stdbool.h>
#include <string.h>

#include "fuzz.h"

enum { FILE_BYTES_MAX = 1 << 16 };

#ifndef FUZZ_TRIES
enum { FUZZ_TRIES = 8192 }; /* Of each kind, for one file. */
#endif

#ifndef FUZZ_TELLS
enum { FUZZ_TELLS = 0 };
#endif

static uint8_t bytes[FILE_BYTES_MAX];

/* Was it made to be read, by a target that can tell whether it was? */
static bool must_reach(const char *path)
{
    const char *name = strrchr(path, '/');

    return name != NULL && strncmp(name, "/seed_", strlen("/seed_")) == 0 &&
           FUZZ_TELLS;
}

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
    if (!fuzz_take_reached() && must_reach(path)) {
        (void)fprintf(stderr,
                      "%s is refused at once: of an older format? "
                      "make_corpus makes it anew.\n",
                      path);
        return false;
    }
    for (size_t cut = 0; cut < size; cut += 1 + size / FUZZ_TRIES) {
        LLVMFuzzerTestOneInput(bytes, cut);
    }
    for (size_t bit = 0; bit < size * 8; bit += 1 + size * 8 / FUZZ_TRIES) {
        bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
        LLVMFuzzerTestOneInput(bytes, size);
        bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
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
