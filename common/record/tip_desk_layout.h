/* Private to this folder: finding records and laying out what is in them. */
#ifndef TIP_DESK_LAYOUT_H
#define TIP_DESK_LAYOUT_H

#include "tip_desk_ring.h"
#include "tip_desk_show.h"
#include "tip_plan.h"

/** A record as the engine gives it, in an arena. */
struct tip_desk_found {
    uint32_t ordinal;
    struct tip_wire_record stored;
    struct tip_record view;
};

/** Read record @id. TIP_ENOTFOUND. */
TIP_MUST_USE enum tip_err tip_desk_find(struct tip_desk *desk,
                                        const struct tip_id *id,
                                        struct tip_arena *arena,
                                        struct tip_desk_found *out_found);

/** Lay it out; values that @since does not cover are marked as new. */
TIP_MUST_USE enum tip_err tip_desk_lay_out(struct tip_desk *desk,
                                           const struct tip_desk_found *found,
                                           struct tip_seen since,
                                           struct tip_arena *arena,
                                           struct tip_desk_sheet *out_sheet);

/** Whose fields, keys and words a value is shown with. */
struct tip_desk_lens {
    struct tip_desk *desk;
    const struct tip_type *type; /* NULL: unknown. */
    struct tip_desk_ring *ring;
    struct tip_seen since;
    struct tip_arena *arena;
};

/** Show @sibling of @record, an element of a set by its name. */
TIP_MUST_USE enum tip_err tip_desk_value_show(const struct tip_desk_lens *lens,
                                              const struct tip_record *record,
                                              const struct tip_sibling *sibling,
                                              struct tip_desk_value *out_value);

/** What a field is called. */
struct tip_desk_title {
    const struct tip_field *field; /* NULL: reserved or unknown. */
    struct tip_bytes name;
    struct tip_bytes label;
    bool is_hidden; /* Keys: of no use to a person. */
};
TIP_MUST_USE enum tip_err tip_desk_title(const struct tip_desk_lens *lens,
                                         uint32_t number,
                                         struct tip_desk_title *out_title);

/** The name of @element of the field of @title, in the arena. */
TIP_MUST_USE enum tip_err
tip_desk_element_show(const struct tip_desk_lens *lens,
                      const struct tip_desk_title *title, uint32_t number,
                      uint64_t element, struct tip_bytes *out_text);

#endif /* TIP_DESK_LAYOUT_H */
