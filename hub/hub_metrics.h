/*
 * How the hub and its offices are, as a Prometheus text file: what `status` and
 * `nodes` say, for who has a monitor already.
 *
 * Offices are told apart by number alone. Nothing in it says what records are
 * about, nor how many there are of a kind: such counts single people out.
 */
#ifndef HUB_METRICS_H
#define HUB_METRICS_H

#include "hub_report.h"
#include "tip_buf.h"

enum { HUB_METRICS_BYTES_MAX = 2 * 1024 * 1024 }; /* For HUB_ORIGINS_MAX. */

/** Write all of @report into @out, whose error is sticky. What is not known is
 * left out. */
void hub_metrics_put(struct tip_buf *out, const struct hub_report *report);

#endif /* HUB_METRICS_H */
