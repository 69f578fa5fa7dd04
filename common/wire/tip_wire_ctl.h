/*
 * One entry of the control log and its bytes.
 *
 * Whoever keeps an entry keeps the bytes as they came: what a later version
 * says in them, this one does not read but passes on.
 */
#ifndef TIP_WIRE_CTL_H
#define TIP_WIRE_CTL_H

#include "tip_buf.h"
#include "tip_ctl.h"
#include "tip_err.h"

/** Append @control to @buf: at most TIP_CTL_BYTES_MAX. TIP_EINVAL: it may
 * not be said. TIP_ETOOBIG. */
TIP_MUST_USE enum tip_err tip_wire_ctl_encode(const struct tip_ctl *control,
                                              struct tip_buf *buf);

/** Read one; what a later version put behind it is passed over.
 * TIP_EUNSUPPORTED: of a kind this version does not know. TIP_EMALFORMED. */
TIP_MUST_USE enum tip_err tip_wire_ctl_decode(struct tip_bytes bytes,
                                              struct tip_ctl *out_control);

#endif /* TIP_WIRE_CTL_H */
