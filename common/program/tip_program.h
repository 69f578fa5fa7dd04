/*
 * What a program does before it is a command or a daemon, and what both
 * programs answer alike.
 */
#ifndef TIP_PROGRAM_H
#define TIP_PROGRAM_H

#include "tip_cli.h"
#include "tip_err.h"
#include "tip_home.h"
#include "tip_link_zmq.h"
#include "tip_reply.h"
#include "tip_request.h"

enum {
    TIP_PROGRAM_ADDRESSES_MAX = TIP_LINK_ENDPOINTS_MAX,
    TIP_PROGRAM_ADDRESS_SIZE = 300
};

/** The whole of main(): the link child if that is what was started; otherwise
 * a hardened process that does what the command line says. */
int tip_program_main(const struct tip_cli_program *program, int argc,
                     char **argv);

/** Addresses as libzmq wants them. Plain data. */
struct tip_program_addresses {
    char texts[TIP_PROGRAM_ADDRESSES_MAX][TIP_PROGRAM_ADDRESS_SIZE];
    size_t count;
};

/** "host:port, [v6]:port" to "tcp://…". TIP_EINVAL, TIP_ETOOBIG. */
TIP_MUST_USE enum tip_err
tip_program_addresses(const char *list, struct tip_program_addresses *out);

/** Name the fields of how full the store is, and warn when it is nearly so. */
void tip_program_say_disk(struct tip_reply *reply,
                          const struct tip_store_usage *usage);

/** The command "verify": look at every value of the store of @opts. */
TIP_MUST_USE enum tip_err tip_program_verify(const struct tip_home_opts *opts,
                                             struct tip_reply *reply);

/** Say that a command is done with reservations: exit code 3 and the note. */
void tip_program_warn(struct tip_reply *reply, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif /* TIP_PROGRAM_H */
