/*
 * What a function writes into a tip_out, read back as text.
 */
#ifndef OUT_TEXT_H
#define OUT_TEXT_H

#include "tip_out.h"
#include "tip_test.h"

#include <stdio.h>

/* What @call writes into "out", in f->text. */
#define PRINTED(f, call_)                                           \
    do {                                                            \
        struct tip_out out = {.file = tmpfile()};                   \
        size_t size_;                                               \
        assert_non_null(out.file);                                  \
        call_;                                                      \
        assert_int_equal(tip_out_finish(&out), TIP_OK);             \
        rewind(out.file);                                           \
        size_ = fread((f)->text, 1, sizeof(f)->text - 1, out.file); \
        (f)->text[size_] = '\0';                                    \
        assert_int_equal(fclose(out.file), 0);                      \
    } while (0)

#endif /* OUT_TEXT_H */
