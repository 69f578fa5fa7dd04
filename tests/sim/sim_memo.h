/*
 * What need not be done twice.
 *
 * A frame that followed another still does, for a scrub too; what was opened,
 * unpacked or digested once gives the same again; two who agreed on a key still
 * have it; the tables of a codec are the same for all. Every frame is
 * sent to many and read again by every scrub, and every record compared on both
 * sides, so the linker puts this module before those functions (--wrap). They
 * are pure, and all they are given counts: what differs in one bit is done in
 * earnest.
 *
 * For a signature stands what only the same words of the same key give; what is
 * no such thing is refused by Ed25519 itself. Seeds that are run a
 * second time remember nothing, sign in earnest and must turn out the same.
 */
#ifndef SIM_MEMO_H
#define SIM_MEMO_H

#include <stdbool.h>

/** Remember from here on, or no more; forgets everything. */
void sim_memo_use(bool remembers);

#endif /* SIM_MEMO_H */
