/*
 * Lists. First the ids of the type are collected (their rows need not be
 * decoded for that) and sorted; then each record is read when its turn comes.
 */
#include <stdlib.h>
#include <string.h>

#include "tip_check.h"
#include "tip_desk_form.h"
#include "tip_desk_layout.h"
#include "tip_desk_write.h"
#include "tip_field_text.h"

enum {
    /* Rows looked at, and records decoded, in one slice: some 20 ms each. */
    SLICE_ROWS = 8192,
    SLICE_RECORDS = 1024,
    FORGET_ROWS = 256 /* What the store holds decrypted for us, at most. */
};

/* One record, found again by its ordinal and known again by its id. */
struct hit {
    struct tip_id id;
    uint32_t ordinal;
};

/* A filter, read. */
struct wanted {
    const struct tip_field *field;
    struct tip_value value; /* None: blank. */
    uint32_t codes[TIP_FIELD_ELEMENTS_MAX];
    size_t code_count;
};

struct tip_desk_walk {
    struct tip_desk *desk;
    struct tip_arena arena;  /* Of the record of the newest step. */
    struct tip_arena wishes; /* Of the filters. */
    const struct tip_type *type;
    struct wanted *wanted;
    size_t wanted_count;
    bool conflicts_only;
    bool alone_only;
    bool with_deleted;
    bool newest_first;
    uint64_t left; /* May still be given. */
    uint64_t next_ordinal;
    bool is_sorted;
    struct hit *hits; /* Owned. */
    size_t hit_count;
    size_t hit_capacity;
    size_t position;
};

static enum tip_err read_filter(struct tip_desk_walk *walk,
                                const struct tip_desk_input *filter,
                                struct tip_problems *problems,
                                struct wanted *out_wanted)
{
    struct tip_desk *desk = walk->desk;
    struct tip_place place = {.file = "filter", .column = filter->field};
    const struct tip_field *field =
        walk->type == NULL ? NULL
                           : tip_type_field_named(walk->type, filter->field);
    struct tip_bytes text;
    enum tip_rule rule;

    if (field == NULL || filter->op != TIP_DESK_PUT) {
        tip_problems_add(problems, place,
                         "Filter by type and FIELD=VALUE of that type.");
        return TIP_EUNKNOWN_FIELD;
    }
    if (field->class == TIP_CLASS_SEALED ||
        (field->class == TIP_CLASS_IDENTITY && desk->keys == NULL)) {
        return TIP_ESEALED;
    }
    out_wanted->field = field;
    if (tip_arena_copy(&walk->wishes, filter->value, &text) != TIP_OK) {
        return TIP_ENOMEM;
    }
    rule =
        field->kind == TIP_KIND_SET
            ? tip_field_parse_set(field, text, out_wanted->codes,
                                  &out_wanted->code_count)
            : tip_field_parse(desk->catalogue, field, text, &out_wanted->value);
    if (rule != TIP_RULE_KEPT) {
        tip_form_complain(desk, problems, place, field, rule);
        return TIP_EVALUE;
    }
    return TIP_OK;
}

static enum tip_err read_query(struct tip_desk_walk *walk,
                               const struct tip_desk_query *query,
                               struct tip_problems *problems)
{
    enum tip_err err = TIP_OK;

    if (query->type.size != 0) {
        walk->type =
            walk->desk->catalogue == NULL
                ? NULL
                : tip_catalogue_type_named(walk->desk->catalogue, query->type);
        if (walk->type == NULL) {
            return TIP_EUNKNOWN_TYPE;
        }
    }
    walk->wanted = tip_arena_alloc_array(&walk->wishes, query->filter_count,
                                         sizeof *walk->wanted);
    if (walk->wanted == NULL) {
        return TIP_ENOMEM;
    }
    walk->wanted_count = query->filter_count;
    for (size_t i = 0; i < query->filter_count && err == TIP_OK; i++) {
        err = read_filter(walk, &query->filters[i], problems, &walk->wanted[i]);
    }
    return err;
}

enum tip_err tip_desk_walk_new(struct tip_desk *desk,
                               const struct tip_desk_query *query,
                               struct tip_problems *problems,
                               struct tip_desk_walk **out_walk)
{
    struct tip_desk_walk *walk = calloc(1, sizeof *walk);
    enum tip_err err;

    if (walk == NULL) {
        return TIP_ENOMEM;
    }
    walk->desk = desk;
    tip_arena_init(&walk->arena, TIP_DESK_ARENA_BYTES_MAX);
    tip_arena_init(&walk->wishes, TIP_DESK_ARENA_BYTES_MAX);
    walk->conflicts_only = query->conflicts_only;
    walk->alone_only = query->alone_only;
    walk->with_deleted = query->with_deleted;
    walk->newest_first = query->newest_first;
    walk->left = query->limit == 0 ? UINT64_MAX : query->limit;
    err = read_query(walk, query, problems);
    if (err != TIP_OK) {
        tip_desk_walk_free(walk);
        return err;
    }
    *out_walk = walk;
    return TIP_OK;
}

void tip_desk_walk_free(struct tip_desk_walk *walk)
{
    if (walk != NULL) {
        tip_arena_deinit(&walk->arena);
        tip_arena_deinit(&walk->wishes);
        free(walk->hits);
        free(walk);
    }
}

static enum tip_err add_hit(struct tip_desk_walk *walk, const struct tip_id *id,
                            uint32_t ordinal)
{
    if (walk->hit_count == walk->hit_capacity) {
        size_t capacity =
            walk->hit_capacity == 0 ? 1024 : 2 * walk->hit_capacity;
        struct hit *grown = realloc(walk->hits, capacity * sizeof *grown);

        if (grown == NULL) {
            return TIP_ENOMEM;
        }
        walk->hits = grown;
        walk->hit_capacity = capacity;
    }
    walk->hits[walk->hit_count++] = (struct hit){*id, ordinal};
    return TIP_OK;
}

/* Catalogues are records too, but none of a person's. */
static bool is_of_type(const struct tip_desk_walk *walk, uint32_t type)
{
    return walk->type == NULL ? type >= TIP_TYPE_FIRST
                              : type == walk->type->number;
}

static int compare_hits(const void *left, const void *right)
{
    return tip_id_compare(&((const struct hit *)left)->id,
                          &((const struct hit *)right)->id);
}

/* Look at one row; TIP_ENOTFOUND after the last. */
static enum tip_err collect_row(struct tip_desk_walk *walk, struct tip_txn *txn)
{
    struct tip_wire_record_peek head;
    struct tip_bytes value;
    struct tip_key key;
    enum tip_err err =
        tip_txn_seek(txn, TIP_TABLE_RECORD, TIP_SEEK_AT_OR_AFTER,
                     TIP_KEY(walk->next_ordinal, 0), &key, &value);

    if (err == TIP_OK) {
        err = tip_wire_record_peek(value, &head);
    }
    if (err == TIP_OK && is_of_type(walk, head.type)) {
        err = add_hit(walk, &head.id, (uint32_t)key.hi);
    }
    if (err == TIP_OK) {
        walk->next_ordinal = key.hi + 1;
    }
    return err;
}

/* A slice of collecting. */
static enum tip_err collect(struct tip_desk_walk *walk)
{
    struct tip_txn *txn;
    enum tip_err err = walk->desk->txn(walk->desk, &txn);

    for (int i = 0; i < SLICE_ROWS && err == TIP_OK; i++) {
        if (i % FORGET_ROWS == FORGET_ROWS - 1) {
            tip_txn_forget(txn);
        }
        err = collect_row(walk, txn);
    }
    if (err != TIP_ENOTFOUND) {
        return err == TIP_OK ? TIP_EAGAIN : err;
    }
    tip_txn_forget(txn);
    if (walk->hit_count != 0) {
        qsort(walk->hits, walk->hit_count, sizeof *walk->hits, compare_hits);
    }
    walk->is_sorted = true;
    return TIP_OK;
}

static bool holds_set(const struct wanted *wanted,
                      const struct tip_record *view)
{
    if (wanted->code_count == 0) {
        struct tip_cell all = tip_record_field(view, wanted->field->number);

        for (size_t i = 0; i < all.count; i++) {
            if (all.siblings[i].value.kind != TIP_VALUE_NONE) {
                return false;
            }
        }
        return true;
    }
    for (size_t i = 0; i < wanted->code_count; i++) {
        if (!tip_merge_contains(view, wanted->field->number,
                                wanted->codes[i])) {
            return false;
        }
    }
    return true;
}

static bool holds_value(struct tip_desk_walk *walk, struct tip_desk_ring *ring,
                        const struct wanted *wanted,
                        const struct tip_record *view)
{
    struct tip_reading reading =
        tip_merge_read(view, tip_record_cell(view, wanted->field->number, 0),
                       walk->desk->schema);
    struct tip_value value = {.kind = TIP_VALUE_NONE};

    if (reading.shown != NULL) {
        value = reading.shown->value;
    }
    if (value.kind == TIP_VALUE_OPAQUE &&
        tip_desk_ring_open(ring, wanted->field->number, 0, value.bytes,
                           &value) != TIP_OK) {
        return false;
    }
    return tip_value_equal(&value, &wanted->value);
}

static bool is_wanted(struct tip_desk_walk *walk, const struct tip_record *view)
{
    struct tip_desk_ring ring;
    bool wanted = true;

    enum tip_presence presence = tip_merge_presence(view);

    if (presence == TIP_ERASED ||
        (presence == TIP_DELETED && !walk->with_deleted)) {
        return false;
    }
    if (walk->conflicts_only &&
        !tip_merge_has_conflict(view, walk->desk->schema)) {
        return false;
    }
    tip_desk_ring_init(&ring, walk->desk, view, &walk->arena);
    for (size_t i = 0; i < walk->wanted_count && wanted; i++) {
        const struct wanted *one = &walk->wanted[i];

        wanted = one->field->kind == TIP_KIND_SET
                     ? holds_set(one, view)
                     : holds_value(walk, &ring, one, view);
    }
    tip_desk_ring_wipe(&ring);
    return wanted;
}

/* Read the record of @hit; TIP_ENOTFOUND: passed over. */
static enum tip_err read_hit(struct tip_desk_walk *walk, const struct hit *hit,
                             struct tip_desk_sheet *out_sheet)
{
    struct tip_desk *desk = walk->desk;
    struct tip_desk_found found = {.ordinal = hit->ordinal};
    enum tip_err err;

    tip_arena_clear(&walk->arena);
    err = desk->view(desk, hit->ordinal, &walk->arena, &found.stored,
                     &found.view);
    /* The ordinal of a lost transaction may mean another record by now. */
    if (err == TIP_OK && (!tip_id_equal(&found.view.id, &hit->id) ||
                          !is_wanted(walk, &found.view))) {
        err = TIP_ENOTFOUND;
    }
    if (err == TIP_OK) {
        err = tip_desk_lay_out(desk, &found, desk->seen(desk), &walk->arena,
                               out_sheet);
    }
    return err == TIP_OK && walk->alone_only && !out_sheet->is_alone
               ? TIP_ENOTFOUND
               : err;
}

enum tip_err tip_desk_walk_next(struct tip_desk_walk *walk,
                                struct tip_desk_sheet *out_sheet)
{
    enum tip_err err = walk->is_sorted ? TIP_OK : collect(walk);

    for (int i = 0; i < SLICE_RECORDS && err == TIP_OK; i++) {
        size_t at = walk->newest_first ? walk->hit_count - 1 - walk->position
                                       : walk->position;

        if (walk->left == 0 || walk->position == walk->hit_count) {
            return TIP_ENOTFOUND;
        }
        walk->position++;
        err = read_hit(walk, &walk->hits[at], out_sheet);
        if (err != TIP_ENOTFOUND) {
            walk->left -= err == TIP_OK;
            return err;
        }
        err = TIP_OK;
    }
    return err == TIP_OK ? TIP_EAGAIN : err;
}
