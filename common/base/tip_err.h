/*
 * Every way the project can refuse or fail.
 *
 * A code is an answer a person will see, so each has one plain sentence that
 * ends in the next step. Append only, inside the range of your folder: codes
 * stand in logs, exit messages and manuals, so a number keeps its meaning.
 */
#ifndef TIP_ERR_H
#define TIP_ERR_H

/* name, number, sentence; each folder adds to its own list. */

/* 1..99: base, io, posix */
#define TIP_ERR_MAP_BASE(X)                                                    \
    X(TIP_OK, 0, "Done.")                                                      \
    X(TIP_ENOMEM, 1, "Out of memory: close other programs and try again.")     \
    X(TIP_EMALFORMED, 2,                                                       \
      "The data is damaged or not ours, nothing was read: get it again.")      \
    X(TIP_ETOOBIG, 3, "This is larger than the limit: split it.")              \
    X(TIP_ENOTFOUND, 4, "There is no such entry: check the name or number.")   \
    X(TIP_EEXISTS, 5, "It exists already: choose another name or remove it.")  \
    X(TIP_EINVAL, 6, "A value is outside what is allowed: see the help.")      \
    X(TIP_EIO, 7, "The disk or a file failed: check the disk, then retry.")    \
    X(TIP_EACCESS, 8, "This account may not do that: ask your administrator.") \
    X(TIP_EAGAIN, 9, "Not ready yet: try again in a moment.")                  \
    X(TIP_ETIMEOUT, 10, "No answer in time: check the link, then try again.")  \
    X(TIP_ECANCELED, 11, "Stopped before it was finished: nothing changed.")   \
    X(TIP_EUNSUPPORTED, 12, "This version cannot do that: upgrade it.")        \
    X(TIP_ESKEW, 13, "A clock is too far ahead: set the date and time.")       \
    X(TIP_ENOTRUNNING, 14,                                                     \
      "The program is not running: start it, then try again.")                 \
    X(TIP_EEXPOSED, 15,                                                        \
      "Others may read this secret: make it yours alone with chmod 600.")      \
    X(TIP_EFOLDER, 16, "That is a folder: name a file.")

/* 100..199: store */
#define TIP_ERR_MAP_STORE(X)                                                  \
    X(TIP_ESTORE_FULL, 100,                                                   \
      "The store is full, nothing was saved: free disk space, then retry.")   \
    X(TIP_ESTORE_FAILED, 101,                                                 \
      "The disk failed, nothing more is saved: change the disk, then "        \
      "restart.")                                                             \
    X(TIP_ESTORE_DAMAGED, 102,                                                \
      "A stored value was altered: run verify, then restore from a backup.")  \
    X(TIP_ESTORE_BUSY, 103,                                                   \
      "Another program has this store open: stop it, then try again.")        \
    X(TIP_ESTORE_KEY, 104,                                                    \
      "This vault key does not open the store: use the key made with it.")    \
    X(TIP_ESTORE_NEWER, 105,                                                  \
      "A newer version wrote this store: upgrade this program.")              \
    X(TIP_ESTORE_WENT_BACK, 106,                                              \
      "The store is older than it was: treat it as restored from a backup.")  \
    X(TIP_ESTORE_VERSION, 107,                                                \
      "Another version wrote this store: go on with that version.")           \
    X(TIP_EBACKUP, 108,                                                       \
      "The backup is damaged or cut short, nothing was put in place: use "    \
      "another copy.")                                                        \
    X(TIP_EBACKUP_OTHER, 109,                                                 \
      "The backup is of another device: choose its own, or another folder.")  \
    X(TIP_EBACKUP_OLDER, 110,                                                 \
      "A newer backup is known: restore that one, or have a second person "   \
      "agree with --second-person.")                                          \
    X(TIP_EHOME_TAKEN, 111,                                                   \
      "There is a store here already: put it aside with --replace, or use "   \
      "another folder.")                                                      \
    X(TIP_EBACKUP_UNSENT, 112,                                                \
      "The store that is here holds work that is nowhere else: bring it in "  \
      "first with serve and sync --wait, or bundle export; or put it aside "  \
      "all the same with --leave-unsent.")                                    \
    X(TIP_EREADBACK, 113,                                                     \
      "The disk does not give back what was written to it, so the file was "  \
      "not kept: use another disk or stick.")                                 \
    X(TIP_ENOROOM, 114,                                                       \
      "There is no room left where this file was to go, so it was not kept: " \
      "free some, or use another disk or stick.")

/* 200..299: seal */
#define TIP_ERR_MAP_SEAL(X)                                                    \
    X(TIP_ESEAL_UNAVAILABLE, 200,                                              \
      "Encryption cannot start here: install libsodium again, then restart.")  \
    X(TIP_ESIGNATURE, 201,                                                     \
      "A signature does not match, nothing was taken: tell your "              \
      "administrator.")                                                        \
    X(TIP_EMAC, 202,                                                           \
      "A message is not from whom it claims, it was dropped: check the link.") \
    X(TIP_EUNSEAL, 203,                                                        \
      "This does not open with the keys held here: ask who sealed it.")        \
    X(TIP_EKEYFILE, 205,                                                       \
      "The key file is damaged or not ours: put back its copy.")               \
    X(TIP_ECREDENTIAL, 206,                                                    \
      "systemd passed no vault key: set LoadCredentialEncrypted=, or try "     \
      "it out with init --dev.")

/* 300..399: wire */
#define TIP_ERR_MAP_WIRE(X) \
    X(TIP_EDICTIONARY, 300, \
      "This was packed with a dictionary we lack: upgrade this version.")

/* 400..499: core */
#define TIP_ERR_MAP_CORE(X)                                               \
    X(TIP_EUNKNOWN_TYPE, 400,                                             \
      "The catalogue has no such type of record: see catalogue show.")    \
    X(TIP_EUNKNOWN_FIELD, 401,                                            \
      "The catalogue has no such field: see catalogue show TYPE.")        \
    X(TIP_EVALUE, 402,                                                    \
      "The value breaks a rule of its field: correct it and save again.") \
    X(TIP_EFORK, 403,                                                     \
      "This device was put back and lacks work it has sent: connect it, " \
      "and it fetches that and goes on.")                                 \
    X(TIP_ECHANGED, 404,                                                  \
      "Somebody wrote this meanwhile: look at both, then save again.")    \
    X(TIP_EPROTOCOL, 405,                                                 \
      "The peer broke the rules of the session: check its version.")      \
    X(TIP_EOFFICES, 406,                                                  \
      "A record is held by an office at least: add another first.")       \
    X(TIP_ECLONE, 407,                                                    \
      "Another copy of this disk runs: save nothing more here, and ask "  \
      "Nouakchott which goes on (tiphub clone show).")

/* 500..599: catalogue */
#define TIP_ERR_MAP_CATALOGUE(X)                                \
    X(TIP_ECATALOGUE, 500,                                      \
      "The catalogue has faults: correct the files as listed.") \
    X(TIP_EMAPPING, 501, "The mapping has faults: correct the file as listed.")

/* 600..699: link */
#define TIP_ERR_MAP_LINK(X)                                                    \
    X(TIP_ELINK_CHILD, 600,                                                    \
      "The link process did not start: see the log, then restart.")            \
    X(TIP_ELINK_ADDRESS, 601,                                                  \
      "The link cannot use this address: check address and port, and that no " \
      "other program has it.")                                                 \
    X(TIP_ELINK_OPTION, 602,                                                   \
      "This libzmq lacks a protection we need: install Debian's libzmq5.")     \
    X(TIP_EBUNDLE, 610,                                                        \
      "The bundle is damaged or cut short, nothing was taken: copy it again.") \
    X(TIP_EBUNDLE_OTHER, 611,                                                  \
      "The bundle is not for this device, or damaged: ask for the right one.") \
    X(TIP_EBUNDLE_GAP, 612,                                                    \
      "Something before this bundle is missing: export again with --all.")     \
    X(TIP_EBUNDLE_RESTORED, 613,                                               \
      "The hub was restored between this bundle and what is here: connect "    \
      "this office once, then ask for a new bundle.")

/* 700..799: conf, cli */
#define TIP_ERR_MAP_CONF(X)                                                 \
    X(TIP_EUSAGE, 700, "The command is not understood: see its --help.")    \
    X(TIP_ECONF, 701, "The configuration has an error: correct that line.") \
    X(TIP_EDAEMON_LOST, 702,                                                \
      "The program ended before it answered: see its log, then check what " \
      "was done.")

/* 800..899: table */
#define TIP_ERR_MAP_TABLE(X)                                                 \
    X(TIP_ETABLE_UTF8, 800,                                                  \
      "A cell is not UTF-8 text: save the file as CSV UTF-8, then retry.")   \
    X(TIP_ETABLE_QUOTE, 801,                                                 \
      "A quotation mark is missing or misplaced: double it inside a cell.")  \
    X(TIP_ETABLE_ROW, 802,                                                   \
      "A row is too large: look for a quotation mark that is never closed.") \
    X(TIP_ETABLE_JSON, 803,                                                  \
      "This is not well-formed JSON: correct it at the line that is named.")

/* 900..999: record */
#define TIP_ERR_MAP_RECORD(X)                                              \
    X(TIP_EDIVERGED, 900,                                                  \
      "This office and Nouakchott disagree about a record: call support "  \
      "before going on.")                                                  \
    X(TIP_EREASON, 901, "This needs a reason: say why, then try again.")   \
    X(TIP_ESEALED, 902,                                                    \
      "This is sealed for the offices of the record: ask one of them.")    \
    X(TIP_EOFFICE, 903,                                                    \
      "There is no such office: give the number or name of one.")          \
    X(TIP_EROWS, 904,                                                      \
      "Some rows were refused: correct those listed and import them.")     \
    X(TIP_EALLROWS, 905,                                                   \
      "Rows have faults, so nothing was imported: correct those listed.")  \
    X(TIP_ENOCONFLICT, 906,                                                \
      "Nothing waits for a decision there: look at the record again.")     \
    X(TIP_ENOREFERRAL, 907,                                                \
      "This record is not offered to this office: see referral list.")     \
    X(TIP_EERASED, 908,                                                    \
      "This record was erased by decision: nothing can be written to it.") \
    X(TIP_ERECORD_FULL, 909,                                               \
      "This record is full: shorten or blank something in it, or start "   \
      "another record.")                                                   \
    X(TIP_ERECORD_WAITS, 910,                                              \
      "Too many saves of this record wait for Nouakchott to add one: "     \
      "connect, or carry a bundle there and its answer back.")

/* 1000..1099: node */
#define TIP_ERR_MAP_NODE(X)                                                 \
    X(TIP_ENOT_ENROLLED, 1000,                                              \
      "This device is not enrolled: run enrol request, then enrol accept.") \
    X(TIP_EENROLLED, 1001,                                                  \
      "This device is enrolled already: start it, or use a new folder.")    \
    X(TIP_EAPPROVAL, 1002,                                                  \
      "This approval answers another request: send the newest request "     \
      "again.")                                                             \
    X(TIP_ESENT_AGAIN, 1003,                                                \
      "The hub is sending this record again, because the copy here is in "  \
      "doubt: it can be read, and edited once it has come.")

/* 1100..1199: hub */
#define TIP_ERR_MAP_HUB(X)                                                    \
    X(TIP_EINVITE_UNKNOWN, 1100,                                              \
      "This hub gave no such invitation: ask which hub gave it.")             \
    X(TIP_EINVITE_USED, 1101,                                                 \
      "The invitation was used already: make another one.")                   \
    X(TIP_EINVITE_EXPIRED, 1102,                                              \
      "The invitation has expired: make another one.")                        \
    X(TIP_EINVITE_BURNT, 1103,                                                \
      "The invitation is void after five wrong requests: make another one.")  \
    X(TIP_EINVITE_WRONG, 1104,                                                \
      "The request was not made with this invitation: ask the office for "    \
      "it again.")                                                            \
    X(TIP_EOFFICE_TAKEN, 1105,                                                \
      "This office has a device already: go on with it, or retire it.")       \
    X(TIP_EREGISTRAR, 1106,                                                   \
      "The registrar's key is not here: put its file back for this step.")    \
    X(TIP_ENO_ADDRESS, 1107,                                                  \
      "Nodes would not know where to call: set [link] public, or give "       \
      "--address.")                                                           \
    X(TIP_EDEMO, 1108, "The demo did not work: see the sentence above.")      \
    X(TIP_ENOT_HELD, 1109, "Nothing of that is held back: see held list.")    \
    X(TIP_EUNACCEPTABLE, 1110,                                                \
      "This cannot be accepted as it is: mend what held show says, or "       \
      "reject it and let the office write it again.")                         \
    X(TIP_EQUOTA, 1111,                                                       \
      "Too much of this device is held back to take in more: decide with "    \
      "held accept or held reject.")                                          \
    X(TIP_EHUB_BEHIND, 1112,                                                  \
      "The hub has less than it had: if its folder was put back from a "      \
      "copy, run tiphub recovery begin there.")                               \
    X(TIP_ERECOVERING, 1113,                                                  \
      "The hub takes back what it lost: wait for the offices, or run "        \
      "tiphub recovery finish.")                                              \
    X(TIP_ENOT_RECOVERING, 1114,                                              \
      "No recovery of the hub is open: there is nothing to finish.")          \
    X(TIP_ESAMEPERSON, 1115,                                                  \
      "Whoever asked for this cannot confirm it: another person must.")       \
    X(TIP_EDECIDED, 1116, "This was decided before: look at it again.")       \
    X(TIP_EHUB_FULL, 1117,                                                    \
      "The store in Nouakchott is full: go on working, all of it is kept "    \
      "here and goes later; tell the secretariat.")                           \
    X(TIP_EHUB_DISK, 1118,                                                    \
      "The disk in Nouakchott fails: go on working, all of it is kept here "  \
      "and goes later; tell the secretariat.")                                \
    X(TIP_EHUB_WAITS, 1119,                                                   \
      "So much of this office waits for a decision in Nouakchott that no "    \
      "more is taken in: go on working, and ask the secretariat to decide.")  \
    X(TIP_EFEED_LOST, 1120,                                                   \
      "The hub was restored to before this device went on, and no office "    \
      "could tell it: put back a newer backup of the hub, or retire it.")     \
    X(TIP_EHUB_TWICE, 1121,                                                   \
      "Another copy of this hub gave this office other numbers: stop one of " \
      "the two, retire this device there, and carry its records over.")

/* 1200..1299: figures */
#define TIP_ERR_MAP_FIGURES(X)                                            \
    X(TIP_EFIGURES_STALE, 1200,                                           \
      "The figures are of another catalogue: restart the hub to recount " \
      "them.")

#define TIP_ERR_MAP(X)       \
    TIP_ERR_MAP_BASE(X)      \
    TIP_ERR_MAP_STORE(X)     \
    TIP_ERR_MAP_SEAL(X)      \
    TIP_ERR_MAP_WIRE(X)      \
    TIP_ERR_MAP_CORE(X)      \
    TIP_ERR_MAP_CATALOGUE(X) \
    TIP_ERR_MAP_LINK(X)      \
    TIP_ERR_MAP_CONF(X)      \
    TIP_ERR_MAP_TABLE(X)     \
    TIP_ERR_MAP_RECORD(X)    \
    TIP_ERR_MAP_NODE(X)      \
    TIP_ERR_MAP_HUB(X)       \
    TIP_ERR_MAP_FIGURES(X)

enum tip_err {
#define TIP_ERR_ENUM(name, number, sentence) name = (number),
    TIP_ERR_MAP(TIP_ERR_ENUM)
#undef TIP_ERR_ENUM
};

/* Marks a function whose failure must not be dropped on the floor. */
#define TIP_MUST_USE __attribute__((warn_unused_result))

/** Return the static sentence for @err, never NULL. */
const char *tip_err_text(enum tip_err err);

/** Return the static name of @err, as in "TIP_EIO", never NULL. */
const char *tip_err_name(enum tip_err err);

#endif /* TIP_ERR_H */
