#include "desk_offices.h"

struct desk_rig rig;

int desk_offices_setup(void **state)
{
    (void)state;
    desk_rig_init(&rig, desk_rig_catalogue(RIG_NATIONAL), 2);
    return 0;
}

int desk_offices_teardown(void **state)
{
    (void)state;
    desk_rig_deinit(&rig);
    return 0;
}
