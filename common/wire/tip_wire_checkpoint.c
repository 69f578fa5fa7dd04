#include "tip_wire_checkpoint.h"

#include "tip_wire_row.h"

enum { VARINT_SIZE_MAX = 10 };

static size_t count_held(const struct tip_checkpoint *checkpoint)
{
    size_t count = 0;

    for (size_t i = 0; i < checkpoint->decided_count; i++) {
        count += checkpoint->decided[i].exception_count;
    }
    return count;
}

size_t tip_wire_checkpoint_bytes_max(const struct tip_checkpoint *checkpoint)
{
    return VARINT_SIZE_MAX *
           (3 + 3 * checkpoint->decided_count + 2 * count_held(checkpoint));
}

static bool is_reason(uint64_t number)
{
    return number > TIP_HOLD_NONE && number < TIP_HOLD_COUNT;
}

static enum tip_err put_decided(struct tip_buf *buf,
                                const struct tip_decided *decided)
{
    uint64_t last = 0;

    tip_buf_put_varint(buf, decided->origin);
    tip_buf_put_varint(buf, decided->bound);
    tip_buf_put_varint(buf, decided->exception_count);
    for (size_t i = 0; i < decided->exception_count; i++) {
        const struct tip_held *held = &decided->exceptions[i];

        if (held->seq <= last || held->seq > decided->bound ||
            !is_reason(held->reason)) {
            return TIP_EINVAL;
        }
        tip_buf_put_varint(buf, held->seq - last);
        tip_buf_put_varint(buf, (uint64_t)held->reason);
        last = held->seq;
    }
    return TIP_OK;
}

enum tip_err tip_wire_checkpoint_put(struct tip_buf *buf,
                                     const struct tip_checkpoint *checkpoint)
{
    enum tip_err err = TIP_OK;

    if (checkpoint->decided_count > TIP_WIRE_DECIDED_MAX ||
        count_held(checkpoint) > TIP_WIRE_HELD_MAX) {
        return TIP_EINVAL;
    }
    tip_wire_commit_put(buf, checkpoint->commit);
    tip_buf_put_varint(buf, checkpoint->decided_count);
    for (size_t i = 0; i < checkpoint->decided_count && err == TIP_OK; i++) {
        err = put_decided(buf, &checkpoint->decided[i]);
    }
    return err;
}

static enum tip_err get_held(struct tip_reader *reader,
                             const struct tip_decided *decided, uint64_t last,
                             struct tip_held *out_held)
{
    uint64_t step = tip_reader_get_varint(reader);
    uint64_t reason = tip_reader_get_varint(reader);

    if (reader->failed || step == 0 || step > decided->bound - last ||
        reason == TIP_HOLD_NONE) {
        return TIP_EMALFORMED;
    }
    if (!is_reason(reason)) {
        return TIP_EUNSUPPORTED;
    }
    *out_held =
        (struct tip_held){.seq = last + step, .reason = (enum tip_hold)reason};
    return TIP_OK;
}

static enum tip_err get_decided(struct tip_reader *reader,
                                struct tip_arena *arena,
                                struct tip_decided *decided)
{
    uint64_t last = 0;
    struct tip_held *held;

    decided->origin = tip_wire_u32_get(reader);
    decided->bound = tip_reader_get_varint(reader);
    decided->exception_count = tip_wire_count_get(reader, 2, TIP_WIRE_HELD_MAX);
    held = tip_arena_alloc_array(arena, decided->exception_count, sizeof *held);
    if (held == NULL) {
        return TIP_ENOMEM;
    }
    for (size_t i = 0; i < decided->exception_count; i++) {
        enum tip_err err = get_held(reader, decided, last, &held[i]);

        if (err != TIP_OK) {
            return err;
        }
        last = held[i].seq;
    }
    decided->exceptions = held;
    return TIP_OK;
}

enum tip_err tip_wire_checkpoint_get(struct tip_bytes bytes,
                                     struct tip_arena *arena,
                                     struct tip_checkpoint *out_checkpoint)
{
    struct tip_checkpoint checkpoint;
    struct tip_decided *decided;
    struct tip_reader reader;
    enum tip_err err = TIP_OK;

    tip_reader_init(&reader, bytes);
    checkpoint.commit = tip_wire_commit_get(&reader);
    checkpoint.decided_count =
        tip_wire_count_get(&reader, 3, TIP_WIRE_DECIDED_MAX);
    decided =
        tip_arena_alloc_array(arena, checkpoint.decided_count, sizeof *decided);
    if (decided == NULL) {
        return TIP_ENOMEM;
    }
    for (size_t i = 0; i < checkpoint.decided_count && err == TIP_OK; i++) {
        err = get_decided(&reader, arena, &decided[i]);
    }
    if (err == TIP_OK) {
        err = tip_reader_finish(&reader);
    }
    if (err == TIP_OK) {
        checkpoint.decided = decided;
        *out_checkpoint = checkpoint;
    }
    return err;
}
