#include "fuzz.h"

static bool has_reached;

void fuzz_reached(void)
{
    has_reached = true;
}

bool fuzz_take_reached(void)
{
    bool has = has_reached;

    has_reached = false;
    return has;
}
