#include "tip_intake.h"

#include <string.h>

enum tip_err tip_intake_take(struct tip_intake *intake,
                             struct tip_request *request,
                             struct tip_bytes *out_file)
{
    struct tip_input input;
    enum tip_err err;

    while ((err = tip_request_input(request, &input)) == TIP_OK) {
        if (input.bytes.size > sizeof intake->memory - intake->size) {
            return TIP_ETOOBIG;
        }
        if (input.bytes.size != 0) {
            memcpy(intake->memory + intake->size, input.bytes.data,
                   input.bytes.size);
            intake->size += input.bytes.size;
        }
    }
    if (err != TIP_ENOTFOUND) {
        return err;
    }
    *out_file = tip_bytes(intake->memory, intake->size);
    return TIP_OK;
}
