#include "tip_problems.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tip_utf8.h"

/* printf cuts at a byte; drop what is left of a cut character. */
static void trim_cut(char *text)
{
    text[tip_utf8_bad_at(tip_bytes_text(text), TIP_UTF8_LINE)] = '\0';
}

void tip_problems_add(struct tip_problems *problems, struct tip_place place,
                      const char *format, ...)
{
    struct tip_problem *problem;
    va_list args;

    problems->count++;
    if (problems->count > TIP_PROBLEMS_KEPT) {
        return;
    }
    problem = &problems->kept[problems->count - 1];
    problem->row = place.row;
    (void)snprintf(problem->file, sizeof problem->file, "%s", place.file);
    (void)snprintf(problem->column, sizeof problem->column, "%.*s",
                   TIP_SHOWN(place.column));
    va_start(args, format);
    /* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): it is started. */
    (void)vsnprintf(problem->text, sizeof problem->text, format, args);
    va_end(args);
    trim_cut(problem->file);
    trim_cut(problem->column);
    trim_cut(problem->text);
}

void tip_problem_format(const struct tip_problem *problem,
                        struct tip_buf *out_text)
{
    char row[32];

    tip_buf_put(out_text, tip_bytes_text(problem->file));
    if (problem->row != 0) {
        (void)snprintf(row, sizeof row, ", row %zu", problem->row);
        tip_buf_put(out_text, tip_bytes_text(row));
    }
    if (problem->column[0] != '\0') {
        tip_buf_put(out_text, tip_bytes_text(", column "));
        tip_buf_put(out_text, tip_bytes_text(problem->column));
    }
    tip_buf_put(out_text, tip_bytes_text(": "));
    tip_buf_put(out_text, tip_bytes_text(problem->text));
}
