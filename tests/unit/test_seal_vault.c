/* Rules of tip_vault: a stored value opens at its place alone, and a key that
 * others can read is no key. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tip_file.h"
#include "tip_flip.h"
#include "tip_prng.h"
#include "tip_secret.h"
#include "tip_test.h"
#include "tip_vault.h"

enum { PATH_SIZE = 128, SEALED_SIZE = 10 + TIP_SEALER_OVERHEAD };

struct fixture {
    struct tip_prng prng;
    char folder[32];
    char path[PATH_SIZE];
    struct tip_vault *vault;
    struct tip_sealer *sealer;
    uint8_t sealed[SEALED_SIZE];
};

static const uint8_t plain[10] = "a value";

static struct tip_bytes place(const char *text)
{
    return tip_bytes_text(text);
}

static int setup(void **state)
{
    static struct fixture f;

    f = (struct fixture){.prng = TIP_PRNG_SEEDED(5),
                         .folder = "/tmp/tip_seal_XXXXXX"};
    if (tip_seal_init() != TIP_OK || mkdtemp(f.folder) == NULL) {
        return -1;
    }
    (void)snprintf(f.path, sizeof f.path, "%s/vault.key", f.folder);
    if (tip_vault_create_file(f.path, &f.prng.base) != TIP_OK ||
        tip_vault_open_file(f.path, &f.vault) != TIP_OK) {
        return -1;
    }
    f.sealer = tip_vault_sealer(f.vault);
    if (tip_sealer_seal(f.sealer, place("here"), TIP_BYTES_OF(plain),
                        f.sealed) != TIP_OK) {
        return -1;
    }
    *state = &f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    tip_vault_close(f->vault);
    (void)unlink(f->path);
    return rmdir(f->folder);
}

static enum tip_err open_at(struct fixture *f, const char *where)
{
    uint8_t out[sizeof plain];

    return tip_sealer_open(f->sealer, place(where), TIP_BYTES_OF(f->sealed),
                           out);
}

static void test_opens_what_it_sealed(void **state)
{
    struct fixture *f = *state;
    uint8_t out[sizeof plain];

    assert_int_equal(
        tip_sealer_open(f->sealer, place("here"), TIP_BYTES_OF(f->sealed), out),
        TIP_OK);
    assert_memory_equal(out, plain, sizeof out);
}

static void test_seals_an_empty_value(void **state)
{
    struct fixture *f = *state;
    uint8_t sealed[TIP_SEALER_OVERHEAD], nothing;

    assert_int_equal(
        tip_sealer_seal(f->sealer, place("here"), TIP_BYTES_NONE, sealed),
        TIP_OK);
    assert_int_equal(tip_sealer_open(f->sealer, place("here"),
                                     TIP_BYTES_OF(sealed), &nothing),
                     TIP_OK);
}

static void test_notices_any_flipped_bit_on_the_disk(void **state)
{
    struct fixture *f = *state;

    TIP_FOR_EACH_FLIPPED_BIT(f->sealed, sizeof f->sealed)
    {
        assert_int_equal(open_at(f, "here"), TIP_ESTORE_DAMAGED);
    }
    assert_int_equal(open_at(f, "here"), TIP_OK);
}

static void test_notices_a_value_moved_to_another_key(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(open_at(f, "there"), TIP_ESTORE_DAMAGED);
}

static void test_refuses_a_value_shorter_than_its_overhead(void **state)
{
    struct fixture *f = *state;
    uint8_t out[sizeof plain];

    for (size_t size = 0; size < TIP_SEALER_OVERHEAD; size++) {
        assert_int_equal(tip_sealer_open(f->sealer, place("here"),
                                         tip_bytes(f->sealed, size), out),
                         TIP_ESTORE_DAMAGED);
    }
}

static void test_the_same_file_is_the_same_vault(void **state)
{
    struct fixture *f = *state;

    tip_vault_close(f->vault);
    assert_int_equal(tip_vault_open_file(f->path, &f->vault), TIP_OK);
    f->sealer = tip_vault_sealer(f->vault);
    assert_int_equal(open_at(f, "here"), TIP_OK);
}

static void test_another_key_opens_nothing(void **state)
{
    struct fixture *f = *state;

    tip_vault_close(f->vault);
    assert_int_equal(unlink(f->path), 0);
    assert_int_equal(tip_vault_create_file(f->path, &f->prng.base), TIP_OK);
    assert_int_equal(tip_vault_open_file(f->path, &f->vault), TIP_OK);
    f->sealer = tip_vault_sealer(f->vault);
    assert_int_equal(open_at(f, "here"), TIP_ESTORE_DAMAGED);
}

static void test_makes_a_key_file_for_its_owner_alone(void **state)
{
    struct fixture *f = *state;
    struct stat st;

    assert_int_equal(stat(f->path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
}

static void test_never_replaces_a_key_file(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(tip_vault_create_file(f->path, &f->prng.base),
                     TIP_EEXISTS);
    test_the_same_file_is_the_same_vault(state);
}

static void test_refuses_a_key_file_that_others_can_use(void **state)
{
    struct fixture *f = *state;
    const mode_t modes[] = {0644, 0640, 0620, 0610, 0604, 0602, 0601, 0666};
    struct tip_vault *vault = NULL;

    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        assert_int_equal(chmod(f->path, modes[i]), 0);
        assert_int_equal(tip_vault_open_file(f->path, &vault), TIP_EEXPOSED);
    }
    assert_null(vault);
}

static void test_refuses_a_key_file_of_another_account(void **state)
{
    struct fixture *f = *state;
    struct tip_vault *vault = NULL;

    if (geteuid() != 0) {
        print_message("skipped: only root can give a file away\n");
        skip();
    }
    assert_int_equal(chown(f->path, 12345, 12345), 0);
    assert_int_equal(tip_vault_open_file(f->path, &vault), TIP_EEXPOSED);
}

static void test_refuses_a_damaged_key_file(void **state)
{
    struct fixture *f = *state;
    const char digits[] =
        "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e";
    const char *const headings[] = {"tip-vault-key-0 ", "tip-vault-key-1 ",
                                    "tip-vault-key-0 "};
    const char *const ends[] = {"1\n", "1f\n", "1g\n"};
    struct tip_vault *vault = NULL;
    char line[128];

    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        (void)snprintf(line, sizeof line, "%s%s%s", headings[i], digits,
                       ends[i]);
        assert_int_equal(tip_file_write(f->path, tip_bytes_text(line), 0600),
                         TIP_OK);
        assert_int_equal(tip_vault_open_file(f->path, &vault), TIP_EKEYFILE);
    }
    (void)snprintf(line, sizeof line, "tip-vault-key-0 %s1f\n", digits);
    assert_int_equal(tip_file_write(f->path, tip_bytes_text(line), 0600),
                     TIP_OK);
    assert_int_equal(tip_vault_open_file(f->path, &vault), TIP_OK);
    tip_vault_close(vault);
    assert_int_equal(
        tip_file_write(f->path, tip_bytes(line, sizeof line), 0600), TIP_OK);
    assert_int_equal(tip_vault_open_file(f->path, &vault), TIP_EKEYFILE);
}

static void test_names_a_missing_key_file(void **state)
{
    struct fixture *f = *state;
    struct tip_vault *vault = NULL;

    assert_int_equal(unlink(f->path), 0);
    assert_int_equal(tip_vault_open_file(f->path, &vault), TIP_ENOTFOUND);
    assert_int_equal(tip_vault_create_file("/nowhere/at/all", &f->prng.base),
                     TIP_ENOTFOUND);
}

static void test_opens_the_credential_that_systemd_passes(void **state)
{
    struct fixture *f = *state;
    struct tip_vault *vault = NULL;

    assert_int_equal(unsetenv("CREDENTIALS_DIRECTORY"), 0);
    assert_int_equal(tip_vault_open_credential("vault.key", &vault),
                     TIP_ECREDENTIAL);
    assert_int_equal(setenv("CREDENTIALS_DIRECTORY", f->folder, 1), 0);
    assert_int_equal(tip_vault_open_credential("other.key", &vault),
                     TIP_ECREDENTIAL);
    assert_int_equal(tip_vault_open_credential("../vault.key", &vault),
                     TIP_EINVAL);
    /* As systemd 252 leaves it: root's, read through an access list. */
    assert_int_equal(chmod(f->path, 0440), 0);
    assert_int_equal(tip_vault_open_credential("vault.key", &vault), TIP_OK);
    f->sealer = tip_vault_sealer(vault);
    assert_int_equal(open_at(f, "here"), TIP_OK);
    tip_vault_close(vault);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_opens_what_it_sealed),
        TEST(test_seals_an_empty_value),
        TEST(test_notices_any_flipped_bit_on_the_disk),
        TEST(test_notices_a_value_moved_to_another_key),
        TEST(test_refuses_a_value_shorter_than_its_overhead),
        TEST(test_the_same_file_is_the_same_vault),
        TEST(test_another_key_opens_nothing),
        TEST(test_makes_a_key_file_for_its_owner_alone),
        TEST(test_never_replaces_a_key_file),
        TEST(test_refuses_a_key_file_that_others_can_use),
        TEST(test_refuses_a_key_file_of_another_account),
        TEST(test_refuses_a_damaged_key_file),
        TEST(test_names_a_missing_key_file),
        TEST(test_opens_the_credential_that_systemd_passes),
    };

    return cmocka_run_group_tests_name("seal_vault", tests, NULL, NULL);
}
