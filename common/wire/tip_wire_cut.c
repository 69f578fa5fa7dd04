#include "tip_wire_cut.h"

enum {
    START_PERMILLE =
        500, /* Between an import (a fifth) and ciphertext (all). */
    PERMILLE_MIN = 50,
    PERMILLE_MAX = 2000,
    /* What is left free, because the next rows may pack worse. */
    MARGIN_PERCENT = 8
};

void tip_wire_cut_init(struct tip_wire_cut *cut)
{
    *cut = (struct tip_wire_cut){.packed_permille = START_PERMILLE};
}

size_t tip_wire_cut_guess(const struct tip_wire_cut *cut, size_t body_bytes_max)
{
    size_t wanted = body_bytes_max / 100 * (100 - MARGIN_PERCENT);
    size_t rows = wanted * 1000 / cut->packed_permille;

    return rows == 0 ? 1 : rows;
}

void tip_wire_cut_learn(struct tip_wire_cut *cut, size_t row_bytes,
                        size_t body_bytes)
{
    size_t permille =
        row_bytes == 0 ? START_PERMILLE : body_bytes * 1000 / row_bytes;

    if (permille < PERMILLE_MIN) {
        permille = PERMILLE_MIN;
    } else if (permille > PERMILLE_MAX) {
        permille = PERMILLE_MAX;
    }
    cut->packed_permille = (uint32_t)permille;
}

uint64_t tip_wire_cut_expect(const struct tip_wire_cut *cut, uint64_t row_bytes)
{
    return row_bytes / 1000 * cut->packed_permille +
           row_bytes % 1000 * cut->packed_permille / 1000;
}
