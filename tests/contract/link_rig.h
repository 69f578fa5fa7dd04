/* A hub and two nodes that can be linked, in memory or for real. */
#ifndef LINK_RIG_H
#define LINK_RIG_H

#include "tip_clock.h"
#include "tip_link.h"

/* Longer than anything takes on a loaded machine, shorter than ctest waits. */
enum { HUB = 0, NEMA = 1, KIFFA = 2, WAIT_MS = 20000 };

/** What a test can do to a link beyond its interface. Nodes start outside: the
 * test lets them in. */
struct link_rig {
    struct tip_link *(*port)(uint32_t number);
    void (*allow)(uint32_t number);
    void (*deny)(uint32_t number);
    void (*restart)(uint32_t number);
    /* Wait until the link at @number works again. */
    void (*settle)(uint32_t number);
};

extern struct link_rig link_rig_fake;
extern struct link_rig link_rig_real;

/* cmocka fixtures: *state becomes the rig. */
int link_rig_setup_fake(void **state);
int link_rig_teardown_fake(void **state);
int link_rig_setup_real(void **state);
int link_rig_teardown_real(void **state);

/** Milliseconds of a stopwatch. */
uint64_t link_rig_ms(void);

#endif /* LINK_RIG_H */
