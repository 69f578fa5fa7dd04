/* How the country is, in one line, and a sentence for each thing wrong. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "hub_program.h"
#include "hub_view.h"
#include "tip_conf.h"

static const char *title(const struct hub_view *view, char *memory, size_t size)
{
    (void)snprintf(memory, size, "%s%s%" PRIu64, view->name,
                   view->name[0] == '\0' ? "Office " : ", office ",
                   view->office);
    return memory;
}

/* Sentences on what is wrong with @view, the worst first. */
void hub_warn_of(struct tip_reply *reply, const struct hub_view *view)
{
    char name[TIP_ENROL_NAME_SIZE + 32];

    for (int i = 1; i < HUB_AIL_COUNT; i++) {
        enum hub_ail ail = (enum hub_ail)i;

        if ((view->verdict.ails & UINT32_C(1) << i) == 0) {
            continue;
        }
        if (hub_health_degrades(ail)) {
            tip_program_warn(reply, "%s %s.", title(view, name, sizeof name),
                             hub_health_says(ail));
        } else {
            tip_reply_note(reply, TIP_REPLY_INFO, "%s %s.",
                           title(view, name, sizeof name),
                           hub_health_says(ail));
        }
    }
}

/* Sums over all offices. */
struct totals {
    int64_t offices, fresh, devices, live, silent, revoked, held, differing;
};

static struct totals add_up(const struct hub_views *views, uint64_t fresh_ms)
{
    struct totals totals = {0};

    for (size_t i = 0; i < views->count; i++) {
        const struct hub_view *view = &views->items[i];
        uint32_t ails = view->verdict.ails;

        totals.offices += (ails & UINT32_C(1) << HUB_REVOKED) == 0;
        totals.fresh += hub_view_is_fresh(view, fresh_ms);
        totals.devices += (int64_t)view->devices;
        totals.live += view->has_device && view->device.is_live;
        totals.silent += (ails & UINT32_C(1) << HUB_SILENT) != 0;
        totals.revoked += (ails & UINT32_C(1) << HUB_REVOKED) != 0;
        totals.held += (int64_t)view->held;
        totals.differing += (ails & UINT32_C(1) << HUB_DIFFERS) != 0;
    }
    return totals;
}

/* "; silent: Tagant, Adrar": who has @ail. */
static void append(char *text, size_t size, const struct hub_views *views,
                   enum hub_ail ail)
{
    bool is_first = true;

    for (size_t i = 0; i < views->count; i++) {
        const struct hub_view *view = &views->items[i];
        size_t used = strlen(text);

        if ((view->verdict.ails & UINT32_C(1) << ail) == 0) {
            continue;
        }
        if (size - used < TIP_ENROL_NAME_SIZE + 32) {
            (void)snprintf(text + used, size - used, " …");
            return;
        }
        used += (size_t)snprintf(
            text + used, size - used, "%s%s%s", is_first ? "; " : ", ",
            is_first ? hub_health_word(ail) : "", is_first ? ": " : "");
        if (view->name[0] != '\0') {
            (void)snprintf(text + used, size - used, "%s", view->name);
        } else {
            (void)snprintf(text + used, size - used, "%" PRIu64, view->office);
        }
        is_first = false;
    }
}

static void say_summary(struct hub_program *hub, struct tip_reply *reply,
                        const struct hub_views *views,
                        const struct totals *totals)
{
    char text[1000];

    (void)snprintf(
        text, sizeof text,
        "%" PRId64 " of %" PRId64 " offices up to date within %s",
        totals->fresh, totals->offices,
        tip_conf_text(tip_daemon_conf(hub->host.daemon), HUB_CONF_FRESH));
    append(text, sizeof text, views, HUB_SILENT);
    append(text, sizeof text, views, HUB_NEVER_SEEN);
    append(text, sizeof text, views, HUB_NEVER_ENROLLED);
    tip_reply_text(reply, "summary", text);
}

static void say_losing(struct hub_program *hub, struct tip_reply *reply)
{
    enum tip_err err = hub_engine_losing(hub->engine);

    if (err != TIP_OK) {
        tip_program_warn(reply,
                         "The hub takes nothing in; what offices send stays "
                         "with them. %s",
                         tip_err_text(err));
    }
}

void hub_say_offices(struct hub_program *hub, struct tip_reply *reply,
                     const struct hub_views *views)
{
    uint64_t fresh_ms = (uint64_t)tip_conf_number(
        tip_daemon_conf(hub->host.daemon), HUB_CONF_FRESH);
    struct totals totals = add_up(views, fresh_ms);

    say_summary(hub, reply, views, &totals);
    say_losing(hub, reply);
    tip_reply_rank(reply, TIP_REPLY_DETAIL);
    tip_reply_integer(reply, "offices", totals.offices);
    tip_reply_integer(reply, "up_to_date", totals.fresh);
    tip_reply_integer(reply, "devices", totals.devices);
    tip_reply_integer(reply, "connected", totals.live);
    tip_reply_integer(reply, "silent", totals.silent);
    tip_reply_integer(reply, "revoked", totals.revoked);
    tip_reply_integer(reply, "held", totals.held);
    tip_reply_integer(reply, "differing", totals.differing);
    tip_reply_rank(reply, TIP_REPLY_ALWAYS);
    for (size_t i = 0; i < views->count; i++) {
        hub_warn_of(reply, &views->items[i]);
    }
}
