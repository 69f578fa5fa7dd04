/*
 * Nodes, a hub, a line that loses and repeats, power cuts, an older copy of a
 * store. README.md says what of the real protocol this is, and how to run it.
 */
#include "size.pml"
#include "state.pml"
#include "merge.pml"
#include "store.pml"
#include "continue.pml"
#include "hub.pml"
#include "node.pml"
#include "weather.pml"

init
{
    atomic {
        i = 0;
        do
        :: i < NODES ->
            disk[i].confirmed = 0;
            talk[i].state = DOWN;
            i++
        :: else -> break
        od;
        i = 0;
        run node(0);
#if NODES == 2
        run node(1)
#endif
    }
}

#include "progress.pml"
