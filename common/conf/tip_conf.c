#include "tip_conf.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tip_conf_internal.h"
#include "tip_suggest.h"

/* All texts of a file and the names of where they came from. */
enum { ARENA_BYTES_MAX = 2 * TIP_CONF_FILE_BYTES_MAX };

void tip_conf_problem(struct tip_conf *conf, const char *where, int line,
                      const char *format, ...)
{
    size_t used = strlen(conf->problems);
    char *at = conf->problems + used;
    size_t room = sizeof conf->problems - used;
    va_list args;
    int size;

    conf->problem_count++;
    if (line > 0) {
        size =
            snprintf(at, room, "%s%s:%d: ", used > 0 ? "\n" : "", where, line);
    } else {
        size = snprintf(at, room, "%s%s: ", used > 0 ? "\n" : "", where);
    }
    if (size < 0 || (size_t)size >= room) {
        *at = '\0';
        return;
    }
    va_start(args, format);
    (void)vsnprintf(at + size, room - (size_t)size, format, args);
    va_end(args);
}

/* A copy that lives as long as the configuration; NULL without memory. */
static const char *text_keep(struct tip_conf *conf, const char *text)
{
    struct tip_bytes copy;

    if (tip_arena_copy(&conf->arena, tip_bytes(text, strlen(text) + 1),
                       &copy) != TIP_OK) {
        return NULL;
    }
    return (const char *)copy.data;
}

void tip_conf_init(struct tip_conf *conf, const struct tip_conf_table *table)
{
    *conf = (struct tip_conf){.table = table};
    assert(table->key_count <= TIP_CONF_KEY_COUNT_MAX);
    tip_arena_init(&conf->arena, ARENA_BYTES_MAX);
    for (size_t i = 0; i < table->key_count; i++) {
        const struct tip_conf_key *key = &table->keys[i];
        struct tip_conf_value *value = &conf->values[i];
        enum tip_err err;

        value->text = key->value_default;
        err = tip_spec_parse(&key->spec, value->text, &value->number);
        assert(err == TIP_OK);
        (void)err;
    }
}

void tip_conf_deinit(struct tip_conf *conf)
{
    tip_arena_deinit(&conf->arena);
}

/* Set value @key from @value, whose text is not yet checked or ours. */
static enum tip_err value_set(struct tip_conf *conf, size_t key,
                              struct tip_conf_value value)
{
    enum tip_err err =
        tip_spec_parse(&conf->table->keys[key].spec, value.text, &value.number);

    if (err != TIP_OK) {
        return err;
    }
    value.text = text_keep(conf, value.text);
    value.where = text_keep(conf, value.where);
    if (value.text == NULL || value.where == NULL) {
        return TIP_ENOMEM;
    }
    conf->values[key] = value;
    return TIP_OK;
}

/* The position of a key, or key_count. */
static size_t key_find(const struct tip_conf_table *table, const char *section,
                       const char *name)
{
    size_t i = 0;

    while (i < table->key_count &&
           (strcmp(table->keys[i].section, section) != 0 ||
            strcmp(table->keys[i].name, name) != 0)) {
        i++;
    }
    return i;
}

bool tip_conf_name_is_secret(const char *name)
{
    static const char *const words[] = {"pass", "secret", "token", "credential",
                                        "private"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strstr(name, words[i]) != NULL) {
            return true;
        }
    }
    return false;
}

/* A name short and simple enough to be shown again. */
static bool is_name(const char *name)
{
    size_t size = strlen(name);

    return size > 0 && size <= TIP_CONF_NAME_BYTES_MAX &&
           strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                        "0123456789_-.") == size;
}

/* What was probably meant: a section, a key of it, or one of another. */
static void unknown_report(struct tip_conf *conf, const char *where, int line,
                           const char *section, const char *name)
{
    const struct tip_conf_table *table = conf->table;
    struct tip_suggest sections = {.word = section}, names = {.word = name};
    const char *elsewhere = NULL;

    for (size_t i = 0; i < table->key_count; i++) {
        const struct tip_conf_key *key = &table->keys[i];

        tip_suggest_offer(&sections, key->section);
        if (strcmp(key->section, section) == 0) {
            tip_suggest_offer(&names, key->name);
        } else if (strcmp(key->name, name) == 0) {
            elsewhere = key->section;
        }
    }
    if (tip_conf_name_is_secret(name)) {
        tip_conf_problem(conf, where, line,
                         "%s is not a key; secrets are never kept here", name);
    } else if (names.best != NULL) {
        tip_conf_problem(conf, where, line,
                         "%s is not a key of [%s]; did you mean %s?", name,
                         section, names.best);
    } else if (sections.best != NULL && sections.best_distance > 0) {
        tip_conf_problem(conf, where, line,
                         "[%s] is not a section; did you mean [%s]?", section,
                         sections.best);
    } else if (elsewhere != NULL) {
        tip_conf_problem(conf, where, line, "%s belongs into section [%s]",
                         name, elsewhere);
    } else {
        tip_conf_problem(conf, where, line, "%s is not a key of [%s]", name,
                         section);
    }
}

/* Take a value from the file for a key that exists. */
static void known_take(struct tip_conf *conf, const char *where, int line,
                       size_t key, const char *text)
{
    const struct tip_conf_key *row = &conf->table->keys[key];
    const struct tip_conf_value *value = &conf->values[key];
    char allowed[TIP_SPEC_SHORT_SIZE];
    enum tip_err err;

    if (value->origin == TIP_CONF_FROM_FILE &&
        strcmp(value->where, where) == 0) {
        tip_conf_problem(conf, where, line, "%s is set already in line %d",
                         row->name, value->line);
        return;
    }
    if (row->spec.type == TIP_SPEC_PATH && *text != '\0' && *text != '/') {
        tip_conf_problem(conf, where, line,
                         "%s must be a path that begins with /", row->name);
        return;
    }
    err = value_set(conf, key,
                    (struct tip_conf_value){.text = text,
                                            .origin = TIP_CONF_FROM_FILE,
                                            .where = where,
                                            .line = line});
    if (err == TIP_EINVAL) {
        tip_spec_describe(&row->spec, allowed, sizeof allowed);
        tip_conf_problem(conf, where, line, "%s must be %s", row->name,
                         allowed);
    } else if (err != TIP_OK) {
        tip_conf_problem(conf, where, line, "%s", tip_err_text(err));
    }
}

void tip_conf_take(struct tip_conf *conf, const char *where, int line,
                   const char *section, const char *name, const char *text)
{
    size_t key = key_find(conf->table, section, name);

    if (key < conf->table->key_count) {
        known_take(conf, where, line, key, text);
    } else if (*section == '\0') {
        tip_conf_problem(conf, where, line,
                         "a [section] must come before the first key");
    } else if (!is_name(section) || !is_name(name)) {
        tip_conf_problem(conf, where, line, "no such section and key");
    } else {
        unknown_report(conf, where, line, section, name);
    }
}

enum tip_err tip_conf_load(struct tip_conf *conf, const char *file_name,
                           struct tip_bytes text)
{
    if (text.size > TIP_CONF_FILE_BYTES_MAX) {
        tip_conf_problem(conf, file_name, 0, "the file is larger than %d bytes",
                         (int)TIP_CONF_FILE_BYTES_MAX);
        return TIP_ETOOBIG;
    }
    if (text.size > 0) {
        tip_conf_ini_parse(conf, file_name, text);
    }
    return conf->problem_count > 0 ? TIP_ECONF : TIP_OK;
}

/* Read a whole stream of at most one byte more than is allowed: the excess
 * makes tip_conf_load() refuse it. */
static enum tip_err stream_load(struct tip_conf *conf, const char *path,
                                FILE *file)
{
    const size_t capacity = TIP_CONF_FILE_BYTES_MAX + 1;
    uint8_t *text = malloc(capacity);
    enum tip_err err = TIP_ENOMEM;
    size_t size;

    if (text == NULL) {
        return err;
    }
    size = fread(text, 1, capacity, file);
    err = ferror(file) != 0 ? TIP_EIO
                            : tip_conf_load(conf, path, tip_bytes(text, size));
    free(text);
    return err;
}

static enum tip_err open_error(int number)
{
    if (number == ENOENT || number == ENOTDIR) {
        return TIP_ENOTFOUND;
    }
    return number == EACCES ? TIP_EACCESS : TIP_EIO;
}

enum tip_err tip_conf_read(struct tip_conf *conf, const char *path)
{
    FILE *file = fopen(path, "rb");
    enum tip_err err =
        file != NULL ? stream_load(conf, path, file) : open_error(errno);

    if (file != NULL) {
        (void)fclose(file);
    }
    if (err != TIP_OK && conf->problem_count == 0) {
        tip_conf_problem(conf, path, 0, "the file cannot be read");
    }
    return err;
}

enum tip_err tip_conf_override(struct tip_conf *conf, size_t key,
                               const char *flag, const char *text)
{
    char allowed[TIP_SPEC_SHORT_SIZE];
    enum tip_err err = value_set(
        conf, key,
        (struct tip_conf_value){
            .text = text, .origin = TIP_CONF_FROM_FLAG, .where = flag});

    if (err != TIP_EINVAL) {
        return err;
    }
    tip_spec_describe(&conf->table->keys[key].spec, allowed, sizeof allowed);
    tip_conf_problem(conf, flag, 0, "must be %s", allowed);
    return TIP_ECONF;
}

static const struct tip_conf_value *value_at(const struct tip_conf *conf,
                                             size_t key)
{
    assert(key < conf->table->key_count);
    return &conf->values[key];
}

int64_t tip_conf_number(const struct tip_conf *conf, size_t key)
{
    return value_at(conf, key)->number;
}

const char *tip_conf_text(const struct tip_conf *conf, size_t key)
{
    return value_at(conf, key)->text;
}

bool tip_conf_is_set(const struct tip_conf *conf, size_t key)
{
    return value_at(conf, key)->origin != TIP_CONF_FROM_DEFAULT;
}
