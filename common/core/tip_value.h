/*
 * What a field can hold.
 *
 * The core moves and compares values; what a code or a date means is the
 * catalogue's business. Unknown is not "no", and blank is "not asked": the
 * first is a value of kind answer, the second is kind none.
 */
#ifndef TIP_VALUE_H
#define TIP_VALUE_H

#include <stdbool.h>
#include <stdint.h>

#include "tip_bytes.h"
#include "tip_id.h"

/* Numbers are on the wire and on disk: append only. */
enum tip_value_kind {
    TIP_VALUE_NONE = 0,   /* Cleared: nobody has asked. */
    TIP_VALUE_ANSWER = 1, /* Yes, no, unknown, refused. */
    TIP_VALUE_INTEGER = 2,
    TIP_VALUE_DATE = 3,      /* A day, month or year. */
    TIP_VALUE_AMOUNT = 4,    /* Minor units and a currency. */
    TIP_VALUE_CODE = 5,      /* A number of a code list. */
    TIP_VALUE_TEXT = 6,      /* UTF-8, no control characters but line feed. */
    TIP_VALUE_REFERENCE = 7, /* The id of another record. */
    TIP_VALUE_OPAQUE = 8,    /* Sealed for others: bytes we only carry. */
    TIP_VALUE_MEMBER = 9 /* An element of a set is in it; none: it is not. */
};

enum { TIP_VALUE_KIND_COUNT = 10 };

enum tip_answer {
    TIP_ANSWER_NO = 0,
    TIP_ANSWER_YES = 1,
    TIP_ANSWER_UNKNOWN = 2,
    TIP_ANSWER_REFUSED = 3
};

enum tip_date_precision {
    TIP_DATE_DAY = 0,
    TIP_DATE_MONTH = 1, /* The day is 1 and means nothing. */
    TIP_DATE_YEAR = 2   /* Month and day are 1 and mean nothing. */
};

/** Plain data; @bytes of text and opaque values are borrowed. */
struct tip_value {
    enum tip_value_kind kind;
    union {
        enum tip_answer answer;
        int64_t integer;
        struct {
            int32_t day; /* Since 1970-01-01; may be negative. */
            enum tip_date_precision precision;
        } date;
        struct {
            int64_t minor;     /* Hundredths of @currency (khoums for MRU). */
            uint32_t currency; /* A number of the code list "currency". */
        } amount;
        uint32_t code;
        struct tip_bytes bytes; /* Text and opaque. */
        struct tip_id reference;
    };
};

/** No less than the bytes @value and its place need in a store. */
size_t tip_value_bytes(const struct tip_value *value);

/** Equal in kind and content. */
bool tip_value_equal(const struct tip_value *a, const struct tip_value *b);

#endif /* TIP_VALUE_H */
