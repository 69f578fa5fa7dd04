#include "tip_wire_checkpoint.h"

#include <string.h>

#include "tip_wire_row.h"

enum { VARINT_SIZE_MAX = 10 };

static size_t count_runs(const struct tip_checkpoint *checkpoint)
{
    size_t count = 0;

    for (size_t i = 0; i < checkpoint->decided_count; i++) {
        count += checkpoint->decided[i].run_count;
    }
    return count;
}

size_t tip_wire_checkpoint_bytes_max(const struct tip_checkpoint *checkpoint)
{
    return TIP_CHECKPOINT_DIGEST_SIZE +
           VARINT_SIZE_MAX *
               (4 + 4 * checkpoint->decided_count + 3 * count_runs(checkpoint));
}

static bool is_reason(uint64_t number)
{
    return number > TIP_HOLD_NONE && number <= TIP_HOLD_NUMBER_MAX;
}

/* Does @run lie behind @last, all of it within @bound? */
static bool is_run_in_place(const struct tip_held_run *run, uint64_t last,
                            uint64_t bound)
{
    return run->first > last && run->first <= bound && run->count > 0 &&
           run->count - 1 <= bound - run->first;
}

static enum tip_err put_decided(struct tip_buf *buf,
                                const struct tip_decided *decided)
{
    uint64_t last = 0;

    tip_buf_put_varint(buf, decided->origin);
    tip_buf_put_varint(buf, decided->bound);
    tip_buf_put_varint(buf, decided->run_count);
    for (size_t i = 0; i < decided->run_count; i++) {
        const struct tip_held_run *run = &decided->runs[i];

        if (!is_run_in_place(run, last, decided->bound) ||
            !is_reason(run->reason)) {
            return TIP_EINVAL;
        }
        tip_buf_put_varint(buf, run->first - last);
        tip_buf_put_varint(buf, run->count - 1);
        tip_buf_put_varint(buf, (uint64_t)run->reason);
        last = run->first + run->count - 1;
    }
    if (decided->unnamed > decided->bound - last) {
        return TIP_EINVAL;
    }
    tip_buf_put_varint(buf, decided->unnamed);
    return TIP_OK;
}

enum tip_err tip_wire_checkpoint_put(struct tip_buf *buf,
                                     const struct tip_checkpoint *checkpoint)
{
    enum tip_err err = TIP_OK;

    if (checkpoint->decided_count > TIP_WIRE_DECIDED_MAX ||
        count_runs(checkpoint) > TIP_WIRE_HELD_MAX) {
        return TIP_EINVAL;
    }
    tip_wire_commit_put(buf, checkpoint->commit);
    tip_buf_put_varint(buf, checkpoint->control);
    tip_buf_put_varint(buf, checkpoint->decided_count);
    for (size_t i = 0; i < checkpoint->decided_count && err == TIP_OK; i++) {
        err = put_decided(buf, &checkpoint->decided[i]);
    }
    if (checkpoint->has_digest) {
        tip_buf_put(buf, TIP_BYTES_OF(checkpoint->digest));
    }
    return err;
}

static enum tip_err get_run(struct tip_reader *reader, uint64_t bound,
                            uint64_t last, struct tip_held_run *out_run)
{
    uint64_t step = tip_reader_get_varint(reader);
    uint64_t more = tip_reader_get_varint(reader);
    uint64_t reason = tip_reader_get_varint(reader);

    /* Before anything is added up, so that nothing wraps. */
    if (reader->failed || step == 0 || step > bound - last ||
        more > bound - last - step || reason == TIP_HOLD_NONE) {
        return TIP_EMALFORMED;
    }
    if (!is_reason(reason)) {
        return TIP_EUNSUPPORTED;
    }
    *out_run = (struct tip_held_run){.first = last + step,
                                     .count = more + 1,
                                     .reason = (enum tip_hold)reason};
    return TIP_OK;
}

static enum tip_err get_decided(struct tip_reader *reader,
                                struct tip_arena *arena,
                                struct tip_decided *decided)
{
    uint64_t last = 0;
    struct tip_held_run *runs;

    decided->origin = tip_wire_u32_get(reader);
    decided->bound = tip_reader_get_varint(reader);
    decided->run_count = tip_wire_count_get(reader, 3, TIP_WIRE_HELD_MAX);
    runs = tip_arena_alloc_array(arena, decided->run_count, sizeof *runs);
    if (runs == NULL) {
        return TIP_ENOMEM;
    }
    for (size_t i = 0; i < decided->run_count; i++) {
        enum tip_err err = get_run(reader, decided->bound, last, &runs[i]);

        if (err != TIP_OK) {
            return err;
        }
        last = runs[i].first + runs[i].count - 1;
    }
    decided->runs = runs;
    decided->unnamed = tip_reader_get_varint(reader);
    return decided->unnamed <= decided->bound - last ? TIP_OK : TIP_EMALFORMED;
}

/* It is there if anything is. */
static void get_digest(struct tip_reader *reader,
                       struct tip_checkpoint *checkpoint)
{
    struct tip_bytes bytes;

    checkpoint->has_digest = !reader->failed && reader->rest.size != 0;
    if (checkpoint->has_digest) {
        bytes = tip_reader_get(reader, TIP_CHECKPOINT_DIGEST_SIZE);
        if (!reader->failed) {
            memcpy(checkpoint->digest, bytes.data, bytes.size);
        }
    }
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
    checkpoint.control = tip_reader_get_varint(&reader);
    checkpoint.decided_count =
        tip_wire_count_get(&reader, 4, TIP_WIRE_DECIDED_MAX);
    decided =
        tip_arena_alloc_array(arena, checkpoint.decided_count, sizeof *decided);
    if (decided == NULL) {
        return TIP_ENOMEM;
    }
    for (size_t i = 0; i < checkpoint.decided_count && err == TIP_OK; i++) {
        err = get_decided(&reader, arena, &decided[i]);
    }
    if (err == TIP_OK) {
        get_digest(&reader, &checkpoint);
        err = tip_reader_finish(&reader);
    }
    if (err == TIP_OK) {
        checkpoint.decided = decided;
        *out_checkpoint = checkpoint;
    }
    return err;
}
