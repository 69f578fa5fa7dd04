/*
 * JSON in: a document of bounded size, depth and count as a tree to walk.
 *
 * Parsing reads bytes and nothing else. A name that stands twice in one object
 * is an error, because programs disagree on which of the two counts.
 */
#ifndef TIP_JSON_H
#define TIP_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tip_bytes.h"
#include "tip_err.h"

enum {
    TIP_JSON_BYTES_MAX = 8 * 1024 * 1024,
    TIP_JSON_DEPTH_MAX = 16, /* The parser below recurses. */
    /* A value of two bytes takes some fifty in memory. */
    TIP_JSON_VALUES_MAX = 500000
};

enum tip_json_kind {
    TIP_JSON_NULL,
    TIP_JSON_BOOL,
    TIP_JSON_INTEGER,
    TIP_JSON_REAL, /* Carried by no field: amounts are written as text. */
    TIP_JSON_TEXT,
    TIP_JSON_ARRAY,
    TIP_JSON_OBJECT
};

/* One value of a document; the root owns all others. Not thread-safe. */
struct tip_json;

/** Where a document is wrong; both count from 1. */
struct tip_json_place {
    size_t line;
    size_t column;
};

/**
 * Parse @text, an object or an array. Free the root with tip_json_free().
 *
 * TIP_ETOOBIG: over a limit above. TIP_ETABLE_JSON: not well-formed;
 * @out_place says where. TIP_ENOMEM.
 */
TIP_MUST_USE enum tip_err tip_json_parse(struct tip_bytes text,
                                         struct tip_json **out_root,
                                         struct tip_json_place *out_place);

/** Free a root and all below it. Accepts NULL. */
void tip_json_free(struct tip_json *root);

enum tip_json_kind tip_json_kind(struct tip_json *value);

/** The text of a TIP_JSON_TEXT, borrowed from the document; it may hold
 * control characters, written as escapes. */
struct tip_bytes tip_json_text(struct tip_json *value);

int64_t tip_json_integer(struct tip_json *value); /* TIP_JSON_INTEGER only. */
bool tip_json_bool(struct tip_json *value);       /* TIP_JSON_BOOL only. */

/** Elements of an array, members of an object; 0 for others. */
size_t tip_json_count(struct tip_json *value);

/** Element @index of an array; NULL past its end. */
struct tip_json *tip_json_item(struct tip_json *array, size_t index);

/** The member called @name; NULL if there is none. */
struct tip_json *tip_json_member(struct tip_json *object, const char *name);

/** A walk over the members of an object, in the order of the text. */
struct tip_json_walk {
    struct tip_bytes name;  /* Of this member, borrowed. */
    struct tip_json *value; /* Of this member, borrowed. */
    struct tip_json *object;
    void *position;
};

/** Start before the first member of @object. */
void tip_json_walk_init(struct tip_json_walk *walk, struct tip_json *object);

/** Go to the next member; false after the last. */
bool tip_json_walk_next(struct tip_json_walk *walk);

#endif /* TIP_JSON_H */
