/*
 * Where the demo plays: one loop that carries the lines, the weather, the
 * children and Ctrl-C, while the story above waits for what it asked.
 */
#ifndef DEMO_STAGE_H
#define DEMO_STAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "demo_child.h"
#include "demo_relay.h"
#include "demo_weather.h"
#include "tip_clock.h"
#include "tip_err.h"
#include "tip_json.h"
#include "tip_loop.h"

enum { DEMO_PATH_SIZE = 512, DEMO_TROUBLE_SIZE = 2048, DEMO_WORDS_MAX = 48 };

/** A hub or a node: a folder, a program, its daemon. */
struct demo_site {
    const char *program; /* Borrowed path of the binary. */
    char dir[DEMO_PATH_SIZE];
    char log[DEMO_PATH_SIZE];
    struct demo_child *daemon; /* Owned; NULL: not started. */
};

/** Caller-allocated. One thread. */
struct demo_stage {
    struct tip_clock clock;
    struct tip_loop *loop;
    struct demo_relay *relay;
    struct demo_weather weather;
    size_t line_count;
    bool has_weather;             /* The sky is not simply clear. */
    bool is_held[DEMO_LINES_MAX]; /* Down whatever the weather says. */
    int signals;
    bool is_stopped; /* Ctrl-C. */
    struct tip_loop_timer tick;
    /* Called ten times a second; or NULL. */
    void (*on_tick)(void *context);
    void *context;
    char trouble[DEMO_TROUBLE_SIZE]; /* Why the last thing failed. */
};

/** What a command said. Zero to start; release with demo_answer_deinit(). */
struct demo_answer {
    struct tip_json *root; /* Owned; NULL: it was no JSON. */
    int exit;
};

/** A command that runs. Zero to start. */
struct demo_call {
    struct demo_child *child; /* Owned; NULL: none is running. */
    char name[48];            /* "enrol invite": for messages. */
};

/** Open the lines and take Ctrl-C. */
TIP_MUST_USE enum tip_err demo_stage_open(struct demo_stage *stage,
                                          size_t line_count);
void demo_stage_close(struct demo_stage *stage);

uint64_t demo_stage_now_ms(const struct demo_stage *stage);

/** Let @sky come up; and clear up for good. */
void demo_stage_weather(struct demo_stage *stage, enum demo_sky sky,
                        uint64_t seed);
void demo_stage_clear_up(struct demo_stage *stage);

/** Keep @line down, or leave it to the weather again. */
void demo_stage_hold(struct demo_stage *stage, size_t line, bool is_down);

/** Turn once, for 50 ms at most. TIP_ECANCELED: the user wants to stop. */
TIP_MUST_USE enum tip_err demo_stage_turn(struct demo_stage *stage);

/** Turn for @ms. */
TIP_MUST_USE enum tip_err demo_stage_pause(struct demo_stage *stage,
                                           uint64_t ms);

/** Start the daemon of @site; its log is @site->log. */
TIP_MUST_USE enum tip_err demo_site_serve(struct demo_stage *stage,
                                          struct demo_site *site);

/** Start `PROGRAM --dir DIR --json WORDS…` at @site. */
TIP_MUST_USE enum tip_err demo_call_start(struct demo_stage *stage,
                                          const struct demo_site *site,
                                          const char *const *words,
                                          struct demo_call *out_call);

bool demo_call_is_done(const struct demo_call *call);

/** Take the answer of a call that is done. TIP_EMALFORMED: it was no JSON. */
TIP_MUST_USE enum tip_err demo_call_finish(struct demo_call *call,
                                           struct demo_answer *out_answer);

/**
 * Take the answer of a call that is done and say whether it is one of success:
 * exit codes 0, 3 (with warnings), 9 (a conflict waits). Others are TIP_EINVAL,
 * and stage->trouble says what failed at @site and why.
 */
TIP_MUST_USE enum tip_err demo_call_judge(struct demo_stage *stage,
                                          const struct demo_site *site,
                                          struct demo_call *call,
                                          struct demo_answer *out_answer);

/** Give up a call. */
void demo_call_drop(struct demo_call *call);

/**
 * Run a command to its end. As demo_call_judge(), and TIP_ECANCELED.
 * @out_answer may be NULL.
 */
TIP_MUST_USE enum tip_err demo_ask(struct demo_stage *stage,
                                   const struct demo_site *site,
                                   const char *const *words,
                                   struct demo_answer *out_answer);

/** The words of a command for the functions above. */
#define DEMO_WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

void demo_answer_deinit(struct demo_answer *answer);

/** Member @name of @object as a whole number; @otherwise if it has none. */
int64_t demo_json_integer(struct tip_json *object, const char *name,
                          int64_t otherwise);

/** Member @name as text, borrowed; empty if it has none. */
struct tip_bytes demo_json_text(struct tip_json *object, const char *name);

/** The first array among the members of @object, borrowed; NULL if it has none.
 * An answer of a command has one list, whatever it is called. */
struct tip_json *demo_json_list(struct tip_json *object);

#endif /* DEMO_STAGE_H */
