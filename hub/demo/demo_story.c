#include "demo_story.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tip_date.h"

void demo_story_clear(struct demo_story *story)
{
    story->record_count = 0;
    story->text_size = 0;
}

int demo_story_add(struct demo_story *story, const char *type, int helper)
{
    struct demo_record *record = &story->records[story->record_count];

    assert(story->record_count < DEMO_STORY_RECORDS_MAX);
    record->type = type;
    record->value_count = 0;
    record->helper = helper;
    return (int)story->record_count++;
}

static struct demo_value *value_add(struct demo_story *story, const char *field)
{
    struct demo_record *record = &story->records[story->record_count - 1];
    struct demo_value *value = &record->values[record->value_count];

    assert(story->record_count > 0);
    assert(record->value_count < DEMO_RECORD_VALUES_MAX);
    record->value_count++;
    *value = (struct demo_value){
        .field = field, .refers_to = DEMO_NOBODY, .office = DEMO_NOBODY};
    return value;
}

void demo_story_put(struct demo_story *story, const char *field,
                    struct tip_bytes text)
{
    char *copy = story->text + story->text_size;

    assert(text.size <= sizeof story->text - story->text_size);
    memcpy(copy, text.data, text.size);
    story->text_size += text.size;
    value_add(story, field)->text = tip_bytes(copy, text.size);
}

void demo_story_put_text(struct demo_story *story, const char *field,
                         const char *text)
{
    demo_story_put(story, field, tip_bytes_text(text));
}

void demo_story_format(struct demo_story *story, const char *field,
                       const char *format, ...)
{
    char text[256];
    va_list args;
    int size;

    va_start(args, format);
    size = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    assert(size >= 0 && (size_t)size < sizeof text);
    demo_story_put(story, field, tip_bytes(text, (size_t)size));
}

void demo_story_date(struct demo_story *story, const char *field, int32_t day)
{
    struct tip_date date = tip_date_of(day);

    demo_story_format(story, field, "%04d-%02d-%02d", date.year, date.month,
                      date.day);
}

void demo_story_refer(struct demo_story *story, const char *field, int place)
{
    assert(place >= 0 && (size_t)place + 1 < story->record_count);
    value_add(story, field)->refers_to = place;
}

void demo_story_refer_office(struct demo_story *story, const char *field,
                             int office)
{
    assert(office >= 0);
    value_add(story, field)->office = office;
}

const struct demo_value *demo_record_value(const struct demo_record *record,
                                           const char *field)
{
    for (size_t i = 0; i < record->value_count; i++) {
        if (strcmp(record->values[i].field, field) == 0) {
            return &record->values[i];
        }
    }
    return NULL;
}
