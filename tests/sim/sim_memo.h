/*
 * What need not be done twice.
 *
 * A signature that this process has made or checked is one; a digest it has
 * computed stays what it is; the tables of a codec are the same for all.
 * Together they are a half of a seed's time, since every frame is sent to many
 * and read again by every scrub, and every record compared on both sides, so
 * the linker puts this module before those functions (--wrap). What is not
 * remembered is done in earnest, so a changed byte is refused by Ed25519
 * itself; seeds that are run a second time remember nothing and must turn out
 * the same.
 */
#ifndef SIM_MEMO_H
#define SIM_MEMO_H

#include <stdbool.h>

/** Remember from here on, or no more; forgets everything. */
void sim_memo_use(bool remembers);

#endif /* SIM_MEMO_H */
