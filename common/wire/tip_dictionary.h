/*
 * Internal: the dictionaries, as trained once and shipped for ever
 * (dictionary/README.md). The build makes the .c from the files.
 */
#ifndef TIP_DICTIONARY_H
#define TIP_DICTIONARY_H

#include "tip_bytes.h"

/** Static bytes, for bodies of nodes and of the hub. */
struct tip_bytes tip_dictionary_up(void);
struct tip_bytes tip_dictionary_down(void);

#endif /* TIP_DICTIONARY_H */
