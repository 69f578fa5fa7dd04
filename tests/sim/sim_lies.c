/* Which lies a seed knows, and which of them is told. */
#include "sim_lies.h"

enum { UNKNOWN = 33 /* Percent of the seeds that do not know a lie. */ };

struct kind {
    bool (*tell)(struct sim *sim);
    uint32_t often;
    enum sim_total total;
};

static const struct kind kinds[] = {
#define SIM_LIES_ROW(name, often, total) \
    {sim_lie_##name, often, SIM_TOTAL_LIES_##total},
    SIM_LIES_MAP(SIM_LIES_ROW)
#undef SIM_LIES_ROW
};

enum { KIND_COUNT = sizeof kinds / sizeof *kinds };

_Static_assert(sizeof kinds / sizeof *kinds <= SIM_LIE_KINDS_MAX,
               "sim->liar.often is too small");

void sim_lies_draw(struct sim *sim)
{
    struct tip_prng *prng = &sim->streams[SIM_STREAM_LIES];

    for (size_t i = 0; i < KIND_COUNT; i++) {
        bool is_known = i == 0 || !tip_prng_chance(prng, UNKNOWN);

        sim->liar.often[i] = is_known ? kinds[i].often : 0;
    }
}

void sim_lies_tell(struct sim *sim)
{
    uint32_t sum = 0;
    uint32_t choice;
    size_t i = 0;

    for (size_t k = 0; k < KIND_COUNT; k++) {
        sum += sim->liar.often[k];
    }
    choice = tip_prng_below(&sim->streams[SIM_STREAM_LIES], sum);
    while (choice >= sim->liar.often[i]) {
        choice -= sim->liar.often[i++];
    }
    if (kinds[i].tell(sim)) {
        sim_count(sim, kinds[i].total);
    }
}
