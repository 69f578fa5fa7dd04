#include "sim_oracle.h"

#include <string.h>

#include "sim_feeds.h"
#include "sim_memory.h"

enum { ORACLE_BYTES_MAX = 256 * 1024 * 1024 };

void sim_oracle_init(struct sim_oracle *oracle)
{
    *oracle = (struct sim_oracle){.mark = 0};
    tip_arena_init(&oracle->arena, ORACLE_BYTES_MAX);
}

void sim_oracle_clear(struct sim_oracle *oracle)
{
    oracle->draft_count = 0;
    oracle->write_count = 0;
    oracle->seen_count = 0;
    oracle->record_count = 0;
    oracle->order_count = 0;
    sim_feeds_clear(oracle);
    tip_arena_clear(&oracle->arena);
}

uint32_t sim_oracle_add_record(struct sim_oracle *oracle,
                               const struct sim_record *record)
{
    oracle->records =
        sim_memory_room(oracle->records, oracle->record_count,
                        &oracle->record_capacity, sizeof *oracle->records);
    oracle->records[oracle->record_count] = *record;
    oracle->records[oracle->record_count].newest = SIM_NONE;
    oracle->records[oracle->record_count].erasure = SIM_NONE;
    oracle->records[oracle->record_count].twin = SIM_NONE;
    return (uint32_t)oracle->record_count++;
}

/* The simulator's ids end in the number of the record. */
uint32_t sim_oracle_find_record(const struct sim_oracle *oracle,
                                const struct tip_id *id)
{
    uint32_t number;

    memcpy(&number, id->bytes + TIP_ID_SIZE - sizeof number, sizeof number);
    return number < oracle->record_count &&
                   tip_id_equal(id, &oracle->records[number].id)
               ? number
               : SIM_NONE;
}

uint32_t sim_oracle_put_draft(struct sim_oracle *oracle,
                              const struct sim_draft *draft)
{
    oracle->drafts =
        sim_memory_room(oracle->drafts, oracle->draft_count,
                        &oracle->draft_capacity, sizeof *oracle->drafts);
    oracle->drafts[oracle->draft_count] = *draft;
    oracle->drafts[oracle->draft_count].write_first =
        (uint32_t)oracle->write_count;
    return (uint32_t)oracle->draft_count++;
}

struct sim_draft *sim_oracle_add_erasure(struct sim_oracle *oracle,
                                         uint32_t record)
{
    const struct sim_draft draft = {
        .party = SIM_HUB, .records = {record}, .record_count = 1};

    oracle->records[record].erasure = sim_oracle_put_draft(oracle, &draft);
    return &oracle->drafts[oracle->records[record].erasure];
}

uint64_t sim_oracle_erased(const struct sim_oracle *oracle, uint32_t record)
{
    uint32_t erasure = oracle->records[record].erasure;

    return erasure == SIM_NONE ? 0 : oracle->drafts[erasure].commit;
}

uint32_t sim_oracle_survivors(const struct sim_oracle *oracle,
                              const struct sim_draft *draft, uint64_t commit)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < draft->record_count; i++) {
        uint64_t erased = sim_oracle_erased(oracle, draft->records[i]);

        count += erased == 0 || erased >= commit ? 1 : 0;
    }
    return count;
}

bool sim_oracle_is_destroyed(const struct sim_oracle *oracle,
                             const struct sim_draft *draft)
{
    return !sim_draft_is_decided(draft) && draft->record_count != 0 &&
           !draft->names_nobody &&
           sim_oracle_survivors(oracle, draft, UINT64_MAX) == 0;
}

static struct tip_value keep_value(struct sim_oracle *oracle,
                                   const struct tip_value *value)
{
    struct tip_value kept = *value;

    if ((value->kind == TIP_VALUE_TEXT || value->kind == TIP_VALUE_OPAQUE) &&
        tip_arena_copy(&oracle->arena, value->bytes, &kept.bytes) != TIP_OK) {
        perror("tip_sim");
        exit(EXIT_FAILURE);
    }
    return kept;
}

static void add_seen(struct sim_oracle *oracle, uint32_t write)
{
    oracle->seen =
        sim_memory_room(oracle->seen, oracle->seen_count,
                        &oracle->seen_capacity, sizeof *oracle->seen);
    oracle->seen[oracle->seen_count++] = write;
}

static void note_record(struct sim_draft *draft, uint32_t record)
{
    if (draft->record_count == 0 ||
        draft->records[draft->record_count - 1] != record) {
        draft->records[draft->record_count++] = record;
    }
}

void sim_oracle_add_write(struct sim_oracle *oracle, uint32_t record,
                          const struct tip_change *change,
                          const struct tip_record *view, struct tip_cell shown)
{
    struct sim_draft *draft = &oracle->drafts[oracle->draft_count - 1];
    struct sim_write write = {.draft = (uint32_t)oracle->draft_count - 1,
                              .record = record,
                              .field = change->field,
                              .element = change->element,
                              .value = keep_value(oracle, &change->value),
                              .seen_first = (uint32_t)oracle->seen_count,
                              .next = oracle->records[record].newest};

    for (size_t i = 0; i < shown.count; i++) {
        add_seen(oracle, sim_oracle_find_write(
                             oracle, draft->party, record,
                             tip_record_write(view, &shown.siblings[i]),
                             &shown.siblings[i]));
    }
    write.seen_count = (uint32_t)oracle->seen_count - write.seen_first;
    oracle->writes =
        sim_memory_room(oracle->writes, oracle->write_count,
                        &oracle->write_capacity, sizeof *oracle->writes);
    if (write.next == SIM_NONE) {
        oracle->records[record].birth = write.draft;
    }
    oracle->records[record].newest = (uint32_t)oracle->write_count;
    oracle->writes[oracle->write_count++] = write;
    note_record(draft, record);
    draft->write_count++;
}

uint32_t sim_oracle_find_write(const struct sim_oracle *oracle, uint32_t viewer,
                               uint32_t record, const struct tip_write *write,
                               const struct tip_sibling *sibling)
{
    const struct sim_draft *draft =
        sim_oracle_find(oracle, viewer, write->origin, write->seq);

    if (draft == NULL) {
        return SIM_NONE;
    }
    for (uint32_t i = 0; i < draft->write_count; i++) {
        const struct sim_write *candidate =
            &oracle->writes[draft->write_first + i];

        if (candidate->record == record && candidate->field == sibling->field &&
            candidate->element == sibling->element) {
            return draft->write_first + i;
        }
    }
    return SIM_NONE;
}

/* The rule that one sibling breaks, or NULL. */
static const char *check_sibling(const struct sim_oracle *oracle,
                                 const struct sim_view *view, uint32_t record,
                                 const struct tip_record *actual,
                                 const struct tip_sibling *sibling)
{
    const struct tip_write *by = tip_record_write(actual, sibling);
    uint32_t found =
        sim_oracle_find_write(oracle, view->party, record, by, sibling);
    const struct sim_draft *draft;

    if (found == SIM_NONE) {
        return "I2 every live value was saved by somebody";
    }
    draft = &oracle->drafts[oracle->writes[found].draft];
    if (!tip_value_equal(&sibling->value, &oracle->writes[found].value)) {
        return "I2 every live value is the one that was saved";
    }
    if (!sim_oracle_sees(oracle, view, draft)) {
        return "I6 nothing is shown before its checkpoint";
    }
    if (oracle->writes[found].dead_mark == oracle->mark) {
        return "I6 nothing is shown that a visible write had seen";
    }
    if (draft->commit != 0 && draft->commit <= view->checkpoint) {
        return by->commit == draft->commit && by->verdict == draft->verdict
                   ? NULL
                   : "I21 what is committed is shown with its commit";
    }
    return by->commit == 0 ? NULL : "I21 nothing is shown as committed early";
}

const char *sim_oracle_compare(struct sim_oracle *oracle,
                               const struct sim_view *view, uint32_t record,
                               const struct tip_record *actual)
{
    size_t live = sim_oracle_mark(oracle, view, record);

    if (actual->type != oracle->records[record].type) {
        return "I2 a record keeps its type";
    }
    for (size_t i = 0; i < actual->sibling_count; i++) {
        const char *broken =
            check_sibling(oracle, view, record, actual, &actual->siblings[i]);

        if (broken != NULL) {
            return broken;
        }
    }
    return actual->sibling_count >= live
               ? NULL
               : "I7 every value nobody has seen is live";
}
