#include "desk_rig.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tip_secret.h"
#include "tip_test.h"

#define OK(call) assert_int_equal((call), TIP_OK)

const struct tip_desk_who desk_rig_who = {
    .author = {.data = (const uint8_t *)"clerk", .size = 5}};
const struct tip_desk_who desk_rig_who_says = {
    .author = {.data = (const uint8_t *)"judge", .size = 5},
    .reason = {.data = (const uint8_t *)"PV 118/2026", .size = 11}};

static struct tip_identity_secret secret_of(size_t node, uint32_t epoch)
{
    struct tip_identity_secret secret = {{(uint8_t)(node + 1), 0x5e}};

    secret.bytes[2] = (uint8_t)epoch;
    return secret;
}

static enum tip_err keys_secret(struct tip_desk_keys *self, uint32_t epoch,
                                struct tip_identity_secret *out_secret)
{
    struct rig_keys *keys = (struct rig_keys *)self;

    if (epoch > self->epoch) {
        return TIP_ENOTFOUND;
    }
    *out_secret = secret_of(keys->node, epoch);
    return TIP_OK;
}

static enum tip_err keys_recipient(struct tip_desk_keys *self, uint32_t office,
                                   uint32_t *out_epoch,
                                   struct tip_wrap_public *out_wrap)
{
    struct rig_keys *keys = (struct rig_keys *)self;
    size_t node = office - STAR_OFFICE_FIRST;
    struct tip_identity_secret secret;

    if (office < STAR_OFFICE_FIRST || node >= keys->rig->star.node_count) {
        return TIP_ENOTFOUND;
    }
    *out_epoch = keys->rig->keys[node].base.epoch;
    secret = secret_of(node, *out_epoch);
    tip_office_key_derive(&secret, out_wrap);
    return TIP_OK;
}

static enum tip_err keys_signer(struct tip_desk_keys *self, uint32_t origin,
                                struct tip_sign_public *out_sign)
{
    struct rig_keys *keys = (struct rig_keys *)self;
    size_t node = origin - STAR_ORIGIN_FIRST;

    if (origin < STAR_ORIGIN_FIRST || node >= keys->rig->star.node_count) {
        return TIP_ENOTFOUND;
    }
    *out_sign = tip_device_keys_public(keys->rig->star.nodes[node].keys)->sign;
    return TIP_OK;
}

static void init_node(struct desk_rig *rig, size_t i)
{
    struct star_node *node = &rig->star.nodes[i];
    struct node_desk_opts opts = {.identity = &node->identity,
                                  .clock = &node->clock.base,
                                  .random = &rig->star.prng.base,
                                  .catalogue = rig->catalogue,
                                  .schema = &rig->schema.base,
                                  .keys = &rig->keys[i].base};

    rig->keys[i] = (struct rig_keys){.base = {.office = node->identity.office,
                                              .epoch = 1,
                                              .origin = node->identity.origin,
                                              .device = node->keys,
                                              .secret = keys_secret,
                                              .recipient = keys_recipient,
                                              .signer = keys_signer},
                                     .rig = rig,
                                     .node = i};
    node_engine_set_schema(node->engine, &rig->schema.base, 1);
    node_desk_init(&rig->nodes[i], node->engine, &opts);
}

void desk_rig_init(struct desk_rig *rig, struct tip_catalogue *catalogue,
                   size_t nodes)
{
    struct hub_desk_opts opts = {.catalogue = catalogue};

    *rig = (struct desk_rig){.catalogue = catalogue};
    star_init(&rig->star, nodes);
    tip_catalogue_schema_init(&rig->schema, catalogue);
    opts.clock = &rig->star.clock.base;
    opts.random = &rig->star.prng.base;
    opts.schema = &rig->schema.base;
    hub_engine_set_schema(rig->star.hub, &rig->schema.base, 1);
    hub_desk_init(&rig->hub, rig->star.hub, &opts);
    for (size_t i = 0; i < nodes; i++) {
        init_node(rig, i);
    }
    tip_desk_answer_init(&rig->answer);
    star_run(&rig->star);
}

void desk_rig_deinit(struct desk_rig *rig)
{
    tip_desk_answer_deinit(&rig->answer);
    star_deinit(&rig->star);
    tip_catalogue_free(rig->catalogue);
}

struct tip_catalogue *desk_rig_catalogue(const char *folder)
{
    struct tip_catalogue_folder files;
    struct tip_problems problems = {0};
    struct tip_catalogue *catalogue = NULL;

    OK(tip_catalogue_folder_read(folder, &files));
    OK(tip_catalogue_load(files.files, files.file_count, &problems,
                          &catalogue));
    tip_catalogue_folder_deinit(&files);
    return catalogue;
}

struct tip_desk *desk_rig_desk(struct desk_rig *rig, int i)
{
    return i == RIG_HUB ? &rig->hub.base : &rig->nodes[i].base;
}

void desk_rig_forget_answer(struct desk_rig *rig)
{
    tip_desk_answer_deinit(&rig->answer);
    tip_desk_answer_init(&rig->answer);
}

static size_t read_words(va_list words, struct tip_desk_input *inputs)
{
    size_t count = 0;
    const char *word = va_arg(words, const char *);

    for (; word != NULL; word = va_arg(words, const char *)) {
        assert_true(count < RIG_INPUTS_MAX);
        OK(tip_desk_input_parse(tip_bytes_text(word), &inputs[count++]));
    }
    return count;
}

static enum tip_err add(struct desk_rig *rig, int i, int with, const char *type,
                        va_list words)
{
    struct tip_desk_input inputs[RIG_INPUTS_MAX];
    char office[12];
    struct tip_bytes offices[1];
    struct tip_desk_new asked = {
        .type = tip_bytes_text(type), .inputs = inputs, .offices = offices};
    enum tip_err err;

    asked.input_count = read_words(words, inputs);
    if (with >= 0) {
        (void)snprintf(office, sizeof office, "%d", STAR_OFFICE_FIRST + with);
        offices[0] = tip_bytes_text(office);
        asked.office_count = 1;
    }
    desk_rig_forget_answer(rig);
    err = tip_desk_add(desk_rig_desk(rig, i), &desk_rig_who, &asked,
                       &rig->answer);
    return err == TIP_OK ? tip_desk_flush(desk_rig_desk(rig, i)) : err;
}

enum tip_err desk_rig_add(struct desk_rig *rig, int i, const char *type, ...)
{
    va_list words;
    enum tip_err err;

    va_start(words, type);
    err = add(rig, i, i == RIG_HUB ? 0 : -1, type, words);
    va_end(words);
    return err;
}

enum tip_err desk_rig_add_shared(struct desk_rig *rig, int i, int with,
                                 const char *type, ...)
{
    va_list words;
    enum tip_err err;

    va_start(words, type);
    err = add(rig, i, with, type, words);
    va_end(words);
    return err;
}

enum tip_err desk_rig_edit(struct desk_rig *rig, int i, const struct tip_id *id,
                           const struct tip_seen *seen, ...)
{
    struct tip_desk_input inputs[RIG_INPUTS_MAX];
    struct tip_desk_change asked = {.id = *id, .seen = seen, .inputs = inputs};
    va_list words;
    enum tip_err err;

    va_start(words, seen);
    asked.input_count = read_words(words, inputs);
    va_end(words);
    desk_rig_forget_answer(rig);
    err = tip_desk_edit(desk_rig_desk(rig, i), &desk_rig_who, &asked,
                        &rig->answer);
    return err == TIP_OK ? tip_desk_flush(desk_rig_desk(rig, i)) : err;
}

void desk_rig_sheet(struct desk_rig *rig, int i, const struct tip_id *id,
                    struct tip_arena *arena, struct tip_desk_sheet *out_sheet)
{
    tip_arena_init(arena, TIP_DESK_ARENA_BYTES_MAX);
    OK(tip_desk_show(desk_rig_desk(rig, i), id, arena, out_sheet));
}

bool desk_rig_shows(struct desk_rig *rig, int i, const struct tip_id *id,
                    const char *field, const char *text)
{
    struct tip_desk_sheet sheet;
    struct tip_arena arena;
    const struct tip_desk_line *line;
    struct tip_bytes shown = TIP_BYTES_NONE;
    bool same;

    desk_rig_sheet(rig, i, id, &arena, &sheet);
    line = tip_desk_sheet_line(&sheet, tip_bytes_text(field));
    if (line != NULL) {
        shown = line->text;
    }
    same = tip_bytes_equal(shown, tip_bytes_text(text));
    if (!same) {
        print_message("%s shows %.*s\n", field, (int)shown.size,
                      (const char *)shown.data);
    }
    tip_arena_deinit(&arena);
    return same;
}

bool desk_rig_problem(const struct tip_problems *problems, size_t i,
                      const char *column, const char *text)
{
    const struct tip_problem *kept = &problems->kept[i];

    if (i < problems->count && strcmp(kept->column, column) == 0 &&
        strstr(kept->text, text) != NULL) {
        return true;
    }
    for (size_t p = 0; p < problems->count && p < TIP_PROBLEMS_KEPT; p++) {
        print_message("%s, row %zu, %s: %s\n", problems->kept[p].file,
                      problems->kept[p].row, problems->kept[p].column,
                      problems->kept[p].text);
    }
    return false;
}
