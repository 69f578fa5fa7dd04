/*
 * Progress: once crashes and losses have ended, everything that was saved
 * reaches the hub's order and every node, and nothing is left over.
 * Not of a node that has found a fork: it waits for a person.
 */
#ifdef CALM
#define IS_SETTLED(n) \
    (talk[n].state == STOPPED || \
     (talk[n].state == LIVE && !node_dirty[n] && ram[n].confirmed == disk[n].saved && \
      disk[n].checkpoint == vault.commit && \
      (disk[n].outbox & ~vault.condemned) == 0))

#if NODES == 2
ltl everything_arrives { [] (calm -> <> (!hub_dirty && IS_SETTLED(0) && IS_SETTLED(1))) }
#else
ltl everything_arrives { [] (calm -> <> (!hub_dirty && IS_SETTLED(0))) }
#endif
#endif
