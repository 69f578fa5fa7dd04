/*
 * Telling systemd how we are, without its library (sd_notify(3)).
 *
 * Every function does nothing when the program was not started by systemd, and
 * none can fail: a daemon does not stop because nobody listens.
 */
#ifndef TIP_NOTIFY_H
#define TIP_NOTIFY_H

#include <stdint.h>

void tip_notify_ready(void);
void tip_notify_stopping(void);

/** Say that the loop still turns; at least twice per tip_notify_watchdog_ms().
 */
void tip_notify_watchdog(void);

/** Show @text, one line without personal data, in `systemctl status`. */
void tip_notify_status(const char *text);

/** After how long without tip_notify_watchdog() systemd kills us; 0: never. */
uint64_t tip_notify_watchdog_ms(void);

#endif /* TIP_NOTIFY_H */
