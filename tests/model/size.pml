/*
 * How large a run is and which rules hold in it. check.py sets these with -D;
 * README.md says what the registered runs choose.
 */
#ifndef NODES
#define NODES 1 /* Offices, each with one device. */
#endif
#ifndef SAVES
#define SAVES 2 /* Change-sets that one node ever saves; at most 4. */
#endif
#ifndef HUB_SAVES
#define HUB_SAVES 1 /* Change-sets of the secretariat. */
#endif
#ifndef RECORDS
#define RECORDS 1 /* 1 or 2, each with one cell, held by everybody. */
#endif
#ifndef ROOM
#define ROOM 1 /* Messages under way in one direction. */
#endif
#ifndef FRAMES
#define FRAMES 7 /* Frames the hub cuts for one office, at most. */
#endif

/*
 * Faults and features of a run, all off unless defined:
 *
 * CRASH_NODE, CRASH_HUB  a power cut; what was not flushed is lost
 * LOSE     a message is lost, or the line
 * REPEAT   a message comes again later (with ROOM 2)
 * FORM     a form stays open while others write
 * PARK     node 0 writes what the hub's catalogue does not know yet
 * RESTORE  node 0 is put back once to an older copy of its store
 * STICK    the frames of node 0 may reach the hub on a stick, much later
 * LIAR     node 0 claims bases it was never given
 * HANDBACK the hub is put back once to an older copy of its store
 * CALM     at some moment all faults end, for good: progress is checked
 *
 * CONTINUE a node that was put back goes on under a new origin (continue.pml)
 *
 * A rule that is not built:
 *
 * HEAD_IN_CHECKPOINT  a checkpoint names the head it speaks of
 *
 * BREAK_...: rules taken out on purpose, to see that the model notices; the
 * list is in CMakeLists.txt.
 */

/* Origins: the first of each node, then the ones that continue them. */
#ifdef CONTINUE
#define ORIGINS (2 * NODES)
#else
#define ORIGINS NODES
#endif

/* A change-set is a bit: those of node 0, of node 1, of the secretariat. */
#define TOTAL (NODES * SAVES + HUB_SAVES)
#define OF_NODE(n, slot) ((n) * SAVES + (slot) - 1)
#define OF_HUB(i) (NODES * SAVES + (i))
#define BIT(w) (1 << (w))
#define ALL_OF_NODE(n) (((1 << SAVES) - 1) << ((n) * SAVES))
