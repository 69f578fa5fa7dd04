/* What might be left of the unsynced writes: which cases are tried. */
#include <assert.h>

#include "crash_disk_internal.h"

/* At most so many of @count things, evenly. */
static size_t stride(size_t count, size_t most)
{
    return count <= most ? 1 : (count + most - 1) / most;
}

struct list {
    struct crash_choice *choices;
    size_t count;
};

static void list_add(struct list *list, struct crash_choice choice)
{
    assert(list->count < CRASH_CHOICES_MAX);
    list->choices[list->count++] = choice;
}

/* Tear write number @which where sectors meet. */
static void list_tears(struct list *list, size_t which, size_t sectors,
                       size_t most)
{
    for (size_t s = 1; s < sectors; s += stride(sectors, most)) {
        list_add(list, (struct crash_choice){CRASH_TEAR, false, which, s, 0});
        list_add(list,
                 (struct crash_choice){CRASH_TEAR_LATE, false, which, s, 0});
        list_add(list,
                 (struct crash_choice){CRASH_TEAR_HEAD, false, which, s, 0});
    }
}

static void list_last(struct list *list, const struct crash_disk *disk,
                      const struct crash_event *last)
{
    if (last->is_sync) {
        for (size_t b = 8; b < last->size; b += 8) {
            list_add(list,
                     (struct crash_choice){CRASH_TEAR_SYNC, false,
                                           disk->pending_count - 1, b, 0});
        }
    } else if (last->kind == CRASH_WRITE) {
        list_tears(list, disk->pending_count - 1, crash_sectors(last), 64);
    }
}

size_t crash_disk_choices(const struct crash_disk *disk,
                          struct crash_choice *out_choices)
{
    enum { EACH_MAX = 32, SHUFFLES = 16, OLDER_TEARS = 3 };
    const struct crash_event *last = &disk->tape->events[disk->done - 1];
    const size_t count = disk->pending_count;
    struct list list = {.choices = out_choices};

    if (last->kind != CRASH_MARK && last->folder != disk->folder) {
        return 0;
    }
    list_add(&list, (struct crash_choice){.loses_lengths = true});
    list_add(&list,
             (struct crash_choice){CRASH_KEEP_FIRST, false, count, 0, 0});
    for (size_t i = 0; i < count; i += stride(count, EACH_MAX)) {
        list_add(&list,
                 (struct crash_choice){CRASH_KEEP_FIRST, false, i, 0, 0});
        list_add(&list, (struct crash_choice){CRASH_KEEP_LAST, false, i, 0, 0});
        list_add(&list, (struct crash_choice){CRASH_KEEP_ONE, false, i, 0, 0});
        list_add(&list, (struct crash_choice){CRASH_LOSE_ONE, false, i, 0, 0});
        if (i + 1 < count) {
            list_tears(&list, i,
                       crash_sectors(&disk->tape->events[disk->pending[i]]),
                       OLDER_TEARS);
        }
    }
    for (size_t i = 0; i < SHUFFLES && count > 0; i++) {
        list_add(&list, (struct crash_choice){CRASH_SHUFFLE, i % 4 == 3, 0, 0,
                                              crash_mix(disk->done, i)});
    }
    if (count > 0 && disk->pending[count - 1] == disk->done - 1) {
        list_last(&list, disk, last);
    }
    return list.count;
}
