/* What the files of this folder share; nobody else includes it. */
#ifndef TIP_CONF_INTERNAL_H
#define TIP_CONF_INTERNAL_H

#include "tip_conf.h"

/** Note a problem of line @line of @where (0: of the whole). Text of the file
 * is never part of it, but for names that are only letters and digits. */
void tip_conf_problem(struct tip_conf *conf, const char *where, int line,
                      const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/** Take the line `name = text` of section @section, or note why not. */
void tip_conf_take(struct tip_conf *conf, const char *where, int line,
                   const char *section, const char *name, const char *text);

/** True when people keep secrets under such a name. */
bool tip_conf_name_is_secret(const char *name);

/** Hand every line of @text to tip_conf_take(), note what is not a line. */
void tip_conf_ini_parse(struct tip_conf *conf, const char *where,
                        struct tip_bytes text);

#endif /* TIP_CONF_INTERNAL_H */
