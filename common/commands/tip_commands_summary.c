/* conflicts summary; and the same of one office, where a program shows that. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "tip_commands_say.h"
#include "tip_desk_disputed.h"

/* Its name in the catalogue, or "#" and its number. */
static void say_name(struct tip_reply *reply, const char *key,
                     struct tip_bytes name, uint32_t number)
{
    char text[16];

    if (name.size != 0) {
        tip_reply_bytes(reply, key, name);
        return;
    }
    (void)snprintf(text, sizeof text, "#%" PRIu32, number);
    tip_reply_text(reply, key, text);
}

static void say_dispute(struct tip_reply *reply, const struct tip_desk *desk,
                        const struct tip_dispute *dispute)
{
    say_name(reply, "type", tip_dispute_type(desk, dispute), dispute->type);
    say_name(reply, "field", tip_dispute_field(desk, dispute), dispute->field);
    tip_reply_integer(reply, "conflicts", (int64_t)dispute->count);
    tip_reply_duration(reply, "oldest_ms", (int64_t)dispute->oldest_ms);
    tip_reply_text(reply, "decides",
                   tip_dispute_is_for_hub(desk, dispute) ? "hub or office"
                                                         : "office");
}

static void say_office(struct tip_reply *reply, struct tip_desk *desk,
                       uint32_t office)
{
    struct tip_bytes name = TIP_BYTES_NONE;

    if (office == TIP_OFFICE_ALL) {
        name = tip_bytes_text(TIP_DESK_OFFICE_ALL);
    } else if (office == TIP_OFFICE_HUB) {
        name = tip_bytes_text(TIP_DESK_OFFICE_HUB);
    } else if (desk->office_name != NULL) {
        name = desk->office_name(desk, office);
    }
    tip_reply_integer(reply, "office", office);
    tip_reply_bytes(reply, "name", name);
}

void tip_command_say_disputes(struct tip_reply *reply, struct tip_desk *desk,
                              const struct tip_disputes *disputes,
                              uint32_t office)
{
    tip_reply_list_begin(reply, "conflict_fields");
    for (size_t i = 0; i < disputes->count; i++) {
        if (disputes->items[i].office == office) {
            tip_reply_row_begin(reply);
            say_dispute(reply, desk, &disputes->items[i]);
            tip_reply_row_end(reply);
        }
    }
    tip_reply_list_end(reply);
}

static void say_all(struct tip_reply *reply, struct tip_desk *desk,
                    const struct tip_disputes *disputes,
                    const struct tip_contested *all)
{
    tip_reply_integer(reply, "records", (int64_t)all->count);
    tip_reply_boolean(reply, "are_more", all->are_more || disputes->are_more);
    tip_reply_list_begin(reply, "conflict_fields");
    for (size_t i = 0; i < disputes->count; i++) {
        tip_reply_row_begin(reply);
        say_office(reply, desk, disputes->items[i].office);
        say_dispute(reply, desk, &disputes->items[i]);
        tip_reply_row_end(reply);
    }
    tip_reply_list_end(reply);
}

enum tip_err tip_command_conflicts_summary(void *program,
                                           struct tip_request *request,
                                           struct tip_reply *reply)
{
    struct tip_command_host *host = program;
    struct tip_disputes *disputes =
        tip_request_job(request, sizeof *disputes, free);
    struct tip_contested all;
    enum tip_err err = disputes == NULL
                           ? TIP_ENOMEM
                           : tip_desk_disputed(host->desk, disputes, &all);

    if (err == TIP_OK) {
        say_all(reply, host->desk, disputes, &all);
    }
    return err;
}
