/* Internal: what of a restore must survive. */
#ifndef HUB_RECOVERY_ROW_H
#define HUB_RECOVERY_ROW_H

#include <stdbool.h>
#include <stdint.h>

/* Of a restore of the hub; one row. */
struct hub_recovery_row {
    uint64_t id;      /* Of the newest restore that was seen; 0: none. */
    bool is_open;     /* Commits wait for what offices hand back. */
    uint64_t follows; /* Newest commit of the generation before. */
    uint64_t started_ms;
};

/* What a restored hub waits for of a device; one row each while it does. */
struct hub_return_row {
    bool is_due;    /* There is such a row. */
    bool is_back;   /* It has handed back all it had. */
    uint64_t taken; /* Of its feed, before the restore. */
};

#endif /* HUB_RECOVERY_ROW_H */
