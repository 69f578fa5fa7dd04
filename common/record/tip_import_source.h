/* Private to this folder: where the rows of an import come from. */
#ifndef TIP_IMPORT_SOURCE_H
#define TIP_IMPORT_SOURCE_H

#include "tip_desk_import.h"
#include "tip_desk_prepare.h"
#include "tip_mapping.h"

/** One row, read but not checked. */
struct tip_import_row {
    struct tip_place place; /* But for the column. */
    struct tip_desk_object object;
    const struct tip_entry *entries; /* Of a mapping; then no inputs. */
    size_t entry_count;
    struct tip_bytes key; /* Empty: it has none. */
};

/** Implementations embed this struct as their first member. */
struct tip_import_source {
    /** Read the next row into @work's arena. TIP_EROWS: it cannot be read, see
     * the problems; the next may. TIP_ENOTFOUND: that was the last. Any other
     * error is for good. */
    enum tip_err (*next)(struct tip_import_source *self,
                         struct tip_desk_work *work,
                         struct tip_import_row *out_row);

    /** How many bytes of the file have been looked at. */
    uint64_t (*position)(const struct tip_import_source *self);

    void (*free)(struct tip_import_source *self);
};

/** What a source reads; borrowed. */
struct tip_import_input {
    struct tip_bytes bytes;
    const struct tip_import_opts *opts;
    const struct tip_type *type; /* NULL: each object says it. */
    struct tip_mapping *mapping; /* NULL: none. */
};

/** Rows of CSV; reads the header. TIP_EMAPPING, TIP_EUNKNOWN_FIELD: see the
 * problems of @work. */
TIP_MUST_USE enum tip_err
tip_import_csv_new(const struct tip_import_input *input,
                   struct tip_desk_work *work,
                   struct tip_import_source **out_source);

/** Objects of one JSON document. TIP_ETABLE_JSON, TIP_ETOOBIG. */
TIP_MUST_USE enum tip_err
tip_import_json_new(const struct tip_import_input *input,
                    struct tip_desk_work *work,
                    struct tip_import_source **out_source);

/** Objects, one a line. */
TIP_MUST_USE enum tip_err
tip_import_ndjson_new(const struct tip_import_input *input,
                      struct tip_import_source **out_source);

#endif /* TIP_IMPORT_SOURCE_H */
