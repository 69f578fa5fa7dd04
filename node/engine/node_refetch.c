#include "node_refetch.h"

#include "node_budget.h"
#include "node_check.h"
#include "tip_envelope.h"
#include "tip_hole.h"
#include "tip_secret.h"
#include "tip_store.h"

enum {
    NODE_REFETCH_MS = 60 * 1000, /* Between two attempts at one frame… */
    NODE_REFETCHES_MAX = 3       /* …of which there are so many. */
};

static struct tip_survey *survey_of(struct node_engine *engine)
{
    return &engine->scrub.base.survey;
}

/* What is to be asked for; NULL: nothing is. */
static const struct tip_hole *hole_of(const struct node_engine *engine)
{
    const struct tip_survey *survey = &engine->scrub.base.survey;

    return engine->refetch.at < survey->hole_count
               ? &survey->holes[engine->refetch.at]
               : NULL;
}

static void go_on(struct node_engine *engine)
{
    engine->refetch.at++;
    engine->refetch.asks = 0;
}

/* Has the last reading found a chain that breaks off? */
static bool has_found(const struct tip_survey_report *report)
{
    for (size_t i = 0; i < report->count && i < TIP_SURVEY_NAMED; i++) {
        enum tip_inspect_kind kind = report->first[i].kind;

        if (kind == TIP_INSPECT_FRAME || kind == TIP_INSPECT_CHAIN ||
            kind == TIP_INSPECT_END) {
            return true;
        }
    }
    return false;
}

/* A reading has ended since: what it found is to be asked for from the first. A
 * start forgets where chains broke off, so what is told then is looked for once
 * more. */
static void begin(struct node_engine *engine)
{
    struct node_refetch *refetch = &engine->refetch;
    bool is_known = refetch->is_begun || survey_of(engine)->hole_count > 0 ||
                    engine->scrub.base.next != 0; /* One is on. */

    if (!is_known && has_found(&survey_of(engine)->last)) {
        tip_scrub_ask(&engine->scrub.base);
    }
    *refetch = (struct node_refetch){.is_begun = true,
                                     .round = engine->scrub.base.ends};
}

/* All of it was asked for. If some came, the store is read again. */
static void end(struct node_engine *engine)
{
    if (engine->refetch.has_come) {
        engine->refetch.has_come = false;
        tip_scrub_ask(&engine->scrub.base);
    }
}

/* …@hole, if that is due. */
static void ask(struct node_engine *engine, const struct tip_hole *hole)
{
    struct node_refetch *refetch = &engine->refetch;
    uint64_t now = node_engine_now_ms(engine);
    const struct tip_message message = {
        .kind = TIP_MESSAGE_LOST,
        .lost = {.is_feed = hole->table == TIP_TABLE_FRAME_UP,
                 .channel = hole->number,
                 .number = tip_hole_first(hole)}};

    if (refetch->asks > 0 && now - refetch->asked_ms < NODE_REFETCH_MS) {
        return;
    }
    if (refetch->asks == NODE_REFETCHES_MAX) {
        go_on(engine);
    } else if (tip_talk_send(&engine->talk, engine->opts.link, 0, &message) ==
               TIP_OK) {
        refetch->asks++;
        refetch->asked_ms = now;
        node_budget_spend(engine, TIP_BUDGET_WORDS_BYTES);
    }
}

void node_refetch_tell(struct node_engine *engine)
{
    const struct tip_hole *hole;

    if (engine->session.state != TIP_NODE_LIVE || survey_of(engine)->is_on) {
        return;
    }
    if (!engine->refetch.is_begun ||
        engine->refetch.round != engine->scrub.base.ends) {
        begin(engine);
    }
    hole = hole_of(engine);
    if (hole != NULL) {
        ask(engine, hole);
    } else {
        end(engine);
    }
}

bool node_refetch_is(const struct node_engine *engine, struct tip_bytes frame)
{
    const struct tip_hole *hole = hole_of(engine);
    struct tip_frame_header header;
    struct tip_wire_frame parts;

    return engine->session.state == TIP_NODE_LIVE && hole != NULL &&
           engine->refetch.asks > 0 &&
           tip_envelope_read(frame, &parts, &header) == TIP_OK &&
           header.is_down == (hole->table == TIP_TABLE_FRAME_DOWN) &&
           (!header.is_down || header.channel == hole->number) &&
           header.first == tip_hole_first(hole);
}

static const struct tip_head *newest_of(struct node_engine *engine,
                                        const struct tip_hole *hole)
{
    return hole->table == TIP_TABLE_FRAME_UP
               ? &engine->feed.framed
               : &node_engine_channel(engine, hole->number)->row.position.head;
}

/* @frame as a row, if it fits. */
static enum tip_err fill(struct node_engine *engine,
                         const struct tip_hole *hole, struct tip_bytes frame,
                         struct tip_bytes *out_row)
{
    struct node_chain chain;
    struct tip_hole_view view = {.arena = &engine->arena,
                                 .codec = engine->codec,
                                 .chain = &chain.chain,
                                 .newest = newest_of(engine, hole)};
    enum tip_err err = node_engine_txn(engine, &view.txn);

    if (err == TIP_OK) {
        err = node_check_know(view.txn, &engine->identity,
                              &tip_device_keys_public(engine->opts.keys)->sign,
                              hole->table, hole->number, &chain);
    }
    if (err == TIP_OK) {
        err = tip_hole_fill(hole, &view, frame, out_row);
        tip_secret_wipe(&chain, sizeof chain);
    }
    return err;
}

/* What was erased here may not be erased in it: all frames are swept again. */
static enum tip_err keep(struct node_engine *engine,
                         const struct tip_hole *hole, struct tip_bytes row)
{
    enum tip_err err = node_engine_write(engine, TIP_TXN_WRITE_RESERVE);

    if (err != TIP_OK) {
        return err;
    }
    err = tip_txn_put(engine->txn, hole->table,
                      TIP_KEY(hole->number, tip_hole_first(hole)), row);
    if (err == TIP_OK && engine->sweep.through != 0) {
        tip_sweep_begin(&engine->sweep, engine->sweep.through);
        err = tip_sweep_store(engine->txn, &engine->sweep);
    }
    engine->failure = err;
    return err;
}

enum tip_err node_refetch_take(struct node_engine *engine,
                               struct tip_bytes frame)
{
    const struct tip_hole *hole = hole_of(engine);
    struct tip_bytes row;
    enum tip_err err = node_engine_settle(engine);

    if (err == TIP_OK) {
        err = fill(engine, hole, frame, &row);
    }
    if (err == TIP_OK) {
        err = keep(engine, hole, row);
    }
    if (err == TIP_OK) {
        engine->refetch.has_come = true;
        go_on(engine);
    }
    tip_arena_clear(&engine->arena);
    /* What came behind it may have waited for it. */
    return err == TIP_OK ? node_follow_resume(engine) : err;
}
