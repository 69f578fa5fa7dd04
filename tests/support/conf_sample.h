/* A table with a key of every type, and a configuration made from it. */
#ifndef CONF_SAMPLE_H
#define CONF_SAMPLE_H

#include "tip_conf.h"

enum { DIR_KEY, LANGUAGE, POLL, RETRY, ROOM, STRICT, WEATHER, LISTEN, KEYS };

static const struct tip_conf_key keys[KEYS] = {
    [DIR_KEY] = {"node",
                 "dir",
                 {.type = TIP_SPEC_PATH},
                 "/var/lib/tip",
                 "Folder of the store."},
    [LANGUAGE] = {"node",
                  "language",
                  {.type = TIP_SPEC_TEXT, .min = 0, .max = 8},
                  "",
                  "Language of the pages."},
    [POLL] = {"sync",
              "poll",
              {.type = TIP_SPEC_DURATION, .min = 1000, .max = 86400000},
              "5 min",
              "How often a silent link is tried. Shorter costs money."},
    [RETRY] = {"sync",
               "retries",
               {.type = TIP_SPEC_INTEGER, .min = 1, .max = 8, .unit = "tries"},
               "3",
               "How often a frame is sent."},
    [ROOM] = {"store",
              "size",
              {.type = TIP_SPEC_SIZE, .min = 1 << 20, .max = INT64_C(1) << 40},
              "8 GiB",
              "Most the store may grow to."},
    [STRICT] = {"store",
                "strict",
                {.type = TIP_SPEC_BOOLEAN},
                "yes",
                "Whether - for \"tests\" - every page is checked."},
    [WEATHER] = {"demo",
                 "weather",
                 {.type = TIP_SPEC_CHOICE, .choices = "calm|stormy|blackout"},
                 "calm",
                 "How the links behave."},
    [LISTEN] = {"hub",
                "listen",
                {.type = TIP_SPEC_ENDPOINTS, .min = 0, .max = 4},
                "*:7070",
                "Addresses to listen on."},
};
static const struct tip_conf_table table = {keys, KEYS};

struct conf_sample {
    struct tip_conf conf;
    char text[16 * 1024]; /* For what is printed. */
};

static inline int conf_sample_setup(void **state)
{
    static struct conf_sample f;

    tip_conf_init(&f.conf, &table);
    *state = &f;
    return 0;
}

static inline int conf_sample_teardown(void **state)
{
    struct conf_sample *f = *state;

    tip_conf_deinit(&f->conf);
    return 0;
}

static inline enum tip_err conf_sample_load(struct conf_sample *f,
                                            const char *text)
{
    return tip_conf_load(&f->conf, "node.conf", tip_bytes_text(text));
}

#endif /* CONF_SAMPLE_H */
