/* What goes wrong. After calm nothing does. */

inline lose(line)
{
    printf("lost\n");
    line?kind, number, head, flag;
    number = 0; head = 0
}

/* Again, behind what is under way: with lose() this also is another order. */
inline repeat(line)
{
    printf("repeated\n");
    line?<kind, number, head, flag>;
    line!kind, number, head, flag;
    number = 0; head = 0
}

inline take_copy()
{
    printf("node 0 is copied\n");
    copied = 1;
    shelve(copy, disk[0])
}

inline restore_copy()
{
    printf("node 0 is put back to the copy\n");
    restored = 1;
    shelve(disk[0], copy);
    node_reboot(0)
}

/* Somebody carries the frames of node 0 to the hub on a stick, whenever. */
inline export()
{
    stick = ram[0].framed;
    stick_head = ram[0].chain
}

/* hub_engine_import_frame(): the next frame of it; a session begins anew. */
inline import()
{
    printf("a stick of node 0 reaches the hub\n");
    number = order.head[0] + 1;
    head = UP_TO(stick_head, number);
    if
    :: UP_TO(head, number - 1) == order.chain[0] ->
        order.head[0] = number;
        order.chain[0] = head;
        w = OF_NODE(0, PART(head, number) / 2);
        take_set(0, 0);
#ifndef BREAK_STICK
        talk_of[0].is_live = 0;
        talk_of[0].hears = 0;
        talk_of[0].welcome_due = 0;
        talk_of[0].ack_due = 0;
        talk_of[0].resend_due = 0;
#endif
        hub_dirty = 1
    :: else
    fi;
    number = 0; head = 0
}

#define STRIKES(n) \
    CRASHES(n) LOSSES(n) REPEATS(n)

#ifdef CRASH_NODE
#define CRASHES(n) :: d_step { !calm -> node_reboot(n) }
#else
#define CRASHES(n)
#endif
#ifdef LOSE
#define LOSSES(n) \
    :: d_step { !calm && nempty(up[n]) -> lose(up[n]) } \
    :: d_step { !calm && nempty(down[n]) -> lose(down[n]) } \
    :: d_step { !calm && talk[n].state != DOWN -> hang_up(n) }
#else
#define LOSSES(n)
#endif
#ifdef REPEAT
#define REPEATS(n) \
    :: d_step { !calm && nempty(up[n]) && nfull(up[n]) -> repeat(up[n]) } \
    :: d_step { !calm && nempty(down[n]) && nfull(down[n]) -> repeat(down[n]) }
#else
#define REPEATS(n)
#endif

active proctype weather()
{
    do
    STRIKES(0)
#if NODES == 2
    STRIKES(1)
#endif
#ifdef CRASH_HUB
    :: d_step { !calm -> hub_reboot() }
#endif
#ifdef HANDBACK
    :: d_step { !calm && !hub_copied -> take_hub_copy() }
    :: d_step { !calm && hub_copied && !hub_rewound && HAS_LOST -> put_hub_back() }
#endif
#ifdef RESTORE
    :: d_step { !calm && !copied -> take_copy() }
    :: d_step { !calm && copied && !restored -> restore_copy() }
#endif
#ifdef STICK
    :: d_step { !calm && stick == 0 && ram[0].framed > 0 -> export() }
    :: d_step { !calm && order.head[0] < stick && !went_on[0] -> import() }
#endif
#ifdef CALM
    :: d_step { !calm -> calm = 1 }
#endif
    :: d_step { calm && false -> skip }
    od
}
