/* Private to this folder: from what was asked to a record of a draft. */
#ifndef TIP_DESK_PREPARE_H
#define TIP_DESK_PREPARE_H

#include "tip_desk_form.h"
#include "tip_desk_write.h"
#include "tip_json.h"

/** Where a record is prepared, and where faults go. All borrowed. */
struct tip_desk_work {
    struct tip_desk *desk;
    struct tip_arena *arena;
    struct tip_problems *problems;
    struct tip_place place;
};

/** The office that @name, a name or number, means. TIP_EOFFICE: see the
 * problems. */
TIP_MUST_USE enum tip_err tip_desk_find_office(const struct tip_desk_work *work,
                                               struct tip_bytes name,
                                               uint32_t *out_office);

/** The offices that will hold a new record: who was named, and at a node this
 * one; sorted, each once. TIP_EOFFICE, also at the hub where none is named. */
TIP_MUST_USE enum tip_err tip_desk_offices(const struct tip_desk_work *work,
                                           const struct tip_bytes *names,
                                           size_t name_count,
                                           const uint32_t **out_offices,
                                           size_t *out_count);

/** A new id. */
struct tip_id tip_desk_new_id(struct tip_desk *desk);

/** The type called @name. TIP_EUNKNOWN_TYPE, with a problem. */
TIP_MUST_USE enum tip_err tip_desk_find_type(const struct tip_desk_work *work,
                                             struct tip_bytes name,
                                             const struct tip_type **out_type);

/** A new record before it is checked. */
struct tip_desk_birth {
    struct tip_id id;
    const struct tip_type *type;
    const uint32_t *offices;
    size_t office_count;
};

/** Start the form of a new record; always end it with tip_form_deinit(). */
TIP_MUST_USE enum tip_err
tip_desk_birth_form(const struct tip_desk_work *work,
                    const struct tip_desk_birth *birth, struct tip_form *form);

/** Take all @inputs; the first error, but all faults. */
TIP_MUST_USE enum tip_err tip_form_put_all(struct tip_form *form,
                                           const struct tip_desk_input *inputs,
                                           size_t input_count);

/** Check it and make it a record of a draft. */
TIP_MUST_USE enum tip_err
tip_desk_birth_finish(struct tip_form *form,
                      struct tip_draft_record *out_record);

/** What an object of JSON says. Texts are in the arena or the document. */
struct tip_desk_object {
    const struct tip_desk_input *inputs;
    size_t input_count;
    struct tip_id id; /* None: not said. */
    struct tip_bytes type;
    const struct tip_bytes *offices;
    size_t office_count;
};

/** Read @json. TIP_EVALUE: see the problems; TIP_ENOMEM. */
TIP_MUST_USE enum tip_err
tip_desk_object_read(const struct tip_desk_work *work, struct tip_json *json,
                     struct tip_desk_object *out_object);

/** Prepare the new record that @object describes; what it does not say comes
 * from @asked. */
TIP_MUST_USE enum tip_err tip_desk_object_prepare(
    const struct tip_desk_work *work, const struct tip_desk_object *object,
    const struct tip_desk_new *asked, struct tip_draft_record *out_record);

/** Save @draft; tell in @answer. */
TIP_MUST_USE enum tip_err tip_desk_save(struct tip_desk *desk,
                                        const struct tip_desk_who *who,
                                        const struct tip_draft_record *records,
                                        size_t record_count,
                                        struct tip_desk_answer *answer);

#endif /* TIP_DESK_PREPARE_H */
