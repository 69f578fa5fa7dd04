#include "hub_named.h"

#include <assert.h>
#include <stdlib.h>

#include "tip_wire_down.h"

enum { ROOM_FIRST = 4 };

static_assert(TIP_WIRE_HELD_MAX % ROOM_FIRST == 0 &&
                  (TIP_WIRE_HELD_MAX & (TIP_WIRE_HELD_MAX - 1)) == 0,
              "room is doubled up to it");

void hub_named_deinit(struct hub_named *named)
{
    free(named->runs);
    *named = (struct hub_named){.count = 0};
}

void hub_named_clear(struct hub_named *named)
{
    named->count = 0;
    named->sets = 0;
    named->is_stale = false;
}

static bool has_room(struct hub_named *named)
{
    size_t capacity = named->capacity == 0 ? ROOM_FIRST : 2 * named->capacity;
    struct tip_held_run *runs;

    if (named->count < named->capacity) {
        return true;
    }
    if (named->capacity == TIP_WIRE_HELD_MAX) {
        return false;
    }
    runs = realloc(named->runs, capacity * sizeof *runs);
    if (runs == NULL) {
        return false;
    }
    named->runs = runs;
    named->capacity = capacity;
    return true;
}

bool hub_named_add(struct hub_named *named, uint64_t seq, enum tip_hold reason)
{
    struct tip_held_run *last =
        named->count == 0 ? NULL : &named->runs[named->count - 1];
    uint64_t end = last == NULL ? 0 : last->first + last->count;

    named->is_stale = named->is_stale || seq < end;
    if (named->is_stale) {
        return true;
    }
    if (last != NULL && end == seq && last->reason == reason) {
        last->count++;
    } else if (has_room(named)) {
        assert(named->runs != NULL);
        named->runs[named->count++] =
            (struct tip_held_run){.first = seq, .count = 1, .reason = reason};
    } else {
        return false;
    }
    named->sets++;
    return true;
}
