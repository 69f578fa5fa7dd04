#include "tip_words.h"

static const char *const holds[] = {
    [TIP_HOLD_NONE] = "not held",
    [TIP_HOLD_BEHIND] = "waits behind an earlier change to the same record",
    [TIP_HOLD_TOO_NEW] =
        "uses a newer catalogue than the hub has: publish it there",
    [TIP_HOLD_BASE] =
        "claims to have seen what it was not given: an administrator decides",
    [TIP_HOLD_MEMBER] =
        "this office did not hold the record then: an administrator decides",
    [TIP_HOLD_VALUE] =
        "breaks a rule of the hub's catalogue: correct the record",
    [TIP_HOLD_ORDER] =
        "later work of this device is in already: an administrator decides",
    [TIP_HOLD_CHANNEL] = "writes what only the hub may write: undo it",
    [TIP_HOLD_REVOKED] =
        "was made by a device that is revoked: an administrator decides",
    [TIP_HOLD_TOO_LARGE] = ("would make the record too large: make room in it, "
                            "then an administrator decides"),
    [TIP_HOLD_OFFICES] =
        "others decided otherwise who holds it: an administrator decides",
    [TIP_HOLD_QUOTA] = ("is more than one device may delete, overwrite or send "
                        "in a day: an administrator decides"),
    [TIP_HOLD_PROGRAM] =
        "was made by a newer version than the hub has: upgrade the hub",
};

static const struct {
    const char *code;
    const char *words;
} causes[TIP_LINK_CAUSE_COUNT] = {
    [TIP_LINK_CAUSE_NONE] = {"none", "no attempt has ended yet"},
    [TIP_LINK_CAUSE_NO_ROUTE] =
        {"no-answer",
         "nobody answers at the hub's address: check network and address"},
    [TIP_LINK_CAUSE_NOT_ADMITTED] =
        {"not-admitted",
         "the hub does not admit this device: ask whether it was revoked"},
    [TIP_LINK_CAUSE_HANDSHAKE] =
        {"cut-off", "cut off while keys were exchanged: a very poor line, or a "
                    "wrong key"},
    [TIP_LINK_CAUSE_PROTOCOL] =
        {"not-the-hub",
         "something else answers at the hub's address: is it a login page?"},
    [TIP_LINK_CAUSE_LOST] = {"lost", "the connection broke; it is tried again"},
    [TIP_LINK_CAUSE_REPLACED] =
        {"replaced",
         "the same device connected again: is there a second copy of it?"},
    [TIP_LINK_CAUSE_DROPPED] = {"dropped", "cut off here; it may come again"},
    [TIP_LINK_CAUSE_MISBEHAVED] =
        {"misbehaved",
         "cut off because it broke a rule of the link: check its version"},
    [TIP_LINK_CAUSE_RESTARTED] =
        {"restarted", "our link process was started again; it connects anew"},
};

const char *tip_hold_words(enum tip_hold reason)
{
    enum { COUNT = sizeof holds / sizeof *holds };

    return (unsigned)reason < COUNT
               ? holds[reason]
               : "for a reason this version does not know: upgrade it";
}

const char *tip_agreement_word(enum tip_agreement agreement)
{
    switch (agreement) {
    case TIP_AGREEMENT_UNKNOWN:
        return "unknown";
    case TIP_AGREEMENT_EQUAL:
        return "equal";
    case TIP_AGREEMENT_DIFFERS:
        return "differs";
    }
    return "unknown";
}

const char *tip_cause_words(enum tip_link_cause cause)
{
    return (unsigned)cause < TIP_LINK_CAUSE_COUNT ? causes[cause].words
                                                  : "unknown";
}

const char *tip_cause_code(enum tip_link_cause cause)
{
    return (unsigned)cause < TIP_LINK_CAUSE_COUNT ? causes[cause].code
                                                  : "unknown";
}
