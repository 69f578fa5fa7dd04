/*
 * Do our primitives answer as Project Wycheproof says they must? Its files are
 * found through $TIP_SHARED_DATA.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "tip_hex.h"
#include "tip_primitive.h"
#include "tip_secret.h"
#include "tip_test.h"

enum { ROOM = 2048, PATH_SIZE = 512 };

static int setup(void **state)
{
    (void)state;
    return tip_seal_init() == TIP_OK ? 0 : -1;
}

/* One test of a Wycheproof file: its bytes, decoded as they are asked for. */
struct wycheproof {
    const json_t *group;
    const json_t *test;
    uint8_t room[8 * ROOM];
    size_t used;
};

static struct tip_bytes get(struct wycheproof *w, const json_t *from,
                            const char *name)
{
    struct tip_bytes bytes =
        tip_hex_decode(json_string_value(json_object_get(from, name)),
                       w->room + w->used, sizeof w->room - w->used);

    w->used += bytes.size;
    return bytes;
}

static enum tip_err run_ed25519(struct wycheproof *w)
{
    struct tip_bytes public_key =
        get(w, json_object_get(w->group, "publicKey"), "pk");
    struct tip_bytes signature = get(w, w->test, "sig");

    if (signature.size != TIP_SIGNATURE_SIZE) {
        return TIP_ESIGNATURE;
    }
    return tip_primitive_verify_bare(public_key.data, get(w, w->test, "msg"),
                                     signature.data);
}

static enum tip_err run_x25519(struct wycheproof *w)
{
    struct tip_bytes expected = get(w, w->test, "shared");
    uint8_t shared[TIP_KEY_SIZE];
    enum tip_err err =
        tip_primitive_exchange(get(w, w->test, "private").data,
                               get(w, w->test, "public").data, shared);

    if (err == TIP_OK) {
        assert_memory_equal(shared, expected.data, sizeof shared);
    }
    return err;
}

static enum tip_err run_xchacha(struct wycheproof *w)
{
    struct tip_bytes nonce = get(w, w->test, "iv");
    struct tip_bytes key = get(w, w->test, "key");
    struct tip_bytes aad = get(w, w->test, "aad");
    struct tip_bytes plain = get(w, w->test, "msg");
    struct tip_bytes cipher = get(w, w->test, "ct");
    struct tip_bytes tag = get(w, w->test, "tag");
    struct tip_bytes sealed = tip_bytes(cipher.data, cipher.size + tag.size);
    uint8_t out[ROOM];
    enum tip_err err;

    if (nonce.size != TIP_AEAD_NONCE_SIZE) {
        return TIP_EUNSEAL;
    }
    err = tip_primitive_decrypt(key.data, nonce.data, aad, sealed, out);
    if (err == TIP_OK) {
        assert_memory_equal(out, plain.data, plain.size);
        tip_primitive_encrypt(key.data, nonce.data, aad, plain, out);
        assert_memory_equal(out, sealed.data, sealed.size);
    }
    return err;
}

/* A zero shared secret is the one thing that Wycheproof accepts and we must
 * not: it means that the peer chose it. */
static bool is_zero_secret(const json_t *test)
{
    const char *shared = json_string_value(json_object_get(test, "shared"));

    return shared != NULL && strspn(shared, "0") == strlen(shared);
}

static void check_one(const json_t *group, const json_t *test,
                      enum tip_err (*run)(struct wycheproof *))
{
    static struct wycheproof w;
    const char *result = json_string_value(json_object_get(test, "result"));
    bool is_good = strcmp(result, "invalid") != 0 && !is_zero_secret(test);

    w = (struct wycheproof){.group = group, .test = test};
    if ((run(&w) == TIP_OK) != is_good) {
        fail_msg("test %lld: %s",
                 (long long)json_integer_value(json_object_get(test, "tcId")),
                 json_string_value(json_object_get(test, "comment")));
    }
}

static void run_file(const char *name, enum tip_err (*run)(struct wycheproof *))
{
    const char *folder = getenv("TIP_SHARED_DATA");
    char path[PATH_SIZE];
    json_t *file;
    size_t i, j;
    json_t *group, *test;

    if (folder == NULL) {
        print_message("skipped: TIP_SHARED_DATA is not set\n");
        skip();
    }
    (void)snprintf(path, sizeof path, "%s/vectors/wycheproof_%s_test.json",
                   folder, name);
    file = json_load_file(path, 0, NULL);
    assert_non_null(file);
    json_array_foreach(json_object_get(file, "testGroups"), i, group)
    {
        json_array_foreach(json_object_get(group, "tests"), j, test)
        {
            check_one(group, test, run);
        }
    }
    json_decref(file);
}

static void test_agrees_with_wycheproof_on_ed25519(void **state)
{
    (void)state;
    run_file("ed25519", run_ed25519);
}

static void test_agrees_with_wycheproof_on_x25519(void **state)
{
    (void)state;
    run_file("x25519", run_x25519);
}

static void test_agrees_with_wycheproof_on_xchacha20_poly1305(void **state)
{
    (void)state;
    run_file("xchacha20_poly1305", run_xchacha);
}

#define TEST(name) cmocka_unit_test_setup(name, setup)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_agrees_with_wycheproof_on_ed25519),
        TEST(test_agrees_with_wycheproof_on_x25519),
        TEST(test_agrees_with_wycheproof_on_xchacha20_poly1305),
    };

    return cmocka_run_group_tests_name("seal_wycheproof", tests, NULL, NULL);
}
