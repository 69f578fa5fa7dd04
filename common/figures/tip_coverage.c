#include "tip_coverage.h"

struct tip_coverage tip_coverage_at(const struct tip_coverage_office *offices,
                                    size_t count, uint64_t as_of_ms)
{
    struct tip_coverage coverage = {.expected = count, .as_of_ms = as_of_ms};

    for (size_t i = 0; i < count; i++) {
        uint64_t until_ms = offices[i].until_ms;

        coverage.covered += until_ms != 0 && until_ms >= as_of_ms;
        if (i == 0 || until_ms < coverage.all_as_of_ms) {
            coverage.all_as_of_ms = until_ms;
        }
    }
    return coverage;
}
