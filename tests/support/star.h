/*
 * A hub and a few nodes in one process, joined by queues that lose nothing:
 * the real engines over fake stores and clocks, for tests of one rule at a
 * time. The simulator is for everything at once.
 */
#ifndef STAR_H
#define STAR_H

#include "fake_clock.h"
#include "fake_store.h"
#include "hub_engine.h"
#include "node_engine.h"
#include "tip_link.h"
#include "tip_prng.h"

enum {
    STAR_NODES_MAX = 4,
    STAR_QUEUE_MAX = 256,
    STAR_ORIGIN_FIRST = 10,  /* Of node 0… */
    STAR_ORIGINS_NEXT = 100, /* …and so much more for each that replaced it. */
    STAR_OFFICE_FIRST = 50
};

struct star;

/* Messages on their way one way. */
struct star_queue {
    struct {
        uint32_t peer;
        size_t size;
        uint8_t *bytes; /* Owned. */
    } messages[STAR_QUEUE_MAX];
    size_t first, count;
};

struct star_link {
    struct tip_link base; /* First member, so the cast below is valid. */
    struct star *star;
    uint32_t self; /* 0: the hub. */
};

struct star_node {
    struct fake_clock clock;
    struct fake_store *store;
    struct tip_device_keys *keys;
    struct node_identity identity;
    struct star_link link;
    struct star_queue inbox;
    struct node_engine *engine;
    bool is_cut; /* Nothing passes between it and the hub. */
};

/* The hub's catalogue; it may be too old for one field. */
struct star_hub_schema {
    struct tip_schema base; /* First member, so the cast below is valid. */
    uint32_t unknown_field; /* 0: none. */
};

struct star {
    struct tip_prng prng;
    struct tip_schema schema; /* Of the nodes. */
    struct star_hub_schema hub_schema;
    struct fake_clock clock; /* The hub's. */
    struct fake_store *store;
    struct tip_device_keys *keys;
    struct star_link link;
    struct star_queue inbox;
    struct tip_quota_limits quota; /* Of the hub once it starts again… */
    uint64_t recovery_ms;          /* …and how long it waits; 0: for ever. */
    struct hub_engine *hub;
    uint32_t restores; /* As its home would say. */
    struct star_node nodes[STAR_NODES_MAX];
    size_t node_count;
    uint64_t bytes_up, bytes_down; /* Messages carried. */
};

/** Make a hub and @nodes enrolled nodes, all links up. Fails the test if it
 * cannot. */
void star_init(struct star *star, size_t nodes);
void star_deinit(struct star *star);

/** Let messages flow until nothing moves any more. A full store does not stop
 * it; any other failure fails the test. */
void star_run(struct star *star);

/** One round of that; false: nothing moved. */
bool star_step(struct star *star);

/** Let @ms pass everywhere. */
void star_wait(struct star *star, uint64_t ms);

/** Cut node @i off, or join it again. */
void star_cut(struct star *star, size_t i);
void star_join(struct star *star, size_t i);

/** Lose power at node @i or at the hub, and start again. */
void star_crash_node(struct star *star, size_t i);
void star_crash_hub(struct star *star);

/** Open the hub, which is closed, on its store; star->hub is NULL on an error.
 */
enum tip_err star_open_hub(struct star *star);

/** Retire the device of node @i, whose disk is gone; and put another in its
 * place, cut off until it is joined. */
void star_retire(struct star *star, size_t i);
void star_replace(struct star *star, size_t i);

/** What a backup of the hub holds now; free it. And put one back: the hub knows
 * of it if @is_told. */
struct fake_store *star_backup_hub(struct star *star);
void star_restore_hub(struct star *star, struct fake_store *backup,
                      bool is_told);

/** A backup of node @i's disk; and the node goes on from it, which is used up.
 */
struct fake_store *star_back_up(struct star *star, size_t i);
void star_restore(struct star *star, size_t i, struct fake_store *backup);

/** A new id. */
struct tip_id star_id(struct star *star);

/** Save at node @i, or at the hub for -1: a new record held by its maker (by
 * node @with too, unless -1), or an edit of what is seen now. Flushes. */
enum tip_err star_add(struct star *star, int i, const struct tip_id *id,
                      int with, uint32_t field, uint32_t code);
enum tip_err star_edit(struct star *star, int i, const struct tip_id *id,
                       uint32_t field, uint32_t code);

/** The same with any @change; and with one that adds node @who's office to the
 * record, or takes it out. */
enum tip_err star_write(struct star *star, int i, const struct tip_id *id,
                        const struct tip_change *change);
enum tip_err star_member(struct star *star, int i, const struct tip_id *id,
                         size_t who, bool is_member);

/** A new record of the hub's for everybody, which says @change. Flushes. */
struct tip_id star_publish(struct star *star, const struct tip_change *change);

/** Read @id as node @i (-1: the hub) shows it, in @arena. */
enum tip_err star_view(struct star *star, int i, const struct tip_id *id,
                       struct tip_arena *arena, struct tip_record *out_view);

/** The code that is shown in @field, 0 if none; @out_count is how many live
 * siblings there are. */
uint32_t star_code(struct star *star, int i, const struct tip_id *id,
                   uint32_t field, size_t *out_count);

/** What node @i says of itself; and the hub of node @i. */
struct node_status star_status(struct star *star, size_t i);
struct hub_device_status star_device(struct star *star, size_t i);

#endif /* STAR_H */
