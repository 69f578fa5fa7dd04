/*
 * A nameless file for bytes that are too many for memory and must be read
 * twice. It is gone with its descriptor, also after a crash.
 */
#ifndef TIP_SPOOL_H
#define TIP_SPOOL_H

#include <stddef.h>
#include <stdint.h>

#include "tip_bytes.h"
#include "tip_err.h"

/** Make one in the folder @dir; close(2) it. TIP_ESTORE_FULL, TIP_EACCESS,
 * TIP_EIO. */
TIP_MUST_USE enum tip_err tip_spool_open(const char *dir, int *out_fd);

/** Append @bytes, wherever it is read. TIP_ESTORE_FULL, TIP_EIO. */
TIP_MUST_USE enum tip_err tip_spool_write(int fd, struct tip_bytes bytes);

/** Go back to the first byte. */
TIP_MUST_USE enum tip_err tip_spool_rewind(int fd);

/** Read @size bytes. TIP_ENOTFOUND: the file ends here; TIP_EMALFORMED: it ends
 * within them; TIP_EIO. */
TIP_MUST_USE enum tip_err tip_spool_read(int fd, uint8_t *out, size_t size);

#endif /* TIP_SPOOL_H */
