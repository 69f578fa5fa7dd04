/* The hub: hub_feed.c, hub_judge.c, hub_hold.c, hub_commit.c, hub_channel.c,
 * hub_talk.c, tip_admit.c and tip_hub_session.c. */

/* The origin that node @n uses now. */
#define FEED(n) ((n) + went_on[n] * NODES)

inline tell_everybody()
{
    n_of = 0;
    do
    :: n_of < NODES -> order.news[n_of] = 1; n_of++
    :: else -> break
    od
}

/* hub_commit_set() */
inline decide(w_)
{
    no_duplicate_apply = PLACE(w_) == 0;
    assert(no_duplicate_apply);
    MERGE(order, ((PLACE(x) != 0) << x));
    order.commit++;
    printf("hub commits change-set %d as %d\n", w_, order.commit);
    order.places = order.places | AT(order.commit, w_ + 1)
}

/* hub_judge(): does anything speak against @w but its base? */
#define BEHIND 1
#define LATE 2
#define TOO_NEW 3
#if defined(BREAK_BEHIND)
#define WAITS(x) false
#elif defined(BREAK_DIRECT)
#define WAITS(x) ((order.held & BIT(x)) && (too_new & BIT(x)))
#else
#define WAITS(x) (order.held & BIT(x))
#endif
inline judge()
{
    kind_of_hold = 0;
    if
    :: (too_new & BIT(w)) && !order.knows -> kind_of_hold = TOO_NEW
    :: else
    fi;
    x = 0;
    do
    :: x < TOTAL ->
#ifndef BREAK_OVERTAKE
        if
        :: (order.live[0] & BIT(x) ||
#if RECORDS == 2
            order.live[1] & BIT(x) ||
#endif
            false) && (records_of[x] & records_of[w]) && IS_SAME_FEED(w, x) &&
           seq_of[x] >= seq_of[w] ->
            kind_of_hold = LATE
        :: else
        fi;
        if
        :: WAITS(x) && x != w &&
           (records_of[x] & records_of[w]) && IS_EARLIER_OWN(w, x) ->
            kind_of_hold = BEHIND
        :: else
        fi;
#endif
        x++
    :: else -> break
    od
}

#ifdef BREAK_BASE
#define IS_BASE_GOOD(n, o) true
#else
/* tip_admit_base() */
#define IS_BASE_GOOD(n, o) \
    (base_of[w] >= order.base[o] && base_of[w] <= order.given[n])
#endif

/* Time does not mend it. Nobody honest gets there. */
inline condemn()
{
    order.condemned = order.condemned | BIT(w);
#ifndef LIAR
    no_honest_quarantine = false;
    assert(no_honest_quarantine)
#endif
}

/* take_set() */
inline take_set(n, o)
{
    no_duplicate_apply = PLACE(w) == 0 && !(order.held & BIT(w));
    assert(no_duplicate_apply);
    is_on = IS_BASE_GOOD(n, o);
    judge();
    if
    :: is_on -> order.base[o] = base_of[w]
    :: else -> condemn()
    fi;
    if
    :: kind_of_hold == LATE -> condemn()
    :: else
    fi;
    if
    :: is_on && kind_of_hold == 0 -> decide(w)
    :: else ->
        printf("hub holds back change-set %d\n", w);
        order.held = order.held | BIT(w);
        order.news[n] = 1
    fi
}

#include "handback.pml"

#ifdef BREAK_REPEAT_UP
#define IS_NEXT_UP(o) (number <= order.head[o] + 1)
#else
#define IS_NEXT_UP(o) (number == order.head[o] + 1)
#endif

/* hub_feed_frame(): place, then chain, then what is in it. */
inline take_frame_up(n, o)
{
    if
    :: !talk_of[n].is_live -> skip
    :: else ->
        if
        :: IS_NEXT_UP(o) && UP_TO(head, number - 1) ==
           UP_TO(order.chain[o], number - 1) ->
            order.head[o] = number;
            order.chain[o] = head;
            w = OF_NODE(n, PART(head, number) / 2);
            if
            :: IS_RECOVERING || IS_DUE(n) -> skip /* Kept until then. */
            :: else -> take_set(n, o)
            fi;
            hub_dirty = 1;
            talk_of[n].ack_due = talk_of[n].hears
        :: !IS_NEXT_UP(o) && number <= order.head[o] &&
           UP_TO(order.chain[o], number) == head ->
            talk_of[n].ack_due = talk_of[n].hears /* Had it. */
        :: number > order.head[o] + 1 ->
            talk_of[n].ack_due = talk_of[n].hears;
            talk_of[n].resend_due = talk_of[n].hears
        :: else -> /* TIP_EFORK, or a signature that does not fit. */
            no_honest_fork = restored && n == 0;
            assert(no_honest_fork)
        fi
    fi
}

inline take_hello(n)
{
    /* is_possible() */
    no_honest_fork = number <= order.cut[n] || IS_DUE(n);
    assert(no_honest_fork);
    talk_of[n].is_live = 1;
    talk_of[n].hears = 1;
    talk_of[n].welcome_due = 1;
    talk_of[n].ack_due = 0;
    talk_of[n].resend_due = 0;
    talk_of[n].next = number + 1;
    talk_of[n].got = number
#ifdef HANDBACK
    ; talk_of[n].has = number; talk_of[n].has_framed = head
#endif
}

inline take_got(n)
{
    if
    :: !talk_of[n].hears || number > order.cut[n] -> skip
    :: else ->
        if
        :: number > talk_of[n].got -> talk_of[n].got = number
        :: else
        fi;
        if
        :: talk_of[n].next <= talk_of[n].got ||
           (flag && number == talk_of[n].got) ->
            talk_of[n].next = talk_of[n].got + 1
        :: else
        fi
    fi
}

inline receive_up(n)
{
    up[n]?kind, number, head, flag;
    printf("hub hears %e %d from node %d, chain %x\n", kind, number, n, head);
    if
    :: kind == HELLO -> take_hello(n)
    :: kind == FRAME -> take_frame_up(n, FEED(n))
    :: kind == GOT -> take_got(n)
#ifdef HANDBACK
    :: kind == BACK -> take_back(n)
#endif
    :: else
    fi;
    head = 0; number = 0
}

inline say(n, what)
{
    number = order.head[FEED(n)];
    if
    :: number > told[FEED(n)] -> told[FEED(n)] = number
    :: else
    fi;
#ifdef HANDBACK
    if
    :: what == WELCOME ->
        down[n]!WELCOME, number + 16 * order.cut[n],
            UP_TO(order.chain[FEED(n)], number), hub_rewound
    :: else ->
        down[n]!what, number, UP_TO(order.chain[FEED(n)], number),
            talk_of[n].resend_due
    fi;
#else
    down[n]!what, number, UP_TO(order.chain[FEED(n)], number),
        talk_of[n].resend_due;
#endif
    number = 0
}

/* hub_channel_offer(), hub_channel_cut(): what a checkpoint claims is durable
 * before the frame leaves. */
#define HAS_MORE(n) \
    (order.news[n] || \
     (order.cut[n] == 0 -> order.commit > 0 : \
      PART(order.reach[n], order.cut[n]) < order.commit))
#define OFFER(n) \
    (order.cut[n] + (HAS_MORE(n) && !IS_RECOVERING && !IS_DUE(n)))

inline send_frame_down(n)
{
    if
    :: talk_of[n].next > order.cut[n] ->
        room_for_frames = order.cut[n] < FRAMES;
        assert(room_for_frames);
        order.cut[n]++;
        order.reach[n] = order.reach[n] | AT(order.commit, order.cut[n]);
#ifdef BREAK_BOUND
        order.bound[n] =
            order.bound[n] | AT(order.head[FEED(n)], order.cut[n]);
#endif
        order.news[n] = 0;
        order.given[n] = order.commit;
#ifdef HANDBACK
        if
        :: order.whole[n] ->
            order.whole[n] = 0;
            order.whole_frame[n] = order.cut[n];
            order.whole_live[n] = order.live[0]
        :: else
        fi;
#endif
        hub_flush()
    :: else
    fi;
    down[n]!FRAME, talk_of[n].next, 0, 0;
    talk_of[n].next++
}

/* hub_engine_release(), after an upgrade: all are taken out, and each that
 * stays is noted again before the next is judged. */
inline release()
{
    printf("hub knows the newer catalogue\n");
    order.knows = 1;
    was_held = order.held;
    order.held = 0;
    count = 0; /* Origins and their feeds, by seq. */
    do
    :: count < ORIGINS ->
        s = (count < NODES -> 1 : order.head[count - NODES] + 1);
        do
        :: s <= order.head[count] ->
            w = OF_NODE(count % NODES, PART(order.chain[count], s) / 2);
            kind_of_hold = 0;
            if
            :: !(was_held & BIT(w)) -> skip
            :: order.condemned & BIT(w) -> order.held = order.held | BIT(w)
            :: else ->
                judge();
                if
                :: kind_of_hold == 0 -> decide(w)
                :: else -> order.held = order.held | BIT(w)
                fi;
                if
                :: kind_of_hold == LATE -> condemn()
                :: else
                fi
            fi;
            s++
        :: else -> break
        od;
        order.news[count % NODES] = 1;
        count++
    :: else -> break
    od;
    hub_dirty = 1
}

/* hub_engine_save(): the secretariat has seen everything. */
#ifdef HANDBACK
#define HUB_SAVED (PLACE(OF_HUB(0)) != 0 || PART(lost_places, OF_HUB(0) + 1) != 0)
#else
#define HUB_SAVED (PLACE(OF_HUB(0)) != 0)
#endif
inline hub_save()
{
    w = OF_HUB(0);
    base_of[w] = order.commit;
    seq_of[w] = 1;
    records_of[w] = 1;
    shown_to[w] = 0;
    x = 0;
    do
    :: x < TOTAL ->
        shown_to[w] = shown_to[w] | ((PLACE(x) != 0) << x);
        x++
    :: else -> break
    od;
    decide(w);
    hub_dirty = 1
}

#ifdef BREAK_ACK_EARLY
#define MAY_ACK true
#else
#define MAY_ACK (!hub_dirty)
#endif

#define HUB_SERVES(n) \
    :: d_step { nempty(up[n]) -> receive_up(n) } \
    :: d_step { talk_of[n].welcome_due && MAY_ACK && \
                nfull(down[n]) -> \
                say(n, WELCOME); talk_of[n].welcome_due = 0 } \
    :: d_step { talk_of[n].hears && !talk_of[n].welcome_due && \
                talk_of[n].ack_due && MAY_ACK && nfull(down[n]) -> \
                say(n, ACK); \
                talk_of[n].ack_due = 0; talk_of[n].resend_due = 0 } \
    :: d_step { talk_of[n].hears && !talk_of[n].welcome_due && \
                talk_of[n].next <= OFFER(n) && !hub_dirty && \
                nfull(down[n]) -> \
                send_frame_down(n) }

active proctype hub()
{
    do
    HUB_SERVES(0)
#if NODES == 2
    HUB_SERVES(1)
#endif
    :: d_step { hub_dirty -> hub_flush() }
#ifdef HANDBACK
    RECOVERS
    TAKES_UP(0)
#if NODES == 2
    TAKES_UP(1)
#endif
#endif
#if HUB_SAVES == 1
    :: d_step { !HUB_SAVED && !IS_RECOVERING -> hub_save() }
#endif
#ifdef PARK
    :: d_step { !order.knows && !IS_RECOVERING -> release() }
#endif
    od
}
