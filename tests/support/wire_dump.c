#include "wire_dump.h"

#include <inttypes.h>

static void dump_hex(FILE *file, struct tip_bytes bytes)
{
    (void)fputc('"', file);
    for (size_t i = 0; i < bytes.size; i++) {
        (void)fprintf(file, "%02x", bytes.data[i]);
    }
    (void)fputc('"', file);
}

static void dump_commit(FILE *file, uint64_t commit)
{
    (void)fprintf(file, "[%" PRIu32 ",%" PRIu64 "]",
                  tip_commit_generation(commit), tip_commit_number(commit));
}

static void dump_value(FILE *file, const struct tip_value *value)
{
    switch (value->kind) {
    case TIP_VALUE_NONE:
    case TIP_VALUE_MEMBER:
        (void)fputs("null", file);
        break;
    case TIP_VALUE_ANSWER:
        (void)fprintf(file, "%d", (int)value->answer);
        break;
    case TIP_VALUE_INTEGER:
        (void)fprintf(file, "%" PRId64, value->integer);
        break;
    case TIP_VALUE_DATE:
        (void)fprintf(file, "[%" PRId32 ",%d]", value->date.day,
                      (int)value->date.precision);
        break;
    case TIP_VALUE_AMOUNT:
        (void)fprintf(file, "[%" PRId64 ",%" PRIu32 "]", value->amount.minor,
                      value->amount.currency);
        break;
    case TIP_VALUE_CODE:
        (void)fprintf(file, "%" PRIu32, value->code);
        break;
    case TIP_VALUE_REFERENCE:
        dump_hex(file, TIP_BYTES_OF(value->reference.bytes));
        break;
    case TIP_VALUE_TEXT:
    case TIP_VALUE_OPAQUE:
        dump_hex(file, value->bytes);
        break;
    }
}

static void dump_ref(FILE *file, const struct tip_record_ref *ref)
{
    (void)fprintf(file, "{\"type\":%" PRIu32 ",\"id\":", ref->type);
    if (tip_id_is_none(&ref->id)) {
        (void)fputs("null", file);
    } else {
        dump_hex(file, TIP_BYTES_OF(ref->id.bytes));
    }
    (void)fputs(",\"birth\":", file);
    dump_commit(file, ref->birth_commit);
    (void)fprintf(file, ",\"index\":%" PRIu32 "}", ref->birth_index);
}

static void dump_set(FILE *file, const struct tip_change_set *set)
{
    (void)fprintf(file,
                  "{\"origin\":%" PRIu32 ",\"office\":%" PRIu32
                  ",\"seq\":%" PRIu64 ",\"base\":",
                  set->origin, set->office, set->seq);
    dump_commit(file, set->base);
    (void)fprintf(file,
                  ",\"stamp\":%" PRIu64 ",\"author\":", set->stamp.packed);
    dump_hex(file, set->author);
    (void)fputs(",\"reason\":", file);
    dump_hex(file, set->reason);
    (void)fputs(",\n \"records\":[", file);
    for (size_t i = 0; i < set->record_count; i++) {
        (void)fputs(i == 0 ? "" : ",", file);
        dump_ref(file, &set->records[i]);
    }
    (void)fputs("],\n \"changes\":[", file);
    for (size_t i = 0; i < set->change_count; i++) {
        const struct tip_change *change = &set->changes[i];

        (void)fprintf(file, "%s[%" PRIu32 ",%" PRIu32 ",%" PRIu64 ",%d,",
                      i == 0 ? "" : ",\n  ", change->record, change->field,
                      change->element, (int)change->value.kind);
        dump_value(file, &change->value);
        (void)fputc(']', file);
    }
    (void)fputs("]}", file);
}

void wire_dump_up(FILE *file, const struct tip_up_body *body)
{
    (void)fputs("{\"sets\":[\n", file);
    for (size_t i = 0; i < body->set_count; i++) {
        (void)fputs(i == 0 ? "" : ",\n", file);
        dump_set(file, &body->sets[i]);
    }
    (void)fputs("]}\n", file);
}
static void dump_state(FILE *file, const struct tip_item *item)
{
    (void)fprintf(file, "{\"state\":[%" PRIu32 ",%" PRIu32 ",",
                  item->state.total, item->state.offset);
    dump_hex(file, item->state.bytes);
    (void)fputs("],\"commit\":", file);
    dump_commit(file, item->commit);
    (void)fputs("}", file);
}

static void dump_ruling(FILE *file, const struct tip_item *item)
{
    const struct tip_ruling *ruling = &item->ruling;

    (void)fprintf(file,
                  "{\"ruling\":[%d,%d,%" PRIu32 ",%" PRIu64 ",%" PRIu64 ",",
                  (int)ruling->kind, (int)ruling->hold, ruling->origin,
                  ruling->first_seq, ruling->count);
    dump_commit(file, ruling->base);
    (void)fprintf(file, ",%" PRIu64 ",", ruling->unix_ms);
    dump_hex(file, ruling->by);
    (void)fputs(",", file);
    dump_hex(file, ruling->reason);
    (void)fputs("],\"commit\":", file);
    dump_commit(file, item->commit);
    (void)fprintf(file, ",\"verdict\":%d}", (int)item->verdict);
}

static void dump_control(FILE *file, const struct tip_item *item)
{
    (void)fputs("{\"control\":", file);
    dump_hex(file, item->control);
    (void)fputs(",\"commit\":", file);
    dump_commit(file, item->commit);
    (void)fputs("}", file);
}

static void dump_roll(FILE *file, const struct tip_item *item)
{
    (void)fprintf(file, "{\"roll\":[%d,%" PRIu64 ",", item->roll.is_end ? 1 : 0,
                  item->roll.count);
    dump_hex(file, TIP_BYTES_OF(item->roll.parts));
    (void)fputs("],\"commit\":", file);
    dump_commit(file, item->commit);
    (void)fputs("}", file);
}

static void dump_item(FILE *file, const struct tip_item *item)
{
    if (item->kind == TIP_ITEM_ECHO) {
        (void)fprintf(
            file, "{\"echo\":[%" PRIu32 ",%" PRIu64 ",%" PRIu32 "],\"commit\":",
            item->echo.origin, item->echo.first_seq, item->echo.count);
        dump_commit(file, item->echo.first_commit);
        (void)fprintf(file, ",\"verdict\":%d}", (int)item->echo.verdict);
        return;
    }
    if (item->kind == TIP_ITEM_STATE) {
        dump_state(file, item);
        return;
    }
    if (item->kind == TIP_ITEM_RULING) {
        dump_ruling(file, item);
        return;
    }
    if (item->kind == TIP_ITEM_CONTROL) {
        dump_control(file, item);
        return;
    }
    if (item->kind == TIP_ITEM_ROLL) {
        dump_roll(file, item);
        return;
    }
    (void)fputs("{\"set\":", file);
    dump_set(file, &item->set);
    (void)fputs(",\"commit\":", file);
    dump_commit(file, item->commit);
    (void)fprintf(file, ",\"verdict\":%d}", (int)item->verdict);
}

static void dump_decided(FILE *file, const struct tip_decided *decided)
{
    (void)fprintf(file, "[%" PRIu32 ",%" PRIu64 ",[", decided->origin,
                  decided->bound);
    for (size_t i = 0; i < decided->run_count; i++) {
        (void)fprintf(file, "%s[%" PRIu64 ",%" PRIu64 ",%d]", i == 0 ? "" : ",",
                      decided->runs[i].first, decided->runs[i].count,
                      (int)decided->runs[i].reason);
    }
    (void)fprintf(file, "],%" PRIu64 "]", decided->unnamed);
}

static void dump_digest(FILE *file, const struct tip_checkpoint *checkpoint)
{
    if (!checkpoint->has_digest) {
        (void)fputs("null", file);
        return;
    }
    dump_hex(file, TIP_BYTES_OF(checkpoint->digest));
}

static void dump_checkpoint(FILE *file, const struct tip_down_body *body)
{
    if (!body->has_checkpoint) {
        (void)fputs("null", file);
        return;
    }
    (void)fputs("{\"commit\":", file);
    dump_commit(file, body->checkpoint.commit);
    (void)fprintf(file, ",\"control\":%" PRIu64 ",\"decided\":[",
                  body->checkpoint.control);
    for (size_t i = 0; i < body->checkpoint.decided_count; i++) {
        (void)fputs(i == 0 ? "" : ",", file);
        dump_decided(file, &body->checkpoint.decided[i]);
    }
    (void)fputs("],\"digest\":", file);
    dump_digest(file, &body->checkpoint);
    (void)fputs("}", file);
}

void wire_dump_down(FILE *file, const struct tip_down_body *body)
{
    (void)fputs("{\"items\":[\n", file);
    for (size_t i = 0; i < body->item_count; i++) {
        (void)fputs(i == 0 ? "" : ",\n", file);
        dump_item(file, &body->items[i]);
    }
    (void)fputs("],\n\"checkpoint\":", file);
    dump_checkpoint(file, body);
    (void)fputs(",\"gone\":", file);
    dump_hex(file, body->gone);
    (void)fputs("}\n", file);
}
