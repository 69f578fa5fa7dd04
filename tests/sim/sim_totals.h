/*
 * What happened in a run: operations, faults and checks, counted.
 *
 * A kind that never fired proves nothing; a long run fails if one is zero.
 */
#ifndef SIM_TOTALS_H
#define SIM_TOTALS_H

#include <stdbool.h>
#include <stdint.h>

/* name, what the run prints */
#define SIM_TOTALS_MAP(X)                                      \
    X(DAYS, "virtual days of an office")                       \
    X(EVENTS, "events")                                        \
    X(CHANGE_SETS, "change-sets acknowledged")                 \
    X(CREATIONS, "records created")                            \
    X(SHARED, "records of two offices")                        \
    X(EDITS, "edits")                                          \
    X(STILL_TRUE, "old forms saved, still true")               \
    X(STALE, "old forms refused, written meanwhile")           \
    X(TWO_RECORDS, "change-sets over two records")             \
    X(DELETIONS, "deletions")                                  \
    X(UNDELETIONS, "deletions taken back")                     \
    X(RESOLUTIONS, "conflicts resolved")                       \
    X(RESOLVED_APART, "conflicts decided in two ways at once") \
    X(TWINS, "cases written in two wilayas")                   \
    X(TWINS_JOINED, "cases of two wilayas joined")             \
    X(BURSTS, "imports in a burst")                            \
    X(HUB_EDITS, "edits of the secretariat")                   \
    X(DIRECTIVES, "directives to everybody")                   \
    X(FORBIDDEN, "edits of another's record, refused")         \
    X(ATTACHMENTS, "large values written")                     \
    X(FILES, "saves nearly as large as they may be")           \
    X(HANDED_ON, "records handed on")                          \
    X(TAKEN_ON, "offered records taken on")                    \
    X(DECLINED, "offered records declined")                    \
    X(RETURNS, "offices that came again")                      \
    X(REMOVALS, "offices removed by the secretariat")          \
    X(LEAVES, "offices that left by themselves")               \
    X(MANY_PARTS, "records that came in several parts")        \
    X(COPIES_GONE, "copies given up at once")                  \
    X(COPIES_KEPT, "copies kept for work under way")           \
    X(GONE_FORMS, "forms of records no longer held")           \
    X(LAST_HOLDERS, "last holders who could not leave")        \
    X(LATE_WORK, "work merged after its office was removed")   \
    X(HELD_OFFICES, "held back, contradicts who holds it")     \
    X(HELD_MEMBER, "held back, from before a return")          \
    X(HELD_BEHIND, "held back, behind another")                \
    X(HELD_QUOTA, "held back, beyond a day's budget")          \
    X(HELD_TOO_NEW, "held back, too new for the hub")          \
    X(HELD_PROGRAM, "held back, of a newer program")           \
    X(HELD_LIES, "held back, a lie")                           \
    X(LET_GO, "held back, let go again")                       \
    X(COUNTED, "changes counted against a budget")             \
    X(ACCEPTED, "held back, let in by a person")               \
    X(LOWERED, "let in beside what was written since")         \
    X(REFUSED, "held back, refused by a person")               \
    X(UNACCEPTABLE, "held back, nobody may let in")            \
    X(SAID_AGAIN, "removals the hub said again")               \
    X(REVERTS, "devices undone from a point on")               \
    X(REVERTS_AGAIN, "devices undone twice, no change")        \
    X(UNDONE, "values put back by that")                       \
    X(HIDDEN, "records hidden by that")                        \
    X(LEFT, "values left, others wrote there")                 \
    X(ERASURES, "records erased")                              \
    X(ERASED_ALONE, "erasures one person alone tried")         \
    X(ERASED_WORK, "change-sets destroyed, record erased")     \
    X(ERASED_FORMS, "forms of records that were erased")       \
    X(ERASED_LATE, "erasures over a week late at an office")   \
    X(PARALLEL, "writes in parallel")                          \
    X(LOSSES, "messages lost")                                 \
    X(REPEATS, "messages repeated")                            \
    X(REORDERINGS, "messages overtaken")                       \
    X(DELAYS, "messages over 5 s under way")                   \
    X(TAMPERINGS, "messages with a byte changed")              \
    X(PARTITIONS, "partitions")                                \
    X(HALF_PARTITIONS, "partitions of one direction")          \
    X(FLAPS, "lines that flap")                                \
    X(SILENCES, "silences over a week")                        \
    X(BLACK_HOLES, "messages too long for a line")             \
    X(SWIZZLES, "all lines cut one by one")                    \
    X(GARBAGE, "messages of garbage")                          \
    X(RESENT, "frames sent again after a cut")                 \
    X(FULL_LINKS, "links that took no more")                   \
    X(DROPS, "links dropped by a session")                     \
    X(RECONNECTIONS, "reconnections")                          \
    X(STICKS, "sticks that came to the hub")                   \
    X(STICK_FRAMES, "frames that came by stick first")         \
    X(STICK_FRAMES_AGAIN, "frames that came by stick too")     \
    X(STICKS_LATE, "sticks of which the hub had everything")   \
    X(STICKS_BACK, "sticks that came to an office")            \
    X(STICK_FRAMES_BACK, "frames of the hub by stick first")   \
    X(STICKS_SPOILT, "sticks with a byte changed")             \
    X(CRASHES, "crashes")                                      \
    X(CRASHES_IDLE, "crashes while idle")                      \
    X(CRASHES_UNFLUSHED, "crashes before flush")               \
    X(CRASHES_FLUSHED, "crashes between flush and pump")       \
    X(CRASHES_PUMPED, "crashes after pump")                    \
    X(CRASHES_LOST, "crashes in a commit, lost")               \
    X(CRASHES_KEPT, "crashes in a commit, kept")               \
    X(CRASHES_HUB, "crashes of the hub")                       \
    X(STOPS, "programs stopped for a while")                   \
    X(SLOW_DISKS, "commits that took seconds")                 \
    X(UNSAVED, "saves lost before they were acknowledged")     \
    X(COMMITS_FULL, "commits refused, disk full")              \
    X(DISKS_FULL, "disks full for hours")                      \
    X(FSYNCS_FAILED, "commits that failed, store recovered")   \
    X(DISKS_FAILED, "disks failed")                            \
    X(FLIPS, "records whose bytes flipped")                    \
    X(PAGES_LOST, "records whose page was lost")               \
    X(ROT_HEALED, "records that came again")                   \
    X(HUB_ROT, "records of the hub flipped or lost")           \
    X(FRAME_FLIPS, "frames whose bytes flipped")               \
    X(FRAMES_GONE, "frames whose page was lost")               \
    X(FRAMES_HEALED, "frames that came again")                 \
    X(FRAMES_NOWHERE, "frames lost for good, and told")        \
    X(BACKUPS, "backups of an office")                         \
    X(RESTORES, "offices put back to a backup")                \
    X(RESTORES_BOTH, "…that is older than the hub's restore")  \
    X(WENT_ON, "restored offices with another origin")         \
    X(LOST_WITH_DISK, "change-sets lost with a disk")          \
    X(RECALLED, "change-sets that came back")                  \
    X(WRITTEN_AGAIN, "saves before it went on, sent later")    \
    X(CLONES, "disks copied, both copies used")                \
    X(SWAPS, "machines with a copy swapped")                   \
    X(CHOSEN, "copies chosen by a person")                     \
    X(SCRAPPED, "copies that have handed in all")              \
    X(UPGRADES, "offices whose catalogue came late")           \
    X(UPGRADES_HUB, "hubs whose catalogue came late")          \
    X(PASSED_ON, "change-sets a catalogue did not know")       \
    X(PROGRAMS, "offices whose program came late")             \
    X(PROGRAMS_HUB, "hubs whose program came late")            \
    X(UNREAD_DOWN, "times an office could not read a frame")   \
    X(UNKNOWN_FIELDS, "saves a catalogue did not know")        \
    X(RETIRED, "devices lost, retired and replaced")           \
    X(RETIRED_TOO, "…in a seed that had lost one before")      \
    X(BOOTSTRAPPED, "records that came to a new device")       \
    X(LATE_FRAMES, "frames of a retired device by stick")      \
    X(LOST_WITH_DEVICE, "change-sets lost with a device")      \
    X(HUBS_PUT_BACK, "hubs put back to a backup")              \
    X(WENT_WITHOUT, "offices that one went on without")        \
    X(CAME_LATE, "…that came back later with work")            \
    X(TAKEN_UP, "commits lost with one, taken up again")       \
    X(GIVEN_ANEW, "commits nobody was told of, given anew")    \
    X(LOST_WITH_HUB, "work of a hub that was lost with it")    \
    X(SAVES_WAITED, "saves that waited for a copy")            \
    X(TAKEN_OVER, "offices taken over")                        \
    X(LIES_WORK, "lies: what it may write, stamps far off")    \
    X(LIES_BASE, "lies: to have seen what was not given")      \
    X(LIES_OTHERS, "lies: work in records of others")          \
    X(LIES_WORDS, "lies: words that are the hub's")            \
    X(LIES_NAMES, "lies: records named wrongly")               \
    X(LIES_LARGE, "lies: change-sets no node would save")      \
    X(LIES_VALUES, "lies: values that may not stand")          \
    X(LIES_FLOODS, "lies: floods")                             \
    X(LIES_FORKS, "lies: other work in the same place")        \
    X(LIES_REPLAYS, "lies: old frames again")                  \
    X(LIES_GAPS, "lies: frames behind a gap")                  \
    X(LIES_BODIES, "lies: bodies nobody can read")             \
    X(LIES_ELSEWHERE, "lies: frames that are not its own")     \
    X(LIES_GREETINGS, "lies: greetings")                       \
    X(LIES_RECEIPTS, "lies: receipts, and asking for repair")  \
    X(LIES_BY_STICK, "lies on a stick")                        \
    X(CLOCKS_1970, "clocks in 1970")                           \
    X(CLOCKS_2000, "clocks in 2000")                           \
    X(CLOCKS_HOUR, "clocks an hour off")                       \
    X(CLOCKS_STROBE, "clocks that jump to and fro")            \
    X(CLOCKS_2099, "clocks in 2099")                           \
    X(CLOCKS_FORWARD, "clocks set forward")                    \
    X(CLOCKS_BACK, "clocks set back")                          \
    X(CLOCKS_FROZEN, "clocks frozen")                          \
    X(CLOCKS_DRIFTING, "clocks that drift")                    \
    X(FUTURE_STAMPS, "stamps judged to be of the future")      \
    X(RECORD_CHECKS, "records compared with the oracle")       \
    X(FULL_CHECKS, "full checks")                              \
    X(REPEAT_CHECKS, "repeats that changed nothing")           \
    X(TAMPER_CHECKS, "tampered messages that did nothing")     \
    X(NONCES, "nonces, all different")                         \
    X(RECOUNTS, "figures recounted, equal")

enum sim_total {
#define SIM_TOTALS_ENUM(name, text) SIM_TOTAL_##name,
    SIM_TOTALS_MAP(SIM_TOTALS_ENUM)
#undef SIM_TOTALS_ENUM
        SIM_TOTAL_COUNT
};

struct sim_totals {
    uint64_t counts[SIM_TOTAL_COUNT];
};

void sim_totals_add(struct sim_totals *totals, const struct sim_totals *more);

/** Print one line per kind. */
void sim_totals_print(const struct sim_totals *totals);

/** Name the kinds that never fired; false if there is one. */
bool sim_totals_are_complete(const struct sim_totals *totals);

#endif /* SIM_TOTALS_H */
