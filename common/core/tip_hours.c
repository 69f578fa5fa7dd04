#include "tip_hours.h"

#include <string.h>

enum {
    HOUR_MS = 3600 * 1000,
    HOURS_A_SLOT = TIP_HOURS / TIP_HOURS_SLOTS,
    STEP_BYTES = 3 /* Each of the blocks in UTF-8. */
};

bool tip_hours_pass(struct tip_hours *hours, uint64_t now_ms)
{
    uint64_t hour = now_ms / HOUR_MS;

    if (hour <= hours->newest && hour + TIP_HOURS > hours->newest) {
        return false;
    }
    if (hour < hours->newest || hour >= hours->newest + TIP_HOURS) {
        *hours = (struct tip_hours){.newest = hour};
        return true;
    }
    while (hours->newest < hour) {
        hours->newest++;
        hours->hours[hours->newest % TIP_HOURS] =
            (struct tip_hour){.is_heard = false};
    }
    return true;
}

void tip_hours_carry(struct tip_hours *hours, uint64_t up_bytes,
                     uint64_t down_bytes)
{
    struct tip_hour *hour = &hours->hours[hours->newest % TIP_HOURS];

    hour->up_bytes += up_bytes;
    hour->down_bytes += down_bytes;
}

void tip_hours_hear(struct tip_hours *hours, uint64_t heard_ms)
{
    uint64_t hour = heard_ms / HOUR_MS;

    if (hour <= hours->newest && hour + TIP_HOURS > hours->newest) {
        hours->hours[hour % TIP_HOURS].is_heard = true;
    }
}

struct tip_hour tip_hours_sum(const struct tip_hours *hours)
{
    struct tip_hour sum = {.is_heard = false};

    for (size_t i = 0; i < TIP_HOURS; i++) {
        sum.up_bytes += hours->hours[i].up_bytes;
        sum.down_bytes += hours->hours[i].down_bytes;
    }
    return sum;
}

uint32_t tip_hours_heard(const struct tip_hours *hours)
{
    uint32_t count = 0;

    for (size_t i = 0; i < TIP_HOURS; i++) {
        count += hours->hours[i].is_heard ? 1 : 0;
    }
    return count;
}

void tip_hours_strip(const struct tip_hours *hours,
                     char out_text[TIP_HOURS_STRIP_SIZE])
{
    static const char *const steps[HOURS_A_SLOT + 1] = {"▁", "▄", "▄", "█"};

    for (size_t slot = 0; slot < TIP_HOURS_SLOTS; slot++) {
        size_t heard = 0;

        for (size_t i = 0; i < HOURS_A_SLOT; i++) {
            size_t age = TIP_HOURS - 1 - slot * HOURS_A_SLOT - i;

            heard += hours->hours[(hours->newest + TIP_HOURS - age) % TIP_HOURS]
                             .is_heard
                         ? 1
                         : 0;
        }
        memcpy(out_text + slot * STEP_BYTES, steps[heard], STEP_BYTES);
    }
    out_text[TIP_HOURS_STRIP_SIZE - 1] = '\0';
}
