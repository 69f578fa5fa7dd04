/*
 * Stories as lines of JSON for `tipnode import`: one record a line, with ids
 * made here, so that records of one file can refer to each other.
 */
#ifndef DEMO_FEED_H
#define DEMO_FEED_H

#include "demo_teller.h"
#include "tip_id.h"
#include "tip_json_writer.h"
#include "tip_sink.h"

enum { DEMO_OFFICE_NUMBER = 101 /* Of MR01, and so on; 1 is the hub's. */ };

/** The work of one office. Caller-allocated; owns nothing. */
struct demo_feed {
    struct demo_teller teller;
    struct demo_draw ids;
    const struct tip_id *offices; /* Records of all offices; borrowed. */
    uint64_t now_ms;              /* Unix; grows by one for each id. */
    struct demo_story story;
    struct tip_id story_ids[DEMO_STORY_RECORDS_MAX];
    size_t next;            /* Record of the story. */
    struct tip_id one_case; /* The first case that was written. */
    uint64_t case_count;
};

/**
 * Start. @offices are the ids of all offices' records. @salt makes ids of two
 * demos with one seed differ. Errors of demo_teller_init().
 */
TIP_MUST_USE enum tip_err demo_feed_init(struct demo_feed *feed,
                                         const struct demo_teller_opts *opts,
                                         const struct tip_id *offices,
                                         uint64_t now_ms, uint64_t salt);

/** Write the next @count records to @file. TIP_EIO. */
TIP_MUST_USE enum tip_err demo_feed_write(struct demo_feed *feed, size_t count,
                                          FILE *file);

/** Write the record of the office itself, with the id it has in the list. */
TIP_MUST_USE enum tip_err demo_feed_write_office(struct demo_feed *feed,
                                                 FILE *file);

/** Draw @count ids for offices. */
void demo_feed_ids(uint64_t salt, uint64_t now_ms, size_t count,
                   struct tip_id *out_ids);

#endif /* DEMO_FEED_H */
