#include "tip_desk_write.h"

#include "tip_desk_editing.h"
#include "tip_desk_referral.h"

void tip_desk_answer_init(struct tip_desk_answer *answer)
{
    *answer = (struct tip_desk_answer){.id_count = 0};
    tip_arena_init(&answer->arena, TIP_DESK_ARENA_BYTES_MAX);
}

void tip_desk_answer_deinit(struct tip_desk_answer *answer)
{
    tip_arena_deinit(&answer->arena);
}

enum tip_err tip_desk_add(struct tip_desk *desk, const struct tip_desk_who *who,
                          const struct tip_desk_new *asked,
                          struct tip_desk_answer *answer)
{
    struct tip_desk_work work = tip_desk_work_of(desk, answer);
    struct tip_desk_object object = {.inputs = asked->inputs,
                                     .input_count = asked->input_count};
    struct tip_draft_record record;
    enum tip_err err = tip_desk_object_prepare(&work, &object, asked, &record);

    return err == TIP_OK ? tip_desk_save(desk, who, &record, 1, answer) : err;
}

/* Parse @json; a fault is told with its line. */
static enum tip_err parse(const struct tip_desk_work *work,
                          struct tip_bytes json, struct tip_json **out_root)
{
    struct tip_json_place at;
    struct tip_place place = work->place;
    enum tip_err err = tip_json_parse(json, out_root, &at);

    if (err == TIP_ETABLE_JSON) {
        place.row = at.line;
        tip_problems_add(work->problems, place,
                         "This is not well-formed JSON at line %zu, "
                         "character %zu.",
                         at.line, at.column);
    }
    return err;
}

/* Prepare the object @item, which is number @row in its document. */
static enum tip_err prepare_item(struct tip_desk_work *work,
                                 struct tip_json *item, size_t row,
                                 const struct tip_desk_new *asked,
                                 struct tip_draft_record *out_record)
{
    struct tip_desk_object object;
    enum tip_err err;

    work->place.row = row;
    err = tip_desk_object_read(work, item, &object);
    return err == TIP_OK
               ? tip_desk_object_prepare(work, &object, asked, out_record)
               : err;
}

static enum tip_err add_document(struct tip_desk *desk,
                                 const struct tip_desk_who *who,
                                 const struct tip_desk_new *asked,
                                 struct tip_json *root,
                                 struct tip_desk_answer *answer)
{
    struct tip_desk_work work = tip_desk_work_of(desk, answer);
    bool is_array = tip_json_kind(root) == TIP_JSON_ARRAY;
    size_t count = is_array ? tip_json_count(root) : 1;
    struct tip_draft_record *records;
    enum tip_err first = TIP_OK;

    if (count == 0 || count > TIP_DESK_RECORDS_MAX) {
        return count == 0 ? TIP_EINVAL : TIP_ETOOBIG;
    }
    records = tip_arena_alloc_array(&answer->arena, count, sizeof *records);
    if (records == NULL) {
        return TIP_ENOMEM;
    }
    for (size_t i = 0; i < count; i++) {
        enum tip_err err =
            prepare_item(&work, is_array ? tip_json_item(root, i) : root,
                         is_array ? i + 1 : 0, asked, &records[i]);

        first = first == TIP_OK ? err : first;
    }
    return first == TIP_OK ? tip_desk_save(desk, who, records, count, answer)
                           : first;
}

enum tip_err tip_desk_add_json(struct tip_desk *desk,
                               const struct tip_desk_who *who,
                               const struct tip_desk_new *asked,
                               struct tip_bytes json,
                               struct tip_desk_answer *answer)
{
    struct tip_desk_work work = tip_desk_work_of(desk, answer);
    struct tip_json *root;
    enum tip_err err = parse(&work, json, &root);

    if (err == TIP_OK) {
        err = add_document(desk, who, asked, root, answer);
        tip_json_free(root);
    }
    return err;
}

/* The whole of an edit that @inputs describe. */
static enum tip_err edit_inputs(struct tip_desk *desk,
                                const struct tip_desk_who *who,
                                const struct tip_desk_change *asked,
                                const struct tip_desk_input *inputs,
                                size_t input_count,
                                struct tip_desk_answer *answer)
{
    struct tip_desk_editing edit = {.desk = desk, .who = who, .answer = answer};
    enum tip_err err = tip_desk_editing_begin(&edit, &asked->id, asked->seen);

    if (err == TIP_OK) {
        err = tip_form_put_all(&edit.form, inputs, input_count);
    }
    if (err == TIP_OK) {
        err = tip_desk_editing_finish(&edit);
    }
    tip_desk_editing_end(&edit);
    return err;
}

enum tip_err tip_desk_edit(struct tip_desk *desk,
                           const struct tip_desk_who *who,
                           const struct tip_desk_change *asked,
                           struct tip_desk_answer *answer)
{
    return edit_inputs(desk, who, asked, asked->inputs, asked->input_count,
                       answer);
}

enum tip_err tip_desk_edit_json(struct tip_desk *desk,
                                const struct tip_desk_who *who,
                                const struct tip_desk_change *asked,
                                struct tip_bytes json,
                                struct tip_desk_answer *answer)
{
    struct tip_desk_work work = tip_desk_work_of(desk, answer);
    struct tip_desk_object object;
    struct tip_json *root;
    enum tip_err err = parse(&work, json, &root);

    if (err != TIP_OK) {
        return err;
    }
    err = tip_desk_object_read(&work, root, &object);
    if (err == TIP_OK) {
        err = edit_inputs(desk, who, asked, object.inputs, object.input_count,
                          answer);
    }
    tip_json_free(root);
    return err;
}

enum tip_err tip_desk_delete(struct tip_desk *desk,
                             const struct tip_desk_who *who,
                             const struct tip_desk_change *asked, bool deleted,
                             struct tip_desk_answer *answer)
{
    struct tip_desk_editing edit = {.desk = desk, .who = who, .answer = answer};
    enum tip_err err;

    if (who->reason.size == 0) {
        return TIP_EREASON;
    }
    err = tip_desk_editing_begin(&edit, &asked->id, asked->seen);
    if (err == TIP_OK) {
        bool is_so = tip_merge_presence(&edit.found.view) ==
                     (deleted ? TIP_DELETED : TIP_PRESENT);

        if (!is_so) {
            tip_form_put_deletion(&edit.form, deleted);
        }
        err = tip_desk_editing_finish(&edit);
    }
    tip_desk_editing_end(&edit);
    return err;
}

enum tip_err tip_desk_hold(struct tip_desk *desk,
                           const struct tip_desk_who *who,
                           const struct tip_desk_change *asked,
                           struct tip_bytes office, bool holds,
                           struct tip_desk_answer *answer)
{
    struct tip_desk_editing edit = {.desk = desk, .who = who, .answer = answer};
    struct tip_desk_work work = tip_desk_work_of(desk, answer);
    uint32_t number;
    enum tip_err err;

    if (!holds && who->reason.size == 0) {
        return TIP_EREASON;
    }
    err = tip_desk_find_office(&work, office, &number);
    if (err != TIP_OK) {
        return err;
    }
    err = tip_desk_editing_begin(&edit, &asked->id, asked->seen);
    if (err == TIP_OK) {
        if (tip_merge_contains(&edit.found.view, TIP_FIELD_OFFICES, number) !=
            holds) {
            tip_form_put_holder(&edit.form, number, holds);
            if (holds) {
                tip_desk_offer(&edit.form, number);
            }
        }
        err = tip_desk_editing_finish(&edit);
    }
    tip_desk_editing_end(&edit);
    return err;
}
