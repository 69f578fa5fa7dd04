/* The folder of a demo and what lies in it; its beginning and its end. */
#include <errno.h>
#include <ftw.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "demo_country.h"
#include "tip_catalogue_folder.h"

enum { STOP_MS = 10 * 1000, MS_PER_DAY = 24 * 3600 * 1000, FTW_FILES = 16 };

enum tip_err demo_fail(struct demo_country *country, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    (void)vsnprintf(country->stage.trouble, sizeof country->stage.trouble,
                    format, args);
    va_end(args);
    return TIP_EINVAL;
}

void demo_say(struct demo_country *country, const char *format, ...)
{
    char text[DEMO_TROUBLE_SIZE];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    demo_board_leave(&country->board);
    tip_out_format(country->opts->out, "%s\n", text);
    (void)fflush(country->opts->out->file);
}

/* The first of @candidates, relative to the folder of this program, that is
 * there. */
static bool find_beside(const char *folder, const char *const *candidates,
                        char out_path[DEMO_PATH_SIZE])
{
    for (; *candidates != NULL; candidates++) {
        int size =
            snprintf(out_path, DEMO_PATH_SIZE, "%s/%s", folder, *candidates);

        if (size > 0 && size < DEMO_PATH_SIZE && access(out_path, R_OK) == 0) {
            return true;
        }
    }
    return false;
}

static enum tip_err find_programs(struct demo_country *country)
{
    static const char *const nodes[] = {"tipnode", "../node/tipnode", NULL};
    static const char *const catalogues[] = {
        "../share/tip/catalogue/national", "../../../common/catalogue/national",
        NULL};
    char folder[DEMO_PATH_SIZE];
    char *self = realpath("/proc/self/exe", NULL);
    size_t size = self == NULL ? 0 : strlen(self);

    if (size == 0 || size >= DEMO_PATH_SIZE) {
        free(self);
        return demo_fail(country, "The path of this program is not known or "
                                  "too long: install it elsewhere.");
    }
    memcpy(country->hub_program, self, size + 1);
    memcpy(folder, self, size + 1);
    free(self);
    *strrchr(folder, '/') = '\0';
    if (!find_beside(folder, nodes, country->node_program)) {
        return demo_fail(country,
                         "There is no tipnode beside %s: install or build it, "
                         "then try again.",
                         country->hub_program);
    }
    if (country->opts->catalogue != NULL) {
        (void)snprintf(country->catalogue_dir, DEMO_PATH_SIZE, "%s",
                       country->opts->catalogue);
    } else if (!find_beside(folder, catalogues, country->catalogue_dir)) {
        return demo_fail(country, "The national catalogue is not installed: "
                                  "name its folder with --catalogue.");
    }
    return TIP_OK;
}

static enum tip_err load_catalogue(struct demo_country *country)
{
    struct tip_catalogue_folder folder;
    struct tip_problems problems = {0};
    enum tip_err err =
        tip_catalogue_folder_read(country->catalogue_dir, &folder);

    if (err != TIP_OK) {
        return demo_fail(country,
                         "There is no catalogue in %s: check the path "
                         "given with --catalogue.",
                         country->catalogue_dir);
    }
    err = tip_catalogue_load(folder.files, folder.file_count, &problems,
                             &country->catalogue);
    tip_catalogue_folder_deinit(&folder);
    return err == TIP_OK
               ? TIP_OK
               : demo_fail(country,
                           "The catalogue in %s has faults: see tiphub "
                           "catalogue check.",
                           country->catalogue_dir);
}

static enum tip_err make_root(struct demo_country *country)
{
    const char *keep = country->opts->keep;
    const char *tmp = secure_getenv("TMPDIR");
    char *resolved;

    if (keep == NULL) {
        (void)snprintf(country->root, DEMO_PATH_SIZE, "%s/tip-demo-XXXXXX",
                       tmp == NULL || *tmp == '\0' ? "/tmp" : tmp);
        if (mkdtemp(country->root) != NULL) {
            return TIP_OK;
        }
        country->root[0] = '\0';
        return demo_fail(country, "No temporary folder could be made: free "
                                  "disk space, or name one with --keep.");
    }
    if (mkdir(keep, 0700) != 0) {
        return demo_fail(country,
                         errno == EEXIST
                             ? "%s exists already: name a folder that is not "
                               "there yet."
                             : "%s cannot be made: check the path given with "
                               "--keep.",
                         keep);
    }
    resolved = realpath(keep, NULL);
    /* Sockets lie in there, and the system allows 107 bytes for them. */
    if (resolved == NULL || strlen(resolved) > 80) {
        free(resolved);
        (void)rmdir(keep);
        return demo_fail(country, "The path given with --keep is too long: "
                                  "choose one of at most 80 characters.");
    }
    (void)snprintf(country->root, DEMO_PATH_SIZE, "%s", resolved);
    free(resolved);
    return TIP_OK;
}

static void site_init(const struct demo_country *country,
                      struct demo_site *site, const char *program,
                      const char *name)
{
    site->program = program;
    (void)snprintf(site->dir, sizeof site->dir, "%.400s/%s", country->root,
                   name);
    (void)snprintf(site->log, sizeof site->log, "%.400s/%s.log", country->root,
                   name);
}

static enum tip_err feed_new(struct demo_country *country, size_t index)
{
    uint64_t now_ms = country->stage.clock.now_ms(&country->stage.clock);
    const struct demo_teller_opts opts = {
        .catalogue = country->catalogue,
        .seed = country->opts->seed,
        .office = (uint32_t)index,
        .office_count = (uint32_t)country->node_count,
        .today = (int32_t)(now_ms / MS_PER_DAY)};
    struct demo_feed *feed = calloc(1, sizeof *feed);

    country->nodes[index].feed = feed;
    if (feed == NULL) {
        return TIP_ENOMEM;
    }
    if (demo_feed_init(feed, &opts, country->offices, now_ms,
                       country->opts->seed ^ now_ms) != TIP_OK) {
        return demo_fail(country,
                         "The cases of the demo are told in the national "
                         "catalogue: with another one use --empty.");
    }
    return TIP_OK;
}

static enum tip_err node_init(struct demo_country *country, size_t index)
{
    struct demo_node *node = &country->nodes[index];
    char name[32];

    (void)snprintf(name, sizeof name, "MR%02zu", index + 1);
    site_init(country, &node->site, country->node_program, name);
    node->view = (struct demo_office){
        .code = tip_bytes_text(node->site.dir + strlen(country->root) + 1),
        .name = demo_wilaya_name(country->catalogue, (uint32_t)index, "fr"),
        .heard_ms = -1};
    return country->opts->is_empty ? TIP_OK : feed_new(country, index);
}

enum tip_err demo_country_open(struct demo_country *country,
                               const struct demo_opts *opts)
{
    uint64_t now_ms;
    enum tip_err err;

    *country =
        (struct demo_country){.opts = opts, .node_count = opts->node_count};
    demo_board_init(&country->board, opts->out, opts->is_screen,
                    opts->has_color);
    err = demo_stage_open(&country->stage, country->node_count);
    if (err == TIP_OK) {
        err = find_programs(country);
    }
    if (err == TIP_OK) {
        err = load_catalogue(country);
    }
    if (err == TIP_OK) {
        err = make_root(country);
    }
    if (err != TIP_OK) {
        return err;
    }
    now_ms = country->stage.clock.now_ms(&country->stage.clock);
    country->start_ms = demo_stage_now_ms(&country->stage);
    demo_feed_ids(opts->seed ^ now_ms, now_ms, country->node_count,
                  country->offices);
    site_init(country, &country->hub, country->hub_program, "hub");
    for (size_t i = 0; i < country->node_count && err == TIP_OK; i++) {
        err = node_init(country, i);
    }
    return err;
}

/* Have all daemons ended? */
static bool are_stopped(const struct demo_country *country)
{
    bool is_stopped =
        country->hub.daemon == NULL || demo_child_is_done(country->hub.daemon);

    for (size_t i = 0; i < country->node_count; i++) {
        const struct demo_child *daemon = country->nodes[i].site.daemon;

        is_stopped =
            is_stopped && (daemon == NULL || demo_child_is_done(daemon));
    }
    return is_stopped;
}

static void stop_all(struct demo_country *country)
{
    uint64_t end_ms = demo_stage_now_ms(&country->stage) + STOP_MS;

    for (size_t i = 0; i < country->node_count; i++) {
        demo_child_stop(country->nodes[i].site.daemon);
    }
    demo_child_stop(country->hub.daemon);
    while (!are_stopped(country) &&
           demo_stage_now_ms(&country->stage) < end_ms) {
        enum tip_err err = demo_stage_turn(&country->stage);

        (void)err; /* A second Ctrl-C does not make this quicker. */
    }
}

static void release(struct demo_country *country)
{
    for (size_t i = 0; i < country->node_count; i++) {
        struct demo_node *node = &country->nodes[i];

        demo_call_drop(&node->call);
        demo_call_drop(&node->look);
        demo_child_free(node->site.daemon);
        free(node->feed);
    }
    demo_child_free(country->hub.daemon);
}

static int remove_one(const char *path, const struct stat *st, int type,
                      struct FTW *at)
{
    (void)st;
    (void)type;
    (void)at;
    return remove(path);
}

void demo_country_close(struct demo_country *country)
{
    country->stage.on_tick = NULL;
    if (country->stage.loop != NULL) {
        stop_all(country);
        release(country);
    }
    demo_stage_close(&country->stage);
    tip_catalogue_free(country->catalogue);
    if (country->root[0] != '\0' && country->opts->keep == NULL) {
        /* This program has one thread. */
        /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
        (void)nftw(country->root, remove_one, FTW_FILES,
                   FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
    }
}
