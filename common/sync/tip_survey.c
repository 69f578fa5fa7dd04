#include "tip_survey.h"

#include "tip_inspect_internal.h"
#include "tip_state_row.h"

enum {
    SURVEY_FORMAT = 1,
    ROW_SURVEY = 9, /* Beside those of either engine. */
    ROW_BYTES = 512
};

/* One step: what is read, and for whom. */
struct stride {
    struct tip_survey *survey;
    const struct tip_survey_view *view;
    struct tip_inspect check;
};

static bool is_of_frames(uint32_t table)
{
    return table == TIP_TABLE_FRAME_UP || table == TIP_TABLE_FRAME_DOWN;
}

static void put_report(struct tip_buf *buf,
                       const struct tip_survey_report *report)
{
    tip_buf_put_u64(buf, report->count);
    for (size_t i = 0; i < TIP_SURVEY_NAMED; i++) {
        tip_buf_put_u8(buf, (uint8_t)report->first[i].kind);
        tip_buf_put_u64(buf, report->first[i].a);
        tip_buf_put_u64(buf, report->first[i].b);
    }
}

static struct tip_survey_report get_report(struct tip_reader *reader)
{
    struct tip_survey_report report = {.count = tip_reader_get_u64(reader)};

    for (size_t i = 0; i < TIP_SURVEY_NAMED; i++) {
        report.first[i].kind = (enum tip_inspect_kind)tip_reader_get_u8(reader);
        report.first[i].a = tip_reader_get_u64(reader);
        report.first[i].b = tip_reader_get_u64(reader);
    }
    return report;
}

static void get(struct tip_reader *reader, struct tip_survey *survey)
{
    uint8_t flags = tip_reader_get_u8(reader);

    survey->is_on = (flags & 1) != 0;
    survey->is_in_chain = (flags & 2) != 0;
    survey->is_broken = (flags & 4) != 0;
    survey->is_again = (flags & 8) != 0;
    survey->table = tip_reader_get_u32(reader);
    survey->key.hi = tip_reader_get_u64(reader);
    survey->key.lo = tip_reader_get_u64(reader);
    survey->number = tip_reader_get_u32(reader);
    survey->origin = tip_reader_get_u32(reader);
    survey->head = tip_state_row_get_head(reader);
    survey->now = get_report(reader);
    survey->last = get_report(reader);
}

enum tip_err tip_survey_load(struct tip_txn *txn, struct tip_survey *out_survey)
{
    struct tip_survey survey = {.is_on = false};
    struct tip_reader reader;
    enum tip_err err = tip_state_row_get(
        txn, TIP_TABLE_META, TIP_KEY(ROW_SURVEY, 0), SURVEY_FORMAT, &reader);

    if (err == TIP_OK) {
        get(&reader, &survey);
        err = tip_state_row_finish(&reader);
    }
    if (err == TIP_ENOTFOUND || err == TIP_ESTORE_DAMAGED) {
        survey = (struct tip_survey){.is_on = false};
        err = TIP_OK;
    }
    if (err == TIP_OK) {
        *out_survey = survey;
    }
    return err;
}

enum tip_err tip_survey_store(struct tip_txn *txn, struct tip_survey *survey)
{
    uint8_t memory[ROW_BYTES];
    struct tip_buf buf;

    if (!survey->is_dirty) {
        return TIP_OK;
    }
    tip_buf_init(&buf, memory, sizeof memory);
    tip_buf_put_u8(&buf, SURVEY_FORMAT);
    tip_buf_put_u8(
        &buf,
        (uint8_t)((survey->is_on ? 1 : 0) | (survey->is_in_chain ? 2 : 0) |
                  (survey->is_broken ? 4 : 0) | (survey->is_again ? 8 : 0)));
    tip_buf_put_u32(&buf, survey->table);
    tip_buf_put_u64(&buf, survey->key.hi);
    tip_buf_put_u64(&buf, survey->key.lo);
    tip_buf_put_u32(&buf, survey->number);
    tip_buf_put_u32(&buf, survey->origin);
    tip_state_row_put_head(&buf, &survey->head);
    put_report(&buf, &survey->now);
    put_report(&buf, &survey->last);
    survey->is_dirty = false;
    return tip_state_row_put(txn, TIP_TABLE_META, TIP_KEY(ROW_SURVEY, 0), &buf);
}

void tip_survey_begin(struct tip_survey *survey)
{
    *survey = (struct tip_survey){
        .is_on = true, .last = survey->last, .is_dirty = true};
}

struct tip_survey_report tip_survey_report(const struct tip_survey *survey)
{
    return survey->is_on && survey->now.count != 0 ? survey->now : survey->last;
}

void tip_survey_tell(struct tip_survey *survey, enum tip_inspect_kind kind,
                     uint64_t a, uint64_t b)
{
    struct tip_survey_report *report = &survey->now;

    if (report->count < TIP_SURVEY_NAMED) {
        report->first[report->count] =
            (struct tip_survey_finding){.kind = kind, .a = a, .b = b};
    }
    report->count++;
}

static void note(void *context, enum tip_inspect_kind kind, uint64_t a,
                 uint64_t b)
{
    tip_survey_tell(context, kind, a, b);
}

/* The chain of the survey as it is computed so far. */
static enum tip_err walk_on(const struct stride *stride,
                            struct tip_inspect_walk *out_walk)
{
    const struct tip_survey *survey = stride->survey;
    const struct tip_survey_view *view = stride->view;
    const struct tip_inspect_chain *chain;
    enum tip_err err = view->find_chain(
        view->context, (enum tip_table)survey->table, survey->number, &chain);

    if (err == TIP_OK) {
        *out_walk = (struct tip_inspect_walk){.chain = chain,
                                              .codec = view->codec,
                                              .arena = view->arena,
                                              .origin = survey->origin,
                                              .head = survey->head};
    }
    return err;
}

/* Stand before the first frame of chain @number. Of one that nobody knows, or
 * cannot read what is known of it, the frames are opened as rows only. */
static enum tip_err start_chain(struct stride *stride, uint64_t number)
{
    struct tip_survey *survey = stride->survey;
    struct tip_inspect_walk walk;
    enum tip_err err;

    survey->is_in_chain = true;
    survey->number = (uint32_t)number;
    survey->origin = 0;
    survey->head = (struct tip_head){.number = 0};
    err = number > UINT32_MAX ? TIP_ENOTFOUND : walk_on(stride, &walk);
    survey->is_broken = err != TIP_OK;
    if (err == TIP_OK) {
        survey->head = walk.chain->begins_behind;
    }
    return err == TIP_ENOTFOUND || tip_inspect_is_of_value(err) ? TIP_OK : err;
}

/* The chain holds up to here and no further: the rest is opened as rows. */
static void break_off(struct tip_survey *survey)
{
    if (!survey->is_broken && survey->hole_count < TIP_SURVEY_HOLES) {
        survey->holes[survey->hole_count++] =
            (struct tip_hole){.table = (enum tip_table)survey->table,
                              .number = survey->number,
                              .origin = survey->origin,
                              .head = survey->head};
    }
    survey->is_broken = true;
}

/* There is no more of the chain. */
static enum tip_err end_chain(struct stride *stride)
{
    struct tip_survey *survey = stride->survey;
    struct tip_inspect_walk walk;
    enum tip_err err = TIP_OK;

    if (survey->is_in_chain && !survey->is_broken) {
        err = walk_on(stride, &walk);
        if (err == TIP_OK && survey->head.number < walk.chain->ends_at) {
            tip_inspect_end(&stride->check, &walk);
            break_off(survey);
        }
    }
    survey->is_in_chain = survey->is_again = false;
    return err == TIP_ENOTFOUND || tip_inspect_is_of_value(err) ? TIP_OK : err;
}

static enum tip_err enter_chain(struct stride *stride, uint64_t number)
{
    enum tip_err err;

    if (stride->survey->is_in_chain && stride->survey->number == number) {
        return TIP_OK;
    }
    err = end_chain(stride);
    return err == TIP_OK ? start_chain(stride, number) : err;
}

/* Between two steps frames may have been taken back, and others come in their
 * place: what does not hold is read once more from its beginning. */
static enum tip_err doubt(struct stride *stride, enum tip_err why)
{
    struct tip_survey *survey = stride->survey;

    if (why == TIP_ESIGNATURE && !survey->is_again) {
        survey->is_again = true;
        survey->key = TIP_KEY(survey->number, 0);
        return start_chain(stride, survey->number);
    }
    tip_inspect_tell_frame(&stride->check, survey->key, why);
    break_off(survey);
    survey->key = tip_key_next(survey->key);
    return TIP_OK;
}

static enum tip_err read_frame(struct stride *stride, struct tip_bytes value)
{
    struct tip_survey *survey = stride->survey;
    struct tip_inspect_walk walk;
    struct tip_bytes copy;
    enum tip_err err = TIP_OK;

    if (!survey->is_broken) {
        err = tip_arena_copy(stride->view->arena, value, &copy);
        if (err == TIP_OK) {
            err = walk_on(stride, &walk);
        }
        if (err == TIP_OK) {
            err = tip_inspect_follow(&walk, survey->key.lo, copy);
        }
        if (tip_inspect_is_of_value(err)) {
            return doubt(stride, err);
        }
        if (err == TIP_OK) {
            survey->origin = walk.origin;
            survey->head = walk.head;
        }
    }
    survey->key = tip_key_next(survey->key);
    return err;
}

static enum tip_err read_value(struct stride *stride, struct tip_bytes value)
{
    struct tip_survey *survey = stride->survey;
    const struct tip_survey_view *view = stride->view;
    enum tip_table table = (enum tip_table)survey->table;
    enum tip_err err =
        tip_inspect_row(&stride->check, table, survey->key, value);

    if (err == TIP_OK && view->decode != NULL) {
        err = view->decode(view->context, table, survey->key);
        if (tip_inspect_is_of_value(err)) {
            tip_inspect_tell_row(&stride->check, table, survey->key);
            err = TIP_OK;
        }
    }
    survey->key = tip_key_next(survey->key);
    return err;
}

/* Of a chain that is gone whole no row is met: it ends where it begins. */
static enum tip_err miss_chain(struct stride *stride, uint32_t number)
{
    struct tip_bytes value;
    struct tip_key key;
    enum tip_err err =
        tip_txn_seek(stride->view->txn, (enum tip_table)stride->survey->table,
                     TIP_SEEK_AT_OR_AFTER, TIP_KEY(number, 0), &key, &value);
    bool is_there = err == TIP_OK || err == TIP_ESTORE_DAMAGED;

    if ((is_there && key.hi == number) || !(is_there || err == TIP_ENOTFOUND)) {
        return is_there ? TIP_OK : err;
    }
    err = start_chain(stride, number);
    return err == TIP_OK ? end_chain(stride) : err;
}

static enum tip_err miss_chains(struct stride *stride)
{
    const struct tip_survey_view *view = stride->view;
    enum tip_table table = (enum tip_table)stride->survey->table;
    enum tip_err err = TIP_OK;
    uint32_t number;

    if (!is_of_frames(table) || view->chain_at == NULL) {
        return TIP_OK;
    }
    for (size_t i = 0;
         err == TIP_OK && view->chain_at(view->context, table, i, &number);
         i++) {
        err = miss_chain(stride, number);
    }
    return err;
}

/* Records are read by who knows what they add up to. */
static enum tip_err end_table(struct stride *stride)
{
    struct tip_survey *survey = stride->survey;
    enum tip_err err = end_chain(stride);

    if (err == TIP_OK) {
        err = miss_chains(stride);
    }

    survey->table++;
    if (survey->table == TIP_TABLE_RECORD) {
        survey->table++;
    }
    survey->key = TIP_KEY(0, 0);
    if (survey->table >= TIP_TABLE_COUNT) {
        survey->is_on = false;
        survey->last = survey->now;
    }
    return err;
}

static enum tip_err read_next(struct stride *stride)
{
    struct tip_survey *survey = stride->survey;
    enum tip_table table = (enum tip_table)survey->table;
    struct tip_bytes value;
    enum tip_err read, err = TIP_OK;

    tip_arena_clear(stride->view->arena);
    tip_txn_forget(stride->view->txn);
    read = tip_txn_seek(stride->view->txn, table, TIP_SEEK_AT_OR_AFTER,
                        survey->key, &survey->key, &value);
    if (read == TIP_ENOTFOUND) {
        return end_table(stride);
    }
    if (is_of_frames(table) && (read == TIP_OK || read == TIP_ESTORE_DAMAGED)) {
        err = enter_chain(stride, survey->key.hi);
    }
    if (read == TIP_ESTORE_DAMAGED && err == TIP_OK) {
        tip_inspect_tell_row(&stride->check, table, survey->key);
        if (is_of_frames(table)) {
            break_off(survey);
        }
        survey->key = tip_key_next(survey->key);
        return TIP_OK;
    }
    if (read != TIP_OK || err != TIP_OK) {
        return read != TIP_OK ? read : err;
    }
    return is_of_frames(table) ? read_frame(stride, value)
                               : read_value(stride, value);
}

enum tip_err tip_survey_step(struct tip_survey *survey,
                             const struct tip_survey_view *view, size_t rows)
{
    struct stride stride = {.survey = survey,
                            .view = view,
                            .check = {.txn = view->txn,
                                      .arena = view->arena,
                                      .found = note,
                                      .context = survey}};
    enum tip_err err = TIP_OK;

    if (survey->table == TIP_TABLE_HISTORY && survey->key.lo != 0) {
        stride.check.history_at = survey->key.hi;
        stride.check.history_next = survey->key.lo;
    }

    survey->is_dirty = true;
    for (size_t done = 0; done < rows && survey->is_on && err == TIP_OK;) {
        done += is_of_frames(survey->table) ? TIP_SURVEY_FRAME : 1;
        err = read_next(&stride);
    }
    tip_arena_clear(view->arena);
    tip_txn_forget(view->txn);
    return err;
}
