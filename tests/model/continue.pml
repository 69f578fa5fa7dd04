/*
 * A node that was put back to an older copy goes on under a new origin: DESIGN
 * 5, node_continue.c, node_rewrite.c, hub_continue.c.
 *
 * It gets back what the hub has of its feed and compares change-set by
 * change-set. Up to closed_at both say the same: that is its own past, framed
 * or not. What only the hub has comes with the stream; what only this disk has
 * is written again, with its base, behind where the hub closes the old feed.
 */
#ifdef CONTINUE

/* Do both hold the same at @seq? */
#if defined(BREAK_COMPARE_CHAINS)
#define IS_SAME_AT(n, seq) \
    ((seq) <= ram[n].framed && \
     UP_TO(ram[n].chain, seq) == UP_TO(order.chain[n], seq))
#elif defined(BREAK_COMPARE_NUMBERS)
#define IS_SAME_AT(n, seq) true
#else
#define IS_SAME_AT(n, seq) \
    (PART(ram[n].slots, seq) == PART(order.chain[n], seq) / 2)
#endif

/* What the hub has, as it stood there. */
inline recall(n)
{
    head = 0;
    number = 0;
    do
    :: number < order.head[n] ->
        number++;
        w = OF_NODE(n, PART(order.chain[n], number) / 2);
        head = head | AT(PART(order.chain[n], number) / 2, number);
        if
        :: number > closed_at[n] && !(ram[n].applied & BIT(w)) ->
            recalled = recalled | BIT(w)
        :: else
        fi
    :: else -> break
    od
}

/* What only this disk has: all that it had saved behind closed_at. */
inline write_again(n)
{
    s = closed_at[n] + 1;
    do
    :: s <= ram[n].saved ->
        w = OF_NODE(n, PART(ram[n].slots, s));
        number++;
        head = head | AT(PART(ram[n].slots, s), number);
        second = second | BIT(w);
        seq_of[w] = number;
        s++
    :: else -> break
    od;
    ram[n].saved = number;
    ram[n].slots = head;
    number = 0;
    head = 0
}

/* The feed that goes on begins where the hub has closed the old one. */
inline open_next(n)
{
    ram[n].framed = order.head[n];
    ram[n].chain = order.chain[n];
    ram[n].confirmed = order.head[n];
    order.head[n + NODES] = order.head[n];
    order.chain[n + NODES] = order.chain[n];
    order.base[n + NODES] = (closed_at[n] == 0 -> 0 :
        base_of[OF_NODE(n, PART(ram[n].slots, closed_at[n]))]);
    told[n + NODES] = told[n];
    went_on[n] = 1;
    hub_flush();
    node_flush(n)
}

inline go_on(n)
{
    s = 0;
    do
    :: s < ram[n].saved && s < order.head[n] && IS_SAME_AT(n, s + 1) -> s++
    :: else -> break
    od;
    printf("node %d goes on under a new origin from seq %d\n", n, s);
    closed_at[n] = s;
    recall(n);
    write_again(n);
    open_next(n);
    talk_of[n].is_live = 0; /* A new device. */
    talk[n].state = DOWN;
    hang_up(n)
}

#endif
