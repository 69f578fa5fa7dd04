/* The power goes at a node or at the hub, at every write and sync, while two
 * nodes and the hub work: started again on what is left, they agree, nothing
 * acknowledged is lost, and nobody takes anybody for a fork. */
#include <stdlib.h>
#include <string.h>

#include "crash_disk.h"
#include "crash_star.h"

static struct {
    size_t cuts, choices, runs;
} total;

/* The work, on tape; @out_from: where it begins. */
static struct crash_star *record(struct crash_tape *tape,
                                 struct crash_saved *saved, size_t *out_from)
{
    static const char *const names[] = {"hub", "nema", "atar"};
    static char paths[CRASH_PLACES][CRASH_PATH_SIZE];
    static const char *const folders[] = {paths[0], paths[1], paths[2]};
    struct crash_star *rig;

    for (int place = 0; place < CRASH_PLACES; place++) {
        crash_rig_folder(names[place], paths[place]);
    }
    crash_tape_start(tape, folders, CRASH_PLACES);
    rig = crash_star_init(names);
    *out_from = tape->count;
    for (int n = 0; n < CRASH_SAVES; n++) {
        ASSERT_OK(crash_star_save(saved, n));
        crash_tape_mark(tape, (uint64_t)n + 1);
        if (!crash_saves[n].is_offline) {
            star_run(&rig->star);
        }
    }
    crash_star_pass_time();
    crash_tape_stop();
    return rig;
}

/* Start again with what @choice leaves at @victim, and all there is elsewhere.
 */
static void restart(struct crash_star *rig,
                    const struct crash_disk disks[CRASH_PLACES], int victim,
                    const struct crash_choice *choice,
                    struct crash_saved *saved)
{
    static const char *const names[2][CRASH_PLACES] = {
        {"hub a", "nema a", "atar a"}, {"hub b", "nema b", "atar b"}};
    const size_t side = total.runs++ % 2;

    for (int n = 0; n < CRASH_SAVES; n++) {
        saved->is_kept[n] = (uint64_t)n < disks[0].marked;
    }
    for (int place = 0; place < CRASH_PLACES; place++) {
        const struct crash_choice all = {CRASH_KEEP_FIRST, false,
                                         disks[place].pending_count, 0, 0};

        crash_rig_folder(names[side][place], rig->paths[place]);
        crash_disk_write(&disks[place], place == victim ? choice : &all,
                         rig->paths[place]);
        crash_star_restart(place);
    }
    crash_star_check(saved);
}

static void tell(int victim, size_t done, const struct crash_choice *choice)
{
    if (getenv("CRASH_TELL") != NULL) {
        print_message("at %d, cut after call %zu, choice %d (%zu, %zu)\n",
                      victim, done, (int)choice->kind, choice->which,
                      choice->from);
    }
}

static bool step_all(struct crash_disk disks[CRASH_PLACES])
{
    bool moved = false;

    for (int place = 0; place < CRASH_PLACES; place++) {
        moved = crash_disk_step(&disks[place]);
    }
    return moved;
}

static void cut_everywhere(const struct crash_tape *tape, size_t from,
                           int victim, struct crash_star *rig,
                           struct crash_saved *saved)
{
    static struct crash_choice choices[CRASH_CHOICES_MAX];
    static struct crash_disk disks[CRASH_PLACES];

    for (int place = 0; place < CRASH_PLACES; place++) {
        crash_disk_init(&disks[place], tape, (size_t)place);
    }
    while (step_all(disks)) {
        const size_t count = disks[0].done < from
                                 ? 0
                                 : crash_disk_choices(&disks[victim], choices);

        total.cuts += count > 0;
        for (size_t i = 0; i < count; i++) {
            if (total.choices++ % crash_every() == 0) {
                tell(victim, disks[0].done, &choices[i]);
                restart(rig, disks, victim, &choices[i], saved);
            }
        }
    }
    for (int place = 0; place < CRASH_PLACES; place++) {
        crash_disk_deinit(&disks[place]);
    }
}

static void cut_at(int first, int last)
{
    struct crash_tape tape = {.neglect = CRASH_NEGLECT_NOTHING};
    struct crash_saved saved = {.is_kept = {false}};
    size_t from;
    struct crash_star *rig = record(&tape, &saved, &from);

    memset(&total, 0, sizeof total);
    for (int victim = first; victim <= last; victim++) {
        cut_everywhere(&tape, from, victim, rig, &saved);
    }
    crash_star_deinit();
    crash_tape_deinit(&tape);
    print_message("cut after each of %zu calls, %zu remains, %zu started "
                  "again\n",
                  total.cuts, total.choices, total.runs);
    assert_true(total.runs > 0);
}

static void test_a_node_may_lose_power_anywhere(void **state)
{
    (void)state;
    cut_at(1, CRASH_NODES);
}

static void test_the_hub_may_lose_power_anywhere(void **state)
{
    (void)state;
    cut_at(CRASH_HUB, CRASH_HUB);
}

static int tear_down(void **state)
{
    (void)state;
    crash_rig_deinit();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_node_may_lose_power_anywhere),
        cmocka_unit_test(test_the_hub_may_lose_power_anywhere),
    };

    return cmocka_run_group_tests_name("engines_power", tests, NULL, tear_down);
}
