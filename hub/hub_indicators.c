/* indicators list, show. */
#include <stdlib.h>
#include <string.h>

#include "hub_program.h"
#include "tip_figures_query.h"
#include "tip_period.h"

enum { TEXT_BYTES_MAX = 1024, CODES_MAX = 64 };

/* Rows are collected and sorted, because cells come in no order. */
struct collector {
    struct tip_figures_sink base; /* First member, so the cast is valid. */
    const struct tip_indicator *indicator;
    const struct tip_field *by[TIP_CATALOGUE_DIMENSIONS_MAX];
    size_t by_count;
    struct row *rows; /* Owned. */
    size_t count, capacity;
};

struct row {
    struct tip_figures_row figure; /* Its values' codes are not kept. */
    char texts[TIP_CATALOGUE_DIMENSIONS_MAX][TEXT_BYTES_MAX];
};

static const char *answer_name(uint32_t answer)
{
    switch ((enum tip_answer)answer) {
    case TIP_ANSWER_NO:
        return "no";
    case TIP_ANSWER_YES:
        return "yes";
    case TIP_ANSWER_UNKNOWN:
        return "unknown";
    case TIP_ANSWER_REFUSED:
        return "refused";
    }
    return "?";
}

static struct tip_bytes code_name(const struct tip_field *field, uint32_t code)
{
    const struct tip_code *known = NULL;

    if (field->kind == TIP_KIND_ANSWER) {
        return tip_bytes_text(answer_name(code));
    }
    if (field->list != NULL) {
        known = tip_list_code(field->list, code);
    }
    return known == NULL ? tip_bytes_text("?") : known->name;
}

static int compare_names(const void *a, const void *b)
{
    return tip_bytes_compare(*(const struct tip_bytes *)a,
                             *(const struct tip_bytes *)b);
}

/* Write a value as its codes' names, by name, with ";" between. */
static void value_text(const struct tip_field *field,
                       const struct tip_figure_value *value,
                       char out[TEXT_BYTES_MAX])
{
    struct tip_bytes names[CODES_MAX];
    size_t count =
        value->code_count < CODES_MAX ? value->code_count : CODES_MAX;
    size_t used = 0;

    if (value->is_many || value->code_count > CODES_MAX) {
        (void)snprintf(out, TEXT_BYTES_MAX, "(many)");
        return;
    }
    if (count == 0) {
        (void)snprintf(out, TEXT_BYTES_MAX, "(missing)");
        return;
    }
    for (size_t i = 0; i < count; i++) {
        names[i] = code_name(field, value->codes[i]);
    }
    qsort(names, count, sizeof *names, compare_names);
    for (size_t i = 0; i < count && used < TEXT_BYTES_MAX; i++) {
        used += (size_t)snprintf(out + used, TEXT_BYTES_MAX - used, "%s%.*s",
                                 i == 0 ? "" : ";", (int)names[i].size,
                                 (const char *)names[i].data);
    }
}

static enum tip_err collect(struct tip_figures_sink *self,
                            const struct tip_figures_row *figure)
{
    struct collector *collector = (struct collector *)self;
    struct row *row;

    if (collector->count == collector->capacity) {
        size_t capacity =
            collector->capacity == 0 ? 64 : collector->capacity * 2;
        struct row *rows =
            realloc(collector->rows, capacity * sizeof *collector->rows);

        if (rows == NULL) {
            return TIP_ENOMEM;
        }
        collector->rows = rows;
        collector->capacity = capacity;
    }
    row = &collector->rows[collector->count++];
    *row = (struct row){.texts = {{0}}};
    row->figure = *figure;
    for (size_t i = 0; i < collector->by_count; i++) {
        value_text(collector->by[i], &figure->values[i], row->texts[i]);
    }
    return TIP_OK;
}

static int compare_rows(const void *a, const void *b)
{
    const struct row *x = a, *y = b;
    int order = 0;

    if (x->figure.office != y->figure.office) {
        return x->figure.office < y->figure.office ? -1 : 1;
    }
    if (x->figure.period != y->figure.period) {
        return x->figure.period < y->figure.period ? -1 : 1;
    }
    for (size_t i = 0; i < TIP_CATALOGUE_DIMENSIONS_MAX && order == 0; i++) {
        order = strcmp(x->texts[i], y->texts[i]);
    }
    return order;
}

/* Is @name one of the words of @list, which have commas between? */
static bool is_named(const char *list, struct tip_bytes name)
{
    while (*list != '\0') {
        size_t size = strcspn(list, ",");

        if (tip_bytes_equal(tip_bytes(list, size), name)) {
            return true;
        }
        list += size + (list[size] == ',' ? 1 : 0);
    }
    return false;
}

/* Take the dimensions that --by names; all of them without it. */
static enum tip_err choose_dimensions(const struct tip_request *request,
                                      struct collector *collector,
                                      struct tip_figures_query *query)
{
    const struct tip_indicator *indicator = collector->indicator;
    const char *by = tip_cli_option(request->call, "by")->text;
    size_t found = 0;

    for (size_t i = 0; i < indicator->dimension_count; i++) {
        const struct tip_field *field = indicator->dimensions[i].field;

        if (by == NULL || is_named(by, field->name)) {
            collector->by[found] = field;
            query->by[found++] = field->number;
        }
    }
    collector->by_count = query->by_count = found;
    return by != NULL && *by != '\0' && found == 0 ? TIP_EUSAGE : TIP_OK;
}

static void say_row(struct tip_reply *reply, const struct hub_program *hub,
                    const struct collector *collector,
                    const struct tip_figures_query *query,
                    const struct row *row)
{
    const struct tip_figures_row *figure = &row->figure;
    char period[TIP_PERIOD_TEXT_SIZE];

    tip_reply_row_begin(reply);
    if (query->by_office) {
        struct tip_bytes name = hub_office_name(hub->engine, figure->office);

        tip_reply_integer(reply, "office", figure->office);
        tip_reply_bytes(reply, "office_name", name);
    }
    if (query->by_period) {
        tip_period_format(collector->indicator->period, figure->period, period);
        tip_reply_text(reply, "period", period);
    }
    for (size_t i = 0; i < collector->by_count; i++) {
        char key[TIP_REPLY_KEY_BYTES_MAX];

        (void)snprintf(key, sizeof key, "%.*s",
                       (int)collector->by[i]->name.size,
                       (const char *)collector->by[i]->name.data);
        tip_reply_text(reply, key, row->texts[i]);
    }
    tip_reply_integer(reply, "value", figure->value);
    if (collector->indicator->measure == TIP_MEASURE_RATIO) {
        tip_reply_integer(reply, "denominator", figure->denominator);
    }
    tip_reply_integer(reply, "records", (int64_t)figure->count);
    tip_reply_integer(reply, "disputed", (int64_t)figure->disputed);
    tip_reply_row_end(reply);
}

static const struct tip_indicator *find_indicator(const struct hub_program *hub,
                                                  const char *name)
{
    return tip_catalogue_indicator_named(hub->host.desk->catalogue,
                                         tip_bytes_text(name));
}

static void say_rows(struct tip_reply *reply, const struct hub_program *hub,
                     struct collector *collector,
                     const struct tip_figures_query *query)
{
    tip_reply_list_begin(reply, "figures");
    for (size_t i = 0; i < collector->count; i++) {
        if (!tip_reply_has_room(reply)) {
            tip_reply_note(reply, TIP_REPLY_WARNING,
                           "Only the first %zu of %zu rows: ask for fewer "
                           "dimensions with --by.",
                           i, collector->count);
            break;
        }
        say_row(reply, hub, collector, query, &collector->rows[i]);
    }
    tip_reply_list_end(reply);
}

/* The row for all together, behind the sorted others. */
static enum tip_err add_total(const struct hub_program *hub,
                              struct collector *collector,
                              const struct tip_figures_query *query)
{
    struct tip_figures_query total = {.indicator = query->indicator};
    size_t first = collector->count;
    size_t by_count = collector->by_count;
    enum tip_err err;

    if (by_count == 0 || query->by_office || query->by_period) {
        return TIP_OK;
    }
    collector->by_count = 0;
    err = tip_figures_read(hub->figures.figures, &total, &collector->base);
    collector->by_count = by_count;
    for (size_t r = first; r < collector->count; r++) {
        for (size_t i = 0; i < by_count; i++) {
            (void)snprintf(collector->rows[r].texts[i], TEXT_BYTES_MAX,
                           "(all)");
        }
    }
    return err;
}

static void sort_rows(struct collector *collector)
{
    if (collector->count > 1) {
        qsort(collector->rows, collector->count, sizeof *collector->rows,
              compare_rows);
    }
}

enum tip_err hub_run_indicators_show(void *program, struct tip_request *request,
                                     struct tip_reply *reply)
{
    struct hub_program *hub = program;
    struct collector collector = {
        .base = {.row = collect},
        .indicator = find_indicator(hub, tip_cli_argument(request->call, 0))};
    struct tip_figures_query query = {
        .by_office = tip_cli_option(request->call, "by-office")->is_given,
        .by_period = tip_cli_option(request->call, "by-period")->is_given};
    enum tip_err err;

    if (collector.indicator == NULL || hub->figures.figures == NULL) {
        tip_reply_explain(reply, "indicators list names them");
        return TIP_ENOTFOUND;
    }
    query.indicator = collector.indicator->number;
    err = choose_dimensions(request, &collector, &query);
    if (err == TIP_OK) {
        err = tip_figures_read(hub->figures.figures, &query, &collector.base);
    }
    sort_rows(&collector);
    if (err == TIP_OK) {
        err = add_total(hub, &collector, &query);
    }
    if (err == TIP_OK) {
        tip_reply_bytes(reply, "indicator", collector.indicator->name);
        hub_say_coverage(reply, hub->engine);
        if (hub_figures_trouble(hub) != NULL) {
            tip_program_warn(reply, "%s", hub_figures_trouble(hub));
        }
        say_rows(reply, hub, &collector, &query);
    }
    free(collector.rows);
    return err;
}

enum tip_err hub_run_indicators_list(void *program, struct tip_request *request,
                                     struct tip_reply *reply)
{
    const struct hub_program *hub = program;
    const struct tip_catalogue *catalogue = hub->host.desk->catalogue;

    (void)request;
    tip_reply_list_begin(reply, "indicators");
    for (size_t i = 0; i < catalogue->indicator_count; i++) {
        const struct tip_indicator *indicator = &catalogue->indicators[i];

        tip_reply_row_begin(reply);
        tip_reply_integer(reply, "number", indicator->number);
        tip_reply_bytes(reply, "name", indicator->name);
        tip_reply_bytes(reply, "label",
                        tip_label_text(catalogue, &indicator->label,
                                       hub->host.desk->language,
                                       indicator->name));
        tip_reply_row_end(reply);
    }
    tip_reply_list_end(reply);
    return TIP_OK;
}
