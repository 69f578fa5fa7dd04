#include "demo_feed.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Streams of the seed beside those of tellers and weather. */
enum { STREAM_OFFICES = 2000, STREAM_IDS = 3000 };

static struct tip_id id_draw(struct demo_draw *draw, uint64_t unix_ms)
{
    uint8_t random[TIP_ID_RANDOM_SIZE];

    for (size_t i = 0; i < sizeof random; i++) {
        random[i] = (uint8_t)demo_draw_next(draw);
    }
    return tip_id_make(unix_ms, random);
}

void demo_feed_ids(uint64_t salt, uint64_t now_ms, size_t count,
                   struct tip_id *out_ids)
{
    struct demo_draw draw;

    demo_draw_init(&draw, salt, STREAM_OFFICES);
    for (size_t i = 0; i < count; i++) {
        out_ids[i] = id_draw(&draw, now_ms);
    }
}

enum tip_err demo_feed_init(struct demo_feed *feed,
                            const struct demo_teller_opts *opts,
                            const struct tip_id *offices, uint64_t now_ms,
                            uint64_t salt)
{
    memset(feed, 0, sizeof *feed);
    feed->offices = offices;
    feed->now_ms = now_ms;
    demo_draw_init(&feed->ids, salt, STREAM_IDS + opts->office);
    return demo_teller_init(&feed->teller, opts);
}

static void put_id(struct tip_json_writer *writer, const struct tip_id *id)
{
    char text[TIP_ID_TEXT_SIZE];

    tip_id_format(id, text);
    tip_json_put_text(writer, tip_bytes_text(text));
}

static void begin(struct tip_json_writer *writer, const char *type,
                  const struct tip_id *id)
{
    tip_json_begin_object(writer);
    tip_json_put_key(writer, "_type");
    tip_json_put_text(writer, tip_bytes_text(type));
    tip_json_put_key(writer, "_id");
    put_id(writer, id);
}

static void put_helper(struct tip_json_writer *writer, int helper)
{
    char number[16];

    (void)snprintf(number, sizeof number, "%d", DEMO_OFFICE_NUMBER + helper);
    tip_json_put_key(writer, "_offices");
    tip_json_begin_array(writer);
    tip_json_put_text(writer, tip_bytes_text(number));
    tip_json_end_array(writer);
}

static void put_value(const struct demo_feed *feed,
                      struct tip_json_writer *writer,
                      const struct demo_value *value)
{
    tip_json_put_key(writer, value->field);
    if (value->refers_to != DEMO_NOBODY) {
        put_id(writer, &feed->story_ids[value->refers_to]);
    } else if (value->office != DEMO_NOBODY) {
        put_id(writer, &feed->offices[value->office]);
    } else {
        tip_json_put_text(writer, value->text);
    }
}

static void put_record(struct demo_feed *feed, struct tip_json_writer *writer)
{
    const struct demo_record *record = &feed->story.records[feed->next];
    const struct tip_id *id = &feed->story_ids[feed->next];

    begin(writer, record->type, id);
    if (record->helper != DEMO_NOBODY) {
        put_helper(writer, record->helper);
    }
    for (size_t i = 0; i < record->value_count; i++) {
        put_value(feed, writer, &record->values[i]);
    }
    tip_json_end_object(writer);
    tip_json_end_document(writer);
    if (strcmp(record->type, "case") == 0 && feed->case_count++ == 0) {
        feed->one_case = *id;
    }
    feed->next++;
}

static void story_begin(struct demo_feed *feed)
{
    demo_teller_tell(&feed->teller, &feed->story);
    feed->next = 0;
    for (size_t i = 0; i < feed->story.record_count; i++) {
        feed->story_ids[i] = id_draw(&feed->ids, feed->now_ms++);
    }
}

enum tip_err demo_feed_write(struct demo_feed *feed, size_t count, FILE *file)
{
    struct tip_json_writer writer;
    struct tip_sink_file sink;

    tip_sink_file_init(&sink, file);
    tip_json_writer_init(&writer, &sink.base);
    for (size_t i = 0; i < count; i++) {
        if (feed->next == feed->story.record_count) {
            story_begin(feed);
        }
        put_record(feed, &writer);
    }
    return tip_json_writer_finish(&writer);
}

static void put_text(struct tip_json_writer *writer, const char *field,
                     struct tip_bytes text)
{
    tip_json_put_key(writer, field);
    tip_json_put_text(writer, text);
}

enum tip_err demo_feed_write_office(struct demo_feed *feed, FILE *file)
{
    const struct demo_teller_opts *opts = &feed->teller.opts;
    struct tip_json_writer writer;
    struct tip_sink_file sink;

    tip_sink_file_init(&sink, file);
    tip_json_writer_init(&writer, &sink.base);
    begin(&writer, "office", &feed->offices[opts->office]);
    tip_json_put_key(&writer, "office_number");
    tip_json_put_integer(&writer, DEMO_OFFICE_NUMBER + (int64_t)opts->office);
    put_text(&writer, "name_fr",
             demo_wilaya_name(opts->catalogue, opts->office, "fr"));
    put_text(&writer, "name_ar",
             demo_wilaya_name(opts->catalogue, opts->office, "ar"));
    put_text(&writer, "kind", tip_bytes_text("wilaya_committee"));
    put_text(&writer, "wilaya", feed->teller.wilaya->name);
    put_text(&writer, "services", tip_bytes_text("legal_aid psychosocial"));
    put_text(&writer, "languages", tip_bytes_text("ar hassaniya ff fr"));
    put_text(&writer, "open", tip_bytes_text("yes"));
    tip_json_end_object(&writer);
    tip_json_end_document(&writer);
    return tip_json_writer_finish(&writer);
}
