/*
 * Saves records at a node whose daemon is not running, as an office would with
 * a catalogue: scribe DIR COUNT. Prints the newest seq that is durable.
 *
 * With it the tests of bundles and crashes need no catalogue: the hub holds
 * what it does not know and says so, which both sides must agree on.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake_schema.h"
#include "node_state.h"
#include "tip_clock_posix.h"
#include "tip_random_sodium.h"
#include "tip_secret.h"

enum { FIELD = 16, CODE = 1 };

static enum tip_err save(struct node_engine *engine,
                         const struct tip_clock *clock, uint32_t office)
{
    struct tip_random *random = tip_random_sodium();
    uint8_t bytes[TIP_ID_RANDOM_SIZE];
    const struct tip_change changes[] = {
        {.field = TIP_FIELD_OFFICES,
         .element = office,
         .value = {.kind = TIP_VALUE_MEMBER}},
        {.field = FIELD, .value = {.kind = TIP_VALUE_CODE, .code = CODE}}};
    struct tip_draft_record record = {.is_new = true,
                                      .type = FAKE_TYPE,
                                      .changes = changes,
                                      .change_count = 2};
    const struct tip_draft draft = {.records = &record,
                                    .record_count = 1,
                                    .author = tip_bytes_text("scribe")};
    struct tip_saved saved;

    random->fill(random, bytes, sizeof bytes);
    record.id = tip_id_make(clock->now_ms(clock), bytes);
    return node_engine_save(engine, &draft, &saved);
}

static enum tip_err save_all(struct tip_home *home, struct node_state *state,
                             long count)
{
    const struct node_identity identity = node_state_identity(state);
    struct tip_schema schema = FAKE_SCHEMA;
    struct node_engine *engine = NULL;
    struct node_status status;
    struct tip_clock clock;
    struct node_engine_opts opts = {.store = tip_store_lmdb_base(home->store),
                                    .clock = &clock,
                                    .random = tip_random_sodium(),
                                    .schema = &schema,
                                    .keys = state->keys,
                                    .identity = &identity,
                                    .version = tip_bytes_text("scribe")};
    enum tip_err err;

    tip_clock_posix_init(&clock);
    err = node_engine_open(&opts, &engine);
    for (long i = 0; i < count && err == TIP_OK; i++) {
        err = save(engine, &clock, identity.office);
    }
    if (err == TIP_OK) {
        err = node_engine_flush(engine);
    }
    if (err == TIP_OK) {
        node_engine_status(engine, &status);
        printf("%" PRIu64 "\n", status.saved);
    }
    node_engine_close(engine);
    return err;
}

int main(int argc, char **argv)
{
    struct tip_home_opts opts = {.credential = "none",
                                 .limit_bytes = UINT64_C(256) << 20};
    struct tip_home home = {.vault = NULL};
    struct node_state state = {.keys = NULL};
    enum tip_err err;

    if (argc != 3) {
        return EXIT_FAILURE;
    }
    opts.dir = argv[1];
    err = tip_seal_init();
    if (err == TIP_OK) {
        err = tip_home_open(&opts, &home);
    }
    if (err == TIP_OK) {
        err = node_state_load(&home, &state);
    }
    if (err == TIP_OK) {
        err = save_all(&home, &state, strtol(argv[2], NULL, 10));
    }
    node_state_deinit(&state);
    tip_home_close(&home);
    if (err != TIP_OK) {
        (void)fprintf(stderr, "scribe: %s\n", tip_err_text(err));
    }
    return err == TIP_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
