/*
 * Telling systemd how we are, without its library (sd_notify(3)).
 *
 * Every function does nothing when the program was not started by systemd, and
 * none can fail: a daemon does not stop because nobody listens.
 */
#ifndef TIP_NOTIFY_H
#define TIP_NOTIFY_H

void tip_notify_ready(void);
void tip_notify_stopping(void);

/** Say that the loop still turns; at least twice per WatchdogSec=. */
void tip_notify_watchdog(void);

#endif /* TIP_NOTIFY_H */
