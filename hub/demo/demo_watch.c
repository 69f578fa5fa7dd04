/* What every node says of itself, on the table. */
#include <string.h>

#include "demo_country.h"

enum {
    LOOK_AGAIN_MS = 600,
    LOOKS_MAX = 4, /* At a time: looking must not be most of the work. */
    SHOW_MS = 300
};

static enum demo_office_state state_of(struct tip_bytes session)
{
    return tip_bytes_equal(session, tip_bytes_text("connected"))
               ? DEMO_OFFICE_ONLINE
               : DEMO_OFFICE_OFFLINE;
}

static void take_status(struct demo_node *node, struct tip_json *root)
{
    struct demo_office *view = &node->view;

    view->state = state_of(demo_json_text(root, "session"));
    node->saved_saves = (uint64_t)demo_json_integer(root, "saved", 0);
    node->decided = (uint64_t)demo_json_integer(root, "decided", 0);
    node->catalogue = (uint32_t)demo_json_integer(root, "catalogue", 0);
    view->saved = node->saved_saves;
    view->waiting = (uint64_t)demo_json_integer(root, "waiting", 0);
    view->at_hub = (uint64_t)demo_json_integer(root, "confirmed", 0);
}

static void take_look(struct demo_country *country, struct demo_node *node)
{
    struct demo_answer answer = {.root = NULL};
    uint64_t now_ms = demo_stage_now_ms(&country->stage);
    struct tip_json *conflicts;
    enum tip_err err = demo_call_finish(&node->look, &answer);

    if (err == TIP_OK && node->look_kind == DEMO_LOOK_STATUS) {
        take_status(node, answer.root);
    } else if (err == TIP_OK) {
        conflicts = demo_json_list(answer.root);
        node->view.conflicts =
            conflicts == NULL ? 0 : tip_json_count(conflicts);
    }
    if (node->look_kind == DEMO_LOOK_STATUS) {
        node->looked_ms = now_ms;
        node->looks++;
    }
    node->look_kind = (node->look_kind + 1) % DEMO_LOOK_COUNT;
    demo_answer_deinit(&answer);
}

static void start_look(struct demo_country *country, struct demo_node *node)
{
    const char *const *words = node->look_kind == DEMO_LOOK_STATUS
                                   ? DEMO_WORDS("status")
                                   : DEMO_WORDS("conflicts", "list");
    enum tip_err err =
        demo_call_start(&country->stage, &node->site, words, &node->look);

    (void)err; /* The table shows what it knew; the next look tries again. */
}

/* A daemon that ended without being asked to. */
static void notice_end(struct demo_country *country, struct demo_node *node)
{
    if (node->site.daemon != NULL && demo_child_is_done(node->site.daemon) &&
        node->view.state != DEMO_OFFICE_STOPPED) {
        node->view.state = DEMO_OFFICE_STOPPED;
        country->crashes++;
    }
}

static void hear_of(struct demo_country *country)
{
    uint64_t now_ms = demo_stage_now_ms(&country->stage);

    for (size_t i = 0; i < country->node_count; i++) {
        struct demo_node *node = &country->nodes[i];

        if (node->view.state == DEMO_OFFICE_ONLINE) {
            node->heard_ms = now_ms;
        }
        node->view.heard_ms =
            node->heard_ms == 0 ? -1 : (int64_t)(now_ms - node->heard_ms);
    }
}

static void show(struct demo_country *country)
{
    struct demo_office views[DEMO_LINES_MAX];
    uint64_t now_ms = demo_stage_now_ms(&country->stage);

    hear_of(country);
    for (size_t i = 0; i < country->node_count; i++) {
        views[i] = country->nodes[i].view;
    }
    country->shown_ms = now_ms;
    demo_board_show(&country->board, country->title, now_ms - country->start_ms,
                    views, country->node_count);
}

static void ticked(void *context)
{
    struct demo_country *country = context;
    uint64_t now_ms = demo_stage_now_ms(&country->stage);
    size_t looking = 0;

    for (size_t i = 0; i < country->node_count; i++) {
        struct demo_node *node = &country->nodes[i];

        notice_end(country, node);
        if (node->look.child != NULL && demo_call_is_done(&node->look)) {
            take_look(country, node);
        }
        looking += node->look.child != NULL;
    }
    for (size_t i = 0; i < country->node_count && looking < LOOKS_MAX; i++) {
        /* Begin elsewhere each time, so that nobody is always last. */
        struct demo_node *node =
            &country->nodes[(i + country->turn) % country->node_count];

        if (node->look.child == NULL &&
            (node->look_kind != DEMO_LOOK_STATUS ||
             now_ms - node->looked_ms >= LOOK_AGAIN_MS)) {
            start_look(country, node);
            looking++;
        }
    }
    country->turn++;
    if (now_ms - country->shown_ms >= SHOW_MS) {
        show(country);
    }
}

void demo_watch_begin(struct demo_country *country, const char *title)
{
    country->title = title;
    country->stage.context = country;
    country->stage.on_tick = ticked;
}

void demo_watch_end(struct demo_country *country)
{
    country->stage.on_tick = NULL;
    show(country);
    demo_board_leave(&country->board);
}

bool demo_node_is_done(const struct demo_node *node)
{
    return node->view.state == DEMO_OFFICE_ONLINE && node->view.waiting == 0 &&
           node->decided >= node->saved_saves;
}

/* Which node is not so, or node_count. What a node said before @since does not
 * count. */
static size_t first_not(const struct demo_country *country,
                        const uint64_t *since,
                        bool (*is_so)(const struct demo_node *node))
{
    size_t i = 0;

    while (i < country->node_count && country->nodes[i].looks > since[i] + 1 &&
           is_so(&country->nodes[i])) {
        i++;
    }
    return i;
}

enum tip_err demo_watch_until(struct demo_country *country, const char *what,
                              bool (*is_so)(const struct demo_node *node))
{
    uint64_t end_ms = demo_stage_now_ms(&country->stage) + DEMO_PATIENCE_MS;
    uint64_t since[DEMO_LINES_MAX] = {0};
    enum tip_err err = TIP_OK;

    for (size_t i = 0; i < country->node_count; i++) {
        since[i] = country->nodes[i].looks;
    }
    while (err == TIP_OK) {
        size_t not = first_not(country, since, is_so);

        if (not == country->node_count) {
            return TIP_OK;
        }
        if (country->crashes > 0) {
            return demo_fail(country,
                             "A daemon ended by itself: see the .log "
                             "files in %s with --keep.",
                             country->root);
        }
        if (demo_stage_now_ms(&country->stage) > end_ms) {
            return demo_fail(country, "%s did not happen within %d s at %s.",
                             what, DEMO_PATIENCE_MS / 1000,
                             country->nodes[not ].site.dir);
        }
        err = demo_stage_turn(&country->stage);
    }
    return err;
}
