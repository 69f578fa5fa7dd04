/* Desks over a star: a hub and nodes with a catalogue, keys and real engines.
 */
#ifndef DESK_RIG_H
#define DESK_RIG_H

#include "hub_desk.h"
#include "node_desk.h"
#include "star.h"
#include "tip_catalogue_folder.h"
#include "tip_desk_write.h"

/* The national catalogue, and the words of a case that it takes. */
#define RIG_NATIONAL TIP_SOURCE_DIR "/common/catalogue/national"
#define RIG_CASE                                                     \
    "case", "case_no=MR01-1", "opened_on=2023-11-20", "status=open", \
        "vector=labour", "wilaya=MR01"

enum { RIG_HUB = -1, RIG_INPUTS_MAX = 16 };

struct desk_rig;

/* What node @node has in its vault. */
struct rig_keys {
    struct tip_desk_keys base; /* First member, so the cast is valid. */
    struct desk_rig *rig;
    size_t node;
};

struct desk_rig {
    struct star star;
    struct tip_catalogue *catalogue;
    struct tip_catalogue_schema schema;
    struct node_desk nodes[STAR_NODES_MAX];
    struct rig_keys keys[STAR_NODES_MAX];
    struct hub_desk hub;
    struct tip_desk_answer answer; /* Of the newest call. */
};

/** A star of @nodes whose catalogue is @catalogue, which the rig now owns. */
void desk_rig_init(struct desk_rig *rig, struct tip_catalogue *catalogue,
                   size_t nodes);
void desk_rig_deinit(struct desk_rig *rig);

/** The catalogue in @folder; fails the test if it has a fault. */
struct tip_catalogue *desk_rig_catalogue(const char *folder);

/** The desk of node @i, or of the hub for RIG_HUB. */
struct tip_desk *desk_rig_desk(struct desk_rig *rig, int i);

/** Make rig->answer an empty one, for the next question. */
void desk_rig_forget_answer(struct desk_rig *rig);

/** Add a record of @type from words as "age=12", ended by NULL; durable. Held
 * by node 0 too where the hub adds it. */
enum tip_err desk_rig_add(struct desk_rig *rig, int i, const char *type, ...);

/** The same, held by node @with too. */
enum tip_err desk_rig_add_shared(struct desk_rig *rig, int i, int with,
                                 const char *type, ...);

/** Edit record @id as it is seen now, or as it was at @seen. */
enum tip_err desk_rig_edit(struct desk_rig *rig, int i, const struct tip_id *id,
                           const struct tip_seen *seen, ...);

/** Is @text what the desk shows in @field? Lays @id out in @arena. */
bool desk_rig_shows(struct desk_rig *rig, int i, const struct tip_id *id,
                    const char *field, const char *text);

/** Lay out @id; fails the test if it is not there. */
void desk_rig_sheet(struct desk_rig *rig, int i, const struct tip_id *id,
                    struct tip_arena *arena, struct tip_desk_sheet *out_sheet);

/** Is the kept problem @i about @column, with @text in its sentence? Prints
 * what there is if not. */
bool desk_rig_problem(const struct tip_problems *problems, size_t i,
                      const char *column, const char *text);

extern const struct tip_desk_who desk_rig_who;      /* "clerk", no reason. */
extern const struct tip_desk_who desk_rig_who_says; /* "judge", a reason. */

#endif /* DESK_RIG_H */
