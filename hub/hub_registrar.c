#include "hub_registrar.h"

#include "tip_arena.h"
#include "tip_file.h"
#include "tip_secret.h"

enum {
    FILE_SIZE = TIP_REGISTRAR_SAVED_SIZE + TIP_SEALER_OVERHEAD,
    FILE_MODE = 0600,
    ARENA_BYTES_MAX = 4096
};

#define PLACE tip_bytes_text("tip0 registrar")

enum tip_err hub_registrar_create(const char *path, struct tip_vault *vault,
                                  const struct tip_registrar *registrar)
{
    uint8_t plain[TIP_REGISTRAR_SAVED_SIZE];
    uint8_t sealed[FILE_SIZE];
    enum tip_err err;

    tip_registrar_save(registrar, plain);
    err = tip_sealer_seal(tip_vault_sealer(vault), PLACE, TIP_BYTES_OF(plain),
                          sealed);
    tip_secret_wipe(plain, sizeof plain);
    return err == TIP_OK
               ? tip_file_create(path, TIP_BYTES_OF(sealed), FILE_MODE)
               : err;
}

static enum tip_err unseal(struct tip_vault *vault, struct tip_bytes sealed,
                           struct tip_registrar **out_registrar)
{
    uint8_t plain[TIP_REGISTRAR_SAVED_SIZE];
    enum tip_err err;

    if (sealed.size != FILE_SIZE) {
        return TIP_ESTORE_DAMAGED;
    }
    err = tip_sealer_open(tip_vault_sealer(vault), PLACE, sealed, plain);
    if (err == TIP_OK) {
        err = tip_registrar_load(TIP_BYTES_OF(plain), out_registrar);
    }
    tip_secret_wipe(plain, sizeof plain);
    return err;
}

enum tip_err hub_registrar_open(const char *path, struct tip_vault *vault,
                                struct tip_registrar **out_registrar)
{
    struct tip_arena arena;
    struct tip_bytes sealed;
    enum tip_err err;

    tip_arena_init(&arena, ARENA_BYTES_MAX);
    err = tip_file_read(path, TIP_FILE_PRIVATE, FILE_SIZE, &arena, &sealed);
    if (err == TIP_OK) {
        err = unseal(vault, sealed, out_registrar);
    }
    tip_arena_deinit(&arena);
    return err == TIP_ENOTFOUND ? TIP_EREGISTRAR : err;
}
