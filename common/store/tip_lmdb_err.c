#include "tip_lmdb_err.h"

#include <errno.h>

#include <lmdb.h>

#include "tip_file.h"

static enum tip_err from_errno(int code)
{
    switch (code) {
    case EFBIG:
        return TIP_ESTORE_FULL;
    case EAGAIN:
    case EMFILE:
    case ENFILE:
        return TIP_EAGAIN;
    default:
        return tip_file_err(code);
    }
}

enum tip_err tip_lmdb_err(int code)
{
    switch (code) {
    case MDB_SUCCESS:
        return TIP_OK;
    case MDB_NOTFOUND:
        return TIP_ENOTFOUND;
    case MDB_KEYEXIST:
        return TIP_EINVAL;
    case MDB_MAP_FULL:
        return TIP_ESTORE_FULL;
    case MDB_TXN_FULL:
    case MDB_BAD_VALSIZE:
        return TIP_ETOOBIG;
    case MDB_READERS_FULL:
        return TIP_EAGAIN;
    case MDB_PANIC:
        return TIP_ESTORE_FAILED;
    case MDB_INVALID:
        return TIP_EMALFORMED;
    case MDB_VERSION_MISMATCH:
        return TIP_ESTORE_NEWER;
    /* The rest of LMDB's own codes is a file that contradicts itself. */
    case MDB_PAGE_NOTFOUND:
    case MDB_CORRUPTED:
    case MDB_DBS_FULL:
    case MDB_TLS_FULL:
    case MDB_CURSOR_FULL:
    case MDB_PAGE_FULL:
    case MDB_MAP_RESIZED:
    case MDB_INCOMPATIBLE:
    case MDB_BAD_RSLOT:
    case MDB_BAD_TXN:
    case MDB_BAD_DBI:
        return TIP_ESTORE_DAMAGED;
    default:
        return from_errno(code);
    }
}
