/*
 * What is wrong at this office: one table of rules, in the order in which an
 * officer has to know.
 *
 * First what keeps people from saving, then what waits for a decision of
 * theirs, then why their work does not move, last what an administrator has to
 * see to. Each rule is a sentence that ends in the next step; `status` exits
 * with 3 while one applies that is not a note. To add one: a function and a
 * row in node_health.c, a case in tests/unit/test_node_view.c.
 */
#ifndef NODE_HEALTH_H
#define NODE_HEALTH_H

#include <stdbool.h>
#include <stddef.h>

#include "node_view.h"

enum { NODE_SAYS_SIZE = 600 };

struct node_ail {
    bool is_a_note; /* Shown, but nothing is degraded by it. */
    char says[NODE_SAYS_SIZE];
};

/** Does the session rest, because the bytes of the day are used? Has it
 * stopped? Then the sentence is written. */
bool node_health_rests(const struct node_status *status,
                       char says[NODE_SAYS_SIZE]);
bool node_health_stopped(const struct node_status *status,
                         char says[NODE_SAYS_SIZE]);

/** Are own saves gone for good? Then the sentence is written. */
bool node_health_destroyed(const struct node_destroyed *destroyed,
                           char says[NODE_SAYS_SIZE]);

/** Was something altered, and begun again? Then the sentence is written. */
bool node_health_remade(const struct node_status *status,
                        char says[NODE_SAYS_SIZE]);

/** The next one of @view that applies, behind *@position, which starts at 0.
 * False: there is no more. */
bool node_health_next(const struct node_view *view, size_t *position,
                      struct node_ail *out_ail);

#endif /* NODE_HEALTH_H */
