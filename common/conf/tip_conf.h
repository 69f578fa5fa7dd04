/*
 * The configuration of a program: one table drives everything.
 *
 * A program lists its keys once. From that list come the defaults, the reader
 * of the INI file, its checks, `--print` with the origin of every value, the
 * section of the manual and the example file, so none of them can be forgotten
 * or go stale. Secrets are never in the configuration; it says at most where a
 * file with one lies.
 *
 *     tip_conf_init(&conf, &table);
 *     err = tip_conf_read(&conf, path);         every problem is noted
 *     if (err != TIP_OK) show(conf.problems);
 *     poll_ms = tip_conf_number(&conf, NODE_CONF_POLL);
 *
 * Not thread-safe while it is read in; afterwards any thread may look.
 */
#ifndef TIP_CONF_H
#define TIP_CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tip_arena.h"
#include "tip_bytes.h"
#include "tip_err.h"
#include "tip_out.h"
#include "tip_spec.h"

enum {
    TIP_CONF_KEY_COUNT_MAX = 64,         /* More is not a page any more. */
    TIP_CONF_FILE_BYTES_MAX = 64 * 1024, /* A large file is the wrong file. */
    TIP_CONF_NAME_BYTES_MAX = 40,        /* inih cuts at 50, silently. */
    TIP_CONF_PROBLEM_BYTES_MAX = 4096
};

/** One row of the table; static data. */
struct tip_conf_key {
    const char *section;
    const char *name;
    struct tip_spec spec;      /* A path must be absolute, or empty. */
    const char *value_default; /* As it would stand in the file. */
    const char *help;          /* One line, a sentence with its full stop. */
};

/** The keys in the order of the example file, sections together. A program
 * names their positions with an enum. */
struct tip_conf_table {
    const struct tip_conf_key *keys;
    size_t key_count;
};

enum tip_conf_origin {
    TIP_CONF_FROM_DEFAULT,
    TIP_CONF_FROM_FILE,
    TIP_CONF_FROM_FLAG
};

struct tip_conf_value {
    const char *text; /* Owned by the arena of the configuration. */
    int64_t number;   /* As tip_spec.h says. */
    enum tip_conf_origin origin;
    const char *where; /* File or flag; NULL for a default. */
    int line;          /* In the file; 0 otherwise. */
};

/** Caller-allocated. Fields are for reading only. */
struct tip_conf {
    const struct tip_conf_table *table; /* Borrowed. */
    struct tip_conf_value values[TIP_CONF_KEY_COUNT_MAX];
    struct tip_arena arena;
    size_t problem_count;
    char problems[TIP_CONF_PROBLEM_BYTES_MAX]; /* One a line, no last \n. */
};

/** Start with the defaults of @table, which must pass tip_conf_table_check().
 */
void tip_conf_init(struct tip_conf *conf, const struct tip_conf_table *table);

void tip_conf_deinit(struct tip_conf *conf);

/**
 * Take the values of @text, the content of the file called @file_name. On
 * TIP_ECONF conf->problems names file, line, key and what is allowed; the
 * values that were right have been taken, so the rest can be checked too, but
 * no program starts on them. TIP_ETOOBIG, TIP_ENOMEM.
 */
TIP_MUST_USE enum tip_err tip_conf_load(struct tip_conf *conf,
                                        const char *file_name,
                                        struct tip_bytes text);

/** The same from a file. TIP_ENOTFOUND: there is none; TIP_EACCESS, TIP_EIO. */
TIP_MUST_USE enum tip_err tip_conf_read(struct tip_conf *conf,
                                        const char *path);

/** Override one value from the command line, where paths may be relative.
 * TIP_ECONF and a problem when it is not allowed. */
TIP_MUST_USE enum tip_err tip_conf_override(struct tip_conf *conf, size_t key,
                                            const char *flag, const char *text);

/** The number behind the value, as tip_spec.h says. */
int64_t tip_conf_number(const struct tip_conf *conf, size_t key);

/** Borrow the value as written, until deinit. */
const char *tip_conf_text(const struct tip_conf *conf, size_t key);

/** True when somebody set @key, in the file or with a flag. */
bool tip_conf_is_set(const struct tip_conf *conf, size_t key);

/** Write the values in force as a file that can be read in again, each below
 * a comment that says where it comes from. */
void tip_conf_print(const struct tip_conf *conf, struct tip_out *out);

/** Write the example file: every key explained and commented out. */
void tip_conf_print_example(const struct tip_conf_table *table,
                            const char *program, struct tip_out *out);

/** Write the mdoc text that explains every key. */
void tip_conf_print_mdoc(const struct tip_conf_table *table,
                         struct tip_out *out);

/**
 * Check the table itself: names, order, help, defaults, and that no key is
 * called like a secret. Returns NULL, or the static sentence of what is wrong;
 * every program's tests call it.
 */
const char *tip_conf_table_check(const struct tip_conf_table *table);

#endif /* TIP_CONF_H */
