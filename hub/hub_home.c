/* What is done on the home itself, without a daemon. */
#include "hub_program.h"
#include "hub_registrar.h"

#include <stdio.h>

#include "tip_conf.h"
#include "tip_random_sodium.h"

enum tip_err hub_registrar_path(const struct tip_conf *conf,
                                char out_path[TIP_HOME_PATH_SIZE])
{
    const char *path = tip_conf_text(conf, HUB_CONF_REGISTRAR);
    int size;

    if (*path == '\0') {
        return tip_home_path(tip_conf_text(conf, TIP_PROGRAM_CONF_DIR),
                             "registrar.key", out_path);
    }
    size = snprintf(out_path, TIP_HOME_PATH_SIZE, "%s", path);
    return size < 0 || size >= TIP_HOME_PATH_SIZE ? TIP_ETOOBIG : TIP_OK;
}

enum tip_err hub_home_open(const struct tip_conf *conf, struct tip_reply *reply,
                           struct tip_home *out_home,
                           struct hub_state *out_state)
{
    const struct tip_home_opts opts = tip_program_home_opts(conf);
    struct tip_home home = {.vault = NULL};
    enum tip_err err = tip_home_open(&opts, &home);

    if (err == TIP_OK) {
        err = hub_state_load(&home, out_state);
    }
    if (err != TIP_OK) {
        tip_home_close(&home);
        tip_reply_explain(reply,
                          err == TIP_ENOTFOUND
                              ? "nothing was made in %s yet: run tiphub init"
                              : "the folder is %s",
                          opts.dir);
        return err;
    }
    *out_home = home;
    return TIP_OK;
}

/* Make the registrar and the hub. An init that was cut short leaves at most a
 * registrar's file that nobody ever trusted. */
static enum tip_err make_new(const struct tip_conf *conf, struct tip_home *home)
{
    char path[TIP_HOME_PATH_SIZE];
    struct tip_registrar *registrar = NULL;
    struct hub_state state = {.keys = NULL};
    enum tip_err err = hub_registrar_path(conf, path);

    if (err == TIP_OK) {
        err = tip_registrar_new(tip_random_sodium(), &registrar);
    }
    if (err == TIP_OK) {
        err = hub_registrar_create(path, home->vault, registrar);
    }
    if (err == TIP_EEXISTS) {
        tip_registrar_free(registrar);
        registrar = NULL;
        err = hub_registrar_open(path, home->vault, &registrar);
    }
    if (err == TIP_OK) {
        err = hub_state_make(tip_random_sodium(), registrar, &state);
    }
    if (err == TIP_OK) {
        err = hub_state_save(home, &state);
    }
    tip_registrar_free(registrar);
    hub_state_deinit(&state);
    return err;
}

static enum tip_err make_hub(const struct tip_conf *conf, struct tip_home *home)
{
    struct hub_state state = {.keys = NULL};
    enum tip_err err = hub_state_load(home, &state);

    hub_state_deinit(&state);
    if (err == TIP_OK) {
        return TIP_EEXISTS;
    }
    return err == TIP_ENOTFOUND ? make_new(conf, home) : err;
}

enum tip_err hub_run_init(void *program, struct tip_request *request,
                          struct tip_reply *reply)
{
    const struct tip_home_opts opts = tip_program_home_opts(request->conf);
    bool is_dev = tip_cli_option(request->call, "dev")->is_given;
    char path[TIP_HOME_PATH_SIZE] = "", same[TIP_CLI_SAME_SIZE];
    struct tip_home home = {.vault = NULL};
    enum tip_err err = tip_home_make(&opts, is_dev, &home);

    (void)program;
    if (err == TIP_OK) {
        is_dev = home.is_dev;
        err = make_hub(request->conf, &home);
    }
    tip_home_close(&home);
    if (err == TIP_OK) {
        err = hub_registrar_path(request->conf, path);
    }
    if (err != TIP_OK) {
        tip_reply_explain(reply, "%s", opts.dir);
        return err;
    }
    tip_cli_same(request->call, same);
    tip_reply_text(reply, "dir", opts.dir);
    tip_reply_text(reply, "registrar", path);
    tip_program_say_vault(reply, is_dev);
    tip_reply_note(
        reply, TIP_REPLY_INFO,
        "Keep the registrar's file off this machine but while you "
        "approve. Next: tiphub serve%s, then tiphub catalogue publish "
        "and tiphub enrol invite",
        same);
    return TIP_OK;
}
