/*
 * The star that most tests of one rule have: the hub and the offices of Néma
 * and Atar, enrolled and joined; what those tests ask it and tell it.
 */
#ifndef STAR_OFFICES_H
#define STAR_OFFICES_H

#include "fake_schema.h"
#include "star.h"
#include "tip_test.h"

/* Who, for the functions of star.h. */
enum { HUB = -1, NEMA = 0, ATAR = 1, NONE = -1 };

/** Of each test: *state is a fresh struct star of them. */
int star_offices_setup(void **state);
int star_offices_teardown(void **state);

#define STAR_TEST(name)                                       \
    cmocka_unit_test_setup_teardown(name, star_offices_setup, \
                                    star_offices_teardown)

/** Fail the test unless @i shows @code_ in @field, one of @count_ siblings. */
#define ASSERT_SHOWS(star, i, id, field, code_, count_)                     \
    do {                                                                    \
        size_t count_of_;                                                   \
        assert_int_equal(star_code((star), (i), (id), (field), &count_of_), \
                         (code_));                                          \
        assert_int_equal(count_of_, (count_));                              \
    } while (0)

/** Does @i have the record? */
bool star_has(struct star *star, int i, const struct tip_id *id);

/** Fail the test unless both offices say that they hold what they should; or,
 * settled, that nothing of theirs waits and nothing differs. */
void star_assert_agreed(struct star *star);
void star_assert_settled(struct star *star);

/** A record of Néma, edited there and at the hub at the same time; and one of
 * Atar's own. */
struct tip_id star_edited_apart(struct star *star);

/** A record of both, in which Atar wrote 6 without knowing that it was taken
 * out and came again meanwhile, so that it is held back; Néma wrote 7. Gives
 * Atar's seq. */
uint64_t star_held_edit(struct star *star, struct tip_id *out_id);

/** Decide about @first to @last of node @i, by "salma" who "asked Atar"; makes
 * it durable. */
enum tip_err star_rule(struct star *star, size_t i, uint64_t first,
                       uint64_t last, bool is_accepted,
                       struct hub_ruled *out_ruled);

#endif /* STAR_OFFICES_H */
