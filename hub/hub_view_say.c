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
enum known { ALWAYS, ENROLLED, HEARD, SAID, CONTESTED, IF_NOT_0 };

struct column {
    const char *key;
    enum cell cell;
    enum known known;
    size_t at; /* In struct hub_view. */
    enum tip_reply_rank rank;
    bool is_twice; /* People read it in other words on a page of its own. */
};

#define AT(member_) offsetof(struct hub_view, member_)

static const struct column columns[] = {
    {"office", CELL_NUMBER, ALWAYS, AT(office), TIP_REPLY_ALWAYS, false},
    {"name", CELL_NAME, ALWAYS, AT(name), TIP_REPLY_ALWAYS, false},
    {"state", CELL_WORD, ALWAYS, AT(state), TIP_REPLY_ALWAYS, false},
    {"last_contact_ms", CELL_SPAN, HEARD, AT(heard_ms), TIP_REPLY_ALWAYS,
     false},
    {"waits", CELL_NAME, ENROLLED, AT(waits), TIP_REPLY_ALWAYS, false},
    {"oldest_waiting_ms", CELL_SPAN, IF_NOT_0, AT(oldest_ms), TIP_REPLY_WIDE,
     false},
    {"quarantined", CELL_NUMBER, ENROLLED, AT(quarantined), TIP_REPLY_WIDE,
     false},
    {"parked", CELL_NUMBER, ENROLLED, AT(parked), TIP_REPLY_WIDE, false},
    {"conflicts", CELL_NUMBER, ENROLLED, AT(conflicts.count), TIP_REPLY_WIDE,
     false},
    {"digest", CELL_WORD, ENROLLED, AT(digest), TIP_REPLY_WIDE, false},
    {"lag", CELL_NUMBER, SAID, AT(lag), TIP_REPLY_WIDE, false},
    {"clock_offset_ms", CELL_OFFSET, SAID, AT(device.clock_offset_ms),
     TIP_REPLY_WIDE, false},
    {"version", CELL_NAME, SAID, AT(device.version), TIP_REPLY_WIDE, false},
    {"reason", CELL_WORD, ALWAYS, AT(cause), TIP_REPLY_DETAIL, false},
    {"trouble", CELL_WORD, ALWAYS, AT(trouble), TIP_REPLY_DETAIL, false},
    {"last_heard", CELL_TIME, IF_NOT_0, AT(device.last_heard_ms),
     TIP_REPLY_DETAIL, false},
    {"last_useful_ms", CELL_SPAN, IF_NOT_0, AT(useful_ms), TIP_REPLY_DETAIL,
     false},
    {"last_useful", CELL_TIME, IF_NOT_0, AT(device.useful_ms), TIP_REPLY_DETAIL,
     true},
    {"last_outage_ms", CELL_SPAN, IF_NOT_0, AT(device.health.outage_ms),
     TIP_REPLY_DETAIL, false},
    {"outage_reason", CELL_WORD, ALWAYS, AT(outage), TIP_REPLY_DETAIL, false},
    {"invited_until", CELL_TIME, IF_NOT_0, AT(invited_until_ms),
     TIP_REPLY_DETAIL, false},
    {"waiting", CELL_NUMBER, SAID, AT(device.waiting_count), TIP_REPLY_DETAIL,
     true},
    {"waiting_bytes", CELL_BYTES, SAID, AT(device.health.waiting_bytes),
     TIP_REPLY_DETAIL, false},
    {"eta_ms", CELL_SPAN, IF_NOT_0, AT(eta_ms), TIP_REPLY_DETAIL, false},
    {"received", CELL_NUMBER, ENROLLED, AT(received), TIP_REPLY_DETAIL, false},
    {"newest_there", CELL_NUMBER, SAID, AT(head_there), TIP_REPLY_DETAIL,
     false},
    {"held", CELL_NUMBER, ENROLLED, AT(held), TIP_REPLY_DETAIL, false},
    {"oldest_conflict_ms", CELL_SPAN, CONTESTED, AT(conflicts.oldest_ms),
     TIP_REPLY_DETAIL, false},
    {"checkpoint", CELL_NUMBER, SAID, AT(checkpoint), TIP_REPLY_DETAIL, false},
    {"differs_since", CELL_TIME, IF_NOT_0, AT(device.differs_since_ms),
     TIP_REPLY_DETAIL, false},
    {"repair_rounds", CELL_NUMBER, ENROLLED, AT(repair_rounds),
     TIP_REPLY_DETAIL, false},
    {"sent_again", CELL_NUMBER, IF_NOT_0, AT(sent_again), TIP_REPLY_DETAIL,
     false},
    {"to_send_again", CELL_NUMBER, IF_NOT_0, AT(to_send_again),
     TIP_REPLY_DETAIL, false},
    {"clock_uncertainty_ms", CELL_SPAN, IF_NOT_0, AT(uncertainty_ms),
     TIP_REPLY_DETAIL, false},
    {"catalogue", CELL_NUMBER, SAID, AT(catalogue), TIP_REPLY_DETAIL, false},
    {"key_epoch", CELL_NUMBER, ENROLLED, AT(device_epoch), TIP_REPLY_DETAIL,
     false},
    {"disk_used_bytes", CELL_BYTES, SAID, AT(device.disk_used_bytes),
     TIP_REPLY_DETAIL, false},
    {"disk_limit_bytes", CELL_BYTES, SAID, AT(device.disk_limit_bytes),
     TIP_REPLY_DETAIL, false},
    {"last_backup", CELL_TIME, IF_NOT_0, AT(device.health.backup_ms),
     TIP_REPLY_DETAIL, false},
    {"last_scrub", CELL_TIME, IF_NOT_0, AT(device.health.scrub_ms),
     TIP_REPLY_DETAIL, false},
    {"starts_day", CELL_NUMBER, SAID, AT(starts_day), TIP_REPLY_DETAIL, false},
    {"power_cuts_day", CELL_NUMBER, SAID, AT(cuts_day), TIP_REPLY_DETAIL,
     false},
    {"round_trip_ms", CELL_SPAN, IF_NOT_0, AT(device.round_trip_ms),
     TIP_REPLY_DETAIL, false},
    {"goodput_up_bps", CELL_NUMBER, IF_NOT_0, AT(device.health.goodput_bps),
     TIP_REPLY_DETAIL, false},
    {"goodput_down_bps", CELL_NUMBER, IF_NOT_0, AT(device.goodput_bps),
     TIP_REPLY_DETAIL, false},
    {"link_bytes", CELL_BYTES, ENROLLED, AT(link_bytes), TIP_REPLY_DETAIL,
     false},
    {"resent_bytes", CELL_BYTES, ENROLLED, AT(device.resent_bytes),
     TIP_REPLY_DETAIL, false},
    {"bytes_per_edit", CELL_NUMBER, IF_NOT_0, AT(bytes_per_edit),
     TIP_REPLY_DETAIL, false},
    {"connections", CELL_NUMBER, ENROLLED, AT(connections), TIP_REPLY_DETAIL,
     false},
    {"bad_messages", CELL_NUMBER, ENROLLED, AT(bad_messages), TIP_REPLY_DETAIL,
     false},
    {"origin", CELL_NUMBER, ENROLLED, AT(origin), TIP_REPLY_DETAIL, false},
    {"feed", CELL_NUMBER, ENROLLED, AT(feed), TIP_REPLY_DETAIL, false},
    {"restored_behind", CELL_NUMBER, IF_NOT_0, AT(device.continued_up_to),
     TIP_REPLY_DETAIL, false},
    {"devices", CELL_NUMBER, ALWAYS, AT(devices), TIP_REPLY_DETAIL, false},
    {"is_degraded", CELL_FLAG, ALWAYS, AT(verdict.is_degraded),
     TIP_REPLY_DETAIL, true},
};

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

static void say_columns(struct tip_reply *reply, const struct hub_view *view,
                        bool is_page)
{
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        const struct column *column = &columns[i];

        tip_reply_rank(reply, !is_page           ? column->rank
                              : column->is_twice ? TIP_REPLY_DETAIL
                                                 : TIP_REPLY_ALWAYS);
        if (is_known(view, column)) {
            say_cell(reply, view, column);
        } else {
            tip_reply_none(reply, column->key);
        }
    }
    tip_reply_rank(reply, TIP_REPLY_ALWAYS);
    say_note(reply, view);
}

void hub_view_say_row(struct tip_reply *reply, const struct hub_view *view)
{
    say_columns(reply, view, false);
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
