/* One row of an import: named, checked, saved, counted. */
#include "tip_desk_layout.h"
#include "tip_import_internal.h"

/* The id of @row, if it has one of its own; noted, so that a row that names the
 * same again is seen. */
static enum tip_err name_row(struct tip_import *import,
                             struct tip_desk_work *work,
                             struct tip_import_row *row)
{
    struct tip_desk_object *object = &row->object;
    const struct tip_type *type = import->type;
    enum tip_err err = TIP_OK;

    if (object->type.size != 0) {
        err = tip_desk_find_type(work, object->type, &type);
    }
    if (err != TIP_OK || type == NULL) {
        return TIP_EROWS;
    }
    if (tip_id_is_none(&object->id) && import->opts.key.size != 0) {
        if (row->key.size == 0) {
            tip_problems_add(import->problems, row->place,
                             "The key %.*s is empty in this row.",
                             TIP_SHOWN(import->opts.key));
            return TIP_EROWS;
        }
        object->id = tip_import_keys_id(&import->keys, type->number, row->key);
    }
    if (tip_id_is_none(&object->id)) {
        return TIP_OK;
    }
    err = tip_import_keys_note(&import->keys, &object->id);
    if (err == TIP_EEXISTS) {
        tip_problems_add(import->problems, row->place,
                         "A row before it in this file has the same key.");
        return TIP_EROWS;
    }
    return err;
}

/* Is the record of @row there already? One that was erased does not come back
 * with a file that is imported again. */
static enum tip_err check_absent(struct tip_import *import,
                                 struct tip_desk_work *work,
                                 const struct tip_import_row *row)
{
    struct tip_desk_found found;
    enum tip_err err;

    if (tip_id_is_none(&row->object.id)) {
        return TIP_OK;
    }
    err = tip_desk_find(import->desk, &row->object.id, work->arena, &found);
    if (err == TIP_OK && found.view.erased != 0) {
        tip_problems_add(import->problems, row->place,
                         "The record of this row was erased by decision.");
        return TIP_EROWS;
    }
    if (err == TIP_OK) {
        return TIP_EEXISTS;
    }
    return err == TIP_ENOTFOUND ? TIP_OK : err;
}

/* What a mapping gives, as a draft. */
static enum tip_err prepare_mapped(const struct tip_desk_work *work,
                                   const struct tip_import *import,
                                   const struct tip_import_row *row,
                                   struct tip_draft_record *out_record)
{
    struct tip_desk_birth birth = {.id = row->object.id, .type = import->type};
    struct tip_form form;
    enum tip_err err = tip_desk_offices(work, import->asked.offices,
                                        import->asked.office_count,
                                        &birth.offices, &birth.office_count);

    if (err != TIP_OK) {
        return err;
    }
    if (tip_id_is_none(&birth.id)) {
        birth.id = tip_desk_new_id(work->desk);
    }
    err = tip_desk_birth_form(work, &birth, &form);
    for (size_t i = 0; i < row->entry_count && err == TIP_OK; i++) {
        struct tip_value value = row->entries[i].value;

        if (value.kind == TIP_VALUE_MEMBER) {
            value = (struct tip_value){.kind = TIP_VALUE_CODE,
                                       .code = row->entries[i].element};
        }
        err = tip_form_put_value(&form, row->entries[i].field, &value);
    }
    if (err == TIP_OK) {
        err = tip_desk_birth_finish(&form, out_record);
    }
    tip_form_deinit(&form);
    return err;
}

static enum tip_err save_row(struct tip_import *import,
                             const struct tip_draft_record *record)
{
    struct tip_draft draft = {.records = record,
                              .record_count = 1,
                              .author = import->opts.who.author,
                              .reason = import->opts.who.reason};
    struct tip_saved saved;
    enum tip_err err;

    if (import->tally.phase == TIP_IMPORT_CHECKING || import->opts.dry_run) {
        import->tally.saved += import->opts.dry_run;
        return TIP_OK;
    }
    err = import->desk->save(import->desk, &draft, &saved);
    import->pending += err == TIP_OK;
    return err;
}

enum tip_err tip_import_take_row(struct tip_import *import,
                                 struct tip_desk_work *work)
{
    struct tip_import_row row;
    struct tip_draft_record record;
    enum tip_err err = import->source->next(import->source, work, &row);

    if (err == TIP_ENOTFOUND) {
        return err;
    }
    import->tally.rows++;
    if (err == TIP_OK) {
        err = name_row(import, work, &row);
    }
    if (err == TIP_OK) {
        err = check_absent(import, work, &row);
    }
    if (err != TIP_OK) {
        return err;
    }
    err = row.entries != NULL ? prepare_mapped(work, import, &row, &record)
                              : tip_desk_object_prepare(
                                    work, &row.object, &import->asked, &record);
    return err == TIP_OK ? save_row(import, &record) : err;
}

enum tip_err tip_import_count_row(struct tip_import *import,
                                  struct tip_desk_work *work, size_t problems,
                                  enum tip_err err)
{
    switch ((int)err) {
    case TIP_OK:
        return TIP_OK;
    case TIP_EEXISTS: /* No fault: those of other rows need the places. */
        import->tally.repeated++;
        return TIP_OK;
    case TIP_EROWS:
    case TIP_EVALUE:
    case TIP_EUNKNOWN_FIELD:
    case TIP_EUNKNOWN_TYPE:
    case TIP_EOFFICE:
    case TIP_ESEALED:
    case TIP_ETOOBIG:
    case TIP_ERECORD_FULL:
    case TIP_ERECORD_WAITS:
    case TIP_EACCESS:
    case TIP_EINVAL:
        if (import->problems->count == problems) {
            tip_problems_add(import->problems, work->place, "%s",
                             tip_err_text(err));
        }
        import->tally.refused++;
        return TIP_OK;
    default:
        return err;
    }
}
