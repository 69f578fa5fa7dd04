/* May one version of a catalogue follow another? */
#include "tip_catalogue_load.h"

static void refuse(struct tip_problems *problems, const char *file,
                   struct tip_bytes of, struct tip_bytes what,
                   const char *sentence)
{
    struct tip_place place = {.file = file};

    tip_problems_add(problems, place, "%.*s%s%.*s: %s", TIP_SHOWN(of),
                     of.size == 0 ? "" : ".", TIP_SHOWN(what), sentence);
}

static const char gone[] =
    "its number is gone; numbers are kept for good, set retired instead.";
static const char renamed[] =
    "its number now has another name; a number is never used again.";

static bool same_list(const struct tip_list *a, const struct tip_list *b)
{
    return (a == NULL) == (b == NULL) &&
           (a == NULL || tip_bytes_equal(a->name, b->name));
}

static bool same_target(const struct tip_type *a, const struct tip_type *b)
{
    return (a == NULL) == (b == NULL) && (a == NULL || a->number == b->number);
}

static const char *why_not_field(const struct tip_field *now,
                                 const struct tip_field *next)
{
    if (next == NULL) {
        return gone;
    }
    if (!tip_bytes_equal(now->name, next->name)) {
        return renamed;
    }
    if (now->kind != next->kind || !same_list(now->list, next->list) ||
        !same_target(now->target, next->target)) {
        return "its type changed; give the new one a new number.";
    }
    if (now->class != next->class) {
        return "its class changed; give the new one a new number.";
    }
    return now->merge != next->merge
               ? "its merge changed; give the new one a new number."
               : NULL;
}

static void check_type(const struct tip_type *now, const struct tip_type *next,
                       struct tip_problems *problems)
{
    for (size_t i = 0; i < now->field_count; i++) {
        const struct tip_field *field = &now->fields[i];
        const char *why =
            why_not_field(field, tip_type_field(next, field->number));

        if (why != NULL) {
            refuse(problems, "survey.csv", now->name, field->name, why);
        }
    }
}

static void check_types(const struct tip_catalogue *now,
                        const struct tip_catalogue *next,
                        struct tip_problems *problems)
{
    for (size_t i = 0; i < now->type_count; i++) {
        const struct tip_type *type = &now->types[i];
        const struct tip_type *other = tip_catalogue_type(next, type->number);

        if (other == NULL) {
            refuse(problems, "survey.csv", TIP_BYTES_NONE, type->name, gone);
        } else if (!tip_bytes_equal(type->name, other->name)) {
            refuse(problems, "survey.csv", TIP_BYTES_NONE, type->name, renamed);
        } else {
            check_type(type, other, problems);
        }
    }
}

static const char *why_not_code(const struct tip_code *now,
                                const struct tip_code *next)
{
    if (next == NULL) {
        return gone;
    }
    if (!tip_bytes_equal(now->name, next->name)) {
        return renamed;
    }
    return now->rank != next->rank
               ? "its rank changed; offices would merge differently."
               : NULL;
}

static void check_lists(const struct tip_catalogue *now,
                        const struct tip_catalogue *next,
                        struct tip_problems *problems)
{
    for (size_t l = 0; l < now->list_count; l++) {
        const struct tip_list *list = &now->lists[l];
        const struct tip_list *other =
            tip_catalogue_list_named(next, list->name);

        if (other == NULL) {
            refuse(problems, "choices.csv", TIP_BYTES_NONE, list->name,
                   "the list is gone; retire its codes instead.");
            continue;
        }
        for (size_t i = 0; i < list->code_count; i++) {
            const struct tip_code *code = &list->codes[i];
            const char *why =
                why_not_code(code, tip_list_code(other, code->number));

            if (why != NULL) {
                refuse(problems, "choices.csv", list->name, code->name, why);
            }
        }
    }
}

static void check_indicators(const struct tip_catalogue *now,
                             const struct tip_catalogue *next,
                             struct tip_problems *problems)
{
    for (size_t i = 0; i < now->indicator_count; i++) {
        const struct tip_indicator *indicator = &now->indicators[i];
        const struct tip_indicator *other =
            tip_catalogue_indicator(next, indicator->number);

        if (other == NULL || !tip_bytes_equal(indicator->name, other->name)) {
            refuse(problems, "indicators.csv", TIP_BYTES_NONE, indicator->name,
                   other == NULL ? gone : renamed);
        }
    }
}

static void check_roles(const struct tip_catalogue *now,
                        const struct tip_catalogue *next,
                        struct tip_problems *problems)
{
    for (size_t i = 0; i < now->role_count; i++) {
        const struct tip_role *role = &now->roles[i];
        const struct tip_role *other =
            tip_catalogue_role_named(next, role->name);

        if (other == NULL || other->number != role->number) {
            refuse(problems, "roles.csv", TIP_BYTES_NONE, role->name,
                   other == NULL ? gone : "its number changed.");
        }
    }
}

enum tip_err tip_catalogue_check_successor(const struct tip_catalogue *now,
                                           const struct tip_catalogue *next,
                                           struct tip_problems *problems)
{
    size_t before = problems->count;

    if (!tip_bytes_equal(now->id, next->id)) {
        refuse(problems, "settings.csv", TIP_BYTES_NONE, now->id,
               "the catalogue in use has this name, the new one another.");
    }
    if (next->version <= now->version) {
        refuse(problems, "settings.csv", TIP_BYTES_NONE,
               tip_bytes_text("version"),
               "it must be above that of the catalogue in use.");
    }
    check_types(now, next, problems);
    check_lists(now, next, problems);
    check_indicators(now, next, problems);
    check_roles(now, next, problems);
    return problems->count == before ? TIP_OK : TIP_ECATALOGUE;
}
