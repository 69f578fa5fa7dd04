/* A record that is erased in a star, and what must then be so. */
#include "erasing.h"

#include <string.h>

#include "fake_schema.h"
#include "star_grep.h"
#include "tip_test.h"

enum { HUB = -1, NEMA = 0, ATAR = 1 };

#define OK(call)  assert_int_equal((call), TIP_OK)
#define MINUTE_MS UINT64_C(60000)

enum tip_err erasing_write(struct star *star, int i, const struct tip_id *id,
                           uint32_t field, const char *text)
{
    const struct tip_change change = {
        .field = field,
        .value = {.kind = TIP_VALUE_TEXT, .bytes = tip_bytes_text(text)}};

    return star_write(star, i, id, &change);
}

/* The same, saying why, which names the person too. */
static void correct(struct star *star, int i, const struct tip_id *id,
                    const char *name)
{
    const struct tip_change change = {
        .field = FAKE_LATEST + 7, .value = {.kind = TIP_VALUE_CODE, .code = 4}};
    const struct tip_draft_record record = {
        .id = *id,
        .seen = node_engine_seen(star->nodes[i].engine),
        .changes = &change,
        .change_count = 1};
    const struct tip_draft draft = {.records = &record,
                                    .record_count = 1,
                                    .author = tip_bytes_text("clerk"),
                                    .reason = tip_bytes_text(name)};
    struct tip_saved saved;

    OK(node_engine_save(star->nodes[i].engine, &draft, &saved));
    OK(node_engine_flush(star->nodes[i].engine));
}

/* Somebody's record, held by both offices and written by all three: live,
 * superseded and parallel values. */
struct tip_id erasing_somebody(struct star *star, const char *name)
{
    struct tip_id id = star_id(star);

    OK(star_add(star, NEMA, &id, ATAR, FAKE_LATEST, 7));
    OK(erasing_write(star, NEMA, &id, FAKE_LATEST + 1, name));
    star_run(star);
    OK(erasing_write(star, ATAR, &id, FAKE_LATEST + 1, name));
    star_run(star);
    OK(erasing_write(star, HUB, &id, FAKE_LATEST + 2, name));
    correct(star, ATAR, &id, name);
    star_run(star);
    star_cut(star, NEMA);
    OK(erasing_write(star, NEMA, &id, FAKE_REVIEW, name));
    OK(erasing_write(star, ATAR, &id, FAKE_REVIEW, name));
    star_join(star, NEMA);
    star_run(star);
    return id;
}

void erasing_write_behind(struct star *star, const struct tip_id *id,
                          const char *name, const struct tip_id *other)
{
    star_cut(star, NEMA);
    OK(erasing_write(star, ATAR, id, FAKE_LATEST + 1, name));
    OK(erasing_write(star, ATAR, other, FAKE_LATEST + 1, "to be left"));
    star_run(star);
    star_join(star, NEMA);
    star_run(star);
}

void erasing_then_restore(struct star *star, const struct tip_id *id,
                          struct fake_store *backup)
{
    erasing_begin(star, id);
    erasing_run(star);
    star_cut(star, NEMA);
    star_cut(star, ATAR);
    star_restore_hub(star, backup, true);
    fake_store_free(backup);
}

/* Let a minute pass, as between two pumps of a daemon with nothing to do. */
void erasing_run(struct star *star)
{
    for (int i = 0; i < 20; i++) {
        star->clock.elapsed_ms += MINUTE_MS;
        for (size_t n = 0; n < star->node_count; n++) {
            star->nodes[n].clock.elapsed_ms += MINUTE_MS;
        }
        star_run(star);
    }
}

void erasing_begin(struct star *star, const struct tip_id *id)
{
    uint64_t commit = 0;

    OK(hub_engine_erase(star->hub, id, ERASING_NOW_MS, &commit));
    OK(hub_engine_flush(star->hub));
    assert_int_not_equal(commit, 0);
}

void erasing_assert_stub(struct star *star, int i, const struct tip_id *id)
{
    struct tip_arena arena;
    struct tip_record view;

    tip_arena_init(&arena, 1 << 20);
    OK(star_view(star, i, id, &arena, &view));
    assert_int_equal(tip_merge_presence(&view), TIP_ERASED);
    assert_int_equal(view.sibling_count, 0);
    assert_int_equal(view.erased_ms, ERASING_NOW_MS);
    assert_false(tip_merge_has_conflict(&view, &star->schema));
    tip_arena_deinit(&arena);
}

void erasing_assert_gone(struct star *star, const struct tip_id *id,
                         const char *name)
{
    for (int i = HUB; i <= ATAR; i++) {
        erasing_assert_stub(star, i, id);
        assert_int_equal(star_grep(star, i, name), 0);
        (void)star_verify_chains(star, i);
    }
}

void erasing_assert_agreement(struct star *star)
{
    for (size_t i = 0; i < star->node_count; i++) {
        struct node_status status;

        node_engine_status(star->nodes[i].engine, &status);
        assert_int_equal(status.agreement, TIP_AGREEMENT_EQUAL);
        assert_int_equal(status.bad_messages, 0);
        assert_int_equal(status.trouble, TIP_OK);
        assert_int_equal(status.decided, status.saved);
    }
}

struct tip_bytes erasing_export(struct star *star, uint32_t channel,
                                uint64_t index, uint8_t *memory)
{
    struct tip_bytes frame;

    OK(hub_engine_export_frame(star->hub, channel, index, &frame));
    memcpy(memory, frame.data, frame.size);
    return tip_bytes(memory, frame.size);
}

void erasing_import(struct star *star, size_t i, struct tip_bytes frame)
{
    OK(node_engine_import_frame(star->nodes[i].engine, frame));
    OK(node_engine_flush(star->nodes[i].engine));
}

void erasing_carry(struct star *star, size_t i, uint32_t channel,
                   uint64_t index)
{
    static uint8_t memory[TIP_FRAME_BYTES_MAX];

    erasing_import(star, i, erasing_export(star, channel, index, memory));
}
