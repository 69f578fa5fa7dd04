/* Private to common/store: what LMDB and the system say, in our words. */
#ifndef TIP_LMDB_ERR_H
#define TIP_LMDB_ERR_H

#include "tip_err.h"

/** Translate what an mdb_ function returned, or an errno: LMDB hands both
 * through the same int. 0 is TIP_OK. */
TIP_MUST_USE enum tip_err tip_lmdb_err(int code);

#endif /* TIP_LMDB_ERR_H */
