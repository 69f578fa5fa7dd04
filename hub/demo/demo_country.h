/*
 * The hub and the nodes of a demo, from an empty folder to a country at work.
 * Internal to the demo.
 *
 * demo_country.c  folder, programs, catalogue; the beginning and the end
 * demo_enrol.c    hub and nodes as an administrator would set them up
 * demo_watch.c    what every node says of itself, on the table
 * demo_work.c     offices at work, apart and together
 * demo_verdict.c  conflicts, figures, the sum
 */
#ifndef DEMO_COUNTRY_H
#define DEMO_COUNTRY_H

#include "demo.h"
#include "demo_board.h"
#include "demo_feed.h"
#include "demo_stage.h"
#include "tip_catalogue.h"

/* How long a step may take on a slow machine before it counts as failed. */
enum { DEMO_PATIENCE_MS = 90 * 1000 };

/** What is asked of a node beside its work. */
enum demo_look { DEMO_LOOK_STATUS, DEMO_LOOK_CONFLICTS, DEMO_LOOK_COUNT };

struct demo_node {
    struct demo_site site;
    struct demo_feed *feed;  /* Owned; NULL in an empty demo. */
    struct demo_office view; /* As it last said. */
    struct demo_call call;   /* Of demo_each(). */
    struct demo_call look;
    enum demo_look look_kind;
    uint64_t looked_ms;
    uint64_t looks;       /* Answers to status. */
    uint64_t heard_ms;    /* Last seen connected; 0: never. */
    uint64_t saved_saves; /* Change-sets; of the newest status, as below. */
    uint64_t decided;
    uint64_t records;
    uint64_t refused;
    uint32_t catalogue; /* Version it has. */
};

struct demo_country {
    const struct demo_opts *opts;
    struct demo_stage stage;
    struct demo_site hub;
    uint16_t hub_port;
    struct demo_node nodes[DEMO_LINES_MAX];
    size_t node_count;
    struct tip_id offices[DEMO_LINES_MAX];
    struct tip_catalogue *catalogue; /* Owned. */
    char catalogue_dir[DEMO_PATH_SIZE];
    char root[DEMO_PATH_SIZE];
    char hub_program[DEMO_PATH_SIZE];
    char node_program[DEMO_PATH_SIZE];
    struct demo_board board;
    const char *title;
    uint64_t start_ms;
    uint64_t shown_ms;
    size_t turn;  /* Counts ticks. */
    size_t round; /* Of the work. */
    uint32_t crashes;
};

/** The words of one node's command, with room for what they say. */
struct demo_words {
    const char *words[16];
    char text[3][DEMO_PATH_SIZE];
};

/** Make folder, programs and catalogue ready. */
TIP_MUST_USE enum tip_err demo_country_open(struct demo_country *country,
                                            const struct demo_opts *opts);

/** Stop all programs and remove what is not kept. */
void demo_country_close(struct demo_country *country);

/** Give up with a sentence for people; returns TIP_EINVAL. */
enum tip_err demo_fail(struct demo_country *country, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/** Say a line beside the table. */
void demo_say(struct demo_country *country, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/** Set up the hub, publish the catalogue, enrol and connect all nodes. */
TIP_MUST_USE enum tip_err demo_enrol_all(struct demo_country *country);

/** Write into @out_words what node @index is to be asked. */
typedef enum tip_err demo_words_fn(struct demo_country *country, size_t index,
                                   struct demo_words *out_words);

/** Take what node @index answered. */
typedef enum tip_err demo_heard_fn(struct demo_country *country, size_t index,
                                   struct tip_json *answer);

/** Ask all nodes at the same time; @heard may be NULL. A node with no words is
 * left out. */
TIP_MUST_USE enum tip_err demo_each(struct demo_country *country,
                                    demo_words_fn *words, demo_heard_fn *heard);

/** Begin to look at the nodes and show the table. */
void demo_watch_begin(struct demo_country *country, const char *title);

/** Show the table once more and leave it standing. */
void demo_watch_end(struct demo_country *country);

/** Turn until every node has said something new of itself and @is_so holds for
 * all. TIP_ETIMEOUT after DEMO_PATIENCE_MS, with a sentence about @what. */
TIP_MUST_USE enum tip_err
demo_watch_until(struct demo_country *country, const char *what,
                 bool (*is_so)(const struct demo_node *node));

/** Is the node connected, and all it saved decided at the hub? */
bool demo_node_is_done(const struct demo_node *node);

/** Let the offices work through the weather, until all is at the hub. */
TIP_MUST_USE enum tip_err demo_work(struct demo_country *country);

/** Resolve a conflict, read and verify the figures, add up. */
TIP_MUST_USE enum tip_err demo_judge(struct demo_country *country,
                                     struct demo_summary *summary);

#endif /* DEMO_COUNTRY_H */
