#include "star_life.h"

#include "star_offices.h"

enum { NEVER = 0, OFFICES = STAR_LIFE_OFFICES };

#define OK(call) assert_int_equal((call), TIP_OK)

static uint64_t below(struct star_life *life, uint64_t bound)
{
    return tip_property_below(life->random, bound);
}

static size_t some_office(struct star_life *life)
{
    return (size_t)below(life, OFFICES);
}

/* An office, or the hub. */
static int somebody(struct star_life *life)
{
    return (int)below(life, OFFICES + 1) - 1;
}

bool star_life_is_recovering(const struct star_life *life)
{
    struct hub_recovery recovery;

    hub_engine_recovery(life->star.hub, &recovery);
    return recovery.is_open;
}

/* Programs: what people do. A save that is refused changes nothing. */

static void make_record(struct star_life *life)
{
    struct tip_id *id = &life->records[life->record_count];
    int who = somebody(life);
    int with = somebody(life);

    if (life->record_count == STAR_LIFE_RECORDS_MAX) {
        return;
    }
    *id = star_id(&life->star);
    if (star_add(&life->star, who, id, with == who ? NONE : with, FAKE_LATEST,
                 life->now + 1) == TIP_OK) {
        life->record_count++;
    }
}

static enum tip_err change(struct star_life *life, int who, size_t record,
                           uint32_t field, uint64_t element)
{
    return star_write(
        &life->star, who, &life->records[record],
        &(struct tip_change){.field = field,
                             .element = element,
                             .value = {.kind = TIP_VALUE_MEMBER}});
}

static void write_element(struct star_life *life)
{
    int who = somebody(life);
    struct star_entry *entry = &life->entries[life->entry_count];

    if (life->record_count == 0) {
        return;
    }
    *entry =
        (struct star_entry){.who = who,
                            .record = (size_t)below(life, life->record_count),
                            .element = life->entry_count + 1,
                            .made = life->now,
                            .is_on_disk = who != HUB,
                            .at_hub = who == HUB ? life->now : NEVER};
    if (change(life, who, entry->record, FAKE_SET, entry->element) == TIP_OK) {
        life->entry_count++;
        entry->seq =
            who == HUB ? 0 : star_status(&life->star, (size_t)who).saved;
    }
}

static void write_code(struct star_life *life)
{
    static const uint32_t fields[] = {FAKE_LATEST, FAKE_REVIEW};
    int who = somebody(life);
    uint32_t field = fields[below(life, 2)];

    if (life->record_count > 0) {
        size_t record = (size_t)below(life, life->record_count);

        (void)!star_edit(&life->star, who, &life->records[record], field,
                         life->now + 1);
    }
}

static void hand_on(struct star_life *life)
{
    int who = somebody(life);
    size_t with = some_office(life);

    if (life->record_count > 0) {
        size_t record = (size_t)below(life, life->record_count);

        (void)!change(life, who, record, TIP_FIELD_OFFICES,
                      STAR_OFFICE_FIRST + with);
    }
}

/* …what happens to lines and power… */

static void cut(struct star_life *life)
{
    star_cut(&life->star, some_office(life));
}

static void join(struct star_life *life)
{
    size_t i = some_office(life);

    if (life->star.nodes[i].is_cut) {
        star_join(&life->star, i);
    }
}

static void let_a_little_flow(struct star_life *life)
{
    for (uint64_t n = 1 + below(life, 6); n > 0; n--) {
        (void)star_step(&life->star);
    }
}

static void let_all_flow(struct star_life *life)
{
    star_run(&life->star);
}

static void crash_office(struct star_life *life)
{
    size_t i = some_office(life);
    bool was_cut = life->star.nodes[i].is_cut;

    star_crash_node(&life->star, i);
    if (was_cut) {
        star_cut(&life->star, i);
    }
}

static void crash_hub(struct star_life *life)
{
    star_crash_hub(&life->star);
}

/* What the office has goes to the hub by stick. */
static void carry(struct star_life *life)
{
    size_t i = some_office(life);
    struct star_node *node = &life->star.nodes[i];
    uint64_t last = star_status(&life->star, i).confirmed;
    struct tip_bytes frame;
    enum tip_err err = node->is_cut ? TIP_OK : TIP_EAGAIN;

    while (err == TIP_OK && node_engine_export_frame(node->engine, last + 1,
                                                     &frame, &last) == TIP_OK) {
        err = hub_engine_import_frame(life->star.hub, node->identity.origin,
                                      frame);
        err = err == TIP_EEXISTS ? TIP_OK : err;
    }
    OK(hub_engine_flush(life->star.hub));
}

/* …and to disks. */

static void back_up(struct star_life *life)
{
    size_t i = some_office(life);
    struct star_backup *backup = &life->offices[i].backup;

    fake_store_free(backup->store);
    *backup = (struct star_backup){.store = star_back_up(&life->star, i),
                                   .made = life->now};
}

/* Not one that the hub has gone on without, and may have told others of what it
 * forgets now: hub/engine/README.md, "Not done". */
static void put_back(struct star_life *life)
{
    size_t i = some_office(life);
    struct star_office *office = &life->offices[i];
    bool was_cut = life->star.nodes[i].is_cut;

    if (office->backup.store == NULL || office->is_missed) {
        return;
    }
    for (size_t e = 0; e < life->entry_count; e++) {
        struct star_entry *entry = &life->entries[e];

        if (entry->who == (int)i && entry->made > office->backup.made) {
            entry->is_on_disk = false;
            entry->may_be_lost = entry->may_be_lost || entry->at_hub == NEVER;
        }
    }
    office->put_back = life->now;
    office->is_back = false;
    star_restore(&life->star, i, fake_store_copy(office->backup.store));
    if (was_cut) {
        star_cut(&life->star, i);
    }
}

static void back_up_hub(struct star_life *life)
{
    OK(hub_engine_flush(life->star.hub));
    fake_store_free(life->hub.store);
    life->hub = (struct star_backup){.store = star_backup_hub(&life->star),
                                     .made = life->now};
}

static void put_hub_back(struct star_life *life)
{
    if (life->hub.store == NULL) {
        return;
    }
    for (size_t e = 0; e < life->entry_count; e++) {
        struct star_entry *entry = &life->entries[e];

        if (entry->at_hub > life->hub.made) {
            entry->at_hub = NEVER;
            entry->may_be_lost = entry->may_be_lost || !entry->is_on_disk;
        }
    }
    star_restore_hub(&life->star, life->hub.store, true);
}

static bool is_live(struct star_life *life, size_t i)
{
    return star_status(&life->star, i).session == TIP_NODE_LIVE;
}

/* Could the hub go on without office @i? Not if that was put back too, or
 * writes under a feed of which nobody has told: "Not done". */
static bool may_be_missed(struct star_life *life, size_t i)
{
    struct tip_head head;
    uint32_t generation;

    return is_live(life, i) ||
           (life->offices[i].is_back &&
            hub_engine_feed(life->star.hub, star_status(&life->star, i).feed,
                            &generation, &head) == TIP_OK);
}

static void finish(struct star_life *life)
{
    bool may = star_life_is_recovering(life);

    for (size_t i = 0; i < OFFICES && may; i++) {
        may = may_be_missed(life, i);
    }
    if (may) {
        OK(hub_engine_recovery_finish(life->star.hub));
        OK(hub_engine_flush(life->star.hub));
        for (size_t i = 0; i < OFFICES; i++) {
            life->offices[i].is_missed = !is_live(life, i);
        }
    }
}

/* Note who takes part, and what is at the hub. */
static void look(struct star_life *life)
{
    for (size_t i = 0; i < OFFICES; i++) {
        struct node_status status = star_status(&life->star, i);
        struct star_office *office = &life->offices[i];

        if (status.session != TIP_NODE_LIVE) {
            continue;
        }
        office->is_back = true;
        office->is_missed = false;
        for (size_t e = 0; e < life->entry_count; e++) {
            struct star_entry *entry = &life->entries[e];

            if (entry->who == (int)i && entry->at_hub == NEVER &&
                entry->made >= office->put_back &&
                entry->seq <= status.confirmed) {
                entry->at_hub = life->now;
            }
        }
    }
}

/* Said more often, done more often. */
static void (*const steps[])(struct star_life *life) = {make_record,
                                                        write_element,
                                                        write_element,
                                                        write_element,
                                                        write_code,
                                                        hand_on,
                                                        cut,
                                                        join,
                                                        join,
                                                        let_all_flow,
                                                        let_a_little_flow,
                                                        let_a_little_flow,
                                                        let_all_flow,
                                                        crash_office,
                                                        crash_hub,
                                                        carry,
                                                        back_up,
                                                        back_up,
                                                        put_back,
                                                        back_up_hub,
                                                        put_hub_back,
                                                        finish};

void star_life_init(struct star_life *life, struct tip_property *random)
{
    *life = (struct star_life){.random = random};
    star_init(&life->star, OFFICES);
    star_run(&life->star);
}

void star_life_deinit(struct star_life *life)
{
    for (size_t i = 0; i < OFFICES; i++) {
        fake_store_free(life->offices[i].backup.store);
    }
    fake_store_free(life->hub.store);
    star_deinit(&life->star);
}

void star_life_step(struct star_life *life)
{
    life->now++;
    steps[below(life, sizeof steps / sizeof *steps)](life);
    look(life);
}
