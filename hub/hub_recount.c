/* indicators verify, recount: do the figures say what the records say? */
#include "hub_program.h"
#include "tip_figures_query.h"

/* Cells that differ, told one by one into a reply. */
struct finding {
    struct tip_figures_witness base; /* First member, so the cast is valid. */
    struct tip_reply *reply;
};

static void say_difference(struct tip_figures_witness *self,
                           const struct tip_indicator *indicator,
                           const struct tip_figures_row *kept,
                           const struct tip_figures_row *counted)
{
    struct tip_reply *reply = ((struct finding *)self)->reply;

    if (!tip_reply_has_room(reply)) {
        return; /* The number of them is said all the same. */
    }
    tip_reply_row_begin(reply);
    tip_reply_bytes(reply, "indicator", indicator->name);
    tip_reply_integer(reply, "office", kept->office);
    tip_reply_integer(reply, "kept", kept->value);
    tip_reply_integer(reply, "counted", counted->value);
    tip_reply_row_end(reply);
}

/* Say which cells differ, and how many. Flushes. */
static enum tip_err compare(struct hub_program *hub, struct tip_reply *reply,
                            size_t *out_differing)
{
    struct finding finding = {.base = {.differs = say_difference},
                              .reply = reply};
    struct tip_txn *txn;
    enum tip_err err = hub_engine_flush(hub->engine);

    if (hub->figures.figures == NULL) {
        tip_reply_explain(reply, "no catalogue has been published yet");
        return TIP_ENOTFOUND;
    }
    if (err == TIP_OK) {
        err = hub_engine_txn(hub->engine, &txn);
    }
    if (err != TIP_OK) {
        return err;
    }
    tip_reply_list_begin(reply, "differences");
    err = tip_figures_verify(hub->figures.figures, txn, &finding.base,
                             out_differing);
    tip_reply_list_end(reply);
    if (err == TIP_OK) {
        tip_reply_integer(reply, "differing_cells", (int64_t)*out_differing);
    }
    return err;
}

enum tip_err hub_run_indicators_verify(void *program,
                                       struct tip_request *request,
                                       struct tip_reply *reply)
{
    size_t differing = 0;
    enum tip_err err = compare(program, reply, &differing);

    (void)request;
    if (err != TIP_OK) {
        return err;
    }
    tip_reply_boolean(reply, "agree", differing == 0);
    if (differing != 0) {
        tip_program_warn(reply, "Figures and records disagree: publish none "
                                "of them, keep this list, then run tiphub "
                                "indicators recount.");
        tip_reply_exit(reply, TIP_EXIT_INTEGRITY);
    }
    return TIP_OK;
}

enum tip_err hub_run_indicators_recount(void *program,
                                        struct tip_request *request,
                                        struct tip_reply *reply)
{
    struct hub_program *hub = program;
    size_t differing = 0;
    enum tip_err err = compare(hub, reply, &differing);

    (void)request;
    if (err == TIP_OK) {
        err = hub_figures_use(&hub->figures, hub->engine,
                              hub->shelf.schema.catalogue, true);
    }
    if (err == TIP_OK && differing != 0) {
        tip_daemon_say("figures were counted again: %zu cells were wrong",
                       differing);
    }
    return err;
}

const char *hub_figures_trouble(const struct hub_program *hub)
{
    return hub->figures.figures != NULL &&
                   tip_figures_is_suspect(hub->figures.figures)
               ? "More was taken out of a figure than had been put in: run "
                 "tiphub indicators verify before you use any."
               : NULL;
}
