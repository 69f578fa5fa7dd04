/*
 * Tells the stories of one office: believable cases, each different, the same
 * ones again for the same seed.
 *
 * Everything is made up. Names are common given names put together by chance,
 * telephone and identity numbers begin with zeros that nobody has. The stories
 * are in the national catalogue and follow its rules; tests check every one.
 */
#ifndef DEMO_TELLER_H
#define DEMO_TELLER_H

#include "demo_draw.h"
#include "demo_pattern.h"
#include "demo_story.h"
#include "tip_catalogue.h"
#include "tip_err.h"

/** Whose stories; borrowed. */
struct demo_teller_opts {
    const struct tip_catalogue *catalogue; /* The national one. */
    uint64_t seed;
    uint32_t office;       /* 0 is the committee of MR01, and so on. */
    uint32_t office_count; /* Helpers are among these. */
    int32_t today;         /* Days since 1970-01-01. Nothing is later. */
};

/** Caller-allocated; owns nothing. */
struct demo_teller {
    struct demo_teller_opts opts;
    struct demo_draw draw;
    const struct tip_code *wilaya;
    const struct tip_list *moughataas;
    uint32_t case_count;
};

/** TIP_EUNSUPPORTED: the catalogue is not the national one. */
TIP_MUST_USE enum tip_err demo_teller_init(struct demo_teller *teller,
                                           const struct demo_teller_opts *opts);

/** Tell the next story into @out_story, which it replaces. */
void demo_teller_tell(struct demo_teller *teller, struct demo_story *out_story);

/** The name of wilaya @office of @catalogue in @language ("fr"); borrowed. */
struct tip_bytes demo_wilaya_name(const struct tip_catalogue *catalogue,
                                  uint32_t office, const char *language);

#endif /* DEMO_TELLER_H */
