/* Rule: the rows of any table are written and read the same; a row that cannot
 * be read costs that row. Input: the delimiter, then the table. */
#include "fuzz.h"
#include "fuzz_part.h"
#include "tip_csv_reader.h"
#include "tip_csv_writer.h"
#include "tip_utf8.h"

enum { BYTES_MAX = 1 << 20 };

static const char delimiters[] = {0, ',', ';', '\t'};

/* Write what can be read of @bytes, and say how many rows that is. */
static size_t copy(struct tip_bytes bytes, char delimiter,
                   struct tip_sink_memory *sink, bool must_read)
{
    struct tip_csv_writer writer;
    struct tip_csv_reader *reader;
    struct tip_csv_row row;
    size_t rows = 0, last = 0;
    enum tip_err err;

    tip_csv_writer_init(&writer, &sink->base, (struct tip_csv_style){0});
    FUZZ_RULE(tip_csv_reader_new(bytes, delimiter, &reader) == TIP_OK);
    while ((err = tip_csv_reader_next(reader, &row)) != TIP_ENOTFOUND) {
        FUZZ_RULE(tip_csv_reader_place(reader).row > last);
        last = tip_csv_reader_place(reader).row;
        FUZZ_RULE(err == TIP_OK || !must_read);
        if (err != TIP_OK) {
            continue;
        }
        FUZZ_RULE(row.cell_count >= 1 && row.cell_count <= TIP_CSV_COLUMNS_MAX);
        rows++;
        for (size_t i = 0; i < row.cell_count; i++) {
            FUZZ_RULE(tip_utf8_valid(row.cells[i],
                                     TIP_UTF8_LF | TIP_UTF8_TAB | TIP_UTF8_CR));
            tip_csv_writer_put(&writer, row.cells[i]);
        }
        tip_csv_writer_end_row(&writer);
    }
    FUZZ_RULE(tip_csv_writer_finish(&writer) == TIP_OK);
    tip_csv_reader_free(reader);
    return rows;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tip_bytes rest = tip_bytes(data, size);
    char delimiter = delimiters[fuzz_take_u8(&rest) % sizeof delimiters];
    struct tip_sink_memory first, second;

    tip_sink_memory_init(&first, UINT64_C(2) * BYTES_MAX);
    tip_sink_memory_init(&second, UINT64_C(2) * BYTES_MAX);
    if (rest.size < BYTES_MAX / 4) {
        size_t rows = copy(rest, delimiter, &first, false);

        FUZZ_RULE(copy(tip_sink_memory_get(&first), ',', &second, true) ==
                  rows);
        FUZZ_RULE(tip_bytes_equal(tip_sink_memory_get(&first),
                                  tip_sink_memory_get(&second)));
    }
    tip_sink_memory_deinit(&first);
    tip_sink_memory_deinit(&second);
    return 0;
}
