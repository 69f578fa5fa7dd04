/* What each maker of seeds is given. */
#ifndef MAKE_CORPUS_H
#define MAKE_CORPUS_H

#include "tip_buf.h"
#include "tip_codec.h"
#include "tip_err.h"
#include "tip_store.h"
#include "wire_random.h"

/** One seed that is being made. */
struct seed {
    struct wire_random random;
    struct tip_prng prng;
    struct tip_codec *codec;
    uint64_t number;
    struct tip_buf buf;
};

/** One store of rows that is being made; whoever makes them returns an error.
 */
struct rows_seed {
    const char *name;
    enum tip_err (*put)(struct tip_txn *txn, struct tip_arena *arena);
};

/* make_rows_hub.c, make_rows_node.c: rows as the programs write them, by the
 * functions that do. A name that is NULL ends them. */
extern const struct rows_seed make_rows_hub[];
extern const struct rows_seed make_rows_node[];

/* make_carried.c: what is carried by hand or between processes. */
enum tip_err make_bundle(struct seed *seed);
enum tip_err make_letter(struct seed *seed);
enum tip_err make_seal_part(struct seed *seed);
enum tip_err make_link_talk(struct seed *seed);
enum tip_err make_control(struct seed *seed);

#endif /* MAKE_CORPUS_H */
