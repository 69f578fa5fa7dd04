/* The small catalogue of the tests, once. */
#ifndef FUZZ_CATALOGUE_H
#define FUZZ_CATALOGUE_H

#include "tip_test.h"

#include "catalogue_fixture.h"

static inline const struct tip_catalogue *fuzz_catalogue(void)
{
    static struct tip_catalogue *catalogue;

    if (catalogue == NULL) {
        catalogue = fixture_catalogue();
    }
    return catalogue;
}

#endif /* FUZZ_CATALOGUE_H */
