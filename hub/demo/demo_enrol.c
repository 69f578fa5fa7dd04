/* Hub and nodes as an administrator would set them up: by commands and by
 * files that are carried. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "demo_country.h"

enum { ASK_AGAIN_MS = 100 };

enum tip_err demo_each(struct demo_country *country, demo_words_fn *words,
                       demo_heard_fn *heard)
{
    enum tip_err err = TIP_OK;

    for (size_t i = 0; i < country->node_count && err == TIP_OK; i++) {
        struct demo_words asked = {.words = {NULL}};

        err = words(country, i, &asked);
        if (err == TIP_OK && asked.words[0] != NULL) {
            err = demo_call_start(&country->stage, &country->nodes[i].site,
                                  asked.words, &country->nodes[i].call);
        }
    }
    for (size_t i = 0; i < country->node_count && err == TIP_OK; i++) {
        struct demo_node *node = &country->nodes[i];
        struct demo_answer answer = {.root = NULL};

        while (err == TIP_OK && node->call.child != NULL &&
               !demo_call_is_done(&node->call)) {
            err = demo_stage_turn(&country->stage);
        }
        if (err != TIP_OK || node->call.child == NULL) {
            continue;
        }
        err =
            demo_call_judge(&country->stage, &node->site, &node->call, &answer);
        if (err == TIP_OK && heard != NULL) {
            err = heard(country, i, answer.root);
        }
        demo_answer_deinit(&answer);
    }
    return err;
}

/* A port that nobody uses now. Between this and the hub's own bind somebody
 * might take it; the hub then says so. */
static enum tip_err port_pick(struct demo_country *country)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool is_picked = fd >= 0 &&
                     bind(fd, (const struct sockaddr *)&address, size) == 0 &&
                     getsockname(fd, (struct sockaddr *)&address, &size) == 0;

    if (fd >= 0) {
        (void)close(fd);
    }
    if (!is_picked) {
        return demo_fail(country, "This machine has no free port on loopback: "
                                  "close some programs, then try again.");
    }
    country->hub_port = ntohs(address.sin_port);
    demo_relay_aim(country->stage.relay, country->hub_port);
    return TIP_OK;
}

static enum tip_err write_text(struct demo_country *country, const char *dir,
                               const char *name, const char *text)
{
    char path[DEMO_PATH_SIZE];
    FILE *file;
    bool is_written;

    (void)snprintf(path, sizeof path, "%.440s/%s", dir, name);
    file = fopen(path, "we");
    is_written = file != NULL && fputs(text, file) >= 0;
    if (file != NULL) {
        is_written = fclose(file) == 0 && is_written;
    }
    return is_written ? TIP_OK
                      : demo_fail(country,
                                  "%s cannot be written: free disk "
                                  "space, then try again.",
                                  path);
}

/* Ask until the daemon answers. */
static enum tip_err await(struct demo_country *country,
                          const struct demo_site *site)
{
    uint64_t end_ms = demo_stage_now_ms(&country->stage) + DEMO_PATIENCE_MS;
    enum tip_err err;

    do {
        err = demo_ask(&country->stage, site, DEMO_WORDS("status"), NULL);
        if (err != TIP_OK && demo_child_is_done(site->daemon)) {
            return demo_fail(country, "The daemon in %s ended: see %s.",
                             site->dir, site->log);
        }
        if (err != TIP_OK && err != TIP_ECANCELED) {
            enum tip_err paused =
                demo_stage_pause(&country->stage, ASK_AGAIN_MS);

            err = paused == TIP_OK ? err : paused;
        }
    } while (err != TIP_OK && err != TIP_ECANCELED &&
             demo_stage_now_ms(&country->stage) < end_ms);
    return err;
}

static enum tip_err publish(struct demo_country *country)
{
    char pack[DEMO_PATH_SIZE];
    enum tip_err err;

    (void)snprintf(pack, sizeof pack, "%.480s/catalogue.pack", country->root);
    err = demo_ask(&country->stage, &country->hub,
                   DEMO_WORDS("catalogue", "check", country->catalogue_dir,
                              "--pack", pack),
                   NULL);
    return err == TIP_OK
               ? demo_ask(&country->stage, &country->hub,
                          DEMO_WORDS("catalogue", "publish", pack), NULL)
               : err;
}

static enum tip_err hub_set_up(struct demo_country *country)
{
    char conf[256];
    enum tip_err err = port_pick(country);

    if (err == TIP_OK) {
        err = demo_ask(&country->stage, &country->hub,
                       DEMO_WORDS("init", "--dev"), NULL);
    }
    (void)snprintf(conf, sizeof conf,
                   "[link]\nlisten = 127.0.0.1:%u\n\n[store]\nsize = 1 GiB\n",
                   (unsigned)country->hub_port);
    if (err == TIP_OK) {
        err = write_text(country, country->hub.dir, "hub.conf", conf);
    }
    if (err == TIP_OK) {
        err = demo_site_serve(&country->stage, &country->hub);
    }
    if (err == TIP_OK) {
        err = await(country, &country->hub);
    }
    return err == TIP_OK ? publish(country) : err;
}

/* MR08.invite and the like, in the folder of the demo. */
static void letter(const struct demo_country *country, size_t index,
                   const char *kind, char out_path[DEMO_PATH_SIZE])
{
    (void)snprintf(out_path, DEMO_PATH_SIZE, "%.440s/MR%02zu.%s", country->root,
                   index + 1, kind);
}

static enum tip_err invite(struct demo_country *country, size_t index)
{
    char number[16], name[128], address[32], path[DEMO_PATH_SIZE];
    struct tip_bytes wilaya = country->nodes[index].view.name;

    (void)snprintf(number, sizeof number, "%zu", DEMO_OFFICE_NUMBER + index);
    (void)snprintf(name, sizeof name, "MR%02zu %.*s", index + 1,
                   (int)wilaya.size, (const char *)wilaya.data);
    (void)snprintf(address, sizeof address, "127.0.0.1:%u",
                   (unsigned)demo_relay_port(country->stage.relay, index));
    letter(country, index, "invite", path);
    return demo_ask(&country->stage, &country->hub,
                    DEMO_WORDS("enrol", "invite", "--office", number, "--name",
                               name, "--address", address, "--to", path),
                    NULL);
}

static enum tip_err approve(struct demo_country *country, size_t index)
{
    char request[DEMO_PATH_SIZE], approval[DEMO_PATH_SIZE];

    letter(country, index, "request", request);
    letter(country, index, "approval", approval);
    return demo_ask(&country->stage, &country->hub,
                    DEMO_WORDS("enrol", "approve", request, "--to", approval),
                    NULL);
}

static enum tip_err init_words(struct demo_country *country, size_t index,
                               struct demo_words *out_words)
{
    (void)country;
    (void)index;
    out_words->words[0] = "init";
    out_words->words[1] = "--dev";
    return TIP_OK;
}

static enum tip_err request_words(struct demo_country *country, size_t index,
                                  struct demo_words *out_words)
{
    letter(country, index, "invite", out_words->text[0]);
    letter(country, index, "request", out_words->text[1]);
    out_words->words[0] = "enrol";
    out_words->words[1] = "request";
    out_words->words[2] = "--invite";
    out_words->words[3] = out_words->text[0];
    out_words->words[4] = "--to";
    out_words->words[5] = out_words->text[1];
    return TIP_OK;
}

static enum tip_err accept_words(struct demo_country *country, size_t index,
                                 struct demo_words *out_words)
{
    letter(country, index, "approval", out_words->text[0]);
    out_words->words[0] = "enrol";
    out_words->words[1] = "accept";
    out_words->words[2] = out_words->text[0];
    return TIP_OK;
}

/* Everything for all nodes up to their daemons. */
static enum tip_err nodes_set_up(struct demo_country *country)
{
    enum tip_err err = demo_each(country, init_words, NULL);

    for (size_t i = 0; i < country->node_count && err == TIP_OK; i++) {
        /* A demo is watched: it calls again sooner than an office would. */
        err = write_text(country, country->nodes[i].site.dir, "node.conf",
                         "[sync]\nretry-first = 200 ms\nretry-longest = 2 s\n"
                         "\n[store]\nsize = 256 MiB\n");
        if (err == TIP_OK) {
            err = invite(country, i);
        }
    }
    if (err == TIP_OK) {
        err = demo_each(country, request_words, NULL);
    }
    for (size_t i = 0; i < country->node_count && err == TIP_OK; i++) {
        err = approve(country, i);
    }
    if (err == TIP_OK) {
        err = demo_each(country, accept_words, NULL);
    }
    for (size_t i = 0; i < country->node_count && err == TIP_OK; i++) {
        err = demo_site_serve(&country->stage, &country->nodes[i].site);
    }
    for (size_t i = 0; i < country->node_count && err == TIP_OK; i++) {
        err = await(country, &country->nodes[i].site);
    }
    return err;
}

enum tip_err demo_enrol_all(struct demo_country *country)
{
    enum tip_err err;

    demo_say(country, "Setting up a hub and %zu office%s in %s",
             country->node_count, country->node_count == 1 ? "" : "s",
             country->root);
    err = hub_set_up(country);
    if (err == TIP_OK) {
        demo_say(country, "The hub serves; enrolling the offices by files");
        err = nodes_set_up(country);
    }
    return err;
}
