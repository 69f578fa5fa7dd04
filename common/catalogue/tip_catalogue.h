/*
 * The catalogue: which records there are, what their fields hold, who may read
 * them, how they merge, and what is counted.
 *
 * Everything here is immutable after tip_catalogue_load(), lives in one arena
 * owned by the catalogue, and may be read by any number of threads. Texts are
 * UTF-8. Pointers into a catalogue are borrowed and live as long as it does.
 */
#ifndef TIP_CATALOGUE_H
#define TIP_CATALOGUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tip_bytes.h"
#include "tip_err.h"
#include "tip_merge.h"
#include "tip_value.h"

enum {
    TIP_CATALOGUE_LANGUAGES_MAX = 8,
    TIP_CATALOGUE_DIMENSIONS_MAX = 6,
    /* With its change-set a text must fit 24 KiB; narratives are long. */
    TIP_CATALOGUE_TEXT_BYTES_MAX = 16 * 1024
};

struct tip_condition;
struct tip_type;

/** A label in each language of the catalogue; empty where there is none. */
struct tip_label {
    const struct tip_bytes *texts; /* Indexed by language. */
    uint32_t drafts; /* Bit l: the text in language l is a draft. */
};

/** One answer of a list. */
struct tip_code {
    uint32_t number; /* What is stored. */
    struct tip_bytes name;
    struct tip_label label;
    const struct tip_code *parent;    /* As wilaya of moughataa; or NULL. */
    const struct tip_list *parent_of; /* The list of @parent; or NULL. */
    uint32_t rank; /* For merge "ranked"; higher beats lower. */
    bool retired;  /* May stand in old records, not in new values. */
};

struct tip_list {
    struct tip_bytes name;
    const struct tip_code *codes; /* By number. */
    size_t code_count;
    const struct tip_code *const *by_name;
    const struct tip_code *const *in_order; /* As choices.csv has them. */
};

enum tip_kind {
    TIP_KIND_TEXT,
    TIP_KIND_INTEGER,
    TIP_KIND_DATE,
    TIP_KIND_ANSWER, /* XLSForm type yesno. */
    TIP_KIND_AMOUNT,
    TIP_KIND_CODE, /* XLSForm type select_one. */
    TIP_KIND_SET,  /* XLSForm type select_multiple; elements are codes. */
    TIP_KIND_REFERENCE
};

/* Who can ever read a field; the sentences are in DESIGN, section 4. */
enum tip_class { TIP_CLASS_FACT, TIP_CLASS_IDENTITY, TIP_CLASS_SEALED };

/* The words of survey.csv for a kind, a class and a rule of merging, each by
 * its number, with NULL behind the last. */
extern const char *const tip_kind_words[];
extern const char *const tip_class_words[];
extern const char *const tip_merge_words[];

/** A heading within a record type: a group within its group. */
struct tip_section {
    struct tip_bytes name;
    struct tip_label label;
};

struct tip_field {
    uint32_t number;
    struct tip_bytes name;
    struct tip_label label;
    struct tip_label hint;
    struct tip_label constraint_message;
    const struct tip_type *type;             /* It belongs to. */
    const struct tip_section *section;       /* NULL: right under the type. */
    const struct tip_list *list;             /* Of codes and sets; else NULL. */
    const struct tip_type *target;           /* Of references; NULL: any. */
    const struct tip_field *within;          /* choice_filter; or NULL. */
    const struct tip_condition *relevant;    /* NULL: always. */
    const struct tip_condition *constraint;  /* NULL: none. */
    const struct tip_condition *calculation; /* NULL: entered by people. */
    enum tip_kind kind;
    enum tip_class class;
    enum tip_merge_rule merge;
    enum tip_date_precision precision; /* The coarsest that is allowed. */
    bool required;
    bool indexed; /* Kept for indexes to come; nothing looks at it yet. */
    bool retired;
};

/** A record type. */
struct tip_type {
    uint32_t number;
    struct tip_bytes name;
    struct tip_label label;
    struct tip_label hint;
    const struct tip_field *fields; /* By number. */
    size_t field_count;
    const struct tip_field *const *in_order; /* As survey.csv has them. */
    bool retired;
};

enum tip_measure {
    TIP_MEASURE_COUNT,
    TIP_MEASURE_SUM,      /* Of an integer or amount. */
    TIP_MEASURE_DISTINCT, /* Different values of a reference or code. */
    TIP_MEASURE_RATIO     /* Of two other indicators. */
};

enum tip_period {
    TIP_PERIOD_NONE, /* All time. */
    TIP_PERIOD_MONTH,
    TIP_PERIOD_QUARTER,
    TIP_PERIOD_YEAR,
    TIP_PERIOD_TIP_YEAR /* April to March. */
};

/** One dimension. Missing (blank, or an empty set) is a value of its own. */
struct tip_dimension {
    const struct tip_field *field; /* Code, set or answer; class fact. */
    bool per_combination; /* Sets: one cell a combination, else a record is
                           * counted once for each element. */
};

struct tip_indicator {
    uint32_t number;
    struct tip_bytes name;
    struct tip_label label;
    const struct tip_type *type;
    const struct tip_condition *condition; /* NULL: every record. */
    enum tip_measure measure;
    const struct tip_field *measured;      /* Of sum and distinct. */
    const struct tip_indicator *numerator; /* Of ratio; same dimensions. */
    const struct tip_indicator *denominator;
    const struct tip_field *period_field; /* A date; or NULL. */
    enum tip_period period;
    struct tip_dimension dimensions[TIP_CATALOGUE_DIMENSIONS_MAX];
    size_t dimension_count;
    bool retired;
};

enum tip_scope {
    TIP_SCOPE_OWN,
    TIP_SCOPE_OFFICE,
    TIP_SCOPE_NATIONAL,
    TIP_SCOPE_AGGREGATE /* Releases only, no record. */
};

/** What a role may do with the records in its scope. */
struct tip_role {
    uint32_t number;
    struct tip_bytes name;
    struct tip_label label;
    enum tip_scope scope;
    const struct tip_type *const *reads;
    size_t read_count;
    const struct tip_type *const *writes;
    size_t write_count;
    bool identity; /* May open identity fields. */
    bool sealed;   /* Belongs to the integrity panel. */
    bool retired;
};

struct tip_catalogue {
    struct tip_bytes id; /* As "national"; never changes. */
    uint32_t version;
    struct tip_label label;
    struct tip_bytes languages[TIP_CATALOGUE_LANGUAGES_MAX]; /* "ar", "fr". */
    size_t language_count;
    size_t default_language;
    const struct tip_type *types; /* By number. */
    size_t type_count;
    const struct tip_list *lists; /* By name. */
    size_t list_count;
    const struct tip_indicator *indicators; /* By number. */
    size_t indicator_count;
    const struct tip_role *roles; /* By number. */
    size_t role_count;
};

/** Accepts NULL. Nobody may be reading it any more. */
void tip_catalogue_free(struct tip_catalogue *catalogue);

/* Look-ups; NULL where there is nothing of that number or name. */

const struct tip_type *tip_catalogue_type(const struct tip_catalogue *catalogue,
                                          uint32_t number);
const struct tip_type *
tip_catalogue_type_named(const struct tip_catalogue *catalogue,
                         struct tip_bytes name);

const struct tip_field *tip_type_field(const struct tip_type *type,
                                       uint32_t number);
const struct tip_field *tip_type_field_named(const struct tip_type *type,
                                             struct tip_bytes name);

const struct tip_list *
tip_catalogue_list_named(const struct tip_catalogue *catalogue,
                         struct tip_bytes name);
const struct tip_code *tip_list_code(const struct tip_list *list,
                                     uint32_t number);
const struct tip_code *tip_list_code_named(const struct tip_list *list,
                                           struct tip_bytes name);

const struct tip_indicator *
tip_catalogue_indicator(const struct tip_catalogue *catalogue, uint32_t number);
const struct tip_indicator *
tip_catalogue_indicator_named(const struct tip_catalogue *catalogue,
                              struct tip_bytes name);

const struct tip_role *
tip_catalogue_role_named(const struct tip_catalogue *catalogue,
                         struct tip_bytes name);

/** May @role read records of @type at all? */
bool tip_role_reads(const struct tip_role *role, const struct tip_type *type);

/** The index of @language ("fr"), the default language if there is none. */
size_t tip_catalogue_language(const struct tip_catalogue *catalogue,
                              struct tip_bytes language);

/** @label in language @language, else in the default language, else in any,
 * else @name. */
struct tip_bytes tip_label_text(const struct tip_catalogue *catalogue,
                                const struct tip_label *label, size_t language,
                                struct tip_bytes name);

/**
 * The merge rule of a field and the rank of a code, for the core. Unknown
 * fields are latest, so that a node merges what it does not know as everybody
 * who does not know it.
 */
enum tip_merge_rule
tip_catalogue_merge_of(const struct tip_catalogue *catalogue, uint32_t type,
                       uint32_t field);
uint32_t tip_catalogue_rank(const struct tip_catalogue *catalogue,
                            uint32_t type, uint32_t field, uint32_t code);

/* Fields of the records in which catalogues are published (TIP_TYPE_CATALOGUE):
 * known before any catalogue is. The element of the first two is a version. */
enum tip_catalogue_record_field {
    TIP_CATALOGUE_FIELD_SIZE = 16, /* Integer: bytes of the pack. */
    TIP_CATALOGUE_FIELD_HASH = 17, /* Opaque: its hash. */
    TIP_CATALOGUE_FIELD_PIECE = 18 /* Opaque: a part of it. */
};

/** The schema the core asks; borrows @catalogue. Plain data. */
struct tip_catalogue_schema {
    struct tip_schema base;
    const struct tip_catalogue *catalogue; /* NULL: none has come yet. */
};

void tip_catalogue_schema_init(struct tip_catalogue_schema *schema,
                               const struct tip_catalogue *catalogue);

#endif /* TIP_CATALOGUE_H */
