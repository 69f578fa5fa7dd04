/* What every store does, as tests; the rig says which store. */
#ifndef STORE_CONTRACT_H
#define STORE_CONTRACT_H

#include "tip_store.h"
#include "tip_test.h"

/** A store under test. Each test begins with an empty one. */
struct store_rig {
    struct tip_store *store;
    uint64_t limit_bytes;
    /** Close and open again; afterwards @store may be another. */
    void (*reopen)(struct store_rig *rig);
    /** Let the disk fail at the next commit. */
    void (*break_disk)(struct store_rig *rig);
    /** A good disk again, and the store recovered. */
    void (*repair)(struct store_rig *rig);
};

/* Where the tests write unless they say otherwise. */
#define RIG_TABLE       TIP_TABLE_RECORD
#define RIG_OTHER_TABLE TIP_TABLE_COMMIT

/** Run the tests with this setup and teardown; *state is a struct store_rig.
 * Return how many failed. */
int store_contract_run(const char *name, CMFixtureFunction setup,
                       CMFixtureFunction teardown);
int store_limits_run(const char *name, CMFixtureFunction setup,
                     CMFixtureFunction teardown);

/* Short ways to say a whole transaction; they assert that it works. */
void rig_put(struct store_rig *rig, enum tip_table table, struct tip_key key,
             struct tip_bytes value);
enum tip_err rig_try_put(struct store_rig *rig, enum tip_txn_mode mode,
                         struct tip_key key, struct tip_bytes value);
void rig_assert_value(struct store_rig *rig, enum tip_table table,
                      struct tip_key key, struct tip_bytes value);
void rig_assert_none(struct store_rig *rig, enum tip_table table,
                     struct tip_key key);
struct tip_txn *rig_begin(struct store_rig *rig, enum tip_txn_mode mode);

#define ASSERT_OK(expression) assert_int_equal((expression), TIP_OK)

#define ASSERT_BYTES(actual, expected)                    \
    do {                                                  \
        const struct tip_bytes actual_ = (actual);        \
        const struct tip_bytes expected_ = (expected);    \
        assert_true(tip_bytes_equal(actual_, expected_)); \
    } while (0)

#endif /* STORE_CONTRACT_H */
