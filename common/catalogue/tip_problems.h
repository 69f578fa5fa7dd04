/*
 * What is wrong with a folder of tables, each fault with its file, row, column
 * and one plain sentence.
 *
 * All faults are collected, so that a person corrects a file once.
 */
#ifndef TIP_PROBLEMS_H
#define TIP_PROBLEMS_H

#include <stddef.h>

#include "tip_buf.h"
#include "tip_bytes.h"

enum {
    TIP_PROBLEMS_KEPT = 64, /* The rest is counted. */
    TIP_PROBLEM_NAME_BYTES = 64,
    TIP_PROBLEM_TEXT_BYTES = 256
};

/** One fault. Texts end in NUL; what did not fit is cut between characters. */
struct tip_problem {
    char file[TIP_PROBLEM_NAME_BYTES];
    size_t row;                          /* From 1; 0: the file as a whole. */
    char column[TIP_PROBLEM_NAME_BYTES]; /* Empty: the row as a whole. */
    char text[TIP_PROBLEM_TEXT_BYTES];   /* One sentence. */
};

/** Caller-allocated plain data; start it as {0}. */
struct tip_problems {
    size_t count; /* All of them, kept or not. */
    struct tip_problem kept[TIP_PROBLEMS_KEPT];
};

/** Where the next faults are. Borrows. */
struct tip_place {
    const char *file;
    size_t row;
    struct tip_bytes column;
};

/** Add a fault at @place; the sentence as in printf. */
__attribute__((format(printf, 3, 4))) void
tip_problems_add(struct tip_problems *problems, struct tip_place place,
                 const char *format, ...);

/** Write "survey.csv, row 12, column relevant: There is no field …". */
void tip_problem_format(const struct tip_problem *problem,
                        struct tip_buf *out_text);

/* For "%.*s": a borrowed text, at most 60 bytes of it. */
#define TIP_SHOWN(bytes_)                                   \
    (int)((bytes_).size < 60 ? (bytes_).size : (size_t)60), \
        (bytes_).size == 0 ? "" : (const char *)(bytes_).data

#endif /* TIP_PROBLEMS_H */
