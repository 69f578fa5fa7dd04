#include "hub_lines.h"

#include "tip_buf.h"
#include "tip_reader.h"
#include "tip_state_row.h"

enum { FORMAT = 1, ROW_BYTES_MAX = 16 + TIP_HOURS * 21 };

enum tip_err hub_line_load(struct tip_txn *txn, struct hub_line_hours *line)
{
    struct tip_hours hours = {.newest = 0};
    struct tip_reader reader;
    enum tip_err err =
        tip_state_row_get(txn, TIP_TABLE_OFFICE,
                          TIP_KEY(line->office, HUB_LINE_ROW), FORMAT, &reader);

    if (err != TIP_OK) {
        return err == TIP_ENOTFOUND ? TIP_OK : err;
    }
    hours.newest = tip_reader_get_varint(&reader);
    for (size_t i = 0; i < TIP_HOURS; i++) {
        hours.hours[i].is_heard = tip_reader_get_u8(&reader) != 0;
        hours.hours[i].up_bytes = tip_reader_get_varint(&reader);
        hours.hours[i].down_bytes = tip_reader_get_varint(&reader);
    }
    err = tip_state_row_finish(&reader);
    if (err == TIP_OK) {
        line->hours = hours;
    }
    return err;
}

static enum tip_err store(struct tip_txn *txn,
                          const struct hub_line_hours *line)
{
    uint8_t memory[ROW_BYTES_MAX];
    struct tip_buf buf;

    tip_buf_init(&buf, memory, sizeof memory);
    tip_buf_put_u8(&buf, FORMAT);
    tip_buf_put_varint(&buf, line->hours.newest);
    for (size_t i = 0; i < TIP_HOURS; i++) {
        tip_buf_put_u8(&buf, line->hours.hours[i].is_heard ? 1 : 0);
        tip_buf_put_varint(&buf, line->hours.hours[i].up_bytes);
        tip_buf_put_varint(&buf, line->hours.hours[i].down_bytes);
    }
    return tip_state_row_put(txn, TIP_TABLE_OFFICE,
                             TIP_KEY(line->office, HUB_LINE_ROW), &buf);
}

struct hub_line_hours *hub_lines_of(struct hub_lines *lines,
                                    struct tip_txn *txn, uint64_t office)
{
    struct hub_line_hours *line;

    for (size_t i = 0; i < lines->count; i++) {
        if (lines->items[i].office == office) {
            return &lines->items[i];
        }
    }
    if (lines->count == HUB_ORIGINS_MAX) {
        return NULL;
    }
    line = &lines->items[lines->count];
    *line = (struct hub_line_hours){.office = office};
    if (hub_line_load(txn, line) != TIP_OK) {
        return NULL;
    }
    lines->count++;
    return line;
}

void hub_line_note(struct hub_line_hours *line,
                   const struct hub_line_look *look)
{
    if (tip_hours_pass(&line->hours, look->now_ms)) {
        line->is_due = true;
    }
    if (look->heard_ms != 0) {
        tip_hours_hear(&line->hours, look->heard_ms);
    }
    if (line->origin != look->origin || look->up_bytes < line->up_bytes ||
        look->down_bytes < line->down_bytes) {
        /* Another device, whose counters begin anew. */
        line->origin = look->origin;
        line->up_bytes = line->down_bytes = 0;
    }
    tip_hours_carry(&line->hours, look->up_bytes - line->up_bytes,
                    look->down_bytes - line->down_bytes);
    line->up_bytes = look->up_bytes;
    line->down_bytes = look->down_bytes;
}

bool hub_lines_are_due(const struct hub_lines *lines)
{
    for (size_t i = 0; i < lines->count; i++) {
        if (lines->items[i].is_due) {
            return true;
        }
    }
    return false;
}

enum tip_err hub_lines_store(struct hub_lines *lines, struct tip_txn *txn)
{
    enum tip_err err = TIP_OK;

    for (size_t i = 0; i < lines->count && err == TIP_OK; i++) {
        if (lines->items[i].is_due) {
            err = store(txn, &lines->items[i]);
            lines->items[i].is_due = err != TIP_OK;
        }
    }
    return err;
}
