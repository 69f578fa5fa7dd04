/*
 * Values of a backup that did not open when it was made: which, and what to do.
 */
#ifndef TIP_BACKUP_DAMAGE_H
#define TIP_BACKUP_DAMAGE_H

#include "tip_reply.h"
#include "tip_store_dump.h"
#include "tip_survey.h"

/** Zero to start. */
struct tip_backup_damage {
    struct tip_survey found;
};

/** Note @entry if it is damaged. */
void tip_backup_damage_note(struct tip_backup_damage *damage,
                            const struct tip_store_entry *entry);

/** Fields of an answer: how many, and the first of them; if there are any, a
 * warning that ends with @next, what is to be done. */
void tip_backup_damage_say(struct tip_reply *reply,
                           const struct tip_backup_damage *damage,
                           const char *next);

#endif /* TIP_BACKUP_DAMAGE_H */
