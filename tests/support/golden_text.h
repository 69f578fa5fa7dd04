/*
 * What people and scripts are shown, kept as files: whoever changes an output
 * sees by how much, and so does whoever reads the commit.
 *
 * <name>.txt is what a terminal shows, notes below a line of its own;
 * <name>.json what --json gives. A test that is called with --write makes them
 * anew.
 */
#ifndef GOLDEN_TEXT_H
#define GOLDEN_TEXT_H

#include "printed.h"

/** Says something into a reply. */
typedef void golden_say_fn(struct tip_reply *reply, const void *what);

/** Is what @say says of @what, on a terminal of @columns and as JSON, what the
 * files <name>.* hold? Fails the test if not. */
void golden_text_check(struct printed *printed, const char *name,
                       size_t columns, golden_say_fn *say, const void *what);

/** Of main(): is --write given? */
void golden_text_begin(int argc, char **argv);

#endif /* GOLDEN_TEXT_H */
