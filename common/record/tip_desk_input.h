/* What a person typed for a field: "age=12", "acts+=recruit", "acts-=move",
 * "age=" (make it blank). */
#ifndef TIP_DESK_INPUT_H
#define TIP_DESK_INPUT_H

#include "tip_bytes.h"
#include "tip_err.h"

enum tip_desk_op {
    TIP_DESK_PUT,   /* field=value; of a set: exactly these elements. */
    TIP_DESK_ADD,   /* field+=code: sets only. */
    TIP_DESK_REMOVE /* field-=code: sets only. */
};

/** Borrows. Texts are what tip_field_text.h reads. */
struct tip_desk_input {
    struct tip_bytes field; /* Its name. */
    enum tip_desk_op op;
    struct tip_bytes value;
};

/** Split one word; TIP_EINVAL: it has no "=", or nothing before it. */
TIP_MUST_USE enum tip_err
tip_desk_input_parse(struct tip_bytes word, struct tip_desk_input *out_input);

#endif /* TIP_DESK_INPUT_H */
