#include "tip_wire_channel.h"

#include "tip_wire_items.h"
#include "tip_wire_row.h"

static enum tip_err put_echo(struct tip_buf *buf, const struct tip_echo *echo)
{
    if (!tip_wire_echo_is_sound(echo)) {
        return TIP_EINVAL;
    }
    tip_wire_commit_put(buf, echo->first_commit);
    tip_buf_put_u8(buf, (uint8_t)echo->verdict);
    tip_buf_put_varint(buf, echo->origin);
    tip_buf_put_varint(buf, echo->first_seq);
    tip_buf_put_varint(buf, echo->count);
    return TIP_OK;
}

static enum tip_err put_set(struct tip_buf *buf, const struct tip_item *item)
{
    enum tip_err err = tip_change_part_check(&item->set);

    if (err != TIP_OK) {
        return err;
    }
    if (item->commit == 0 || !tip_wire_verdict_is_sound(item->verdict)) {
        return TIP_EINVAL;
    }
    tip_wire_commit_put(buf, item->commit);
    tip_buf_put_u8(buf, (uint8_t)item->verdict);
    return tip_wire_set_put(buf, &item->set);
}

static enum tip_err put_state(struct tip_buf *buf, const struct tip_item *item)
{
    if (item->commit == 0 || !tip_wire_state_is_sound(&item->state)) {
        return TIP_EINVAL;
    }
    tip_wire_commit_put(buf, item->commit);
    tip_buf_put_u8(buf, (uint8_t)TIP_VERDICT_GOOD);
    tip_wire_state_put(buf, &item->state);
    return TIP_OK;
}

static enum tip_err put_ruling(struct tip_buf *buf, const struct tip_item *item)
{
    if (item->commit == 0 || !tip_wire_verdict_is_sound(item->verdict) ||
        !tip_wire_ruling_is_sound(&item->ruling)) {
        return TIP_EINVAL;
    }
    tip_wire_commit_put(buf, item->commit);
    tip_buf_put_u8(buf, (uint8_t)item->verdict);
    tip_wire_ruling_put(buf, &item->ruling);
    return TIP_OK;
}

static enum tip_err put_control(struct tip_buf *buf,
                                const struct tip_item *item)
{
    if (item->commit == 0 || !tip_wire_ctl_is_sound(item->control)) {
        return TIP_EINVAL;
    }
    tip_wire_commit_put(buf, item->commit);
    tip_buf_put_u8(buf, (uint8_t)TIP_VERDICT_GOOD);
    tip_buf_put_sized(buf, item->control);
    return TIP_OK;
}

static enum tip_err put_roll(struct tip_buf *buf, const struct tip_item *item)
{
    if (item->commit == 0) {
        return TIP_EINVAL;
    }
    tip_wire_commit_put(buf, item->commit);
    tip_buf_put_u8(buf, (uint8_t)TIP_VERDICT_GOOD);
    tip_wire_roll_put(buf, &item->roll);
    return TIP_OK;
}

static enum tip_err put_item(struct tip_buf *buf, const struct tip_item *item)
{
    tip_buf_put_u8(buf, (uint8_t)item->kind);
    switch (item->kind) {
    case TIP_ITEM_ECHO:
        return put_echo(buf, &item->echo);
    case TIP_ITEM_SET:
        return put_set(buf, item);
    case TIP_ITEM_STATE:
        return put_state(buf, item);
    case TIP_ITEM_RULING:
        return put_ruling(buf, item);
    case TIP_ITEM_CONTROL:
        return put_control(buf, item);
    case TIP_ITEM_ROLL:
        return put_roll(buf, item);
    }
    return TIP_EINVAL;
}

enum tip_err tip_wire_channel_encode(const struct tip_item *item,
                                     struct tip_buf *buf)
{
    size_t before = buf->size;
    struct tip_bytes done;
    enum tip_err err;

    tip_buf_put_u8(buf, TIP_WIRE_ROW_ITEM);
    err = put_item(buf, item);
    if (err == TIP_OK) {
        err = tip_buf_finish(buf, &done);
    }
    if (err != TIP_OK) {
        buf->size = before;
    }
    return err;
}

static enum tip_err get_echo(struct tip_reader *reader, struct tip_echo *echo)
{
    echo->origin = tip_wire_u32_get(reader);
    echo->first_seq = tip_reader_get_varint(reader);
    echo->count = tip_wire_u32_get(reader);
    return tip_wire_echo_is_sound(echo) ? TIP_OK : TIP_EMALFORMED;
}

static enum tip_err get_set(struct tip_reader *reader, struct tip_arena *arena,
                            struct tip_change_set *set)
{
    enum tip_err err = tip_wire_set_get(reader, arena, set);

    return err == TIP_OK ? tip_change_part_check(set) : err;
}

static enum tip_err get_item(struct tip_reader *reader, struct tip_arena *arena,
                             struct tip_item *item)
{
    uint8_t kind = tip_reader_get_u8(reader);
    uint64_t commit = tip_wire_commit_get(reader);
    uint8_t verdict = tip_reader_get_u8(reader);

    if (kind > TIP_ITEM_ROLL || verdict > TIP_VERDICT_FUTURE) {
        return TIP_EUNSUPPORTED;
    }
    if (kind < TIP_ITEM_ECHO || commit == 0) {
        return TIP_EMALFORMED;
    }
    item->kind = (enum tip_item_kind)kind;
    item->commit = commit;
    item->verdict = (enum tip_verdict)verdict;
    switch (item->kind) {
    case TIP_ITEM_ECHO:
        item->commit = 0; /* A run says its own. */
        item->verdict = TIP_VERDICT_GOOD;
        item->echo = (struct tip_echo){.first_commit = commit,
                                       .verdict = (enum tip_verdict)verdict};
        return get_echo(reader, &item->echo);
    case TIP_ITEM_SET:
        return get_set(reader, arena, &item->set);
    case TIP_ITEM_STATE:
        item->state = tip_wire_state_get(reader);
        return tip_wire_state_is_sound(&item->state) ? TIP_OK : TIP_EMALFORMED;
    case TIP_ITEM_CONTROL:
        item->control = tip_reader_get_sized(reader);
        return tip_wire_ctl_is_sound(item->control) ? TIP_OK : TIP_EMALFORMED;
    case TIP_ITEM_RULING:
        return tip_wire_ruling_get(reader, &item->ruling);
    case TIP_ITEM_ROLL:
        break;
    }
    return tip_wire_roll_get(reader, &item->roll) ? TIP_OK : TIP_EMALFORMED;
}

enum tip_err tip_wire_channel_decode(struct tip_bytes bytes,
                                     struct tip_arena *arena,
                                     struct tip_item *out_item)
{
    struct tip_reader reader;
    struct tip_item item = {.commit = 0};
    enum tip_err err = tip_wire_row_open(&reader, bytes, TIP_WIRE_ROW_ITEM);

    if (err == TIP_OK) {
        err = get_item(&reader, arena, &item);
    }
    if (err == TIP_OK) {
        err = tip_reader_finish(&reader);
    }
    if (err == TIP_OK) {
        *out_item = item;
    }
    return err;
}
