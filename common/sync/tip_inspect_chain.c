/* Chains of frames, computed again and opened. */
#include <string.h>

#include "tip_envelope.h"
#include "tip_frame_row.h"
#include "tip_inspect_internal.h"
#include "tip_wire_down.h"
#include "tip_wire_header.h"
#include "tip_wire_up.h"

static bool is_feed(const struct tip_inspect_walk *walk)
{
    return walk->chain->table == TIP_TABLE_FRAME_UP;
}

/* A chain begins with its first frame, and with the first of an origin under
 * which a device that was restored goes on. */
static void start(struct tip_inspect_walk *walk,
                  const struct tip_frame_header *header)
{
    const uint64_t number = walk->head.number;

    if (number == 0 || (is_feed(walk) && header->origin != walk->origin)) {
        tip_envelope_start(header, &walk->head);
        walk->head.number = number;
        walk->origin = header->origin;
    }
}

static enum tip_err decrypt(struct tip_inspect_walk *walk,
                            const struct tip_frame_header *header,
                            const struct tip_wire_frame *parts,
                            struct tip_bytes *out_packed)
{
    const struct tip_inspect_chain *chain = walk->chain;

    for (size_t i = 0; i < chain->key_count; i++) {
        if (chain->keys[i].epoch == header->key_epoch) {
            return tip_envelope_open(&chain->keys[i].key, header, parts,
                                     walk->arena, out_packed);
        }
    }
    return TIP_EUNSEAL;
}

/* Does what is in the frame decrypt and decode? */
static enum tip_err open_body(struct tip_inspect_walk *walk,
                              const struct tip_frame_header *header,
                              const struct tip_wire_frame *parts)
{
    const struct tip_wire_sender sender = {.header = header,
                                           .office = walk->chain->office};
    struct tip_down_body down;
    struct tip_up_body up;
    struct tip_bytes packed;
    enum tip_err err;

    if (walk->chain->key_count == 0) {
        return TIP_OK;
    }
    err = decrypt(walk, header, parts, &packed);
    if (err == TIP_OK) {
        err = is_feed(walk) ? tip_wire_up_decode(walk->codec, &sender, packed,
                                                 walk->arena, &up)
                            : tip_wire_down_decode(walk->codec, header, packed,
                                                   walk->arena, &down);
    }
    /* It is kept for the program that can read it. */
    return tip_wire_is_too_new(err) ? TIP_OK : err;
}

enum tip_err tip_inspect_frame(struct tip_inspect_walk *walk,
                               struct tip_bytes frame)
{
    struct tip_frame_header header;
    struct tip_wire_frame parts;
    struct tip_head head;
    enum tip_err err = tip_envelope_read(frame, &parts, &header);

    if (err == TIP_OK) {
        start(walk, &header);
        err =
            tip_envelope_verify_left(walk->chain->signer, walk->chain->redactor,
                                     &header, &parts, &walk->head, &head);
    }
    if (err == TIP_OK) {
        err = open_body(walk, &header, &parts);
    }
    if (err == TIP_OK) {
        walk->head = head;
    }
    return err;
}

enum tip_err tip_inspect_follow(struct tip_inspect_walk *walk, uint64_t number,
                                struct tip_bytes row)
{
    struct tip_inspect_walk next = *walk;
    struct tip_head kept = {.number = 0};
    struct tip_bytes frame = row;
    enum tip_err err =
        number == walk->head.number + 1 ? TIP_OK : TIP_ESIGNATURE;

    if (err == TIP_OK && is_feed(walk)) {
        err = tip_frame_row_read(row, &kept, &frame);
    }
    if (err == TIP_OK) {
        err = tip_inspect_frame(&next, frame);
    }
    if (err == TIP_OK && is_feed(walk) &&
        (kept.number != next.head.number ||
         memcmp(kept.hash, next.head.hash, sizeof kept.hash) != 0)) {
        err = TIP_ESIGNATURE;
    }
    if (err == TIP_OK) {
        *walk = next;
    }
    return err;
}

void tip_inspect_tell_frame(struct tip_inspect *check, struct tip_key key,
                            enum tip_err err)
{
    tip_inspect_tell(
        check, err == TIP_ESIGNATURE ? TIP_INSPECT_CHAIN : TIP_INSPECT_FRAME,
        key.hi, key.lo);
}

void tip_inspect_end(struct tip_inspect *check,
                     const struct tip_inspect_walk *walk)
{
    if (walk->head.number < walk->chain->ends_at) {
        tip_inspect_tell(check, TIP_INSPECT_END, walk->chain->number,
                         walk->head.number);
    }
}

/* TIP_ENOTFOUND: that was the last, or nothing behind it can be told. */
static enum tip_err step(struct tip_inspect *check,
                         struct tip_inspect_walk *walk, struct tip_key *key)
{
    const struct tip_inspect_chain *chain = walk->chain;
    struct tip_bytes value, copy;
    enum tip_err err = tip_inspect_next(check, chain->table, key, &value);

    if (err == TIP_ENOTFOUND || (err == TIP_OK && key->hi != chain->number)) {
        tip_inspect_end(check, walk);
        return TIP_ENOTFOUND;
    }
    if (err == TIP_OK) {
        err = tip_arena_copy(walk->arena, value, &copy);
    }
    if (err == TIP_OK) {
        err = tip_inspect_follow(walk, key->lo, copy);
    }
    if (tip_inspect_is_of_value(err)) {
        tip_inspect_tell_frame(check, *key, err);
        return TIP_ENOTFOUND;
    }
    *key = tip_key_next(*key);
    return err;
}

enum tip_err tip_inspect_chain(struct tip_inspect *check,
                               const struct tip_inspect_chain *chain)
{
    struct tip_inspect_walk walk = {
        .chain = chain, .arena = check->arena, .head = chain->begins_behind};
    struct tip_key key = TIP_KEY(chain->number, 0);
    enum tip_err err = tip_codec_new(0, &walk.codec);

    while (err == TIP_OK) {
        err = step(check, &walk, &key);
    }
    tip_codec_free(walk.codec);
    return err == TIP_ENOTFOUND ? TIP_OK : err;
}
