/*
 * A made-up file of an office: one case with its suspects, victims, referrals
 * and services, as somebody would type it.
 *
 * Values are text as tip_field_text.h reads it, so a story goes through the
 * same doors as what officers type. A story says nothing about ids: records
 * refer to earlier ones of the story by their place.
 */
#ifndef DEMO_STORY_H
#define DEMO_STORY_H

#include <stddef.h>
#include <stdint.h>

#include "tip_bytes.h"

enum {
    DEMO_STORY_RECORDS_MAX = 32,
    DEMO_RECORD_VALUES_MAX = 48,
    DEMO_STORY_TEXT_SIZE = 32 * 1024,
    DEMO_NOBODY = -1
};

/** What one field gets. */
struct demo_value {
    const char *field;     /* Name; static. */
    struct tip_bytes text; /* Borrowed from the story or static. */
    int refers_to;         /* Place of a record in the story, or -1. */
    int office;            /* Place of an office's record, or -1. */
};

struct demo_record {
    const char *type; /* Name; static. */
    struct demo_value values[DEMO_RECORD_VALUES_MAX];
    size_t value_count;
    int helper; /* Place of the office that is to have it too, or -1. */
};

/** Caller-allocated, some 60 KiB; owns nothing. */
struct demo_story {
    struct demo_record records[DEMO_STORY_RECORDS_MAX];
    size_t record_count;
    char text[DEMO_STORY_TEXT_SIZE];
    size_t text_size;
};

/** Start again without records. */
void demo_story_clear(struct demo_story *story);

/** Add a record of @type; returns its place. */
int demo_story_add(struct demo_story *story, const char *type, int helper);

/* Give field @field of the last record a value. What does not fit is a fault of
 * the teller and stops the program. */

/** @text is copied. */
void demo_story_put(struct demo_story *story, const char *field,
                    struct tip_bytes text);
void demo_story_put_text(struct demo_story *story, const char *field,
                         const char *text);
void demo_story_format(struct demo_story *story, const char *field,
                       const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/** A day, counted from 1970-01-01. */
void demo_story_date(struct demo_story *story, const char *field, int32_t day);
/** The record at @place of the story. */
void demo_story_refer(struct demo_story *story, const char *field, int place);
/** The record of office @office. */
void demo_story_refer_office(struct demo_story *story, const char *field,
                             int office);

/** The value of @field in @record; NULL if it has none. */
const struct demo_value *demo_record_value(const struct demo_record *record,
                                           const char *field);

#endif /* DEMO_STORY_H */
