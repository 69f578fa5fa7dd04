/* Internal: what several commands answer alike. */
#ifndef TIP_COMMANDS_SAY_H
#define TIP_COMMANDS_SAY_H

#include "tip_catalogue.h"
#include "tip_commands.h"
#include "tip_desk_show.h"
#include "tip_desk_write.h"
#include "tip_problems.h"
#include "tip_reply.h"
#include "tip_request.h"

enum { TIP_COMMAND_WORDS_MAX = 64 };

/** The text of option @name, empty if it was not given. Borrows. */
struct tip_bytes tip_command_option(const struct tip_request *request,
                                    const char *name);

bool tip_command_flag(const struct tip_request *request, const char *name);

/** Split "a, b" at commas. Borrows. */
size_t tip_command_words(struct tip_bytes text,
                         struct tip_bytes out_words[TIP_COMMAND_WORDS_MAX]);

/** Read arguments from @first on as FIELD=VALUE. Borrows the words.
 * TIP_EUSAGE, explained. */
TIP_MUST_USE enum tip_err tip_command_inputs(const struct tip_request *request,
                                             size_t first,
                                             struct tip_reply *reply,
                                             struct tip_desk_input *out_inputs,
                                             size_t max, size_t *out_count);

/** Read argument @index as a record id. TIP_EUSAGE, explained. */
TIP_MUST_USE enum tip_err tip_command_id(const struct tip_request *request,
                                         size_t index, struct tip_reply *reply,
                                         struct tip_id *out_id);

/** Read --seen into @out_seen; @out_is_given says whether it was there. */
TIP_MUST_USE enum tip_err tip_command_seen(const struct tip_request *request,
                                           struct tip_reply *reply,
                                           struct tip_seen *out_seen,
                                           bool *out_is_given);

/** Who asks: the account on the socket, and --reason. Borrows. */
struct tip_desk_who tip_command_who(const struct tip_request *request);

/** List faults as "problems", and explain the first. */
void tip_command_say_problems(struct tip_reply *reply,
                              const struct tip_problems *problems);

/** Say which catalogue it is and how much it has. */
void tip_command_say_catalogue(struct tip_reply *reply,
                               const struct tip_catalogue *catalogue);

/** Say a record: what it is, its fields, and all that stands beside. */
void tip_command_say_sheet(struct tip_reply *reply,
                           const struct tip_desk_sheet *sheet,
                           bool conflicts_only);

/** Say that a record was given to an office, as members of the open row. */
void tip_command_say_referral(struct tip_reply *reply,
                              const struct tip_desk_referral *referral);

/** Who wrote @value, as members of the open row. */
void tip_command_say_writer(struct tip_reply *reply,
                            const struct tip_desk_value *value);

/** Read argument @index as a seq, or two with a hyphen between; alone if there
 * is no second. TIP_EUSAGE, explained. */
TIP_MUST_USE enum tip_err tip_command_seqs(const struct tip_request *request,
                                           size_t index,
                                           struct tip_reply *reply,
                                           uint64_t *out_first,
                                           uint64_t *out_last);

/** Say who made @set and when, and what it would write beside what stands
 * there now; @arena: working memory. */
TIP_MUST_USE enum tip_err
tip_command_say_proposal(struct tip_reply *reply, struct tip_desk *desk,
                         const struct tip_change_set *set,
                         struct tip_arena *arena);

/** Say what a person decided about what was held back. */
void tip_command_say_ruling(struct tip_reply *reply,
                            const struct tip_ruling *ruling, uint64_t commit);

#endif /* TIP_COMMANDS_SAY_H */
