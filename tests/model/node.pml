/* A node: node_save.c, node_talk.c, node_follow.c, node_apply.c, node_feed.c
 * and tip_node_session.c. */

#define SLOT_AT(store, seq) (PART(store.slots, seq))
/* What is on the screen, or was until somebody who saw it wrote. */
#define ON_SCREEN(n) (ram[n].applied | ram[n].outbox)

/* The fork is for good today; whoever is stopped waits for a person. */
#define MAY_SAVE(n) (talk[n].state != STOPPED && used[n] < SAVES)

inline open_form(n)
{
    printf("node %d opens a form\n", n);
    form_open[n] = 1;
    form_commit[n] = ram[n].checkpoint;
    form_seq[n] = ram[n].saved;
    form_shown[n] = ON_SCREEN(n)
}

/* tip_plan.c has_changed(): does a cell hold what the form did not show? */
inline look_for_news(n, recs)
{
    is_on = 0;
#if defined(FORM) && !defined(BREAK_FORM)
    x = 0;
    do
    :: x < TOTAL ->
        if
        :: (records_of[x] & recs) &&
           ((ram[n].outbox & BIT(x)) ||
            (ram[n].live[0] & BIT(x))
#if RECORDS == 2
            || (ram[n].live[1] & BIT(x))
#endif
           ) ->
            if
            :: !IS_HUBS(x) && NODE_OF(x) == n && seq_of[x] <= form_seq[n] -> skip
            :: PLACE(x) != 0 && PLACE(x) <= form_commit[n] -> skip
            :: else -> is_on = 1
            fi
        :: else
        fi;
        x++
    :: else -> break
    od
#endif
}

/* node_engine_save() of what touches the records @recs. */
inline save(n, recs, newer, claimed)
{
    look_for_news(n, recs);
    if
    :: !is_on ->
        used[n]++;
        w = OF_NODE(n, used[n]);
        ram[n].saved++;
        ram[n].slots = ram[n].slots | AT(used[n], ram[n].saved);
        printf("node %d saves seq %d (change-set %d), records %d, base %d, too new %d\n",
               n, ram[n].saved, w, recs, claimed, newer);
        base_of[w] = claimed;
        seq_of[w] = ram[n].saved;
        records_of[w] = recs;
        if
        :: newer -> too_new = too_new | BIT(w)
        :: else
        fi;
#ifdef FORM
        shown_to[w] = form_shown[n];
#else
        shown_to[w] = ON_SCREEN(n);
#endif
#ifdef CONTINUE
        second = second | (went_on[n] << w);
#endif
        ram[n].outbox = ram[n].outbox | BIT(w);
        node_dirty[n] = 1
    :: else /* TIP_ECHANGED: shown again, not written. */
    fi;
    form_open[n] = 0;
    form_commit[n] = 0; form_seq[n] = 0; form_shown[n] = 0
}

inline greet(n)
{
    printf("node %d: HELLO, channel up to %d\n", n, ram[n].head);
    talk[n].state = GREETING;
    talk[n].next = ram[n].confirmed + 1;
    talk[n].got_due = 0; /* HELLO says it. */
    talk[n].resend_due = 0;
    up[n]!HELLO, ram[n].head, ram[n].framed, 0
}

/* Cut the frame at talk.next, make it durable, hand it to the link. */
inline send_frame_up(n)
{
    s = talk[n].next;
    if
    :: s > ram[n].framed ->
        ram[n].framed = s;
        ram[n].chain = ram[n].chain |
            AT(2 * SLOT_AT(ram[n], s) + (n == 0 && restored), s);
#ifndef BREAK_SEND_EARLY
        node_flush(n)
#endif
    :: else
    fi;
    printf("node %d: frame %d, chain %x\n", n, s, UP_TO(ram[n].chain, s));
    up[n]!FRAME, s, UP_TO(ram[n].chain, s), 0;
    talk[n].next = s + 1
}

/* Only two who go on from one copy of a device can fork. */
inline stop(n)
{
    printf("node %d stops: fork\n", n);
    talk[n].state = STOPPED;
    talk[n].next = 0;
    talk[n].got_due = 0; talk[n].resend_due = 0;
    no_honest_fork = restored && n == 0;
    assert(no_honest_fork)
}

#ifdef BREAK_FORK
#define IS_ON_CHAIN(n) true
#else
#define IS_ON_CHAIN(n) \
    (number <= ram[n].framed && UP_TO(ram[n].chain, number) == head)
#endif

/* A hub that was restored says so by a higher generation. */
#ifdef HANDBACK
#define HAS_GONE_BACK(n) (number < ram[n].confirmed && flag == ram[n].generation)
#else
#define HAS_GONE_BACK(n) (number < ram[n].confirmed)
#endif

inline take_welcome(n)
{
#ifdef HANDBACK
    count = number / 16;
    number = number % 16;
#endif
    if
    :: talk[n].state != GREETING -> skip /* TIP_EPROTOCOL */
    :: else ->
        if
        :: !IS_ON_CHAIN(n) || number > ram[n].saved || HAS_GONE_BACK(n) ->
            stop(n)
        :: else ->
            talk[n].state = LIVE;
#ifdef HANDBACK
            talk[n].back = (count < ram[n].head -> count + 1 : 0);
            if
            :: number < ram[n].confirmed -> talk[n].next = number + 1
            :: else
            fi;
            node_dirty[n] = node_dirty[n] || flag != ram[n].generation;
            ram[n].generation = flag;
#endif
            ram[n].confirmed = number;
            if
            :: talk[n].next <= number -> talk[n].next = number + 1
            :: else
            fi
        fi
    fi
}

inline take_ack(n)
{
    if
    :: talk[n].state != LIVE || number > ram[n].saved -> skip
    :: else ->
        if
        :: !IS_ON_CHAIN(n) -> stop(n)
        :: else ->
            if
            :: number > ram[n].confirmed -> ram[n].confirmed = number
            :: else
            fi;
            if
            :: talk[n].next <= ram[n].confirmed ||
               (flag && number == ram[n].confirmed) ->
                talk[n].next = ram[n].confirmed + 1
            :: else
            fi
        fi
    fi
}

/* One committed change-set: our own come back, or another's. */
inline apply(n)
{
    no_duplicate_apply = !(ram[n].applied & BIT(w));
    assert(no_duplicate_apply);
    if
    :: !IS_HUBS(w) && NODE_OF(w) == n ->
        /* apply_own(): else TIP_EDIVERGED, and the channel is frozen. A
         * restored node is told whole what its older self has written. */
        no_duplicate_apply = (ram[n].outbox & BIT(w)) || (restored && n == 0);
        assert(no_duplicate_apply);
        ram[n].outbox = ram[n].outbox & ~BIT(w)
    :: else
    fi;
    printf("node %d applies change-set %d, commit %d\n", n, w, PLACE(w));
    MERGE(ram[n], ram[n].applied);
    ram[n].applied = ram[n].applied | BIT(w)
}

/* All own work up to the bound leaves the overlay, parked or not. */
inline drop_decided(n)
{
    skip;
#ifdef BREAK_BOUND
    s = 1;
    do
    :: s <= PART(order.bound[n], number) ->
        ram[n].outbox = ram[n].outbox & ~BIT(OF_NODE(n, SLOT_AT(ram[n], s)));
        s++
    :: else -> break
    od
#endif
}

/* The change-set @w that has commit @c. */
inline look_up_commit()
{
    w = 0;
    do
    :: w < TOTAL && PLACE(w) != c -> w++
    :: else -> break
    od
}

/* An echo tells a node (origin, seq), not what stands there. What was never
 * framed here is TIP_EDIVERGED; else it must be the one the hub means. */
inline check_echoes(n)
{
    is_on = 0;
#ifdef HEAD_IN_CHECKPOINT
    if
    :: UP_TO(ram[n].chain, vault.head[FEED(n)]) != vault.chain[FEED(n)] ->
        is_on = 1
    :: else
    fi;
#endif
    c = ram[n].checkpoint + 1;
    do
    :: c <= PART(order.reach[n], number) ->
        look_up_commit();
        if
        :: w == TOTAL -> skip /* It fell away when the hub was put back. */
        :: w < TOTAL && (IS_HUBS(w) || NODE_OF(w) != n || went_on[n] || is_on) ->
            skip
        :: else ->
            if
            :: seq_of[w] > ram[n].framed -> is_on = 1
            :: else ->
                no_fork_applied =
                    OF_NODE(n, SLOT_AT(ram[n], seq_of[w])) == w;
                assert(no_fork_applied)
            fi
        fi;
        c++
    :: else -> break
    od
}

/* All commits up to the checkpoint of frame @number become visible at once. */
inline apply_checkpoint(n)
{
#ifdef BREAK_REPEAT_DOWN
    c = (number == 1 -> 1 : PART(order.reach[n], number - 1) + 1);
#else
    c = ram[n].checkpoint + 1;
#endif
    do
    :: c <= PART(order.reach[n], number) ->
        look_up_commit();
        if
        :: w < TOTAL -> apply(n)
        :: else
        fi;
        c++
    :: else -> break
    od;
    ram[n].checkpoint = PART(order.reach[n], number);
    ram[n].head = number;
    drop_decided(n)
}

#ifdef BREAK_REPEAT_DOWN
#define IS_NEXT_DOWN(n) (number <= ram[n].head + 1)
#else
#define IS_NEXT_DOWN(n) (number == ram[n].head + 1)
#endif

inline take_frame_down(n)
{
    if
    :: talk[n].state != LIVE -> skip /* Not before WELCOME. */
    :: else ->
        if
        :: IS_NEXT_DOWN(n) ->
            if /* node_engine_settle() */
            :: node_dirty[n] -> node_flush(n)
            :: else
            fi;
            check_echoes(n);
            if
            :: is_on -> stop(n)
#ifdef HANDBACK
            :: !is_on && number == order.whole_frame[n] ->
                apply_whole(n);
                node_dirty[n] = 1;
                talk[n].got_due = 1
            :: !is_on && number != order.whole_frame[n] ->
#else
            :: else ->
#endif
                apply_checkpoint(n);
                node_dirty[n] = 1;
                talk[n].got_due = 1
            fi
        :: number > ram[n].head + 1 ->
            talk[n].got_due = 1;
            talk[n].resend_due = 1
        :: else /* Had it. */
        fi
    fi
}

inline receive_down(n)
{
    down[n]?kind, number, head, flag;
    printf("node %d hears %e %d, chain %x\n", n, kind, number, head);
    if
    :: kind == WELCOME -> take_welcome(n)
    :: kind == ACK -> take_ack(n)
    :: kind == FRAME -> take_frame_down(n)
    :: else
    fi;
    head = 0; number = 0
}

/* Patience is over: an answer is due and nothing is under way. */
#define NEITHER_WAY(n) (empty(up[n]) && empty(down[n]))
#ifdef HANDBACK
#define IS_HANDING_BACK(n) (talk[n].back != 0)
#define IS_OWED_BACK(n) \
    (IS_DUE(n) && !IS_BACK(n) && talk[n].next > ram[n].saved)
#else
#define IS_HANDING_BACK(n) false
#define IS_OWED_BACK(n) false
#endif
#define OWES_NOTHING(n) \
    (!talk_of[n].welcome_due && !talk_of[n].ack_due && !talk[n].got_due && \
     !node_dirty[n] && !hub_dirty)
#ifdef BREAK_PATIENCE
#define IS_STALLED(n) false
#else
#define IS_STALLED(n) \
    (talk[n].state != STOPPED && talk[n].state != DOWN && NEITHER_WAY(n) && \
     OWES_NOTHING(n) && \
     !IS_HANDING_BACK(n) && \
     (talk[n].state == GREETING || IS_OWED_BACK(n) || talk[n].next > ram[n].confirmed + 1 || \
      !talk_of[n].hears || talk_of[n].next > talk_of[n].got + 1))
#endif

#ifdef BREAK_SEND_EARLY
#define MAY_SEND_UP(n) true
#else
#define MAY_SEND_UP(n) (!node_dirty[n]) /* The pump flushes first. */
#endif

#ifdef FORM
#define HAS_FORM(n) (form_open[n])
#else
#define HAS_FORM(n) true
#endif

proctype node(byte n)
{
    do
#ifdef FORM
    :: d_step { MAY_SAVE(n) && !form_open[n] -> open_form(n) }
#endif
    :: d_step { MAY_SAVE(n) && HAS_FORM(n) -> save(n, 1, 0, ram[n].checkpoint) }
#if RECORDS == 2
    :: d_step { MAY_SAVE(n) && HAS_FORM(n) -> save(n, 2, 0, ram[n].checkpoint) }
    :: d_step { MAY_SAVE(n) && HAS_FORM(n) -> save(n, 3, 0, ram[n].checkpoint) }
#endif
#ifdef PARK
    :: d_step { MAY_SAVE(n) && HAS_FORM(n) && n == 0 && !order.knows ->
                save(n, 1, 1, ram[n].checkpoint) }
#endif
#ifdef LIAR
    :: d_step { MAY_SAVE(n) && n == 0 && !restored ->
                save(n, 1, 0, ram[n].checkpoint + 1) }
#endif
    :: d_step { node_dirty[n] -> node_flush(n); check_saved(n) }
    :: d_step { talk[n].state == DOWN && !node_dirty[n] && nfull(up[n]) -> greet(n) }
    :: d_step { (talk[n].state == GREETING || talk[n].state == LIVE) &&
                talk[n].next <= ram[n].saved && nfull(up[n]) &&
                MAY_SEND_UP(n) && !IS_HANDING_BACK(n) ->
                send_frame_up(n) }
    :: d_step { talk[n].state == LIVE && talk[n].got_due && !node_dirty[n] &&
                nfull(up[n]) ->
                up[n]!GOT, ram[n].head, 0, talk[n].resend_due;
                talk[n].got_due = 0; talk[n].resend_due = 0 }
    :: d_step { nempty(down[n]) -> receive_down(n) }
#ifdef HANDBACK
    :: d_step { talk[n].state == LIVE && talk[n].back != 0 && nfull(up[n]) ->
                up[n]!BACK, talk[n].back, 0, 0;
                talk[n].back =
                    (talk[n].back < ram[n].head -> talk[n].back + 1 : 0) }
#endif
    :: d_step { IS_STALLED(n) -> hang_up(n) }
#ifdef CONTINUE
    :: d_step { talk[n].state == STOPPED && !hub_dirty && !node_dirty[n] ->
                go_on(n) }
#endif
    od
}
