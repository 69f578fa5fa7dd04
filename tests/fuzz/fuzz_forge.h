/* Session messages of a side that was taken over, made of an input. */
#ifndef FUZZ_FORGE_H
#define FUZZ_FORGE_H

#include "forge.h"
#include "fuzz.h"
#include "fuzz_part.h"
#include "tip_wire_session.h"

enum { FUZZ_FORGE_ARENA_BYTES = 1 << 17, FUZZ_FORGE_BODY_BYTES = 8 << 10 };

/** Say the message whose bytes @rest begins with, under the session's key.
 * False: it is none, or nothing can be said yet. */
static inline bool fuzz_forge_say(struct forge *forge, struct tip_talk *talk,
                                  struct tip_bytes *rest)
{
    struct tip_bytes bytes = fuzz_take(rest, fuzz_take_u16(rest));
    struct tip_message message;
    struct tip_arena arena;
    struct tip_buf out;
    bool said = false;

    tip_arena_init(&arena, FUZZ_FORGE_ARENA_BYTES);
    tip_buf_init(&out, forge->message, sizeof forge->message);
    if (tip_wire_message_decode(bytes, &arena, &message) == TIP_OK &&
        tip_talk_write(talk, &message, &out) == TIP_OK) {
        forge->size = out.size;
        said = true;
    }
    tip_arena_deinit(&arena);
    return said;
}

/** Make a frame whose body is what @rest begins with: dictionary, length,
 * bytes. It is signed, sealed and in its place on the chain. */
static inline void fuzz_forge_frame(struct forge *forge, struct tip_bytes *rest)
{
    forge->header.dictionary = fuzz_take_u8(rest) % 4;
    forge_body(forge,
               fuzz_take(rest, fuzz_take_u16(rest) % FUZZ_FORGE_BODY_BYTES));
}

/** A frame that was not taken has no successor: stand at @head again. */
static inline void fuzz_forge_stand(struct forge *forge,
                                    const struct tip_head *head)
{
    if (head->number < forge->head.number) {
        forge->head = *head;
        forge->header.first = head->number + 1;
    }
}

#endif /* FUZZ_FORGE_H */
