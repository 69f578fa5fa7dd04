/* Bodies as JSON, for a second implementation to compare with. Bytes and texts
 * are in hexadecimal. */
#ifndef WIRE_DUMP_H
#define WIRE_DUMP_H

#include <stdio.h>

#include "tip_frame.h"

void wire_dump_up(FILE *file, const struct tip_up_body *body);
void wire_dump_down(FILE *file, const struct tip_down_body *body);

#endif /* WIRE_DUMP_H */
