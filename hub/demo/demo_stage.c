#include "demo_stage.h"

#include <assert.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tip_clock_posix.h"
#include "tip_signals.h"

/* 3: done, with warnings. 9: done, and a conflict needs a person. */
enum { TICK_MS = 100, TURN_MS = 50, EXIT_DEGRADED = 3, EXIT_CONFLICT = 9 };

uint64_t demo_stage_now_ms(const struct demo_stage *stage)
{
    return stage->clock.elapsed_ms(&stage->clock);
}

static void air_set(struct demo_stage *stage)
{
    uint64_t now_ms = demo_stage_now_ms(stage);

    for (size_t i = 0; i < stage->line_count; i++) {
        struct demo_air air = {.is_up = true};

        if (stage->has_weather) {
            air = *demo_weather_air(&stage->weather, i, now_ms);
        }
        air.is_up = air.is_up && !stage->is_held[i];
        demo_relay_set(stage->relay, i, &air);
    }
}

static void ticked(void *context)
{
    struct demo_stage *stage = context;

    tip_loop_timer_set(stage->loop, &stage->tick, TICK_MS, ticked, stage);
    air_set(stage);
    if (stage->on_tick != NULL) {
        stage->on_tick(stage->context);
    }
}

static void signalled(void *context, int fd, short events)
{
    struct demo_stage *stage = context;
    enum tip_signal signal;

    (void)events;
    while ((signal = tip_signals_next(fd)) != TIP_SIGNAL_NONE) {
        stage->is_stopped = stage->is_stopped || signal == TIP_SIGNAL_STOP;
    }
}

enum tip_err demo_stage_open(struct demo_stage *stage, size_t line_count)
{
    enum tip_err err;

    *stage = (struct demo_stage){.line_count = line_count, .signals = -1};
    tip_clock_posix_init(&stage->clock);
    stage->loop = tip_loop_new(&stage->clock);
    err = stage->loop == NULL ? TIP_ENOMEM : tip_signals_open(&stage->signals);
    if (err == TIP_OK) {
        err = tip_loop_watch(stage->loop, stage->signals, POLLIN, signalled,
                             stage);
    }
    if (err == TIP_OK) {
        err = demo_relay_new(stage->loop, &stage->clock, line_count,
                             &stage->relay);
    }
    if (err != TIP_OK) {
        demo_stage_close(stage);
        return err;
    }
    tip_loop_timer_set(stage->loop, &stage->tick, TICK_MS, ticked, stage);
    return TIP_OK;
}

void demo_stage_close(struct demo_stage *stage)
{
    demo_relay_free(stage->relay);
    stage->relay = NULL;
    if (stage->signals >= 0) {
        (void)close(stage->signals);
        stage->signals = -1;
    }
    tip_loop_free(stage->loop);
    stage->loop = NULL;
}

void demo_stage_weather(struct demo_stage *stage, enum demo_sky sky,
                        uint64_t seed)
{
    demo_weather_init(&stage->weather, sky, seed, stage->line_count,
                      demo_stage_now_ms(stage));
    stage->has_weather = true;
}

void demo_stage_clear_up(struct demo_stage *stage)
{
    stage->has_weather = false;
    air_set(stage);
}

void demo_stage_hold(struct demo_stage *stage, size_t line, bool is_down)
{
    assert(line < stage->line_count);
    stage->is_held[line] = is_down;
    air_set(stage);
}

enum tip_err demo_stage_turn(struct demo_stage *stage)
{
    tip_loop_turn(stage->loop, TURN_MS);
    return stage->is_stopped ? TIP_ECANCELED : TIP_OK;
}

enum tip_err demo_stage_pause(struct demo_stage *stage, uint64_t ms)
{
    uint64_t until_ms = demo_stage_now_ms(stage) + ms;
    enum tip_err err = TIP_OK;

    while (err == TIP_OK && demo_stage_now_ms(stage) < until_ms) {
        err = demo_stage_turn(stage);
    }
    return err;
}

static enum tip_err site_start(struct demo_stage *stage,
                               const struct demo_site *site, bool is_daemon,
                               const char *const *words,
                               struct demo_child **out_child)
{
    const char *all[DEMO_WORDS_MAX] = {"--dir", site->dir};
    size_t count = 2;

    if (!is_daemon) {
        all[count++] = "--json";
    }
    for (; *words != NULL; words++) {
        assert(count + 1 < DEMO_WORDS_MAX);
        all[count++] = *words;
    }
    return demo_child_start(&(struct demo_child_opts){.loop = stage->loop,
                                                      .program = site->program,
                                                      .words = all,
                                                      .log = site->log,
                                                      .is_daemon = is_daemon},
                            out_child);
}

enum tip_err demo_site_serve(struct demo_stage *stage, struct demo_site *site)
{
    return site_start(stage, site, true, DEMO_WORDS("serve"), &site->daemon);
}

enum tip_err demo_call_start(struct demo_stage *stage,
                             const struct demo_site *site,
                             const char *const *words,
                             struct demo_call *out_call)
{
    (void)snprintf(out_call->name, sizeof out_call->name, "%s%s%s", words[0],
                   words[1] == NULL ? "" : " ",
                   words[1] == NULL ? "" : words[1]);
    return site_start(stage, site, false, words, &out_call->child);
}

bool demo_call_is_done(const struct demo_call *call)
{
    return demo_child_is_done(call->child);
}

enum tip_err demo_call_finish(struct demo_call *call,
                              struct demo_answer *out_answer)
{
    struct tip_json_place place;
    enum tip_err err;

    out_answer->root = NULL;
    out_answer->exit = demo_child_exit(call->child);
    err = tip_json_parse(demo_child_output(call->child), &out_answer->root,
                         &place);
    demo_call_drop(call);
    return err == TIP_OK ? TIP_OK : TIP_EMALFORMED;
}

void demo_call_drop(struct demo_call *call)
{
    demo_child_free(call->child);
    call->child = NULL;
}

/* Say in the user's words what did not work. */
static void note_trouble(struct demo_stage *stage, const struct demo_site *site,
                         const char *name, const struct demo_answer *answer)
{
    struct tip_json *error =
        answer->root == NULL ? NULL : tip_json_member(answer->root, "error");
    struct tip_bytes message = TIP_BYTES_NONE, context = TIP_BYTES_NONE;

    if (error != NULL) {
        message = demo_json_text(error, "message");
        context = demo_json_text(error, "context");
    }
    (void)snprintf(stage->trouble, sizeof stage->trouble,
                   "\"%s\" in %.300s ended with %d: %.*s%s%.*s See %.300s.",
                   name, site->dir, answer->exit, (int)context.size,
                   (const char *)context.data, context.size == 0 ? "" : ": ",
                   (int)message.size, (const char *)message.data, site->log);
}

enum tip_err demo_call_judge(struct demo_stage *stage,
                             const struct demo_site *site,
                             struct demo_call *call,
                             struct demo_answer *out_answer)
{
    struct demo_answer answer = {.root = NULL};
    enum tip_err err = demo_call_finish(call, &answer);

    if (answer.exit != 0 && answer.exit != EXIT_DEGRADED &&
        answer.exit != EXIT_CONFLICT) {
        err = TIP_EINVAL;
    }
    if (err != TIP_OK) {
        note_trouble(stage, site, call->name, &answer);
        demo_answer_deinit(&answer);
        return err;
    }
    *out_answer = answer;
    return TIP_OK;
}

enum tip_err demo_ask(struct demo_stage *stage, const struct demo_site *site,
                      const char *const *words, struct demo_answer *out_answer)
{
    struct demo_answer answer = {.root = NULL};
    struct demo_call call = {.child = NULL};
    enum tip_err err = demo_call_start(stage, site, words, &call);

    while (err == TIP_OK && !demo_call_is_done(&call)) {
        err = demo_stage_turn(stage);
    }
    if (err != TIP_OK) {
        demo_call_drop(&call);
        return err;
    }
    err = demo_call_judge(stage, site, &call, &answer);
    if (err == TIP_OK && out_answer != NULL) {
        *out_answer = answer;
    } else {
        demo_answer_deinit(&answer);
    }
    return err;
}

void demo_answer_deinit(struct demo_answer *answer)
{
    tip_json_free(answer->root);
    answer->root = NULL;
}

int64_t demo_json_integer(struct tip_json *object, const char *name,
                          int64_t otherwise)
{
    struct tip_json *member = tip_json_member(object, name);

    return member != NULL && tip_json_kind(member) == TIP_JSON_INTEGER
               ? tip_json_integer(member)
               : otherwise;
}

struct tip_bytes demo_json_text(struct tip_json *object, const char *name)
{
    struct tip_json *member = tip_json_member(object, name);

    return member != NULL && tip_json_kind(member) == TIP_JSON_TEXT
               ? tip_json_text(member)
               : TIP_BYTES_NONE;
}

struct tip_json *demo_json_list(struct tip_json *object)
{
    struct tip_json_walk walk;

    tip_json_walk_init(&walk, object);
    while (tip_json_walk_next(&walk)) {
        if (tip_json_kind(walk.value) == TIP_JSON_ARRAY) {
            return walk.value;
        }
    }
    return NULL;
}
