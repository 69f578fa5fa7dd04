/*
 * What the disk has altered of what this machine keeps of its own standing, and
 * that was begun again: nobody has to do anything but look after the disk.
 */
#include <stdio.h>

#include "node_health.h"

bool node_health_remade(const struct node_status *status,
                        char says[NODE_SAYS_SIZE])
{
    static const struct {
        uint32_t what;
        const char *words;
    } rows[] = {{NODE_REMADE_ROLL, "which records Nouakchott sends again"},
                {NODE_REMADE_HELD,
                 "what it holds back (it says so again when it merges next)"},
                {NODE_REMADE_BUDGET, "the bytes used today"},
                {NODE_REMADE_SWEEP, "how far erasures are"}};
    char words[200] = "";
    size_t size = 0;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if ((status->remade & rows[i].what) != 0) {
            size += (size_t)snprintf(words + size, sizeof words - size, "%s%s",
                                     size == 0 ? "" : ", ", rows[i].words);
        }
    }
    (void)snprintf(says, NODE_SAYS_SIZE,
                   "This machine's disk has altered what was noted of: %s. It "
                   "was begun again, with no work lost; a record that is sent "
                   "again can be read, and written once it has come. Next: "
                   "look at the disk; run tipnode verify when tipnode may be "
                   "stopped.",
                   words);
    return size > 0;
}
