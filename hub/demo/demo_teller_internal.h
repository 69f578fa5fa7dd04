/* What the files of demo_teller share; nobody else includes it. */
#ifndef DEMO_TELLER_INTERNAL_H
#define DEMO_TELLER_INTERNAL_H

#include "demo_teller.h"

/** The story that is being told. */
struct demo_telling {
    struct demo_teller *teller;
    struct demo_draw *draw; /* The teller's. */
    struct demo_story *story;
    const struct demo_pattern *pattern;
    const struct tip_code *moughataa;
    int32_t opened; /* Day. */
    int helper;     /* Office that helps, or -1. */
    int suspect;    /* Place of the first suspect, or -1. */
    bool is_border; /* A frontier was crossed. */
    char origin[3]; /* Country it began in, if so. */
};

/** What later records ask about a victim. */
struct demo_victim {
    int place;
    int32_t identified;
    bool is_child;
};

/** A day between @from and today, mostly soon after @from. */
int32_t demo_telling_later(const struct demo_telling *telling, int32_t from,
                           int32_t within);

/** Put a word drawn from @words. */
void demo_telling_word(const struct demo_telling *telling, const char *field,
                       const char *words);

/** Put some of @words. */
void demo_telling_words(const struct demo_telling *telling, const char *field,
                        const char *words, uint32_t percent);

/** Put yes @percent times of a hundred, sometimes unknown, else no. */
void demo_telling_answer(const struct demo_telling *telling, const char *field,
                         uint32_t percent);

/** Put wilaya and moughataa. */
void demo_telling_where(const struct demo_telling *telling);

void demo_tell_suspect(struct demo_telling *telling, int of_case);
void demo_tell_victim(struct demo_telling *telling, int of_case,
                      struct demo_victim *out_victim);
/** A referral of @victim and the services it led to. */
void demo_tell_help(struct demo_telling *telling, int of_case,
                    const struct demo_victim *victim);

#endif /* DEMO_TELLER_INTERNAL_H */
