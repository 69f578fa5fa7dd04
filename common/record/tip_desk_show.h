/*
 * Reading at the desk: one record, lists of records, a record's history.
 *
 * Everything handed out lives in the arena that was given and may be shown as
 * it is; texts are values as tip_field_text.h writes them.
 */
#ifndef TIP_DESK_SHOW_H
#define TIP_DESK_SHOW_H

#include "tip_desk.h"
#include "tip_desk_input.h"
#include "tip_merge.h"
#include "tip_problems.h"

enum {
    /* What one record, decoded and laid out, or one history may take. */
    TIP_DESK_ARENA_BYTES_MAX = 96 * 1024 * 1024,
    /* Parallel values are lettered A, B, … */
    TIP_DESK_LETTERS = 26
};

/* Names of the lines of reserved fields. */
#define TIP_DESK_DELETED "_deleted"
#define TIP_DESK_OFFICES "_offices"

/** One value that somebody wrote, and who, where, when, why. */
struct tip_desk_value {
    struct tip_bytes text; /* Empty when blank. */
    bool is_blank;         /* Cleared, or taken out of a set. */
    bool is_sealed;        /* An identity this desk cannot open. */
    struct tip_bytes author;
    struct tip_bytes reason;
    uint32_t office;
    struct tip_bytes office_name; /* Empty: only the number is known. */
    uint32_t origin;              /* Of the device. */
    bool is_late; /* Taken from the frame of a late office (tip_lineage.h):
                   * the device has another change-set of that number. */
    uint64_t seq;
    uint64_t commit; /* 0: not in the national order yet. */
    uint64_t unix_ms;
    bool is_clock_wrong; /* The time is from the far future: not believed. */
    enum tip_desk_state state;
    bool is_new; /* Written since the point that the person had seen. */
};

/** One field of a record: what is shown and everything that stands beside it.
 *
 * A set is one line: @text holds all its elements, @values all who wrote one of
 * them. */
struct tip_desk_line {
    const struct tip_field
        *field; /* NULL: reserved, or not in our catalogue. */
    uint32_t number;
    struct tip_bytes name;
    struct tip_bytes label;
    struct tip_bytes text; /* What is shown first; empty: blank. */
    bool is_sealed;
    bool is_parallel;                    /* Others hold another value. */
    bool is_conflict;                    /* …and a person has to decide. */
    const struct tip_desk_value *values; /* Live ones; A is the first. */
    size_t value_count;
    size_t shown; /* Index of the value that is shown; of no use in a set. */
};

/* What an office that was given a record has said to that. */
enum tip_desk_referral_state {
    TIP_DESK_OFFERED = 0,
    TIP_DESK_ACCEPTED = 1,
    TIP_DESK_DECLINED = 2
};

/** "offered", "accepted", "declined": stable names for programs. */
const char *tip_desk_referral_name(enum tip_desk_referral_state state);

/** That an office was given a record, and what it said. */
struct tip_desk_referral {
    uint32_t office;
    struct tip_bytes office_name; /* Empty: only the number is known. */
    enum tip_desk_referral_state state;
    bool is_transfer;           /* Who offers it leaves once it is taken on. */
    struct tip_desk_value word; /* Who offered or answered it, when, why. */
};

/** A record as it is now. */
struct tip_desk_sheet {
    struct tip_id id;
    char id_text[TIP_ID_TEXT_SIZE];
    uint32_t ordinal;
    uint32_t type_number;
    const struct tip_type *type; /* NULL: our catalogue does not know it. */
    struct tip_bytes type_name;
    enum tip_desk_state state; /* The least of all its changes. */
    bool is_alone; /* Something of it is on this machine and nowhere else. */
    enum tip_presence presence;
    uint64_t erased_ms;   /* When its erasure was decided; there is no more. */
    bool is_conflict;     /* Something in it waits for a person. */
    struct tip_seen seen; /* Bring it back with an edit… */
    char seen_text[TIP_SEEN_TEXT_SIZE]; /* …or this. */
    uint32_t maker;
    const uint32_t *offices; /* Who holds it; 0: everybody. */
    size_t office_count;
    const struct tip_desk_referral *referrals; /* By office. */
    size_t referral_count;
    uint64_t commit;                   /* Newest of its changes; 0: none yet. */
    uint64_t unix_ms;                  /* Time of its newest change. */
    const struct tip_desk_line *lines; /* In the order of the catalogue; first
                                        * _deleted, if that waits. */
    size_t line_count;
};

/** Lay out record @id. TIP_ENOTFOUND. */
TIP_MUST_USE enum tip_err tip_desk_show(struct tip_desk *desk,
                                        const struct tip_id *id,
                                        struct tip_arena *arena,
                                        struct tip_desk_sheet *out_sheet);

/** The line called @name; NULL if there is none. */
const struct tip_desk_line *
tip_desk_sheet_line(const struct tip_desk_sheet *sheet, struct tip_bytes name);

/** What a cell of a record of @type is called, in @arena: its field, and of a
 * set which element, else empty. */
TIP_MUST_USE enum tip_err
tip_desk_cell_name(struct tip_desk *desk, uint32_t type, uint32_t field,
                   uint64_t element, struct tip_arena *arena,
                   struct tip_bytes *out_field, struct tip_bytes *out_element);

/* One step in the life of a cell. */
struct tip_desk_event {
    const struct tip_field *field; /* NULL as in tip_desk_line. */
    uint32_t number;
    struct tip_bytes name;
    struct tip_bytes label;
    struct tip_bytes element; /* Of a set: which; else empty. */
    struct tip_desk_value value;
    bool is_live;
    uint32_t ended_origin; /* Who superseded it, as above; 0: nobody. */
    bool is_ended_late;
    uint64_t ended_seq;
    struct tip_bytes refused_by; /* Empty: nobody refused it. */
    struct tip_bytes refused_reason;
    uint64_t place; /* Commit, or that of its refusal; 0: none yet. */
};

enum { TIP_DESK_UNREAD_NAMED = 8 };

/* The life of a record. */
struct tip_desk_history {
    const struct tip_desk_event *events;
    size_t event_count;
    /* Entries that cannot be read: the numbers of the first, and how many. */
    uint64_t unread[TIP_DESK_UNREAD_NAMED];
    size_t unread_count;
};

/** Everything ever written to record @id that this desk knows and can read,
 * oldest first by commit, then by time; in @arena. TIP_ENOTFOUND. */
TIP_MUST_USE enum tip_err
tip_desk_history(struct tip_desk *desk, const struct tip_id *id,
                 struct tip_arena *arena, struct tip_desk_history *out_history);

/** Which records. Plain data that borrows until the walk is made. */
struct tip_desk_query {
    struct tip_bytes type;                /* Name; empty: any. */
    const struct tip_desk_input *filters; /* All must hold; a set contains. */
    size_t filter_count;
    bool conflicts_only;
    bool alone_only; /* Of which something is on this machine alone. */
    bool with_deleted;
    bool newest_first; /* By id, which is by the time of creation. */
    uint64_t limit;    /* 0: none. */
};

struct tip_desk_walk;

/**
 * Start a walk over the records of @query, by id. Other work may go on between
 * its steps; it shows each record as it is when its turn comes.
 *
 * TIP_EUNKNOWN_TYPE, TIP_EUNKNOWN_FIELD, TIP_EVALUE: see @problems, where the
 * column is the field. TIP_ESEALED: a filter on what cannot be opened here.
 */
TIP_MUST_USE enum tip_err tip_desk_walk_new(struct tip_desk *desk,
                                            const struct tip_desk_query *query,
                                            struct tip_problems *problems,
                                            struct tip_desk_walk **out_walk);

/** Accepts NULL. */
void tip_desk_walk_free(struct tip_desk_walk *walk);

/** Give the next record, valid until the next call. TIP_EAGAIN: a slice of
 * time is over, call again; TIP_ENOTFOUND: that was all. */
TIP_MUST_USE enum tip_err tip_desk_walk_next(struct tip_desk_walk *walk,
                                             struct tip_desk_sheet *out_sheet);

#endif /* TIP_DESK_SHOW_H */
