/*
 * Devices that this hub has forgotten: enrolled after the backup it was
 * restored from, as the control log says that offices handed back.
 *
 * Their keys are in the log, the secret of their office is not, so they must be
 * enrolled anew; until then nobody hears them.
 */
#ifndef HUB_FORGOTTEN_H
#define HUB_FORGOTTEN_H

#include "hub_engine.h"

/** The next one behind entry *@position of the log, which starts at 0 and is
 * moved: its office. TIP_ENOTFOUND: no more. */
TIP_MUST_USE enum tip_err hub_engine_next_forgotten(struct hub_engine *engine,
                                                    uint64_t *position,
                                                    uint32_t *out_office);

#endif /* HUB_FORGOTTEN_H */
