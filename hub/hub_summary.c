/* How the country is, in one line, and a sentence for each thing wrong. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "hub_view.h"
#include "tip_program.h"
#include "tip_span.h"

static const char *title(const struct hub_view *view, char *memory, size_t size)
{
    (void)snprintf(memory, size, "%s%s%" PRIu64, view->name,
                   view->name[0] == '\0' ? "Office " : ", office ",
                   view->office);
    return memory;
}

static void warn(struct tip_reply *reply, const struct hub_view *view,
                 enum hub_ail ail)
{
    char name[TIP_ENROL_NAME_SIZE + 32];

    if (!hub_verdict_has(&view->verdict, ail)) {
        return;
    }
    if (hub_health_degrades(ail)) {
        tip_program_warn(reply, "%s %s.", title(view, name, sizeof name),
                         hub_health_says(ail));
    } else {
        tip_reply_note(reply, TIP_REPLY_INFO, "%s %s.",
                       title(view, name, sizeof name), hub_health_says(ail));
    }
}

void hub_view_warn(struct tip_reply *reply, const struct hub_view *view)
{
    enum hub_ail ail;

    for (size_t i = 0; (ail = hub_health_at(i)) != HUB_FINE; i++) {
        warn(reply, view, ail);
    }
}

void hub_warn_losing(struct tip_reply *reply, enum tip_err losing)
{
    if (losing != TIP_OK) {
        tip_program_warn(reply,
                         "The hub takes nothing in; what offices send stays "
                         "with them. %s",
                         tip_err_text(losing));
    }
}

void hub_views_warn(struct tip_reply *reply, const struct hub_views *views)
{
    enum hub_ail ail;

    for (size_t i = 0; (ail = hub_health_at(i)) != HUB_FINE; i++) {
        for (size_t j = 0; j < views->count; j++) {
            warn(reply, &views->items[j], ail);
        }
    }
}

bool hub_view_is_fresh(const struct hub_view *view, uint64_t fresh_ms)
{
    return view->has_device && !view->device.is_out &&
           view->device.last_heard_ms != 0 && view->contact_ms <= fresh_ms &&
           view->device.saved_ms != 0 && view->device.waiting_count == 0 &&
           !view->device.is_missing && !view->device.is_copied &&
           view->device.agreement != TIP_AGREEMENT_DIFFERS;
}

/* Sums over all offices. */
struct totals {
    int64_t offices, fresh, devices, live, silent, revoked, held, differing;
    int64_t parked, quarantined;
};

static struct totals add_up(const struct hub_views *views, uint64_t fresh_ms)
{
    struct totals totals = {0};

    for (size_t i = 0; i < views->count; i++) {
        const struct hub_view *view = &views->items[i];
        const struct hub_verdict *verdict = &view->verdict;

        totals.offices += !hub_verdict_has(verdict, HUB_REVOKED);
        totals.fresh += hub_view_is_fresh(view, fresh_ms);
        totals.devices += (int64_t)view->devices;
        totals.live += view->has_device && view->device.is_live;
        totals.silent += hub_verdict_has(verdict, HUB_SILENT);
        totals.revoked += hub_verdict_has(verdict, HUB_REVOKED);
        totals.held += (int64_t)view->held;
        totals.parked += (int64_t)view->parked;
        totals.quarantined += (int64_t)view->quarantined;
        totals.differing += hub_verdict_has(verdict, HUB_DIFFERS);
    }
    return totals;
}

/* "Tagant 6 d": who, and for how long it was not heard. */
static void append_who(char *text, size_t size, const struct hub_view *view,
                       enum hub_ail ail)
{
    char span[TIP_SPAN_SIZE] = "";
    const char *gap = ail == HUB_SILENT ? " " : "";

    if (ail == HUB_SILENT) {
        tip_span_words((int64_t)view->heard_ms, span);
    }
    if (view->name[0] != '\0') {
        (void)snprintf(text, size, "%s%s%s", view->name, gap, span);
    } else {
        (void)snprintf(text, size, "%" PRIu64 "%s%s", view->office, gap, span);
    }
}

/* "; silent: Tagant 6 d, Adrar 4 d": who has @ail. */
static void append(char *text, size_t size, const struct hub_views *views,
                   enum hub_ail ail)
{
    bool is_first = true;

    for (size_t i = 0; i < views->count; i++) {
        const struct hub_view *view = &views->items[i];
        size_t used = strlen(text);

        if (!hub_verdict_has(&view->verdict, ail)) {
            continue;
        }
        if (size - used < TIP_ENROL_NAME_SIZE + 32) {
            (void)snprintf(text + used, size - used, " …");
            return;
        }
        used += (size_t)snprintf(
            text + used, size - used, "%s%s%s", is_first ? "; " : ", ",
            is_first ? hub_health_word(ail) : "", is_first ? ": " : "");
        append_who(text + used, size - used, view, ail);
        is_first = false;
    }
}

static void append_conflicts(char *text, size_t size,
                             const struct hub_views *views)
{
    size_t used = strlen(text);
    char span[TIP_SPAN_SIZE];

    if (views->conflicts.count == 0) {
        return;
    }
    tip_span_words((int64_t)views->conflicts.oldest_ms, span);
    (void)snprintf(text + used, size - used,
                   "; %s%" PRIu64 " record%s in conflict, the oldest for %s",
                   views->conflicts.are_more ? "at least " : "",
                   views->conflicts.count,
                   views->conflicts.count == 1 ? "" : "s", span);
}

static void say_summary(struct tip_reply *reply, const struct hub_views *views,
                        const struct totals *totals)
{
    char text[1200];

    (void)snprintf(text, sizeof text,
                   "%" PRId64 " of %" PRId64 " offices up to date within %s",
                   totals->fresh, totals->offices, views->fresh);
    append(text, sizeof text - 200, views, HUB_COPIED);
    append(text, sizeof text - 200, views, HUB_SILENT);
    append(text, sizeof text - 200, views, HUB_NEVER_SEEN);
    append(text, sizeof text - 200, views, HUB_NEVER_ENROLLED);
    append_conflicts(text, sizeof text, views);
    tip_reply_text(reply, "summary", text);
}

static void say_totals(struct tip_reply *reply, const struct hub_views *views,
                       const struct totals *totals)
{
    tip_reply_rank(reply, TIP_REPLY_DETAIL);
    tip_reply_integer(reply, "offices", totals->offices);
    tip_reply_integer(reply, "up_to_date", totals->fresh);
    tip_reply_integer(reply, "devices", totals->devices);
    tip_reply_integer(reply, "connected", totals->live);
    tip_reply_integer(reply, "silent", totals->silent);
    tip_reply_integer(reply, "revoked", totals->revoked);
    tip_reply_integer(reply, "held", totals->held);
    tip_reply_integer(reply, "quarantined", totals->quarantined);
    tip_reply_integer(reply, "parked", totals->parked);
    tip_reply_integer(reply, "differing", totals->differing);
    tip_reply_integer(reply, "conflicts", (int64_t)views->conflicts.count);
    tip_reply_boolean(reply, "conflicts_are_more", views->conflicts.are_more);
    if (views->conflicts.count == 0) {
        tip_reply_none(reply, "oldest_conflict_ms");
    } else {
        tip_reply_duration(reply, "oldest_conflict_ms",
                           (int64_t)views->conflicts.oldest_ms);
    }
    tip_reply_rank(reply, TIP_REPLY_ALWAYS);
}

void hub_views_say(struct tip_reply *reply, const struct hub_views *views)
{
    struct totals totals = add_up(views, views->fresh_ms);

    say_summary(reply, views, &totals);
    say_totals(reply, views, &totals);
}
