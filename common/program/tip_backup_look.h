/* Internal: backups looked at, one or all in a folder. */
#ifndef TIP_BACKUP_LOOK_H
#define TIP_BACKUP_LOOK_H

#include "tip_backup_command.h"
#include "tip_backup_damage.h"

/** Open the vault of a home that may have nothing but its key; says what to do
 * without. */
TIP_MUST_USE enum tip_err tip_backup_vault(const struct tip_home_opts *opts,
                                           struct tip_reply *reply,
                                           struct tip_vault **out_vault);

/** Read to the end, opening every value but those that are said to be damaged,
 * which are noted in @damage, and telling how far it is. TIP_OK: all of it is
 * proved. */
TIP_MUST_USE enum tip_err tip_backup_prove(struct tip_backup_reader *reader,
                                           struct tip_reply *reply,
                                           struct tip_backup_damage *damage);

/** Tell how far @reader is, now and then. */
void tip_backup_tell(const struct tip_backup_reader *reader,
                     struct tip_reply *reply);

/** The latest moment of @head's device that a backup beside @path is of; @head
 * itself if none is later. What cannot be read counts for nothing. */
struct tip_backup_point
tip_backup_latest_beside(const char *path, const struct tip_backup_head *head,
                         struct tip_sealer *sealer);

#endif /* TIP_BACKUP_LOOK_H */
