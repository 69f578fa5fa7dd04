/*
 * The only place that sees inih.
 *
 * Measured traps of libinih 55 as Debian builds it, each with a test: lines
 * over ini_max_line bytes are cut and the rest is read as a line of its own;
 * " ;" inside a value ends it; an indented line continues the value above; the
 * handler is not told the line. So we read the lines ourselves, count them,
 * refuse the long ones, and switch the rest off.
 */
#include <ini.h>
#include <string.h>

#include "tip_conf_internal.h"
#include "tip_utf8.h"

/* A value of 1,000 bytes, its key, and what inih wants to spare. */
enum { LINE_BYTES_MAX = TIP_SPEC_TEXT_BYTES_MAX + 100 };

struct lines {
    struct tip_conf *conf;
    const char *where;
    struct tip_bytes rest;
    int line;
};

/* Cut the next line off, without its end. */
static struct tip_bytes line_take(struct lines *lines)
{
    struct tip_bytes line = lines->rest;
    const uint8_t *end = memchr(line.data, '\n', line.size);

    line.size = end == NULL ? line.size : (size_t)(end - line.data);
    lines->rest.data += line.size + (end == NULL ? 0 : 1);
    lines->rest.size -= line.size + (end == NULL ? 0 : 1);
    if (line.size > 0 && line.data[line.size - 1] == '\r') {
        line.size--;
    }
    lines->line++;
    return line;
}

/* fgets() for inih. Control characters are refused with the rest that is not
 * text: a terminal could show another line than the file has. One we refuse is
 * handed on as an empty one, so that the count stays right and the others are
 * still checked. */
static char *line_read(char *memory, int size, void *stream)
{
    struct lines *lines = stream;
    struct tip_bytes line;

    if (lines->rest.size == 0 || size < 1) {
        return NULL;
    }
    line = line_take(lines);
    if (line.size >= (size_t)size || line.size > LINE_BYTES_MAX) {
        tip_conf_problem(lines->conf, lines->where, lines->line,
                         "the line is longer than %d bytes",
                         (int)LINE_BYTES_MAX);
        line.size = 0;
    } else if (!tip_utf8_valid(line, TIP_UTF8_TAB)) {
        tip_conf_problem(lines->conf, lines->where, lines->line,
                         "the line is not UTF-8 text");
        line.size = 0;
    }
    if (line.size > 0) {
        memcpy(memory, line.data, line.size);
    }
    memory[line.size] = '\0';
    return memory;
}

/* Always "success": problems are noted and the file is read to its end. */
static int line_handle(void *user, const char *section, const char *name,
                       const char *value)
{
    struct lines *lines = user;

    tip_conf_take(lines->conf, lines->where, lines->line, section, name, value);
    return 1;
}

void tip_conf_ini_parse(struct tip_conf *conf, const char *where,
                        struct tip_bytes text)
{
    struct lines lines = {.conf = conf, .where = where, .rest = text};
    int line;

    /* Settings of the process; nobody else uses the library. */
    ini_allow_multiline = false;
    ini_allow_inline_comments = false;
    ini_max_line = LINE_BYTES_MAX + 8;
    line = ini_parse_stream(line_read, &lines, line_handle, &lines);
    if (line > 0) {
        tip_conf_problem(conf, where, line,
                         "neither [section], name = value nor a # comment");
    } else if (line < 0) {
        tip_conf_problem(conf, where, 0, "not enough memory to read it");
    }
}
