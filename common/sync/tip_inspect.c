#include "tip_inspect.h"

#include <stdio.h>
#include <string.h>

#include "tip_holding.h"
#include "tip_inspect_internal.h"
#include "tip_state_row.h"
#include "tip_wire_channel.h"
#include "tip_wire_record.h"
#include "tip_wire_set.h"

enum { HOLDING_FORMAT = 1 };

void tip_inspect_say(enum tip_inspect_kind kind, unsigned long long a,
                     unsigned long long b,
                     char out_text[TIP_INSPECT_SENTENCE_SIZE])
{
    out_text[0] = '\0';
    switch (kind) {
#define TIP_INSPECT_CASE(name, sentence, ...)                         \
    case TIP_INSPECT_##name:                                          \
        (void)snprintf(out_text, TIP_INSPECT_SENTENCE_SIZE, sentence, \
                       __VA_ARGS__);                                  \
        break;
        TIP_INSPECT_MAP(TIP_INSPECT_CASE)
#undef TIP_INSPECT_CASE
    }
}

void tip_inspect_tell(struct tip_inspect *check, enum tip_inspect_kind kind,
                      uint64_t a, uint64_t b)
{
    check->found_count++;
    check->found(check->context, kind, a, b);
}

bool tip_inspect_is_of_value(enum tip_err err)
{
    return err == TIP_ESTORE_DAMAGED || err == TIP_EMALFORMED ||
           err == TIP_EUNSUPPORTED || err == TIP_EINVAL || err == TIP_ETOOBIG ||
           err == TIP_ESIGNATURE || err == TIP_EUNSEAL ||
           err == TIP_ESTORE_VERSION;
}

/* Are there entries of a history missing before that at @key, which is there?
 * Of those at its end nobody knows. */
static void follow_history(struct tip_inspect *check, struct tip_key key)
{
    uint64_t next = key.hi == check->history_at ? check->history_next : 1;

    if (key.lo > next) {
        tip_inspect_tell(check, TIP_INSPECT_HISTORY_GONE, key.hi, next);
    }
    check->history_at = key.hi;
    check->history_next = key.lo + 1;
}

void tip_inspect_tell_row(struct tip_inspect *check, enum tip_table table,
                          struct tip_key key)
{
    static const struct {
        enum tip_table table;
        enum tip_inspect_kind kind;
    } names[] = {{TIP_TABLE_RECORD, TIP_INSPECT_RECORD},
                 {TIP_TABLE_HISTORY, TIP_INSPECT_HISTORY},
                 {TIP_TABLE_FRAME_UP, TIP_INSPECT_FRAME},
                 {TIP_TABLE_FRAME_DOWN, TIP_INSPECT_FRAME},
                 {TIP_TABLE_CHANNEL, TIP_INSPECT_ITEM}};

    if (table == TIP_TABLE_HISTORY) {
        follow_history(check, key);
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        /* Row 0 of a channel says how far it is. */
        if (names[i].table == table &&
            (table != TIP_TABLE_CHANNEL || key.lo != 0)) {
            tip_inspect_tell(check, names[i].kind, key.hi, key.lo);
            return;
        }
    }
    if (table == TIP_TABLE_OUTBOX) {
        tip_inspect_tell(check, TIP_INSPECT_OUTBOX, key.lo, 0);
    } else {
        tip_inspect_tell(check, TIP_INSPECT_ROW, (uint64_t)table, 0);
    }
}

enum tip_err tip_inspect_next(struct tip_inspect *check, enum tip_table table,
                              struct tip_key *key, struct tip_bytes *out_value)
{
    tip_arena_clear(check->arena);
    tip_txn_forget(check->txn);
    for (;;) {
        enum tip_err err = tip_txn_seek(check->txn, table, TIP_SEEK_AT_OR_AFTER,
                                        *key, key, out_value);

        if (err != TIP_ESTORE_DAMAGED) {
            return err;
        }
        tip_inspect_tell_row(check, table, *key);
        *key = tip_key_next(*key);
    }
}

/* Does each change-set that lies over the record @ordinal exist? */
static enum tip_err check_overlay(struct tip_inspect *check, uint32_t origin,
                                  uint64_t ordinal,
                                  const struct tip_wire_record *stored)
{
    for (size_t i = 0; i < stored->overlay_count; i++) {
        struct tip_bytes value;
        enum tip_err err =
            tip_txn_get(check->txn, TIP_TABLE_OUTBOX,
                        TIP_KEY(origin, stored->overlay[i]), &value);

        if (err == TIP_ENOTFOUND) {
            tip_inspect_tell(check, TIP_INSPECT_OVERLAY, ordinal,
                             stored->overlay[i]);
        } else if (err != TIP_OK && err != TIP_ESTORE_DAMAGED) {
            return err;
        }
    }
    return TIP_OK;
}

/* Is there no record @ordinal? One that does not open is told of already. */
static void check_gap(struct tip_inspect *check, uint64_t ordinal)
{
    struct tip_bytes value;

    if (tip_txn_get(check->txn, TIP_TABLE_RECORD, TIP_KEY(ordinal, 0),
                    &value) == TIP_ENOTFOUND) {
        tip_inspect_tell(check, TIP_INSPECT_GONE, ordinal, 0);
    }
}

enum tip_err tip_inspect_records(struct tip_inspect *check, uint32_t origin,
                                 bool may_gap)
{
    struct tip_key key = TIP_KEY(0, 0);
    struct tip_bytes value;
    uint64_t next = 1;
    enum tip_err err;

    while ((err = tip_inspect_next(check, TIP_TABLE_RECORD, &key, &value)) ==
           TIP_OK) {
        struct tip_wire_record stored;
        struct tip_bytes copy;

        for (; next < key.hi && !may_gap; next++) {
            check_gap(check, next);
        }
        next = key.hi + 1;
        err = tip_arena_copy(check->arena, value, &copy);
        if (err == TIP_OK) {
            err = tip_wire_record_decode(copy, check->arena, &stored);
        }
        if (err == TIP_OK) {
            err = check_overlay(check, origin, key.hi, &stored);
        } else if (tip_inspect_is_of_value(err)) {
            tip_inspect_tell(check, TIP_INSPECT_RECORD, key.hi, 0);
            err = TIP_OK;
        }
        if (err != TIP_OK) {
            return err;
        }
        key = tip_key_next(key);
    }
    return err == TIP_ENOTFOUND ? TIP_OK : err;
}

/* Once for all that is read of it in a row. */
static void check_orphan(struct tip_inspect *check, uint64_t ordinal)
{
    struct tip_bytes record;

    if (ordinal != check->history_of &&
        tip_txn_get(check->txn, TIP_TABLE_RECORD, TIP_KEY(ordinal, 0),
                    &record) == TIP_ENOTFOUND) {
        tip_inspect_tell(check, TIP_INSPECT_ORPHAN, ordinal, 0);
    }
    check->history_of = ordinal;
}

/* What was counted of a channel. */
static enum tip_err read_holding(struct tip_bytes value,
                                 struct tip_holding *out_holding)
{
    struct tip_reader reader;
    enum tip_err err = tip_state_row_open(value, HOLDING_FORMAT, &reader);

    if (err == TIP_OK) {
        tip_holding_get(&reader, out_holding);
        err = tip_state_row_finish(&reader);
    }
    return err;
}

static enum tip_err decode(struct tip_inspect *check, enum tip_table table,
                           struct tip_key key, struct tip_bytes value)
{
    struct tip_holding holding;
    struct tip_wire_dead dead;
    struct tip_change_set set;
    struct tip_item item;

    if (table == TIP_TABLE_HISTORY) {
        return tip_wire_dead_decode(value, check->arena, &dead);
    }
    if (table == TIP_TABLE_OUTBOX) {
        return tip_wire_set_decode(value, check->arena, &set);
    }
    if (table == TIP_TABLE_HOLDING && key.lo == 0) {
        return read_holding(value, &holding);
    }
    /* Row 0 says how far the channel is. */
    return table == TIP_TABLE_CHANNEL && key.lo != 0
               ? tip_wire_channel_decode(value, check->arena, &item)
               : TIP_OK;
}

enum tip_err tip_inspect_row(struct tip_inspect *check, enum tip_table table,
                             struct tip_key key, struct tip_bytes value)
{
    enum tip_err err = decode(check, table, key, value);

    if (tip_inspect_is_of_value(err)) {
        tip_inspect_tell_row(check, table, key);
        err = TIP_OK;
    }
    if (table == TIP_TABLE_HISTORY) {
        follow_history(check, key);
        check_orphan(check, key.hi);
    }
    return err;
}

enum tip_err tip_inspect_rows(struct tip_inspect *check, enum tip_table table,
                              tip_inspect_decode *decode_row)
{
    struct tip_key key = TIP_KEY(0, 0);
    struct tip_bytes value;
    enum tip_err err;

    while ((err = tip_inspect_next(check, table, &key, &value)) == TIP_OK) {
        err = tip_inspect_row(check, table, key, value);
        if (err == TIP_OK && decode_row != NULL) {
            err = decode_row(check->txn, table, key, check->arena);
        }
        if (tip_inspect_is_of_value(err)) {
            tip_inspect_tell_row(check, table, key);
        } else if (err != TIP_OK) {
            return err;
        }
        key = tip_key_next(key);
    }
    return err == TIP_ENOTFOUND ? TIP_OK : err;
}

/* Add the record of @value to @sum if @channel's audience holds it. */
static enum tip_err add_up(struct tip_inspect *check, uint32_t channel,
                           const struct tip_digest_key *key,
                           struct tip_bytes value, struct tip_holding *sum)
{
    struct tip_wire_record stored;
    struct tip_held_record held;
    struct tip_bytes copy;
    enum tip_err err = tip_arena_copy(check->arena, value, &copy);

    if (err == TIP_OK) {
        err = tip_wire_record_decode(copy, check->arena, &stored);
    }
    if (err == TIP_OK && tip_holding_has(&stored.record, channel)) {
        err = tip_holding_prepare(&stored.record, check->arena, &held);
        if (err == TIP_OK) {
            tip_holding_add(sum, key, &held);
        }
    }
    return tip_inspect_is_of_value(err) ? TIP_OK
                                        : err; /* Told with the records. */
}

enum tip_err tip_inspect_holding(struct tip_inspect *check, uint32_t channel,
                                 const struct tip_digest_key *key)
{
    struct tip_holding kept, sum = {.count = 0};
    struct tip_key at = TIP_KEY(0, 0);
    struct tip_bytes value;
    enum tip_err err =
        tip_txn_get(check->txn, TIP_TABLE_HOLDING, TIP_KEY(channel, 0), &value);

    if (err == TIP_OK) {
        err = read_holding(value, &kept);
    }
    if (err != TIP_OK) { /* What cannot be read is told with the rows. */
        return err == TIP_ENOTFOUND || tip_inspect_is_of_value(err) ? TIP_OK
                                                                    : err;
    }
    while (err == TIP_OK && (err = tip_inspect_next(check, TIP_TABLE_RECORD,
                                                    &at, &value)) == TIP_OK) {
        err = add_up(check, channel, key, value, &sum);
        at = tip_key_next(at);
    }
    if (err != TIP_ENOTFOUND) {
        return err;
    }
    if (memcmp(&kept, &sum, sizeof kept) != 0) {
        tip_inspect_tell(check, TIP_INSPECT_HOLDING, channel, 0);
    }
    return TIP_OK;
}
