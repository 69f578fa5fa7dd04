#include "tip_scrub.h"

enum {
    PAUSE_MS = 1000,
    SAVE_ON_MS = 60 * 1000,
    SAVE_OFF_MS = 15 * 60 * 1000,
    EVERY_MS = 48 * 60 * 60 * 1000
};

void tip_scrub_init(struct tip_scrub *scrub, uint64_t now_ms)
{
    scrub->next = 0;
    scrub->found = scrub->done_ms = scrub->last_found = 0;
    scrub->ran_ms = EVERY_MS;
    scrub->since_ms = now_ms;
    scrub->is_dirty = false;
}

/* How long the program has run since the last one. */
static uint64_t ran_ms(const struct tip_scrub *scrub, uint64_t now_ms)
{
    return scrub->ran_ms + now_ms - scrub->since_ms;
}

void tip_scrub_put(struct tip_scrub *scrub, uint64_t now_ms,
                   struct tip_buf *buf)
{
    scrub->ran_ms = ran_ms(scrub, now_ms);
    scrub->since_ms = now_ms;
    scrub->is_dirty = false;
    tip_buf_put_u32(buf, scrub->next);
    tip_buf_put_u64(buf, scrub->found);
    tip_buf_put_u64(buf, scrub->done_ms);
    tip_buf_put_u64(buf, scrub->last_found);
    tip_buf_put_u64(buf, scrub->ran_ms);
}

void tip_scrub_get(struct tip_scrub *scrub, uint64_t now_ms,
                   struct tip_reader *reader)
{
    scrub->next = tip_reader_get_u32(reader);
    scrub->found = tip_reader_get_u64(reader);
    scrub->done_ms = tip_reader_get_u64(reader);
    scrub->last_found = tip_reader_get_u64(reader);
    scrub->ran_ms = tip_reader_get_u64(reader);
    scrub->since_ms = now_ms;
    scrub->is_dirty = false;
}

bool tip_scrub_is_unsaved(const struct tip_scrub *scrub, uint64_t now_ms)
{
    bool is_on = scrub->next != 0 || scrub->survey.is_on;
    uint64_t pause = is_on ? SAVE_ON_MS : SAVE_OFF_MS;

    return now_ms - scrub->since_ms >= pause;
}

bool tip_scrub_is_due(const struct tip_scrub *scrub, uint32_t end,
                      uint64_t now_ms)
{
    if ((end <= 1 && !scrub->survey.is_on && !scrub->is_asked) ||
        (scrub->step_ms != 0 && now_ms - scrub->step_ms < PAUSE_MS)) {
        return false;
    }
    return scrub->next != 0 || scrub->survey.is_on || scrub->is_asked ||
           ran_ms(scrub, now_ms) >= EVERY_MS;
}

void tip_scrub_ask(struct tip_scrub *scrub)
{
    scrub->is_asked = true;
    scrub->next = 0;
    scrub->survey.is_on = false;
    scrub->is_dirty = true;
}

void tip_scrub_turn(struct tip_scrub *scrub, uint64_t found)
{
    scrub->next = 0;
    scrub->found = 0;
    scrub->is_asked = false;
    scrub->last_found = found;
    scrub->is_dirty = true;
    tip_survey_begin(&scrub->survey);
}

void tip_scrub_end(struct tip_scrub *scrub, uint64_t now_ms, uint64_t unix_ms)
{
    scrub->done_ms = unix_ms;
    scrub->ends++;
    scrub->ran_ms = 0;
    scrub->since_ms = now_ms;
    scrub->is_dirty = true;
}
