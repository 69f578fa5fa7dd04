/*
 * Reading figures: which cells, added up by what.
 */
#ifndef TIP_FIGURES_QUERY_H
#define TIP_FIGURES_QUERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tip_catalogue.h"
#include "tip_err.h"

struct tip_figures;

/** A value of a dimension. Plain data that borrows. */
struct tip_figure_value {
    /* A code, an answer (enum tip_answer), or the codes of a combination in
     * ascending order; none: missing. */
    const uint32_t *codes;
    size_t code_count;
    bool is_many; /* More at a time than are told apart; no codes. */
};

/** Only cells whose dimension @field has @value. */
struct tip_figures_only {
    uint32_t field; /* Its number. */
    struct tip_figure_value value;
};

/** What to read. Zero but for the indicator is the national total. */
struct tip_figures_query {
    uint32_t indicator;      /* Its number. */
    const uint32_t *offices; /* Only these, each once. */
    size_t office_count;     /* 0: all. */
    bool in_range;           /* Only periods from first to last, inclusive. */
    uint32_t period_first;   /* As tip_period.h has them. */
    uint32_t period_last;
    const struct tip_figures_only *only;
    size_t only_count;
    bool by_office; /* A row for each. */
    bool by_period;
    uint32_t by[TIP_CATALOGUE_DIMENSIONS_MAX]; /* Numbers of fields. */
    size_t by_count;
};

/** One figure. Valid until the callback returns. */
struct tip_figures_row {
    uint32_t office; /* 0 where not by office. */
    uint32_t period; /* TIP_PERIOD_MISSING also where not by period. */
    struct tip_figure_value values[TIP_CATALOGUE_DIMENSIONS_MAX]; /* As by. */
    size_t value_count;
    uint32_t currency;   /* Of a sum of amounts: each has a row. 0: none. */
    uint64_t count;      /* Records counted; of a ratio, in its numerator. */
    uint64_t disputed;   /* Of them, those with parallel values. */
    uint64_t missing;    /* Of them, those without a value to sum. */
    int64_t value;       /* The figure: records, sum, or different values. Of a
                          * ratio the numerator. */
    int64_t denominator; /* Of a ratio; may be 0. Else 1. */
    bool overflows;      /* The figure is beyond 64 bits; value is nearest. */
};

/** Gets the rows. Embedded as the first member. */
struct tip_figures_sink {
    /** Any error ends the reading and is returned. */
    enum tip_err (*row)(struct tip_figures_sink *self,
                        const struct tip_figures_row *row);
};

/**
 * Give @sink a row for each group that counts anything, in no order.
 *
 * A distinct value that is in several cells of a group counts once. A ratio
 * reads its two indicators alike; they have the same period and dimensions.
 *
 * TIP_ENOTFOUND: no such indicator, or it is retired. TIP_EINVAL: it has no
 * such dimension, or by names one twice, or it is a ratio of something without
 * a currency to amounts. TIP_ETOOBIG: more groups than fit 64 bits.
 * TIP_ENOMEM.
 */
TIP_MUST_USE enum tip_err
tip_figures_read(const struct tip_figures *figures,
                 const struct tip_figures_query *query,
                 struct tip_figures_sink *sink);

#endif /* TIP_FIGURES_QUERY_H */
