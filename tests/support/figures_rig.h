/*
 * Figures over records in a store in memory: what the hub's engine does with
 * them, without the hub.
 */
#ifndef FIGURES_RIG_H
#define FIGURES_RIG_H

#include "fake_store.h"
#include "tip_arena.h"
#include "tip_figures.h"
#include "tip_figures_query.h"
#include "tip_prng.h"
#include "tip_record_table.h"

enum { RIG_ORIGINS = 4, RIG_ROWS_MAX = 256 };

struct rig {
    struct tip_catalogue *catalogue; /* Owned. */
    struct fake_store *store;
    struct tip_prng prng;
    struct tip_record_table records;
    struct tip_arena arena;
    struct tip_figures *figures;
    struct tip_txn *txn;
    uint64_t commit;
    uint64_t seqs[RIG_ORIGINS];
    uint32_t record_count; /* Ordinals 1 to this. */
    uint32_t durable_count;
};

/** Start with @indicators, NULL: those of figures_catalogue.h. A transaction
 * is open. */
void rig_init(struct rig *rig, const char *indicators, uint64_t seed);
void rig_deinit(struct rig *rig);

/** Write @changes to record @ordinal, 0: a new one, which is of @type and made
 * by the office of @origin, whose number is the origin's. The write has seen
 * all commits up to @base. Returns the record's ordinal. */
uint32_t rig_write(struct rig *rig, uint32_t ordinal, uint32_t type,
                   uint32_t origin, uint64_t base,
                   const struct tip_change *changes, size_t count);

/** A new case of @origin. */
uint32_t rig_add(struct rig *rig, uint32_t origin,
                 const struct tip_change *changes, size_t count);

/** Somebody of @origin, who has seen everything, edits record @ordinal. */
void rig_edit(struct rig *rig, uint32_t ordinal, uint32_t origin,
              const struct tip_change *changes, size_t count);

/** End the transaction and begin the next. */
void rig_commit(struct rig *rig);

/** Lose the transaction, before it is settled or after, and begin the next. */
void rig_lose(struct rig *rig, bool settles);

/** Open the figures again from what is committed. */
void rig_reopen(struct rig *rig);

/** Go on with other indicators: the figures of the open transaction. */
void rig_replace(struct rig *rig, const char *indicators);

/** In how many cells do the figures differ from the records? */
size_t rig_verify(struct rig *rig);

/** How many rows the figures have in the store, definitions apart. */
size_t rig_count_rows(const struct rig *rig);

/** Are the figures in the store those of the records? Nothing may be
 * unsettled. */
bool rig_is_stored(struct rig *rig);

/** What a query gives. */
struct rig_rows {
    struct tip_figures_sink base;
    struct tip_figures_row rows[RIG_ROWS_MAX];
    uint32_t codes[RIG_ROWS_MAX][TIP_CATALOGUE_DIMENSIONS_MAX][8];
    size_t count;
};

/** Read into @out_rows, whose values stay when the figures change. */
enum tip_err rig_read(const struct rig *rig,
                      const struct tip_figures_query *query,
                      struct rig_rows *out_rows);

/** The figure of the one row that @query gives; 0 if it gives none. */
int64_t rig_figure(const struct rig *rig,
                   const struct tip_figures_query *query);

/** The national figure of @indicator. */
int64_t rig_total(const struct rig *rig, uint32_t indicator);

/** Read @indicator by the one dimension @field. */
void rig_read_by(const struct rig *rig, uint32_t indicator, uint32_t field,
                 struct rig_rows *out_rows);

/** The row whose first dimension is exactly these codes; NULL: none. */
const struct tip_figures_row *rig_row(const struct rig_rows *rows,
                                      const uint32_t *codes, size_t count);

/** Its figure; 0: there is none. */
int64_t rig_value(const struct rig_rows *rows, const uint32_t *codes,
                  size_t count);

/* The same for codes written out. */
#define RIG_VALUE(rows, ...)                         \
    rig_value(rows, (const uint32_t[]){__VA_ARGS__}, \
              sizeof((const uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t))

/* An array of changes and its length, for two parameters. */
#define RIG_CHANGES(...)                                   \
    (const struct tip_change[]){__VA_ARGS__},              \
        sizeof((const struct tip_change[]){__VA_ARGS__}) / \
            sizeof(struct tip_change)

/* Changes, for the arrays above. */
struct tip_change rig_day(int32_t year, int32_t month, int32_t day);
struct tip_change rig_code(uint32_t field, uint32_t code);
struct tip_change rig_member(uint32_t field, uint32_t code, bool is_in);
struct tip_change rig_answer(uint32_t field, enum tip_answer answer);
struct tip_change rig_amount(int64_t minor, uint32_t currency);
struct tip_change rig_integer(uint32_t field, int64_t integer);
struct tip_change rig_person(uint8_t number);
struct tip_change rig_blank(uint32_t field);

#endif /* FIGURES_RIG_H */
