/* How much of the country a figure speaks for. */
#include "hub_program.h"
#include "tip_coverage.h"

/* Up to when everything that the device's office wrote is counted; 0: nothing,
 * or nobody knows. */
static uint64_t covered_until(const struct hub_device_status *device)
{
    if (device->held_count != 0 || device->saved_ms == 0 ||
        device->waiting_ms > device->said_ms) {
        return 0;
    }
    return device->waiting_count == 0 ? device->last_heard_ms
                                      : device->said_ms - device->waiting_ms;
}

/* The moment a figure speaks for: when the last of those was heard of whom
 * nothing is missing. 0: there is no such office. */
static uint64_t moment(const struct hub_device_status *devices, size_t count)
{
    uint64_t as_of_ms = 0;

    for (size_t i = 0; i < count; i++) {
        uint64_t until_ms = covered_until(&devices[i]);

        if (!devices[i].is_out && devices[i].waiting_count == 0 &&
            until_ms != 0 && (as_of_ms == 0 || until_ms < as_of_ms)) {
            as_of_ms = until_ms;
        }
    }
    return as_of_ms;
}

static void say_moment(struct tip_reply *reply, const char *key, uint64_t ms)
{
    if (ms == 0) {
        tip_reply_none(reply, key);
    } else {
        tip_reply_time(reply, key, (int64_t)ms);
    }
}

void hub_say_coverage(struct tip_reply *reply, struct hub_engine *engine)
{
    static struct hub_device_status devices[HUB_ORIGINS_MAX];
    struct tip_coverage_office offices[HUB_ORIGINS_MAX];
    size_t device_count = hub_engine_devices(engine, devices, HUB_ORIGINS_MAX);
    uint64_t as_of_ms = moment(devices, device_count);
    struct tip_coverage coverage;
    size_t count = 0;

    for (size_t i = 0; i < device_count; i++) {
        if (!devices[i].is_out) {
            offices[count++] = (struct tip_coverage_office){
                .office = devices[i].office,
                .until_ms = as_of_ms == 0 ? 0 : covered_until(&devices[i])};
        }
    }
    coverage = tip_coverage_at(offices, count, as_of_ms);
    tip_reply_integer(reply, "offices_covered", (int64_t)coverage.covered);
    tip_reply_integer(reply, "offices_expected", (int64_t)coverage.expected);
    say_moment(reply, "as_of", coverage.as_of_ms);
    say_moment(reply, "all_as_of", coverage.all_as_of_ms);
}
