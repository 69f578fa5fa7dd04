/*
 * The vault: the key under which a store's values lie on the disk.
 *
 * The key comes from a file (with --dev only: whoever takes the disk has both)
 * or from a systemd credential, which can be bound to this machine's TPM. It
 * stays in locked, read-only memory until the vault is closed.
 */
#ifndef TIP_VAULT_H
#define TIP_VAULT_H

#include "tip_err.h"
#include "tip_sealer.h"

struct tip_random;
struct tip_vault;

/**
 * Make a new key and write it to the new file @path, mode 0600. It is whole
 * and durable when this returns TIP_OK. TIP_EEXISTS: there is a file already
 * and it is as it was. Otherwise as tip_file_create().
 */
TIP_MUST_USE enum tip_err tip_vault_create_file(const char *path,
                                                struct tip_random *random);

/**
 * Open the vault of the key in file @path; the caller closes it.
 * TIP_EEXPOSED: others have rights on it. TIP_EKEYFILE: no key in it.
 * TIP_ENOTFOUND, TIP_EACCESS, TIP_EIO, TIP_ENOMEM.
 */
TIP_MUST_USE enum tip_err tip_vault_open_file(const char *path,
                                              struct tip_vault **out_vault);

/** Open the vault of the systemd credential @name, which holds what a key file
 * does. TIP_ECREDENTIAL: systemd passed none of that name. TIP_EINVAL: @name
 * is not a file name. Otherwise as tip_vault_open_file(). */
TIP_MUST_USE enum tip_err
tip_vault_open_credential(const char *name, struct tip_vault **out_vault);

/** Wipe the key; its sealer is gone too. Accepts NULL. */
void tip_vault_close(struct tip_vault *vault);

/** What the store seals with. Borrowed, as long as @vault is open. */
struct tip_sealer *tip_vault_sealer(struct tip_vault *vault);

#endif /* TIP_VAULT_H */
