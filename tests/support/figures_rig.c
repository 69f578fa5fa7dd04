#include "figures_rig.h"

#include <string.h>

#include "tip_test.h"

#include "figures_catalogue.h"
#include "tip_date.h"

enum { ARENA_BYTES = 64 * 1024 * 1024 };

static void begin(struct rig *rig)
{
    assert_int_equal(
        tip_store_begin(&rig->store->base, TIP_TXN_WRITE, &rig->txn), TIP_OK);
}

static void open_figures(struct rig *rig)
{
    const struct tip_figures_opts opts = {.catalogue = rig->catalogue,
                                          .random = &rig->prng.base};

    assert_int_equal(tip_figures_open(&opts, rig->txn, &rig->figures), TIP_OK);
}

void rig_init(struct rig *rig, const char *indicators, uint64_t seed)
{
    memset(rig, 0, sizeof *rig);
    rig->prng = TIP_PRNG_SEEDED(seed);
    rig->catalogue = figures_catalogue(indicators);
    rig->store = fake_store_new(UINT64_C(1) << 32);
    tip_arena_init(&rig->arena, ARENA_BYTES);
    begin(rig);
    assert_int_equal(
        tip_record_table_open(&rig->records, rig->txn, &rig->prng.base, NULL),
        TIP_OK);
    open_figures(rig);
    rig_commit(rig);
}

void rig_deinit(struct rig *rig)
{
    tip_figures_close(rig->figures);
    tip_txn_abort(rig->txn);
    tip_record_table_close(&rig->records);
    tip_arena_deinit(&rig->arena);
    fake_store_free(rig->store);
    tip_catalogue_free(rig->catalogue);
}

static void load(struct rig *rig, uint32_t ordinal, uint32_t type,
                 uint32_t origin, struct tip_wire_record *out_stored)
{
    uint8_t tail[TIP_ID_RANDOM_SIZE];
    struct tip_id id;

    if (ordinal != 0) {
        assert_int_equal(tip_record_table_load(&rig->records, rig->txn, ordinal,
                                               &rig->arena, out_stored),
                         TIP_OK);
        return;
    }
    rig->prng.base.fill(&rig->prng.base, tail, sizeof tail);
    id = tip_id_make(rig->commit, tail);
    *out_stored = (struct tip_wire_record){.overlay = NULL};
    tip_record_init(&out_stored->record, &id, type, origin);
    out_stored->record.birth_commit = rig->commit;
}

uint32_t rig_write(struct rig *rig, uint32_t ordinal, uint32_t type,
                   uint32_t origin, uint64_t base,
                   const struct tip_change *changes, size_t count)
{
    const struct tip_write write = {.origin = origin,
                                    .office = origin,
                                    .seq = ++rig->seqs[origin],
                                    .commit = ++rig->commit,
                                    .base = base,
                                    .stamp = {tip_prng_below(&rig->prng, 100)},
                                    .author = tip_bytes_text("a")};
    struct tip_wire_record stored;
    struct tip_record before, dead;

    load(rig, ordinal, type, origin, &stored);
    before = stored.record;
    assert_int_equal(tip_record_apply(&stored.record, &write, changes, count,
                                      &rig->arena, &dead),
                     TIP_OK);
    if (ordinal == 0) {
        assert_int_equal(
            tip_record_table_add(&rig->records, rig->txn, &stored, &ordinal),
            TIP_OK);
        rig->record_count = ordinal;
        assert_int_equal(
            tip_figures_changed(rig->figures, NULL, &stored.record), TIP_OK);
    } else {
        assert_int_equal(tip_record_table_put(&rig->records, rig->txn, ordinal,
                                              &stored, true),
                         TIP_OK);
        assert_int_equal(
            tip_figures_changed(rig->figures, &before, &stored.record), TIP_OK);
    }
    tip_arena_clear(&rig->arena);
    return ordinal;
}

uint32_t rig_add(struct rig *rig, uint32_t origin,
                 const struct tip_change *changes, size_t count)
{
    return rig_write(rig, 0, CASE_TYPE, origin, rig->commit, changes, count);
}

void rig_edit(struct rig *rig, uint32_t ordinal, uint32_t origin,
              const struct tip_change *changes, size_t count)
{
    (void)rig_write(rig, ordinal, CASE_TYPE, origin, rig->commit, changes,
                    count);
}

void rig_commit(struct rig *rig)
{
    assert_int_equal(tip_figures_settle(rig->figures, rig->txn), TIP_OK);
    assert_int_equal(tip_txn_commit(rig->txn), TIP_OK);
    tip_figures_ended(rig->figures, true);
    rig->durable_count = rig->record_count;
    begin(rig);
}

void rig_lose(struct rig *rig, bool settles)
{
    if (settles) {
        assert_int_equal(tip_figures_settle(rig->figures, rig->txn), TIP_OK);
    }
    tip_txn_abort(rig->txn);
    tip_figures_ended(rig->figures, false);
    rig->record_count = rig->durable_count;
    begin(rig);
    assert_int_equal(tip_record_table_rewind(&rig->records, rig->txn), TIP_OK);
}

void rig_reopen(struct rig *rig)
{
    tip_figures_close(rig->figures);
    open_figures(rig);
}

void rig_replace(struct rig *rig, const char *indicators)
{
    struct tip_figures *old = rig->figures;
    struct tip_catalogue *was = rig->catalogue;

    rig->catalogue = figures_catalogue(indicators);
    open_figures(rig);
    tip_figures_close(old);
    tip_catalogue_free(was);
}

size_t rig_verify(struct rig *rig)
{
    size_t count = 0;

    assert_int_equal(tip_figures_verify(rig->figures, rig->txn, NULL, &count),
                     TIP_OK);
    return count;
}

size_t rig_count_rows(const struct rig *rig)
{
    struct tip_key key = TIP_KEY(1, 0);
    struct tip_bytes value;
    size_t count = 0;

    while (tip_txn_seek(rig->txn, TIP_TABLE_FIGURE, TIP_SEEK_AT_OR_AFTER, key,
                        &key, &value) == TIP_OK) {
        count++;
        key = tip_key_next(key);
    }
    return count;
}

bool rig_is_stored(struct rig *rig)
{
    const struct tip_figures_opts opts = {.catalogue = rig->catalogue,
                                          .random = &rig->prng.base,
                                          .reads_only = true};
    struct tip_figures *stored;
    size_t differ;

    assert_int_equal(tip_figures_open(&opts, rig->txn, &stored), TIP_OK);
    assert_int_equal(tip_figures_verify(stored, rig->txn, NULL, &differ),
                     TIP_OK);
    tip_figures_close(stored);
    return differ == 0;
}

static enum tip_err keep_row(struct tip_figures_sink *self,
                             const struct tip_figures_row *row)
{
    struct rig_rows *rows = (struct rig_rows *)self;
    struct tip_figures_row *kept = &rows->rows[rows->count];

    assert_true(rows->count < RIG_ROWS_MAX);
    *kept = *row;
    for (size_t i = 0; i < row->value_count; i++) {
        uint32_t *codes = rows->codes[rows->count][i];

        assert_true(row->values[i].code_count <= 8);
        for (size_t c = 0; c < row->values[i].code_count; c++) {
            codes[c] = row->values[i].codes[c];
        }
        kept->values[i].codes = codes;
    }
    rows->count++;
    return TIP_OK;
}

enum tip_err rig_read(const struct rig *rig,
                      const struct tip_figures_query *query,
                      struct rig_rows *out_rows)
{
    out_rows->base.row = keep_row;
    out_rows->count = 0;
    return tip_figures_read(rig->figures, query, &out_rows->base);
}

int64_t rig_figure(const struct rig *rig, const struct tip_figures_query *query)
{
    static struct rig_rows rows;

    assert_int_equal(rig_read(rig, query, &rows), TIP_OK);
    assert_true(rows.count <= 1);
    return rows.count == 0 ? 0 : rows.rows[0].value;
}

int64_t rig_total(const struct rig *rig, uint32_t indicator)
{
    const struct tip_figures_query query = {.indicator = indicator};

    return rig_figure(rig, &query);
}

void rig_read_by(const struct rig *rig, uint32_t indicator, uint32_t field,
                 struct rig_rows *out_rows)
{
    const struct tip_figures_query query = {
        .indicator = indicator, .by = {field}, .by_count = 1};

    assert_int_equal(rig_read(rig, &query, out_rows), TIP_OK);
}

const struct tip_figures_row *rig_row(const struct rig_rows *rows,
                                      const uint32_t *codes, size_t count)
{
    for (size_t i = 0; i < rows->count; i++) {
        const struct tip_figure_value *value = &rows->rows[i].values[0];

        if (!value->is_many && value->code_count == count &&
            (count == 0 ||
             memcmp(value->codes, codes, count * sizeof *codes) == 0)) {
            return &rows->rows[i];
        }
    }
    return NULL;
}

int64_t rig_value(const struct rig_rows *rows, const uint32_t *codes,
                  size_t count)
{
    const struct tip_figures_row *row = rig_row(rows, codes, count);

    return row == NULL ? 0 : row->value;
}

struct tip_change rig_day(int32_t year, int32_t month, int32_t day)
{
    struct tip_change change = {.field = CASE_OPENED};
    struct tip_date date = {.year = year, .month = month, .day = day};

    change.value.kind = TIP_VALUE_DATE;
    change.value.date.precision = month == 0 ? TIP_DATE_YEAR
                                  : day == 0 ? TIP_DATE_MONTH
                                             : TIP_DATE_DAY;
    date.month += month == 0;
    date.day += day == 0;
    change.value.date.day = tip_date_days(date);
    return change;
}

struct tip_change rig_code(uint32_t field, uint32_t code)
{
    return (struct tip_change){.field = field,
                               .value = {.kind = TIP_VALUE_CODE, .code = code}};
}

struct tip_change rig_member(uint32_t field, uint32_t code, bool is_in)
{
    return (struct tip_change){
        .field = field,
        .element = code,
        .value = {.kind = is_in ? TIP_VALUE_MEMBER : TIP_VALUE_NONE}};
}

struct tip_change rig_answer(uint32_t field, enum tip_answer answer)
{
    return (struct tip_change){
        .field = field, .value = {.kind = TIP_VALUE_ANSWER, .answer = answer}};
}

struct tip_change rig_amount(int64_t minor, uint32_t currency)
{
    return (struct tip_change){
        .field = CASE_PAID,
        .value = {.kind = TIP_VALUE_AMOUNT,
                  .amount = {.minor = minor, .currency = currency}}};
}

struct tip_change rig_integer(uint32_t field, int64_t integer)
{
    return (struct tip_change){
        .field = field,
        .value = {.kind = TIP_VALUE_INTEGER, .integer = integer}};
}

struct tip_change rig_person(uint8_t number)
{
    struct tip_change change = {.field = CASE_VICTIM,
                                .value = {.kind = TIP_VALUE_REFERENCE}};

    change.value.reference.bytes[0] = number;
    change.value.reference.bytes[15] = 1;
    return change;
}

struct tip_change rig_blank(uint32_t field)
{
    return (struct tip_change){.field = field,
                               .value = {.kind = TIP_VALUE_NONE}};
}
