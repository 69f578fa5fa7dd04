#include "hub_view.h"

#include <stdlib.h>
#include <string.h>

#include "hub_forgotten.h"
#include "hub_invite.h"
#include "hub_program.h"
#include "tip_conf.h"

static uint64_t number_of(const struct hub_program *hub, enum hub_conf key)
{
    return (uint64_t)tip_conf_number(tip_daemon_conf(hub->host.daemon), key);
}

static struct hub_view *find(struct hub_views *views, uint64_t office)
{
    for (size_t i = 0; i < views->count; i++) {
        if (views->items[i].office == office) {
            return &views->items[i];
        }
    }
    return NULL;
}

/* The place of @office, made if there is none; NULL: no more room. */
static struct hub_view *place(struct hub_views *views, uint64_t office)
{
    struct hub_view *view = find(views, office);

    if (view == NULL && views->count < HUB_ORIGINS_MAX) {
        view = &views->items[views->count++];
        *view = (struct hub_view){.office = office};
    }
    return view;
}

static void name(struct hub_view *view, struct tip_bytes text)
{
    size_t size =
        text.size < sizeof view->name ? text.size : sizeof view->name - 1;

    if (size > 0 && view->name[0] == '\0') {
        memcpy(view->name, text.data, size);
        view->name[size] = '\0';
    }
}

/* Of several devices the newest one that is in use. */
static bool is_better(const struct hub_device_status *device,
                      const struct hub_view *view)
{
    return !view->has_device || (view->device.is_out && !device->is_out) ||
           (view->device.is_out == device->is_out &&
            device->origin > view->device.origin);
}

static void add_held(struct hub_view *view,
                     const struct hub_device_status *device)
{
    view->held += device->held_count;
    for (size_t i = 0; i < TIP_HOLD_COUNT; i++) {
        view->held_for[i] += device->held_for[i];
        *(tip_hold_is_parked((enum tip_hold)i) ? &view->parked
                                               : &view->quarantined) +=
            device->held_for[i];
    }
}

static enum tip_err add_devices(struct hub_program *hub,
                                struct hub_views *views)
{
    struct hub_device_status *devices =
        calloc(HUB_ORIGINS_MAX, sizeof *devices);
    size_t count;

    if (devices == NULL) {
        return TIP_ENOMEM;
    }
    count = hub_engine_devices(hub->engine, devices, HUB_ORIGINS_MAX);
    for (size_t i = 0; i < count; i++) {
        struct hub_view *view = place(views, devices[i].office);

        if (view == NULL) {
            continue;
        }
        view->devices++;
        add_held(view, &devices[i]);
        view->bad_messages += devices[i].bad_messages;
        if (is_better(&devices[i], view)) {
            view->device = devices[i];
            view->has_device = true;
        }
    }
    free(devices);
    return TIP_OK;
}

static enum tip_err add_invitations(struct hub_program *hub,
                                    struct hub_views *views)
{
    struct hub_invite invite = {.number = 0};
    struct tip_txn *txn;
    enum tip_err err = hub_engine_txn(hub->engine, &txn);

    while (err == TIP_OK) {
        struct hub_view *view;

        err = hub_invite_next(txn, invite.number, &invite);
        view = err == TIP_OK ? place(views, invite.office) : NULL;
        if (view == NULL) {
            continue;
        }
        name(view, tip_bytes_text(invite.name));
        view->is_invited = invite.state == HUB_INVITE_OPEN;
        view->invited_until_ms = view->is_invited ? invite.expires_ms : 0;
    }
    return err == TIP_ENOTFOUND ? TIP_OK : err;
}

/* "8 Nouadhibou, 11-15": an office, with a name perhaps, or a range. */
static void add_expected(struct hub_program *hub, struct hub_views *views)
{
    const char *at =
        tip_conf_text(tip_daemon_conf(hub->host.daemon), HUB_CONF_EXPECTED);

    while (*at != '\0') {
        size_t size = strcspn(at, ",");
        char *end;
        unsigned long first = strtoul(at, &end, 10);
        unsigned long last = *end == '-' ? strtoul(end + 1, &end, 10) : first;

        end += strspn(end, " ");
        for (; first > HUB_OFFICE && first <= last; first++) {
            struct hub_view *view = place(views, first);

            if (view == NULL) {
                break;
            }
            view->is_expected = true;
            if (end < at + size) {
                name(view, tip_bytes(end, (size_t)(at + size - end)));
            }
        }
        at += size;
        at += strspn(at, ", ");
    }
}

static enum tip_err add_forgotten(struct hub_program *hub,
                                  struct hub_views *views)
{
    uint64_t at = 0;
    uint32_t office;
    enum tip_err err;

    while ((err = hub_engine_next_forgotten(hub->engine, &at, &office)) ==
           TIP_OK) {
        struct hub_view *view = place(views, office);

        if (view != NULL) {
            view->is_forgotten = true;
        }
    }
    return err == TIP_ENOTFOUND ? TIP_OK : err;
}

static int by_office(const void *a, const void *b)
{
    const struct hub_view *left = a;
    const struct hub_view *right = b;

    return (left->office > right->office) - (left->office < right->office);
}

static const char *state_of(const struct hub_view *view)
{
    if (!view->has_device) {
        return view->is_invited     ? "invited"
               : view->is_forgotten ? "not known here"
                                    : "never enrolled";
    }
    if (view->device.is_out) {
        return view->is_invited          ? "invited"
               : view->device.is_retired ? "retired"
                                         : "revoked";
    }
    if (view->device.is_missing) {
        return view->device.is_live ? "handing back" : "not yet back";
    }
    if (view->device.is_live) {
        return "connected";
    }
    if (view->device.last_heard_ms == 0) {
        return "never seen";
    }
    return hub_verdict_has(&view->verdict, HUB_SILENT) ? "silent" : "away";
}

static void judge_all(struct hub_program *hub, struct hub_views *views)
{
    const uint64_t limits[HUB_LIMIT_COUNT] = {
        [HUB_LIMIT_SILENT] = number_of(hub, HUB_CONF_SILENT),
        [HUB_LIMIT_WAITING] = number_of(hub, HUB_CONF_WAITING),
        [HUB_LIMIT_CLOCK] = number_of(hub, HUB_CONF_CLOCK),
        [HUB_LIMIT_BACKUP] = number_of(hub, HUB_CONF_BACKUP),
        [HUB_LIMIT_VERIFIED] = number_of(hub, HUB_CONF_VERIFIED),
        [HUB_LIMIT_SCRUB] = number_of(hub, HUB_CONF_SCRUB),
        [HUB_LIMIT_CONTESTED] = number_of(hub, HUB_CONF_CONTESTED),
        [HUB_LIMIT_FULL] = number_of(hub, HUB_CONF_FULL) * 10,
        [HUB_LIMIT_POWER] = number_of(hub, HUB_CONF_POWER)};

    for (size_t i = 0; i < views->count; i++) {
        struct hub_view *view = &views->items[i];

        view->hub_catalogue = hub->shelf.schema.catalogue->version;
        if (view->has_device) {
            hub_view_fill(hub, view);
        }
        name(view, hub_office_name(hub->engine, (uint32_t)view->office));
        view->verdict = hub_health_judge(view, limits);
        view->state = state_of(view);
        view->sign = hub_view_sign(view);
    }
}

enum tip_err hub_views_collect(struct hub_program *hub,
                               struct hub_views *out_views)
{
    enum tip_err err;

    out_views->count = 0;
    out_views->fresh_ms = number_of(hub, HUB_CONF_FRESH);
    out_views->fresh =
        tip_conf_text(tip_daemon_conf(hub->host.daemon), HUB_CONF_FRESH);
    err = add_devices(hub, out_views);
    if (err == TIP_OK) {
        err = add_invitations(hub, out_views);
    }
    if (err == TIP_OK) {
        err = add_forgotten(hub, out_views);
    }
    if (err == TIP_OK) {
        add_expected(hub, out_views);
        err = hub_views_contest(hub, out_views);
    }
    if (err != TIP_OK) {
        return err;
    }
    qsort(out_views->items, out_views->count, sizeof *out_views->items,
          by_office);
    judge_all(hub, out_views);
    return TIP_OK;
}
