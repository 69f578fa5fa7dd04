/*
 * Every way the project can refuse or fail.
 *
 * A code is an answer a person will see, so each has one plain sentence that
 * ends in the next step. Append only, inside the range of your folder: codes
 * stand in logs, exit messages and manuals, so a number keeps its meaning.
 */
#ifndef TIP_ERR_H
#define TIP_ERR_H

/* name, number, sentence */
#define TIP_ERR_MAP(X)                                                         \
    X(TIP_OK, 0, "Done.")                                                      \
    /* 1..99 base, io, posix */                                                \
    X(TIP_ENOMEM, 1, "Out of memory: close other programs and try again.")     \
    X(TIP_EMALFORMED, 2, "The data is damaged or not ours: nothing was read.") \
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
    /* 100..199 store */                                                       \
    X(TIP_ESTORE_FULL, 100,                                                    \
      "The store is full, nothing was saved: free disk space, then retry.")    \
    X(TIP_ESTORE_FAILED, 101,                                                  \
      "The disk failed, nothing more is saved: change the disk, then "         \
      "restart.")                                                              \
    X(TIP_ESTORE_DAMAGED, 102,                                                 \
      "A stored value was altered: run verify, then restore from a backup.")   \
    /* 700..799 conf, cli */                                                   \
    X(TIP_EUSAGE, 700, "The command is not understood: see its --help.")       \
    X(TIP_ECONF, 701, "The configuration has an error: correct that line.")    \
    X(TIP_EDAEMON_LOST, 702,                                                   \
      "The program ended before it answered: see its log, then check what "    \
      "was done.")                                                             \
    /* 800..899 table */                                                       \
    X(TIP_ETABLE_UTF8, 800,                                                    \
      "A cell is not UTF-8 text: save the file as CSV UTF-8, then retry.")     \
    X(TIP_ETABLE_QUOTE, 801,                                                   \
      "A quotation mark is missing or misplaced: double it inside a cell.")    \
    X(TIP_ETABLE_ROW, 802,                                                     \
      "A row is too large: look for a quotation mark that is never closed.")   \
    X(TIP_ETABLE_JSON, 803,                                                    \
      "This is not well-formed JSON: correct it at the line that is named.")

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
