/*
 * Desks at the hub and in the offices of Néma and Atar, with the national
 * catalogue: what tests of what people do have.
 */
#ifndef DESK_OFFICES_H
#define DESK_OFFICES_H

#include "desk_rig.h"
#include "tip_test.h"

enum { HUB = RIG_HUB, NEMA = 0, ATAR = 1 };

/** The rig of the test that runs. */
extern struct desk_rig rig;

int desk_offices_setup(void **state);
int desk_offices_teardown(void **state);

#define DESK_TEST(name)                                       \
    cmocka_unit_test_setup_teardown(name, desk_offices_setup, \
                                    desk_offices_teardown)

#endif /* DESK_OFFICES_H */
