#include "tip_desk_prepare.h"

#include <stdlib.h>

#include "tip_clock.h"
#include "tip_random.h"

struct tip_id tip_desk_new_id(struct tip_desk *desk)
{
    uint8_t random[TIP_ID_RANDOM_SIZE];

    desk->random->fill(desk->random, random, sizeof random);
    return tip_id_make(desk->clock->now_ms(desk->clock), random);
}

static int compare_offices(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left;
    uint32_t b = *(const uint32_t *)right;

    return a < b ? -1 : a > b;
}

/* Sort @offices and leave each once; returns how many that are. */
static size_t sort_offices(uint32_t *offices, size_t count)
{
    size_t kept = 0;

    if (count != 0) {
        qsort(offices, count, sizeof *offices, compare_offices);
    }
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || offices[kept - 1] != offices[i]) {
            offices[kept++] = offices[i];
        }
    }
    return kept;
}

enum tip_err tip_desk_find_office(const struct tip_desk_work *work,
                                  struct tip_bytes name, uint32_t *out_office)
{
    struct tip_place place = work->place;
    enum tip_err err = tip_desk_office(work->desk, name, out_office);

    if (err != TIP_OK) {
        place.column = tip_bytes_text(TIP_DESK_OFFICES);
        tip_problems_add(work->problems, place,
                         "There is no office called %.*s.", TIP_SHOWN(name));
        return TIP_EOFFICE;
    }
    return TIP_OK;
}

enum tip_err tip_desk_offices(const struct tip_desk_work *work,
                              const struct tip_bytes *names, size_t name_count,
                              const uint32_t **out_offices, size_t *out_count)
{
    struct tip_desk *desk = work->desk;
    struct tip_place place = work->place;
    uint32_t *offices =
        tip_arena_alloc_array(work->arena, name_count + 1, sizeof *offices);
    size_t count = 0;

    if (offices == NULL) {
        return TIP_ENOMEM;
    }
    place.column = tip_bytes_text(TIP_DESK_OFFICES);
    if (!desk->is_hub) {
        offices[count++] = desk->office;
    }
    for (size_t i = 0; i < name_count; i++) {
        if (tip_desk_find_office(work, names[i], &offices[count++]) != TIP_OK) {
            return TIP_EOFFICE;
        }
    }
    if (count == 0) {
        tip_problems_add(work->problems, place,
                         "Say which offices hold the record; or \"all\".");
        return TIP_EOFFICE;
    }
    *out_offices = offices;
    *out_count = sort_offices(offices, count);
    return TIP_OK;
}

enum tip_err tip_desk_find_type(const struct tip_desk_work *work,
                                struct tip_bytes name,
                                const struct tip_type **out_type)
{
    const struct tip_catalogue *catalogue = work->desk->catalogue;
    const struct tip_type *type;

    if (catalogue == NULL || catalogue->type_count == 0) {
        tip_problems_add(work->problems, work->place,
                         "No catalogue has come from the hub yet.");
        return TIP_EUNKNOWN_TYPE;
    }
    type = tip_catalogue_type_named(catalogue, name);
    if (type == NULL) {
        tip_problems_add(work->problems, work->place,
                         "There is no record type called %.*s.",
                         TIP_SHOWN(name));
        return TIP_EUNKNOWN_TYPE;
    }
    if (type->retired) {
        tip_problems_add(work->problems, work->place,
                         "The record type %.*s is no longer used.",
                         TIP_SHOWN(name));
        return TIP_EVALUE;
    }
    *out_type = type;
    return TIP_OK;
}

enum tip_err tip_desk_birth_form(const struct tip_desk_work *work,
                                 const struct tip_desk_birth *birth,
                                 struct tip_form *form)
{
    struct tip_record empty;
    enum tip_err err;

    tip_record_init(&empty, &birth->id, birth->type->number,
                    work->desk->office);
    err = tip_form_init(form, work->desk, work->arena, &empty, work->problems,
                        work->place);
    form->offices = birth->offices;
    form->office_count = birth->office_count;
    return err;
}

enum tip_err tip_form_put_all(struct tip_form *form,
                              const struct tip_desk_input *inputs,
                              size_t input_count)
{
    enum tip_err first = TIP_OK;

    for (size_t i = 0; i < input_count; i++) {
        enum tip_err err = tip_form_put(form, &inputs[i]);

        first = first == TIP_OK ? err : first;
    }
    return first;
}

enum tip_err tip_desk_birth_finish(struct tip_form *form,
                                   struct tip_draft_record *out_record)
{
    struct tip_draft_record record = {
        .id = form->view.id, .is_new = true, .type = form->type->number};
    enum tip_err err =
        tip_form_finish(form, &record.changes, &record.change_count);

    if (err == TIP_OK) {
        *out_record = record;
    }
    return err;
}

enum tip_err tip_desk_object_prepare(const struct tip_desk_work *work,
                                     const struct tip_desk_object *object,
                                     const struct tip_desk_new *asked,
                                     struct tip_draft_record *out_record)
{
    bool is_held = object->offices != NULL;
    struct tip_desk_birth birth = {.id = object->id};
    struct tip_form form;
    enum tip_err err = tip_desk_find_type(
        work, object->type.size != 0 ? object->type : asked->type, &birth.type);

    if (err == TIP_OK) {
        err = tip_desk_offices(work, is_held ? object->offices : asked->offices,
                               is_held ? object->office_count
                                       : asked->office_count,
                               &birth.offices, &birth.office_count);
    }
    if (err != TIP_OK) {
        return err;
    }
    if (tip_id_is_none(&birth.id)) {
        birth.id = tip_desk_new_id(work->desk);
    }
    err = tip_desk_birth_form(work, &birth, &form);
    if (err == TIP_OK) {
        err = tip_form_put_all(&form, object->inputs, object->input_count);
    }
    if (err == TIP_OK) {
        err = tip_desk_birth_finish(&form, out_record);
    }
    tip_form_deinit(&form);
    return err;
}
