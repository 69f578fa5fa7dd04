/*
 * Names of people who do not exist: common given names of the region, put
 * together by chance, in Latin and Arabic script.
 *
 * The lists are short and of the commonest names on purpose: nobody can be
 * recognised in them.
 */
#ifndef DEMO_NAMES_H
#define DEMO_NAMES_H

#include <stdbool.h>

#include "demo_draw.h"

/* How a family names its people. */
enum demo_custom {
    DEMO_CUSTOM_MOOR,   /* Son or daughter of: Ould, Mint. */
    DEMO_CUSTOM_VALLEY, /* Pulaar, Soninke and Wolof family names. */
    DEMO_CUSTOM_ABROAD  /* From the countries south and east. */
};

/** The same name in two scripts; static text. */
struct demo_name {
    const char *latin;
    const char *ar;
};

/** A person. Plain data. */
struct demo_person {
    struct demo_name given;
    struct demo_name father;
    struct demo_name grandfather;
    struct demo_name family;
    const char *link_latin; /* "Ould ", "Mint " or "". */
    const char *link_ar;
};

/** Draw a man or a woman. */
void demo_person_draw(struct demo_draw *draw, enum demo_custom custom,
                      bool is_male, struct demo_person *out_person);

#endif /* DEMO_NAMES_H */
