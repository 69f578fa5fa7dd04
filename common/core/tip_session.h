/*
 * What two devices say to each other around the frames.
 *
 * The node connects and says HELLO; the hub answers WELCOME; frames go both
 * ways, at once after HELLO within a first credit; each side acknowledges what
 * is durable with it, never before. An acknowledgement grants credit: how many
 * bytes of frames the peer may have sent in this session. A gap is answered
 * with an acknowledgement that says resend. Plain data that borrows.
 */
#ifndef TIP_SESSION_H
#define TIP_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tip_frame.h"

enum {
    TIP_NONCE_SIZE = 16,
    TIP_TOKEN_SIZE = 16,
    TIP_PARTS = 8 * TIP_ROLL_BYTES,
    TIP_PART_SUM_SIZE = 3, /* All of them in less than 1 KB. */
    TIP_CHANNELS_MAX = 4,  /* Of one office: its own, REF, CTL. */
    /* Before WELCOME: two seconds' worth of the slowest link is one frame of
     * 8 KiB; a fast one should not wait a round trip for its first frames. */
    TIP_FIRST_CREDIT_BYTES = 128 * 1024,
    /* Nothing came back although something is due: the connection is dead. A
     * 2G link carries a frame of two seconds long before that. */
    TIP_SESSION_STALL_MS = 60 * 1000,
    /* Each time in a row we wait twice as long, up to half an hour: a frame
     * that was cut for a better line must get through one day. */
    TIP_SESSION_STALLS_MAX = 5,
    /* All that was under way behind one gap reports it; one of these in that
     * time is heard. */
    TIP_SESSION_RESEND_MS = 10 * 1000
};

/* Numbers are on the wire: append only. */
enum tip_message_kind {
    TIP_MESSAGE_HELLO = 1,   /* Node to hub. */
    TIP_MESSAGE_WELCOME = 2, /* Hub to node. */
    TIP_MESSAGE_FRAME = 3,   /* Either way. */
    TIP_MESSAGE_ACK = 4,     /* Hub to node: of its feed. */
    TIP_MESSAGE_GOT = 5,     /* Node to hub: of a channel. */
    TIP_MESSAGE_BYE = 6,     /* Either way: the session ends, and why. */
    TIP_MESSAGE_PARTS = 7,   /* Node to hub: where what it holds differs. */
    /* Of a node that was restored from a backup: */
    TIP_MESSAGE_RECALL = 8,     /* Node to hub: send me a frame of mine. */
    TIP_MESSAGE_CONTINUE = 9,   /* Node to hub: I go on from there. */
    TIP_MESSAGE_CONTINUED = 10, /* Hub to node: under this origin. */
    TIP_MESSAGE_HEALTH = 11,    /* Node to hub: how it is now. */
    TIP_MESSAGE_LOST = 12       /* Node to hub: its disk lost a frame. */
};

/* Does an office hold what the hub believes it holds? Numbers are on the wire
 * and on disk: append only. */
enum tip_agreement {
    TIP_AGREEMENT_UNKNOWN = 0, /* Not compared yet. */
    TIP_AGREEMENT_EQUAL = 1,
    TIP_AGREEMENT_DIFFERS = 2
};

/** Of an office's own channel and of REF: what is told of both. */
static inline enum tip_agreement tip_agreement_of(enum tip_agreement own,
                                                  enum tip_agreement ref)
{
    return ref == TIP_AGREEMENT_DIFFERS ? ref : own;
}

/** How far the node has one channel. */
struct tip_channel_position {
    uint32_t channel;
    uint32_t generation;
    struct tip_head head; /* Newest frame that is durable with the node. */
    uint64_t checkpoint;  /* Newest it has applied. */
    enum tip_agreement agreement; /* At the newest that could be compared. */
};

/* What can be wrong at a node itself. Each is a bit on the wire and on disk:
 * append only. */
enum tip_trouble {
    TIP_TROUBLE_FULL = 0,    /* There is no room for what is saved or sent. */
    TIP_TROUBLE_DISK = 1,    /* It did not keep what was written. */
    TIP_TROUBLE_ROTTEN = 2,  /* …or altered what lies in the store. */
    TIP_TROUBLE_LOST = 3,    /* Records were gone, or could not be read. */
    TIP_TROUBLE_STOPPED = 4, /* It cannot go on with what the hub sent. */
    TIP_TROUBLE_ERASURE = 5, /* One cannot be finished. */
    TIP_TROUBLE_COUNT
};

/** The bit of @trouble. */
static inline uint32_t tip_trouble_bit(enum tip_trouble trouble)
{
    return UINT32_C(1) << trouble;
}

/** What the reading of a whole store found last: how much, and the first of it,
 * as a number of enum tip_inspect_kind or a newer one, and what is in its
 * sentence. */
struct tip_rot {
    uint64_t count;
    uint32_t kind;
    uint64_t a, b;
};

/** How a node is, as it says of itself: in its HELLO, and in a message of its
 * own while a session lasts. Times are its wall clock, Unix; 0: never, or not
 * known. */
struct tip_health {
    uint64_t clock_ms;
    uint32_t catalogue;     /* Version in use. */
    uint64_t saved;         /* Its newest change-set. */
    uint64_t waiting_ms;    /* Age of the oldest that is not confirmed. */
    uint64_t waiting_bytes; /* What waits, roughly, as it will travel. */
    uint64_t records;       /* How many it holds, as far as they are merged. */
    uint64_t erased;        /* The newest erasure that is carried out whole. */
    bool keeps_erased; /* A store that was put aside has what was erased. */
    uint64_t disk_used_bytes;
    uint64_t disk_limit_bytes; /* What saves may fill. */
    uint64_t backup_ms;        /* Newest backup that is whole. */
    uint64_t scrub_ms;         /* When all of its store was last read. */
    uint32_t starts_day;       /* How often it was started in a day… */
    uint32_t cuts_day;         /* …after it had not been stopped in order. */
    uint64_t goodput_bps;      /* What its line carries up; 0: not known. */
    uint32_t heartbeat_ms; /* How often it gives a sign of life when there is
                            * nothing to say; 0: as usual. */
    uint64_t outage_ms;    /* How long it had no line before this one… */
    uint32_t outage_cause; /* …and why, as the newest enum tip_link_cause. */
    uint32_t troubles;     /* Bits of enum tip_trouble, and of newer ones. */
    struct tip_rot rot;
    uint64_t verified_ms; /* Newest backup that was read back. */
    uint32_t restores;    /* How often its store was restored… */
    uint64_t restored_ms; /* …and when last. */
};

struct tip_hello {
    uint32_t format;
    uint32_t origin;
    uint32_t generation;       /* Of the hub, as the node last knew it. */
    struct tip_head confirmed; /* Of its feed: known to be with the hub. */
    struct tip_head newest;    /* …framed. */
    struct tip_channel_position channels[TIP_CHANNELS_MAX];
    size_t channel_count;
    uint8_t nonce[TIP_NONCE_SIZE];
    struct tip_bytes version; /* Of the program, text. */
    uint64_t credit_bytes;    /* For frames of the hub. */
    struct tip_health health;
};

struct tip_welcome {
    uint32_t generation;
    struct tip_head durable; /* Of the node's feed, with the hub. */
    uint8_t nonce[TIP_NONCE_SIZE];
    uint64_t clock_ms;
    uint32_t catalogue;
    uint64_t credit_bytes; /* For frames of the node, in this session. */
    /* Channels of which the hub has less than the node said: it was restored,
     * or put back from a copy. Only channel, generation and head are said. */
    struct tip_channel_position channels[TIP_CHANNELS_MAX];
    size_t channel_count;
    bool is_closed; /* The feed it named is: another copy of it goes on. */
    bool may_go_on; /* …and so may this one, from @durable. */
    bool has_stray; /* This copy goes on, and another still runs. */
    enum tip_err hindrance; /* Why the hub takes in no more; TIP_OK: it does. */
};

/** Hub to node: its feed up to @durable is safe with the hub. */
struct tip_ack {
    uint32_t generation;
    struct tip_head durable;
    uint64_t committed; /* All its change-sets up to this seq are decided. */
    uint64_t credit_bytes;
    bool resend; /* Something after it came, the next did not: send again. */
    enum tip_err hindrance; /* As in WELCOME. */
};

/** Node to hub: the channel up to @position.head is safe with the node. */
struct tip_got {
    struct tip_channel_position position;
    uint64_t credit_bytes;
    bool resend;
};

/** Node to hub: what it holds of a channel, in parts, because all of it
 * together is not what the hub says. Of each sum only the lowest bytes: where
 * they hide a difference, everything is sent again. */
struct tip_parts {
    uint32_t channel;
    uint64_t number; /* Of the newest frame that is in it. */
    uint8_t sums[TIP_PARTS * TIP_PART_SUM_SIZE];
};

/** Node to hub: the frame that starts at @seq of my feed. */
struct tip_recall {
    uint64_t seq;
};

/** Node to hub: you have my feed up to @head, I have lost what it says past
 * @up_to; give me an origin to go on under. Asked again with the same @token it
 * is the same request. */
struct tip_continue {
    struct tip_head head;
    uint64_t up_to;
    uint8_t token[TIP_TOKEN_SIZE];
};

/** Hub to node: go on under @origin, with the seq behind @start. */
struct tip_continued {
    uint32_t origin;
    uint64_t start;
    uint64_t up_to;
    uint8_t token[TIP_TOKEN_SIZE];
};

/** Node to hub: send me again the frame that starts at @number, of my feed or
 * of @channel. What comes is a FRAME beside all others. */
struct tip_lost {
    bool is_feed;
    uint32_t channel;
    uint64_t number;
};

struct tip_message {
    enum tip_message_kind kind;
    union {
        struct tip_hello hello;
        struct tip_welcome welcome;
        struct tip_ack ack;
        struct tip_got got;
        struct tip_parts parts;
        struct tip_bytes frame; /* As stored. */
        enum tip_err bye;
        struct tip_recall recall;
        struct tip_continue go_on;
        struct tip_continued continued;
        struct tip_health health;
        struct tip_lost lost;
    };
};

/** How long one side goes on waiting for the other. Plain data. */
struct tip_patience {
    uint64_t since_ms; /* When the peer last moved us on. */
    uint32_t stalls;   /* How often in a row it did not, in time. */
};

/** The peer moved us on, or (restart) the wait starts again. */
void tip_patience_progress(struct tip_patience *patience, uint64_t now_ms);
void tip_patience_restart(struct tip_patience *patience, uint64_t now_ms);

/** Has it lasted too long? Then the next wait may last longer. */
bool tip_patience_is_over(struct tip_patience *patience, uint64_t now_ms);

/** The last time something was sent again. Plain data; zero: never. */
struct tip_resend {
    bool happened;
    uint64_t number; /* What had come when it was asked for. */
    uint64_t at_ms;
};

/** A peer that has @number asks for what follows. Send it again, or is that
 * under way already? If so, it is noted. */
bool tip_resend_is_due(struct tip_resend *resend, uint64_t number,
                       uint64_t now_ms);

#endif /* TIP_SESSION_H */
