/*
 * The registrar's key as a file: sealed by the hub's vault, so that neither the
 * file nor the hub without it can let a device in. It may lie on a stick that
 * is put in only to approve.
 */
#ifndef HUB_REGISTRAR_H
#define HUB_REGISTRAR_H

#include "tip_certificate.h"
#include "tip_vault.h"

/** Write @registrar to the new file @path, mode 0600. As tip_file_create(). */
TIP_MUST_USE enum tip_err
hub_registrar_create(const char *path, struct tip_vault *vault,
                     const struct tip_registrar *registrar);

/** Read it. TIP_EREGISTRAR: there is none at @path. TIP_EEXPOSED,
 * TIP_ESTORE_DAMAGED: altered, or of another hub. */
TIP_MUST_USE enum tip_err
hub_registrar_open(const char *path, struct tip_vault *vault,
                   struct tip_registrar **out_registrar);

#endif /* HUB_REGISTRAR_H */
