#include "tip_desk_editing.h"

#include "tip_desk_layout.h"

struct tip_desk_work tip_desk_work_of(struct tip_desk *desk,
                                      struct tip_desk_answer *answer)
{
    return (struct tip_desk_work){.desk = desk,
                                  .arena = &answer->arena,
                                  .problems = &answer->problems,
                                  .place = {.file = ""}};
}

static enum tip_err tell_saved(struct tip_desk *desk,
                               const struct tip_draft_record *records,
                               size_t record_count,
                               struct tip_desk_answer *answer)
{
    struct tip_id *ids =
        tip_arena_alloc_array(&answer->arena, record_count, sizeof *ids);

    if (ids == NULL) {
        return TIP_ENOMEM;
    }
    for (size_t i = 0; i < record_count; i++) {
        ids[i] = records[i].id;
    }
    answer->ids = ids;
    answer->id_count = record_count;
    answer->seen = desk->seen(desk);
    tip_seen_format(answer->seen, answer->seen_text);
    return TIP_OK;
}

enum tip_err tip_desk_save(struct tip_desk *desk,
                           const struct tip_desk_who *who,
                           const struct tip_draft_record *records,
                           size_t record_count, struct tip_desk_answer *answer)
{
    struct tip_draft draft = {.records = records,
                              .record_count = record_count,
                              .author = who->author,
                              .reason = who->reason};
    enum tip_err err;

    if (who->author.size == 0 || who->author.size > TIP_AUTHOR_BYTES_MAX) {
        return TIP_EINVAL;
    }
    if (who->reason.size > TIP_REASON_BYTES_MAX) {
        return TIP_ETOOBIG;
    }
    err = desk->save(desk, &draft, &answer->saved);
    return err == TIP_OK ? tell_saved(desk, records, record_count, answer)
                         : err;
}

/* Lay out the record for a person whose save came too late: what it writes and
 * was written since. */
static enum tip_err tell_changed(struct tip_desk *desk,
                                 const struct tip_desk_found *found,
                                 const struct tip_draft_record *record,
                                 struct tip_desk_answer *answer)
{
    const struct tip_desk_line **changed;
    enum tip_err err = tip_desk_lay_out(desk, found, record->seen,
                                        &answer->arena, &answer->sheet);

    if (err != TIP_OK) {
        return err;
    }
    changed = tip_arena_alloc_array(&answer->arena, answer->sheet.line_count,
                                    sizeof(struct tip_desk_line *));
    if (changed == NULL) {
        return TIP_ENOMEM;
    }
    for (size_t i = 0; i < answer->sheet.line_count; i++) {
        const struct tip_desk_line *line = &answer->sheet.lines[i];
        bool is_written = false;
        bool is_new = false;

        for (size_t c = 0; c < record->change_count; c++) {
            is_written = is_written || record->changes[c].field == line->number;
        }
        for (size_t v = 0; v < line->value_count; v++) {
            is_new = is_new || line->values[v].is_new;
        }
        if (is_written && is_new) {
            changed[answer->changed_count++] = line;
        }
    }
    answer->changed = changed;
    return TIP_ECHANGED;
}

enum tip_err tip_desk_editing_begin(struct tip_desk_editing *edit,
                                    const struct tip_id *id,
                                    const struct tip_seen *seen)
{
    struct tip_desk *desk = edit->desk;
    struct tip_desk_work work = tip_desk_work_of(desk, edit->answer);
    enum tip_err err =
        tip_desk_find(desk, id, &edit->answer->arena, &edit->found);

    edit->form = (struct tip_form){.desk = desk};
    if (err == TIP_OK && edit->found.view.erased != 0) {
        err = TIP_EERASED;
    }
    if (err != TIP_OK) {
        return err;
    }
    edit->seen = seen == NULL ? desk->seen(desk) : *seen;
    return tip_form_init(&edit->form, desk, &edit->answer->arena,
                         &edit->found.view, work.problems, work.place);
}

enum tip_err tip_desk_editing_finish(struct tip_desk_editing *edit)
{
    struct tip_draft_record record = {.id = edit->found.view.id,
                                      .seen = edit->seen};
    enum tip_err err =
        tip_form_finish(&edit->form, &record.changes, &record.change_count);

    if (err != TIP_OK) {
        return err;
    }
    if (record.change_count == 0) {
        edit->answer->is_unchanged = true;
        return tell_saved(edit->desk, &record, 1, edit->answer);
    }
    err = tip_desk_save(edit->desk, edit->who, &record, 1, edit->answer);
    return err == TIP_ECHANGED
               ? tell_changed(edit->desk, &edit->found, &record, edit->answer)
               : err;
}

void tip_desk_editing_end(struct tip_desk_editing *edit)
{
    tip_form_deinit(&edit->form);
}
