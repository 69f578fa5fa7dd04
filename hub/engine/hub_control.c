/*
 * The control log: what everybody is told to obey.
 *
 * It is the log of channel CTL and nothing beside it: entry N is position N.
 */
#include "hub_recovery.h"
#include "tip_ctl_log.h"
#include "tip_wire_ctl.h"

enum tip_err hub_control_append(struct hub_engine *engine,
                                const struct tip_ctl *control)
{
    uint8_t memory[TIP_CTL_BYTES_MAX];
    struct tip_item item = {.kind = TIP_ITEM_CONTROL};
    struct tip_buf buf;
    enum tip_err err;

    tip_buf_init(&buf, memory, sizeof memory);
    err = tip_wire_ctl_encode(control, &buf);
    if (err == TIP_OK) {
        err = tip_buf_finish(&buf, &item.control);
    }
    if (err == TIP_OK) {
        err = hub_recovery_check(engine);
    }
    if (err == TIP_OK) {
        err = hub_engine_write(engine);
    }
    if (err != TIP_OK) {
        return err;
    }
    item.commit = ++engine->order.commit;
    engine->order_is_dirty = true;
    err = hub_channel_append(engine, &engine->channels[HUB_CHANNEL_CTL], &item);
    if (err == TIP_OK) {
        err = tip_ctl_log_note_lineage(control, &engine->lineage);
    }
    if (err != TIP_OK) {
        engine->failure = err;
    }
    return err;
}
