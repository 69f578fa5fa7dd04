/* A file of a command, collected whole before it is looked at. */
#ifndef TIP_INTAKE_H
#define TIP_INTAKE_H

#include <stddef.h>
#include <stdint.h>

#include "tip_bytes.h"
#include "tip_err.h"
#include "tip_request.h"

/** Zero to start; owns what came, which may be secret. */
struct tip_intake {
    uint8_t *memory;
    size_t size, capacity;
};

/** Take what has come of the only file of @request, borrowed until
 * tip_intake_deinit(). TIP_EAGAIN: more is to come; TIP_ETOOBIG: it is larger
 * than @size_max; TIP_ENOMEM. Its data are NULL if no file was
 * named. */
TIP_MUST_USE enum tip_err tip_intake_take(struct tip_intake *intake,
                                          struct tip_request *request,
                                          size_t size_max,
                                          struct tip_bytes *out_file);

/** Wipe and release. Safe on a zero one. */
void tip_intake_deinit(struct tip_intake *intake);

#endif /* TIP_INTAKE_H */
