#include "tip_intake.h"

#include <stdlib.h>
#include <string.h>

#include "tip_secret.h"

enum { FIRST_BYTES = 16 * 1024 };

static void release(uint8_t *memory, size_t size)
{
    if (memory != NULL) {
        tip_secret_wipe(memory, size);
        free(memory);
    }
}

/* Have room for @size bytes, in twice the room: never realloc(), which leaves
 * behind what it has moved. */
static enum tip_err make_room(struct tip_intake *intake, size_t size)
{
    size_t capacity = FIRST_BYTES + 2 * size;
    uint8_t *memory;

    if (intake->memory != NULL && size <= intake->capacity) {
        return TIP_OK;
    }
    memory = malloc(capacity);
    if (memory == NULL) {
        return TIP_ENOMEM;
    }
    if (intake->memory != NULL) {
        memcpy(memory, intake->memory, intake->size);
    }
    release(intake->memory, intake->size);
    intake->memory = memory;
    intake->capacity = capacity;
    return TIP_OK;
}

static enum tip_err append(struct tip_intake *intake, struct tip_bytes piece)
{
    enum tip_err err = make_room(intake, intake->size + piece.size);

    if (err == TIP_OK && piece.size != 0) {
        memcpy(intake->memory + intake->size, piece.data, piece.size);
        intake->size += piece.size;
    }
    return err;
}

enum tip_err tip_intake_take(struct tip_intake *intake,
                             struct tip_request *request, size_t size_max,
                             struct tip_bytes *out_file)
{
    struct tip_input input;
    enum tip_err err;

    while ((err = tip_request_input(request, &input)) == TIP_OK) {
        if (input.bytes.size > size_max - intake->size) {
            return TIP_ETOOBIG;
        }
        err = append(intake, input.bytes);
        if (err != TIP_OK) {
            return err;
        }
    }
    if (err != TIP_ENOTFOUND) {
        return err;
    }
    *out_file = tip_bytes(intake->memory, intake->size);
    return TIP_OK;
}

void tip_intake_deinit(struct tip_intake *intake)
{
    release(intake->memory, intake->size);
    *intake = (struct tip_intake){.size = 0};
}
