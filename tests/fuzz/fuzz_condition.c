/* Rule: a text is refused at a place within it, or runs over any values and
 * gives a truth or a value of its field's kind. Input: which scope, a day, a
 * condition, then values as typed, a part each. */
#include "fuzz.h"
#include "fuzz_catalogue.h"
#include "fuzz_part.h"
#include "tip_condition.h"
#include "tip_field_text.h"

enum { ARENA_BYTES_MAX = 1 << 20, FIELDS_MAX = 32 };

/* A value for each field of the type, by its place. */
struct some_values {
    struct tip_values base; /* First member. */
    const struct tip_type *type;
    struct tip_value values[FIELDS_MAX];
    uint32_t codes[FIELDS_MAX][TIP_FIELD_ELEMENTS_MAX];
    size_t code_counts[FIELDS_MAX];
};

static size_t place_of(const struct some_values *some,
                       const struct tip_field *field)
{
    for (size_t i = 0; i < some->type->field_count; i++) {
        if (&some->type->fields[i] == field) {
            return i;
        }
    }
    fuzz_rule(false, "a condition asks for a field of its type");
    return 0;
}

static struct tip_value value_of(const struct tip_values *self,
                                 const struct tip_field *field)
{
    const struct some_values *some = (const struct some_values *)self;

    FUZZ_RULE(field->kind != TIP_KIND_SET);
    return some->values[place_of(some, field)];
}

static size_t elements_of(const struct tip_values *self,
                          const struct tip_field *field,
                          const uint32_t **out_codes)
{
    const struct some_values *some = (const struct some_values *)self;
    size_t at = place_of(some, field);

    *out_codes = some->codes[at];
    return some->code_counts[at];
}

static void type_values(struct some_values *some, struct tip_bytes rest)
{
    for (size_t i = 0; i < some->type->field_count && i < FIELDS_MAX; i++) {
        const struct tip_field *field = &some->type->fields[i];
        struct tip_bytes text = fuzz_take_part(&rest);

        if (field->kind == TIP_KIND_SET) {
            (void)tip_field_parse_set(field, text, some->codes[i],
                                      &some->code_counts[i]);
        } else {
            (void)tip_field_parse(fuzz_catalogue(), field, text,
                                  &some->values[i]);
        }
    }
}

static void run(const struct tip_condition *condition,
                const struct tip_condition_scope *scope, int32_t today,
                struct tip_bytes typed)
{
    static struct some_values some;

    memset(&some, 0, sizeof some);
    some.base = (struct tip_values){value_of, elements_of};
    some.type = scope->type;
    type_values(&some, typed);
    if (scope->result == NULL) {
        enum tip_truth truth = tip_condition_test(condition, &some.base, today);

        FUZZ_RULE(truth == TIP_FALSE || truth == TIP_TRUE ||
                  truth == TIP_UNKNOWN);
        return;
    }
    (void)tip_condition_compute(condition, &some.base, today, scope->result);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct tip_type *type = &fuzz_catalogue()->types[0];
    struct tip_bytes rest = tip_bytes(data, size);
    uint8_t flags = fuzz_take_u8(&rest);
    int32_t today = (int32_t)fuzz_take_u16(&rest) - 1000;
    const struct tip_field *field =
        &type->fields[fuzz_take_u8(&rest) % type->field_count];
    const struct tip_condition_scope scope = {
        .catalogue = fuzz_catalogue(),
        .type = type,
        .self = (flags & 1) != 0 ? field : NULL,
        .result = (flags & 2) != 0 ? field : NULL,
        .facts_only = (flags & 4) != 0,
        .timeless = (flags & 8) != 0};
    struct tip_bytes text = fuzz_take_part(&rest);
    const struct tip_condition *condition;
    struct tip_condition_fault fault;
    struct tip_arena arena;
    enum tip_err err;

    tip_arena_init(&arena, ARENA_BYTES_MAX);
    err = tip_condition_compile(&arena, text, &scope, &condition, &fault);
    if (err == TIP_OK) {
        run(condition, &scope, today, rest);
    } else if (err == TIP_ECATALOGUE) {
        FUZZ_RULE(fault.at >= 1 && fault.at <= text.size + 1);
        FUZZ_RULE(fault.text[0] != '\0');
    }
    tip_arena_deinit(&arena);
    return 0;
}
