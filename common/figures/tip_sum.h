/* A sum that cannot overflow: 128 bits, exact, so that what was added can be
 * taken away again whatever came between. */
#ifndef TIP_SUM_H
#define TIP_SUM_H

#include <stdbool.h>
#include <stdint.h>

/** A number in two's complement. Plain data; zero is all zero. */
struct tip_sum {
    uint64_t low;
    int64_t high;
};

static inline struct tip_sum tip_sum_of(int64_t value)
{
    return (struct tip_sum){.low = (uint64_t)value, .high = value < 0 ? -1 : 0};
}

static inline void tip_sum_add(struct tip_sum *sum, struct tip_sum other)
{
    sum->low += other.low;
    sum->high += other.high + (sum->low < other.low);
}

static inline void tip_sum_subtract(struct tip_sum *sum, struct tip_sum other)
{
    int64_t borrow = sum->low < other.low;

    sum->low -= other.low;
    sum->high -= other.high + borrow;
}

static inline bool tip_sum_equal(struct tip_sum a, struct tip_sum b)
{
    return a.low == b.low && a.high == b.high;
}

/** The sum as 64 bits; false if it does not fit, then the nearest. */
static inline bool tip_sum_get(struct tip_sum sum, int64_t *out_value)
{
    if (sum.high == (sum.low > INT64_MAX ? -1 : 0)) {
        *out_value = (int64_t)sum.low;
        return true;
    }
    *out_value = sum.high < 0 ? INT64_MIN : INT64_MAX;
    return false;
}

#endif /* TIP_SUM_H */
