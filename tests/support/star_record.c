/* Records of a star: what people save and see. */
#include "fake_schema.h"
#include "star.h"
#include "tip_test.h"

#define OK(call) assert_int_equal((call), TIP_OK)

static enum tip_err save(struct star *star, int i,
                         const struct tip_draft_record *record)
{
    struct tip_draft draft = {.records = record,
                              .record_count = 1,
                              .author = tip_bytes_text("clerk")};
    struct tip_saved saved;
    enum tip_err err;

    if (i < 0) {
        err = hub_engine_save(star->hub, &draft, &saved);
        return err == TIP_OK ? hub_engine_flush(star->hub) : err;
    }
    err = node_engine_save(star->nodes[i].engine, &draft, &saved);
    return err == TIP_OK ? node_engine_flush(star->nodes[i].engine) : err;
}

struct tip_id star_publish(struct star *star, const struct tip_change *change)
{
    const struct tip_change changes[] = {{.field = TIP_FIELD_OFFICES,
                                          .element = TIP_OFFICE_ALL,
                                          .value.kind = TIP_VALUE_MEMBER},
                                         *change};
    const struct tip_draft_record record = {.id = star_id(star),
                                            .is_new = true,
                                            .type = FAKE_TYPE,
                                            .changes = changes,
                                            .change_count = 2};

    OK(save(star, -1, &record));
    return record.id;
}

enum tip_err star_add(struct star *star, int i, const struct tip_id *id,
                      int with, uint32_t field, uint32_t code)
{
    struct tip_change changes[3];
    struct tip_draft_record record = {
        .id = *id, .is_new = true, .type = FAKE_TYPE, .changes = changes};
    uint64_t maker = i < 0 ? HUB_OFFICE : STAR_OFFICE_FIRST + (uint64_t)i;
    uint64_t other = STAR_OFFICE_FIRST + (uint64_t)with;
    struct tip_value member = {.kind = TIP_VALUE_MEMBER};

    changes[record.change_count++] = (struct tip_change){
        .field = TIP_FIELD_OFFICES,
        .element = with >= 0 && other < maker ? other : maker,
        .value = member};
    if (with >= 0 && other != maker) {
        changes[record.change_count++] =
            (struct tip_change){.field = TIP_FIELD_OFFICES,
                                .element = other < maker ? maker : other,
                                .value = member};
    }
    changes[record.change_count++] = (struct tip_change){
        .field = field, .value = {.kind = TIP_VALUE_CODE, .code = code}};
    return save(star, i, &record);
}

enum tip_err star_write(struct star *star, int i, const struct tip_id *id,
                        const struct tip_change *change)
{
    struct tip_draft_record record = {
        .id = *id,
        .seen = i < 0 ? hub_engine_seen(star->hub)
                      : node_engine_seen(star->nodes[i].engine),
        .changes = change,
        .change_count = 1};

    return save(star, i, &record);
}

enum tip_err star_edit(struct star *star, int i, const struct tip_id *id,
                       uint32_t field, uint32_t code)
{
    return star_write(
        star, i, id,
        &(struct tip_change){.field = field,
                             .value = {.kind = TIP_VALUE_CODE, .code = code}});
}

enum tip_err star_member(struct star *star, int i, const struct tip_id *id,
                         size_t who, bool is_member)
{
    return star_write(star, i, id,
                      &(struct tip_change){.field = TIP_FIELD_OFFICES,
                                           .element = STAR_OFFICE_FIRST + who,
                                           .value.kind = is_member
                                                             ? TIP_VALUE_MEMBER
                                                             : TIP_VALUE_NONE});
}

enum tip_err star_view(struct star *star, int i, const struct tip_id *id,
                       struct tip_arena *arena, struct tip_record *out_view)
{
    struct tip_record_ref ref = {.id = *id};
    struct tip_wire_record stored;
    struct tip_txn *txn;
    uint32_t ordinal;
    enum tip_err err;

    if (i < 0) {
        OK(hub_engine_txn(star->hub, &txn));
        err = tip_record_table_find(hub_engine_records(star->hub), txn, &ref,
                                    &ordinal);
        return err == TIP_OK
                   ? hub_engine_view(star->hub, ordinal, arena, out_view)
                   : err;
    }
    OK(node_engine_txn(star->nodes[i].engine, &txn));
    err = tip_record_table_find(node_engine_records(star->nodes[i].engine), txn,
                                &ref, &ordinal);
    return err == TIP_OK ? node_engine_view(star->nodes[i].engine, ordinal,
                                            arena, &stored, out_view)
                         : err;
}

uint32_t star_code(struct star *star, int i, const struct tip_id *id,
                   uint32_t field, size_t *out_count)
{
    struct tip_reading reading = {.shown = NULL};
    struct tip_arena arena;
    struct tip_record view;
    uint32_t code = 0;

    tip_arena_init(&arena, 1 << 24);
    *out_count = 0;
    if (star_view(star, i, id, &arena, &view) == TIP_OK) {
        struct tip_cell cell = tip_record_cell(&view, field, 0);

        reading = tip_merge_read(&view, cell, &star->schema);
        *out_count = cell.count;
    }
    code = reading.shown == NULL ? 0 : reading.shown->value.code;
    tip_arena_deinit(&arena);
    return code;
}

struct node_status star_status(struct star *star, size_t i)
{
    struct node_status status;

    node_engine_status(star->nodes[i].engine, &status);
    return status;
}

struct hub_device_status star_device(struct star *star, size_t i)
{
    static struct hub_device_status devices[HUB_ORIGINS_MAX];
    size_t count = hub_engine_devices(star->hub, devices, HUB_ORIGINS_MAX);
    size_t at = 0;

    while (at < count && devices[at].origin != star->nodes[i].identity.origin) {
        at++;
    }
    assert_true(at < count);
    return devices[at];
}
