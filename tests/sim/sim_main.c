/*
 * tip_sim: run seeds, on all cores, and say what happened in them. Each job
 * takes the next one when it is done with its last.
 *
 * Now and then a seed is run a second time: as it was, which must give the same
 * trace; and with other clocks, which must give the same outcome.
 */
#include <getopt.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim.h"
#include "sim_memo.h"
#include "tip_secret.h"

enum {
    DAYS_DEFAULT = 30,
    REPLAY_EVERY = 50,            /* Seeds that are run again as they were… */
    CLOCKS_EVERY = 25,            /* …and with other clocks. */
    SEEDS_WITH_EVERYTHING = 1000, /* Fewer need not have the rarest. */
    JOBS_MAX = 64,
    LIST_MAX = 256
};

/* Seeds of a file, a line each: its number, and what it is about. */
struct list {
    uint64_t seeds[LIST_MAX];
    size_t count;
};

struct plan {
    uint64_t first, last;
    uint64_t days;
    unsigned jobs;
    bool is_verbose;
    bool is_single;              /* One seed: say what its trace was. */
    bool is_blind;               /* Only as change_clocks() runs it… */
    uint64_t clock_seed;         /* …with these clocks. */
    struct list regressions;     /* They run first. */
    struct list open;            /* They are known to break, and left out. */
    atomic_uint_fast64_t *taken; /* By all jobs, of next_seed(). */
};

static struct sim sim;

static void replay(const struct sim_opts *opts, uint64_t hash)
{
    sim_memo_use(false);
    sim_run(&sim, opts);
    sim_memo_use(true);
    sim_require(&sim, SIM_HUB, sim.trace.hash == hash,
                "a seed replays exactly");
}

/* Run @opts with the clocks of @clock_seed and nothing that depends on sizes,
 * which depend on stamps. */
static void run_blind(const struct sim_opts *opts, uint64_t clock_seed)
{
    struct sim_opts blind = *opts;

    blind.is_size_blind = true;
    blind.clock_seed = clock_seed;
    sim_run(&sim, &blind);
}

/* The same seed with other clocks: stamps differ, nothing else may. But where
 * an office took one save for another, those after it have other numbers. */
static void change_clocks(const struct sim_opts *opts,
                          struct sim_totals *totals)
{
    uint64_t trace, outcome;
    bool took_for_same;

    run_blind(opts, opts->seed);
    sim_totals_add(totals, &sim.totals);
    trace = sim.trace.hash;
    outcome = sim_outcome(&sim);
    took_for_same = sim.took_for_same;
    run_blind(opts, ~opts->seed);
    sim_totals_add(totals, &sim.totals);
    if (took_for_same || sim.took_for_same) {
        return;
    }
    sim_require(&sim, SIM_HUB, sim_outcome(&sim) == outcome,
                "I13 clocks decide nothing that is ordered by cause");
    sim_require(&sim, SIM_HUB, sim.trace.hash == trace,
                "I13 clocks decide nothing that happens");
}

/* One of the runs that change_clocks() compares, to be looked at. */
static void show_blind(const struct sim_opts *opts, uint64_t clock_seed,
                       struct sim_totals *totals)
{
    run_blind(opts, clock_seed);
    sim_totals_add(totals, &sim.totals);
    printf("Seed %" PRIu64 " with clocks %" PRIu64 ": trace %016" PRIx64
           ", outcome %016" PRIx64 ".\n",
           opts->seed, clock_seed, sim.trace.hash, sim_outcome(&sim));
}

static void run_seed(const struct plan *plan, uint64_t seed,
                     struct sim_totals *totals)
{
    struct sim_opts opts = {
        .seed = seed, .days = plan->days, .is_verbose = plan->is_verbose};

    if (plan->is_blind) {
        show_blind(&opts, plan->clock_seed, totals);
        return;
    }
    sim_run(&sim, &opts);
    sim_totals_add(totals, &sim.totals);
    if (plan->is_single) {
        printf("Seed %" PRIu64 ": trace %016" PRIx64 ".\n", seed,
               sim.trace.hash);
    }
    opts.is_verbose = false;
    if (seed % REPLAY_EVERY == 0 || plan->is_single) {
        replay(&opts, sim.trace.hash);
    }
    if (seed % CLOCKS_EVERY == 1 || plan->is_single) {
        change_clocks(&opts, totals);
    }
}

static bool read_list(const char *path, struct list *list)
{
    FILE *file = fopen(path, "r");
    char line[1024];

    if (file == NULL) {
        perror(path);
        return false;
    }
    while (fgets(line, sizeof line, file) != NULL && list->count < LIST_MAX) {
        char *end;
        uint64_t seed = strtoull(line, &end, 10);

        if (end != line) {
            list->seeds[list->count++] = seed;
        }
    }
    return fclose(file) == 0 && list->count < LIST_MAX;
}

static bool is_listed(const struct list *list, uint64_t seed)
{
    size_t i = 0;

    while (i < list->count && list->seeds[i] != seed) {
        i++;
    }
    return i < list->count;
}

/* Nobody shall take what was left out for what held. */
static void name_open(const struct plan *plan)
{
    for (size_t i = 0; i < plan->open.count; i++) {
        uint64_t seed = plan->open.seeds[i];

        if (seed >= plan->first && seed <= plan->last) {
            printf("Seed %" PRIu64 " is known to break, and was left out.\n",
                   seed);
        }
    }
}

/* Take the next seed of @plan that nobody has, a regression once; false: that
 * was all. */
static bool next_seed(const struct plan *plan, uint64_t *out_seed)
{
    uint64_t turn;

    do {
        turn = atomic_fetch_add(plan->taken, 1);
        if (turn < plan->regressions.count) {
            *out_seed = plan->regressions.seeds[turn];
            return true;
        }
        *out_seed = plan->first + turn - plan->regressions.count;
    } while (*out_seed <= plan->last &&
             (is_listed(&plan->open, *out_seed) ||
              is_listed(&plan->regressions, *out_seed)));
    return *out_seed <= plan->last;
}

/* One of @plan's jobs. */
static void run_job(const struct plan *plan, int out)
{
    struct sim_totals totals = {.counts = {0}};
    uint64_t seed;

    sim_init(&sim);
    sim_memo_use(true);
    while (next_seed(plan, &seed)) {
        run_seed(plan, seed, &totals);
    }
    sim_deinit(&sim);
    sim_memo_use(false);
    if (write(out, &totals, sizeof totals) != (ssize_t)sizeof totals) {
        exit(EXIT_FAILURE);
    }
}

/* Start the jobs, wait for them, sum up; false if one failed. */
static bool run_jobs(const struct plan *plan, struct sim_totals *totals)
{
    int ends[2];
    bool good = pipe(ends) == 0;

    (void)fflush(stdout);
    for (unsigned job = 0; good && job < plan->jobs; job++) {
        pid_t pid = fork();

        if (pid == 0) {
            run_job(plan, ends[1]);
            exit(EXIT_SUCCESS);
        }
        good = pid > 0;
    }
    for (unsigned job = 0; job < plan->jobs; job++) {
        int status = EXIT_FAILURE;

        good = wait(&status) > 0 && status == 0 && good;
        if (WIFSIGNALED(status)) {
            printf("A job died of signal %d: run its seeds one by one.\n",
                   WTERMSIG(status));
        }
    }
    (void)close(ends[1]);
    for (unsigned job = 0; good && job < plan->jobs; job++) {
        struct sim_totals share;

        good = read(ends[0], &share, sizeof share) == (ssize_t)sizeof share;
        sim_totals_add(totals, &share);
    }
    (void)close(ends[0]);
    return good;
}

static void help(void)
{
    puts("Usage: tip_sim [--seeds FROM..TO | --seed N [--verbose]]\n"
         "               [--days 30] [--jobs 2] [--regressions FILE]\n"
         "               [--open FILE] [--clocks N]\n"
         "\n"
         "Runs 15 nodes and a hub through storms drawn from each seed, checks\n"
         "the invariants after every event, heals, and checks that everything\n"
         "has arrived everywhere. Seeds of --open are known to break and are\n"
         "left out. With --clocks, only one run with these\n"
         "clocks and without what depends on sizes: two such runs of a seed\n"
         "must be the same. tests/sim/README.md says more.");
}

static bool read_seeds(const char *text, struct plan *plan)
{
    char *end;

    plan->first = strtoull(text, &end, 10);
    if (end == text || strncmp(end, "..", 2) != 0) {
        return false;
    }
    text = end + 2;
    plan->last = strtoull(text, &end, 10);
    return end != text && *end == '\0' && plan->first <= plan->last;
}

static bool read_options(int argc, char **argv, struct plan *plan)
{
    static const struct option options[] = {
        {"seeds", required_argument, NULL, 's'},
        {"seed", required_argument, NULL, 'n'},
        {"clocks", required_argument, NULL, 'c'},
        {"days", required_argument, NULL, 'd'},
        {"jobs", required_argument, NULL, 'j'},
        {"regressions", required_argument, NULL, 'r'},
        {"open", required_argument, NULL, 'o'},
        {"verbose", no_argument, NULL, 'v'},
        {NULL, 0, NULL, 0}};
    bool good = true;
    int option;

    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        switch (option) {
        case 's':
            good = good && read_seeds(optarg, plan);
            break;
        case 'n':
            plan->first = plan->last = strtoull(optarg, NULL, 10);
            plan->is_single = true;
            break;
        case 'c':
            plan->clock_seed = strtoull(optarg, NULL, 10);
            plan->is_blind = true;
            break;
        case 'd':
            plan->days = strtoull(optarg, NULL, 10);
            break;
        case 'j':
            plan->jobs = (unsigned)strtoul(optarg, NULL, 10);
            break;
        case 'r':
            good = good && read_list(optarg, &plan->regressions);
            break;
        case 'o':
            good = good && read_list(optarg, &plan->open);
            break;
        case 'v':
            plan->is_verbose = true;
            break;
        default:
            return false;
        }
    }
    return good && optind == argc && plan->days > 0 && plan->jobs > 0 &&
           plan->jobs <= JOBS_MAX;
}

int main(int argc, char **argv)
{
    struct plan plan = {
        .first = 1, .last = 20, .days = DAYS_DEFAULT, .jobs = 1};
    struct sim_totals totals = {.counts = {0}};

    if (!read_options(argc, argv, &plan)) {
        help();
        return EXIT_FAILURE;
    }
    plan.taken = mmap(NULL, sizeof *plan.taken, PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (plan.taken == MAP_FAILED) {
        perror("mmap");
        return EXIT_FAILURE;
    }
    if (tip_seal_init() != TIP_OK || !run_jobs(&plan, &totals)) {
        return EXIT_FAILURE;
    }
    sim_totals_print(&totals);
    if (!plan.is_single && !sim_totals_are_complete(&totals) &&
        plan.last - plan.first + 1 >= SEEDS_WITH_EVERYTHING) {
        return EXIT_FAILURE;
    }
    printf("%.1f virtual years of offices and the hub.\n",
           (double)totals.counts[SIM_TOTAL_DAYS] / 365.25);
    name_open(&plan);
    printf("Seeds %" PRIu64 " to %" PRIu64 ": all invariants held.\n",
           plan.first, plan.last);
    return EXIT_SUCCESS;
}
