#include "tip_exit.h"

#include <stddef.h>

/* A table, not a switch: a new error code of any folder is a failure until
 * somebody says that scripts should tell it apart. */
static const struct {
    enum tip_err err;
    enum tip_exit code;
} special[] = {
    {TIP_OK, TIP_EXIT_OK},
    {TIP_EUSAGE, TIP_EXIT_USAGE},
    {TIP_EINVAL, TIP_EXIT_USAGE},
    {TIP_EFOLDER, TIP_EXIT_USAGE},
    {TIP_EVALUE, TIP_EXIT_USAGE},
    {TIP_EUNKNOWN_TYPE, TIP_EXIT_USAGE},
    {TIP_EUNKNOWN_FIELD, TIP_EXIT_USAGE},
    {TIP_EOFFICE, TIP_EXIT_USAGE},
    {TIP_EREASON, TIP_EXIT_USAGE},
    {TIP_ENOTFOUND, TIP_EXIT_NOT_FOUND},
    {TIP_ENOCONFLICT, TIP_EXIT_NOT_FOUND},
    {TIP_EACCESS, TIP_EXIT_REFUSED},
    {TIP_ENOTRUNNING, TIP_EXIT_NOT_RUNNING},
    {TIP_ETIMEOUT, TIP_EXIT_TIMEOUT},
    {TIP_EMALFORMED, TIP_EXIT_INTEGRITY},
    {TIP_ESTORE_DAMAGED, TIP_EXIT_INTEGRITY},
    {TIP_EBACKUP, TIP_EXIT_INTEGRITY},
    {TIP_EBACKUP_OTHER, TIP_EXIT_REFUSED},
    {TIP_EBACKUP_OLDER, TIP_EXIT_REFUSED},
    {TIP_EHOME_TAKEN, TIP_EXIT_REFUSED},
    {TIP_EBUNDLE, TIP_EXIT_INTEGRITY},
    {TIP_EBUNDLE_OTHER, TIP_EXIT_REFUSED},
    {TIP_ESEALED, TIP_EXIT_REFUSED},
    {TIP_ECHANGED, TIP_EXIT_CONFLICT},
    {TIP_EINVITE_UNKNOWN, TIP_EXIT_REFUSED},
    {TIP_EINVITE_USED, TIP_EXIT_REFUSED},
    {TIP_EINVITE_EXPIRED, TIP_EXIT_REFUSED},
    {TIP_EINVITE_BURNT, TIP_EXIT_REFUSED},
    {TIP_EINVITE_WRONG, TIP_EXIT_REFUSED},
    {TIP_ESTORE_FULL, TIP_EXIT_FULL},
    {TIP_ECANCELED, TIP_EXIT_STOPPED},
};

enum tip_exit tip_exit_of(enum tip_err err)
{
    for (size_t i = 0; i < sizeof special / sizeof *special; i++) {
        if (special[i].err == err) {
            return special[i].code;
        }
    }
    return TIP_EXIT_FAILURE;
}

enum tip_exit tip_exit_from_number(unsigned number)
{
    switch (number) {
#define TIP_EXIT_CASE(name, number_, meaning) \
    case number_:                             \
        return name;
        TIP_EXIT_MAP(TIP_EXIT_CASE)
#undef TIP_EXIT_CASE
    }
    return TIP_EXIT_FAILURE;
}
