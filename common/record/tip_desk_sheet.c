/* A record laid out: its lines in the order of the catalogue. */
#include <string.h>

#include "tip_desk_layout.h"

/* A sheet while it is filled in. */
struct filling {
    struct tip_desk_lens lens;
    struct tip_desk_ring ring;
    const struct tip_record *view;
    struct tip_desk_sheet *sheet;
    struct tip_desk_line *lines;
};

static bool is_set_line(const struct tip_cell *cell)
{
    for (size_t i = 0; i < cell->count; i++) {
        if (cell->siblings[i].element != 0 ||
            cell->siblings[i].value.kind == TIP_VALUE_MEMBER) {
            return true;
        }
    }
    return false;
}

/* All live values of one line. */
static enum tip_err show_values(struct filling *filling, struct tip_cell cell,
                                struct tip_desk_line *line)
{
    struct tip_desk_value *values =
        tip_arena_alloc_array(filling->lens.arena, cell.count, sizeof *values);
    enum tip_err err = values == NULL ? TIP_ENOMEM : TIP_OK;

    for (size_t i = 0; i < cell.count && err == TIP_OK; i++) {
        err = tip_desk_value_show(&filling->lens, filling->view,
                                  &cell.siblings[i], &values[i]);
    }
    line->values = values;
    line->value_count = cell.count;
    return err;
}

/* What is in a set, joined; names come from the values laid out before. */
static enum tip_err join(struct filling *filling, struct tip_cell cell,
                         struct tip_desk_line *line)
{
    size_t size = 0;
    struct tip_buf buf;
    uint8_t *memory;

    for (size_t i = 0; i < cell.count; i++) {
        size += line->values[i].text.size + 1;
    }
    memory = tip_arena_alloc(filling->lens.arena, size);
    if (memory == NULL) {
        return TIP_ENOMEM;
    }
    tip_buf_init(&buf, memory, size);
    for (size_t i = 0; i < cell.count; i++) {
        uint64_t element = cell.siblings[i].element;
        bool is_first = i == 0 || cell.siblings[i - 1].element != element;

        if (is_first &&
            tip_merge_contains(filling->view, line->number, element)) {
            if (buf.size != 0) {
                tip_buf_put_u8(&buf, ';');
            }
            tip_buf_put(&buf, line->values[i].text);
        }
    }
    return tip_buf_finish(&buf, &line->text);
}

/* Is any element of the set in with one writer and out with another? */
static bool is_set_parallel(const struct filling *filling, struct tip_cell cell)
{
    size_t i = 0;

    while (i < cell.count) {
        struct tip_cell one = tip_record_cell(
            filling->view, cell.siblings[i].field, cell.siblings[i].element);

        if (tip_merge_read(filling->view, one, filling->lens.desk->schema)
                .parallel) {
            return true;
        }
        i += one.count;
    }
    return false;
}

static enum tip_err fill_line(struct filling *filling, struct tip_cell cell,
                              struct tip_desk_line *line)
{
    struct tip_reading reading;
    enum tip_err err = show_values(filling, cell, line);

    if (err != TIP_OK) {
        return err;
    }
    if (is_set_line(&cell)) {
        line->is_parallel = is_set_parallel(filling, cell);
        return join(filling, cell, line);
    }
    reading = tip_merge_read(filling->view, cell, filling->lens.desk->schema);
    line->shown = (size_t)(reading.shown - cell.siblings);
    line->text = line->values[line->shown].text;
    line->is_sealed = line->values[line->shown].is_sealed;
    line->is_parallel = reading.parallel;
    line->is_conflict =
        reading.conflict || (line->number == TIP_FIELD_DELETED &&
                             filling->sheet->presence == TIP_DELETED_EDITED);
    return TIP_OK;
}

/* Lay out field @number, if anybody wrote it. */
static enum tip_err add_line(struct filling *filling, uint32_t number)
{
    struct tip_desk_sheet *sheet = filling->sheet;
    struct tip_desk_line *line = &filling->lines[sheet->line_count];
    struct tip_cell cell = tip_record_field(filling->view, number);
    struct tip_desk_title title;
    enum tip_err err;

    if (cell.count == 0) {
        return TIP_OK;
    }
    err = tip_desk_title(&filling->lens, number, &title);
    if (err != TIP_OK || title.is_hidden) {
        return err;
    }
    *line = (struct tip_desk_line){.field = title.field,
                                   .number = number,
                                   .name = title.name,
                                   .label = title.label};
    err = fill_line(filling, cell, line);
    sheet->line_count += err == TIP_OK;
    return err;
}

/* Fields our catalogue does not know, after all others. */
static enum tip_err add_unknown(struct filling *filling)
{
    const struct tip_record *view = filling->view;
    const struct tip_type *type = filling->lens.type;
    enum tip_err err = TIP_OK;
    uint32_t last = 0;

    for (size_t i = 0; i < view->sibling_count && err == TIP_OK; i++) {
        uint32_t number = view->siblings[i].field;

        if (number >= TIP_FIELD_FIRST && number != last &&
            (type == NULL || tip_type_field(type, number) == NULL)) {
            err = add_line(filling, number);
        }
        last = number;
    }
    return err;
}

static enum tip_err add_lines(struct filling *filling)
{
    const struct tip_type *type = filling->lens.type;
    size_t fields = type == NULL ? 0 : type->field_count;
    size_t lines_max = filling->view->sibling_count + fields;
    enum tip_err err;

    filling->lines = tip_arena_alloc_array(filling->lens.arena, lines_max,
                                           sizeof *filling->lines);
    if (filling->lines == NULL) {
        return TIP_ENOMEM;
    }
    filling->sheet->lines = filling->lines;
    err = add_line(filling, TIP_FIELD_DELETED);
    for (size_t i = 0; i < fields && err == TIP_OK; i++) {
        err = add_line(filling, type->in_order[i]->number);
    }
    return err == TIP_OK ? add_unknown(filling) : err;
}

static enum tip_err add_offices(struct filling *filling)
{
    struct tip_cell cell = tip_record_field(filling->view, TIP_FIELD_OFFICES);
    uint32_t *offices =
        tip_arena_alloc_array(filling->lens.arena, cell.count, sizeof *offices);
    struct tip_desk_sheet *sheet = filling->sheet;

    if (offices == NULL) {
        return TIP_ENOMEM;
    }
    for (size_t i = 0; i < cell.count; i++) {
        uint64_t element = cell.siblings[i].element;
        bool is_first = i == 0 || cell.siblings[i - 1].element != element;

        if (is_first && element <= UINT32_MAX &&
            tip_merge_contains(filling->view, TIP_FIELD_OFFICES, element)) {
            offices[sheet->office_count++] = (uint32_t)element;
        }
    }
    sheet->offices = offices;
    return TIP_OK;
}

const char *tip_desk_referral_name(enum tip_desk_referral_state state)
{
    switch (state) {
    case TIP_DESK_OFFERED:
        return "offered";
    case TIP_DESK_ACCEPTED:
        return "accepted";
    case TIP_DESK_DECLINED:
        break;
    }
    return "declined";
}

static enum tip_desk_referral_state referral_state(enum tip_answer answer)
{
    if (answer == TIP_ANSWER_YES) {
        return TIP_DESK_ACCEPTED;
    }
    return answer == TIP_ANSWER_NO ? TIP_DESK_DECLINED : TIP_DESK_OFFERED;
}

/* Does some office leave once @office takes the record on? */
static bool is_transfer(const struct tip_record *view, uint64_t office)
{
    struct tip_cell cell = tip_record_field(view, TIP_FIELD_REFERRAL);

    for (size_t i = 0; i < cell.count; i++) {
        if (cell.siblings[i].value.kind == TIP_VALUE_CODE &&
            cell.siblings[i].value.code == office) {
            return true;
        }
    }
    return false;
}

static enum tip_err add_referral(struct filling *filling,
                                 const struct tip_sibling *shown,
                                 struct tip_desk_referral *referral)
{
    struct tip_desk_title title = {.field = NULL};
    enum tip_err err;

    *referral = (struct tip_desk_referral){
        .office = (uint32_t)shown->element,
        .state = referral_state(shown->value.answer),
        .is_transfer = is_transfer(filling->view, shown->element)};
    err = tip_desk_element_show(&filling->lens, &title, TIP_FIELD_OFFICES,
                                shown->element, &referral->office_name);
    return err == TIP_OK ? tip_desk_value_show(&filling->lens, filling->view,
                                               shown, &referral->word)
                         : err;
}

static enum tip_err add_referrals(struct filling *filling)
{
    const struct tip_record *view = filling->view;
    struct tip_cell cell = tip_record_field(view, TIP_FIELD_REFERRAL);
    struct tip_desk_referral *referrals = tip_arena_alloc_array(
        filling->lens.arena, cell.count, sizeof *referrals);
    struct tip_desk_sheet *sheet = filling->sheet;
    enum tip_err err = referrals == NULL ? TIP_ENOMEM : TIP_OK;
    size_t i = 0;

    while (i < cell.count && err == TIP_OK) {
        struct tip_cell one =
            tip_record_cell(view, TIP_FIELD_REFERRAL, cell.siblings[i].element);
        const struct tip_sibling *shown =
            tip_merge_read(view, one, filling->lens.desk->schema).shown;

        if (shown->value.kind == TIP_VALUE_ANSWER) {
            err = add_referral(filling, shown,
                               &referrals[sheet->referral_count++]);
        }
        i += one.count;
    }
    sheet->referrals = referrals;
    return err;
}

/* The least of its changes says how far the record has come. */
static enum tip_desk_state state_of(struct tip_desk *desk,
                                    const struct tip_wire_record *stored)
{
    enum tip_desk_state state = TIP_DESK_MERGED;

    for (size_t i = 0; i < stored->overlay_count; i++) {
        enum tip_desk_state one = desk->state(desk, stored->overlay[i]);

        state = one < state ? one : state;
    }
    return state;
}

/* What the hub has confirmed is in two places: here and there. */
static bool is_alone(struct tip_desk *desk, enum tip_desk_state state,
                     const struct tip_record *view)
{
    return state == TIP_DESK_SAVED || state == TIP_DESK_SENT ||
           (desk->is_alone != NULL && desk->is_alone(desk, view));
}

static void add_newest(struct tip_desk_sheet *sheet,
                       const struct tip_record *view)
{
    for (size_t i = 0; i < view->write_count; i++) {
        const struct tip_write *write = &view->writes[i];
        uint64_t unix_ms = tip_stamp_unix_ms(write->stamp);

        if (write->commit > sheet->commit) {
            sheet->commit = write->commit;
        }
        if (write->verdict == TIP_VERDICT_GOOD && unix_ms > sheet->unix_ms) {
            sheet->unix_ms = unix_ms;
        }
    }
}

enum tip_err tip_desk_lay_out(struct tip_desk *desk,
                              const struct tip_desk_found *found,
                              struct tip_seen since, struct tip_arena *arena,
                              struct tip_desk_sheet *out_sheet)
{
    const struct tip_record *view = &found->view;
    const struct tip_type *type =
        desk->catalogue == NULL
            ? NULL
            : tip_catalogue_type(desk->catalogue, view->type);
    struct tip_desk_sheet sheet = {
        .id = view->id,
        .ordinal = found->ordinal,
        .type_number = view->type,
        .type = type,
        .type_name = type == NULL ? TIP_BYTES_NONE : type->name,
        .state = state_of(desk, &found->stored),
        .presence = tip_merge_presence(view),
        .erased_ms = view->erased_ms,
        .is_conflict = tip_merge_has_conflict(view, desk->schema),
        .seen = desk->seen(desk),
        .maker = view->maker};
    struct filling filling = {
        .lens = {.desk = desk, .type = type, .since = since, .arena = arena},
        .view = view,
        .sheet = &sheet};
    enum tip_err err;

    sheet.is_alone = is_alone(desk, sheet.state, view);
    filling.lens.ring = &filling.ring;
    tip_desk_ring_init(&filling.ring, desk, view, arena);
    tip_id_format(&sheet.id, sheet.id_text);
    tip_seen_format(sheet.seen, sheet.seen_text);
    add_newest(&sheet, view);
    err = add_lines(&filling);
    if (err == TIP_OK) {
        err = add_offices(&filling);
    }
    if (err == TIP_OK) {
        err = add_referrals(&filling);
    }
    tip_desk_ring_wipe(&filling.ring);
    if (err == TIP_OK) {
        *out_sheet = sheet;
    }
    return err;
}

enum tip_err tip_desk_show(struct tip_desk *desk, const struct tip_id *id,
                           struct tip_arena *arena,
                           struct tip_desk_sheet *out_sheet)
{
    struct tip_desk_found found;
    enum tip_err err = tip_desk_find(desk, id, arena, &found);

    return err != TIP_OK ? err
                         : tip_desk_lay_out(desk, &found, desk->seen(desk),
                                            arena, out_sheet);
}

const struct tip_desk_line *
tip_desk_sheet_line(const struct tip_desk_sheet *sheet, struct tip_bytes name)
{
    for (size_t i = 0; i < sheet->line_count; i++) {
        if (tip_bytes_equal(sheet->lines[i].name, name)) {
            return &sheet->lines[i];
        }
    }
    return NULL;
}
