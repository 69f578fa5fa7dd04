/* Each allocation and each call to the disk fails in turn at a node or at the
 * hub, in a save, a flush, a pump, a message received or a start, with the real
 * store below: an error comes back or the work is done, nothing acknowledged is
 * lost, nothing leaks, and without the fault all agree at last. */
#include <stdlib.h>
#include <string.h>

#include "crash_calls.h"
#include "crash_memory.h"
#include "crash_star.h"

enum { NTH_MAX = 20000, TURNS = 6 };

static size_t failures; /* Tried. */

struct fault {
    bool is_memory;
    enum crash_fault kind;
    int place;
};

/* Faults strike only between these two. */
static void let_fail(const struct fault *fault, int place)
{
    if (fault->place == place) {
        crash_calls_resume();
        crash_memory_resume();
    }
}

static void let_be(const struct fault *fault, int place)
{
    if (fault->place == place) {
        crash_calls_pause();
        crash_memory_pause();
    }
}

/* A failed commit is told by the next flush or pump; what counts here is what
 * was acknowledged. */
static void pass_over(enum tip_err err)
{
    (void)err;
}

struct message {
    uint32_t peer;
    size_t size;
    uint8_t *bytes; /* Owned. */
};

static bool take(struct star_queue *queue, struct message *out_message)
{
    if (queue->count == 0) {
        return false;
    }
    *out_message = (struct message){queue->messages[queue->first].peer,
                                    queue->messages[queue->first].size,
                                    queue->messages[queue->first].bytes};
    queue->first = (queue->first + 1) % STAR_QUEUE_MAX;
    queue->count--;
    return true;
}

static void turn_of_hub(struct star *star, const struct fault *fault)
{
    struct message message;

    while (take(&star->inbox, &message)) {
        let_fail(fault, CRASH_HUB);
        hub_engine_receive(star->hub, message.peer,
                           tip_bytes(message.bytes, message.size));
        let_be(fault, CRASH_HUB);
        free(message.bytes);
    }
    let_fail(fault, CRASH_HUB);
    pass_over(hub_engine_flush(star->hub));
    pass_over(hub_engine_pump(star->hub));
    let_be(fault, CRASH_HUB);
}

static void turn_of_node(struct star *star, const struct fault *fault, int i)
{
    struct star_node *node = &star->nodes[i];
    struct message message;

    while (take(&node->inbox, &message)) {
        let_fail(fault, i + 1);
        node_engine_receive(node->engine,
                            tip_bytes(message.bytes, message.size));
        let_be(fault, i + 1);
        free(message.bytes);
    }
    let_fail(fault, i + 1);
    pass_over(node_engine_flush(node->engine));
    pass_over(node_engine_pump(node->engine));
    let_be(fault, i + 1);
}

/* As a daemon does: a store that has failed is recovered; here, by starting
 * again. */
static void mend(struct crash_star *rig, int place)
{
    if (tip_store_lmdb_tend(rig->disks[place]) == TIP_ESTORE_FAILED) {
        crash_star_restart(place);
    }
}

static void work(struct crash_star *rig, const struct fault *fault,
                 struct crash_saved *saved)
{
    for (int n = 0; n < CRASH_SAVES; n++) {
        const int place = crash_saves[n].place;

        let_fail(fault, place);
        saved->is_kept[n] = crash_star_save(saved, n) == TIP_OK;
        let_be(fault, place);
        for (int turn = 0; turn < TURNS && !crash_saves[n].is_offline; turn++) {
            turn_of_hub(&rig->star, fault);
            turn_of_node(&rig->star, fault, 0);
            turn_of_node(&rig->star, fault, 1);
        }
        if (!crash_saves[n].is_offline) {
            if (fault->place >= 0) {
                mend(rig, fault->place);
            }
            crash_star_pass_time();
        }
    }
}

/* Returns whether the @nth was met. */
static bool run_with(const struct fault *fault, unsigned int nth)
{
    static const char *const names[] = {"hub", "nema", "atar"};
    const long live = crash_memory_live();
    struct crash_saved saved = {.is_kept = {false}};
    struct crash_star *rig = crash_star_init(names);
    bool was_met;

    if (getenv("CRASH_TELL") != NULL) {
        print_message("at %d: %s %d, number %u\n", fault->place,
                      fault->is_memory ? "memory" : "disk", (int)fault->kind,
                      nth);
    }
    crash_calls_pause();
    crash_memory_pause();
    if (fault->is_memory) {
        crash_memory_arm(nth, false);
    } else {
        crash_calls_arm(fault->kind, nth, nth % 2 == 0);
    }
    work(rig, fault, &saved);
    was_met = crash_memory_clear();
    was_met = crash_calls_clear() || was_met;
    crash_memory_resume();
    crash_calls_resume();
    mend(rig, fault->place);
    if (nth % 3 == 0) {
        crash_star_restart(fault->place);
    }
    crash_star_check(&saved);
    crash_star_deinit();
    assert_int_equal(crash_memory_live(), live);
    failures += was_met;
    return was_met;
}

static void fail_each(bool is_memory, enum crash_fault kind)
{
    for (int place = CRASH_HUB; place <= 1; place++) {
        const struct fault fault = {is_memory, kind, place};
        unsigned int nth = 1;

        while (run_with(&fault, nth)) {
            nth += crash_every();
            assert_true(nth < NTH_MAX);
        }
    }
}

static void test_any_allocation_of_an_engine_may_fail(void **state)
{
    (void)state;
    failures = 0;
    fail_each(true, CRASH_FAULT_EIO);
    print_message("%zu allocations failed\n", failures);
}

static void test_any_call_of_an_engine_to_its_disk_may_fail(void **state)
{
    (void)state;
    failures = 0;
    for (int kind = 0; kind < CRASH_FAULT_COUNT; kind++) {
        fail_each(false, (enum crash_fault)kind);
    }
    print_message("%zu calls to the disk failed\n", failures);
}

/* Start the engine of node 0, or of the hub, by itself. */
static enum tip_err start_node(struct star *star)
{
    struct star_node *node = &star->nodes[0];
    const struct node_engine_opts opts = {.store = &node->store->base,
                                          .link = &node->link.base,
                                          .clock = &node->clock.base,
                                          .random = &star->prng.base,
                                          .schema = &star->schema,
                                          .keys = node->keys,
                                          .identity = &node->identity,
                                          .version = tip_bytes_text("test"),
                                          .catalogue = 1};

    node_engine_close(node->engine);
    node->engine = NULL;
    return node_engine_open(&opts, &node->engine);
}

static enum tip_err start_hub(struct star *star)
{
    const struct hub_engine_opts opts = {.store = &star->store->base,
                                         .link = &star->link.base,
                                         .clock = &star->clock.base,
                                         .random = &star->prng.base,
                                         .schema = &star->hub_schema.base,
                                         .keys = star->keys,
                                         .ref_secret = {{7}},
                                         .catalogue = 1};

    hub_engine_close(star->hub);
    star->hub = NULL;
    return hub_engine_open(&opts, &star->hub);
}

static void start_with_each(enum tip_err (*start)(struct star *star), int place)
{
    static const char *const names[] = {"hub", "nema", "atar"};
    const struct fault none = {true, CRASH_FAULT_EIO, -1};
    const long live = crash_memory_live();
    struct crash_saved saved = {.is_kept = {false}};
    struct crash_star *rig = crash_star_init(names);
    bool was_met = true;

    work(rig, &none, &saved);
    for (unsigned int nth = 1; was_met; nth++) {
        enum tip_err err;

        crash_memory_arm(nth, nth % 2 == 0);
        err = start(&rig->star);
        was_met = crash_memory_clear();
        assert_true(was_met || err == TIP_OK);
        failures += was_met;
    }
    crash_star_restart(place);
    crash_star_check(&saved);
    crash_star_deinit();
    assert_int_equal(crash_memory_live(), live);
}

static void test_any_allocation_of_a_start_may_fail(void **state)
{
    (void)state;
    failures = 0;
    start_with_each(start_node, 1);
    start_with_each(start_hub, CRASH_HUB);
    print_message("%zu allocations failed\n", failures);
}

static int set_up(void **state)
{
    static const char *const names[] = {"hub", "nema", "atar"};

    (void)state;
    /* What is allocated once and kept is allocated before anything counts. */
    (void)crash_star_init(names);
    crash_star_deinit();
    return 0;
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
        cmocka_unit_test(test_any_allocation_of_an_engine_may_fail),
        cmocka_unit_test(test_any_allocation_of_a_start_may_fail),
        cmocka_unit_test(test_any_call_of_an_engine_to_its_disk_may_fail),
    };

    return cmocka_run_group_tests_name("engines_faults", tests, set_up,
                                       tear_down);
}
