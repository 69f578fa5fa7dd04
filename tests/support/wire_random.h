/*
 * Random change-sets, records and messages, sound but otherwise as odd as the
 * rules allow. Everything is made in an arena, which is large enough.
 */
#ifndef WIRE_RANDOM_H
#define WIRE_RANDOM_H

#include "tip_arena.h"
#include "tip_ctl.h"
#include "tip_frame.h"
#include "tip_property.h"
#include "tip_record.h"
#include "tip_session.h"

/** What the change-sets of one test share. */
struct wire_random {
    struct tip_property *property;
    struct tip_arena *arena;
    bool is_down;         /* Records may carry id and birth. */
    size_t record_max;    /* Of one set. */
    size_t change_max;    /* Of one record. */
    struct tip_id ids[8]; /* Some come more than once. */
};

struct wire_random wire_random(struct tip_property *property,
                               struct tip_arena *arena);

/** @size random bytes at @bytes. */
void wire_random_fill(struct wire_random *random, uint8_t *bytes, size_t size);

struct tip_id wire_random_id(struct wire_random *random);
struct tip_bytes wire_random_text(struct wire_random *random, size_t size_max);
struct tip_value wire_random_value(struct wire_random *random);
uint64_t wire_random_commit(struct wire_random *random);

/** A set that tip_change_set_check() accepts (or, downwards, its sister). */
struct tip_change_set wire_random_set(struct wire_random *random);

/** A run of @count sets of one origin. */
struct tip_up_body wire_random_up(struct wire_random *random, size_t count);

struct tip_item wire_random_item(struct wire_random *random);

/** A body of @count items, with a checkpoint or without. */
struct tip_down_body wire_random_down(struct wire_random *random, size_t count);

struct tip_ctl wire_random_ctl(struct wire_random *random);
struct tip_record wire_random_record(struct wire_random *random);
struct tip_frame_header wire_random_header(struct wire_random *random);
struct tip_message wire_random_message(struct wire_random *random);

#endif /* WIRE_RANDOM_H */
