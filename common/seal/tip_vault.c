#include "tip_vault.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "tip_arena.h"
#include "tip_file.h"
#include "tip_nonce.h"
#include "tip_random.h"
#include "tip_secret.h"

/*
 * A key file is one line of text: the heading, 64 hexadecimal digits, a line
 * feed. Text, so that whoever finds it knows what it is, and so that
 * `systemd-creds encrypt` takes the very same file.
 */
#define HEADING "tip-vault-key-0 "

enum {
    VERSION = 0,
    PREFIX_SIZE = 1 + TIP_AEAD_NONCE_SIZE,
    HEADING_SIZE = sizeof HEADING - 1,
    HEX_SIZE = 2 * TIP_KEY_SIZE,
    LINE_SIZE = HEADING_SIZE + HEX_SIZE + 1,
    KEY_FILE_MODE = 0600,
    ARENA_BYTES_MAX = 2 * LINE_SIZE /* A line, aligned. */
};

_Static_assert((int)TIP_SEALER_OVERHEAD == (int)PREFIX_SIZE + (int)TIP_TAG_SIZE,
               "sealer overhead");

struct tip_vault {
    struct tip_sealer base;    /* First member, so the casts below are valid. */
    uint8_t key[TIP_KEY_SIZE]; /* For values; derived from the vault key. */
};

static enum tip_err seal(struct tip_sealer *self, struct tip_bytes aad,
                         struct tip_bytes plain, uint8_t *out)
{
    const struct tip_vault *vault = (const struct tip_vault *)self;

    out[0] = VERSION;
    tip_nonce_draw(out + 1);
    tip_primitive_encrypt(vault->key, out + 1, aad, plain, out + PREFIX_SIZE);
    return TIP_OK;
}

static enum tip_err open_sealed(struct tip_sealer *self, struct tip_bytes aad,
                                struct tip_bytes sealed, uint8_t *out)
{
    const struct tip_vault *vault = (const struct tip_vault *)self;
    enum tip_err err;

    if (sealed.size < TIP_SEALER_OVERHEAD || sealed.data[0] != VERSION) {
        return TIP_ESTORE_DAMAGED;
    }
    err = tip_primitive_decrypt(
        vault->key, sealed.data + 1, aad,
        tip_bytes(sealed.data + PREFIX_SIZE, sealed.size - PREFIX_SIZE), out);
    return err == TIP_OK ? TIP_OK : TIP_ESTORE_DAMAGED;
}

enum tip_err tip_vault_create_file(const char *path, struct tip_random *random)
{
    uint8_t key[TIP_KEY_SIZE];
    char line[LINE_SIZE + 1];
    enum tip_err err;

    random->fill(random, key, sizeof key);
    memcpy(line, HEADING, HEADING_SIZE);
    sodium_bin2hex(line + HEADING_SIZE, HEX_SIZE + 1, key, sizeof key);
    line[LINE_SIZE - 1] = '\n';
    err = tip_file_create(path, tip_bytes(line, LINE_SIZE), KEY_FILE_MODE);
    tip_secret_wipe(key, sizeof key);
    tip_secret_wipe(line, sizeof line);
    return err;
}

static enum tip_err parse_line(struct tip_bytes line,
                               uint8_t out_key[TIP_KEY_SIZE])
{
    const char *text = (const char *)line.data;
    size_t size;

    if (line.size != LINE_SIZE || memcmp(text, HEADING, HEADING_SIZE) != 0 ||
        text[LINE_SIZE - 1] != '\n') {
        return TIP_EKEYFILE;
    }
    if (sodium_hex2bin(out_key, TIP_KEY_SIZE, text + HEADING_SIZE, HEX_SIZE,
                       NULL, &size, NULL) != 0 ||
        size != TIP_KEY_SIZE) {
        return TIP_EKEYFILE;
    }
    return TIP_OK;
}

static enum tip_err read_key(const char *path, enum tip_file_trust trust,
                             uint8_t out_key[TIP_KEY_SIZE])
{
    struct tip_arena arena;
    struct tip_bytes line;
    enum tip_err err;

    tip_arena_init(&arena, ARENA_BYTES_MAX);
    err = tip_file_read(path, trust, LINE_SIZE, &arena, &line);
    if (err == TIP_OK) {
        err = parse_line(line, out_key);
    } else if (err == TIP_ETOOBIG || err == TIP_EINVAL) {
        err = TIP_EKEYFILE;
    }
    tip_arena_deinit(&arena);
    return err;
}

static enum tip_err open_vault(const char *path, enum tip_file_trust trust,
                               struct tip_vault **out_vault)
{
    uint8_t key[TIP_KEY_SIZE];
    struct tip_vault *vault = NULL;
    enum tip_err err = read_key(path, trust, key);

    if (err == TIP_OK) {
        vault = tip_secret_new(sizeof *vault);
        err = vault == NULL ? TIP_ENOMEM : TIP_OK;
    }
    if (err == TIP_OK) {
        vault->base = (struct tip_sealer){.seal = seal, .open = open_sealed};
        tip_primitive_derive(TIP_CONTEXT_VAULT_VALUE, key, TIP_BYTES_NONE,
                             vault->key);
        tip_secret_protect(vault);
        *out_vault = vault;
    }
    tip_secret_wipe(key, sizeof key);
    return err;
}

enum tip_err tip_vault_open_file(const char *path, struct tip_vault **out_vault)
{
    return open_vault(path, TIP_FILE_PRIVATE, out_vault);
}

enum tip_err tip_vault_open_credential(const char *name,
                                       struct tip_vault **out_vault)
{
    const char *folder = secure_getenv("CREDENTIALS_DIRECTORY");
    char path[PATH_MAX];
    enum tip_err err;
    int size;

    if (name[0] == '\0' || name[0] == '.' || strchr(name, '/') != NULL) {
        return TIP_EINVAL;
    }
    if (folder == NULL) {
        return TIP_ECREDENTIAL;
    }
    size = snprintf(path, sizeof path, "%s/%s", folder, name);
    if (size < 0 || (size_t)size >= sizeof path) {
        return TIP_EINVAL;
    }
    /* Any mode: only systemd and this service can enter the folder, and the
     * access list by which it lets us read looks like a group right. */
    err = open_vault(path, TIP_FILE_ANY, out_vault);
    return err == TIP_ENOTFOUND ? TIP_ECREDENTIAL : err;
}

void tip_vault_close(struct tip_vault *vault)
{
    tip_secret_free(vault);
}

struct tip_sealer *tip_vault_sealer(struct tip_vault *vault)
{
    return &vault->base;
}
