/* Internal: each device as an administrator sees it. */
#ifndef HUB_DEVICES_H
#define HUB_DEVICES_H

#include "hub_engine_internal.h"

/** Keep what a device says of itself in its HELLO. */
void hub_devices_note(struct hub_device_status *said,
                      const struct tip_hello *hello);

#endif /* HUB_DEVICES_H */
