/*
 * The catalogue in use, and every one that was since the start.
 *
 * A command that runs in steps may hold on to one while the next arrives, so
 * none is freed before the daemon ends. One is a megabyte or so, and there are
 * a few a year.
 */
#ifndef TIP_SHELF_H
#define TIP_SHELF_H

#include "tip_catalogue.h"
#include "tip_desk.h"
#include "tip_err.h"

struct tip_shelf_entry;

/** Caller-allocated; owns its catalogues. Zero can be released. */
struct tip_shelf {
    struct tip_shelf_entry *newest;
    struct tip_catalogue_schema schema; /* Of the catalogue in use. */
};

/** Until a catalogue is used there is one of version 0, without a type. */
void tip_shelf_init(struct tip_shelf *shelf);

void tip_shelf_deinit(struct tip_shelf *shelf);

/** Load the newest catalogue of the store behind @desk; the shelf keeps it.
 * TIP_ENOTFOUND: there is none but the one in use. TIP_ENOMEM, errors of the
 * store. */
TIP_MUST_USE enum tip_err
tip_shelf_fetch(struct tip_shelf *shelf, struct tip_desk *desk,
                const struct tip_catalogue **out_catalogue);

/** From now on @catalogue, which was fetched, is the one in use: at @desk, and
 * in the schema. Says so in the journal. */
void tip_shelf_use(struct tip_shelf *shelf, struct tip_desk *desk,
                   const struct tip_catalogue *catalogue);

#endif /* TIP_SHELF_H */
