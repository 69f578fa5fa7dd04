/*
 * Writing at the desk: add, edit, delete, share, resolve.
 *
 * Every value is read and checked by the catalogue, then the record as a whole.
 * Identity values are sealed before they go anywhere; where the keys are not,
 * as at the hub, they are refused. Calculated fields are computed here. Only
 * what differs is written. Nothing is durable before tip_desk_flush().
 */
#ifndef TIP_DESK_WRITE_H
#define TIP_DESK_WRITE_H

#include "tip_desk.h"
#include "tip_desk_input.h"
#include "tip_desk_show.h"
#include "tip_problems.h"

enum {
    TIP_DESK_RECORDS_MAX = 256, /* Of one JSON document; one save. */
    TIP_DESK_INPUTS_MAX = 1024  /* Of one record. */
};

/** Who asks for a save. Borrows. */
struct tip_desk_who {
    struct tip_bytes author; /* Not empty. */
    struct tip_bytes reason; /* Empty: none. */
};

/**
 * What became of a save. Caller-allocated; start with tip_desk_answer_init().
 * Whatever it says lives until it is cleared.
 */
struct tip_desk_answer {
    struct tip_arena arena;
    /* What was wrong: column is the field's name, row the record's place in a
     * JSON array from 1 (0: one record), text a sentence without the value. */
    struct tip_problems problems;
    const struct tip_id *ids; /* Of the records written. */
    size_t id_count;
    bool is_unchanged;      /* Everything was so already: nothing was saved. */
    struct tip_saved saved; /* Where something was saved. */
    struct tip_seen seen;   /* To go on editing. */
    char seen_text[TIP_SEEN_TEXT_SIZE];
    /* TIP_ECHANGED: the fields that were written since, with their values;
     * what is_new came in between. Edit again with @sheet.seen. */
    struct tip_desk_sheet sheet;
    const struct tip_desk_line *const *changed;
    size_t changed_count;
};

void tip_desk_answer_init(struct tip_desk_answer *answer);
void tip_desk_answer_deinit(struct tip_desk_answer *answer);

/** A new record. Borrows. */
struct tip_desk_new {
    struct tip_bytes type; /* Its name. */
    const struct tip_desk_input *inputs;
    size_t input_count;
    /* Who else holds it, names or numbers; at the hub, who holds it at all. */
    const struct tip_bytes *offices;
    size_t office_count;
};

/**
 * Save a new record. TIP_EUNKNOWN_TYPE, TIP_EUNKNOWN_FIELD, TIP_EVALUE,
 * TIP_EOFFICE, TIP_ESEALED: see answer->problems; TIP_ETOOBIG: more than one
 * save holds; errors of the engine. Then nothing was saved.
 */
TIP_MUST_USE enum tip_err tip_desk_add(struct tip_desk *desk,
                                       const struct tip_desk_who *who,
                                       const struct tip_desk_new *asked,
                                       struct tip_desk_answer *answer);

/**
 * Save the new records of a JSON document, an object or an array of them, all
 * or none. Members are fields: text as in tip_field_text.h, numbers, true and
 * false, null (blank), for sets an array of codes. Beside them may stand
 * "_id" (made elsewhere), "_type" (else @asked->type), "_offices" (array; else
 * @asked->offices). @asked->inputs are not looked at.
 *
 * TIP_ETABLE_JSON with the line in answer->problems; else as tip_desk_add().
 */
TIP_MUST_USE enum tip_err tip_desk_add_json(struct tip_desk *desk,
                                            const struct tip_desk_who *who,
                                            const struct tip_desk_new *asked,
                                            struct tip_bytes json,
                                            struct tip_desk_answer *answer);

/** A change to a record. Borrows. */
struct tip_desk_change {
    struct tip_id id;
    /* What the person had on the screen; NULL: what is there now. */
    const struct tip_seen *seen;
    const struct tip_desk_input *inputs;
    size_t input_count;
};

/** Save it. TIP_ENOTFOUND; TIP_ECHANGED: see answer->changed; TIP_EACCESS: the
 * record is not this office's; else as tip_desk_add(). */
TIP_MUST_USE enum tip_err tip_desk_edit(struct tip_desk *desk,
                                        const struct tip_desk_who *who,
                                        const struct tip_desk_change *asked,
                                        struct tip_desk_answer *answer);

/** The same from a JSON object; @asked->inputs are not looked at. A member
 * says what the field shall hold; fields without one stay. */
TIP_MUST_USE enum tip_err
tip_desk_edit_json(struct tip_desk *desk, const struct tip_desk_who *who,
                   const struct tip_desk_change *asked, struct tip_bytes json,
                   struct tip_desk_answer *answer);

/** Hide the record, or bring it back. who->reason is needed: TIP_EREASON.
 * @asked->inputs are not looked at. */
TIP_MUST_USE enum tip_err tip_desk_delete(struct tip_desk *desk,
                                          const struct tip_desk_who *who,
                                          const struct tip_desk_change *asked,
                                          bool deleted,
                                          struct tip_desk_answer *answer);

/**
 * Let @office, a name or number, hold the record too: it gets the whole of it;
 * or no more: it keeps no copy. Whoever holds a record may add an office and
 * leave; the hub may do either for anybody, but not leave a record without an
 * office: TIP_EOFFICES. TIP_EREASON: to take out an office needs one.
 * TIP_EOFFICE: see answer->problems. @asked->inputs are not looked at; else as
 * tip_desk_edit().
 */
TIP_MUST_USE enum tip_err tip_desk_hold(struct tip_desk *desk,
                                        const struct tip_desk_who *who,
                                        const struct tip_desk_change *asked,
                                        struct tip_bytes office, bool holds,
                                        struct tip_desk_answer *answer);

/** How to close what waits for a person. Borrows. */
struct tip_desk_decision {
    struct tip_id id;
    const struct tip_seen *seen; /* NULL: what is there now. */
    /* Name of the field; empty: the only one that waits. TIP_DESK_DELETED is
     * the deletion of a record that somebody else went on writing. */
    struct tip_bytes field;
    char take; /* 'A', 'B', …: the value of that letter; 0: @value. */
    struct tip_bytes value; /* Of _deleted: yes or no. */
};

/**
 * Decide. An ordinary change that has seen all sides: it closes the conflict
 * everywhere, and can itself be edited. TIP_EREASON; TIP_ENOCONFLICT: nothing
 * waits there; TIP_EINVAL: several fields wait, or there is no such letter;
 * TIP_ESEALED; else as tip_desk_edit().
 */
TIP_MUST_USE enum tip_err
tip_desk_resolve(struct tip_desk *desk, const struct tip_desk_who *who,
                 const struct tip_desk_decision *asked,
                 struct tip_desk_answer *answer);

#endif /* TIP_DESK_WRITE_H */
