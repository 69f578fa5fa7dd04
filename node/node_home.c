/* What is done on the home itself, without a daemon. */
#include "node_program.h"
#include "tip_random_sodium.h"

enum tip_err node_home_open(const struct tip_conf *conf,
                            struct tip_reply *reply, struct tip_home *out_home,
                            struct node_state *out_state)
{
    const struct tip_home_opts opts = tip_program_home_opts(conf);
    struct tip_home home = {.vault = NULL};
    enum tip_err err = tip_home_open(&opts, &home);

    if (err == TIP_OK) {
        err = node_state_load(&home, out_state);
    }
    if (err != TIP_OK) {
        tip_home_close(&home);
        tip_reply_explain(reply,
                          err == TIP_ENOTFOUND
                              ? "nothing was made in %s yet: run "
                                "tipnode init"
                              : "the folder is %s",
                          opts.dir);
        return err;
    }
    *out_home = home;
    return TIP_OK;
}

/* Make the device unless the home holds one. */
static enum tip_err make_device(struct tip_home *home)
{
    struct node_state state = {.keys = NULL};
    enum tip_err err = node_state_load(home, &state);

    if (err == TIP_OK) {
        err = TIP_EEXISTS;
    } else if (err == TIP_ENOTFOUND) {
        err = node_state_make(tip_random_sodium(), &state);
        if (err == TIP_OK) {
            err = node_state_save(home, &state);
        }
    }
    node_state_deinit(&state);
    return err;
}

enum tip_err node_run_init(void *program, struct tip_request *request,
                           struct tip_reply *reply)
{
    const struct tip_home_opts opts = tip_program_home_opts(request->conf);
    bool is_dev = tip_cli_option(request->call, "dev")->is_given;
    char same[TIP_CLI_SAME_SIZE];
    struct tip_home home = {.vault = NULL};
    enum tip_err err = tip_home_make(&opts, is_dev, &home);

    (void)program;
    if (err == TIP_OK) {
        is_dev = home.is_dev;
        err = make_device(&home);
    }
    tip_home_close(&home);
    if (err != TIP_OK) {
        tip_reply_explain(reply, "%s", opts.dir);
        return err;
    }
    tip_cli_same(request->call, same);
    tip_reply_text(reply, "dir", opts.dir);
    tip_program_say_vault(reply, is_dev);
    tip_reply_note(reply, TIP_REPLY_INFO,
                   "Next: get an invitation from the hub's administrator, "
                   "then run: tipnode enrol request --invite FILE --to "
                   "REQUEST%s",
                   same);
    return TIP_OK;
}
