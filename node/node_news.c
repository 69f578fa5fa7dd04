#include "node_news.h"

static uint64_t distance(uint64_t a, uint64_t b)
{
    return a > b ? a - b : b - a;
}

static bool is_news(const struct node_news *news, const struct tip_health *now,
                    uint64_t elapsed_ms)
{
    const struct tip_health *noted = &news->noted;
    uint64_t clock_ms = noted->clock_ms + (elapsed_ms - news->noted_ms);

    return now->backup_ms != noted->backup_ms ||
           now->verified_ms != noted->verified_ms ||
           now->troubles != noted->troubles ||
           now->keeps_erased != noted->keeps_erased ||
           distance(now->disk_used_bytes, noted->disk_used_bytes) >
               now->disk_limit_bytes / NODE_NEWS_DISK_PARTS ||
           distance(now->clock_ms, clock_ms) > NODE_NEWS_CLOCK_MS;
}

bool node_news_note(struct node_news *news, const struct tip_health *now,
                    uint64_t elapsed_ms)
{
    if (!is_news(news, now, elapsed_ms)) {
        return false;
    }
    *news = (struct node_news){.noted = *now, .noted_ms = elapsed_ms};
    return true;
}
