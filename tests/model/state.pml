/* What there is: messages, stores, sessions, and what only the observer knows. */

mtype = { HELLO, WELCOME, FRAME, ACK, GOT, BACK };
mtype = { DOWN, GREETING, LIVE, STOPPED };

/*
 * A chain is four bits for each seq: twice the change-set's slot, plus one if
 * the frame was cut after a restore (its salt differs then, and so its hash).
 * The head at n is the chain up to n; two heads are equal when these are.
 */
#define PART(chain, seq) (((chain) >> (4 * ((seq) - 1))) & 15)
#define UP_TO(chain, seq) ((chain) & ((1 << (4 * (seq))) - 1))
#define AT(part, seq) ((part) << (4 * ((seq) - 1)))
#define PLACE(w) PART(order.places, (w) + 1)

/*
 * Up:   HELLO number = newest frame of the channel that is durable here,
 *             head = newest seq that is framed
 *       BACK  number = index of a frame of the hub that is handed back
 *       FRAME number = seq, head = the chain up to it
 *       GOT   number as HELLO, flag = resend
 * Down: WELCOME, ACK number = durable seq, head = the chain up to it; of
 *             WELCOME, 16 times the newest frame of the channel that the hub
 *             has, and flag = the generation
 *       FRAME number = index in the channel
 */
chan up[NODES] = [ROOM] of { mtype, byte, int, bit };
chan down[NODES] = [ROOM] of { mtype, byte, int, bit };

/* The store of a node: node_engine_internal.h. */
typedef Shelf {
    byte saved, framed, confirmed; /* Of node_feed_row. */
    int slots;                     /* Four bits for each seq: what it holds. */
    int chain;
    byte head;       /* Of the channel: newest frame that is here. */
    byte checkpoint; /* …and the commit up to which it is applied. */
    short applied;   /* Change-sets merged into committed cells. */
    short outbox;    /* Own change-sets that are not; they lie over the cells. */
    short live[RECORDS];
#ifdef HANDBACK
    bit generation; /* Of the hub, as last heard. */
#endif
};

/* The session of a node: tip_node_session.h. */
typedef NodeSession {
    mtype state;
    byte next;
    bit got_due, resend_due;
#ifdef HANDBACK
    byte back; /* The next frame to hand back; 0: none. */
#endif
};

/* The store of the hub: hub_engine_internal.h. */
typedef Vault {
    byte commit;         /* Newest of the national order. */
    int places;          /* Commit of each change-set, 0: none; see PLACE. */
    byte head[ORIGINS];  /* Seq up to which its feed is here. */
    int chain[ORIGINS];
    byte base[ORIGINS];  /* tip_admission: highest base it has used… */
    byte given[NODES];   /* …and newest checkpoint given to it. */
    short held;          /* Held back, */
    short condemned;     /* …and nothing but a person will release it. */
    bit knows;           /* The catalogue of what was too new. */
    byte cut[NODES];     /* Frames of each channel, */
    int reach[NODES];    /* …the checkpoint of each, four bits for each, */
#ifdef BREAK_BOUND
    int bound[NODES];    /* …and the seq decided up to there. */
#endif
    bit news[NODES];
    short live[RECORDS];
#ifdef HANDBACK
    bit recovering;         /* Nothing is committed until it is finished. */
    byte due;               /* Offices that are not back, a bit for each. */
    bit whole[NODES];       /* To be sent its records whole… */
    byte whole_frame[NODES]; /* …which is in this frame, */
    short whole_live[NODES]; /* …as they were then. */
#endif
};

/* The hub's session with a node: tip_hub_session.h. */
typedef HubSession {
    bit is_live; /* A HELLO came: frames are taken. */
    bit hears;   /* …and the node has not hung up since. */
    bit welcome_due, ack_due, resend_due;
    byte next, got;
#ifdef HANDBACK
    byte has, has_framed; /* What it said in its HELLO. */
#endif
};

Shelf disk[NODES], ram[NODES];
bit node_dirty[NODES];
NodeSession talk[NODES];

Vault vault, order; /* On disk; in memory. */
bit hub_dirty;
HubSession talk_of[NODES];

/* A form that is open: 0, or 1 and what tip_seen holds. */
bit form_open[NODES];
byte form_commit[NODES], form_seq[NODES];
short form_shown[NODES];

/* Each change-set as its author made it. */
byte base_of[TOTAL], seq_of[TOTAL], records_of[TOTAL];
short too_new; /* These know more than the hub. */
short second;  /* These belong to the origin that continues the first. */
short recalled; /* These came back to their author and wait for the stream. */

/* A device's origin goes on in a second one after seq closed_at. */
bit went_on[NODES];
byte closed_at[NODES];

Shelf copy; /* The backup of node 0. */
bit copied, restored;

byte stick; /* Frames of node 0 that somebody carries, and their chain. */
int stick_head;

#ifdef HANDBACK
Vault hub_copy; /* The backup of the hub… */
bit hub_copied, hub_rewound;
int lost_places, lost_reach[NODES]; /* …and what its frames had said. */
byte lost_commit;
#define IS_REWOUND hub_rewound
#define IS_RECOVERING order.recovering
#define IS_DUE(n) (order.due & BIT(n))
/* hub_return.c is_here(): all it said in its HELLO that it has. */
#define IS_BACK(n) \
    (talk_of[n].is_live && order.cut[n] >= talk_of[n].has && \
     order.head[n] >= talk_of[n].has_framed)
#else
#define IS_DUE(n) false
#define IS_REWOUND false
#define IS_RECOVERING false
#endif

/* What only the observer knows. */
short shown_to[TOTAL];    /* What the author of each had before the eyes. */
byte used[NODES];         /* Slots that were ever used… */
byte used_durable[NODES]; /* …by something that reached the disk. */
byte told[ORIGINS];       /* Highest seq the hub has acknowledged. */
bit calm;

/* The rules, by the name under which spin reports them. */
hidden byte no_acknowledged_loss, no_saved_loss, no_duplicate_apply,
    no_overwrite_unseen, no_false_conflict, seq_order_within_a_record,
    no_honest_fork, no_fork_applied, no_honest_quarantine, room_for_frames;

/* Scratch; never a part of the state. */
hidden byte i, w, x, c, s, n_of, kind_of_hold, count;
hidden short dead, over, was_held;
hidden mtype kind;
hidden byte number;
hidden int head;
hidden byte flag, is_on;
