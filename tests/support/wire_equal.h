/* Is what came back what went in? */
#ifndef WIRE_EQUAL_H
#define WIRE_EQUAL_H

#include <stdbool.h>

#include "tip_frame.h"
#include "tip_record.h"
#include "tip_session.h"

bool wire_equal_set(const struct tip_change_set *a,
                    const struct tip_change_set *b);
bool wire_equal_up(const struct tip_up_body *a, const struct tip_up_body *b);
bool wire_equal_item(const struct tip_item *a, const struct tip_item *b);
bool wire_equal_checkpoint(const struct tip_checkpoint *a,
                           const struct tip_checkpoint *b);
bool wire_equal_down(const struct tip_down_body *a,
                     const struct tip_down_body *b);
bool wire_equal_record(const struct tip_record *a, const struct tip_record *b);
bool wire_equal_header(const struct tip_frame_header *a,
                       const struct tip_frame_header *b);
bool wire_equal_message(const struct tip_message *a,
                        const struct tip_message *b);

#endif /* WIRE_EQUAL_H */
