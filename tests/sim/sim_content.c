#include "sim_content.h"

#include <string.h>

#include "fake_schema.h"

enum {
    CODES = 8,
    RANKS = 5,
    ELEMENTS = 6,
    OPAQUE_BYTES_MAX = 160,
    LARGE_BYTES = 3000,
    LARGE_ELEMENTS = 10,
    DAY_2026 = 20454 /* 2026-01-01 since 1970-01-01. */
};

/* The fields people fill in, the busy ones more than once. */
static const uint32_t fields[] = {
    FAKE_LATEST,     FAKE_LATEST,     FAKE_LATEST + 1, FAKE_LATEST + 2,
    FAKE_LATEST + 3, FAKE_LATEST + 4, FAKE_LATEST + 5, FAKE_REVIEW,
    FAKE_REVIEW,     FAKE_REVIEW + 1, FAKE_RANKED,     FAKE_SET,
    FAKE_SET,        FAKE_SET + 1};

static const char *const words[] = {"شاهد",     "قرية", "Néma",   "Fassala",
                                    "enfant",   "رحيل", "médiat", "talibé",
                                    "audience", "أسرة", "refuge", "convoqué"};

static struct tip_value text(struct sim_content *content, struct tip_prng *prng)
{
    size_t first = content->byte_count;
    uint32_t count = 1 + tip_prng_below(prng, 8);

    for (uint32_t i = 0; i < count; i++) {
        const char *word =
            words[tip_prng_below(prng, sizeof words / sizeof *words)];
        size_t size = strlen(word);

        if (content->byte_count + size + 1 > SIM_CONTENT_BYTES) {
            break;
        }
        memcpy(content->bytes + content->byte_count, word, size);
        content->bytes[content->byte_count + size] = ' ';
        content->byte_count += size + 1;
    }
    return (struct tip_value){.kind = TIP_VALUE_TEXT,
                              .bytes = tip_bytes(content->bytes + first,
                                                 content->byte_count - first)};
}

static struct tip_value bytes(struct sim_content *content,
                              struct tip_prng *prng, size_t size)
{
    uint8_t *at = content->bytes + content->byte_count;

    if (content->byte_count + size > SIM_CONTENT_BYTES) {
        return (struct tip_value){.kind = TIP_VALUE_NONE};
    }
    for (size_t i = 0; i < size; i += 8) {
        uint64_t word = tip_prng_next(prng);

        memcpy(at + i, &word, size - i < 8 ? size - i : 8);
    }
    content->byte_count += size;
    return (struct tip_value){.kind = TIP_VALUE_OPAQUE,
                              .bytes = tip_bytes(at, size)};
}

static struct tip_value opaque(struct sim_content *content,
                               struct tip_prng *prng)
{
    return bytes(content, prng,
                 40 + tip_prng_below(prng, OPAQUE_BYTES_MAX - 40));
}

static struct tip_value code(struct tip_prng *prng, uint32_t bound)
{
    return (struct tip_value){.kind = TIP_VALUE_CODE,
                              .code = 1 + tip_prng_below(prng, bound)};
}

static struct tip_value draw(struct sim_content *content, struct tip_prng *prng,
                             uint32_t field)
{
    if (tip_prng_chance(prng, 5)) {
        return (struct tip_value){.kind = TIP_VALUE_NONE};
    }
    switch (field) {
    case FAKE_LATEST + 1:
        return (struct tip_value){.kind = TIP_VALUE_INTEGER,
                                  .integer =
                                      (int64_t)tip_prng_below(prng, 99) - 9};
    case FAKE_LATEST + 2:
        return (struct tip_value){
            .kind = TIP_VALUE_DATE,
            .date = {.day = DAY_2026 - (int32_t)tip_prng_below(prng, 9000)}};
    case FAKE_LATEST + 3:
    case FAKE_REVIEW:
        return text(content, prng);
    case FAKE_LATEST + 4:
        return (struct tip_value){
            .kind = TIP_VALUE_AMOUNT,
            .amount = {.minor = tip_prng_below(prng, 1000000), .currency = 1}};
    case FAKE_LATEST + 5:
    case FAKE_REVIEW + 1:
        return opaque(content, prng);
    case FAKE_RANKED:
        return code(prng, RANKS);
    case FAKE_SET:
    case FAKE_SET + 1:
        return (struct tip_value){.kind = tip_prng_chance(prng, 70)
                                              ? TIP_VALUE_MEMBER
                                              : TIP_VALUE_NONE};
    default:
        return code(prng, CODES);
    }
}

void sim_content_add(struct sim_content *content, uint32_t field,
                     uint64_t element, const struct tip_value *value)
{
    size_t at = content->count;

    while (at > 0 && (content->changes[at - 1].field > field ||
                      (content->changes[at - 1].field == field &&
                       content->changes[at - 1].element >= element))) {
        at--;
    }
    if (content->count == SIM_CONTENT_CHANGES ||
        (at < content->count && content->changes[at].field == field &&
         content->changes[at].element == element)) {
        return;
    }
    memmove(&content->changes[at + 1], &content->changes[at],
            (content->count - at) * sizeof *content->changes);
    content->changes[at] = (struct tip_change){
        .field = field, .element = element, .value = *value};
    content->count++;
}

void sim_content_add_field(struct sim_content *content, struct tip_prng *prng,
                           uint32_t field, uint64_t element)
{
    struct tip_value value = draw(content, prng, field);

    sim_content_add(content, field, element, &value);
}

void sim_content_add_some(struct sim_content *content, struct tip_prng *prng)
{
    uint32_t field =
        fields[tip_prng_below(prng, sizeof fields / sizeof *fields)];

    sim_content_add_field(content, prng, field,
                          field >= FAKE_SET ? 1 + tip_prng_below(prng, ELEMENTS)
                                            : 0);
}

void sim_content_add_large(struct sim_content *content, struct tip_prng *prng)
{
    uint64_t element = 1 + tip_prng_below(prng, LARGE_ELEMENTS);
    struct tip_value value = bytes(content, prng, LARGE_BYTES);

    sim_content_add(content, FAKE_SET + 2, element, &value);
}
