#include "wire_random.h"

#include <assert.h>
#include <string.h>

static const char *const words[] = {
    "نواكشوط",    "النعمة", "Néma",          "Kaédi", "enfant",
    "mendicité",  "شاهد",   "Sélibabi",      "hoore", "pular",
    "صاحب العمل", "a",      "travail forcé", "\n",    "12 ouguiyas",
    "الضحية",     "ɓiɗɗo",  "🙂"};

static void *make(struct wire_random *random, size_t count, size_t size)
{
    void *memory = tip_arena_alloc_array(random->arena, count, size);

    assert(memory != NULL);
    return memory;
}

void wire_random_fill(struct wire_random *random, uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        bytes[i] = (uint8_t)tip_property_next(random->property);
    }
}

static struct tip_id fresh_id(struct wire_random *random)
{
    uint8_t bytes[TIP_ID_RANDOM_SIZE];
    uint64_t now = TIP_STAMP_EPOCH_MS + UINT64_C(90000000000);
    struct tip_id id;

    wire_random_fill(random, bytes, sizeof bytes);
    id = tip_id_make(now + tip_property_number(random->property, 36), bytes);
    if (tip_property_once_in(random->property, 16)) {
        wire_random_fill(random, id.bytes, sizeof id.bytes);
        id.bytes[0] |= 1;
    }
    return id;
}

struct tip_id wire_random_id(struct wire_random *random)
{
    if (tip_property_once_in(random->property, 8)) {
        return random->ids[tip_property_below(random->property, 8)];
    }
    return fresh_id(random);
}

struct wire_random wire_random(struct tip_property *property,
                               struct tip_arena *arena)
{
    struct wire_random random = {.property = property,
                                 .arena = arena,
                                 .record_max = 4,
                                 .change_max = 20};

    for (size_t i = 0; i < sizeof random.ids / sizeof *random.ids; i++) {
        random.ids[i] = fresh_id(&random);
    }
    return random;
}

struct tip_bytes wire_random_text(struct wire_random *random, size_t size_max)
{
    uint8_t *bytes = make(random, size_max, 1);
    size_t size = 0;

    while (!tip_property_once_in(random->property, 4)) {
        const char *word = words[tip_property_below(
            random->property, sizeof words / sizeof *words)];

        struct tip_bytes text = tip_bytes_text(word);

        if (text.size > size_max - size) {
            break;
        }
        memcpy(bytes + size, text.data, text.size);
        size += text.size;
    }
    return tip_bytes(bytes, size);
}

static struct tip_bytes random_opaque(struct wire_random *random)
{
    size_t size = (size_t)tip_property_number(random->property, 8);
    uint8_t *bytes = make(random, size, 1);

    wire_random_fill(random, bytes, size);
    return tip_bytes(bytes, size);
}

static int64_t random_signed(struct wire_random *random, unsigned bits)
{
    int64_t number = (int64_t)tip_property_number(random->property, bits);

    return tip_property_once_in(random->property, 2) ? -number - 1 : number;
}

struct tip_value wire_random_value(struct wire_random *random)
{
    struct tip_property *p = random->property;
    struct tip_value value = {.kind = (enum tip_value_kind)tip_property_below(
                                  p, TIP_VALUE_KIND_COUNT)};

    switch (value.kind) {
    case TIP_VALUE_NONE:
    case TIP_VALUE_MEMBER:
        break;
    case TIP_VALUE_ANSWER:
        value.answer = (enum tip_answer)tip_property_below(p, 4);
        break;
    case TIP_VALUE_INTEGER:
        value.integer = random_signed(random, 63);
        break;
    case TIP_VALUE_DATE:
        value.date.day = (int32_t)random_signed(random, 31);
        value.date.precision =
            (enum tip_date_precision)tip_property_below(p, 3);
        break;
    case TIP_VALUE_AMOUNT:
        value.amount.minor = random_signed(random, 63);
        value.amount.currency = (uint32_t)tip_property_number(p, 32);
        break;
    case TIP_VALUE_CODE:
        value.code = (uint32_t)tip_property_number(p, 32);
        break;
    case TIP_VALUE_TEXT:
        value.bytes = wire_random_text(random, 200);
        break;
    case TIP_VALUE_REFERENCE:
        value.reference = wire_random_id(random);
        break;
    case TIP_VALUE_OPAQUE:
        value.bytes = random_opaque(random);
        break;
    }
    return value;
}

uint64_t wire_random_commit(struct wire_random *random)
{
    const uint64_t number_max = (UINT64_C(1) << TIP_COMMIT_NUMBER_BITS) - 1;
    const uint32_t generation_max =
        (UINT32_C(1) << (64 - TIP_COMMIT_NUMBER_BITS)) - 1;
    uint32_t generation =
        (uint32_t)(1 + tip_property_number(random->property, 19));
    bool is_later;

    if (tip_property_once_in(random->property, 16)) {
        return tip_commit_make(generation_max, number_max);
    }
    /* One draw a statement: compilers differ in which argument is first. */
    is_later = tip_property_once_in(random->property, 4);
    return tip_commit_make(is_later ? generation : 1,
                           1 + tip_property_number(random->property, 43));
}

static struct tip_record_ref random_ref(struct wire_random *random)
{
    struct tip_record_ref ref = {.type = 0};
    uint64_t which =
        tip_property_below(random->property, random->is_down ? 3 : 2);

    if (which != 0) {
        ref.id = wire_random_id(random);
        ref.type = (uint32_t)(1 + tip_property_number(random->property, 31));
    }
    if (which != 1) {
        ref.birth_commit = wire_random_commit(random);
        ref.birth_index = (uint32_t)tip_property_number(random->property, 32);
    }
    return ref;
}

static bool has_ref(const struct tip_record_ref *refs, size_t count,
                    const struct tip_record_ref *ref)
{
    for (size_t i = 0; i < count; i++) {
        bool same_id =
            !tip_id_is_none(&ref->id) && tip_id_equal(&refs[i].id, &ref->id);
        bool same_birth = ref->birth_commit != 0 &&
                          refs[i].birth_commit == ref->birth_commit &&
                          refs[i].birth_index == ref->birth_index;

        if (same_id || same_birth) {
            return true;
        }
    }
    return false;
}

static void random_records(struct wire_random *random,
                           struct tip_change_set *set)
{
    size_t count =
        1 + (size_t)tip_property_below(random->property, random->record_max);
    struct tip_record_ref *refs = make(random, count, sizeof *refs);

    set->record_count = 0;
    for (size_t i = 0; i < count; i++) {
        struct tip_record_ref ref = random_ref(random);

        if (!has_ref(refs, set->record_count, &ref)) {
            refs[set->record_count++] = ref;
        }
    }
    set->records = refs;
}

static void random_changes(struct wire_random *random,
                           struct tip_change_set *set)
{
    struct tip_property *p = random->property;
    size_t max = set->record_count * random->change_max + 1;
    struct tip_change *changes = make(random, max, sizeof *changes);
    size_t count = 0;

    for (size_t i = 0; i < set->record_count; i++) {
        size_t some = (size_t)tip_property_below(p, random->change_max + 1);
        uint32_t field = 0;
        uint64_t element = 0;

        for (size_t j = 0; j < some || (count == 0 && j == 0); j++) {
            if (field == 0 || !tip_property_once_in(p, 4)) {
                field += (uint32_t)(1 + tip_property_number(p, 12));
                element = tip_property_once_in(p, 3) ? 1 : 0;
            } else {
                element += 1 + tip_property_number(p, 40);
            }
            changes[count++] =
                (struct tip_change){.record = (uint32_t)i,
                                    .field = field,
                                    .element = element,
                                    .value = wire_random_value(random)};
        }
    }
    set->changes = changes;
    set->change_count = count;
}

static struct tip_stamp random_stamp(struct wire_random *random)
{
    uint64_t ms = TIP_STAMP_EPOCH_MS + UINT64_C(90000000000) +
                  tip_property_number(random->property, 43);

    return tip_stamp_make(ms,
                          (uint32_t)tip_property_number(random->property, 20));
}

struct tip_change_set wire_random_set(struct wire_random *random)
{
    struct tip_property *p = random->property;
    struct tip_change_set set = {.origin = 0};

    set.origin = (uint32_t)(1 + tip_property_number(p, 31));
    set.office = (uint32_t)tip_property_number(p, 32);
    set.seq = 1 + tip_property_number(p, 62);
    set.base = tip_property_once_in(p, 3) ? 0 : wire_random_commit(random);
    set.stamp = random_stamp(random);
    set.author = tip_property_once_in(p, 2) ? tip_bytes_text("m.sidi")
                                            : tip_bytes_text("آمنة");
    if (tip_property_once_in(p, 3)) {
        set.reason = wire_random_text(random, 100);
    }
    random_records(random, &set);
    random_changes(random, &set);
    return set;
}

struct tip_up_body wire_random_up(struct wire_random *random, size_t count)
{
    struct tip_change_set *sets = make(random, count, sizeof *sets);

    for (size_t i = 0; i < count; i++) {
        sets[i] = wire_random_set(random);
        sets[i].origin = sets[0].origin;
        sets[i].office = sets[0].office;
        sets[i].seq = sets[0].seq + i;
    }
    return (struct tip_up_body){.sets = sets, .set_count = count};
}

/* Somebody who has seen all says, perhaps again, that an office holds @record
 * or does not. */
static void say_who_holds(struct wire_random *random, struct tip_record *record,
                          uint64_t seq)
{
    struct tip_property *p = random->property;
    struct tip_change change = {.field = TIP_FIELD_OFFICES};
    struct tip_write write = {.origin = 1,
                              .office = 1,
                              .seq = seq,
                              .base = UINT64_MAX,
                              .commit = wire_random_commit(random),
                              .author = tip_bytes_text("u1")};
    struct tip_record dead;
    enum tip_err err;

    change.element = tip_property_below(p, 2);
    change.value.kind =
        tip_property_once_in(p, 3) ? TIP_VALUE_NONE : TIP_VALUE_MEMBER;
    err = tip_record_apply(record, &write, &change, 1, random->arena, &dead);
    assert(err == TIP_OK);
}

struct tip_record wire_random_record(struct wire_random *random)
{
    struct tip_property *p = random->property;
    struct tip_id id = wire_random_id(random);
    size_t rounds = (size_t)tip_property_below(p, 6);
    uint32_t type = (uint32_t)tip_property_number(p, 32);
    struct tip_record record, dead;

    tip_record_init(&record, &id, type, (uint32_t)tip_property_number(p, 32));
    if (tip_property_once_in(p, 2)) {
        record.birth_commit = wire_random_commit(random);
        record.birth_index = (uint32_t)tip_property_number(p, 32);
    }
    for (size_t i = 0; i < rounds; i++) {
        struct tip_change_set set = wire_random_set(random);
        size_t count;
        const struct tip_change *changes = tip_change_set_part(&set, 0, &count);
        uint64_t commit =
            tip_property_once_in(p, 3) ? 0 : wire_random_commit(random);
        struct tip_write write = tip_write_of(
            &set, commit, (enum tip_verdict)tip_property_below(p, 2));

        if (changes != NULL) {
            enum tip_err err = tip_record_apply(&record, &write, changes, count,
                                                random->arena, &dead);

            assert(err == TIP_OK);
        }
        if (tip_property_once_in(p, 2)) {
            say_who_holds(random, &record, i + 1);
        }
    }
    return record;
}
