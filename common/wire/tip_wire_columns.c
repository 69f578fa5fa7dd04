/* Columns as buffers to write and readers to read. */
#include "tip_wire_sets.h"

enum tip_err tip_wire_writer_make(struct tip_wire_writer *writer,
                                  enum tip_wire_column column, size_t size,
                                  struct tip_arena *arena)
{
    /* A column that alone is larger than a body never gets into one. */
    size_t capacity =
        size < TIP_FRAME_BODY_BYTES_MAX ? size : TIP_FRAME_BODY_BYTES_MAX;
    uint8_t *memory = tip_arena_alloc(arena, capacity);

    if (memory == NULL) {
        return TIP_ENOMEM;
    }
    tip_buf_init(&writer->columns[column], memory, capacity);
    return TIP_OK;
}

enum tip_err tip_wire_writer_finish(struct tip_wire_writer *writer,
                                    struct tip_wire_body *out)
{
    enum tip_err err;

    for (size_t i = 0; i < TIP_WIRE_COLUMN_COUNT; i++) {
        err = tip_buf_finish(&writer->columns[i], &writer->body.columns[i]);
        if (err != TIP_OK) {
            return err;
        }
    }
    err = tip_buf_finish(&writer->id_tails, &writer->body.id_tails);
    if (err == TIP_OK) {
        err = tip_buf_finish(&writer->opaque, &writer->body.opaque);
    }
    if (err == TIP_OK) {
        *out = writer->body;
    }
    return err;
}

void tip_wire_reader_init(struct tip_wire_reader *reader,
                          const struct tip_wire_body *body)
{
    *reader = (struct tip_wire_reader){.body = *body};
    for (size_t i = 0; i < TIP_WIRE_COLUMN_COUNT; i++) {
        tip_reader_init(&reader->columns[i], body->columns[i]);
        reader->is_left_out[i] = body->columns[i].size == 0;
    }
    tip_reader_init(&reader->id_tails, body->id_tails);
    tip_reader_init(&reader->opaque, body->opaque);
}

enum tip_err tip_wire_reader_finish(const struct tip_wire_reader *reader)
{
    for (size_t i = 0; i < TIP_WIRE_COLUMN_COUNT; i++) {
        if (tip_reader_finish(&reader->columns[i]) != TIP_OK) {
            return TIP_EMALFORMED;
        }
    }
    return tip_reader_finish(&reader->id_tails) != TIP_OK ||
                   tip_reader_finish(&reader->opaque) != TIP_OK
               ? TIP_EMALFORMED
               : TIP_OK;
}
