/* A span of time as people say it. */
#ifndef TIP_SPAN_H
#define TIP_SPAN_H

#include <stdint.h>

enum { TIP_SPAN_SIZE = 48 };

/** The two largest units of @ms: "2 h 11 min", "12 s", "350 ms",
 * "-1 d 4 h". */
void tip_span_words(int64_t ms, char out_text[TIP_SPAN_SIZE]);

#endif /* TIP_SPAN_H */
