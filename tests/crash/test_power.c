/* The power goes at every write and sync of the store, and of what was not
 * synced any part may be left: what a commit acknowledged is there, nothing is
 * half there, and the store goes on. */
#include <stdlib.h>
#include <string.h>

#include "crash_disk.h"
#include "crash_rig.h"
#include "crash_script.h"

static struct {
    size_t cuts, choices, images, lost;
} total;

/* What was looked at already. */
enum { SEEN_MAX = 1 << 20 };
static uint64_t seen[SEEN_MAX];

static bool see(uint64_t sum)
{
    size_t at = (size_t)(sum % SEEN_MAX);

    while (seen[at] != 0 && seen[at] != sum) {
        at = (at + 1) % SEEN_MAX;
    }
    if (seen[at] == sum) {
        return false;
    }
    seen[at] = sum;
    return true;
}

/* A cut of the power, and what must be there. */
struct scene {
    const struct crash_work *work;
    const struct crash_disk *disk;
    const char *path; /* Where what is left is put. */
    bool was_made;    /* The store's making was over. */
};

/* Where a restore is done, what it replaced is still there beside it. NULL, or
 * what is wrong. */
static const char *look_before(const struct scene *scene, uint64_t sum)
{
    const uint64_t restored = scene->work->restored;
    struct tip_store_lmdb *store;
    const char *wrong;

    if (restored == 0 || scene->disk->marked + 1 < restored ||
        sum != scene->work->sums[restored]) {
        return NULL;
    }
    wrong = crash_store_reopen_before(scene->path, &store);
    if (wrong != NULL) {
        return wrong;
    }
    if (crash_store_sum(tip_store_lmdb_base(store)) !=
        scene->work->sums[restored - 1]) {
        wrong = "what a restore replaced is not what was there";
    }
    tip_store_lmdb_close(store);
    return wrong;
}

/* NULL, or what is wrong with what @choice leaves. */
static const char *look(const struct scene *scene,
                        const struct crash_choice *choice)
{
    const uint64_t marked = scene->disk->marked;
    struct tip_store_lmdb *store;
    const char *wrong;
    uint64_t sum;

    crash_disk_write(scene->disk, choice, scene->path);
    wrong = crash_store_reopen(scene->path, scene->was_made, &store);
    if (wrong != NULL) {
        return wrong;
    }
    sum = crash_store_sum(tip_store_lmdb_base(store));
    if (sum != scene->work->sums[marked] &&
        (marked >= scene->work->done || sum != scene->work->sums[marked + 1])) {
        wrong = "what is there is neither what was acknowledged nor that and "
                "the next transaction";
    } else {
        wrong = crash_store_goes_on(tip_store_lmdb_base(store));
    }
    tip_store_lmdb_close(store);
    return wrong == NULL ? look_before(scene, sum) : wrong;
}

static void tell(const struct scene *scene, const struct crash_choice *choice,
                 const char *wrong)
{
    print_message("cut after call %zu of %zu, %llu acknowledged, choice %d "
                  "(%zu, %zu): %s\n",
                  scene->disk->done, scene->work->tape->count,
                  (unsigned long long)scene->disk->marked, (int)choice->kind,
                  choice->which, choice->from, wrong);
}

/* Look at what each @every-th choice after each call leaves. Returns how often
 * it was wrong; the first @told_max times it says so. */
static size_t cut_everywhere(struct scene *scene, struct crash_disk *disk,
                             unsigned int every, size_t told_max)
{
    static struct crash_choice choices[CRASH_CHOICES_MAX];
    size_t wrong_count = 0;

    scene->disk = disk;
    while (crash_disk_step(disk)) {
        const size_t count = crash_disk_choices(disk, choices);

        total.cuts++;
        scene->was_made = scene->was_made || disk->marked > 0;
        for (size_t i = 0; i < count; i++) {
            const uint64_t sum =
                crash_disk_sum(disk, &choices[i]) ^ disk->marked << 48;
            const char *wrong;

            total.choices++;
            if (!see(sum) || total.choices % every != 0) {
                continue;
            }
            total.images++;
            wrong = look(scene, &choices[i]);
            if (wrong != NULL && wrong_count++ < told_max) {
                tell(scene, &choices[i], wrong);
            }
        }
    }
    return wrong_count;
}

/* Run @script and cut the power everywhere in it. */
static size_t enumerate(const struct crash_script *script,
                        enum crash_neglect neglect, bool marks_early,
                        unsigned int every, size_t told_max)
{
    static struct crash_disk disk;
    char path[CRASH_PATH_SIZE];
    char image_path[CRASH_PATH_SIZE];
    const char *const folders[] = {path};
    struct crash_tape tape = {.neglect = neglect};
    struct crash_work work = {.tape = &tape, .marks_early = marks_early};
    struct scene scene = {.work = &work, .path = image_path};
    size_t wrong_count;

    memset(seen, 0, sizeof seen);
    crash_rig_folder("script", path);
    crash_rig_folder("image", image_path);
    work.opts = crash_rig_opts(path);
    crash_tape_start(&tape, folders, 1);
    crash_work_run(&work, script);
    crash_tape_stop();
    assert_int_equal(work.err, TIP_OK);
    crash_work_close(&work);
    crash_disk_init(&disk, &tape, 0);
    wrong_count = cut_everywhere(&scene, &disk, every, told_max);
    crash_disk_deinit(&disk);
    crash_tape_deinit(&tape);
    return wrong_count;
}

static void
test_wherever_the_power_goes_nothing_acknowledged_is_lost(void **state)
{
    const char *only = getenv("CRASH_ONLY");

    (void)state;
    for (size_t i = 0; i < crash_script_count; i++) {
        if (only != NULL && strcmp(only, crash_scripts[i].name) != 0) {
            continue;
        }
        memset(&total, 0, sizeof total);
        assert_int_equal(enumerate(&crash_scripts[i], CRASH_NEGLECT_NOTHING,
                                   false, crash_every(), 10),
                         0);
        print_message("%s: cut after each of %zu calls, %zu remains, %zu "
                      "looked at\n",
                      crash_scripts[i].name, total.cuts, total.choices,
                      total.images);
        assert_true(total.images > 0);
    }
}

/* Each break of a rule is seen, or none of the above means anything. */
static void assert_found_out(const char *name, enum crash_neglect neglect,
                             bool marks_early)
{
    for (size_t i = 0; i < crash_script_count; i++) {
        if (strcmp(crash_scripts[i].name, name) == 0) {
            const size_t wrong_count =
                enumerate(&crash_scripts[i], neglect, marks_early, 31, 1);

            print_message("found out %zu times\n", wrong_count);
            assert_true(wrong_count > 0);
        }
    }
}

static void test_a_store_without_fdatasync_is_found_out(void **state)
{
    (void)state;
    assert_found_out("small saves", CRASH_NEGLECT_DATA, false);
}

static void test_a_file_whose_length_is_not_synced_is_found_out(void **state)
{
    (void)state;
    assert_found_out("growth", CRASH_NEGLECT_FULL, false);
}

static void test_a_folder_that_is_not_synced_is_found_out(void **state)
{
    (void)state;
    assert_found_out("small saves", CRASH_NEGLECT_FOLDER, false);
}

static void test_an_acknowledgement_before_the_commit_is_found_out(void **state)
{
    (void)state;
    assert_found_out("small saves", CRASH_NEGLECT_NOTHING, true);
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
        cmocka_unit_test(
            test_wherever_the_power_goes_nothing_acknowledged_is_lost),
        cmocka_unit_test(test_a_store_without_fdatasync_is_found_out),
        cmocka_unit_test(test_a_file_whose_length_is_not_synced_is_found_out),
        cmocka_unit_test(test_a_folder_that_is_not_synced_is_found_out),
        cmocka_unit_test(
            test_an_acknowledgement_before_the_commit_is_found_out),
    };

    return cmocka_run_group_tests_name("power", tests, NULL, tear_down);
}
