#include "tip_inspect.h"

#include <stdio.h>
#include <string.h>

#include "tip_envelope.h"
#include "tip_frame_row.h"
#include "tip_holding.h"
#include "tip_state_row.h"
#include "tip_wire_record.h"
#include "tip_wire_set.h"

enum { HOLDING_FORMAT = 1 };

void tip_inspect_say(enum tip_inspect_kind kind, unsigned long long a,
                     unsigned long long b,
                     char out_text[TIP_INSPECT_SENTENCE_SIZE])
{
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

static void tell(struct tip_inspect *check, enum tip_inspect_kind kind,
                 uint64_t a, uint64_t b)
{
    check->found_count++;
    check->found(check->context, kind, a, b);
}

/* Is @err about the value that was read, not about memory or the disk? */
static bool is_of_value(enum tip_err err)
{
    return err == TIP_ESTORE_DAMAGED || err == TIP_EMALFORMED ||
           err == TIP_EUNSUPPORTED || err == TIP_EINVAL || err == TIP_ETOOBIG ||
           err == TIP_ESIGNATURE;
}

/* The next entry of @table from *@key on; what cannot be opened is told and
 * passed over. *@key is that of the entry. TIP_ENOTFOUND: no more. */
static enum tip_err next(struct tip_inspect *check, enum tip_table table,
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
        tell(check, TIP_INSPECT_ROW, (uint64_t)table, 0);
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
            tell(check, TIP_INSPECT_OVERLAY, ordinal, stored->overlay[i]);
        } else if (err != TIP_OK && err != TIP_ESTORE_DAMAGED) {
            return err;
        }
    }
    return TIP_OK;
}

enum tip_err tip_inspect_records(struct tip_inspect *check, uint32_t origin)
{
    struct tip_key key = TIP_KEY(0, 0);
    struct tip_bytes value;
    enum tip_err err;

    while ((err = next(check, TIP_TABLE_RECORD, &key, &value)) == TIP_OK) {
        struct tip_wire_record stored;
        struct tip_bytes copy;

        err = tip_arena_copy(check->arena, value, &copy);
        if (err == TIP_OK) {
            err = tip_wire_record_decode(copy, check->arena, &stored);
        }
        if (err == TIP_OK) {
            err = check_overlay(check, origin, key.hi, &stored);
        } else if (is_of_value(err)) {
            tell(check, TIP_INSPECT_RECORD, key.hi, 0);
            err = TIP_OK;
        }
        if (err != TIP_OK) {
            return err;
        }
        key = tip_key_next(key);
    }
    return err == TIP_ENOTFOUND ? TIP_OK : err;
}

enum tip_err tip_inspect_history(struct tip_inspect *check)
{
    struct tip_key key = TIP_KEY(0, 0);
    struct tip_bytes value, record;
    uint64_t ordinal = 0;
    enum tip_err err;

    while ((err = next(check, TIP_TABLE_HISTORY, &key, &value)) == TIP_OK) {
        struct tip_wire_dead dead;

        err = tip_wire_dead_decode(value, check->arena, &dead);
        if (is_of_value(err)) {
            tell(check, TIP_INSPECT_HISTORY, key.hi, key.lo);
        } else if (err != TIP_OK) {
            return err;
        }
        if (key.hi != ordinal &&
            tip_txn_get(check->txn, TIP_TABLE_RECORD, TIP_KEY(key.hi, 0),
                        &record) == TIP_ENOTFOUND) {
            tell(check, TIP_INSPECT_ORPHAN, key.hi, 0);
        }
        ordinal = key.hi;
        key = tip_key_next(key);
    }
    return err == TIP_ENOTFOUND ? TIP_OK : err;
}

enum tip_err tip_inspect_outbox(struct tip_inspect *check)
{
    struct tip_key key = TIP_KEY(0, 0);
    struct tip_bytes value;
    enum tip_err err;

    while ((err = next(check, TIP_TABLE_OUTBOX, &key, &value)) == TIP_OK) {
        struct tip_change_set set;

        err = tip_wire_set_decode(value, check->arena, &set);
        if (is_of_value(err)) {
            tell(check, TIP_INSPECT_OUTBOX, key.lo, 0);
        } else if (err != TIP_OK) {
            return err;
        }
        key = tip_key_next(key);
    }
    return err == TIP_ENOTFOUND ? TIP_OK : err;
}

/* One chain that is computed again. */
struct walk {
    enum tip_table table;
    uint32_t number; /* Of the feed or channel. */
    uint32_t origin; /* Of the newest frame of a feed. */
    const struct tip_sign_public *signer, *redactor;
    struct tip_head head; /* As far as it is computed. */
};

/* A chain begins with its first frame, and with the first of an origin under
 * which a device that was restored goes on. */
static void start(struct walk *walk, const struct tip_frame_header *header)
{
    const uint64_t number = walk->head.number;

    if (number == 0 ||
        (walk->table == TIP_TABLE_FRAME_UP && header->origin != walk->origin)) {
        tip_envelope_start(header, &walk->head);
        walk->head.number = number;
        walk->origin = header->origin;
    }
}

/* Does the frame of @row follow? Then @walk goes on behind it. */
static enum tip_err follow(struct walk *walk, struct tip_bytes row)
{
    struct tip_frame_header header;
    struct tip_wire_frame parts;
    struct tip_head kept, head;
    struct tip_bytes frame = row;
    bool is_up = walk->table == TIP_TABLE_FRAME_UP;
    enum tip_err err = is_up ? tip_frame_row_read(row, &kept, &frame) : TIP_OK;

    if (err == TIP_OK) {
        err = tip_envelope_read(frame, &parts, &header);
    }
    if (err == TIP_OK) {
        start(walk, &header);
    }
    if (err == TIP_OK) {
        err = tip_envelope_verify_left(walk->signer, walk->redactor, &header,
                                       &parts, &walk->head, &head);
        if (err == TIP_ESIGNATURE) {
            err = tip_envelope_verify_left(walk->signer, walk->signer, &header,
                                           &parts, &walk->head, &head);
        }
    }
    if (err == TIP_OK && is_up &&
        (kept.number != head.number ||
         memcmp(kept.hash, head.hash, sizeof kept.hash) != 0)) {
        err = TIP_ESIGNATURE;
    }
    if (err == TIP_OK) {
        walk->head = head;
    }
    return err;
}

static enum tip_err check_chain(struct tip_inspect *check, struct walk *walk)
{
    struct tip_key key = TIP_KEY(walk->number, 0);
    struct tip_bytes value;
    enum tip_err err;

    while ((err = next(check, walk->table, &key, &value)) == TIP_OK &&
           key.hi == walk->number) {
        err = key.lo == walk->head.number + 1 ? follow(walk, value)
                                              : TIP_ESIGNATURE;
        if (is_of_value(err)) {
            tell(check,
                 err == TIP_ESIGNATURE ? TIP_INSPECT_CHAIN : TIP_INSPECT_FRAME,
                 walk->number, key.lo);
            return TIP_OK; /* Nothing behind it can be told. */
        }
        if (err != TIP_OK) {
            return err;
        }
        key = tip_key_next(key);
    }
    return err == TIP_ENOTFOUND ? TIP_OK : err;
}

enum tip_err tip_inspect_feed(struct tip_inspect *check, uint32_t origin,
                              uint64_t begins_behind,
                              const struct tip_sign_public *signer,
                              const struct tip_sign_public *redactor)
{
    struct walk walk = {.table = TIP_TABLE_FRAME_UP,
                        .number = origin,
                        .head = {.number = begins_behind},
                        .signer = signer,
                        .redactor = redactor};

    return check_chain(check, &walk);
}

enum tip_err tip_inspect_channel(struct tip_inspect *check, uint32_t channel,
                                 const struct tip_head *begins_behind,
                                 const struct tip_sign_public *signer,
                                 const struct tip_sign_public *redactor)
{
    struct walk walk = {.table = TIP_TABLE_FRAME_DOWN,
                        .number = channel,
                        .head = *begins_behind,
                        .signer = signer,
                        .redactor = redactor};

    return check_chain(check, &walk);
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
    return is_of_value(err) ? TIP_OK : err; /* Told with the records. */
}

enum tip_err tip_inspect_holding(struct tip_inspect *check, uint32_t channel,
                                 const struct tip_digest_key *key)
{
    struct tip_holding kept, sum = {.count = 0};
    struct tip_key at = TIP_KEY(0, 0);
    struct tip_reader reader;
    struct tip_bytes value;
    enum tip_err err =
        tip_state_row_get(check->txn, TIP_TABLE_HOLDING, TIP_KEY(channel, 0),
                          HOLDING_FORMAT, &reader);

    if (err != TIP_OK) {
        return err == TIP_ENOTFOUND || is_of_value(err) ? TIP_OK : err;
    }
    tip_holding_get(&reader, &kept);
    err = tip_state_row_finish(&reader);
    while (err == TIP_OK &&
           (err = next(check, TIP_TABLE_RECORD, &at, &value)) == TIP_OK) {
        err = add_up(check, channel, key, value, &sum);
        at = tip_key_next(at);
    }
    if (err != TIP_ENOTFOUND) {
        return err;
    }
    if (memcmp(&kept, &sum, sizeof kept) != 0) {
        tell(check, TIP_INSPECT_HOLDING, channel, 0);
    }
    return TIP_OK;
}
