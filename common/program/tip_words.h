/* Reasons as sentences a person can act on. */
#ifndef TIP_WORDS_H
#define TIP_WORDS_H

#include "tip_frame.h"
#include "tip_link.h"
#include "tip_session.h"

/** Why a change-set waits at the hub, and what to do. Static. */
const char *tip_hold_words(enum tip_hold reason);

/** Does an office hold what the hub believes it does? One word. Static. */
const char *tip_agreement_word(enum tip_agreement agreement);

/** Why a peer is not connected, and what to do. Static. The code is for scripts
 * and never changes. */
const char *tip_cause_words(enum tip_link_cause cause);
const char *tip_cause_code(enum tip_link_cause cause);

#endif /* TIP_WORDS_H */
