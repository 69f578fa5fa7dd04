/*
 * Is what the engine keeps in its store what it must be?
 */
#ifndef HUB_CHECK_H
#define HUB_CHECK_H

#include "hub_engine.h"
#include "tip_inspect.h"

/** Check records, their history, every device's feed and every channel, signed
 * by @own, and what each office holds. What is found is told by @check. */
TIP_MUST_USE enum tip_err
hub_check(struct tip_inspect *check, const struct tip_sign_public *own,
          const struct tip_operational_secret *ref_secret);

#endif /* HUB_CHECK_H */
