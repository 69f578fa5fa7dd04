/*
 * A hub that was put back to an older copy (hub/README.md, "After a restore"):
 * hub_recovery.c, hub_return.c, hub_handback.c, hub_replay.c; node_handback.c.
 *
 * Each office hands back the frames it was told, then its own. When all are
 * back, or a person waits no longer, what was told takes the place it had and
 * the rest is judged, behind all commits that ever were. Who comes later gets
 * new places for what it was told, and is sent its records whole.
 */
#ifdef HANDBACK

inline take_hub_copy()
{
    printf("the hub is copied\n");
    hub_copied = 1;
    pack(hub_copy, vault)
}

/* Else nobody would notice. */
#define HAS_LOST (vault.commit > hub_copy.commit || vault.cut[0] > hub_copy.cut[0])

/* What was on the line is lost with the machine. */
inline put_hub_back()
{
    printf("the hub is put back to the copy\n");
    hub_rewound = 1;
    lost_places = vault.places;
    lost_commit = vault.commit;
    i = 0;
    do
    :: i < NODES -> lost_reach[i] = vault.reach[i]; i++
    :: else -> break
    od;
    pack(vault, hub_copy);
    vault.recovering = 1;
    n_of = 0;
    do
    :: n_of < NODES ->
        vault.due = vault.due | BIT(n_of);
        do
        :: len(down[n_of]) > 0 -> down[n_of]?_, _, _, _
        :: else -> break
        od;
        n_of++
    :: else -> break
    od;
    hub_reboot()
}

/* hub_handback.c: the next frame of the hub's own. */
inline take_back(n)
{
    if
    :: talk_of[n].is_live && IS_DUE(n) && number == order.cut[n] + 1 ->
        order.cut[n] = number;
        order.reach[n] =
            order.reach[n] | AT(PART(lost_reach[n], number), number);
        order.given[n] = PART(lost_reach[n], number);
        hub_dirty = 1
    :: else
    fi
}

#define TOLD(n) (order.cut[n] == 0 -> 0 : PART(order.reach[n], order.cut[n]))

/* hub_replay.c: what was told up to commit @top takes its place; or, if @late,
 * what has none yet takes a new one. Nothing of it is judged again. */
inline replay(top, late)
{
    c = 1;
    do
    :: c <= top ->
        w = 0;
        do
        :: w < TOTAL && PART(lost_places, w + 1) != c -> w++
        :: else -> break
        od;
        if
        :: w < TOTAL && PLACE(w) == 0 ->
#ifndef BREAK_REPLAY
            if
            :: late -> skip
            :: else -> order.commit = c - 1
            fi;
            order.held = order.held & ~BIT(w);
            decide(w);
            if
            :: !IS_HUBS(w) && order.base[NODE_OF(w)] < base_of[w] ->
                order.base[NODE_OF(w)] = base_of[w]
            :: else
            fi
#endif
        :: else
        fi;
        c++
    :: else -> break
    od
}

/* What nobody was told of is judged as if it came now. */
inline judge_the_rest(n)
{
    s = 1;
    do
    :: s <= order.head[n] ->
        w = OF_NODE(n, PART(order.chain[n], s) / 2);
        if
        :: PLACE(w) == 0 && !(order.held & BIT(w)) ->
#ifndef BREAK_JUDGE_THE_REST
            take_set(n, n);
#endif
            skip
        :: else
        fi;
        s++
    :: else -> break
    od
}

/* All are back, or a person waits no longer. */
inline finish_recovery()
{
    printf("the hub takes up what came back\n");
    number = 0;
    count = 0;
    do
    :: count < NODES ->
        if
        :: IS_BACK(count) ->
            order.due = order.due & ~BIT(count);
            number = (TOLD(count) > number -> TOLD(count) : number)
        :: else
        fi;
        count++
    :: else -> break
    od;
    replay(number, false);
    number = 0;
#ifndef BREAK_GENERATION
    order.commit = lost_commit;
#endif
    count = 0;
    do
    :: count < NODES ->
        if
        :: !IS_DUE(count) -> judge_the_rest(count)
        :: else
        fi;
        order.news[count] = 1;
        count++
    :: else -> break
    od;
    order.recovering = 0;
    hub_dirty = 1
}

/* One that came later. */
inline take_up(n)
{
    printf("the hub takes up what node %d brought late\n", n);
    order.due = order.due & ~BIT(n);
    number = TOLD(n);
    replay(number, true);
    number = 0;
    judge_the_rest(n);
    order.whole[n] = 1;
    tell_everybody();
    hub_dirty = 1
}

/* The whole of its records, as of frame @number. */
inline apply_whole(n)
{
    printf("node %d is sent its records whole\n", n);
    ram[n].live[0] = order.whole_live[n];
    ram[n].applied = 0;
    x = 0;
    do
    :: x < TOTAL ->
        if
        :: PLACE(x) != 0 && PLACE(x) <= PART(order.reach[n], number) ->
            ram[n].applied = ram[n].applied | BIT(x)
        :: else
        fi;
        x++
    :: else -> break
    od;
    ram[n].outbox = ram[n].outbox & ~ram[n].applied;
    ram[n].checkpoint = PART(order.reach[n], number);
    ram[n].head = number
}

#define RECOVERS \
    :: d_step { order.recovering && !hub_dirty && IS_BACK(0) && \
                (NODES == 1 || IS_BACK(NODES - 1)) -> finish_recovery() } \
    :: d_step { !calm && order.recovering && !hub_dirty -> finish_recovery() }
#define TAKES_UP(n) \
    :: d_step { !order.recovering && IS_DUE(n) && IS_BACK(n) && !hub_dirty -> \
                take_up(n) }

#endif
