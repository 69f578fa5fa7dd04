/* A small file of a command, collected whole before it is looked at. */
#ifndef TIP_INTAKE_H
#define TIP_INTAKE_H

#include <stddef.h>
#include <stdint.h>

#include "tip_bytes.h"
#include "tip_err.h"
#include "tip_request.h"

enum { TIP_INTAKE_BYTES_MAX = 16 * 1024 };

/** Zero to start. Plain data. */
struct tip_intake {
    uint8_t memory[TIP_INTAKE_BYTES_MAX];
    size_t size;
};

/** Take what has come of the only file of @request. TIP_EAGAIN: more is to
 * come; TIP_ETOOBIG: it is larger than any letter. */
TIP_MUST_USE enum tip_err tip_intake_take(struct tip_intake *intake,
                                          struct tip_request *request,
                                          struct tip_bytes *out_file);

#endif /* TIP_INTAKE_H */
