/* tip_record.c and the rules that are checked at every merge. */

#define NODE_OF(w) ((w) / SAVES)
#define IS_HUBS(w) ((w) >= NODES * SAVES)
#define ORIGIN_OF(w) (NODE_OF(w) + (((second >> (w)) & 1) * NODES))

/*
 * Is @d an earlier one of the feed of @w? A continuing origin counts as its own
 * what it continues, up to the seq at which both say the same.
 */
#ifdef BREAK_CONTINUE_ALL
#define IS_CONTINUED(d) true
#else
#define IS_CONTINUED(d) (seq_of[d] <= closed_at[NODE_OF(d)])
#endif
#define CONTINUES(w, d) \
    ((second & BIT(w)) && !(second & BIT(d)) && IS_CONTINUED(d))
#define IS_SAME_FEED(w, d) \
    (IS_HUBS(w) == IS_HUBS(d) && \
     (IS_HUBS(w) || (NODE_OF(w) == NODE_OF(d) && \
                     ((second >> (w)) & 1) == ((second >> (d)) & 1))))
#define IS_EARLIER_OWN(w, d) \
    ((IS_SAME_FEED(w, d) && seq_of[d] < seq_of[w]) || \
     (!IS_HUBS(w) && !IS_HUBS(d) && NODE_OF(w) == NODE_OF(d) && CONTINUES(w, d)))

/* tip_write_supersedes(): same origin by seq, others by commit and base. */
#define SUPERSEDES(w, d) \
    (IS_SAME_FEED(w, d) -> seq_of[d] < seq_of[w] : \
     (IS_EARLIER_OWN(w, d) || \
      (PLACE(d) != 0 && PLACE(d) <= base_of[w])))

/* What a liar overwrites must at least have been given to it. */
#ifdef LIAR
#define IS_EXCUSED(w, d) (NODE_OF(w) == 0 && PLACE(d) <= order.given[0])
#else
#define IS_EXCUSED(w, d) false
#endif

/*
 * tip_record_apply(): merge @w into the cells of @store. @store is order or
 * ram[n]; @before are the change-sets merged there so far.
 */
#define MERGE_CELL(store, before, r) \
    if \
    :: records_of[w] & BIT(r) -> \
        dead = 0; over = 0; x = 0; \
        do \
        :: x < TOTAL -> \
            if \
            :: (store.live[r] & BIT(x)) -> \
                if \
                :: SUPERSEDES(w, x) -> \
                    dead = dead | BIT(x); \
                    no_overwrite_unseen = \
                        (shown_to[w] & BIT(x)) || IS_EXCUSED(w, x); \
                    assert(no_overwrite_unseen) \
                :: else -> \
                    no_false_conflict = \
                        !(shown_to[w] & BIT(x)) || IS_REWOUND; \
                    assert(no_false_conflict) \
                fi; \
                if \
                :: SUPERSEDES(x, w) -> \
                    over = BIT(x); \
                    no_overwrite_unseen = \
                        (shown_to[x] & BIT(w)) || IS_EXCUSED(x, w); \
                    assert(no_overwrite_unseen) \
                :: else \
                fi \
            :: else \
            fi; \
            if \
            :: ((before) & BIT(x)) && (records_of[x] & BIT(r)) && x != w -> \
                /* Within a record the commits of one origin follow its seq. */ \
                seq_order_within_a_record = \
                    !(IS_SAME_FEED(w, x) && seq_of[x] > seq_of[w]); \
                assert(seq_order_within_a_record) \
            :: else \
            fi; \
            x++ \
        :: else -> break \
        od; \
        store.live[r] = store.live[r] & ~dead; \
        if \
        :: over == 0 -> store.live[r] = store.live[r] | BIT(w) \
        :: else \
        fi \
    :: else \
    fi

#if RECORDS == 2
#define MERGE(store, before) \
    MERGE_CELL(store, before, 0); MERGE_CELL(store, before, 1)
#else
#define MERGE(store, before) MERGE_CELL(store, before, 0)
#endif
