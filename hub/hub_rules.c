#include "hub_rules.h"

static bool is_enrolled(const struct hub_view *view)
{
    return view->has_device && !view->device.is_out;
}

static bool was_heard(const struct hub_view *view)
{
    return is_enrolled(view) && view->device.last_heard_ms != 0;
}

static bool is_never_enrolled(const struct hub_view *view, uint64_t limit)
{
    (void)limit;
    return !view->has_device && !view->is_forgotten;
}

static bool is_forgotten(const struct hub_view *view, uint64_t limit)
{
    (void)limit;
    return view->is_forgotten && !is_enrolled(view);
}

static bool is_revoked(const struct hub_view *view, uint64_t limit)
{
    (void)limit;
    return view->has_device && view->device.is_out && !view->device.is_retired;
}

static bool is_retired(const struct hub_view *view, uint64_t limit)
{
    (void)limit;
    return view->has_device && view->device.is_retired;
}

static bool is_never_seen(const struct hub_view *view, uint64_t limit)
{
    (void)limit;
    return is_enrolled(view) && view->device.last_heard_ms == 0;
}

static bool is_silent(const struct hub_view *view, uint64_t limit)
{
    return was_heard(view) && !view->device.is_live && view->contact_ms > limit;
}

static bool is_differing(const struct hub_view *view, uint64_t limit)
{
    (void)limit;
    return is_enrolled(view) && view->device.agreement == TIP_AGREEMENT_DIFFERS;
}

static bool is_unrepaired(const struct hub_view *view, uint64_t limit)
{
    return is_differing(view, limit) && !view->device.is_sent_again &&
           view->device.again_rounds >= HUB_REPAIR_ROUNDS_MAX;
}

static bool is_missing(const struct hub_view *view, uint64_t limit)
{
    (void)limit;
    return is_enrolled(view) && view->device.is_missing;
}

static bool is_ahead(const struct hub_view *view, uint64_t limit)
{
    (void)limit;
    return is_enrolled(view) && view->device.is_ahead;
}

static bool is_erased_there(const struct hub_view *view, uint64_t limit)
{
    (void)limit;
    return is_enrolled(view) && view->device.knows_erasure;
}

static bool is_copied(const struct hub_view *view, uint64_t limit)
{
    (void)limit;
    return is_enrolled(view) && view->device.is_copied;
}

static bool has_unsent(const struct hub_view *view, uint64_t limit)
{
    return is_enrolled(view) && view->device.copy_unsent > 0 &&
           !is_copied(view, limit);
}

static bool has_stray(const struct hub_view *view, uint64_t limit)
{
    return is_enrolled(view) && view->device.has_stray &&
           !is_copied(view, limit) && !has_unsent(view, limit);
}

/* That a copy was told so is said by the copies. */
static bool is_refused(const struct hub_view *view, uint64_t limit)
{
    (void)limit;
    return is_enrolled(view) && view->device.trouble != TIP_OK &&
           (view->device.trouble != TIP_ECLONE ||
            !(view->device.is_copied || view->device.has_stray));
}

static bool is_late(const struct hub_view *view, uint64_t limit)
{
    return was_heard(view) && view->device.waiting_count > 0 &&
           view->oldest_ms > limit;
}

static bool is_stuck(const struct hub_view *view, uint64_t limit)
{
    bool sends_nothing = is_late(view, limit) && view->useful_ms > limit;
    bool takes_nothing = is_enrolled(view) && view->device.unmoved_ms > limit;

    return view->device.is_live && (sends_nothing || takes_nothing);
}

static bool is_held(const struct hub_view *view, uint64_t limit)
{
    (void)limit;
    return view->quarantined > 0;
}

/* What waits behind another goes on with it. */
static bool is_parked(const struct hub_view *view, uint64_t limit)
{
    (void)limit;
    return view->held_for[TIP_HOLD_TOO_NEW] > 0 ||
           view->held_for[TIP_HOLD_PROGRAM] > 0;
}

static bool is_contested(const struct hub_view *view, uint64_t limit)
{
    return view->conflicts.count > 0 && view->conflicts.oldest_ms >= limit;
}

static bool is_clock_off(const struct hub_view *view, uint64_t limit)
{
    int64_t offset = view->device.clock_offset_ms;
    uint64_t size = offset < 0 ? 0 - (uint64_t)offset : (uint64_t)offset;

    return is_enrolled(view) && view->has_said &&
           size > limit + view->uncertainty_ms;
}

static bool keeps_erased(const struct hub_view *view, uint64_t limit)
{
    (void)limit;
    return is_enrolled(view) && view->device.health.keeps_erased;
}

/* It says so of itself. */
static bool is_told(const struct hub_view *view, uint32_t troubles)
{
    return is_enrolled(view) && (view->device.health.troubles & troubles) != 0;
}

/* One sentence for one thing. */
static bool is_full(const struct hub_view *view, uint64_t limit)
{
    return is_enrolled(view) && view->disk_permille > limit &&
           !is_told(view, tip_trouble_bit(TIP_TROUBLE_FULL));
}

static bool is_other_version(const struct hub_view *view, uint64_t limit)
{
    (void)limit;
    return is_enrolled(view) && view->has_said && view->is_other_version;
}

static bool is_other_catalogue(const struct hub_view *view, uint64_t limit)
{
    (void)limit;
    return is_enrolled(view) && view->has_said &&
           view->catalogue != view->hub_catalogue && view->device.is_caught_up;
}

static bool is_backup_old(const struct hub_view *view, uint64_t limit)
{
    return is_enrolled(view) && view->backup_age_ms > limit;
}

/* One sentence for one thing: not of one that is only old. */
static bool is_unverified(const struct hub_view *view, uint64_t limit)
{
    const struct tip_health *health = &view->device.health;

    return is_enrolled(view) && health->verified_ms < health->backup_ms &&
           (view->verified_age_ms > limit || health->verified_ms == 0);
}

static bool is_scrub_old(const struct hub_view *view, uint64_t limit)
{
    return is_enrolled(view) && view->scrub_age_ms > limit;
}

static bool is_power_bad(const struct hub_view *view, uint64_t limit)
{
    return is_enrolled(view) && view->device.health.cuts_day > limit;
}

#define SAID(trouble_) (UINT32_C(1) << TIP_TROUBLE_##trouble_)
#define SAID_NEWER     (~(SAID(COUNT) - 1)) /* By a newer program. */

const struct hub_rule hub_rules[HUB_AIL_COUNT] = {
    [HUB_FINE] = {"", "", NULL, HUB_LIMIT_NONE, false},
    [HUB_NEVER_ENROLLED] =
        {"never enrolled",
         "has no device yet: invite it with tiphub enrol invite, then approve "
         "its request",
         is_never_enrolled, HUB_LIMIT_NONE, false},
    [HUB_NEVER_SEEN] = {"never seen",
                        "was enrolled and never called: ask whether its node "
                        "runs, then whether it has a network",
                        is_never_seen, HUB_LIMIT_NONE, false},
    [HUB_SILENT] = {"silent",
                    "was not heard for longer than [link] silent: phone the "
                    "office; its work can come on a stick, by tipnode bundle "
                    "export",
                    is_silent, HUB_LIMIT_SILENT, false},
    [HUB_REVOKED] = {"revoked", "its device is revoked: invite it again",
                     is_revoked, HUB_LIMIT_NONE, true},
    [HUB_RETIRED] = {"retired",
                     "has no device, because its own was retired: invite "
                     "another with tiphub enrol invite",
                     is_retired, HUB_LIMIT_NONE, false},
    [HUB_DIFFERS] = {"differs",
                     "does not hold what the hub holds for it: run tipnode "
                     "verify there, then tiphub verify",
                     is_differing, HUB_LIMIT_NONE, false},
    [HUB_UNREPAIRED] = {"not repaired",
                        "was sent everything again, and it did not help: run "
                        "tipnode verify there, then tiphub resend OFFICE",
                        is_unrepaired, HUB_LIMIT_NONE, false},
    [HUB_MISSING] = {"not yet back",
                     "has not yet handed back what this hub lost when it was "
                     "restored: let it connect once, from anywhere; a stick "
                     "cannot bring that",
                     is_missing, HUB_LIMIT_NONE, false},
    [HUB_FORGOTTEN] =
        {"not known here",
         "got its device after the backup this hub was restored from, so the "
         "hub does not know it: restore a newer backup, if there is one; else "
         "keep its disk, where its work is, invite another device, and carry "
         "its records over with tipnode export and tipnode import",
         is_forgotten, HUB_LIMIT_NONE, false},
    [HUB_ERASED_THERE] = {"erased there",
                          "has erased a record of which this hub, since it was "
                          "restored, does not know that: see tipnode erase "
                          "list there, then tiphub erase request",
                          is_erased_there, HUB_LIMIT_NONE, false},
    [HUB_KEEPS_ERASED] = {"keeps erased",
                          "still has erased records in a store that a restore "
                          "put aside: let it remove the file that tipnode "
                          "status names there",
                          keeps_erased, HUB_LIMIT_NONE, false},
    [HUB_AHEAD] = {"ahead",
                   "has more than this hub ever gave: if the hub was put back "
                   "by hand, see tiphub recovery",
                   is_ahead, HUB_LIMIT_NONE, false},
    [HUB_REFUSED] = {"refused",
                     "said something the hub refused; the reason is under "
                     "trouble in tiphub nodes OFFICE",
                     is_refused, HUB_LIMIT_NONE, false},
    [HUB_COPIED] =
        {"two copies",
         "stands still, because two copies of its disk run: see tiphub clone "
         "show, ask which machine they work with, then tiphub clone choose",
         is_copied, HUB_LIMIT_NONE, false},
    [HUB_UNSENT] =
        {"copy unsent",
         "has a copy of its disk that was not chosen and has work that is not "
         "here: keep it, stop the other machine, then name the copy with "
         "tiphub clone choose and let it call",
         has_unsent, HUB_LIMIT_NONE, false},
    [HUB_STRAY] =
        {"copy not chosen",
         "has a copy of its disk that was not chosen and still runs: let that "
         "machine be switched off; if it is the one they work with, see tiphub "
         "clone show",
         has_stray, HUB_LIMIT_NONE, false},
    [HUB_STUCK] = {"stuck",
                   "is connected, but its work does not move, or it takes in "
                   "nothing: see trouble and disk in tiphub nodes OFFICE, and "
                   "ask what tipnode status says there",
                   is_stuck, HUB_LIMIT_WAITING, false},
    [HUB_WAITING] = {"work waits",
                     "has work that waits too long: check its line, or let it "
                     "come on a stick",
                     is_late, HUB_LIMIT_WAITING, false},
    [HUB_HELD] =
        {"held back",
         "has changes that wait for a decision: see tiphub held list, then "
         "held accept or held reject",
         is_held, HUB_LIMIT_NONE, false},
    [HUB_PARKED] = {"parked",
                    "wrote with a newer catalogue or program than the hub has; "
                    "it goes on by itself once that is here: publish the "
                    "catalogue, or upgrade the hub",
                    is_parked, HUB_LIMIT_NONE, false},
    [HUB_CONTESTED] = {"conflicts",
                       "has records that wait too long for a decision: see "
                       "tiphub conflicts list; those about identities only the "
                       "office can decide, so phone it",
                       is_contested, HUB_LIMIT_CONTESTED, false},
    [HUB_CLOCK] =
        {"clock",
         "has another time than the hub: let it set date and time, if "
         "its clock is wrong; nothing is lost meanwhile",
         is_clock_off, HUB_LIMIT_CLOCK, false},
    [HUB_FULL] = {"disk",
                  "its store is nearly full: free disk space there, or raise "
                  "[store] size",
                  is_full, HUB_LIMIT_FULL, false},
    [HUB_NO_ROOM] = {"cannot save",
                     "has no room for what is saved there or sent to it: free "
                     "disk space there, or raise [store] size",
                     .troubles = SAID(FULL)},
    [HUB_DISK] = {"disk fails",
                  "has a disk that did not keep what was written: let it run "
                  "tipnode backup create onto another disk, and change this "
                  "one soon",
                  .troubles = SAID(DISK)},
    [HUB_ROTTEN] =
        {"rotten",
         "has a disk that altered what is stored (see rotten in tiphub nodes "
         "OFFICE); what the hub still has of it is sent again. If this stays: "
         "once nothing waits there, let it stop tipnode, restore the "
         "newest backup that verifies onto a sound disk, and start",
         .troubles = SAID(ROTTEN)},
    [HUB_LOST] = {"lost records",
                  "had records that were gone or could not be read; they are "
                  "sent again, but let it look at its disk, and move to "
                  "another one if it happens again",
                  .troubles = SAID(LOST)},
    [HUB_STOPPED] = {"stopped",
                     "cannot go on with what the hub sent: upgrade it, if its "
                     "version is older; else ask what tipnode status says "
                     "there, and look at its journal",
                     .troubles = SAID(STOPPED)},
    [HUB_UNERASED] = {"not erased",
                      "cannot finish an erasure: ask what tipnode status says "
                      "there",
                      .troubles = SAID(ERASURE)},
    [HUB_TROUBLE] = {"trouble there",
                     "says that something is wrong there of which this hub "
                     "does not know: ask what tipnode status says there, then "
                     "upgrade the hub",
                     .troubles = SAID_NEWER},
    [HUB_VERSION] = {"version", "runs another version than the hub: upgrade it",
                     is_other_version, HUB_LIMIT_NONE, true},
    [HUB_CATALOGUE] = {"catalogue",
                       "uses another catalogue than the hub although it has "
                       "everything: restart its node, and look at its journal",
                       is_other_catalogue, HUB_LIMIT_NONE, true},
    [HUB_BACKUP] = {"backup",
                    "its newest backup is old: let it run tipnode backup "
                    "create",
                    is_backup_old, HUB_LIMIT_BACKUP, false},
    [HUB_UNVERIFIED] =
        {"unverified",
         "made backups that nobody read back, as those that go to standard "
         "output: let it run tipnode backup create FILE, onto another disk or "
         "stick",
         is_unverified, HUB_LIMIT_VERIFIED, false},
    [HUB_SCRUB] = {"scrub",
                   "has not read its whole store for long: let it run tipnode "
                   "verify",
                   is_scrub_old, HUB_LIMIT_SCRUB, false},
    [HUB_POWER] = {"power",
                   "loses power again and again: it needs a battery or an "
                   "electrician",
                   is_power_bad, HUB_LIMIT_POWER, false},
};

bool hub_rules_apply(enum hub_ail ail, const struct hub_view *view,
                     const uint64_t limits[HUB_LIMIT_COUNT])
{
    const struct hub_rule *rule = &hub_rules[ail];

    return rule->applies == NULL ? is_told(view, rule->troubles)
                                 : rule->applies(view, limits[rule->limit]);
}
