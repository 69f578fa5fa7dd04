/*
 * Everything of common/wire that has bytes, in one table: a rule that all of it
 * keeps is one test (unit/test_wire_forms.c).
 */
#ifndef WIRE_FORMS_H
#define WIRE_FORMS_H

#include "tip_buf.h"
#include "tip_codec.h"
#include "wire_random.h"

enum { WIRE_FORM_COUNT = 11 };

/** What a form is read and written with. All is borrowed. */
struct wire_desk {
    struct tip_codec *codec; /* Of level 0: nothing is compressed. */
    struct tip_arena *arena; /* What is read is in it. */
};

/** One thing that has bytes. */
struct wire_form {
    const char *name;
    /** Append the bytes of a random one to @buf; what it is made of is in the
     * arena of @random. */
    void (*make)(const struct wire_desk *desk, struct wire_random *random,
                 struct tip_buf *buf);
    /** Read @bytes and, *out_is_read, append what they say to @buf. */
    enum tip_err (*again)(const struct wire_desk *desk, struct tip_bytes bytes,
                          struct tip_buf *buf, bool *out_is_read);
};

extern const struct wire_form wire_forms[WIRE_FORM_COUNT];

#endif /* WIRE_FORMS_H */
