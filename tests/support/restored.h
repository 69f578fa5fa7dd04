/*
 * Two offices at a hub, the first of which is put back to a backup. Included by
 * the tests of what comes of that.
 */
#ifndef RESTORED_H
#define RESTORED_H

#include "fake_schema.h"
#include "star.h"
#include "tip_test.h"

enum { HUB = -1, NEMA = 0, ATAR = 1, NONE = -1 };

#define OK(call) assert_int_equal((call), TIP_OK)

static inline int setup(void **state)
{
    static struct star star;

    star_init(&star, 2);
    star_run(&star);
    *state = &star;
    return 0;
}

static inline int teardown(void **state)
{
    star_deinit(*state);
    return 0;
}

#define ASSERT_SHOWS(star, i, id, field, code_, count_)                     \
    do {                                                                    \
        size_t count_of_;                                                   \
        assert_int_equal(star_code((star), (i), (id), (field), &count_of_), \
                         (code_));                                          \
        assert_int_equal(count_of_, (count_));                              \
    } while (0)

static inline struct node_status status_of(struct star *star, size_t i)
{
    struct node_status status;

    node_engine_status(star->nodes[i].engine, &status);
    return status;
}

static inline struct tip_id add(struct star *star, int i, uint32_t code)
{
    struct tip_id id = star_id(star);

    OK(star_add(star, i, &id, NONE, FAKE_LATEST, code));
    return id;
}

/* All is well: the node takes part, nothing waits, both agree. */
static inline void assert_recovered(struct star *star)
{
    struct node_status status = status_of(star, NEMA);

    assert_int_equal(status.trouble, TIP_OK);
    assert_int_equal(status.session, TIP_NODE_LIVE);
    assert_int_equal(status.confirmed, status.saved);
    assert_int_equal(status.decided, status.saved);
    assert_int_equal(status.agreement, TIP_AGREEMENT_EQUAL);
    assert_int_equal(status.held_count, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

#endif /* RESTORED_H */
