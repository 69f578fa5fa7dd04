#include "desk_rows.h"

#include "tip_test.h"

#define OK(call) assert_int_equal((call), TIP_OK)

enum { NEMA = 0, FEED_BYTES = 1000 };

struct tip_import_opts desk_rows_opts(const char *type)
{
    return (struct tip_import_opts){
        .who = desk_rig_who, .type = tip_bytes_text(type), .file = "in.csv"};
}

enum tip_err desk_rows_import(struct desk_rig *rig,
                              const struct tip_import_opts *opts,
                              struct tip_bytes bytes,
                              struct desk_rows_told *out_told)
{
    struct tip_import *import;
    enum tip_err err;

    *out_told = (struct desk_rows_told){.tally = {.rows = 0}};
    err = tip_import_new(desk_rig_desk(rig, NEMA), opts, &out_told->problems,
                         &import);

    if (err != TIP_OK) {
        return err;
    }
    for (size_t at = 0; at < bytes.size; at += FEED_BYTES) {
        size_t left = bytes.size - at;

        OK(tip_import_feed(
            import,
            tip_bytes(bytes.data + at, left < FEED_BYTES ? left : FEED_BYTES)));
    }
    tip_import_end(import);
    do {
        err = tip_import_step(import);
        tip_import_tally(import, &out_told->tally);
    } while (err == TIP_EAGAIN);
    tip_import_free(import);
    return err;
}

void desk_rows_export(struct desk_rig *rig, const char *type,
                      enum tip_export_format format, bool identities,
                      struct tip_sink_memory *sink)
{
    struct tip_problems problems = {0};
    struct tip_export_opts opts = {.query.type = tip_bytes_text(type),
                                   .format = format,
                                   .identities = identities};
    struct tip_export *out;
    enum tip_err err;

    tip_sink_memory_init(sink, 64 << 20);
    OK(tip_export_new(desk_rig_desk(rig, NEMA), &opts, &problems, &out));
    do {
        err = tip_export_step(out, &sink->base);
    } while (err == TIP_EAGAIN);
    OK(err);
    tip_export_free(out);
}

size_t desk_rows_count(struct desk_rig *rig, const char *type)
{
    struct tip_problems problems = {0};
    struct tip_desk_query query = {.type = tip_bytes_text(type)};
    struct tip_desk_sheet sheet;
    struct tip_desk_walk *walk;
    size_t count = 0;
    enum tip_err err;

    OK(tip_desk_walk_new(desk_rig_desk(rig, NEMA), &query, &problems, &walk));
    while ((err = tip_desk_walk_next(walk, &sheet)) != TIP_ENOTFOUND) {
        assert_true(err == TIP_OK || err == TIP_EAGAIN);
        count += err == TIP_OK;
    }
    tip_desk_walk_free(walk);
    return count;
}
