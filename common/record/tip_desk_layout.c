/* What a single value looks like, and what a field is called. */
#include "tip_desk_layout.h"

#include <inttypes.h>
#include <stdio.h>

#include "tip_field_text.h"

enum {
    NUMBER_BYTES = 24, /* "#" and 64 bits. */
    SHORT_BYTES = 96,  /* Every value but text: codes have names of 64. */
    OFFICE_BYTES = 128
};

/* How values are written whose field no catalogue of ours names. */
static const struct tip_field unknown_field;

enum tip_err tip_desk_find(struct tip_desk *desk, const struct tip_id *id,
                           struct tip_arena *arena,
                           struct tip_desk_found *out_found)
{
    struct tip_record_ref ref = {.id = *id};
    struct tip_txn *txn;
    uint32_t ordinal;
    enum tip_err err = desk->txn(desk, &txn);

    if (err == TIP_OK) {
        err = tip_record_table_find(desk->records(desk), txn, &ref, &ordinal);
    }
    if (err == TIP_OK) {
        err = desk->view(desk, ordinal, arena, &out_found->stored,
                         &out_found->view);
    }
    if (err == TIP_OK) {
        out_found->ordinal = ordinal;
    }
    return err;
}

static enum tip_err number_text(struct tip_arena *arena, const char *before,
                                uint64_t number, struct tip_bytes *out_text)
{
    char *text = tip_arena_alloc(arena, NUMBER_BYTES);

    if (text == NULL) {
        return TIP_ENOMEM;
    }
    (void)snprintf(text, NUMBER_BYTES, "%s%" PRIu64, before, number);
    *out_text = tip_bytes_text(text);
    return TIP_OK;
}

enum tip_err tip_desk_title(const struct tip_desk_lens *lens, uint32_t number,
                            struct tip_desk_title *out_title)
{
    struct tip_desk_title title = {.field = NULL};
    const struct tip_desk *desk = lens->desk;
    enum tip_err err;

    if (number == TIP_FIELD_DELETED) {
        title.name = title.label = tip_bytes_text(TIP_DESK_DELETED);
    } else if (number == TIP_FIELD_OFFICES) {
        title.name = title.label = tip_bytes_text(TIP_DESK_OFFICES);
    } else if (number < TIP_FIELD_FIRST) {
        title.is_hidden = true;
    } else {
        title.field =
            lens->type == NULL ? NULL : tip_type_field(lens->type, number);
    }
    if (title.field != NULL) {
        title.name = title.field->name;
        title.label = tip_label_text(desk->catalogue, &title.field->label,
                                     desk->language, title.name);
    } else if (title.name.size == 0) {
        err = number_text(lens->arena, "#", number, &title.name);
        if (err != TIP_OK) {
            return err;
        }
        title.label = title.name;
    }
    *out_title = title;
    return TIP_OK;
}

/* Empty: only the number is known. */
static struct tip_bytes office_name(struct tip_desk *desk, uint32_t office)
{
    if (office == TIP_OFFICE_HUB) {
        return tip_bytes_text(TIP_DESK_OFFICE_HUB);
    }
    return desk->office_name == NULL ? TIP_BYTES_NONE
                                     : desk->office_name(desk, office);
}

enum tip_err tip_desk_element_show(const struct tip_desk_lens *lens,
                                   const struct tip_desk_title *title,
                                   uint32_t number, uint64_t element,
                                   struct tip_bytes *out_text)
{
    struct tip_desk *desk = lens->desk;
    const struct tip_code *code = NULL;
    struct tip_bytes name = TIP_BYTES_NONE;

    if (number == TIP_FIELD_OFFICES) {
        if (element == TIP_OFFICE_ALL) {
            *out_text = tip_bytes_text(TIP_DESK_OFFICE_ALL);
            return TIP_OK;
        }
        if (element <= UINT32_MAX) {
            name = office_name(desk, (uint32_t)element);
        }
        return name.size != 0 ? tip_arena_copy(lens->arena, name, out_text)
                              : number_text(lens->arena, "", element, out_text);
    }
    if (title->field != NULL && title->field->list != NULL &&
        element <= UINT32_MAX) {
        code = tip_list_code(title->field->list, (uint32_t)element);
    }
    if (code != NULL) {
        *out_text = code->name;
        return TIP_OK;
    }
    return number_text(lens->arena, "#", element, out_text);
}

enum tip_err tip_desk_cell_name(struct tip_desk *desk, uint32_t type,
                                uint32_t field, uint64_t element,
                                struct tip_arena *arena,
                                struct tip_bytes *out_field,
                                struct tip_bytes *out_element)
{
    const struct tip_desk_lens lens = {
        .desk = desk,
        .type = tip_catalogue_type(desk->catalogue, type),
        .arena = arena};
    struct tip_desk_title title;
    struct tip_bytes name = TIP_BYTES_NONE;
    enum tip_err err = tip_desk_title(&lens, field, &title);

    if (err == TIP_OK && (element != 0 || field == TIP_FIELD_OFFICES)) {
        err = tip_desk_element_show(&lens, &title, field, element, &name);
    }
    if (err == TIP_OK) {
        *out_field = title.name;
        *out_element = name;
    }
    return err;
}

/* @value, which is no element, as text in the arena. */
static enum tip_err format(const struct tip_desk_lens *lens,
                           const struct tip_field *field,
                           const struct tip_value *value,
                           struct tip_bytes *out_text)
{
    size_t size =
        value->kind == TIP_VALUE_TEXT ? value->bytes.size : SHORT_BYTES;
    uint8_t *memory = tip_arena_alloc(lens->arena, size);
    struct tip_buf buf;

    if (memory == NULL) {
        return TIP_ENOMEM;
    }
    tip_buf_init(&buf, memory, size);
    tip_field_format(lens->desk->catalogue,
                     field == NULL ? &unknown_field : field, value, &buf);
    return tip_buf_finish(&buf, out_text);
}

static enum tip_err show_office(const struct tip_desk_lens *lens,
                                uint32_t office, struct tip_bytes *out_name)
{
    return tip_arena_copy(lens->arena, office_name(lens->desk, office),
                          out_name);
}

/* Who wrote it, where and when. */
static enum tip_err show_write(const struct tip_desk_lens *lens,
                               const struct tip_write *write,
                               struct tip_desk_value *out_value)
{
    struct tip_desk *desk = lens->desk;

    out_value->author = write->author;
    out_value->reason = write->reason;
    out_value->office = write->office;
    out_value->origin = tip_origin_device(write->origin);
    out_value->is_late = tip_origin_is_stray(write->origin);
    out_value->seq = write->seq;
    out_value->commit = write->commit;
    out_value->unix_ms = tip_stamp_unix_ms(write->stamp);
    out_value->is_clock_wrong = write->verdict == TIP_VERDICT_FUTURE;
    out_value->state =
        write->commit != 0 ? TIP_DESK_MERGED : desk->state(desk, write->seq);
    out_value->is_new = !tip_seen_covers(
        lens->since, desk->records(desk)->lineage, desk->origin, write);
    return show_office(lens, write->office, &out_value->office_name);
}

enum tip_err tip_desk_value_show(const struct tip_desk_lens *lens,
                                 const struct tip_record *record,
                                 const struct tip_sibling *sibling,
                                 struct tip_desk_value *out_value)
{
    struct tip_desk_title title;
    struct tip_value value = sibling->value;
    enum tip_err err = tip_desk_title(lens, sibling->field, &title);

    *out_value =
        (struct tip_desk_value){.is_blank = value.kind == TIP_VALUE_NONE};
    if (err == TIP_OK) {
        err = show_write(lens, tip_record_write(record, sibling), out_value);
    }
    if (err == TIP_OK && value.kind == TIP_VALUE_OPAQUE) {
        err = tip_desk_ring_open(lens->ring, sibling->field, sibling->element,
                                 value.bytes, &value);
        out_value->is_sealed = err == TIP_ESEALED;
        err = out_value->is_sealed ? TIP_OK : err;
    }
    if (err != TIP_OK) {
        return err;
    }
    return value.kind == TIP_VALUE_MEMBER || sibling->element != 0 ||
                   sibling->field == TIP_FIELD_OFFICES
               ? tip_desk_element_show(lens, &title, sibling->field,
                                       sibling->element, &out_value->text)
               : format(lens, title.field, &value, &out_value->text);
}
