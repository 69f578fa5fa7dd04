/* What people read about the keys: values in force, example file, manual. */
#include <string.h>

#include "tip_conf_internal.h"
#include "tip_mdoc.h"

/* Call back at the first key of every section. */
static bool section_begins(const struct tip_conf_table *table, size_t key)
{
    return key == 0 ||
           strcmp(table->keys[key - 1].section, table->keys[key].section) != 0;
}

static void section_print(const struct tip_conf_table *table, size_t key,
                          struct tip_out *out)
{
    if (section_begins(table, key)) {
        tip_out_format(out, "%s[%s]\n", key == 0 ? "" : "\n",
                       table->keys[key].section);
    }
}

static void origin_print(const struct tip_conf_value *value,
                         struct tip_out *out)
{
    switch (value->origin) {
    case TIP_CONF_FROM_DEFAULT:
        tip_out_text(out, "# default\n");
        break;
    case TIP_CONF_FROM_FILE:
        tip_out_format(out, "# %s:%d\n", value->where, value->line);
        break;
    case TIP_CONF_FROM_FLAG:
        tip_out_format(out, "# flag %s\n", value->where);
        break;
    }
}

void tip_conf_print(const struct tip_conf *conf, struct tip_out *out)
{
    for (size_t i = 0; i < conf->table->key_count; i++) {
        const struct tip_conf_key *key = &conf->table->keys[i];
        const struct tip_conf_value *value = &conf->values[i];
        char text[TIP_SPEC_TEXT_BYTES_MAX + 1];

        tip_spec_format(&key->spec, value->text, value->number, text,
                        sizeof text);
        section_print(conf->table, i, out);
        origin_print(value, out);
        tip_out_format(out, "%s =%s%s\n", key->name, *text == '\0' ? "" : " ",
                       text);
    }
}

void tip_conf_print_example(const struct tip_conf_table *table,
                            const char *program, struct tip_out *out)
{
    tip_out_format(out,
                   "# Configuration of %s. Lines with a # show the defaults.\n"
                   "# Check with: %s config --check\n\n",
                   program, program);
    for (size_t i = 0; i < table->key_count; i++) {
        const struct tip_conf_key *key = &table->keys[i];
        char allowed[TIP_SPEC_SHORT_SIZE];

        tip_spec_describe(&key->spec, allowed, sizeof allowed);
        section_print(table, i, out);
        tip_out_format(out, "# %s\n# Allowed: %s.\n#%s =%s%s\n", key->help,
                       allowed, key->name,
                       *key->value_default == '\0' ? "" : " ",
                       key->value_default);
    }
}

static void key_print_mdoc(const struct tip_conf_key *key, struct tip_out *out)
{
    char allowed[TIP_SPEC_SHORT_SIZE], sentence[TIP_SPEC_SHORT_SIZE * 2];

    tip_out_text(out, ".It Cm ");
    tip_mdoc_word(out, key->name);
    tip_out_text(out, " Li =\n");
    tip_mdoc_text(out, key->help);
    tip_spec_describe(&key->spec, allowed, sizeof allowed);
    (void)snprintf(sentence, sizeof sentence, "Allowed: %s.", allowed);
    tip_mdoc_text(out, sentence);
    if (*key->value_default == '\0') {
        tip_mdoc_text(out, "Empty unless set.");
        return;
    }
    tip_out_text(out, "Default:\n.Li ");
    tip_mdoc_word(out, key->value_default);
    tip_out_text(out, " .\n");
}

void tip_conf_print_mdoc(const struct tip_conf_table *table,
                         struct tip_out *out)
{
    for (size_t i = 0; i < table->key_count; i++) {
        if (section_begins(table, i)) {
            tip_out_text(out, i == 0 ? "" : ".El\n");
            tip_out_text(out, ".Ss Section ");
            tip_mdoc_word(out, table->keys[i].section);
            tip_out_text(out, "\n.Bl -tag -width Ds\n");
        }
        key_print_mdoc(&table->keys[i], out);
    }
    if (table->key_count > 0) {
        tip_out_text(out, ".El\n");
    }
}

/* The first fault of key @index, or NULL. */
static const char *key_check(const struct tip_conf_table *table, size_t index)
{
    const struct tip_conf_key *key = &table->keys[index];
    int64_t number;

    if (strlen(key->section) > TIP_CONF_NAME_BYTES_MAX ||
        strlen(key->name) > TIP_CONF_NAME_BYTES_MAX) {
        return "A name in the table of keys is too long.";
    }
    if (tip_conf_name_is_secret(key->name)) {
        return "A key is called like a secret: say where its file lies.";
    }
    if (strlen(key->help) < 2 || key->help[strlen(key->help) - 1] != '.') {
        return "The help of a key is not a sentence with its full stop.";
    }
    if (tip_spec_parse(&key->spec, key->value_default, &number) != TIP_OK) {
        return "The default of a key is not what the key allows.";
    }
    for (size_t i = 0; i < index; i++) {
        const struct tip_conf_key *other = &table->keys[i];

        if (strcmp(other->section, key->section) != 0) {
            continue;
        }
        if (strcmp(other->name, key->name) == 0) {
            return "A key is in the table twice.";
        }
        if (section_begins(table, index)) {
            return "The keys of a section are not together.";
        }
    }
    return NULL;
}

const char *tip_conf_table_check(const struct tip_conf_table *table)
{
    const char *fault = NULL;

    if (table->key_count > TIP_CONF_KEY_COUNT_MAX) {
        return "The table has more keys than TIP_CONF_KEY_COUNT_MAX.";
    }
    for (size_t i = 0; i < table->key_count && fault == NULL; i++) {
        fault = key_check(table, i);
    }
    return fault;
}
