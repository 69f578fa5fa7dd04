#include "wire_sample.h"

#include <assert.h>
#include <string.h>

static const char *const places[] = {
    "Néma",        "Sélibabi",      "Kaédi",          "Aleg",      "Rosso",
    "Kiffa",       "Aïoun",         "Tidjikja",       "Atar",      "Zouérat",
    "Nouadhibou",  "Akjoujt",       "Bassiknou",      "Boghé",     "Timbédra",
    "نواكشوط",     "النعمة",        "كيفه",           "روصو",      "لعيون",
    "marché",      "gare routière", "puits",          "campement", "école",
    "dispensaire", "commissariat",  "poste frontière"};

static const char *const words[] = {
    "signalé par",     "voisin",      "association",  "enfant talibé",
    "berger",          "domestique",  "sans salaire", "depuis la naissance",
    "famille",         "sœur",        "tribunal",     "plainte",
    "hébergement",     "suivi",       "visite",       "certificat médical",
    "بلاغ من الجيران", "تم الاستماع", "طفل",          "خادمة منزلية",
    "دون أجر",         "محكمة",       "في انتظار"};

static const char *const syllables[] = {
    "ma", "ri", "ou",  "da", "ken", "sal", "bi", "to", "fa", "mel", "gue",
    "na", "ch", "der", "hi", "lo",  "سي",  "دي", "بو", "مح", "فا",  "طم"};

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

struct wire_sample wire_sample(uint64_t seed, struct tip_arena *arena)
{
    return (struct wire_sample){.prng = TIP_PRNG_SEEDED(seed),
                                .arena = arena,
                                .now_ms = UINT64_C(1795000000000),
                                .seq = 20000,
                                .base = tip_commit_make(1, 250000)};
}

static uint32_t below(struct wire_sample *sample, uint32_t bound)
{
    return tip_prng_below(&sample->prng, bound);
}

static void *make(struct wire_sample *sample, size_t count, size_t size)
{
    void *memory = tip_arena_alloc_array(sample->arena, count, size);

    assert(memory != NULL);
    return memory;
}

/* Small numbers far more often than large ones. */
static uint32_t skewed(struct wire_sample *sample, uint32_t bound)
{
    uint32_t first = below(sample, bound);
    uint32_t second = below(sample, first + 1);

    return below(sample, second + 1);
}

static size_t add(uint8_t *bytes, size_t size, const char *word)
{
    struct tip_bytes text = tip_bytes_text(word);

    memcpy(bytes + size, text.data, text.size);
    return size + text.size;
}

/* A place and a name or a few words: 10 to 60 bytes. */
static struct tip_bytes short_text(struct wire_sample *sample)
{
    uint8_t *bytes = make(sample, 160, 1);
    size_t size = 0;

    if (sample->invents) {
        uint32_t count = 4 + below(sample, 5);

        for (uint32_t i = 0; i < count; i++) {
            size =
                add(bytes, size, syllables[below(sample, COUNT_OF(syllables))]);
            if (tip_prng_chance(&sample->prng, 30)) {
                size = add(bytes, size, " ");
            }
        }
    } else {
        size = add(bytes, size, words[below(sample, COUNT_OF(words))]);
    }
    size = add(bytes, size, " ");
    size = add(bytes, size, places[below(sample, COUNT_OF(places))]);
    return tip_bytes(bytes, size);
}

static int32_t today(const struct wire_sample *sample)
{
    return (int32_t)(sample->now_ms / (UINT64_C(24) * 60 * 60 * 1000));
}

static struct tip_value code(uint32_t number)
{
    return (struct tip_value){.kind = TIP_VALUE_CODE, .code = number};
}

static struct tip_value answer(struct wire_sample *sample)
{
    static const enum tip_answer answers[] = {
        TIP_ANSWER_YES, TIP_ANSWER_NO,      TIP_ANSWER_NO,
        TIP_ANSWER_YES, TIP_ANSWER_UNKNOWN, TIP_ANSWER_REFUSED};

    return (struct tip_value){.kind = TIP_VALUE_ANSWER,
                              .answer = answers[skewed(sample, 6)]};
}

static struct tip_value date(struct wire_sample *sample, uint32_t days)
{
    struct tip_value value = {.kind = TIP_VALUE_DATE};

    value.date.day = today(sample) - (int32_t)skewed(sample, days);
    return value;
}

/* The value of field @field, as fields 20 to 33 of a victim's record. */
static struct tip_value value_of(struct wire_sample *sample, uint32_t field)
{
    struct tip_value value = {.kind = TIP_VALUE_NONE};

    switch (field) {
    case 20:
        return date(sample, 400);
    case 31:
        return date(sample, 60);
    case 21:
        return code(1 + below(sample, 15));
    case 24:
        value.kind = TIP_VALUE_INTEGER;
        value.integer = 4 + skewed(sample, 60);
        return value;
    case 25:
        return code(100 + skewed(sample, 60));
    case 28:
    case 29:
    case 30:
        return answer(sample);
    case 32:
        value.kind = TIP_VALUE_AMOUNT;
        value.amount.minor = 500 * (int64_t)below(sample, 200);
        value.amount.currency = 1;
        return value;
    case 33:
        value.kind = TIP_VALUE_TEXT;
        value.bytes = short_text(sample);
        return value;
    default:
        return code(1 + skewed(sample, 9));
    }
}

static struct tip_bytes author(struct wire_sample *sample)
{
    static const char *const authors[] = {"m.sidi", "aminetou", "k.diallo"};

    return tip_bytes_text(authors[skewed(sample, 3)]);
}

static struct tip_change_set start_set(struct wire_sample *sample)
{
    return (struct tip_change_set){
        .origin = 212,
        .office = 7,
        .seq = sample->seq++,
        .base = sample->base,
        .stamp = tip_stamp_make(sample->now_ms, sample->tick),
        .author = author(sample)};
}

struct tip_change_set wire_sample_record(struct wire_sample *sample)
{
    struct tip_change_set set;
    struct tip_change *changes = make(sample, 20, sizeof *changes);
    struct tip_record_ref *ref = make(sample, 1, sizeof *ref);
    uint8_t random[TIP_ID_RANDOM_SIZE];
    size_t count = 0;

    /* An import saves a record or two in a millisecond. */
    sample->tick++;
    if (tip_prng_chance(&sample->prng, 60)) {
        sample->now_ms++;
        sample->tick = 0;
    }
    set = start_set(sample);
    tip_prng_fill(&sample->prng.base, random, sizeof random);
    ref->id = tip_id_make(sample->now_ms, random);
    ref->type = 17;
    changes[count++] = (struct tip_change){.field = TIP_FIELD_OFFICES,
                                           .element = 7,
                                           .value.kind = TIP_VALUE_MEMBER};
    for (uint32_t field = 20; field < 34; field++) {
        /* Some questions were not asked. */
        if (field > 27 && tip_prng_chance(&sample->prng, 6)) {
            continue;
        }
        changes[count++] = (struct tip_change){
            .field = field, .value = value_of(sample, field)};
    }
    changes[count++] = (struct tip_change){.field = 34,
                                           .element = 1 + skewed(sample, 12),
                                           .value.kind = TIP_VALUE_MEMBER};
    set.records = ref;
    set.record_count = 1;
    set.changes = changes;
    set.change_count = count;
    return set;
}

struct tip_change_set wire_sample_edit(struct wire_sample *sample)
{
    struct tip_change_set set;
    struct tip_change *change = make(sample, 1, sizeof *change);
    struct tip_record_ref *ref = make(sample, 1, sizeof *ref);

    /* Half a minute or so from one save to the next. */
    sample->now_ms += 2000 + below(sample, 60000);
    sample->tick = 0;
    set = start_set(sample);
    if (tip_prng_chance(&sample->prng, 2)) {
        set.reason = tip_bytes_text("erreur de saisie");
    }
    if (tip_prng_chance(&sample->prng, 10)) {
        sample->base += 1 + below(sample, 40);
    }
    ref->birth_commit = sample->base - below(sample, 20000);
    change->field = 20 + skewed(sample, 13);
    if (tip_prng_chance(&sample->prng, 5)) {
        change->field = 33;
    }
    change->value = value_of(sample, change->field);
    set.records = ref;
    set.record_count = 1;
    set.changes = change;
    set.change_count = 1;
    return set;
}

struct tip_up_body wire_sample_records(struct wire_sample *sample, size_t count)
{
    struct tip_change_set *sets = make(sample, count, sizeof *sets);

    for (size_t i = 0; i < count; i++) {
        sets[i] = wire_sample_record(sample);
    }
    return (struct tip_up_body){.sets = sets, .set_count = count};
}

struct tip_up_body wire_sample_edits(struct wire_sample *sample, size_t count)
{
    struct tip_change_set *sets = make(sample, count, sizeof *sets);

    for (size_t i = 0; i < count; i++) {
        sets[i] = wire_sample_edit(sample);
    }
    return (struct tip_up_body){.sets = sets, .set_count = count};
}

/* New records get their birth from the commit. */
static struct tip_item item_of(struct wire_sample *sample,
                               const struct tip_change_set *set,
                               uint64_t commit)
{
    struct tip_item item = {
        .kind = TIP_ITEM_SET, .set = *set, .commit = commit};
    struct tip_record_ref *ref = make(sample, 1, sizeof *ref);

    *ref = set->records[0];
    if (!tip_id_is_none(&ref->id)) {
        ref->birth_commit = commit;
    }
    item.set.records = ref;
    item.set.origin = 300 + below(sample, 3);
    item.set.office = 1;
    return item;
}

struct tip_down_body wire_sample_down(struct wire_sample *sample,
                                      const struct tip_up_body *body)
{
    struct tip_item *items = make(sample, body->set_count, sizeof *items);
    struct tip_decided *decided = make(sample, 1, sizeof *decided);
    uint64_t commit = sample->base;

    for (size_t i = 0; i < body->set_count; i++) {
        const struct tip_change_set *set = &body->sets[i];

        commit += 1 + below(sample, 20);
        items[i] = item_of(sample, set, commit);
        if (tip_prng_chance(&sample->prng, 25)) {
            items[i] =
                (struct tip_item){.kind = TIP_ITEM_ECHO,
                                  .echo = {.origin = set->origin,
                                           .first_seq = set->seq,
                                           .count = 1 + skewed(sample, 30),
                                           .first_commit = commit}};
            commit += items[i].echo.count;
        }
    }
    *decided = (struct tip_decided){.origin = 212, .bound = sample->seq};
    return (struct tip_down_body){.items = items,
                                  .item_count = body->set_count,
                                  .has_checkpoint = true,
                                  .checkpoint = {.commit = commit,
                                                 .decided = decided,
                                                 .decided_count = 1,
                                                 .has_digest = true,
                                                 .digest = {0xd1, 0x9e}}};
}
