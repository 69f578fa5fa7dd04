/*
 * A node that was put back to an older copy goes on under a new origin (DESIGN
 * 5, "Node restored from a backup").
 *
 * Its control entry says "continues O to seq s", s being the last seq at which
 * both chains agree. What the node had written after s it writes again under
 * the new origin, in order, with its base, each naming what it replaces.
 */
#ifdef CONTINUE

/* Has the hub taken what stands at @seq of the old chain of @n? The rule says
 * "(origin, seq)"; taken by the number alone, other content is mistaken for it. */
inline look_whether_taken(n, seq)
{
    is_on = 0;
#ifdef BREAK_REPLACE_NUMBER
    is_on = seq <= order.head[n];
#else
    x = 1;
    do
    :: x <= order.head[n] ->
        if
        :: PART(order.chain[n], x) / 2 == PART(ram[n].slots, seq) -> is_on = 1
        :: else
        fi;
        x++
    :: else -> break
    od
#endif
}

inline write_again(n)
{
    s = closed_at[n] + 1;
    number = 0;
    head = 0;
    do
    :: s <= ram[n].saved ->
        w = OF_NODE(n, PART(ram[n].slots, s));
        look_whether_taken(n, s);
        if
        :: is_on -> /* The hub takes one of the two; it comes with the stream. */
            renamed = renamed | BIT(w)
        :: else ->
            number++;
            head = head | AT(PART(ram[n].slots, s), number);
            second = second | BIT(w);
            seq_of[w] = number
        fi;
        s++
    :: else -> break
    od;
    ram[n].saved = number;
    ram[n].slots = head;
    number = 0;
    head = 0
}

inline go_on(n)
{
    s = 0;
    do
    :: s < ram[n].framed && s < order.head[n] &&
       UP_TO(ram[n].chain, s + 1) == UP_TO(order.chain[n], s + 1) -> s++
    :: else -> break
    od;
    printf("node %d goes on under a new origin from seq %d\n", n, s);
    closed_at[n] = s;
    went_on[n] = 1;
    write_again(n);
    ram[n].framed = 0;
    ram[n].chain = 0;
    ram[n].confirmed = 0;
    node_flush(n);
    talk_of[n].is_live = 0; /* A new device. */
    talk[n].state = DOWN;
    hang_up(n)
}

#endif
