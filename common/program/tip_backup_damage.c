#include "tip_backup_damage.h"

#include <inttypes.h>

#include "tip_program.h"

static void tell(void *context, enum tip_inspect_kind kind, uint64_t a,
                 uint64_t b)
{
    struct tip_backup_damage *damage = context;

    tip_survey_tell(&damage->found, kind, a, b);
}

void tip_backup_damage_note(struct tip_backup_damage *damage,
                            const struct tip_store_entry *entry)
{
    struct tip_inspect check = {.found = tell, .context = damage};

    if (entry->is_damaged) {
        tip_inspect_tell_row(&check, entry->table, entry->key);
    }
}

void tip_backup_damage_say(struct tip_reply *reply,
                           const struct tip_backup_damage *damage,
                           const char *next)
{
    const struct tip_survey_report *report = &damage->found.now;

    tip_reply_integer(reply, "rotten", (int64_t)report->count);
    tip_program_say_rot(reply, report);
    if (report->count > 0) {
        tip_program_warn(reply,
                         "%" PRIu64 " of the values of this backup did not "
                         "open when it was made, and lie in it as they were "
                         "found; all others are whole. %s",
                         report->count, next);
    }
}
