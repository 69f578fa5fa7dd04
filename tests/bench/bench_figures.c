/*
 * What do figures cost while records come in, and how fast are they read?
 *
 * First: cases of 16 fields into a real store, merged and stored as the hub
 * does, without figures, with one indicator, with sixteen; then as many single
 * edits. Then: the dashboard's cells, office x quarter x type x sex x age,
 * over a million records. An argument is the number of records to store; the
 * others are five times as many. Files go to $TMPDIR or the current folder.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "figures_load.h"
#include "tip_figures_query.h"

enum { RECORDS = 200000, READS = 200 };

/* Time of this thread, so that other work on the machine does not count. What
 * is measured here waits for no disk but at a commit, and figures add none. */
static double cpu_s(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

struct cost {
    double add_us, edit_us;
};

/* What @records new cases cost, and as many edits. */
static struct cost ingest(struct bench *bench, uint32_t records)
{
    struct cost cost;
    double start_s = cpu_s();

    for (uint32_t i = 1; i <= records; i++) {
        add_record(bench);
        if (i % GROUP == 0) {
            commit(bench);
        }
    }
    cost.add_us = (cpu_s() - start_s) * 1e6 / records;
    start_s = cpu_s();
    for (uint32_t i = 1; i <= records; i++) {
        edit_record(bench, records);
        if (i % GROUP == 0) {
            commit(bench);
        }
    }
    cost.edit_us = (cpu_s() - start_s) * 1e6 / records;
    return cost;
}

static void print_cost(const char *name, struct cost cost, struct cost without)
{
    (void)printf("%-24s %6.2f us a record (+%.2f)  %6.2f us an edit (+%.2f)\n",
                 name, cost.add_us, cost.add_us - without.add_us, cost.edit_us,
                 cost.edit_us - without.edit_us);
}

static void verify(struct bench *bench, uint32_t records)
{
    double start_s = cpu_s();
    size_t count;

    must(tip_figures_verify(bench->figures, bench->txn, NULL, &count));
    (void)printf("%-24s %6.2f us a record, %zu cells differ\n", "verify",
                 (cpu_s() - start_s) * 1e6 / records, count);
    if (count != 0) {
        exit(EXIT_FAILURE);
    }
}

static void reopen(struct bench *bench)
{
    const struct tip_figures_opts opts = {.catalogue = bench->catalogue,
                                          .random = bench->random};
    double start_s = cpu_s();

    tip_figures_close(bench->figures);
    must(tip_figures_open(&opts, bench->txn, &bench->figures));
    (void)printf("%-24s %6.1f ms\n", "open again", (cpu_s() - start_s) * 1e3);
}

struct counter {
    struct tip_figures_sink base; /* First member, so the cast is valid. */
    uint64_t rows;
    int64_t total;
};

static enum tip_err count_row(struct tip_figures_sink *self,
                              const struct tip_figures_row *row)
{
    struct counter *counter = (struct counter *)self;

    counter->rows++;
    counter->total += row->value;
    return TIP_OK;
}

static int compare(const void *a, const void *b)
{
    const double *left = a, *right = b;

    return (*left > *right) - (*left < *right);
}

/* The median time of @query. */
static void print_read(struct bench *bench, const char *name,
                       const struct tip_figures_query *query)
{
    static double times[READS];
    struct counter counter = {.base = {.row = count_row}};

    for (size_t i = 0; i < READS; i++) {
        double start_s = cpu_s();

        counter.rows = 0;
        counter.total = 0;
        must(tip_figures_read(bench->figures, query, &counter.base));
        times[i] = (cpu_s() - start_s) * 1e6;
    }
    qsort(times, READS, sizeof *times, compare);
    (void)printf("%-24s %8.1f us  %6llu rows, %lld\n", name, times[READS / 2],
                 (unsigned long long)counter.rows, (long long)counter.total);
}

/* Count @records without storing them, which reading does not depend on; print
 * what it took by itself. */
static void count_only(struct bench *bench, const char *name, uint32_t records)
{
    static struct tip_wire_record group[GROUP];
    double count_s = 0, settle_s = 0;

    for (uint32_t done = 0; done < records; done += GROUP) {
        double start_s;

        for (uint32_t i = 0; i < GROUP; i++) {
            group[i] = make_record(bench);
        }
        start_s = cpu_s();
        for (uint32_t i = 0; i < GROUP; i++) {
            tell(bench, NULL, &group[i].record);
        }
        count_s += cpu_s() - start_s;
        start_s = cpu_s();
        must(tip_figures_settle(bench->figures, bench->txn));
        settle_s += cpu_s() - start_s;
        commit(bench);
        tip_arena_clear(&bench->arena);
    }
    (void)printf("%-24s %6.2f us a record to count, %.2f us to store\n", name,
                 count_s * 1e6 / records, settle_s * 1e6 / records);
}

/* Memory of our own, without mapped pages of the store. */
static void print_memory(void)
{
    FILE *file = fopen("/proc/self/status", "re");
    char line[256];

    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, "RssAnon:", 8) == 0) {
            (void)printf("%-24s %6.1f MB\n", "memory",
                         (double)strtoul(line + 8, NULL, 10) / 1024);
        }
    }
    if (file != NULL) {
        (void)fclose(file);
    }
}

static void read_dashboard(struct bench *bench, uint32_t records)
{
    const uint32_t office = 5;
    struct tip_figures_query query = {
        .indicator = 1, .by_period = true, .by = {17, 18, 19}, .by_count = 3};

    start(bench, figures_load_sixteen);
    count_only(bench, "sixteen, by themselves", records);
    stop(bench);
    start(bench, figures_load_one);
    count_only(bench, "one, by itself", records);
    query.by_office = true;
    print_read(bench, "nation, every cell", &query);
    query.by_office = false;
    query.by_count = 2;
    print_read(bench, "nation, 3 dimensions", &query);
    query.by_count = 0;
    print_read(bench, "nation, by quarter", &query);
    query.offices = &office;
    query.office_count = 1;
    print_read(bench, "wilaya, by quarter", &query);
    query.by_count = 2;
    print_read(bench, "wilaya, 3 dimensions", &query);
    query.by_count = 3;
    print_read(bench, "wilaya, every cell", &query);
    print_memory();
    reopen(bench);
    stop(bench);
    start(bench, figures_load_people);
    count_only(bench, "distinct, by itself", records);
    query = (struct tip_figures_query){.indicator = 1, .by_period = true};
    print_read(bench, "nation, distinct people", &query);
    query.offices = &office;
    query.office_count = 1;
    print_read(bench, "wilaya, distinct people", &query);
    print_memory();
    reopen(bench);
    stop(bench);
}

int main(int argc, char **argv)
{
    static struct bench bench;
    uint32_t records =
        argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : RECORDS;
    struct cost without;

    bench_init(&bench);
    start(&bench, NULL);
    without = ingest(&bench, records);
    print_cost("without figures", without, without);
    stop(&bench);
    start(&bench, figures_load_one);
    print_cost("one indicator", ingest(&bench, records), without);
    stop(&bench);
    start(&bench, figures_load_sixteen);
    print_cost("sixteen indicators", ingest(&bench, records), without);
    verify(&bench, records);
    reopen(&bench);
    stop(&bench);
    read_dashboard(&bench, records * 5);
    tip_arena_deinit(&bench.arena);
    return EXIT_SUCCESS;
}
