/* Decisions on what several people wrote apart. */
#include "tip_desk_editing.h"
#include "tip_desk_layout.h"

/* The only field that waits for a person; TIP_EINVAL: there are several. */
static enum tip_err find_waiting(const struct tip_desk_sheet *sheet,
                                 const struct tip_desk_line **out_line)
{
    const struct tip_desk_line *found = NULL;

    for (size_t i = 0; i < sheet->line_count; i++) {
        if (sheet->lines[i].is_conflict) {
            if (found != NULL) {
                return TIP_EINVAL;
            }
            found = &sheet->lines[i];
        }
    }
    *out_line = found;
    return found == NULL ? TIP_ENOCONFLICT : TIP_OK;
}

/* The line to decide: of a field that may be decided though it need not. */
static enum tip_err find_line(const struct tip_desk_sheet *sheet,
                              struct tip_bytes field,
                              const struct tip_desk_line **out_line)
{
    const struct tip_desk_line *line;

    if (field.size == 0) {
        return find_waiting(sheet, out_line);
    }
    line = tip_desk_sheet_line(sheet, field);
    if (line == NULL || (!line->is_conflict && !line->is_parallel)) {
        return TIP_ENOCONFLICT;
    }
    *out_line = line;
    return TIP_OK;
}

static enum tip_err decide_deletion(struct tip_form *form,
                                    const struct tip_desk_line *line,
                                    const struct tip_desk_decision *asked)
{
    struct tip_bytes text = asked->value;

    if (asked->take != 0) {
        text = line->values[asked->take - 'A'].text;
    }
    if (tip_bytes_equal(text, tip_bytes_text("yes"))) {
        tip_form_put_deletion(form, true);
    } else if (tip_bytes_equal(text, tip_bytes_text("no"))) {
        tip_form_put_deletion(form, false);
    } else {
        return TIP_EINVAL;
    }
    return TIP_OK;
}

static enum tip_err complain(struct tip_desk_editing *edit,
                             struct tip_bytes field, const char *sentence)
{
    tip_problems_add(&edit->answer->problems,
                     (struct tip_place){.file = "", .column = field}, "%s",
                     sentence);
    return TIP_EINVAL;
}

static enum tip_err decide(struct tip_desk_editing *edit,
                           const struct tip_desk_line *line,
                           const struct tip_desk_decision *asked)
{
    struct tip_cell cell = tip_record_field(&edit->found.view, line->number);
    struct tip_desk_input input = {.field = line->name, .value = asked->value};

    if (asked->take != 0 &&
        (asked->take < 'A' || (size_t)(asked->take - 'A') >= cell.count)) {
        return complain(edit, line->name, "No value there has this letter.");
    }
    if (line->number == TIP_FIELD_DELETED) {
        return decide_deletion(&edit->form, line, asked);
    }
    if (line->field == NULL) {
        return TIP_EUNKNOWN_FIELD;
    }
    if (asked->take == 0) {
        return tip_form_put(&edit->form, &input);
    }
    if (line->field->kind == TIP_KIND_SET) {
        return complain(edit, line->name,
                        "A set has no sides: edit its elements.");
    }
    return tip_form_take(&edit->form, line->field,
                         &cell.siblings[asked->take - 'A']);
}

enum tip_err tip_desk_resolve(struct tip_desk *desk,
                              const struct tip_desk_who *who,
                              const struct tip_desk_decision *asked,
                              struct tip_desk_answer *answer)
{
    struct tip_desk_editing edit = {.desk = desk, .who = who, .answer = answer};
    const struct tip_desk_line *line;
    struct tip_desk_sheet sheet;
    enum tip_err err;

    if (who->reason.size == 0) {
        return TIP_EREASON;
    }
    err = tip_desk_editing_begin(&edit, &asked->id, asked->seen);
    if (err == TIP_OK) {
        err = tip_desk_lay_out(desk, &edit.found, edit.seen, &answer->arena,
                               &sheet);
    }
    if (err == TIP_OK) {
        err = find_line(&sheet, asked->field, &line);
        if (err == TIP_EINVAL) {
            err = complain(&edit, TIP_BYTES_NONE,
                           "Several fields wait: name one of them.");
        }
    }
    if (err == TIP_OK) {
        err = decide(&edit, line, asked);
    }
    if (err == TIP_OK) {
        err = tip_desk_editing_finish(&edit);
    }
    tip_desk_editing_end(&edit);
    return err;
}
