/* Private to this folder: a mapping as it is kept. */
#ifndef TIP_MAPPING_RULES_H
#define TIP_MAPPING_RULES_H

#include "tip_arena.h"
#include "tip_mapping.h"

/* How dates are written in the source. */
enum tip_date_style { TIP_DATE_ISO, TIP_DATE_DMY, TIP_DATE_MDY };

/* One source column to one field. */
struct tip_mapping_rule {
    struct tip_bytes source; /* Empty: a constant for every row. */
    const struct tip_field *field;
    struct tip_bytes constant;
    uint8_t separator; /* Between the elements of a set. */
    enum tip_date_style style;
    size_t column; /* TIP_SHEET_NONE until bound. */
};

/* A value of the source and ours for it. */
struct tip_mapping_pair {
    const struct tip_mapping_rule *rule;
    struct tip_bytes from; /* "*": any other. */
    struct tip_bytes to;   /* Empty: blank. */
};

struct tip_mapping {
    struct tip_arena arena; /* In which it lies itself. */
    const struct tip_catalogue *catalogue;
    const struct tip_type *type;
    struct tip_mapping_rule *rules;
    size_t rule_count;
    struct tip_mapping_pair *pairs;
    size_t pair_count;
};

#endif /* TIP_MAPPING_RULES_H */
