#include "sim_member.h"

/* Walk the words that were committed about @party and @record: the next write
 * at @w or before it, or none. */
static uint32_t next_word(const struct sim_oracle *oracle, uint32_t w,
                          uint32_t party, uint64_t checkpoint)
{
    for (; w != SIM_NONE; w = oracle->writes[w].next) {
        const struct sim_write *write = &oracle->writes[w];
        const struct sim_draft *draft = &oracle->drafts[write->draft];

        if (write->field == TIP_FIELD_OFFICES &&
            write->element == sim_office_number(party) && !draft->is_lost &&
            !write->is_void && draft->commit != 0 &&
            draft->commit <= checkpoint) {
            return w;
        }
    }
    return SIM_NONE;
}

static bool adds(const struct sim_write *write)
{
    return write->value.kind == TIP_VALUE_MEMBER;
}

/* The newest commits that add @party to @record, and that remove it. */
struct words {
    uint64_t added, removed;
};

static struct words newest_words(const struct sim_oracle *oracle,
                                 uint32_t record, uint32_t party,
                                 uint64_t checkpoint)
{
    uint32_t w = oracle->records[record].newest;
    struct words words = {.added = 0};

    while ((w = next_word(oracle, w, party, checkpoint)) != SIM_NONE) {
        const struct sim_write *write = &oracle->writes[w];
        uint64_t commit = oracle->drafts[write->draft].commit;
        uint64_t *newest = adds(write) ? &words.added : &words.removed;

        *newest = commit > *newest ? commit : *newest;
        w = write->next;
    }
    return words;
}

struct sim_stay sim_member_stay(const struct sim_oracle *oracle,
                                uint32_t record, uint32_t party,
                                uint64_t checkpoint)
{
    struct words words = newest_words(oracle, record, party, checkpoint);
    uint32_t w = oracle->records[record].newest;
    struct sim_stay stay = {.is_member = words.added > words.removed};
    uint64_t other = stay.is_member ? words.removed : words.added;

    stay.last = stay.is_member ? words.added : words.removed;
    stay.first = stay.last;
    if (other == 0 && stay.last == 0) {
        return stay;
    }
    while ((w = next_word(oracle, w, party, checkpoint)) != SIM_NONE) {
        uint64_t commit = oracle->drafts[oracle->writes[w].draft].commit;

        if (commit > other && commit < stay.first) {
            stay.first = commit;
        }
        w = oracle->writes[w].next;
    }
    return stay;
}

struct sim_view sim_member_view(const struct sim_oracle *oracle,
                                uint32_t record, uint32_t party,
                                uint64_t checkpoint)
{
    struct sim_stay stay = sim_member_stay(oracle, record, party, checkpoint);

    return (struct sim_view){.party = party,
                             .checkpoint = checkpoint,
                             .others =
                                 stay.is_member ? checkpoint : stay.first};
}

bool sim_member_is_due(const struct sim_oracle *oracle, uint32_t record,
                       uint32_t party, uint64_t checkpoint)
{
    uint32_t w = oracle->records[record].newest;

    if (oracle->records[record].is_lost) {
        return false;
    }
    if (sim_member_stay(oracle, record, party, checkpoint).is_member) {
        return true;
    }
    for (; w != SIM_NONE; w = oracle->writes[w].next) {
        const struct sim_draft *draft =
            &oracle->drafts[oracle->writes[w].draft];

        if (draft->party == party && !draft->is_lost &&
            sim_oracle_is_on_disk(oracle, draft) &&
            (draft->commit == 0 || draft->commit > checkpoint) &&
            (draft->refused == 0 || draft->refused > checkpoint)) {
            return true;
        }
    }
    return false;
}

/* Does an earlier change-set of the same device that touches @record wait? Of
 * one that was restored, those count too that it does not have: to wait too
 * long harms nobody. */
static bool is_behind(const struct sim_oracle *oracle,
                      const struct sim_draft *draft, uint32_t record)
{
    for (uint32_t w = oracle->records[record].newest; w != SIM_NONE;
         w = oracle->writes[w].next) {
        const struct sim_draft *other =
            &oracle->drafts[oracle->writes[w].draft];

        if (!other->is_lost && other->held != TIP_HOLD_NONE &&
            other->refused == 0 &&
            sim_oracle_continues(oracle, draft->origin, other->origin) &&
            other->seq < draft->seq &&
            !sim_oracle_is_destroyed(oracle, other)) {
            return true;
        }
    }
    return false;
}

/* Did the author of @draft hold @record, for all it knew? Only the stay that
 * is on counts, or the one that ended last. */
static bool was_member(const struct sim_oracle *oracle,
                       const struct sim_draft *draft, uint32_t record)
{
    struct sim_stay stay =
        sim_member_stay(oracle, record, draft->party, UINT64_MAX);

    if (!stay.is_member) {
        return draft->checkpoint < stay.first;
    }
    return oracle->records[record].maker == draft->party ||
           stay.first <= draft->checkpoint;
}

/* Is the newest word about the office of @write the opposite, and does it or
 * one that agrees with it come from somebody its author did not know of? */
static bool is_contradicted(const struct sim_oracle *oracle,
                            const struct sim_draft *draft,
                            const struct sim_write *write)
{
    uint32_t party = sim_party_of_office(write->element);
    struct sim_stay stay =
        sim_member_stay(oracle, write->record, party, UINT64_MAX);
    uint32_t w = oracle->records[write->record].newest;

    if (stay.last == 0 || stay.is_member == adds(write)) {
        return false;
    }
    while ((w = next_word(oracle, w, party, UINT64_MAX)) != SIM_NONE) {
        const struct sim_draft *other =
            &oracle->drafts[oracle->writes[w].draft];

        if (other->commit >= stay.first &&
            !sim_oracle_has_past(oracle, draft, other) &&
            other->commit > draft->checkpoint) {
            return true;
        }
        w = oracle->writes[w].next;
    }
    return false;
}

/* Does @party hold @record once @draft is committed too? */
static bool stays(const struct sim_oracle *oracle,
                  const struct sim_draft *draft, uint32_t record,
                  uint32_t party)
{
    bool is_member =
        sim_member_stay(oracle, record, party, UINT64_MAX).is_member;

    for (uint32_t i = 0; i < draft->write_count; i++) {
        const struct sim_write *write = &oracle->writes[draft->write_first + i];

        if (write->record == record && write->field == TIP_FIELD_OFFICES &&
            write->element == sim_office_number(party)) {
            is_member = adds(write);
        }
    }
    return is_member;
}

static bool leaves_a_holder(const struct sim_oracle *oracle,
                            const struct sim_draft *draft, uint32_t record)
{
    for (uint32_t party = 1; party < SIM_PARTIES; party++) {
        if (stays(oracle, draft, record, party)) {
            return true;
        }
    }
    return false;
}

static enum tip_hold hold_offices(const struct sim_oracle *oracle,
                                  const struct sim_draft *draft,
                                  uint32_t record)
{
    bool writes_offices = false;

    for (uint32_t i = 0; i < draft->write_count; i++) {
        const struct sim_write *write = &oracle->writes[draft->write_first + i];

        if (write->record != record || write->field != TIP_FIELD_OFFICES) {
            continue;
        }
        writes_offices = true;
        if (is_contradicted(oracle, draft, write)) {
            return TIP_HOLD_OFFICES;
        }
    }
    return writes_offices && !leaves_a_holder(oracle, draft, record)
               ? TIP_HOLD_OFFICES
               : TIP_HOLD_NONE;
}

enum tip_hold sim_member_hold(const struct sim_oracle *oracle,
                              const struct sim_draft *draft)
{
    enum tip_hold hold = TIP_HOLD_NONE;

    if (sim_oracle_is_destroyed(oracle, draft)) {
        return TIP_HOLD_NONE; /* What could it harm? */
    }
    if (sim_oracle_is_behind_unread(oracle, draft)) {
        return TIP_HOLD_BEHIND;
    }
    for (uint32_t i = 0; i < draft->record_count; i++) {
        if (is_behind(oracle, draft, draft->records[i])) {
            return TIP_HOLD_BEHIND;
        }
    }
    for (uint32_t i = 0; i < draft->record_count && hold == TIP_HOLD_NONE;
         i++) {
        uint32_t record = draft->records[i];

        if (sim_member_is_for_all(oracle, record) ||
            sim_oracle_erased(oracle, record) != 0 ||
            &oracle->drafts[oracle->records[record].birth] == draft) {
            continue;
        }
        hold = draft->party != SIM_HUB && !was_member(oracle, draft, record)
                   ? TIP_HOLD_MEMBER
                   : hold_offices(oracle, draft, record);
    }
    return hold;
}

/* Does a person who lets @draft in let in what nobody can waive? To leave a
 * record to nobody, or to write to one that never came to be. */
static bool is_impossible(const struct sim_oracle *oracle,
                          const struct sim_draft *draft, uint32_t record)
{
    const struct sim_draft *birth =
        &oracle->drafts[oracle->records[record].birth];
    bool writes_offices = false;

    for (uint32_t i = 0; i < draft->write_count; i++) {
        const struct sim_write *write = &oracle->writes[draft->write_first + i];

        writes_offices = writes_offices || (write->record == record &&
                                            write->field == TIP_FIELD_OFFICES);
    }
    return birth != draft &&
           (birth->refused != 0 ||
            (writes_offices && !leaves_a_holder(oracle, draft, record)));
}

static bool is_overtaken(const struct sim_oracle *oracle,
                         const struct sim_draft *draft, uint32_t record)
{
    for (uint32_t w = oracle->records[record].newest; w != SIM_NONE;
         w = oracle->writes[w].next) {
        const struct sim_draft *by = &oracle->drafts[oracle->writes[w].draft];

        if (by->commit != 0 && sim_oracle_has_past(oracle, by, draft)) {
            return true;
        }
    }
    return false;
}

bool sim_member_is_overtaken(const struct sim_oracle *oracle,
                             const struct sim_draft *draft)
{
    for (uint32_t i = 0; i < draft->record_count; i++) {
        if (sim_oracle_erased(oracle, draft->records[i]) == 0 &&
            is_overtaken(oracle, draft, draft->records[i])) {
            return true;
        }
    }
    return false;
}

bool sim_member_may_accept(const struct sim_oracle *oracle,
                           const struct sim_draft *draft)
{
    if (draft->is_hopeless || sim_member_is_overtaken(oracle, draft) ||
        sim_oracle_is_behind_unread(oracle, draft)) {
        return false;
    }
    for (uint32_t i = 0; i < draft->record_count; i++) {
        uint32_t record = draft->records[i];

        /* What is behind waits for its turn, also in a record that is erased.
         */
        if (is_behind(oracle, draft, record) ||
            (sim_oracle_erased(oracle, record) == 0 &&
             is_impossible(oracle, draft, record))) {
            return false;
        }
    }
    return true;
}

uint64_t sim_member_proven(const struct sim_oracle *oracle,
                           const struct sim_draft *draft)
{
    struct sim_draft lowered = *draft;

    for (uint32_t i = 0; i < draft->record_count; i++) {
        uint32_t record = draft->records[i];
        struct sim_stay stay =
            sim_member_stay(oracle, record, draft->party, UINT64_MAX);

        if (sim_member_is_for_all(oracle, record) ||
            sim_oracle_erased(oracle, record) != 0 ||
            &oracle->drafts[oracle->records[record].birth] == draft ||
            was_member(oracle, &lowered, record)) {
            continue;
        }
        lowered.checkpoint =
            stay.is_member || stay.first == 0 ? 0 : stay.first - 1;
    }
    return lowered.checkpoint;
}

bool sim_member_concerns(const struct sim_oracle *oracle,
                         const struct sim_draft *draft, uint32_t party)
{
    for (uint32_t r = 0; r < draft->record_count; r++) {
        uint32_t record = draft->records[r];

        if (!sim_member_is_for_all(oracle, record) &&
            sim_oracle_erased(oracle, record) == 0 &&
            (sim_oracle_is_own(oracle, party, draft) ||
             sim_member_stay(oracle, record, party, draft->commit).is_member ||
             sim_member_stay(oracle, record, party, draft->commit - 1)
                 .is_member)) {
            return true;
        }
    }
    return false;
}

/* The newest refusal that the people of @party must be told of. */
static uint64_t newest_refusal(const struct sim_oracle *oracle, uint32_t party)
{
    uint64_t newest = 0;

    for (size_t i = 0; i < oracle->feeds[party].count; i++) {
        const struct sim_draft *draft = sim_oracle_own(oracle, party, i + 1);

        newest = draft->refused > newest ? draft->refused : newest;
    }
    return newest;
}

uint64_t sim_member_newest(const struct sim_oracle *oracle, uint32_t party)
{
    uint64_t refusal = newest_refusal(oracle, party);

    for (size_t i = oracle->order_count; i > 0; i--) {
        const struct sim_draft *draft = &oracle->drafts[oracle->order[i - 1]];

        if (sim_member_concerns(oracle, draft, party)) {
            return draft->commit > refusal ? draft->commit : refusal;
        }
    }
    return refusal;
}
