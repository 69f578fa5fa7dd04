/* Internal: a save on its way, from what was asked to the answer. */
#ifndef TIP_COMMANDS_SAVE_H
#define TIP_COMMANDS_SAVE_H

#include "tip_commands_say.h"
#include "tip_intake.h"

/** What was asked is collected, saved once, and answered when its batch is
 * durable. The request owns it. */
struct tip_command_save {
    struct tip_desk_answer answer;
    uint64_t ticket; /* 0: not saved yet. */
    struct tip_intake from;
    struct tip_bytes json; /* What --from brought, in @from. */
};

/** Whatever a save needs before the desk is asked. TIP_EAGAIN: wait;
 * @out_is_done says that the answer, good or bad, is out already. */
TIP_MUST_USE enum tip_err
tip_command_save_begin(struct tip_command_host *host,
                       struct tip_request *request, struct tip_reply *reply,
                       struct tip_command_save **out_save, bool *out_is_done);

/** The desk answered @err: refuse, or wait for the disk, then answer. */
TIP_MUST_USE enum tip_err tip_command_save_finish(struct tip_command_host *host,
                                                  struct tip_command_save *save,
                                                  struct tip_reply *reply,
                                                  enum tip_err err);

/** Which record, and the version its author saw: what every command that
 * changes one begins with. */
TIP_MUST_USE enum tip_err tip_command_read_change(
    const struct tip_request *request, struct tip_reply *reply,
    struct tip_desk_change *out_change, struct tip_seen *out_seen);

/** A change to one record, ready to be asked for. Borrows. */
struct tip_command_change {
    struct tip_desk *desk;
    const struct tip_request *request;
    struct tip_reply *reply;
    struct tip_desk_who who;
    struct tip_desk_change asked; /* Which record, and the version seen. */
    struct tip_command_save *save;
};

/** Ask the desk for @change; what it says goes to change->save->answer. */
typedef enum tip_err tip_command_ask_fn(struct tip_command_change *change);

/** The whole of a command that changes one record, but for what it asks. */
TIP_MUST_USE enum tip_err tip_command_change(void *program,
                                             struct tip_request *request,
                                             struct tip_reply *reply,
                                             tip_command_ask_fn *ask);

#endif /* TIP_COMMANDS_SAVE_H */
