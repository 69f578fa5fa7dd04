#include "hub_erasure.h"

#include <string.h>

#include "tip_buf.h"
#include "tip_ctl_log.h"
#include "tip_reader.h"
#include "tip_state_row.h"

enum { FORMAT = 1, ROW_BYTES_MAX = 1024 };

const char *hub_erasure_word(const struct hub_erasure *erasure)
{
    switch (erasure->state) {
    case HUB_ERASURE_ASKED:
        return "asked";
    case HUB_ERASURE_CONFIRMED:
        return "confirmed";
    case HUB_ERASURE_WITHDRAWN:
        break;
    }
    return "withdrawn";
}

enum tip_err hub_erasure_check(const struct hub_erasure *erasure,
                               const char *account, uint32_t uid)
{
    if (erasure->state != HUB_ERASURE_ASKED) {
        return TIP_EDECIDED;
    }
    return erasure->asked.uid == uid ||
                   strcmp(erasure->asked.account, account) == 0
               ? TIP_ESAMEPERSON
               : TIP_OK;
}

/* Read a text of at most @max bytes into @out, which has one more. */
static void get_text(struct tip_reader *reader, size_t max, char *out)
{
    struct tip_bytes text = tip_reader_get_sized(reader);

    if (text.size > max) {
        reader->failed = true;
    } else if (text.size != 0) {
        memcpy(out, text.data, text.size);
    }
}

static void get_step(struct tip_reader *reader, struct hub_erasure_step *step)
{
    get_text(reader, TIP_AUTHOR_BYTES_MAX, step->account);
    step->uid = tip_reader_get_u32(reader);
    step->unix_ms = tip_reader_get_u64(reader);
}

static void put_step(struct tip_buf *buf, const struct hub_erasure_step *step)
{
    tip_buf_put_sized(buf, tip_bytes_text(step->account));
    tip_buf_put_u32(buf, step->uid);
    tip_buf_put_u64(buf, step->unix_ms);
}

static enum tip_err read_row(struct tip_bytes row, uint64_t number,
                             struct hub_erasure *out_erasure)
{
    struct hub_erasure erasure = {.number = number};
    struct tip_reader reader;
    enum tip_err err = tip_state_row_open(row, FORMAT, &reader);

    if (err != TIP_OK) {
        return err;
    }
    erasure.state = (enum hub_erasure_state)tip_reader_get_u8(&reader);
    tip_reader_copy(&reader, erasure.record.bytes, sizeof erasure.record.bytes);
    erasure.commit = tip_reader_get_u64(&reader);
    get_step(&reader, &erasure.asked);
    get_step(&reader, &erasure.ended);
    get_text(&reader, HUB_ERASURE_REASON_BYTES_MAX, erasure.reason);
    err = tip_state_row_finish(&reader);
    if (err == TIP_OK && erasure.state > HUB_ERASURE_WITHDRAWN) {
        err = TIP_ESTORE_DAMAGED;
    }
    if (err == TIP_OK) {
        *out_erasure = erasure;
    }
    return err;
}

enum tip_err hub_erasure_load(struct tip_txn *txn, uint64_t number,
                              struct hub_erasure *out_erasure)
{
    struct tip_bytes row;
    enum tip_err err = number == 0 ? TIP_ENOTFOUND
                                   : tip_txn_get(txn, TIP_TABLE_ERASURE,
                                                 TIP_KEY(number, 0), &row);

    return err == TIP_OK ? read_row(row, number, out_erasure) : err;
}

enum tip_err hub_erasure_next(struct tip_txn *txn, uint64_t number,
                              struct hub_erasure *out_erasure)
{
    struct tip_bytes row;
    struct tip_key key;
    enum tip_err err;

    if (number == UINT64_MAX) {
        return TIP_ENOTFOUND; /* A walk past the last must not begin again. */
    }
    err = tip_txn_seek(txn, TIP_TABLE_ERASURE, TIP_SEEK_AT_OR_AFTER,
                       TIP_KEY(number + 1, 0), &key, &row);
    return err == TIP_OK ? read_row(row, key.hi, out_erasure) : err;
}

/* Is a decision here of that record, and confirmed? */
static enum tip_err is_decided(struct tip_txn *txn, const struct tip_id *record,
                               bool *out_is)
{
    struct hub_erasure erasure = {.number = 0};
    enum tip_err err;

    *out_is = false;
    while (!*out_is && (err = hub_erasure_next(txn, erasure.number,
                                               &erasure)) != TIP_ENOTFOUND) {
        if (err != TIP_OK) {
            return err;
        }
        *out_is = erasure.state == HUB_ERASURE_CONFIRMED &&
                  tip_id_equal(&erasure.record, record);
    }
    return TIP_OK;
}

enum tip_err hub_erasure_next_told(struct tip_txn *txn, struct tip_arena *arena,
                                   uint64_t *entry,
                                   struct hub_erasure *out_erasure)
{
    bool is_known = true;
    enum tip_err err = TIP_OK;

    while (err == TIP_OK && is_known) {
        struct tip_ctl_entry told;

        tip_arena_clear(arena);
        err = tip_ctl_log_get(txn, *entry + 1, arena, &told);
        if (err != TIP_OK) {
            break;
        }
        ++*entry;
        if (!told.is_known || told.control.kind != TIP_CTL_ERASE) {
            continue;
        }
        err = is_decided(txn, &told.control.erase.record, &is_known);
        *out_erasure = (struct hub_erasure){.state = HUB_ERASURE_CONFIRMED,
                                            .record = told.control.erase.record,
                                            .commit = told.commit,
                                            .ended.unix_ms =
                                                told.control.erase.decided_ms};
    }
    return err;
}

enum tip_err hub_erasure_store(struct tip_txn *txn,
                               const struct hub_erasure *erasure)
{
    uint8_t memory[ROW_BYTES_MAX];
    struct tip_buf buf;

    tip_buf_init(&buf, memory, sizeof memory);
    tip_buf_put_u8(&buf, FORMAT);
    tip_buf_put_u8(&buf, (uint8_t)erasure->state);
    tip_buf_put(&buf, TIP_BYTES_OF(erasure->record.bytes));
    tip_buf_put_u64(&buf, erasure->commit);
    put_step(&buf, &erasure->asked);
    put_step(&buf, &erasure->ended);
    tip_buf_put_sized(&buf, tip_bytes_text(erasure->reason));
    return tip_state_row_put(txn, TIP_TABLE_ERASURE,
                             TIP_KEY(erasure->number, 0), &buf);
}
