/* LMDB as it comes, without seal, count, reserve or blocks given ahead: what
 * bench_store compares the store with. Ends the program on any error. */
#ifndef PLAIN_LMDB_H
#define PLAIN_LMDB_H

#include <stdbool.h>
#include <stdint.h>

#include "tip_bytes.h"

struct plain_lmdb;

/** Open a new file @path with room for @limit_bytes. */
struct plain_lmdb *plain_lmdb_open(const char *path, uint64_t limit_bytes);
void plain_lmdb_close(struct plain_lmdb *plain);

void plain_lmdb_begin(struct plain_lmdb *plain, bool writes);
void plain_lmdb_commit(struct plain_lmdb *plain);
void plain_lmdb_put(struct plain_lmdb *plain, uint64_t hi, uint64_t lo,
                    struct tip_bytes value, bool at_end);

/** Read the first and last byte of the value; returns their sum. */
unsigned int plain_lmdb_get(struct plain_lmdb *plain, uint64_t hi, uint64_t lo);

#endif /* PLAIN_LMDB_H */
