/* Flush and crash: what is durable and what is not. */

inline shelve(to, from) /* Both Shelf. */
{
    to.saved = from.saved;
    to.framed = from.framed;
    to.confirmed = from.confirmed;
    to.slots = from.slots;
    to.chain = from.chain;
    to.head = from.head;
    to.checkpoint = from.checkpoint;
    to.applied = from.applied;
    to.outbox = from.outbox;
    to.live[0] = from.live[0];
#if RECORDS == 2
    to.live[1] = from.live[1];
#endif
#ifdef HANDBACK
    to.generation = from.generation;
#endif
}

/* node_engine_flush(). From here on a person was told "saved". */
inline node_flush(n)
{
    printf("node %d: on disk\n", n);
    shelve(disk[n], ram[n]);
    node_dirty[n] = 0;
    used_durable[n] = used[n];
}

/* What never reached the disk was never told to anybody and can come again:
 * the same states, not new ones. */
inline forget_unsaved(n)
{
#ifndef BREAK_SEND_EARLY
    s = used_durable[n] + 1;
    do
    :: s <= used[n] ->
        w = OF_NODE(n, s);
        base_of[w] = 0; seq_of[w] = 0; records_of[w] = 0; shown_to[w] = 0;
        too_new = too_new & ~BIT(w);
        s++
    :: else -> break
    od;
    used[n] = used_durable[n];
#endif
    skip
}

/* The hub has nobody to talk to before the next HELLO. */
inline fall_silent(n)
{
    talk_of[n].hears = 0;
    talk_of[n].welcome_due = 0;
    talk_of[n].ack_due = 0;
    talk_of[n].resend_due = 0;
    talk_of[n].next = 0;
    talk_of[n].got = 0
}

/* node_engine_link_down(): the new socket is empty, and whatever the hub says
 * in the old session is proved with a key that is gone (tip_session_mac.h).
 * Frames are proved by themselves: those under way may still arrive. */
inline hang_up(n)
{
    printf("node %d: the line is gone\n", n);
    if
    :: talk[n].state != STOPPED -> talk[n].state = DOWN
    :: else
    fi;
    talk[n].next = 0;
    talk[n].got_due = 0;
    talk[n].resend_due = 0;
#ifdef HANDBACK
    talk[n].back = 0;
#endif
    fall_silent(n);
    s = len(up[n]);
    do
    :: s > 0 ->
        up[n]?kind, number, head, flag;
        if
        :: kind == FRAME -> up[n]!kind, number, head, flag
        :: else
        fi;
        s--
    :: else -> break
    od;
    number = 0; head = 0;
    do
    :: len(down[n]) > 0 -> down[n]?_, _, _, _
    :: else -> break
    od;
    skip
}

inline node_reboot(n)
{
    printf("node %d starts again\n", n);
    shelve(ram[n], disk[n]);
    node_dirty[n] = 0;
    forget_unsaved(n);
    form_open[n] = 0;
    form_commit[n] = 0; form_seq[n] = 0; form_shown[n] = 0;
    hang_up(n);
    check_saved(n)
}

inline pack(to, from) /* Both Vault. */
{
    to.commit = from.commit;
    to.held = from.held;
    to.condemned = from.condemned;
    to.knows = from.knows;
    to.places = from.places;
    i = 0;
    do
    :: i < ORIGINS ->
        to.head[i] = from.head[i];
        to.chain[i] = from.chain[i];
        to.base[i] = from.base[i];
        i++
    :: else -> break
    od;
    i = 0;
    do
    :: i < NODES ->
        to.given[i] = from.given[i];
        to.cut[i] = from.cut[i];
        to.reach[i] = from.reach[i];
#ifdef BREAK_BOUND
        to.bound[i] = from.bound[i];
#endif
        to.news[i] = from.news[i];
#ifdef HANDBACK
        to.whole[i] = from.whole[i];
        to.whole_frame[i] = from.whole_frame[i];
        to.whole_live[i] = from.whole_live[i];
#endif
        i++
    :: else -> break
    od;
    to.live[0] = from.live[0];
#if RECORDS == 2
    to.live[1] = from.live[1];
#endif
#ifdef HANDBACK
    to.recovering = from.recovering;
    to.due = from.due;
#endif
}

inline hub_flush()
{
    printf("hub: on disk\n");
    pack(vault, order);
    hub_dirty = 0
}

inline hub_reboot()
{
    printf("hub starts again\n");
    pack(order, vault);
    hub_dirty = 0;
    n_of = 0;
    do
    :: n_of < NODES ->
        talk_of[n_of].is_live = 0;
        fall_silent(n_of);
        do
        :: len(up[n_of]) > 0 -> up[n_of]?_, _, _, _
        :: else -> break
        od;
        n_of++
    :: else -> break
    od;
    check_acknowledged()
}

/* A hub that was put back has lost what it had acknowledged: then its author
 * still has it, to hand it back; or it came, and waits to be taken up. */
#ifdef HANDBACK
#define IS_LOST(o, seq) (hub_rewound && (seq) > vault.head[o])
#define WAITS_TO_BE_TAKEN_UP(o) \
    (vault.recovering || (vault.due & BIT((o) % NODES)))
#else
#define IS_LOST(o, seq) false
#define WAITS_TO_BE_TAKEN_UP(o) false
#endif
#define IS_WITH_ITS_AUTHOR(o, seq) \
    ((seq) <= disk[(o) % NODES].framed && \
     UP_TO(disk[(o) % NODES].chain, vault.head[o]) == vault.chain[o])

/* What the hub has acknowledged is in its store, decided or held back. */
inline check_acknowledged()
{
    i = 0;
    do
    :: i < ORIGINS ->
        s = 1;
        do
        :: s <= told[i] && IS_LOST(i, s) ->
            no_acknowledged_loss = IS_WITH_ITS_AUTHOR(i, s);
            assert(no_acknowledged_loss);
            s++
        :: s <= told[i] && !IS_LOST(i, s) ->
            w = OF_NODE(i % NODES, PART(vault.chain[i], s) / 2);
            no_acknowledged_loss = s <= vault.head[i] &&
                (PART(vault.places, w + 1) != 0 || (vault.held & BIT(w)) ||
                 WAITS_TO_BE_TAKEN_UP(i));
            assert(no_acknowledged_loss);
            s++
        :: else -> break
        od;
        i++
    :: else -> break
    od;
    skip
}

/* What a person was told is saved lies over the cells or is merged. */
inline check_saved(n)
{
    s = 1;
    do
    :: s <= disk[n].saved ->
        w = OF_NODE(n, PART(disk[n].slots, s));
        no_saved_loss =
            ((disk[n].outbox | disk[n].applied | recalled) & BIT(w)) != 0;
        assert(no_saved_loss);
        s++
    :: else -> break
    od;
    skip
}
