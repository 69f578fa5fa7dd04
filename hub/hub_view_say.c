/*
 * What is said of an office.
 *
 * The columns are one table. To add one: a field of struct hub_view, a line
 * below; people see it if it is not a detail, scripts always do. What is not a
 * detail stands first: it is left out from the right where there is no room.
 */
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "hub_view.h"
#include "tip_reply.h"
#include "tip_words.h"

/* What a column is made of. */
enum cell {
    CELL_NUMBER, /* uint64_t, as those below. */
    CELL_TIME,   /* 0: none. */
    CELL_SPAN,
    CELL_BYTES,
    CELL_OFFSET, /* int64_t, milliseconds. */
    CELL_FLAG,   /* bool. */
    CELL_NAME,   /* char array. */
    CELL_WORD    /* const char *; NULL: none. */
};

/* When it is known at all; otherwise it is none. */
enum known { ALWAYS, ENROLLED, HEARD, SAID, LAG, CONTESTED, IF_NOT_0 };

struct column {
    const char *key;
    enum cell cell;
    enum known known;
    size_t at; /* In struct hub_view. */
    enum tip_reply_rank rank;
    enum hub_group group; /* Of the tables of -v; ROW: in none of them. */
    bool is_twice; /* People read it in other words on a page of its own. */
};

#define AT(member_) offsetof(struct hub_view, member_)

static const struct column columns[] = {
    {"st", CELL_WORD, ALWAYS, AT(sign), TIP_REPLY_ALWAYS, HUB_GROUP_ROW, false},
    {"office", CELL_NUMBER, ALWAYS, AT(office), TIP_REPLY_ALWAYS, HUB_GROUP_ROW,
     false},
    {"name", CELL_NAME, ALWAYS, AT(name), TIP_REPLY_ALWAYS, HUB_GROUP_ROW,
     false},
    {"state", CELL_WORD, ALWAYS, AT(state), TIP_REPLY_WIDE, HUB_GROUP_ROW,
     false},
    {"last_contact_ms", CELL_SPAN, HEARD, AT(heard_ms), TIP_REPLY_ALWAYS,
     HUB_GROUP_ROW, false},
    {"waits", CELL_NAME, ENROLLED, AT(waits), TIP_REPLY_ALWAYS, HUB_GROUP_WORK,
     false},
    {"reach", CELL_NAME, ENROLLED, AT(reach), TIP_REPLY_ALWAYS, HUB_GROUP_ROW,
     false},
    {"oldest_waiting_ms", CELL_SPAN, IF_NOT_0, AT(oldest_ms), TIP_REPLY_WIDE,
     HUB_GROUP_WORK, false},
    {"quarantined", CELL_NUMBER, ENROLLED, AT(quarantined), TIP_REPLY_WIDE,
     HUB_GROUP_WORK, false},
    {"parked", CELL_NUMBER, ENROLLED, AT(parked), TIP_REPLY_WIDE,
     HUB_GROUP_WORK, false},
    {"conflicts", CELL_NUMBER, ENROLLED, AT(conflicts.count), TIP_REPLY_WIDE,
     HUB_GROUP_WORK, false},
    {"digest", CELL_WORD, ENROLLED, AT(digest), TIP_REPLY_WIDE, HUB_GROUP_WORK,
     false},
    {"lag", CELL_NUMBER, LAG, AT(lag), TIP_REPLY_WIDE, HUB_GROUP_WORK, false},
    {"clock_offset_ms", CELL_OFFSET, SAID, AT(device.clock_offset_ms),
     TIP_REPLY_WIDE, HUB_GROUP_MACHINE, false},
    {"version", CELL_NAME, SAID, AT(device.version), TIP_REPLY_WIDE,
     HUB_GROUP_MACHINE, false},
    {"reason", CELL_WORD, ALWAYS, AT(cause), TIP_REPLY_DETAIL, HUB_GROUP_ROW,
     false},
    {"trouble", CELL_WORD, ALWAYS, AT(trouble), TIP_REPLY_DETAIL, HUB_GROUP_ROW,
     false},
    {"last_heard", CELL_TIME, IF_NOT_0, AT(device.last_heard_ms),
     TIP_REPLY_DETAIL, HUB_GROUP_LINE, false},
    {"last_useful_ms", CELL_SPAN, IF_NOT_0, AT(useful_ms), TIP_REPLY_DETAIL,
     HUB_GROUP_LINE, false},
    {"last_useful", CELL_TIME, IF_NOT_0, AT(device.useful_ms), TIP_REPLY_DETAIL,
     HUB_GROUP_ROW, true},
    {"last_outage_ms", CELL_SPAN, IF_NOT_0, AT(device.health.outage_ms),
     TIP_REPLY_DETAIL, HUB_GROUP_LINE, false},
    {"outage_reason", CELL_WORD, ALWAYS, AT(outage), TIP_REPLY_DETAIL,
     HUB_GROUP_LINE, false},
    {"invited_until", CELL_TIME, IF_NOT_0, AT(invited_until_ms),
     TIP_REPLY_DETAIL, HUB_GROUP_ROW, false},
    {"waiting", CELL_NUMBER, SAID, AT(device.waiting_count), TIP_REPLY_DETAIL,
     HUB_GROUP_ROW, true},
    {"waiting_bytes", CELL_BYTES, SAID, AT(waiting_bytes), TIP_REPLY_DETAIL,
     HUB_GROUP_WORK, false},
    {"eta_ms", CELL_SPAN, IF_NOT_0, AT(eta_ms), TIP_REPLY_DETAIL,
     HUB_GROUP_WORK, false},
    {"records", CELL_NUMBER, ENROLLED, AT(device.records), TIP_REPLY_DETAIL,
     HUB_GROUP_WORK, false},
    {"records_there", CELL_NUMBER, SAID, AT(device.health.records),
     TIP_REPLY_DETAIL, HUB_GROUP_WORK, false},
    {"received", CELL_NUMBER, ENROLLED, AT(received), TIP_REPLY_DETAIL,
     HUB_GROUP_WORK, false},
    {"decided", CELL_NUMBER, ENROLLED, AT(decided), TIP_REPLY_DETAIL,
     HUB_GROUP_ROW, false},
    {"newest_there", CELL_NUMBER, SAID, AT(head_there), TIP_REPLY_DETAIL,
     HUB_GROUP_WORK, false},
    {"held", CELL_NUMBER, ENROLLED, AT(held), TIP_REPLY_DETAIL, HUB_GROUP_WORK,
     false},
    {"oldest_conflict_ms", CELL_SPAN, CONTESTED, AT(conflicts.oldest_ms),
     TIP_REPLY_DETAIL, HUB_GROUP_WORK, false},
    {"checkpoint", CELL_NUMBER, SAID, AT(checkpoint), TIP_REPLY_DETAIL,
     HUB_GROUP_ROW, false},
    {"differs_since", CELL_TIME, IF_NOT_0, AT(device.differs_since_ms),
     TIP_REPLY_DETAIL, HUB_GROUP_WORK, false},
    {"repair_rounds", CELL_NUMBER, ENROLLED, AT(repair_rounds),
     TIP_REPLY_DETAIL, HUB_GROUP_ROW, false},
    {"sent_again", CELL_NUMBER, IF_NOT_0, AT(sent_again), TIP_REPLY_DETAIL,
     HUB_GROUP_ROW, false},
    {"to_send_again", CELL_NUMBER, IF_NOT_0, AT(to_send_again),
     TIP_REPLY_DETAIL, HUB_GROUP_WORK, false},
    {"last_said_ms", CELL_SPAN, SAID, AT(said_ms), TIP_REPLY_DETAIL,
     HUB_GROUP_MACHINE, false},
    {"clock_uncertainty_ms", CELL_SPAN, IF_NOT_0, AT(uncertainty_ms),
     TIP_REPLY_DETAIL, HUB_GROUP_ROW, false},
    {"catalogue", CELL_NUMBER, SAID, AT(catalogue), TIP_REPLY_DETAIL,
     HUB_GROUP_MACHINE, false},
    {"key_epoch", CELL_NUMBER, ENROLLED, AT(device_epoch), TIP_REPLY_DETAIL,
     HUB_GROUP_MACHINE, false},
    {"disk_percent", CELL_NUMBER, SAID, AT(disk_percent), TIP_REPLY_DETAIL,
     HUB_GROUP_MACHINE, false},
    {"disk_used_bytes", CELL_BYTES, SAID, AT(device.health.disk_used_bytes),
     TIP_REPLY_DETAIL, HUB_GROUP_ROW, false},
    {"disk_limit_bytes", CELL_BYTES, SAID, AT(device.health.disk_limit_bytes),
     TIP_REPLY_DETAIL, HUB_GROUP_ROW, false},
    {"last_backup", CELL_TIME, IF_NOT_0, AT(device.health.backup_ms),
     TIP_REPLY_DETAIL, HUB_GROUP_MACHINE, false},
    {"last_verified", CELL_TIME, IF_NOT_0, AT(device.health.verified_ms),
     TIP_REPLY_DETAIL, HUB_GROUP_MACHINE, false},
    {"last_scrub", CELL_TIME, IF_NOT_0, AT(device.health.scrub_ms),
     TIP_REPLY_DETAIL, HUB_GROUP_MACHINE, false},
    {"rotten", CELL_NUMBER, SAID, AT(device.health.rot.count), TIP_REPLY_DETAIL,
     HUB_GROUP_MACHINE, false},
    {"rotten_first", CELL_NAME, IF_NOT_0, AT(rot), TIP_REPLY_DETAIL,
     HUB_GROUP_ROW, false},
    {"starts_day", CELL_NUMBER, SAID, AT(starts_day), TIP_REPLY_DETAIL,
     HUB_GROUP_MACHINE, false},
    {"power_cuts_day", CELL_NUMBER, SAID, AT(cuts_day), TIP_REPLY_DETAIL,
     HUB_GROUP_MACHINE, false},
    {"restores", CELL_NUMBER, SAID, AT(restores), TIP_REPLY_DETAIL,
     HUB_GROUP_MACHINE, false},
    {"last_restore", CELL_TIME, IF_NOT_0, AT(device.health.restored_ms),
     TIP_REPLY_DETAIL, HUB_GROUP_ROW, false},
    {"heard_hours", CELL_NUMBER, ENROLLED, AT(heard_hours), TIP_REPLY_DETAIL,
     HUB_GROUP_LINE, false},
    {"day_up_bytes", CELL_BYTES, ENROLLED, AT(day_up_bytes), TIP_REPLY_DETAIL,
     HUB_GROUP_LINE, false},
    {"day_down_bytes", CELL_BYTES, ENROLLED, AT(day_down_bytes),
     TIP_REPLY_DETAIL, HUB_GROUP_LINE, false},
    {"round_trip_ms", CELL_SPAN, IF_NOT_0, AT(device.round_trip_ms),
     TIP_REPLY_DETAIL, HUB_GROUP_LINE, false},
    {"goodput_up_bps", CELL_NUMBER, IF_NOT_0, AT(device.health.goodput_bps),
     TIP_REPLY_DETAIL, HUB_GROUP_LINE, false},
    {"goodput_down_bps", CELL_NUMBER, IF_NOT_0, AT(device.goodput_bps),
     TIP_REPLY_DETAIL, HUB_GROUP_LINE, false},
    {"link_bytes", CELL_BYTES, ENROLLED, AT(link_bytes), TIP_REPLY_DETAIL,
     HUB_GROUP_ROW, false},
    {"resent_bytes", CELL_BYTES, ENROLLED, AT(device.resent_bytes),
     TIP_REPLY_DETAIL, HUB_GROUP_LINE, false},
    {"bytes_per_edit", CELL_NUMBER, IF_NOT_0, AT(bytes_per_edit),
     TIP_REPLY_DETAIL, HUB_GROUP_LINE, false},
    {"connections", CELL_NUMBER, ENROLLED, AT(connections), TIP_REPLY_DETAIL,
     HUB_GROUP_LINE, false},
    {"bad_messages", CELL_NUMBER, ENROLLED, AT(bad_messages), TIP_REPLY_DETAIL,
     HUB_GROUP_ROW, false},
    {"origin", CELL_NUMBER, ENROLLED, AT(origin), TIP_REPLY_DETAIL,
     HUB_GROUP_ROW, false},
    {"feed", CELL_NUMBER, ENROLLED, AT(feed), TIP_REPLY_DETAIL, HUB_GROUP_ROW,
     false},
    {"restored_behind", CELL_NUMBER, IF_NOT_0, AT(device.continued_up_to),
     TIP_REPLY_DETAIL, HUB_GROUP_ROW, false},
    {"devices", CELL_NUMBER, ALWAYS, AT(devices), TIP_REPLY_DETAIL,
     HUB_GROUP_ROW, false},
    {"is_degraded", CELL_FLAG, ALWAYS, AT(verdict.is_degraded),
     TIP_REPLY_DETAIL, HUB_GROUP_ROW, true},
};

const char *hub_view_sign(const struct hub_view *view)
{
    if (hub_health_is_grave(view->verdict.worst)) {
        return "✖";
    }
    if (!view->has_device || view->device.is_out ||
        view->device.last_heard_ms == 0 ||
        hub_verdict_has(&view->verdict, HUB_SILENT)) {
        return "○";
    }
    return view->device.is_live ? "●" : "◐";
}

static bool is_known(const struct hub_view *view, const struct column *column)
{
    uint64_t number = 0;

    switch (column->known) {
    case ALWAYS:
        return true;
    case ENROLLED:
        return view->has_device;
    case HEARD:
        return view->has_device && view->device.last_heard_ms != 0;
    case SAID:
        return view->has_said;
    case LAG:
        return view->has_said && !view->is_of_before;
    case CONTESTED:
        return view->conflicts.count != 0;
    case IF_NOT_0:
        break;
    }
    memcpy(&number, (const char *)view + column->at, sizeof number);
    return number != 0;
}

static void say_word(struct tip_reply *reply, const char *key, const char *word)
{
    if (word == NULL) {
        tip_reply_none(reply, key);
    } else {
        tip_reply_text(reply, key, word);
    }
}

static void say_cell(struct tip_reply *reply, const struct hub_view *view,
                     const struct column *column)
{
    const char *at = (const char *)view + column->at;
    int64_t number = 0;
    const char *word;
    bool flag;

    switch (column->cell) {
    case CELL_NAME:
        tip_reply_text(reply, column->key, at);
        return;
    case CELL_WORD:
        memcpy(&word, at, sizeof word);
        say_word(reply, column->key, word);
        return;
    case CELL_FLAG:
        memcpy(&flag, at, sizeof flag);
        tip_reply_boolean(reply, column->key, flag);
        return;
    case CELL_NUMBER:
    case CELL_TIME:
    case CELL_SPAN:
    case CELL_BYTES:
    case CELL_OFFSET:
        break;
    }
    memcpy(&number, at, sizeof number);
    if (column->cell == CELL_NUMBER) {
        tip_reply_integer(reply, column->key, number);
    } else if (column->cell == CELL_TIME) {
        tip_reply_time(reply, column->key, number);
    } else if (column->cell == CELL_BYTES) {
        tip_reply_size(reply, column->key, number);
    } else {
        tip_reply_duration(reply, column->key, number);
    }
}

/* "silent, disk": the worst first, two of them, and how many more. */
static void say_note(struct tip_reply *reply, const struct hub_view *view)
{
    char text[64] = "";
    const char *worst = hub_health_word(view->verdict.worst);

    if (view->verdict.count > 1) {
        (void)snprintf(text, sizeof text, "%s +%" PRIu32, worst,
                       view->verdict.count - 1);
        worst = text;
    }
    tip_reply_text(reply, "note", worst);
}

static void say_column(struct tip_reply *reply, const struct hub_view *view,
                       const struct column *column)
{
    if (is_known(view, column)) {
        say_cell(reply, view, column);
    } else {
        tip_reply_none(reply, column->key);
    }
}

static void say_columns(struct tip_reply *reply, const struct hub_view *view,
                        bool is_page)
{
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        const struct column *column = &columns[i];

        tip_reply_rank(reply, !is_page           ? column->rank
                              : column->is_twice ? TIP_REPLY_DETAIL
                                                 : TIP_REPLY_ALWAYS);
        say_column(reply, view, column);
    }
    tip_reply_rank(reply, TIP_REPLY_ALWAYS);
    say_note(reply, view);
}

void hub_view_say_page(struct tip_reply *reply, const struct hub_view *view)
{
    say_columns(reply, view, true);
    tip_reply_list_begin(reply, "held_reasons");
    for (size_t i = 0; i < TIP_HOLD_COUNT; i++) {
        if (view->held_for[i] == 0) {
            continue;
        }
        tip_reply_row_begin(reply);
        tip_reply_integer(reply, "held", (int64_t)view->held_for[i]);
        tip_reply_boolean(reply, "parked",
                          tip_hold_is_parked((enum tip_hold)i));
        tip_reply_text(reply, "reason", tip_hold_words((enum tip_hold)i));
        tip_reply_row_end(reply);
    }
    tip_reply_list_end(reply);
}

const char *hub_view_group(enum hub_group group)
{
    static const char *const names[HUB_GROUP_COUNT] = {
        [HUB_GROUP_ROW] = "nodes",
        [HUB_GROUP_WORK] = "work",
        [HUB_GROUP_LINE] = "lines",
        [HUB_GROUP_MACHINE] = "machines"};

    return names[group];
}

void hub_view_say_group(struct tip_reply *reply, const struct hub_view *view,
                        enum hub_group group)
{
    if (group == HUB_GROUP_ROW) {
        say_columns(reply, view, false);
        return;
    }
    tip_reply_integer(reply, "office", (int64_t)view->office);
    tip_reply_text(reply, "name", view->name);
    tip_reply_rank(reply, TIP_REPLY_WIDE);
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        if (columns[i].group == group) {
            say_column(reply, view, &columns[i]);
        }
    }
    tip_reply_rank(reply, TIP_REPLY_ALWAYS);
}

void hub_view_say_legend(struct tip_reply *reply)
{
    static const char *const lines[] = {
        "ST  ● connected  ◐ away  ○ silent, never seen, or without a device  "
        "✖ it needs a person first of all: NOTE says why, the warnings what to "
        "do.",
        "REACH  the last 24 hours, 3 in each step, the newest last: █ heard in "
        "each hour  ▄ in some  ▁ in none.",
        "WAITS  changes that are not here: ≥ it is away and may have more, ? "
        "it "
        "never said.",
        "LAG  commits it has not confirmed.  DIGEST  does it hold what the hub "
        "holds for it?  QUARANTINED waits for a person, PARKED goes on by "
        "itself.",
        "DAY UP, DAY DOWN  bytes of messages in 24 hours, from and to the "
        "office; the line adds some 90 to each message."};

    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        tip_reply_note(reply, TIP_REPLY_INFO, "%s", lines[i]);
    }
}
